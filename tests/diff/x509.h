/*
 * OpenSSL's reading of a certificate, in the words of format go: what lib/ct
 * is held against. Written from ct-event(5) with libcrypto alone.
 */
#ifndef DIFF_X509_H
#define DIFF_X509_H

#include <jansson.h>
#include <openssl/x509v3.h>

#include "base/buf.h"

/*
 * A flat object: "serial_number", "subject.CN", "extensions.keyUsage" and so
 * on, without as_der and parse_error. A member that OpenSSL itself cannot read
 * is {}. submitted is what the fingerprints are of. The caller owns it.
 */
json_t *x509_reading(X509 *, struct span submitted, bool is_precert);

/* Its parts in x509_ext.c: members "extensions.*", and "is_ca". */
void x509_set_extensions(json_t *, X509 *, bool is_precert);

/* The subjectAltName that counts; NULL without one, or with *refused. */
GENERAL_NAMES *x509_alt_names(X509 *, bool *refused);

/* The extensions that events show as text: their keys and OpenSSL's numbers. */
enum { X509_KINDS = 10 };

struct x509_kind {
	const char *key;
	int nid;
};

extern const struct x509_kind x509_kinds[X509_KINDS];

/* Of repeated extensions the last; NULL without any. */
X509_EXTENSION *x509_extension(X509 *, int nid);

/* Appends bytes as text: each that is not UTF-8 becomes U+FFFD. */
void x509_put_text(struct buf *, const unsigned char *, size_t n);

/* What was appended, as a JSON string; empties the buffer. */
json_t *x509_take(struct buf *);

#endif

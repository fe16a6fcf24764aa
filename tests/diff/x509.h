/*
 * OpenSSL's reading of a certificate, in the words of format go: what lib/event
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

/* Those of RFC 6962 3.1 and 3.3, for which OpenSSL has other texts. */
#define OID_SCT_LIST "1.3.6.1.4.1.11129.2.4.2"
#define OID_POISON "1.3.6.1.4.1.11129.2.4.3"

/* Of repeated extensions the last; NULL without any. */
X509_EXTENSION *x509_extension(X509 *, int nid);

/* Appends bytes as text: each that is not UTF-8 becomes U+FFFD. */
void x509_put_text(struct buf *, const unsigned char *, size_t n);

/*
 * Appends a string's text: of the wide types what they say, of the others the
 * bytes. False when OpenSSL cannot; and whether it is of a type that has text.
 */
bool x509_put_string(struct buf *, const ASN1_STRING *);
bool x509_is_text(const ASN1_STRING *);

/* The array has an item equal to this one. */
bool x509_holds(const json_t *array, const json_t *item);

/*
 * Appends to the array, in their order, the common names that look like host
 * names as ct-event(5) has it and are not in it yet; put is x509_put_string or
 * does the same for the other format.
 */
void x509_append_hosts(json_t *array, X509 *, bool (*put)(struct buf *, const ASN1_STRING *));
bool x509_is_host(const json_t *name);

/* What was appended, as a JSON string; empties the buffer. */
json_t *x509_take(struct buf *);

#endif

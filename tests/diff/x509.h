/*
 * Reads a certificate with OpenSSL and shows it as format go does, so that what
 * lib/event writes can be compared with it. This was written from ct-event(5) and
 * uses none of the code that it judges.
 */
#ifndef DIFF_X509_H
#define DIFF_X509_H

#include <jansson.h>
#include <openssl/x509v3.h>

#include "base/buf.h"

/*
 * Returns a flat object, which the caller owns: its members are "serial_number",
 * "subject.CN", "extensions.keyUsage" and so on, without as_der and parse_error. A
 * member that OpenSSL cannot read is {}. The fingerprints are those of submitted.
 */
json_t *x509_reading(X509 *, struct span submitted, bool is_precert);

/* Sets those members of the object that come from extensions: "extensions.*" and "is_ca". */
void x509_set_extensions(json_t *, X509 *, bool is_precert);

/* The extensions that events show as text. */
enum { X509_KINDS = 10 };

struct x509_kind {
	const char *key;	/* as in events */
	int nid;		/* as in OpenSSL */
};

extern const struct x509_kind x509_kinds[X509_KINDS];

/* The extensions of RFC 6962 sections 3.1 and 3.3, which OpenSSL shows differently. */
#define OID_SCT_LIST "1.3.6.1.4.1.11129.2.4.2"
#define OID_POISON "1.3.6.1.4.1.11129.2.4.3"

/* Returns the extension with that number, the last one if it is repeated; NULL when there is none. */
X509_EXTENSION *x509_extension(X509 *, int nid);

/* Appends n bytes as text; each that is not UTF-8 becomes U+FFFD. */
void x509_put_text(struct buf *, const unsigned char *, size_t n);

/*
 * x509_put_string appends a string: the characters of a BMPString or UniversalString,
 * and the bytes of any other, as x509_put_text does. It returns false when OpenSSL
 * cannot convert them. x509_is_text returns true when the string has a type of text.
 */
bool x509_put_string(struct buf *, const ASN1_STRING *);
bool x509_is_text(const ASN1_STRING *);

/* Returns true when the array has an item that equals item. */
bool x509_holds(const json_t *array, const json_t *item);

/*
 * Appends to the array, in their order, the common names that look like host names
 * as ct-event(5) defines it and are not in it yet. put appends the text of one: it
 * is x509_put_string, or does the same for format calidog. x509_is_host returns true
 * when a name, a JSON string, looks like a host name.
 */
void x509_append_hosts(json_t *array, X509 *, bool (*put)(struct buf *, const ASN1_STRING *));
bool x509_is_host(const json_t *name);

/*
 * x509_append_names appends to the array the dNSNames of one subjectAltName, which may be NULL; with once
 * only those that are not in it yet. put appends the text of one, as above. x509_append_all_names appends
 * those of all subjectAltNames except but, which may be NULL, each name once. Both return false when
 * OpenSSL refuses one of the extensions.
 */
bool x509_append_names(json_t *array, X509_EXTENSION *, bool (*put)(struct buf *, const ASN1_STRING *),
    bool once);
bool x509_append_all_names(json_t *array, X509 *, const X509_EXTENSION *but,
    bool (*put)(struct buf *, const ASN1_STRING *));

/*
 * Returns, as a new array, the names that OpenSSL reads: each dNSName of each subjectAltName that it
 * does not refuse, and each common name that looks like a host name.
 */
json_t *x509_every_name(X509 *);

/* Returns what the buffer holds as a JSON string, and empties the buffer. */
json_t *x509_take(struct buf *);

#endif

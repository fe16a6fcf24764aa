/*
 * The names that OpenSSL has for OIDs. Only OIDs that occur in certificates have a
 * name here: types of name attributes, policies and their qualifiers, purposes of
 * keys, and access methods. oid is the contents octets of an OBJECT IDENTIFIER.
 */
#ifndef X509_OID_H
#define X509_OID_H

#include "base/buf.h"

/* Returns the short name of oid, a static string such as "CN", or NULL when it has no name here. */
const char *oid_short(struct span oid);

/*
 * Appends to b the long name of oid, such as "commonName", or its dotted form, such
 * as "2.5.4.3", when it has no name here. `openssl x509 -text` shows long names in
 * extensions and short ones in distinguished names.
 */
void oid_put(struct buf *b, struct span oid);

#endif

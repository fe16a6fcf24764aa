/*
 * The names OpenSSL has for OIDs, of those that stand in certificates: name
 * attributes, policies and their qualifiers, purposes, access methods.
 */
#ifndef X509_OID_H
#define X509_OID_H

#include "base/buf.h"

/* Returns the short name of an OID, such as "CN", or NULL when none is known; oid is its contents. */
const char *oid_short(struct span oid);

/*
 * Appends the long name of an OID, such as "commonName", or its number when none is
 * known. `openssl x509 -text` shows these everywhere but in names.
 */
void oid_put(struct buf *, struct span oid);

#endif

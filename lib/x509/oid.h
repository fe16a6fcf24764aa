/*
 * The names OpenSSL has for OIDs, of those that stand in certificates: name
 * attributes, policies and their qualifiers, purposes, access methods.
 */
#ifndef X509_OID_H
#define X509_OID_H

#include "base/buf.h"

/* "CN", of the contents of an OID; NULL when there is none here. */
const char *oid_short(struct span oid);

/* Appends "commonName", or the number: what `openssl x509 -text` shows but in names. */
void oid_put(struct buf *, struct span oid);

#endif

/*
 * Writes those X.509 extensions that CA certificates and the certificates below
 * them both have (RFC 5280 section 4.2). Each ext_put function appends one Extension.
 */
#ifndef LOG_EXT_H
#define LOG_EXT_H

#include <stdbool.h>

#include "tests/log/der.h"
#include "tests/log/key.h"

/*
 * Begin and end an Extension with this OID, given as "1.2.3", critical or not. What the caller writes
 * between the two becomes its extnValue.
 */
void ext_open(struct der *d, const char *oid, bool critical);
void ext_close(struct der *d);

/* bits16 has bit 0 of KeyUsage as its highest bit, as der_put_named_bits takes it. */
void ext_put_key_usage(struct der *d, unsigned bits16);
/* oids are the count purposes, each as "1.2.3". */
void ext_put_extended_key_usage(struct der *d, const char *const *oids, size_t count);
/* id is the subject key identifier. */
void ext_put_subject_key_id(struct der *d, const unsigned char id[20]);
/* issuer is the key that signs the certificate. */
void ext_put_authority_key_id(struct der *d, const struct key *issuer);
/*
 * slug is the part of the addresses that names the issuer, as in http://SLUG.example/ca.crt. ocsp says
 * that there is an OCSP responder too; number is that of the CRL.
 */
void ext_put_authority_access(struct der *d, const char *slug, bool ocsp);
void ext_put_crl_points(struct der *d, const char *slug, unsigned number);

#endif

/*
 * X.509 extensions that CAs and the certificates they issue have in common
 * (RFC 5280 section 4.2). Each function appends one whole Extension.
 */
#ifndef LOG_EXT_H
#define LOG_EXT_H

#include <stdbool.h>

#include "tests/log/der.h"
#include "tests/log/key.h"

/* Between the two, the value of extnValue is written. */
void ext_open(struct der *, const char *oid, bool critical);
void ext_close(struct der *);

void ext_put_key_usage(struct der *, unsigned bits16);
void ext_put_extended_key_usage(struct der *, const char *const *oids, size_t count);
void ext_put_subject_key_id(struct der *, const unsigned char id[20]);
void ext_put_authority_key_id(struct der *, const struct key *issuer);
/* slug: the issuer's part of the addresses written, as in http://SLUG.example/ca.crt. */
void ext_put_authority_access(struct der *, const char *slug, bool ocsp);
void ext_put_crl_points(struct der *, const char *slug, unsigned number);

#endif

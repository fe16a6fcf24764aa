/*
 * Rendered chain certificates, kept. A few hundred issuers stand behind all
 * entries, so each is read, hashed and written as JSON once and copied from
 * then on (perf: parsing chains anew is more than half of an entry's cost).
 * The store is bounded (memo.h), and its key is the certificate's bytes.
 */
#ifndef EVENT_CHAIN_H
#define EVENT_CHAIN_H

#include "base/buf.h"
#include "event/leaf.h"

struct chain;

struct chain *chain_open(void);
void chain_free(struct chain *);

/* What is kept of an issuer certificate; valid until the next chain_find. */
struct chain_issuer {
	struct span json;	/* the object, with as_der */
	const uint8_t *key_hash;	/* SHA-256 of its SubjectPublicKeyInfo: RFC 6962 3.2 */
	bool signs_precerts;	/* a precertificate signing certificate: RFC 6962 3.1 */
};

struct chain_issuer chain_find(struct chain *, struct leaf *scratch, struct hash *,
    struct span der);

#endif

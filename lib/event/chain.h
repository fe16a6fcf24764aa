/*
 * Keeps chain certificates as JSON. The same few hundred issuers stand behind all
 * entries, so each is read, hashed and written once and copied from then on:
 * reading them anew would be more than half of an entry's cost. The store is
 * bounded (base/memo.h); its key is the certificate's bytes.
 */
#ifndef EVENT_CHAIN_H
#define EVENT_CHAIN_H

#include "base/buf.h"
#include "event/leaf.h"

struct chain;

/* Returns an empty store, which chain_free frees. When memory runs out, the process ends with 111. */
struct chain *chain_open(void);

/* Frees the store; NULL is allowed. */
void chain_free(struct chain *c);

/* What is kept of a chain certificate. The pointers are valid until the next chain_find. */
struct chain_issuer {
	struct span json;	/* its object as an item of chain, complete */
	const uint8_t *key_hash;	/* SHA-256 of its SubjectPublicKeyInfo: RFC 6962 3.2 */
	bool signs_precerts;	/* it is a precertificate signing certificate: RFC 6962 3.1 */
};

/*
 * Returns what is kept of the certificate der. When the store does not have it yet,
 * der is read into scratch, hashed with hash and written as JSON, and the result is
 * kept. scratch->format is the format of the object, and must be the same in all
 * calls. What is too large for the store is made anew by each call.
 */
struct chain_issuer chain_find(struct chain *c, struct leaf *scratch, struct hash *hash,
    struct span der);

#endif

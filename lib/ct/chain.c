/* The store of rendered chain certificates. In: DER. Out: its JSON. See chain.h. */
#include "ct/chain.h"

#include <stdlib.h>

#include "base/die.h"
#include "ct/tbs.h"
#include "enc/b64.h"

enum {
	CHAIN_BYTES = 4 << 20,		/* bounds the store; some 1,000 issuers */
	CHAIN_SLOTS = 4096,		/* a power of two */
	MAX_CHAIN_ITEM = CHAIN_BYTES / 16,	/* larger ones are made anew each time */
};

/* Where an item lies: at is an offset that only grows, modulo CHAIN_BYTES. */
struct chain_slot {
	uint64_t at;
	uint32_t der_n;			/* 0: never used */
	struct chain_issuer issuer;	/* its json lies behind the certificate */
};

struct chain {
	uint64_t head;			/* where the next item goes */
	uint64_t hits, misses;
	struct buf as_der, json;	/* scratch */
	struct chain_issuer large;	/* the last one that was not kept */
	struct chain_slot slot[CHAIN_SLOTS];
	uint8_t bytes[CHAIN_BYTES];
};

struct chain *
chain_open(void)
{
	struct chain *c = malloc(sizeof(*c));

	if (c == NULL)
		die_world("out of memory for the chain store");
	c->head = c->hits = c->misses = 0;
	buf_init(&c->as_der);
	buf_init(&c->json);
	memset(c->slot, 0, sizeof(c->slot));
	return c;
}

void
chain_free(struct chain *c)
{
	if (c == NULL)
		return;
	buf_free(&c->as_der);
	buf_free(&c->json);
	free(c);
}

/* A certificate ends in its signature, which is as good as random. */
static struct chain_slot *
chain_slot(struct chain *c, struct span der)
{
	uint64_t h = der.n * 0x9e3779b97f4a7c15ull, tail;

	if (der.n >= 16) {
		memcpy(&tail, der.p + der.n - 8, 8);
		h ^= tail;
		memcpy(&tail, der.p + der.n - 16, 8);
		h = (h ^ tail) * 0x9e3779b97f4a7c15ull;
	}
	return &c->slot[h >> 52];
}

static bool
chain_holds(const struct chain *c, const struct chain_slot *s, struct span der)
{
	return s->der_n == der.n && der.n > 0 && s->at + CHAIN_BYTES >= c->head &&
	    memcmp(c->bytes + s->at % CHAIN_BYTES, der.p, der.n) == 0;
}

/* Reads a certificate; the object stays in c->json. */
static void
chain_read(struct chain *c, struct leaf *leaf, struct hash *h, struct span der,
    struct chain_issuer *issuer)
{
	buf_reset(&c->as_der);
	buf_reset(&c->json);
	b64_put(&c->as_der, der);
	leaf_parse(leaf, der);
	leaf_put(&c->json, leaf, h, der, buf_span(&c->as_der));
	issuer->json = buf_span(&c->json);
	hash_sha256(h, leaf->cert.public_key, issuer->key_hash);
	issuer->signs_precerts = ext_has(&leaf->ext, EXT_EXTENDED_KEY_USAGE) &&
	    tbs_signs_precerts(leaf->ext.value[EXT_EXTENDED_KEY_USAGE]);
}

/* Moves what was read into the ring; items do not wrap. */
static void
chain_keep(struct chain *c, struct chain_slot *s, struct span der, struct chain_issuer issuer)
{
	size_t need = der.n + issuer.json.n, room = CHAIN_BYTES - c->head % CHAIN_BYTES;
	uint8_t *to;

	if (room < need)
		c->head += room;
	to = c->bytes + c->head % CHAIN_BYTES;
	memcpy(to, der.p, der.n);
	memcpy(to + der.n, issuer.json.p, issuer.json.n);
	issuer.json.p = to + der.n;
	*s = (struct chain_slot){ c->head, (uint32_t)der.n, issuer };
	c->head += need;
}

const struct chain_issuer *
chain_find(struct chain *c, struct leaf *scratch, struct hash *h, struct span der)
{
	struct chain_slot *s = chain_slot(c, der);

	if (chain_holds(c, s, der)) {
		c->hits++;
		return &s->issuer;
	}
	c->misses++;
	chain_read(c, scratch, h, der, &c->large);
	if (der.n == 0 || der.n + c->json.n > MAX_CHAIN_ITEM)
		return &c->large;
	chain_keep(c, s, der, c->large);
	return &s->issuer;
}

void
chain_counts(const struct chain *c, uint64_t *hits, uint64_t *misses)
{
	*hits = c->hits;
	*misses = c->misses;
}

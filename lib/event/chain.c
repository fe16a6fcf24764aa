/*
 * Keeps chain certificates as JSON. In: the DER of a certificate. Out: its object,
 * copied from the store, or written now and then kept.
 */
#include "event/chain.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/memo.h"
#include "ct/tbs.h"

enum {
	CHAIN_BYTES = 4 << 20,		/* bytes kept: some 1,000 issuers */
	CHAIN_ITEMS = 4096,
	CHAIN_KEPT = 1 << 20,		/* bytes of scratch kept after a large certificate */
	CHAIN_HEAD = HASH_SHA256 + 1,	/* what is kept in front of the object: key_hash, signs_precerts */
};

struct chain {
	struct memo *memo;
	struct buf made;	/* what is to be kept of the certificate read last */
};

struct chain *
chain_open(void)
{
	struct chain *c = calloc(1, sizeof(*c));

	if (c == NULL)
		die_world("out of memory for the chain store");
	c->memo = memo_open(CHAIN_BYTES, CHAIN_ITEMS);
	return c;
}

void
chain_free(struct chain *c)
{
	if (c == NULL)
		return;
	memo_free(c->memo);
	buf_free(&c->made);
	free(c);
}

/*
 * Reads the certificate der and leaves in c->made what is to be kept: CHAIN_HEAD bytes, its
 * object.
 */
static void
chain_make(struct chain *c, struct leaf *leaf, struct hash *h, struct span der)
{
	const struct leaf_der as_der = { { NULL, 0 }, der };
	uint8_t head[CHAIN_HEAD];

	leaf_parse(leaf, der);
	hash_sha256(h, leaf->cert.public_key, head);
	head[HASH_SHA256] = ext_has(&leaf->ext, EXT_EXTENDED_KEY_USAGE) &&
	    tbs_signs_precerts(leaf->ext.value[EXT_EXTENDED_KEY_USAGE]);
	buf_trim(&c->made, CHAIN_KEPT);
	buf_put(&c->made, span_of(head, sizeof(head)));
	leaf_put(&c->made, leaf, &as_der);
	leaf_hash(&c->made, &leaf->blank, h, der);
}

struct chain_issuer
chain_find(struct chain *c, struct leaf *scratch, struct hash *h, struct span der)
{
	struct span kept;

	if (!memo_find(c->memo, 0, der, &kept)) {
		chain_make(c, scratch, h, der);
		kept = buf_span(&c->made);
		memo_keep(c->memo, 0, der, kept);
	}
	return (struct chain_issuer){ span_from(kept, CHAIN_HEAD), kept.p, kept.p[HASH_SHA256] != 0 };
}

/*
 * Digests of certificates, filled into their events together. In: where they
 * go, and the certificates. Out: text. Called by event.c for every entry.
 */
#include "ct/blanks.h"

#include <stdlib.h>

#include "base/die.h"
#include "enc/hash_many.h"

enum { BLANKS_LONG = 16 << 10 };	/* bytes of a certificate that is not worth a copy */

struct blanks {
	struct hash_many *many;
	unsigned n;
	struct leaf_blank blank[HASH_MANY];
	size_t length[HASH_MANY];
	struct buf der;		/* the certificates, one behind the other */
};

struct blanks *
blanks_open(struct hash *h)
{
	struct blanks *b = calloc(1, sizeof(*b));

	if (b == NULL)
		die_world("out of memory for certificates that wait");
	b->many = hash_many_open(h);
	return b;
}

void
blanks_free(struct blanks *b)
{
	if (b == NULL)
		return;
	hash_many_free(b->many);
	buf_free(&b->der);
	free(b);
}

void
blanks_add(struct blanks *b, struct buf *out, struct leaf_blank blank, struct span der)
{
	struct hash_pair pair;

	if (der.n > BLANKS_LONG) {
		hash_many(b->many, &der, 1, HASH_BOTH, &pair);
		leaf_fill(out, &blank, &pair);
		return;
	}
	b->blank[b->n] = blank;
	b->length[b->n++] = der.n;
	buf_put(&b->der, der);
	if (b->n == HASH_MANY)
		blanks_fill(b, out);
}

void
blanks_fill(struct blanks *b, struct buf *out)
{
	struct span der[HASH_MANY], rest = buf_span(&b->der);
	struct hash_pair pair[HASH_MANY];
	enum hash_wanted wanted = HASH_ONLY_SHA1;	/* format calidog shows no other */

	for (unsigned i = 0; i < b->n; i++) {
		if (b->blank[i].sha256 > 0)
			wanted = HASH_BOTH;
		der[i] = span_of(rest.p, b->length[i]);
		rest = span_from(rest, b->length[i]);
	}
	hash_many(b->many, der, b->n, wanted, pair);
	for (unsigned i = 0; i < b->n; i++)
		leaf_fill(out, &b->blank[i], &pair[i]);
	b->n = 0;
	buf_reset(&b->der);
}

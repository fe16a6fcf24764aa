/*
 * Fills the digests of many certificates into their events. In: the certificates,
 * and where the blanks for their digests lie. Out: the digests as text in place of
 * the blanks.
 */
#include "event/blanks.h"

#include <stdlib.h>

#include "base/die.h"
#include "enc/hash_many.h"

struct blanks {
	struct hash *hash;
	struct hash_many *many;
	const struct buf *out;	/* the buffer in which the blanks lie, while some wait */
	size_t out_n;		/* bytes in out when the last blank was added */
	unsigned n;		/* blanks that wait */
	struct leaf_blank blank[HASH_MANY];
	size_t length[HASH_MANY];	/* bytes of each certificate in der */
	struct buf der;		/* the certificates, one behind the other */
};

struct blanks *
blanks_open(struct hash *h)
{
	struct blanks *b = calloc(1, sizeof(*b));

	if (b == NULL)
		die_world("out of memory for certificates that wait");
	b->hash = h;
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
blanks_check(const struct blanks *b, const struct buf *out)
{
	if (b->n > 0 && (out != b->out || out->n < b->out_n))
		die_bug("digests wait for a buffer that is gone");
}

void
blanks_add(struct blanks *b, struct buf *out, struct leaf_blank blank, struct span der)
{
	if (der.n > HASH_SHORT) {
		leaf_hash(out, &blank, b->hash, der);
		return;
	}
	blanks_check(b, out);
	b->out = out;
	b->out_n = out->n;
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

	if (b->n == 0)
		return;
	blanks_check(b, out);
	for (unsigned i = 0; i < b->n; i++) {
		der[i] = span_of(rest.p, b->length[i]);
		rest = span_from(rest, b->length[i]);
	}
	hash_many(b->many, der, b->n, leaf_wants(&b->blank[0]), pair);	/* alike for all */
	for (unsigned i = 0; i < b->n; i++)
		leaf_fill(out, &b->blank[i], &pair[i]);
	b->n = 0;
	buf_reset(&b->der);
}

/*
 * Leaf hashes of a page (RFC 6962 2.1).
 *
 * in: the bytes of leaf_input of each entry
 * out: SHA-256(0x00 || leaf_input), for HASH_MANY entries at a time
 */
#include "ct-fetch/log/leaves.h"

void
leaves_init(struct leaves *l, struct hash_many *many, struct buf *text, uint8_t (*out)[TREE_HASH])
{
	l->many = many;
	l->text = text;
	l->n = 0;
	l->out = out;
	buf_reset(text);
}

void
leaves_finish(struct leaves *l)
{
	struct span texts[HASH_MANY];

	for (unsigned i = 0; i < l->n; i++) {
		size_t end = i + 1 < l->n ? l->begin[i + 1] : l->text->n;

		texts[i] = span_of(l->text->p + l->begin[i], end - l->begin[i]);
	}
	tree_leaf_hashes(l->many, texts, l->n, l->out);
	l->out += l->n;
	l->n = 0;
	buf_reset(l->text);
}

struct buf *
leaves_begin(struct leaves *l)
{
	if (l->n == HASH_MANY)
		leaves_finish(l);
	l->begin[l->n++] = l->text->n;
	buf_putc(l->text, 0);
	return l->text;
}

void
leaves_undo(struct leaves *l)
{
	l->n--;
	l->text->n = l->begin[l->n];
}

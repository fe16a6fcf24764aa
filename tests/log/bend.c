/* Bends heads and pages. In: a log, and what is to be untrue. Out: a head, or a range of entries. */
#include "tests/log/bend.h"

#include <string.h>

uint64_t
bend_size(const struct bend *b, const struct log *l)
{
	return b->behind < l->head.size ? l->head.size - b->behind : 0;
}

/* A head that is behind was signed earlier, by about the time that the entries took to come. */
bool
bend_head(const struct bend *b, const struct log *l, struct head *out)
{
	struct key foreign;

	*out = l->head;
	if (b->behind == 0 && b->skew == 0 && !b->foreign_key && !b->bad_signature)
		return false;
	out->size = bend_size(b, l);
	out->timestamp += (uint64_t)b->skew - b->behind;
	tree_root(&l->tree, out->size, out->root);
	if (b->foreign_key) {
		log_init_key(&foreign, l->pki->seed, "foreign");
		head_sign(out, &foreign);
	} else {
		head_sign(out, &l->key);
	}
	if (b->bad_signature)
		out->signature[out->signature_len - 1] ^= 1;
	return true;
}

void
bend_range(const struct bend *b, uint64_t size, struct bend_range *r)
{
	if (b->elsewhere)
		r->first = b->start < size ? b->start : 0;
	r->count += b->more;
	if (b->most > 0 && r->count > b->most)
		r->count = b->most;
	if (b->empty)
		r->count = 0;
	if (r->count > size - r->first)
		r->count = size - r->first;
}

uint64_t
bend_index(const struct bend *b, const struct bend_range *r, uint64_t place)
{
	return r->first + (b->reverse ? r->count - 1 - place : place);
}

enum bend_extra
bend_extra_of(const struct bend *b, uint64_t index)
{
	return index >= b->extra_first && index <= b->extra_last ? b->extra : BEND_EXTRA_WHOLE;
}

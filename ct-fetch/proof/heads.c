/*
 * What a log has signed, compared with itself.
 *
 * in: tree heads with good signatures, and roots made of proven entries
 * out: the largest head, those still ahead of the entries, and two roots for one size (RFC 6962 5.3)
 */
#include "ct-fetch/proof/heads.h"

void
heads_init(struct heads *h)
{
	*h = (struct heads){ 0 };
}

const struct heads_root *
heads_find(const struct heads *h, uint64_t size)
{
	for (unsigned i = 0; i < h->known_n; i++)
		if (h->known[i].size == size)
			return &h->known[i];
	return NULL;
}

void
heads_know(struct heads *h, uint64_t size, const uint8_t root[TREE_HASH])
{
	struct heads_root *r = &h->known[h->known_at];

	if (heads_find(h, size) != NULL)
		return;
	r->size = size;
	memcpy(r->root, root, TREE_HASH);
	h->known_at = (h->known_at + 1) % MAX_HEADS_KNOWN;
	h->known_n += h->known_n < MAX_HEADS_KNOWN;
}

/* Adds a head in order of size; when there is no room, the last but one makes room for it. */
static void
heads_add(struct heads *h, const struct head *head)
{
	unsigned at = h->ahead_n;

	if (head->size <= h->reached)
		return;
	for (unsigned i = 0; i < h->ahead_n; i++)
		if (h->ahead[i].size == head->size)
			return;
	if (h->ahead_n == MAX_HEADS_AHEAD) {
		if (head->size < h->ahead[at - 1].size)
			return;
		at = --h->ahead_n;
	}
	for (; at > 0 && h->ahead[at - 1].size > head->size; at--)
		h->ahead[at] = h->ahead[at - 1];
	h->ahead[at] = *head;
	h->ahead_n++;
}

enum heads_news
heads_take(struct heads *h, const struct head *head, struct heads_root *other)
{
	const struct heads_root *r = heads_find(h, head->size);

	if (r != NULL && memcmp(r->root, head->root, TREE_HASH) != 0) {
		*other = *r;
		return HEADS_FORKED;
	}
	if (h->has_best && head->size == h->best.size && head->timestamp > h->best.timestamp)
		h->best = *head;	/* the same tree, signed again later */
	if (h->has_best && head->size <= h->best.size) {
		if (r == NULL)
			heads_add(h, head);
		heads_know(h, head->size, head->root);
		return HEADS_OLD;
	}
	if (h->has_best && head->size == h->yielded)
		return HEADS_OLD;
	heads_know(h, head->size, head->root);
	h->has_best = true;
	h->best = *head;
	heads_add(h, head);
	return HEADS_LARGER;
}

void
heads_recall(struct heads *h, const struct head *head, uint64_t next)
{
	heads_know(h, head->size, head->root);
	if (head->size > next)
		heads_add(h, head);
}

void
heads_yield(struct heads *h, const struct head *head)
{
	h->yielded = h->best.size;
	h->best = *head;
}

const struct head *
heads_next(const struct heads *h, uint64_t size)
{
	for (unsigned i = 0; i < h->ahead_n; i++)
		if (h->ahead[i].size > size)
			return &h->ahead[i];
	return NULL;
}

const struct head *
heads_older(const struct heads *h)
{
	for (unsigned i = h->ahead_n; i > 0; i--)
		if (h->ahead[i - 1].size < h->best.size)
			return &h->ahead[i - 1];
	return NULL;
}

void
heads_reach(struct heads *h, uint64_t size)
{
	unsigned n = 0;

	h->reached = size > h->reached ? size : h->reached;
	while (n < h->ahead_n && h->ahead[n].size <= size)
		n++;
	h->ahead_n -= n;
	memmove(h->ahead, h->ahead + n, h->ahead_n * sizeof(h->ahead[0]));
}

void
heads_drop(struct heads *h, uint64_t size)
{
	unsigned at = 0;

	while (at < h->ahead_n && h->ahead[at].size != size)
		at++;
	if (at == h->ahead_n)
		return;
	h->ahead_n--;
	memmove(h->ahead + at, h->ahead + at + 1, (h->ahead_n - at) * sizeof(h->ahead[0]));
}

bool
heads_fit(const struct head *head, const struct heads_root *tree)
{
	return head->size == tree->size && memcmp(head->root, tree->root, TREE_HASH) == 0;
}

const struct head *
heads_signed(const struct heads *h, const struct heads_root *tree)
{
	if (h->has_best && heads_fit(&h->best, tree))
		return &h->best;
	for (unsigned i = 0; i < h->ahead_n; i++)
		if (heads_fit(&h->ahead[i], tree))
			return &h->ahead[i];
	return NULL;
}

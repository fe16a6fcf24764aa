/*
 * The last tree of a log that has ended. A log list that calls a log readonly may name the size and
 * the root of the tree that it has ended with.
 *
 * in: ranges of entries that are proven to be in a tree that the log has signed, and its size
 * out: whether the tree of the final size is the one that the list names
 */
#include <stdio.h>

#include "base/tell.h"
#include "ct-fetch/log/log_parts.h"
#include "enc/hex.h"

/* Keeps what the log has signed, and the two roots, as evidence. */
static void
log_ends_wrong(struct log *l, const uint8_t root[TREE_HASH], const struct head *head)
{
	struct buf detail = { 0 };

	buf_putf(&detail, "of size %llu, the list says ", (unsigned long long)l->final_size);
	hex_put(&detail, span_of(l->final_root, TREE_HASH));
	buf_puts(&detail, ", the log ");
	hex_put(&detail, span_of(root, TREE_HASH));
	log_accuse(l, &(struct evidence_incident){
		.kind = "final root differs", .detail = buf_str(&detail), .heads = { head },
	});
	buf_free(&detail);
}

void
log_compare_final(struct log *l, const struct tree *range, const struct head *head)
{
	uint8_t root[TREE_HASH];

	if (range->n != l->final_size)
		return;
	tree_root(range, l->fetch->hash, root);
	if (memcmp(root, l->final_root, TREE_HASH) != 0) {
		log_ends_wrong(l, root, head);
		return;
	}
	tell(TELL_INFO, "%s: ends at %llu, with the tree that the list says", l->source.name,
	    (unsigned long long)range->n);
}

void
log_compare_place(struct log *l, uint64_t next)
{
	char why[MAX_WHY];

	if (next <= l->final_size)
		return;
	snprintf(why, sizeof(why), "its place is %llu, and the list says that it has ended with %llu",
	    (unsigned long long)next, (unsigned long long)l->final_size);
	if (trouble_take(&l->final_trouble, loop_now(l->fetch->loop), "last tree", why))
		tell(TELL_WARNING, "%s: last tree: %s: entries behind that have gone out",
		    l->source.name, why);
}

/* The log lacks entries that it is to have: one error, however often it shows that. */
static void
log_lacks(struct log *l, uint64_t now, const char *why)
{
	char age[MAX_TROUBLE_AGE];
	bool due = trouble_take(&l->final_trouble, now, "last tree", why);

	if (l->final_trouble.row == 1)
		l->errors++;
	tell(due ? TELL_WARNING : TELL_DEBUG, "%s: last tree: %s%s; asking again", l->source.name, why,
	    trouble_age(&l->final_trouble, now, age));
}

void
log_compare_size(struct log *l, uint64_t size)
{
	uint64_t now = loop_now(l->fetch->loop);
	char why[MAX_WHY];

	if (l->final_size == UINT64_MAX)
		return;
	if (size == l->final_size) {
		(void)trouble_end(&l->final_trouble);
		return;
	}
	snprintf(why, sizeof(why), "it has %llu entries, and the list says that it has ended with %llu",
	    (unsigned long long)size, (unsigned long long)l->final_size);
	if (size < l->final_size)
		log_lacks(l, now, why);
	else if (trouble_take(&l->final_trouble, now, "last tree", why))
		tell(TELL_WARNING, "%s: last tree: %s: no more of those behind are fetched",
		    l->source.name, why);
}

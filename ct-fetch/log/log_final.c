/*
 * The last tree of a log that has ended. A log list that calls a log readonly may name the size and
 * the root of the tree that it has ended with.
 *
 * in: ranges of entries that are proven to be in a tree that the log has signed
 * out: whether the tree of the final size is the one that the list names
 */
#include <stdio.h>

#include "base/tell.h"
#include "ct-fetch/log/log_parts.h"
#include "ct-fetch/state/evidence.h"

enum {
	MAX_ROOT = 2 * TREE_HASH + 1,		/* bytes of a root hash in hexadecimal, with NUL */
	MAX_DETAIL = 2 * MAX_ROOT + 64,		/* bytes of what is said about two roots, with NUL */
};

static const char *
log_root_hex(const uint8_t root[TREE_HASH], char hex[MAX_ROOT])
{
	for (unsigned i = 0; i < TREE_HASH; i++)
		snprintf(hex + (size_t)i * 2, 3, "%02x", root[i]);
	return hex;
}

/* Keeps what the log has signed, and the two roots, as evidence. */
static void
log_ends_wrong(struct log *l, const uint8_t root[TREE_HASH], const struct head *head)
{
	char detail[MAX_DETAIL], theirs[MAX_ROOT], ours[MAX_ROOT];

	snprintf(detail, sizeof(detail), "of size %llu, the list says %s, the log %s",
	    (unsigned long long)l->final_size, log_root_hex(l->final_root, theirs),
	    log_root_hex(root, ours));
	l->forked = true;
	l->errors++;
	evidence_keep(l->fetch->evidence, loop_now(l->fetch->loop), &(struct evidence_incident){
		.name = l->source.name, .id = l->source.id, .kind = "final root differs",
		.detail = detail, .heads = { head },
	});
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

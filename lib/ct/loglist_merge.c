/*
 * Several log lists as one, because the same log may stand in Google's list and in Apple's, with
 * different names and states.
 *
 * in: lists that have been read
 * out: one list with each log once
 */
#include "ct/loglist_merge.h"

/*
 * Returns how long the log goes on by what its list says: the larger, the longer. A readonly log
 * goes before another if its final head is known.
 */
static unsigned
loglist_rank(const struct loglist_log *l)
{
	static const unsigned char ranks[] = {
		[LOGLIST_NONE] = 0,
		[LOGLIST_REJECTED] = 1,
		[LOGLIST_RETIRED] = 2,
		[LOGLIST_PENDING] = 3,
		[LOGLIST_READONLY] = 4,
		[LOGLIST_QUALIFIED] = 5,
		[LOGLIST_USABLE] = 6,
	};

	return (l->use != LOGLIST_TEST ? 16U : 0U) + ranks[l->state] * 2U + (l->has_final ? 1U : 0U);
}

static void
loglist_take_state(struct loglist_log *l, const struct loglist_log *from)
{
	l->state = from->state;
	l->state_time = from->state_time;
	l->use = from->use;
	l->has_final = from->has_final;
	l->final_size = from->final_size;
	memcpy(l->final_root, from->final_root, sizeof(l->final_root));
}

static void
loglist_merge_one(struct loglist *list, const struct loglist_log *l)
{
	for (size_t i = 0; i < list->n; i++) {
		struct loglist_log *known = &list->logs[i];

		if (memcmp(known->id, l->id, sizeof(l->id)) != 0)
			continue;
		if (loglist_rank(l) > loglist_rank(known))
			loglist_take_state(known, l);
		return;
	}
	list->logs[list->n++] = *l;
}

void
loglist_merge(struct loglist *list, const struct loglist *const *lists, size_t n)
{
	size_t most = 0;

	*list = (struct loglist){ .version = "" };
	arena_init(&list->arena);
	for (size_t i = 0; i < n; i++)
		most += lists[i]->n;
	list->logs = arena_take(&list->arena, (most + 1) * sizeof(*list->logs));
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < lists[i]->n; k++)
			loglist_merge_one(list, &lists[i]->logs[k]);
}

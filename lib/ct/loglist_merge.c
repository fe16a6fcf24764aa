/*
 * Several log lists as one, because the same log may stand in Google's list and in Apple's, with
 * different names and states.
 *
 * in: lists that have been read
 * out: one list with each log once; or a list with what could not be read, as it was before
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

/* Returns the log of list with this log ID, or NULL. */
static struct loglist_log *
loglist_at(struct loglist *list, const uint8_t id[HASH_SHA256])
{
	const struct loglist_log *log = loglist_find(list, id);

	return log != NULL ? &list->logs[log - list->logs] : NULL;
}

static void
loglist_merge_one(struct loglist *list, const struct loglist_log *l)
{
	struct loglist_log *known = loglist_at(list, l->id);

	if (known == NULL)
		list->logs[list->n++] = *l;
	else if (loglist_rank(l) > loglist_rank(known))
		loglist_take_state(known, l);
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

/* ---- what cannot be read ---- */

static const char *
loglist_copy_text(struct arena *a, const char *s)
{
	size_t n = strlen(s) + 1;

	return memcpy(arena_take(a, n), s, n);
}

/* Adds a copy of l, which belongs to another list. */
static void
loglist_adopt(struct loglist *list, const struct loglist_log *l)
{
	struct arena *a = &list->arena;
	struct loglist_log copy = *l;

	copy.key = span_of(memcpy(arena_take(a, l->key.n), l->key.p, l->key.n), l->key.n);
	copy.description = loglist_copy_text(a, l->description);
	copy.operator = loglist_copy_text(a, l->operator);
	copy.url = loglist_copy_text(a, l->url);
	copy.submission_url = loglist_copy_text(a, l->submission_url);
	list->logs[list->n++] = copy;
}

/* Lets list have one log as it was. Returns false when that is not what it has left out. */
static bool
loglist_keep_one(struct loglist *list, const struct loglist_skip *s, const struct loglist_log *was)
{
	struct loglist_log *now;

	if (was == NULL)
		return false;
	now = loglist_at(list, was->id);
	if (now == NULL)
		loglist_adopt(list, was);	/* in the place of the one left out: there is room */
	else if (s->why == loglist_odd_state || s->why == loglist_odd_final)
		loglist_take_state(now, was);
	else
		return false;
	return true;
}

size_t
loglist_keep(struct loglist *list, const struct loglist *before)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->skipped_n; i++) {
		const struct loglist_skip *s = &list->skipped[i];

		if (!s->placeholder && (loglist_keep_one(list, s, loglist_find(before, s->id)) ||
		    loglist_keep_one(list, s, loglist_find(before, s->key_id))))
			kept++;
	}
	return kept;
}

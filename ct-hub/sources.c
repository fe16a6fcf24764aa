/* Notices logs that come from two producers. In: head records. Out: warnings. */
#include "ct-hub/sources.h"

#include "base/tell.h"

/* Returns the log_id of a head record, in base64, or an empty span when it has none of that length. */
static struct span
sources_log_id(struct span head)
{
	const struct span key = SPAN("\"log_id\":\"");
	const uint8_t *p = memmem(head.p, head.n, key.p, key.n);
	size_t n = sizeof(((struct source *)0)->log_id);

	if (p == NULL || (size_t)(head.p + head.n - p) <= key.n + n || p[key.n + n] != '"')
		return SPAN("");
	return span_of(p + key.n, n);
}

static struct source *
sources_find(struct sources *s, struct span log_id)
{
	for (size_t i = 0; i < s->count; i++)
		if (memcmp(s->logs[i].log_id, log_id.p, log_id.n) == 0)
			return &s->logs[i];
	return NULL;
}

/* Takes note that the log comes from this producer now. Returns true when it has come from it before. */
static bool
sources_change(struct source *log, uint64_t producer)
{
	bool again = false;

	for (size_t i = 0; i < log->count; i++)
		again |= log->before[i] == producer;
	log->count += log->count < SOURCE_BEFORE;
	memmove(log->before + 1, log->before, (log->count - 1) * sizeof(log->before[0]));
	log->before[0] = log->producer;
	log->producer = producer;
	return again;
}

void
sources_put(struct sources *s, struct span head, uint64_t producer)
{
	struct span log_id = sources_log_id(head);
	struct source *log;

	if (log_id.n == 0)
		return;
	log = sources_find(s, log_id);
	if (log == NULL && s->count < MAX_SOURCES) {
		log = &s->logs[s->count++];
		*log = (struct source){ .producer = producer };
		memcpy(log->log_id, log_id.p, log_id.n);
	}
	if (log == NULL || log->producer == producer)
		return;
	if (!sources_change(log, producer) || log->told)
		return;
	tell(TELL_WARNING, "the log %.*s comes from two producers; its entries come twice. "
	    "Give each ct-fetch logs of its own, with --log or --shard", (int)log_id.n,
	    (const char *)log_id.p);
	log->told = true;
}

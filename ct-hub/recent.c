/* In: every event that passes the hub. Out: the newest ones. hub.c calls it. */
#include "ct-hub/recent.h"

void
recent_init(struct recent *k, unsigned most)
{
	*k = (struct recent){ .most = most };
	buf_init(&k->lines);
}

void
recent_free(struct recent *k)
{
	buf_free(&k->lines);
}

static void
recent_drop_oldest(struct recent *k)
{
	const uint8_t *oldest = k->lines.p + k->from;
	const uint8_t *end = memchr(oldest, '\n', k->lines.n - k->from);

	k->from += (size_t)(end - oldest) + 1;
	k->count--;
}

void
recent_put(struct recent *k, struct span line)
{
	if (k->most == 0)
		return;
	while (k->count == k->most ||
	    (k->count > 0 && k->lines.n - k->from + line.n > MAX_KEEP_BYTES))
		recent_drop_oldest(k);
	/* Moved to the front only when at least as much is dropped as is kept. */
	if (k->from >= k->lines.n - k->from) {
		buf_drop(&k->lines, k->from);
		k->from = 0;
	}
	buf_put(&k->lines, line);
	k->count++;
}

struct span
recent_lines(const struct recent *k)
{
	return k->lines.n == 0 ? SPAN("") : span_from(buf_span(&k->lines), k->from);
}

/*
 * Keeps the newest events. In: the events that the hub publishes. Out: the newest of them, in
 * one span.
 */
#include "ct-hub/recent.h"

void
recent_init(struct recent *r, unsigned most)
{
	*r = (struct recent){ .most = most };
	buf_init(&r->lines);
}

void
recent_free(struct recent *r)
{
	buf_free(&r->lines);
}

static void
recent_drop_oldest(struct recent *r)
{
	const uint8_t *oldest = r->lines.p + r->from;
	const uint8_t *end = memchr(oldest, '\n', r->lines.n - r->from);

	r->from += (size_t)(end - oldest) + 1;
	r->count--;
}

void
recent_put(struct recent *r, struct span line)
{
	if (r->most == 0)
		return;
	while (r->count == r->most ||
	    (r->count > 0 && r->lines.n - r->from + line.n > MAX_KEEP_BYTES))
		recent_drop_oldest(r);
	/* The kept events move to the front only when that frees at least as much as it moves. */
	if (r->from >= r->lines.n - r->from) {
		buf_drop(&r->lines, r->from);
		r->from = 0;
	}
	buf_put(&r->lines, line);
	r->count++;
}

struct span
recent_lines(const struct recent *r)
{
	return r->lines.n == 0 ? SPAN("") : span_from(buf_span(&r->lines), r->from);
}

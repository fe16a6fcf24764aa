/*
 * Reads from an event where it comes from.
 *
 * in: the line of an event, of format go or calidog
 * out: the kind of its entry, its log, and the time of the log
 *
 * In a string of JSON each quote has a backslash before it. So the bytes "source":{ are
 * never part of a text in a certificate, however hostile.
 */
#include "ct-ws/site/seen.h"

#include "base/digits.h"

/* Bytes at the front (format calidog) or the end (format go) within which update_type stands. */
enum { SEEN_KIND = 128 };

static enum seen_kind
seen_kind(struct span end)
{
	struct span key = SPAN("\"update_type\":");
	const uint8_t *at = memmem(end.p, end.n, key.p, key.n);

	if (at == NULL)
		return SEEN_NONE;
	end = span_from(end, (size_t)(at - end.p) + key.n);
	return span_starts(end, SPAN("\"PrecertLogEntry\"")) ? SEEN_PRECERT :
	    span_starts(end, SPAN("\"X509LogEntry\"")) ? SEEN_REGULAR : SEEN_NONE;
}

/* Returns the object that is the value of the last "source" in s, with what follows; or nothing. */
static struct span
seen_source(struct span s)
{
	struct span key = SPAN("\"source\":");
	const uint8_t *brace;
	size_t n = s.n;

	while (n > key.n && (brace = memrchr(s.p, '{', n)) != NULL) {
		n = (size_t)(brace - s.p);
		if (n >= key.n && memcmp(brace - key.n, key.p, key.n) == 0)
			return span_from(s, n);
	}
	return SPAN("");
}

/* Reads a number of seconds, with decimals or without, as ms. Returns 0 for what is none. */
static uint64_t
seen_ms(struct span text)
{
	uint64_t ms = 0;
	unsigned decimals = 0;
	bool behind_point = false;

	for (size_t i = 0; i < text.n && i < 17 && decimals < 3; i++) {
		if (text.p[i] == '.' && !behind_point)
			behind_point = true;
		else if (!digits_has(span_from(text, i)))
			return 0;
		else {
			ms = ms * 10 + (uint64_t)(text.p[i] - '0');
			decimals += behind_point;
		}
	}
	for (; decimals < 3; decimals++)
		ms *= 10;
	return ms;
}

void
seen_find(struct span event, struct seen *seen)
{
	struct span end = event.n > MAX_SEEN_END ? span_from(event, event.n - MAX_SEEN_END) : event;
	struct span value, last = event.n > SEEN_KIND ? span_from(event, event.n - SEEN_KIND) : event;
	struct json_str key;
	struct json j;
	bool has_url = false, has_name = false;

	*seen = (struct seen){ .kind = seen_kind(last) };
	if (seen->kind == SEEN_NONE)
		seen->kind = seen_kind(span_of(event.p, event.n < SEEN_KIND ? event.n : SEEN_KIND));
	json_init(&j, seen_source(end));
	json_enter(&j);
	while (json_key(&j, &key)) {
		if (json_is(key, "name") && json_peek(&j) == JSON_STRING)
			has_name = json_take_string(&j, &seen->name);
		else if (json_is(key, "url") && json_peek(&j) == JSON_STRING)
			has_url = json_take_string(&j, &seen->url);
		else if (json_is(key, "type") && json_peek(&j) == JSON_STRING)
			json_take_string(&j, &seen->type);
		else if (json_skip(&j, &value) && json_is(key, "timestamp"))
			seen->timestamp = seen_ms(value);
	}
	seen->has_source = j.why == NULL && has_url && has_name;
}

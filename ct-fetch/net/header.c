/*
 * The fields of an HTTP answer that matter to ct-fetch.
 *
 * in: the lines of the head of an answer (RFC 9112 5)
 * out: values without the blanks around them
 */
#include "ct-fetch/net/header.h"

#include <strings.h>

void
header_reset(struct header *h)
{
	h->retry_after[0] = h->etag[0] = h->location[0] = '\0';
	h->coding = BODY_PLAIN;
}

/* Points *value to the value of the field `name`, if line is that field. */
static bool
header_value(struct span line, const char *name, struct span *value)
{
	size_t n = strlen(name);

	if (line.n <= n || line.p[n] != ':' ||
	    strncasecmp((const char *)line.p, name, n) != 0)
		return false;
	line = span_from(line, n + 1);
	while (line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t'))
		line = span_from(line, 1);
	while (line.n > 0 && line.p[line.n - 1] <= ' ')
		line.n--;
	*value = line;
	return true;
}

/* Copies value with a NUL behind it into the most bytes at out, unless it is too long. */
static void
header_keep(char *out, size_t most, struct span value)
{
	if (value.n >= most)
		return;
	memcpy(out, value.p, value.n);
	out[value.n] = '\0';
}

/* Returns true when value can be sent back: a CR in it could begin another field. */
static bool
header_is_clean(struct span value)
{
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] < ' ' || value.p[i] == 0x7f)
			return false;
	return true;
}

void
header_put(struct header *h, struct span line)
{
	struct span value;

	if (span_starts(line, SPAN("HTTP/")))
		header_reset(h);
	else if (header_value(line, "retry-after", &value))
		header_keep(h->retry_after, sizeof(h->retry_after), value);
	else if (header_value(line, "etag", &value) && header_is_clean(value))
		header_keep(h->etag, sizeof(h->etag), value);
	else if (header_value(line, "location", &value))
		header_keep(h->location, sizeof(h->location), value);
	else if (header_value(line, "content-encoding", &value))
		h->coding = body_coding(value);
}

/*
 * Reads the small pieces of HTTP fields.
 *
 * in: the value of a field, or a part of it
 * out: tokens, and members of lists
 * standard: RFC 9110 section 5.6
 */
#include "enc/token.h"

#include <strings.h>

bool
token_is(struct span s)
{
	static const char others[] = "!#$%&'*+-.^_`|~";

	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.p[i];

		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		    (c != 0 && strchr(others, c) != NULL)))
			return false;
	}
	return s.n > 0;
}

bool
token_eq(struct span s, const char *text)
{
	return s.n == strlen(text) && strncasecmp((const char *)s.p, text, s.n) == 0;
}

struct span
token_trim(struct span s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = span_from(s, 1);
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

struct span
token_cut(struct span *s, char c)
{
	const uint8_t *at = s->n > 0 ? memchr(s->p, c, s->n) : NULL;
	struct span before = *s;

	if (at != NULL)
		before.n = (size_t)(at - s->p);
	*s = span_from(*s, at != NULL ? before.n + 1 : s->n);
	return before;
}

bool
token_list_has_tag(struct span list, struct span tag)
{
	while (list.n > 0) {
		struct span one = token_trim(token_cut(&list, ','));

		if (span_starts(one, SPAN("W/")))
			one = span_from(one, 2);
		if (span_eq(one, tag))
			return true;
	}
	return false;
}

bool
token_list_has(struct span list, const char *name)
{
	while (list.n > 0)
		if (token_eq(token_trim(token_cut(&list, ',')), name))
			return true;
	return false;
}

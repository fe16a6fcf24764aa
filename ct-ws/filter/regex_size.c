/*
 * Measures regular expressions.
 *
 * in: a pattern
 * out: whether it might take too long to compile
 */
#include "ct-ws/filter/regex_size.h"

#include <stdlib.h>

/* Measures a pattern: how many characters it names, counted as often as it repeats them. */
struct regex_size {
	struct span rest;
	uint64_t most;				/* of any sum */
	uint64_t sums[MAX_REGEX_GROUPS + 1];	/* of each open group */
	size_t depth;
	uint64_t last;				/* the size of what a {n} behind it would repeat */
	const char *why;			/* what is wrong, or NULL */
};

/* Takes a class, [...], whose bracket has been taken. */
static void
regex_size_class(struct regex_size *z)
{
	size_t i = 0;

	if (i < z->rest.n && z->rest.p[i] == '^')
		i++;
	if (i < z->rest.n && z->rest.p[i] == ']')
		i++;
	while (i < z->rest.n && z->rest.p[i] != ']')
		i += z->rest.p[i] == '\\' ? 2 : 1;
	z->rest = span_from(z->rest, i < z->rest.n ? i + 1 : z->rest.n);
	z->last = 1;
}

/* Takes {n}, {n,} or {n,m} whose brace has been taken; anything else is characters. */
static void
regex_size_repeat(struct regex_size *z)
{
	unsigned long low, high;
	char text[16] = "", *end;
	size_t n = z->rest.n < sizeof(text) - 1 ? z->rest.n : sizeof(text) - 1;

	memcpy(text, z->rest.p, n);
	if (text[0] < '0' || text[0] > '9')
		return;
	low = high = strtoul(text, &end, 10);
	if (*end == ',')
		high = strtoul(end + 1, &end, 10);
	if (low > z->most || high > z->most)
		z->why = "it repeats something too often";
	z->rest = span_from(z->rest, (size_t)(end - text) + (*end == '}'));
	z->sums[z->depth] -= z->last;
	z->last *= high > low ? high : low;
	z->sums[z->depth] += z->last;
}

static void
regex_size_group(struct regex_size *z)
{
	if (z->depth == MAX_REGEX_GROUPS) {
		z->why = "too many parentheses inside each other";
		return;
	}
	z->sums[++z->depth] = 0;
	z->last = 0;
	/* A comment and free spacing would be read in another way than the library does. */
	for (size_t i = 1; i < z->rest.n && z->rest.p[0] == '?'; i++) {
		uint8_t c = z->rest.p[i];

		if (c == '#' || c == 'x')
			z->why = "comments and free spacing are not supported";
		if ((c < 'a' || c > 'z') && c != '-' && c != '#')
			break;
	}
}

static void
regex_size_next(struct regex_size *z)
{
	uint8_t c = z->rest.p[0];

	z->rest = span_from(z->rest, 1);
	if (c == '[') {
		regex_size_class(z);
		z->sums[z->depth]++;
	} else if (c == '(') {
		regex_size_group(z);
	} else if (c == ')' && z->depth > 0) {
		z->last = z->sums[z->depth--];
		z->sums[z->depth] += z->last;
	} else if (c == '{') {
		regex_size_repeat(z);
	} else {
		if (c == '\\' && z->rest.n > 0) {
			if (z->rest.p[0] == 'Q')
				z->why = "\\Q is not supported";
			z->rest = span_from(z->rest, 1);
		}
		if (c == '*' || c == '+' || c == '?')
			return;
		z->last = 1;
		z->sums[z->depth]++;
	}
	if (z->sums[z->depth] > z->most)
		z->why = "it is too large: it repeats too much";
}

const char *
regex_size_wrong(struct span pattern, bool utf8)
{
	struct regex_size z = { .rest = pattern };

	z.most = pattern.n + (utf8 ? MAX_REGEX_MORE_UTF8 : MAX_REGEX_MORE);
	while (z.rest.n > 0 && z.why == NULL)
		regex_size_next(&z);
	return z.why;
}

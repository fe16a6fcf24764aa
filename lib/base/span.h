/*
 * A span is a run of bytes that belongs to somebody else: it is valid as long
 * as the memory that it points into. In an empty span, p may be anything, also
 * NULL.
 */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
	const uint8_t *p;	/* the first byte */
	size_t n;		/* how many there are */
};

/* Makes a span of a string constant, without its NUL. */
#define SPAN(literal) ((struct span){ (const uint8_t *)(literal), sizeof(literal) - 1 })

/* Returns the n bytes at p as a span. */
static inline struct span
span_of(const void *p, size_t n)
{
	return (struct span){ p, n };
}

/* Returns the characters of the C string s, without the NUL, as a span. */
static inline struct span
span_str(const char *s)
{
	return (struct span){ (const uint8_t *)s, strlen(s) };
}

/* Returns true when a and b are the same bytes. */
static inline bool
span_eq(struct span a, struct span b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Returns true when s begins with prefix; an empty prefix begins every span. */
static inline bool
span_starts(struct span s, struct span prefix)
{
	return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

/* Returns s without its first n bytes; n must not exceed s.n. */
static inline struct span
span_from(struct span s, size_t n)
{
	return (struct span){ n > 0 ? s.p + n : s.p, s.n - n };
}

/*
 * Takes the first line off the front of *lines: *line is its bytes without the LF that ends it, and
 * *lines is then what follows that LF. Returns false, and changes neither, when no LF is left.
 */
static inline bool
span_line(struct span *lines, struct span *line)
{
	const uint8_t *lf = lines->n == 0 ? NULL : memchr(lines->p, '\n', lines->n);

	if (lf == NULL)
		return false;
	*line = span_of(lines->p, (size_t)(lf - lines->p));
	*lines = span_from(*lines, line->n + 1);
	return true;
}

/*
 * Compares a and b byte by byte, as memcmp does; where one begins with the
 * other, the shorter is less. Returns a number that is less than, equal to or
 * greater than 0 when a is less than, equal to or greater than b.
 */
static inline int
span_cmp(struct span a, struct span b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

/* Returns what is left of lines behind the first count of them, or behind all when they are fewer. */
static inline struct span
span_behind_lines(struct span lines, uint64_t count)
{
	struct span line;

	while (count-- > 0 && span_line(&lines, &line))
		;
	return lines;
}

#endif

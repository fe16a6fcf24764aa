/*
 * Measures regular expressions.
 *
 * in: a pattern
 * out: whether it might take too long to compile
 *
 * A pattern is read as hyperscan reads it, and where that is not certain, it counts more or is refused.
 */
#include "ct-ws/filter/regex_size.h"

enum {
	REGEX_SIZE_HUGE = 1 << 20,	/* stands for all larger numbers */
	/* What these count in UTF-8, where each becomes several sequences of bytes. */
	REGEX_SIZE_WIDE = 3,		/* ., and all but some characters, as [^a] and \W */
	REGEX_SIZE_BLANK = 9,		/* \h, \H, \v and \V, lists of characters */
};

/* Measures a pattern. */
struct regex_size {
	struct span all, rest;
	bool utf8;
	uint64_t most;				/* of any sum */
	uint64_t sums[MAX_REGEX_GROUPS + 1];	/* of each open group */
	size_t depth;
	uint64_t last;				/* the size of what a {n} behind it would repeat */
	size_t at;				/* where what is taken begins, in bytes */
	struct buf *why;
	bool wrong;
};

/* Where a class, [...], is being read. */
struct regex_class {
	uint64_t size;		/* of the characters and ranges beyond ASCII */
	enum { CLASS_OTHER, CLASS_CHARACTER, CLASS_DASH } before;	/* whether a range may end here */
};

/* Says that the first n bytes at the place, or none of them for 0, are wrong in the way of the text. */
static void
regex_size_refuse(struct regex_size *z, size_t n, const char *text)
{
	size_t characters = 0;

	if (z->wrong)
		return;
	for (size_t i = 0; i <= z->at; i++)
		characters += (z->all.p[i] & 0xc0) != 0x80;
	buf_put(z->why, span_of(z->all.p + z->at, n));
	buf_putf(z->why, "%sat character %zu %s", n > 0 ? " " : "", characters, text);
	z->wrong = true;
}

static bool
regex_size_skip(struct regex_size *z, uint8_t c)
{
	if (z->rest.n == 0 || z->rest.p[0] != c)
		return false;
	z->rest = span_from(z->rest, 1);
	return true;
}

/* Takes {...} of a character or property by number or name; what is in it is for the library to judge. */
static void
regex_size_braces(struct regex_size *z)
{
	if (!regex_size_skip(z, '{'))
		return;
	while (z->rest.n > 0 && !regex_size_skip(z, '}'))
		z->rest = span_from(z->rest, 1);
}

/* Takes what is behind a backslash. Returns its size in UTF-8, or 0 where it is ASCII. */
static uint64_t
regex_size_escape(struct regex_size *z)
{
	uint8_t c = z->rest.n > 0 ? z->rest.p[0] : 0;

	z->rest = span_from(z->rest, z->rest.n > 0);
	switch (c) {
	case 'Q':
	case 'E':
	case 'c':
		regex_size_refuse(z, 2, "is not supported");
		return 0;
	case 'p':
	case 'P':
		if (z->utf8)
			regex_size_refuse(z, 2, "is not supported in a pattern with characters beyond ASCII");
		regex_size_braces(z);
		return 1;
	case 'x':
	case 'o':
		regex_size_braces(z);
		return REGEX_SIZE_WIDE;
	case 'h':
	case 'H':
	case 'v':
	case 'V':
		return REGEX_SIZE_BLANK;
	default:
		return c == 'W' || c == 'D' || c == 'S' ? REGEX_SIZE_WIDE : 0;
	}
}

/* Takes [:name:], whose bracket has been taken, where there is one. */
static bool
regex_size_posix(struct regex_size *z)
{
	size_t end = 0;

	while (end < z->rest.n && z->rest.p[end] != ']')
		end++;
	if (end == z->rest.n || end < 2 || z->rest.p[0] != ':' || z->rest.p[end - 1] != ':')
		return false;
	z->rest = span_from(z->rest, end + 1);
	return true;
}

/* Takes the rest of a character, whose first byte c has been taken. Returns how many bytes it has. */
static uint64_t
regex_size_character(struct regex_size *z, uint8_t c)
{
	uint64_t bytes = 1;

	for (; c >= 0x80 && z->rest.n > 0 && (z->rest.p[0] & 0xc0) == 0x80; bytes++)
		z->rest = span_from(z->rest, 1);
	return bytes;
}

/* Takes the next part of a class. */
static void
regex_size_member(struct regex_size *z, struct regex_class *k)
{
	bool hex = span_starts(z->rest, SPAN("\\x{"));
	uint8_t c = z->rest.p[0];
	uint64_t size = 0;

	z->at = z->all.n - z->rest.n;
	z->rest = span_from(z->rest, 1);
	if (c >= 0x80)
		size = regex_size_character(z, c);
	else if (c == '\\')
		size = regex_size_escape(z);
	else if (c == '[')
		size = regex_size_posix(z) ? REGEX_SIZE_WIDE : 0;
	if (c < 0x80 && !hex) {
		k->size += size;
		k->before = c == '-' && k->before == CLASS_CHARACTER ? CLASS_DASH : CLASS_OTHER;
	} else if (k->before == CLASS_DASH) {
		k->size++;
		k->before = CLASS_OTHER;
	} else {
		k->size += size;
		k->before = CLASS_CHARACTER;
	}
}

/* Takes a class whose bracket has been taken. Returns its size. */
static uint64_t
regex_size_class(struct regex_size *z)
{
	uint64_t least = regex_size_skip(z, '^') ? REGEX_SIZE_WIDE : 1;
	struct regex_class k = { 0 };

	regex_size_skip(z, ']');
	while (!z->wrong && z->rest.n > 0 && !regex_size_skip(z, ']'))
		regex_size_member(z, &k);
	return !z->utf8 ? 1 : k.size > least ? k.size : least;
}

/* Takes digits from *s. Returns whether there are any, and their number. */
static bool
regex_size_number(struct span *s, uint64_t *number)
{
	size_t i = 0;

	*number = 0;
	for (; i < s->n && s->p[i] >= '0' && s->p[i] <= '9'; i++)
		*number = *number < REGEX_SIZE_HUGE ? *number * 10 + (s->p[i] - '0') : REGEX_SIZE_HUGE;
	*s = span_from(*s, i);
	return i > 0;
}

/* Takes {n}, {n,} or {n,m} whose brace has been taken. Returns false for anything else: it is characters. */
static bool
regex_size_repeat(struct regex_size *z)
{
	struct span s = z->rest;
	uint64_t low, high = 0;

	if (!regex_size_number(&s, &low))
		return false;
	if (s.n > 0 && s.p[0] == ',') {
		s = span_from(s, 1);
		regex_size_number(&s, &high);
	}
	if (s.n == 0 || s.p[0] != '}')
		return false;
	z->rest = span_from(s, 1);
	high = high > low ? high : low;
	z->sums[z->depth] -= z->last;
	z->last *= high > 0 ? high : 1;		/* {0,} is as large as a star */
	z->sums[z->depth] += z->last;
	return true;
}

/* Takes what is behind the parenthesis that begins a group. */
static void
regex_size_group(struct regex_size *z)
{
	size_t i = 1;

	if (z->rest.n > 0 && z->rest.p[0] == '*') {
		regex_size_refuse(z, 2, "is not supported");
		return;
	}
	/* A comment and free spacing would be read in another way than the library does. */
	for (; i < z->rest.n && z->rest.p[0] == '?'; i++) {
		uint8_t c = z->rest.p[i];

		if (c == '#' || c == 'x')
			regex_size_refuse(z, 2, "is not supported with # or x, which are for comments");
		if ((c < 'a' || c > 'z') && c != '-')
			break;
	}
	/* (?i) is no group: what {n} behind it would repeat stands before it. */
	if (i > 1 && i < z->rest.n && z->rest.p[i] == ')') {
		z->rest = span_from(z->rest, i + 1);
		return;
	}
	if (z->depth == MAX_REGEX_GROUPS) {
		regex_size_refuse(z, 0, "there are too many parentheses inside each other");
		return;
	}
	z->sums[++z->depth] = 0;
	z->last = 0;
}

/* Takes the next part that is no group. Returns its size, 0 for what changes the part before it. */
static uint64_t
regex_size_part(struct regex_size *z, uint8_t c)
{
	uint64_t size;

	if (c == '[')
		return regex_size_class(z);
	if (c == '*' || c == '+' || c == '?' || (c == '{' && regex_size_repeat(z)))
		return 0;
	if (c == '\\')
		size = regex_size_escape(z);
	else
		size = c == '.' ? REGEX_SIZE_WIDE : regex_size_character(z, c);
	return z->utf8 && size > 0 ? size : 1;
}

static void
regex_size_next(struct regex_size *z)
{
	uint8_t c = z->rest.p[0];
	uint64_t size;

	z->at = z->all.n - z->rest.n;
	z->rest = span_from(z->rest, 1);
	if (c == '(') {
		regex_size_group(z);
	} else if (c == ')' && z->depth > 0) {
		z->last = z->sums[z->depth--];
		z->sums[z->depth] += z->last;
	} else if ((size = regex_size_part(z, c)) > 0) {
		z->last = size;
		z->sums[z->depth] += size;
	}
	if (z->sums[z->depth] > z->most)
		regex_size_refuse(z, 0, "it becomes too large: too much is repeated");
}

bool
regex_size_check(struct span pattern, bool utf8, struct buf *why)
{
	struct regex_size z = { .all = pattern, .rest = pattern, .utf8 = utf8, .why = why };

	z.most = pattern.n + (utf8 ? MAX_REGEX_MORE_UTF8 : MAX_REGEX_MORE);
	while (z.rest.n > 0 && !z.wrong)
		regex_size_next(&z);
	return !z.wrong;
}

/*
 * Checks the values of a filter.
 *
 * in: a value as a client gave it, decoded
 * out: the value in the one spelling in which it is kept, or what is wrong with it and where
 * standard: RFC 1035 section 2.3.4 (lengths of names), RFC 5890 (A-labels)
 */
#include "ct-ws/filter/filter_value.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"
#include "ct-ws/filter/regex.h"
#include "ct-ws/filter/spelling.h"
#include "enc/lower.h"

enum {
	FILTER_SHOWN = 60,	/* characters of a value in a reason */
	MAX_FILTER_NAME = 253,	/* characters of a name */
	MAX_FILTER_LABEL = 63,
};

void
filter_put_text(struct buf *why, struct span text)
{
	for (unsigned n = 0; text.n > 0; n++) {
		unsigned k = utf8_length(text);

		if (n == FILTER_SHOWN) {
			buf_puts(why, "...");
			return;
		}
		if (k == 0 || text.p[0] < 0x20 || text.p[0] == 0x7f ||
		    (k == 2 && text.p[0] == 0xc2 && text.p[1] < 0xa0)) {
			buf_putf(why, "\\x%02x", (unsigned)text.p[0]);
			k = 1;
			if (text.p[0] == 0xc2 && text.n > 1 && text.p[1] >= 0x80 && text.p[1] < 0xa0) {
				buf_putf(why, "\\x%02x", (unsigned)text.p[1]);
				k = 2;
			}
		} else {
			buf_put(why, span_of(text.p, k));
		}
		text = span_from(text, k);
	}
}

bool
filter_wrong(struct buf *why, const char *key, struct span value, const char *fmt, ...)
{
	char words[200];
	va_list args;

	buf_puts(why, key);
	buf_putc(why, '=');
	filter_put_text(why, value);
	buf_puts(why, ": ");
	va_start(args, fmt);
	vsnprintf(words, sizeof(words), fmt, args);
	va_end(args);
	buf_puts(why, words);
	return false;
}

/* What no value of any kind may have. */
static bool
filter_check(enum filter_kind kind, struct span value, struct buf *why)
{
	const char *key = filter_word(kind);
	struct span rest = value;
	unsigned k;

	if (value.n == 0)
		return filter_wrong(why, key, value, "nothing is named");
	if (value.n > MAX_FILTER_VALUE)
		return filter_wrong(why, key, value, "longer than %d bytes", MAX_FILTER_VALUE);
	for (unsigned at = 1; rest.n > 0; at++, rest = span_from(rest, k)) {
		k = utf8_length(rest);
		if (k == 0)
			return filter_wrong(why, key, value, "not UTF-8 at character %u", at);
		if (rest.p[0] < 0x20 || rest.p[0] == 0x7f)
			return filter_wrong(why, key, value, "a control character at character %u",
			    at);
	}
	return true;
}

/* Says that the character c, number at of the value, does not belong there. */
static bool
filter_wrong_char(struct buf *why, struct span value, uint32_t c, unsigned at)
{
	const char *key = filter_word(FILTER_DOMAIN);

	if (c == ' ')
		return filter_wrong(why, key, value, "a space at character %u", at);
	if (c == '*')
		return filter_wrong(why, key, value,
		    "a * at character %u; it may only be the first label, as in *.example.org", at);
	if (c == '.')
		return filter_wrong(why, key, value, "an empty label at character %u", at);
	return filter_wrong(why, key, value, "a %c at character %u", (int)c, at);
}

static bool
filter_is_of_name(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c >= 0x80;
}

/* Checks the characters of a name in lower case, which begin at character at of the value. */
static bool
filter_check_name(struct span value, struct span name, unsigned at, struct buf *why)
{
	uint32_t c, before = '.';

	for (; name.n > 0; at++, before = c) {
		c = lower_take(&name);
		if (c == '.' ? before == '.' : !filter_is_of_name(c))
			return filter_wrong_char(why, value, c, at);
	}
	if (before == '.')
		return filter_wrong_char(why, value, '.', at);
	return true;
}

/* Checks the lengths of a name with A-labels. */
static bool
filter_check_lengths(struct span value, struct span name, struct buf *why)
{
	const char *key = filter_word(FILTER_DOMAIN);
	size_t length = 0;

	if (name.n > MAX_FILTER_NAME)
		return filter_wrong(why, key, value, "a name longer than %d characters",
		    MAX_FILTER_NAME);
	for (size_t i = 0; i < name.n; i++) {
		length = name.p[i] == '.' ? 0 : length + 1;
		if (length > MAX_FILTER_LABEL)
			return filter_wrong(why, key, value, "a label longer than %d characters",
			    MAX_FILTER_LABEL);
	}
	return true;
}

/* Appends a domain as it is kept, with its NUL. */
static bool
filter_put_domain(struct buf *b, struct span value, struct buf *why)
{
	struct spelling s;
	struct buf lower;
	struct span name;
	bool below, good;

	buf_init(&lower);
	spelling_init(&s);
	spelling_put(&lower, value);
	name = buf_span(&lower);
	below = span_starts(name, SPAN("*."));
	name = span_from(name, below ? 2 : 0);
	if (name.n > 1 && name.p[name.n - 1] == '.')
		name.n--;
	spelling_set(&s, name);
	good = filter_check_name(value, name, below ? 3 : 1, why) &&
	    filter_check_lengths(value, spelling_a(&s), why);
	if (good) {
		buf_puts(b, below ? "*." : "");
		buf_put(b, spelling_a(&s));
	}
	spelling_free(&s);
	buf_free(&lower);
	return good;
}

static bool
filter_put_regex(struct buf *b, struct span value, struct buf *why)
{
	struct buf reason;
	bool good;

	buf_init(&reason);
	good = regex_check(value, &reason);
	if (good)
		buf_put(b, value);
	else
		filter_wrong(why, filter_word(FILTER_REGEX), value, "%s", buf_str(&reason));
	buf_free(&reason);
	return good;
}

static size_t
filter_count(const struct buf *values)
{
	size_t count = 0;

	for (size_t i = 0; i < values->n; i++)
		count += values->p[i] == '\0';
	return count;
}

/* Says when f has more than it may have of anything; the newest value is the last of kind. */
static bool
filter_check_room(const struct filter *f, enum filter_kind kind, struct span value, struct buf *why)
{
	size_t bytes = 0, count = 0;

	for (unsigned k = 0; k < FILTER_KINDS; k++) {
		bytes += f->values[k].n;
		count += filter_count(&f->values[k]);
	}
	if (count > MAX_FILTER_VALUES)
		return filter_wrong(why, filter_word(kind), value,
		    "a filter may have %d values, and this is one more", MAX_FILTER_VALUES);
	if (bytes > MAX_FILTER_BYTES)
		return filter_wrong(why, filter_word(kind), value,
		    "the values of a filter may have %d bytes, and this is more", MAX_FILTER_BYTES);
	if (filter_count(&f->values[FILTER_REGEX]) > MAX_FILTER_REGEXES)
		return filter_wrong(why, filter_word(kind), value,
		    "a filter may have %d regexes, and this is one more", MAX_FILTER_REGEXES);
	return true;
}

bool
filter_add(struct filter *f, enum filter_kind kind, struct span value, struct buf *why)
{
	struct buf *b = &f->values[kind];
	bool good = true;

	if (!filter_check(kind, value, why))
		return false;
	if (kind == FILTER_DOMAIN)
		good = filter_put_domain(b, value, why);
	else if (kind == FILTER_REGEX)
		good = filter_put_regex(b, value, why);
	else
		spelling_put(b, value);
	if (!good)
		return false;
	buf_putc(b, '\0');
	return filter_check_room(f, kind, value, why);
}

bool
filter_add_precert(unsigned *wanted, struct span word, struct buf *why)
{
	bool one = span_eq(word, SPAN("1"));

	if (!one && !span_eq(word, SPAN("0")))
		return filter_wrong(why, "precert", word, "neither 0 nor 1");
	*wanted |= one ? 2 : 1;
	return true;
}

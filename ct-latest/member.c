/*
 * Members of JSON objects.
 *
 * in: records of the bus
 * out: numbers and texts
 */
#include "ct-latest/member.h"

#include <stdlib.h>

enum { MEMBER_DIGITS = 40 };	/* characters of a number, more than any of ours has */

#define MEMBER_MOST 1e18	/* fits 64 bits */

bool
member_find(struct span object, const char *name, struct json *j)
{
	struct json_str key;

	json_init(j, object);
	json_enter(j);
	while (json_key(j, &key)) {
		if (json_is(key, name))
			return true;
		json_skip(j, NULL);
	}
	return false;
}

double
member_number(struct span object, const char *name, double otherwise)
{
	char copy[MEMBER_DIGITS];
	struct json j;
	struct span text;
	double value;

	if (!member_find(object, name, &j) || json_peek(&j) != JSON_NUMBER || !json_skip(&j, &text) ||
	    text.n >= sizeof(copy))
		return otherwise;
	memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	value = strtod(copy, NULL);
	return value >= 0 && value < MEMBER_MOST ? value : otherwise;
}

uint64_t
member_count(struct span object, const char *name)
{
	return (uint64_t)member_number(object, name, 0);
}

bool
member_string(struct span object, const char *name, struct json_str *s)
{
	struct json j;

	return member_find(object, name, &j) && json_peek(&j) == JSON_STRING && json_take_string(&j, s);
}

void
member_put_text(struct buf *out, struct span object, const char *name)
{
	struct json_str s;

	if (member_string(object, name, &s) && !json_unescape(out, s))
		buf_put(out, s.raw);
}

bool
member_is(struct span object, const char *name, const char *text)
{
	struct json_str s;

	return member_string(object, name, &s) && json_is(s, text);
}

/*
 * A pull reader of JSON (RFC 8259) over one text in memory. It neither allocates
 * nor recurses, whatever the text.
 *
 * Reading: json_init, then walk.
 *	json_enter(&j);				into an object or an array
 *	while (json_key(&j, &key))		each member of an object
 *		json_take_string(&j, &s) or json_u64(&j, &n) or json_skip(&j, &all);
 *	while (json_item(&j)) ...		each item of an array
 * Every value must be taken (or skipped) before the next key or item. What
 * does not fit makes the call return false and sets j.why, which stays set:
 * all later calls return false too, so one check at the end is enough.
 */
#ifndef ENC_JSON_H
#define ENC_JSON_H

#include "base/buf.h"

struct json {
	const uint8_t *p;	/* the next byte not looked at */
	const uint8_t *end;
	const char *why;	/* NULL, or what is wrong at p */
	bool fresh;		/* just entered: no comma wanted */
};

enum json_type {
	JSON_END,	/* nothing left, or j.why is set */
	JSON_OBJECT,
	JSON_ARRAY,
	JSON_STRING,
	JSON_NUMBER,
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL,
};

/* A string as it stands between its quotes; escaped: it holds a backslash. */
struct json_str {
	struct span raw;
	bool escaped;
};

void json_init(struct json *, struct span text);

/* The type of the value that comes next, without taking it. */
enum json_type json_peek(struct json *);

bool json_enter(struct json *);
bool json_key(struct json *, struct json_str *key);	/* false at '}' (taken) or when wrong */
bool json_item(struct json *);				/* false at ']' (taken) or when wrong */

bool json_take_string(struct json *, struct json_str *);	/* jansson has a json_string */

/*
 * The same for base64 of kilobytes, whose characters the decoder checks: only
 * backslashes and the end are looked for, controls are not.
 */
bool json_take_base64(struct json *, struct json_str *);

bool json_u64(struct json *, uint64_t *);	/* an integer without sign, fraction or exponent */

/* Any one value, whole, with the text it stands in; all may be NULL. */
bool json_skip(struct json *, struct span *all);

/* True when only white space is left and nothing was wrong. */
bool json_done(struct json *);

/* The same for a string that holds escapes. */
bool json_is_unescaped(struct json_str, struct span text);

/* The string's characters are exactly these. */
static inline bool
json_is(struct json_str s, const char *text)
{
	return s.escaped ? json_is_unescaped(s, span_str(text)) : span_eq(s.raw, span_str(text));
}

/* Bytes of the escape whose backslash is at p; 0 when it is none. */
size_t json_escape_length(const uint8_t *p, const uint8_t *end);

/*
 * Appends the string with its escapes undone, as UTF-8. A lone surrogate
 * becomes U+FFFD. False, with nothing appended, for an escape that is none.
 */
bool json_unescape(struct buf *, struct json_str);

#endif

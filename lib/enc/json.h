/*
 * A pull reader of JSON (RFC 8259) over one text in memory. It neither allocates
 * nor calls itself, whatever the text.
 *
 * The caller starts with json_init and takes one value after the other:
 *	json_enter(&j);				goes into an object or an array
 *	while (json_key(&j, &key))		each member of an object, then
 *		json_take_string(&j, &s) or json_u64(&j, &n) or json_skip(&j, &all);
 *	while (json_item(&j))			each item of an array, then
 *		...its value
 * Each value must be taken before the next key or item is asked for.
 *
 * A call that finds something else than it wants sets j.why and returns false.
 * From then on every call returns false, so one check of j.why (or json_done) at
 * the end is enough.
 */
#ifndef ENC_JSON_H
#define ENC_JSON_H

#include "base/buf.h"

struct json {
	const uint8_t *p;	/* the next byte to be read */
	const uint8_t *end;	/* behind the last */
	const char *why;	/* NULL, or a static string that says what is wrong at p */
	bool fresh;		/* no member or item was taken yet, so no comma comes before the next */
};

enum json_type {
	JSON_END,	/* no value comes next, or j.why is set */
	JSON_OBJECT,
	JSON_ARRAY,
	JSON_STRING,
	JSON_NUMBER,
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL,
};

/* A string as it stands in the text. */
struct json_str {
	struct span raw;	/* what is between the quotes; valid as long as the text */
	bool escaped;		/* raw holds escapes, so json_unescape makes other bytes of it */
};

/* Starts to read text, which must stay where it is meanwhile. */
void json_init(struct json *, struct span text);

/* Returns the type of the value that comes next, by its first character, without taking it. */
enum json_type json_peek(struct json *);

/* Goes into the object or array that comes next. Returns true, or false with j.why set. */
bool json_enter(struct json *);

/*
 * Take the key of the next member, or get ready for the next item. Return true
 * when there is one. Return false behind the last, with the closing mark taken
 * too, and when j.why was set: check which, where it matters.
 */
bool json_key(struct json *, struct json_str *key);
bool json_item(struct json *);

/* Takes the string that comes next. Returns true with *s set, or false with j.why set. */
bool json_take_string(struct json *, struct json_str *s);

/*
 * Takes a string of kilobytes whose characters a base64 decoder is going to
 * check anyway. It is like json_take_string, but faster, because it accepts
 * control characters.
 */
bool json_take_base64(struct json *, struct json_str *s);

/* Takes a number that is whole, not negative and below 2^64. Returns true, or false with j.why set. */
bool json_u64(struct json *, uint64_t *value);

/*
 * Takes any one value and checks it to its end, at most 512 levels deep. *all
 * becomes the text of it; all may be NULL. Returns true, or false with j.why set.
 */
bool json_skip(struct json *, struct span *all);

/* Returns true when only white space is left and j.why is not set. */
bool json_done(struct json *);

/* Does what json_is says for strings with escapes. Allocates while it runs. */
bool json_is_unescaped(struct json_str, struct span text);

/* Returns true when the characters that s means are those of text. */
static inline bool
json_is(struct json_str s, const char *text)
{
	return s.escaped ? json_is_unescaped(s, span_str(text)) : span_eq(s.raw, span_str(text));
}

/* Returns the bytes that the escape at p takes, with its backslash; 0 when it is not valid. */
size_t json_escape_length(const uint8_t *p, const uint8_t *end);

/*
 * Appends the characters that the string means, as UTF-8, with U+FFFD for a
 * surrogate that has no partner. Returns true, or false with the buffer as it
 * was when an escape is not valid.
 */
bool json_unescape(struct buf *, struct json_str);

#endif

/*
 * A pull reader of JSON (RFC 8259) over one text in memory. Reading allocates
 * nothing, and no function calls itself, whatever the text.
 *
 * The caller starts with json_init and takes one value after the other:
 *	json_enter(&j);				goes into an object or an array
 *	while (json_key(&j, &key))		each member of an object, then
 *		json_take_string(&j, &s) or json_u64(&j, &n) or json_skip(&j, &all);
 *	while (json_item(&j))			each item of an array, then
 *		...its value
 * Each value must be taken before the next key or item is asked for.
 *
 * A call that does not find what it is to take sets j.why and returns false. From
 * then on every call returns false, so one check of j.why (or json_done) at the
 * end is enough. Whatever else a call sets is undefined when it returns false.
 */
#ifndef ENC_JSON_H
#define ENC_JSON_H

#include "base/buf.h"

struct json {
	const uint8_t *p;	/* the next byte to be read */
	const uint8_t *end;	/* behind the last byte of the text */
	const char *why;	/* NULL, or a static reason: what is wrong at p */
	bool fresh;		/* just inside an object or array: no comma before the next */
};

enum json_type {
	JSON_END,	/* the text ends, the next byte begins no value, or j.why is set */
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
	bool escaped;		/* raw holds escapes; json_unescape gives the characters */
};

/* Starts to read text, which must stay where it is as long as j is used. */
void json_init(struct json *j, struct span text);

/* Returns the type of the value that comes next, by its first character, without taking it. */
enum json_type json_peek(struct json *j);

/* Goes into the object or array that comes next. Returns true, or false with j.why set. */
bool json_enter(struct json *j);

/*
 * json_key takes the key of the next member of an object and sets *key; json_item
 * moves to the next item of an array. The value comes next then. Both return true
 * when there is a next one. They return false with j.why NULL behind the last,
 * when they have taken the closing mark, and false with j.why set on an error.
 */
bool json_key(struct json *j, struct json_str *key);
bool json_item(struct json *j);

/* Takes the string that comes next. Returns true with *s set, or false with j.why set. */
bool json_take_string(struct json *j, struct json_str *s);

/*
 * Takes the string that comes next, as json_take_string does, but faster for long
 * ones: if it has no escapes, control characters in it are accepted. The base64
 * decoder that reads such a string refuses them.
 */
bool json_take_base64(struct json *j, struct json_str *s);

/*
 * Takes the number that comes next, which must be whole, not negative and below
 * 2^64. Returns true with *value set, or false with j.why set.
 */
bool json_u64(struct json *j, uint64_t *value);

/*
 * Takes the value that comes next, of any type, and checks that it is valid JSON
 * of at most 512 levels. Returns true with *all, unless all is NULL, set to the
 * text of the value; or false with j.why set.
 */
bool json_skip(struct json *j, struct span *all);

/* Returns true when only white space is left and j.why is not set. */
bool json_done(struct json *j);

/* The part of json_is for strings with escapes; it allocates memory while it runs. */
bool json_is_unescaped(struct json_str s, struct span text);

/* Returns true when s, with its escapes undone, is the C string text. */
static inline bool
json_is(struct json_str s, const char *text)
{
	return s.escaped ? json_is_unescaped(s, span_str(text)) : span_eq(s.raw, span_str(text));
}

/*
 * Returns how many bytes the escape takes whose backslash is at p, 2 or 6, or 0
 * when it is not valid or goes on behind end.
 */
size_t json_escape_length(const uint8_t *p, const uint8_t *end);

/*
 * Appends the characters of s to b, with its escapes undone: as UTF-8, with U+FFFD
 * for an escaped surrogate that is not part of a pair. Returns true, or false with
 * b unchanged when an escape is not valid.
 */
bool json_unescape(struct buf *b, struct json_str s);

/* Returns the first escape in s of a surrogate that is not part of a pair, or an empty span. */
struct span json_surrogate(struct json_str s);

#endif

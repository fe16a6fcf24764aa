/*
 * The pull reader of JSON (RFC 8259). In: a text, not trusted. Out: its values,
 * strings as spans of the text.
 */
#include "enc/json.h"

#include "base/digits.h"
#include "enc/block.h"

enum { MAX_DEPTH = 512 };	/* levels of a value that is skipped; bounds hostile nesting */

void
json_init(struct json *j, struct span text)
{
	*j = (struct json){ text.p, text.n > 0 ? text.p + text.n : text.p, NULL, false };
}

static bool
json_wrong(struct json *j, const char *why)
{
	if (j->why == NULL)
		j->why = why;
	return false;
}

/* Skips white space. Returns the next byte, not taken, or -1 at the end and when why is set. */
static inline int
json_space(struct json *j)
{
	while (j->p < j->end && *j->p <= ' ' &&
	    (*j->p == ' ' || *j->p == '\n' || *j->p == '\t' || *j->p == '\r'))
		j->p++;
	return j->why == NULL && j->p < j->end ? *j->p : -1;
}

enum json_type
json_peek(struct json *j)
{
	switch (json_space(j)) {
	case '{':
		return JSON_OBJECT;
	case '[':
		return JSON_ARRAY;
	case '"':
		return JSON_STRING;
	case 't':
		return JSON_TRUE;
	case 'f':
		return JSON_FALSE;
	case 'n':
		return JSON_NULL;
	case '-':
	case '0': case '1': case '2': case '3': case '4':
	case '5': case '6': case '7': case '8': case '9':
		return JSON_NUMBER;
	}
	return JSON_END;
}

bool
json_enter(struct json *j)
{
	int c = json_space(j);

	if (c != '{' && c != '[')
		return json_wrong(j, "RFC 8259 4: an object or array is expected");
	j->p++;
	j->fresh = true;
	return true;
}

/*
 * Takes what stands before a member or item: nothing or a comma. Returns true, or false when it took
 * the closing mark instead, or when why was set.
 */
static bool
json_more(struct json *j, int closing)
{
	int c = json_space(j);

	if (c == closing) {
		j->p++;
		j->fresh = false;
		return false;
	}
	if (!j->fresh) {
		if (c != ',')
			return json_wrong(j, "RFC 8259 2: a comma is missing");
		j->p++;
		if (json_space(j) == closing)
			return json_wrong(j, "RFC 8259 2: a comma before the end");
	}
	j->fresh = false;
	return true;
}

bool
json_item(struct json *j)
{
	return json_more(j, ']');
}

bool
json_key(struct json *j, struct json_str *key)
{
	if (!json_more(j, '}') || !json_take_string(j, key))
		return false;
	if (json_space(j) != ':')
		return json_wrong(j, "RFC 8259 4: a colon is missing");
	j->p++;
	return true;
}

/* Returns the first byte from p on that is a quote, a backslash or below 0x20; end when there is none. */
static const uint8_t *
json_plain(const uint8_t *p, const uint8_t *end)
{
	unsigned bits = 0;

	while (end - p >= BLOCK && (bits = block_bits(block_marks(block_of(p)))) == 0)
		p += BLOCK;
	if (end - p < BLOCK)	/* the zero bytes that fill the block up are below 0x20 too */
		bits = block_bits(block_marks(block_of_part(p, (size_t)(end - p))));
	return p + block_first(bits);
}

/* Takes the string whose opening quote is at p. */
static bool
json_rest_of_string(struct json *j, struct json_str *s)
{
	const uint8_t *from = j->p + 1, *p = from;
	bool escaped = false;
	size_t n;

	while ((p = json_plain(p, j->end)) < j->end && *p == '\\') {
		n = json_escape_length(p, j->end);
		if (n == 0)
			return json_wrong(j, "RFC 8259 7: an invalid escape in a string");
		escaped = true;
		p += n;
	}
	if (p >= j->end)
		return json_wrong(j, "RFC 8259 7: a string does not end");
	if (*p != '"')
		return json_wrong(j, "RFC 8259 7: a control character in a string");
	*s = (struct json_str){ span_of(from, (size_t)(p - from)), escaped };
	j->p = p + 1;
	return true;
}

bool
json_take_string(struct json *j, struct json_str *s)
{
	return json_space(j) == '"' ? json_rest_of_string(j, s) :
	    json_wrong(j, "RFC 8259 7: a string is expected");
}

bool
json_take_base64(struct json *j, struct json_str *s)
{
	const uint8_t *from, *quote;

	if (json_space(j) != '"')
		return json_wrong(j, "RFC 8259 7: a string is expected");
	from = j->p + 1;
	quote = from < j->end ? memchr(from, '"', (size_t)(j->end - from)) : NULL;
	if (quote == NULL || memchr(from, '\\', (size_t)(quote - from)) != NULL)
		return json_take_string(j, s);
	*s = (struct json_str){ span_of(from, (size_t)(quote - from)), false };
	j->p = quote + 1;
	return true;
}

/* The text that is left, from p on. */
static struct span
json_rest(const struct json *j)
{
	return span_of(j->p, (size_t)(j->end - j->p));
}

bool
json_u64(struct json *j, uint64_t *v)
{
	int c = json_space(j);
	struct span rest = json_rest(j);
	uint64_t x;

	if (!digits_has(rest))
		return json_wrong(j, "RFC 8259 6: a whole number is expected");
	if (c == '0' && digits_has(span_from(rest, 1)))
		return json_wrong(j, "RFC 8259 6: a number begins with 0");
	if (!digits_take(&rest, &x))
		return json_wrong(j, "RFC 8259 6: a number does not fit into 64 bits");
	j->p = rest.p;
	if (rest.n > 0 && (*rest.p == '.' || *rest.p == 'e' || *rest.p == 'E'))
		return json_wrong(j, "RFC 8259 6: a whole number is expected");
	*v = x;
	return true;
}

static bool
json_digits(struct json *j)
{
	struct span rest = json_rest(j);
	bool any = digits_has(rest);

	digits_skip(&rest);
	j->p = rest.p;
	return any || json_wrong(j, "RFC 8259 6: a digit is missing");
}

static bool
json_number(struct json *j)
{
	if (*j->p == '-')
		j->p++;
	if (j->p < j->end && *j->p == '0')
		j->p++;
	else if (!json_digits(j))
		return false;
	if (j->p < j->end && *j->p == '.') {
		j->p++;
		if (!json_digits(j))
			return false;
	}
	if (j->p < j->end && (*j->p | 0x20) == 'e') {
		j->p++;
		if (j->p < j->end && (*j->p == '+' || *j->p == '-'))
			j->p++;
		return json_digits(j);
	}
	return true;
}

static bool
json_word(struct json *j, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(j->end - j->p) < n || memcmp(j->p, word, n) != 0)
		return json_wrong(j, "RFC 8259 3: a word other than true, false and null");
	j->p += n;
	return true;
}

/* Takes a value that is not an object or array. */
static bool
json_scalar(struct json *j)
{
	struct json_str s;

	switch (json_peek(j)) {
	case JSON_STRING:
		return json_take_string(j, &s);
	case JSON_NUMBER:
		return json_number(j);
	case JSON_TRUE:
		return json_word(j, "true");
	case JSON_FALSE:
		return json_word(j, "false");
	case JSON_NULL:
		return json_word(j, "null");
	default:
		return json_wrong(j, "RFC 8259 3: a value is missing");
	}
}

/* Takes the rest of the object or array whose opening mark was taken last. */
static bool
json_skip_nested(struct json *j, bool object)
{
	bool is_object[MAX_DEPTH];
	unsigned depth = 0;
	struct json_str key;
	enum json_type type;

	is_object[0] = object;
	for (;;) {
		if (is_object[depth] ? !json_key(j, &key) : !json_item(j)) {
			if (j->why != NULL)
				return false;
			if (depth-- == 0)
				return true;
			continue;
		}
		type = json_peek(j);
		if (type != JSON_OBJECT && type != JSON_ARRAY) {
			if (!json_scalar(j))
				return false;
			continue;
		}
		if (++depth == MAX_DEPTH)
			return json_wrong(j, "RFC 8259 9: nested too deep");
		is_object[depth] = type == JSON_OBJECT;
		json_enter(j);
	}
}

bool
json_skip(struct json *j, struct span *all)
{
	int c = json_space(j);
	const uint8_t *from = j->p;
	struct json_str ignored;
	bool ok;

	if (c == '"')
		ok = json_rest_of_string(j, &ignored);
	else if (c == '{' || c == '[')
		ok = json_enter(j) && json_skip_nested(j, c == '{');
	else
		ok = json_scalar(j);
	if (ok && all != NULL)
		*all = span_of(from, (size_t)(j->p - from));
	return ok;
}

bool
json_done(struct json *j)
{
	return json_space(j) < 0 && j->why == NULL;
}

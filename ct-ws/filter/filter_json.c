/*
 * Filters in a message of a client.
 *
 * in: {"subscribe":{...}}
 * out: a filter, or what is wrong
 * standard: RFC 8259
 */
#include "ct-ws/filter/filter_value.h"
#include "enc/json.h"

/* A message being read. */
struct filter_message {
	struct filter *filter;
	unsigned wanted;	/* what precert has named, as filter_add_precert sets it */
	struct json json;
	struct buf text;	/* a string of the message, its escapes undone */
	struct buf *why;
};

/* Says what is wrong with a member: `what` stands before its key, and reason behind it. */
static bool
filter_refuse(struct filter_message *m, const char *what, struct span key, const char *reason)
{
	buf_puts(m->why, what);
	buf_puts(m->why, " \"");
	filter_put_text(m->why, key);
	buf_puts(m->why, "\"");
	buf_puts(m->why, reason);
	return false;
}

/* Sets m->text to the characters of s. Where s is broken, they are what stands in the message. */
static struct span
filter_text(struct filter_message *m, struct json_str s)
{
	buf_reset(&m->text);
	if (!s.escaped || !json_unescape(&m->text, s))
		buf_put(&m->text, s.raw);
	return buf_span(&m->text);
}

static bool
filter_read_string(struct filter_message *m, enum filter_kind kind)
{
	struct json_str s;
	struct span half;

	if (json_peek(&m->json) != JSON_STRING && m->json.why == NULL)
		return filter_refuse(m, "the value of", span_str(filter_word(kind)),
		    " must be a string or an array of strings");
	if (!json_take_string(&m->json, &s))
		return false;
	half = json_surrogate(s);
	if (half.n > 0)
		return filter_wrong(m->why, filter_word(kind), s.raw,
		    "%.*s is half of a surrogate pair, and no character", (int)half.n, (const char *)half.p);
	return filter_add(m->filter, kind, filter_text(m, s), m->why);
}

static bool
filter_read_strings(struct filter_message *m, enum filter_kind kind)
{
	bool some = false;

	if (json_peek(&m->json) != JSON_ARRAY)
		return filter_read_string(m, kind);
	json_enter(&m->json);
	for (; json_item(&m->json); some = true)
		if (!filter_read_string(m, kind))
			return false;
	if (!some && m->json.why == NULL)
		return filter_refuse(m, "the value of", span_str(filter_word(kind)),
		    " must not be empty; leave the key out to want any");
	return m->json.why == NULL;
}

static bool
filter_read_precert(struct filter_message *m)
{
	enum json_type type = json_peek(&m->json);

	if (type != JSON_TRUE && type != JSON_FALSE && m->json.why == NULL)
		return filter_refuse(m, "the value of", SPAN("precert"), " must be true or false");
	m->wanted |= type == JSON_TRUE ? 2 : 1;
	return json_skip(&m->json, NULL);
}

/* Reads the object subscribe. */
static bool
filter_read_kinds(struct filter_message *m)
{
	struct json_str key;
	unsigned kind;
	bool good;

	if (json_peek(&m->json) != JSON_OBJECT && m->json.why == NULL)
		return filter_refuse(m, "the value of", SPAN("subscribe"), " must be an object");
	json_enter(&m->json);
	while (json_key(&m->json, &key)) {
		kind = 0;
		while (kind < FILTER_KINDS && !json_is(key, filter_word((enum filter_kind)kind)))
			kind++;
		if (kind < FILTER_KINDS)
			good = filter_read_strings(m, (enum filter_kind)kind);
		else if (json_is(key, "precert"))
			good = filter_read_precert(m);
		else
			good = filter_refuse(m, "subscribe has the unknown key",
			    filter_text(m, key), "");
		if (!good)
			return false;
	}
	return m->json.why == NULL;
}

/* Reads the whole message. Returns false where JSON is broken, or where m->why says what is wrong. */
static bool
filter_read(struct filter_message *m)
{
	struct json_str key;
	bool some = false;

	if (json_peek(&m->json) != JSON_OBJECT && m->json.why == NULL) {
		buf_puts(m->why, "a message must be an object: {\"subscribe\":{...}}");
		return false;
	}
	json_enter(&m->json);
	for (; json_key(&m->json, &key); some = true) {
		if (!json_is(key, "subscribe"))
			return filter_refuse(m, "the message has the unknown key",
			    filter_text(m, key), "");
		if (some)
			return filter_refuse(m, "the message has", SPAN("subscribe"), " twice");
		if (!filter_read_kinds(m))
			return false;
	}
	if (!some && m->json.why == NULL) {
		buf_puts(m->why, "the message has no key \"subscribe\"");
		return false;
	}
	return json_done(&m->json);
}

bool
filter_parse_json(struct filter *f, struct span text, struct buf *why)
{
	struct filter_message m = { .filter = f, .why = why };
	size_t before = why->n;
	bool good;

	filter_init(f);
	json_init(&m.json, text);
	good = filter_read(&m);
	buf_free(&m.text);
	if (good) {
		filter_end(f, m.wanted);
		return true;
	}
	filter_free(f);
	if (why->n == before)
		buf_putf(why, "not JSON at byte %zu: %s", (size_t)(m.json.p - text.p) + 1,
		    m.json.why != NULL ? m.json.why : "more than one value");
	return false;
}

/*
 * Lines of raw entries. In: one line of JSON from anywhere. Out: where its
 * values lie. RFC 6962 4.6 and ct-entry(5). Called by ct-parse for every line.
 */
#include "ct/raw.h"

void
raw_open(struct raw_line *l, struct span line)
{
	json_init(&l->json, line);
	l->list = false;
	l->ended = false;
}

/* A string member, or whatever else stands there, which then counts as not said. */
static void
raw_string(struct json *j, struct json_str *out)
{
	if (json_peek(j) == JSON_STRING)
		json_take_string(j, out);
	else
		json_skip(j, NULL);
}

static void
raw_base64(struct json *j, struct json_str *out)
{
	if (json_peek(j) == JSON_STRING)
		json_take_base64(j, out);
	else
		json_skip(j, NULL);
}

static void
raw_source(struct json *j, struct raw *r)
{
	const uint8_t *from;
	struct json_str key;

	if (json_peek(j) != JSON_OBJECT) {
		json_skip(j, NULL);
		return;
	}
	from = j->p;
	json_enter(j);
	while (json_key(j, &key)) {
		if (json_is(key, "name"))
			raw_string(j, &r->name);
		else if (json_is(key, "url"))
			raw_string(j, &r->url);
		else if (json_is(key, "type"))
			raw_string(j, &r->type);
		else if (json_is(key, "log_id"))
			raw_string(j, &r->log_id);
		else
			json_skip(j, NULL);
	}
	r->source = span_of(from, (size_t)(j->p - from));
}

static void
raw_index(struct json *j, struct raw *r)
{
	struct span all;
	struct json copy;

	if (!json_skip(j, &all))
		return;
	json_init(&copy, all);
	r->has_index = json_u64(&copy, &r->index);
}

/* One member of an entry object. */
static void
raw_member(struct json *j, struct json_str key, struct raw *r)
{
	if (json_is(key, "leaf_input"))
		raw_base64(j, &r->leaf_input);
	else if (json_is(key, "extra_data"))
		raw_base64(j, &r->extra_data);
	else if (json_is(key, "source"))
		raw_source(j, r);
	else if (json_is(key, "index"))
		raw_index(j, r);
	else if (json_is(key, "seen") && json_peek(j) == JSON_NUMBER)
		json_skip(j, &r->seen);
	else
		json_skip(j, NULL);
}

static bool
raw_wrong(struct raw_line *l, const char *why, const char **out)
{
	l->ended = true;
	*out = why;
	return false;
}

/* The members of the object just entered; stops inside an "entries" array. */
static bool
raw_members(struct raw_line *l, struct raw *r, bool top, const char **why)
{
	struct json *j = &l->json;
	struct json_str key;

	memset(r, 0, sizeof(*r));
	while (json_key(j, &key)) {
		if (top && json_is(key, "entries") && json_peek(j) == JSON_ARRAY) {
			json_enter(j);
			l->list = true;
			return true;
		}
		raw_member(j, key, r);
	}
	if (j->why != NULL)
		return raw_wrong(l, j->why, why);
	if (r->leaf_input.raw.p == NULL || r->extra_data.raw.p == NULL)
		return raw_wrong(l, "RFC 6962 4.6: no leaf_input and extra_data in the object", why);
	return true;
}

/* Behind the array: what else the response holds must still be JSON. */
static bool
raw_close(struct raw_line *l, const char **why)
{
	struct json *j = &l->json;
	struct json_str key;

	while (j->why == NULL && json_key(j, &key))
		json_skip(j, NULL);
	l->ended = true;
	if (j->why == NULL && !json_done(j))
		j->why = "RFC 8259 2: text behind the object";
	*why = j->why;
	return false;
}

bool
raw_next(struct raw_line *l, struct raw *r, const char **why)
{
	*why = NULL;
	if (l->ended)
		return false;
	if (!l->list) {
		if (json_peek(&l->json) != JSON_OBJECT)
			return raw_wrong(l, "RFC 8259 4: the line is no JSON object", why);
		json_enter(&l->json);
		if (!raw_members(l, r, true, why))
			return false;
		if (!l->list) {
			l->ended = true;
			return json_done(&l->json) ||
			    raw_wrong(l, "RFC 8259 2: text behind the object", why);
		}
	}
	if (!json_item(&l->json))
		return raw_close(l, why);
	if (json_peek(&l->json) != JSON_OBJECT)
		return raw_wrong(l, "RFC 6962 4.6: an item of entries is no object", why);
	json_enter(&l->json);
	return raw_members(l, r, false, why);
}

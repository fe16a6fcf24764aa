/*
 * Finds the entries in a line. In: one line of JSON, not trusted. Out: where the
 * values of each entry lie. Standards: RFC 6962 4.6 and ct-entry(5).
 */
#include "ct/raw.h"

void
raw_open(struct raw_line *l, struct span line)
{
	memset(l, 0, sizeof(*l));
	json_init(&l->json, line);
}

void
raw_open_part(struct raw_line *l, struct span front)
{
	raw_open(l, front);
	l->part = true;
}

void
raw_more(struct raw_line *l, struct span text, bool whole)
{
	bool fresh = l->json.fresh;

	json_init(&l->json, text);
	l->json.fresh = fresh;
	l->part = !whole;
}

size_t
raw_rest(const struct raw_line *l)
{
	return (size_t)(l->json.end - l->json.p);
}

/* Takes a string member. A value of another type is skipped, as if the member were missing. */
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

/* Takes the value of one member of an entry object. */
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

/* Returns why an item is not an entry: why, or that the text is not JSON, which ends the walk. */
static const char *
raw_wrong(struct raw_line *l, const char *why)
{
	if (l->json.why == NULL)
		return why;
	l->ended = true;
	return l->json.why;
}

/*
 * Reads the members of the object just entered. In the object of the line (top), it
 * stops when it has entered the array "entries". Returns NULL or the reason.
 */
static const char *
raw_members(struct raw_line *l, struct raw *r, bool top)
{
	struct json *j = &l->json;
	struct json_str key;

	memset(r, 0, sizeof(*r));
	while (json_key(j, &key)) {
		if (top && json_is(key, "entries") && json_peek(j) == JSON_ARRAY) {
			json_enter(j);
			l->list = true;
			return NULL;
		}
		raw_member(j, key, r);
	}
	if (j->why != NULL || r->leaf_input.raw.p == NULL || r->extra_data.raw.p == NULL)
		return raw_wrong(l, "RFC 6962 4.6: the object lacks leaf_input or extra_data");
	return NULL;
}

/* Checks the response behind the array. Returns true with *why set when it is not JSON. */
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
	return j->why != NULL;
}

static bool
raw_next_item(struct raw_line *l, struct raw *r, const char **why)
{
	struct json *j = &l->json;

	if (!json_item(j))
		return raw_close(l, why);
	if (json_peek(j) == JSON_OBJECT) {
		json_enter(j);
		*why = raw_members(l, r, false);
	} else {
		json_skip(j, NULL);
		*why = raw_wrong(l, "RFC 6962 4.6: an item of entries is not an object");
	}
	return true;
}

/* Reads the object of the line: either its only entry, or the list and the first item of that. */
static bool
raw_first(struct raw_line *l, struct raw *r, const char **why)
{
	struct json *j = &l->json;

	if (json_peek(j) == JSON_OBJECT) {
		json_enter(j);
		*why = raw_members(l, r, true);
		if (*why == NULL && l->list)
			return raw_next_item(l, r, why);
		if (*why == NULL && !json_done(j))
			*why = "RFC 8259 2: text behind the object";
	} else {
		*why = "RFC 8259 4: the line is not a JSON object";
	}
	l->ended = true;
	return true;
}

/*
 * In a part of a line, an item that seems broken may only be cut off, and a number at
 * the end may have more digits. In these cases *l goes back to *was, so that the item
 * is read again when there is more text. Returns true then, else false.
 */
static bool
raw_waits(struct raw_line *l, const struct raw_line *was)
{
	const struct json *j = &l->json;

	if (!was->part || (l->list && !l->ended && j->why == NULL && j->p < j->end))
		return false;
	*l = *was;
	return true;
}

bool
raw_next(struct raw_line *l, struct raw *r, const char **why)
{
	struct raw_line was = *l;
	bool got;

	*why = NULL;
	if (l->ended)
		return false;
	got = l->list ? raw_next_item(l, r, why) : raw_first(l, r, why);
	if (!raw_waits(l, &was))
		return got;
	*why = NULL;
	return false;
}

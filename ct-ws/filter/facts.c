/*
 * Reads what filters ask about.
 *
 * in: the line of an event
 * out: where the members lie that matter
 * standard: ct-event(5)
 */
#include "ct-ws/filter/facts.h"

/* Takes the value that comes next, and sets *s if it is a string. */
static void
facts_string(struct json *j, struct json_str *s)
{
	if (json_peek(j) == JSON_STRING)
		json_take_string(j, s);
	else
		json_skip(j, NULL);
}

/* Goes into the object that comes next. Returns false when it is none, which is then passed over. */
static bool
facts_enter(struct json *j)
{
	if (json_peek(j) == JSON_OBJECT)
		return json_enter(j);
	json_skip(j, NULL);
	return false;
}

static void
facts_issuer(struct json *j, struct facts *f)
{
	struct json_str key;

	if (!facts_enter(j))
		return;
	while (json_key(j, &key)) {
		if (json_is(key, "CN"))
			facts_string(j, &f->issuer_cn);
		else if (json_is(key, "O"))
			facts_string(j, &f->issuer_o);
		else
			json_skip(j, NULL);
	}
}

static void
facts_leaf(struct json *j, struct facts *f)
{
	struct json_str key;

	if (!facts_enter(j))
		return;
	while (json_key(j, &key)) {
		if (json_is(key, "all_domains") && json_peek(j) == JSON_ARRAY)
			json_skip(j, &f->names);
		else if (json_is(key, "issuer"))
			facts_issuer(j, f);
		else
			json_skip(j, NULL);
	}
}

static void
facts_source(struct json *j, struct facts *f)
{
	struct json_str key;

	if (!facts_enter(j))
		return;
	while (json_key(j, &key)) {
		if (json_is(key, "name"))
			facts_string(j, &f->log_name);
		else if (json_is(key, "url"))
			facts_string(j, &f->log_url);
		else
			json_skip(j, NULL);
	}
}

/* Reads the member data: an object, or in the form domains an array of names. */
static void
facts_members(struct json *j, struct facts *f)
{
	struct json_str key, type = { .escaped = false };

	if (json_peek(j) == JSON_ARRAY) {
		json_skip(j, &f->names);
		return;
	}
	if (!facts_enter(j))
		return;
	while (json_key(j, &key)) {
		if (json_is(key, "leaf_cert")) {
			facts_leaf(j, f);
		} else if (json_is(key, "source")) {
			facts_source(j, f);
		} else if (json_is(key, "update_type")) {
			facts_string(j, &type);
			f->has_type = true;
		} else {
			json_skip(j, NULL);
		}
	}
	f->precert = f->has_type && json_is(type, "PrecertLogEntry");
}

bool
facts_read(struct facts *facts, struct span line)
{
	struct json_str key, type = { .escaped = false };
	struct json j;

	memset(facts, 0, sizeof(*facts));
	json_init(&j, line);
	if (json_peek(&j) != JSON_OBJECT)
		return false;
	json_enter(&j);
	while (json_key(&j, &key)) {
		if (json_is(key, "data"))
			facts_members(&j, facts);
		else if (json_is(key, "message_type"))
			facts_string(&j, &type);
		else
			json_skip(&j, NULL);
	}
	return json_done(&j) &&
	    (json_is(type, "certificate_update") || json_is(type, "dns_entries"));
}

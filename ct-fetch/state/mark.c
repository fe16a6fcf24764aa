/*
 * Marks, read and written (ct-entry(5)).
 *
 * in: mark records, of this version or a later one, and the places of logs
 * out: mark records
 */
#include "ct-fetch/state/mark.h"

#include <stdlib.h>

#include "base/die.h"
#include "enc/b64.h"
#include "enc/json.h"
#include "enc/json_put.h"

void
mark_init(struct mark *m)
{
	*m = (struct mark){ 0 };
}

void
mark_free(struct mark *m)
{
	for (size_t i = 0; i < m->n; i++)
		free(m->logs[i].name);
	free(m->logs);
	mark_init(m);
}

/* Returns the position of the log with this ID, or the one where it belongs. */
static size_t
mark_place(const struct mark *m, const uint8_t id[HASH_SHA256])
{
	size_t from = 0, to = m->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (memcmp(m->logs[mid].id, id, HASH_SHA256) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

const struct mark_log *
mark_find(const struct mark *m, const uint8_t id[HASH_SHA256])
{
	size_t i = mark_place(m, id);

	if (i == m->n || memcmp(m->logs[i].id, id, HASH_SHA256) != 0)
		return NULL;
	return &m->logs[i];
}

static void
mark_grow(struct mark *m)
{
	size_t cap = m->cap > 0 ? m->cap * 2 : 64;
	struct mark_log *logs = realloc(m->logs, cap * sizeof(*logs));

	if (logs == NULL)
		die_world("out of memory");
	m->logs = logs;
	m->cap = cap;
}

void
mark_set(struct mark *m, const uint8_t id[HASH_SHA256], const char *name, uint64_t next)
{
	size_t i = mark_place(m, id);
	struct mark_log *l;

	if (i == m->n || memcmp(m->logs[i].id, id, HASH_SHA256) != 0) {
		if (m->n == m->cap)
			mark_grow(m);
		memmove(&m->logs[i + 1], &m->logs[i], (m->n - i) * sizeof(*m->logs));
		m->n++;
		memcpy(m->logs[i].id, id, HASH_SHA256);
		m->logs[i].name = NULL;
	}
	l = &m->logs[i];
	l->next = next;
	if (l->name != NULL && strcmp(l->name, name) == 0)
		return;
	free(l->name);
	l->name = strdup(name);
	if (l->name == NULL)
		die_world("out of memory");
}

static bool
mark_id(struct json_str s, uint8_t id[HASH_SHA256])
{
	uint8_t raw[HASH_SHA256 + 1];

	if (s.escaped || s.raw.n != b64_encoded(HASH_SHA256) ||
	    b64_take(raw, s.raw) != HASH_SHA256)
		return false;
	memcpy(id, raw, HASH_SHA256);
	return true;
}

/*
 * Reads one member of logs. The name only serves people, so a malformed one is no error: it
 * ends early.
 */
static const char *
mark_log(struct mark *m, struct json *j)
{
	uint8_t id[HASH_SHA256];
	bool has_id = false, has_next = false;
	struct json_str key, s, name = { .raw = SPAN("") };
	struct buf text = { 0 };
	uint64_t next = 0;

	if (!json_enter(j))
		return "a log in it is not an object";
	while (json_key(j, &key)) {
		if (json_is(key, "log_id"))
			has_id = json_take_string(j, &s) && mark_id(s, id);
		else if (json_is(key, "name"))
			(void)json_take_string(j, &name);
		else if (json_is(key, "next"))
			has_next = json_u64(j, &next);
		else
			(void)json_skip(j, NULL);
	}
	if (!has_id || !has_next)
		return "a log in it has no log_id or no next";
	if (m->n == MAX_MARK_LOGS)
		return "it holds too many logs";
	(void)json_unescape(&text, name);
	mark_set(m, id, buf_str(&text), next);
	buf_free(&text);
	return NULL;
}

static const char *
mark_logs(struct mark *m, struct json *j)
{
	const char *why = NULL;

	if (json_peek(j) != JSON_ARRAY || !json_enter(j))
		return "its logs are not an array";
	while (why == NULL && json_item(j))
		why = mark_log(m, j);
	return why;
}

static const char *
mark_record(struct mark *m, struct json *j)
{
	struct json_str key, type = { .raw = SPAN("") };
	const char *why = NULL;
	bool has_logs = false;

	if (json_peek(j) != JSON_OBJECT || !json_enter(j))
		return "it is not a JSON object";
	while (why == NULL && json_key(j, &key)) {
		if (json_is(key, "message_type")) {
			(void)json_take_string(j, &type);
		} else if (json_is(key, "logs")) {
			why = mark_logs(m, j);
			has_logs = true;
		} else {
			(void)json_skip(j, NULL);
		}
	}
	if (why != NULL)
		return why;
	if (!json_done(j))
		return j->why != NULL ? j->why : "something follows the record";
	return json_is(type, "mark") && has_logs ? NULL : "it is not a mark record";
}

const char *
mark_parse(struct mark *m, struct span line)
{
	struct json j;
	const char *why;

	mark_free(m);
	json_init(&j, line);
	why = mark_record(m, &j);
	if (why != NULL)
		mark_free(m);
	return why;
}

void
mark_put(const struct mark *m, struct buf *b)
{
	buf_puts(b, "{\"message_type\":\"mark\",\"logs\":[");
	for (size_t i = 0; i < m->n; i++) {
		const struct mark_log *l = &m->logs[i];

		buf_puts(b, i > 0 ? ",{\"log_id\":\"" : "{\"log_id\":\"");
		b64_put(b, span_of(l->id, HASH_SHA256));
		buf_puts(b, "\",\"name\":");
		json_put_str(b, l->name);
		buf_puts(b, ",\"next\":");
		buf_put_u64(b, l->next);
		buf_putc(b, '}');
	}
	buf_puts(b, "]}\n");
}

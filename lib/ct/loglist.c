/*
 * Reads log lists: those with the schema of Google,
 * https://www.gstatic.com/ct/log_list/v3/log_list_schema.json, and the variants of it that Apple
 * and others use. This file is the door to jansson.
 *
 * in: the JSON text, and its signature
 * out: the logs, copied into the list's arena
 */
#include <stdio.h>

#include <jansson.h>

#include "ct/loglist.h"
#include "ct/loglist_url.h"
#include "enc/b64.h"
#include "enc/date.h"

#define TOO_LARGE 9007199254740992.0	/* 2^53: every whole number below it is a double of its own */

/* The state of reading one list. */
struct loglist_reader {
	struct loglist *list;
	struct hash *hash;
	unsigned flags;
	const char *operator;	/* NULL: the operator has no name */
};

const char loglist_not_json[] = "log list v3: not JSON";
const char loglist_odd_state[] = "log list v3: a state that is not known";
const char loglist_odd_final[] = "log list v3: a final tree head that cannot be read";

static const char *
loglist_copy(struct arena *a, const char *s)
{
	size_t n = strlen(s) + 1;

	return memcpy(arena_take(a, n), s, n);
}

/* Returns how many bytes of s fit into a limit without cutting a character. */
static int
loglist_cut(const char *s, size_t most)
{
	size_t n = strnlen(s, most + 1);

	if (n <= most)
		return (int)n;
	while (most > 0 && ((unsigned char)s[most] & 0xc0) == 0x80)
		most--;
	return (int)most;
}

/* Copies a name, or as much of it as a name may have. */
static const char *
loglist_copy_name(struct arena *a, const char *s)
{
	size_t n = (size_t)loglist_cut(s, MAX_LOGLIST_NAME);
	char *copy = arena_take(a, n + 1);

	memcpy(copy, s, n);
	copy[n] = '\0';
	return copy;
}

/* Returns a string member that is not empty, or NULL. */
static const char *
loglist_text(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s != NULL && *s != '\0' ? s : NULL;
}

/* Returns a base64 member, decoded into the arena; empty when it is missing or malformed. */
static struct span
loglist_b64(struct arena *a, const json_t *object, const char *key)
{
	const char *s = loglist_text(object, key);
	struct span text = span_str(s != NULL ? s : "");
	uint8_t *p = arena_take(a, b64_decoded(text.n) + 1);
	ptrdiff_t n = b64_take(p, text);

	return span_of(p, n > 0 ? (size_t)n : 0);
}

/* Reads a whole number. All are doubles here, so that one that is too large for an integer ends no list. */
static bool
loglist_number(const json_t *object, const char *key, uint64_t *v)
{
	double n = json_number_value(json_object_get(object, key));

	if (!json_is_real(json_object_get(object, key)) || !(n >= 0 && n < TOO_LARGE) ||
	    n != (double)(uint64_t)n)
		return false;
	*v = (uint64_t)n;
	return true;
}

static bool
loglist_time(const json_t *object, const char *key, int64_t *t)
{
	const char *s = loglist_text(object, key);

	return s != NULL && date_parse(span_str(s), t);
}

static const char *const loglist_states[] = {
	[LOGLIST_NONE] = "",
	[LOGLIST_PENDING] = "pending",
	[LOGLIST_QUALIFIED] = "qualified",
	[LOGLIST_USABLE] = "usable",
	[LOGLIST_READONLY] = "readonly",
	[LOGLIST_RETIRED] = "retired",
	[LOGLIST_REJECTED] = "rejected",
};

const char *
loglist_state_name(enum loglist_state state)
{
	return loglist_states[state];
}

/* Reads the last tree head of a readonly log. Returns false when there is one that cannot be read. */
static bool
loglist_read_final(const json_t *state, struct loglist_log *log)
{
	const json_t *final = json_object_get(state, "final_tree_head");
	const char *root = loglist_text(final, "sha256_root_hash");
	uint8_t raw[TREE_HASH + 1];

	if (final == NULL || json_is_null(final))
		return true;
	if (root == NULL || strlen(root) != b64_encoded(TREE_HASH) ||
	    b64_take(raw, span_str(root)) != TREE_HASH)
		return false;
	memcpy(log->final_root, raw, TREE_HASH);
	log->has_final = loglist_number(final, "tree_size", &log->final_size);
	return log->has_final;
}

/* Returns true when the list says anything of the state of a log. */
static bool
loglist_has_state(const json_t *object)
{
	const json_t *state = json_object_get(object, "state");

	return state != NULL && !json_is_null(state) &&
	    !(json_is_object(state) && json_object_size(state) == 0);
}

/*
 * Reads the state. The schema wants exactly one. Mozilla's list in this form has several at once:
 * the one that comes last in the life of a log counts. Returns NULL, or what of it cannot be read.
 */
static const char *
loglist_read_state(const json_t *object, struct loglist_log *log)
{
	const json_t *states = json_object_get(object, "state");
	const json_t *state = NULL;

	for (unsigned i = LOGLIST_PENDING; i <= LOGLIST_REJECTED; i++) {
		const json_t *s = json_object_get(states, loglist_states[i]);

		if (s == NULL)
			continue;
		state = s;
		log->state = i;
	}
	loglist_time(state, "timestamp", &log->state_time);
	if (log->state == LOGLIST_NONE && loglist_has_state(object))
		return loglist_odd_state;
	return log->state != LOGLIST_READONLY || loglist_read_final(state, log) ? NULL : loglist_odd_final;
}

static enum loglist_use
loglist_use(const json_t *object)
{
	const char *s = loglist_text(object, "log_type");

	if (s == NULL || strcmp(s, "prod") == 0)
		return LOGLIST_PROD;
	if (strcmp(s, "test") == 0)
		return LOGLIST_TEST;
	return strcmp(s, "monitoring_only") == 0 ? LOGLIST_MONITORING : LOGLIST_OTHER;
}

static const char *
loglist_read_urls(struct loglist_reader *r, const json_t *object, struct loglist_log *log)
{
	const char *url = loglist_text(object, "url");
	const char *submission = loglist_text(object, "submission_url");
	const char *monitoring = loglist_text(object, "monitoring_url");
	bool any = (r->flags & LOGLIST_ANY_SCHEME) != 0;
	const char *why;

	if (log->type == LOGLIST_RFC6962) {
		if (url == NULL)
			return "log list v3: url missing";
		if (submission != NULL || monitoring != NULL)
			return "log list v3: a log has the URLs of both protocols";
		submission = monitoring = url;
	} else {
		if (submission == NULL || monitoring == NULL)
			return "log list v3: submission_url or monitoring_url missing";
		if (url != NULL)
			return "log list v3: a log has the URLs of both protocols";
	}
	why = loglist_url(&r->list->arena, monitoring, any, &log->url);
	return why != NULL ? why :
	    loglist_url(&r->list->arena, submission, any, &log->submission_url);
}

static const char *
loglist_read_key(struct loglist_reader *r, const json_t *object, struct loglist_log *log)
{
	struct span id = loglist_b64(&r->list->arena, object, "log_id");

	log->key = loglist_b64(&r->list->arena, object, "key");
	if (log->key.n == 0)
		return "log list v3: key missing or not base64";
	hash_sha256(r->hash, log->key, log->id);
	if (!span_eq(id, span_of(log->id, sizeof(log->id))))
		return "log list v3: log_id is not the SHA-256 of key";
	return loglist_find(r->list, log->id) != NULL ? "log list v3: log_id twice" : NULL;
}

/* Reads one log of an operator's array. Returns NULL, or why it is left out. */
static const char *
loglist_read_log(struct loglist_reader *r, const json_t *object, struct loglist_log *log)
{
	const json_t *interval = json_object_get(object, "temporal_interval");
	const char *description = loglist_text(object, "description");
	const char *why;

	if (!json_is_object(object))
		return "log list v3: log is not an object";
	if (r->operator == NULL)
		return "log list v3: operator has no name";
	if ((why = loglist_read_key(r, object, log)) != NULL ||
	    (why = loglist_read_urls(r, object, log)) != NULL)
		return why;
	log->operator = r->operator;
	log->description = description != NULL ? loglist_copy_name(&r->list->arena, description)
	    : log->url;
	log->use = loglist_use(object);
	loglist_number(object, "mmd", &log->mmd);
	log->has_interval = loglist_time(interval, "start_inclusive", &log->start) &&
	    loglist_time(interval, "end_exclusive", &log->end);
	return NULL;
}

/* Returns "WHAT of OPERATOR", both cut to fit a message. */
static const char *
loglist_name_of(struct loglist_reader *r, const char *what)
{
	const char *operator = r->operator != NULL ? r->operator : "an operator without a name";
	char text[96];

	snprintf(text, sizeof(text), "%.*s of %.*s", loglist_cut(what, 32), what,
	    loglist_cut(operator, 32), operator);
	return loglist_copy(&r->list->arena, text);
}

/* Returns what to call a log that is left out. */
static const char *
loglist_name(struct loglist_reader *r, const json_t *object, size_t i)
{
	static const char *const keys[] = { "description", "url", "monitoring_url", "log_id" };
	char text[32];

	for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
		const char *s = loglist_text(object, keys[k]);

		if (s != NULL)
			return loglist_copy_name(&r->list->arena, s);
	}
	snprintf(text, sizeof(text), "log %zu", i);
	return loglist_name_of(r, text);
}

static struct loglist_skip *
loglist_skip(struct loglist_reader *r, const char *name, const char *why)
{
	struct loglist_skip *s = &r->list->skipped[r->list->skipped_n++];

	*s = (struct loglist_skip){ .name = name, .why = why, .placeholder = why == loglist_url_placeholder };
	return s;
}

/* Notes a log that cannot be read, with what it is known by. */
static void
loglist_skip_log(struct loglist_reader *r, const json_t *object, const char *name, const char *why)
{
	struct loglist_skip *s = loglist_skip(r, name, why);
	struct span id = loglist_b64(&r->list->arena, object, "log_id");
	struct span key = loglist_b64(&r->list->arena, object, "key");

	if (id.n == sizeof(s->id))
		memcpy(s->id, id.p, id.n);
	if (key.n > 0)
		hash_sha256(r->hash, key, s->key_id);
}

static void
loglist_read_logs(struct loglist_reader *r, const json_t *array, enum loglist_type type)
{
	const json_t *object;
	size_t i;

	json_array_foreach(array, i, object) {
		struct loglist_log log = { .type = type };
		const char *why = loglist_read_log(r, object, &log);

		if (why == NULL) {
			why = loglist_read_state(object, &log);
			r->list->logs[r->list->n++] = log;
		}
		if (why != NULL)
			loglist_skip_log(r, object, loglist_name(r, object, i), why);
	}
}

/* Reads a member of an operator that should be an array of logs, or be missing. */
static void
loglist_read_array(struct loglist_reader *r, const json_t *operator, const char *key,
    enum loglist_type type)
{
	const json_t *array = json_object_get(operator, key);

	if (array != NULL && !json_is_null(array) && !json_is_array(array))
		loglist_skip(r, loglist_name_of(r, key), "log list v3: not an array of logs");
	loglist_read_logs(r, array, type);
}

/* Notes the arrays of an operator that hold logs of a kind that is not known here. */
static void
loglist_read_unknown(struct loglist_reader *r, json_t *operator)
{
	const char *key;
	json_t *array;

	json_object_foreach(operator, key, array) {
		const json_t *first = json_array_get(array, 0);

		if (strcmp(key, "logs") == 0 || strcmp(key, "tiled_logs") == 0 ||
		    json_object_get(first, "key") == NULL)
			continue;
		loglist_skip(r, loglist_name_of(r, key), "log list v3: a kind of log that is not known");
	}
}

/*
 * Makes room for every log of the list, kept or left out, and every array. Returns NULL or the
 * reason.
 */
static const char *
loglist_room(struct loglist *list, const json_t *operators)
{
	const json_t *operator;
	size_t i, n = 0;

	json_array_foreach(operators, i, operator)
		n += json_array_size(json_object_get(operator, "logs")) +
		    json_array_size(json_object_get(operator, "tiled_logs")) +
		    json_object_size(operator);
	if (n > MAX_LOGLIST_LOGS)
		return "log list v3: too many logs";
	list->logs = arena_take(&list->arena, (n + 1) * sizeof(*list->logs));
	list->skipped = arena_take(&list->arena, (n + 2) * sizeof(*list->skipped));	/* and the date */
	return NULL;
}

static const char *
loglist_read(struct loglist_reader *r, const json_t *root)
{
	const json_t *operators = json_object_get(root, "operators");
	const char *version = loglist_text(root, "version");
	json_t *operator;
	const char *why;
	size_t i;

	if (!json_is_array(operators))
		return "log list v3: operators missing";
	why = loglist_room(r->list, operators);
	if (why != NULL)
		return why;
	r->list->version = loglist_copy_name(&r->list->arena, version != NULL ? version : "");
	if (!loglist_time(root, "log_list_timestamp", &r->list->timestamp) &&
	    json_object_get(root, "log_list_timestamp") != NULL)
		loglist_skip(r, "log_list_timestamp", "log list v3: a date that cannot be read");
	json_array_foreach(operators, i, operator) {
		const char *name = loglist_text(operator, "name");

		r->operator = name != NULL ? loglist_copy_name(&r->list->arena, name) : NULL;
		loglist_read_array(r, operator, "logs", LOGLIST_RFC6962);
		loglist_read_array(r, operator, "tiled_logs", LOGLIST_TILED);
		loglist_read_unknown(r, operator);
	}
	return NULL;
}

const char *
loglist_parse(struct span json, unsigned flags, struct hash *h, struct loglist *list)
{
	struct loglist_reader r = { list, h, flags, NULL };
	const char *why = loglist_not_json;
	json_error_t error = { .position = 0 };
	json_t *root;

	*list = (struct loglist){ .version = "" };
	arena_init(&list->arena);
	if (json.n > MAX_LOGLIST)
		return "log list v3: longer than 16 MiB";
	root = json_loadb((const char *)json.p, json.n, JSON_DECODE_INT_AS_REAL, &error);
	if (root != NULL)
		why = loglist_read(&r, root);
	json_decref(root);
	if (why != NULL)
		loglist_free(list);
	if (why == loglist_not_json && error.position > 0)
		list->broken_at = (size_t)error.position;
	return why;
}

bool
loglist_may_be(struct span json)
{
	size_t i = 0;

	while (i < json.n && (json.p[i] == ' ' || (json.p[i] >= '\t' && json.p[i] <= '\r')))
		i++;
	return i < json.n && json.p[i] == '{';
}

const struct loglist_log *
loglist_find(const struct loglist *list, const uint8_t id[HASH_SHA256])
{
	for (size_t i = 0; i < list->n; i++)
		if (memcmp(list->logs[i].id, id, HASH_SHA256) == 0)
			return &list->logs[i];
	return NULL;
}

void
loglist_free(struct loglist *list)
{
	arena_free(&list->arena);
	*list = (struct loglist){ .version = "" };
	arena_init(&list->arena);
}

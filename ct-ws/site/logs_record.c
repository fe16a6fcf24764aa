/*
 * Reads what records say of the tools and of the logs.
 *
 * in: status, head, gap and malformed records (ct-entry(5))
 * out: the parts of struct logs that they are about
 */
#include "ct-ws/site/logs_parts.h"

#include "ct/record.h"

/* What a head or gap record, or a log in a status record, says besides its numbers. */
struct logs_words {
	struct json_str id, name, url, operator, type, state, error;
	bool is_closed, is_verified;
	uint64_t size, next, time;
};

/* Takes the string that comes next in j into *s, or skips what comes instead. */
static void
logs_take_word(struct json *j, struct json_str *s)
{
	if (json_peek(j) == JSON_STRING)
		json_take_string(j, s);
	else
		json_skip(j, NULL);
}

/* Returns the place for the word with this key, or NULL when it is none of them. */
static struct json_str *
logs_word(struct logs_words *w, struct json_str key)
{
	return json_is(key, "log_id") ? &w->id : json_is(key, "name") ? &w->name :
	    json_is(key, "url") ? &w->url : json_is(key, "operator") ? &w->operator :
	    json_is(key, "type") ? &w->type : json_is(key, "state") ? &w->state :
	    json_is(key, "last_error") ? &w->error : NULL;
}

/* Takes one log of a status record of the ct-fetch of: an object. */
static void
logs_take_log(struct logs *l, struct json *j, const struct logs_producer *of)
{
	struct figures figures = { .known = 0 };
	struct logs_words w = { .size = 0 };
	struct logs_report *r;
	struct logs_log *g;
	struct json_str key, *word;

	json_enter(j);
	while (json_key(j, &key)) {
		word = logs_word(&w, key);
		if (word != NULL)
			logs_take_word(j, word);
		else
			figures_take(&figures, &figures_log, key, j);
	}
	if (j->why != NULL)
		return;
	logs_make_url(&l->text, w.url);
	g = logs_by_url(l, buf_span(&l->text), w.name);
	if (g == NULL)
		return;
	r = logs_report(g, of);
	r->figures = figures;
	r->at = of->at;
	if (w.type.raw.n > 0)
		g->is_tiled = json_is(w.type, "tiled");
	logs_make_text(&l->text, w.id);
	logs_keep(&g->id, buf_span(&l->text));
	logs_make_text(&l->text, w.operator);
	logs_keep(&g->operator, buf_span(&l->text));
	logs_make_text(&l->text, w.state);
	logs_keep(&r->state, buf_span(&l->text));
	logs_make_text(&l->text, w.error);
	logs_keep(&r->error, buf_span(&l->text));
}

/* Takes one host of a status record of the ct-fetch of: an object. */
static void
logs_take_host(struct logs *l, struct json *j, const struct logs_producer *of)
{
	struct figures figures = { .known = 0 };
	struct json_str key, name = { .escaped = false };
	struct logs_host *h;

	json_enter(j);
	while (json_key(j, &key))
		if (json_is(key, "name"))
			logs_take_word(j, &name);
		else
			figures_take(&figures, &figures_host, key, j);
	if (j->why != NULL)
		return;
	logs_make_text(&l->text, name);
	h = logs_host(l, of, buf_span(&l->text));
	if (h == NULL)
		return;
	h->figures = figures;
	h->at = of->at;
}

/* Takes the array that comes next, of which each item is taken by take. */
static void
logs_take_each(struct logs *l, struct json *j, const struct logs_producer *of,
    void (*take)(struct logs *, struct json *, const struct logs_producer *))
{
	if (json_peek(j) != JSON_ARRAY) {
		json_skip(j, NULL);
		return;
	}
	json_enter(j);
	while (json_item(j))
		if (json_peek(j) == JSON_OBJECT)
			take(l, j, of);
		else
			json_skip(j, NULL);
}

/* Returns the tool with this name, or LOGS_STAGES when it is none of ours. */
static enum logs_stage
logs_stage(struct json_str name)
{
	return json_is(name, "ct-fetch") ? LOGS_FETCH : json_is(name, "ct-parse") ? LOGS_PARSE :
	    json_is(name, "ct-hub") ? LOGS_HUB : LOGS_STAGES;
}

/* Finds the run of a tool that has sent the record, and notes that it came; NULL when it is none of ours. */
static struct logs_producer *
logs_read_producer(struct logs *l, struct span line, uint64_t now)
{
	struct json_str key, stage = { .escaped = false }, name = stage, shard = stage;
	struct json j;

	json_init(&j, line);
	json_enter(&j);
	while (json_key(&j, &key))
		if (json_is(key, "stage"))
			logs_take_word(&j, &stage);
		else if (json_is(key, "producer"))
			logs_take_word(&j, &name);
		else if (json_is(key, "shard"))
			logs_take_word(&j, &shard);
		else
			json_skip(&j, NULL);
	if (j.why != NULL || logs_stage(stage) == LOGS_STAGES)
		return NULL;
	return logs_producer(l, logs_stage(stage), name, shard, now);
}

static void
logs_take_status(struct logs *l, struct span line, uint64_t now)
{
	struct logs_producer *p = logs_read_producer(l, line, now);
	struct json_str key;
	struct json j;

	if (p == NULL) {
		l->other++;
		return;
	}
	l->records[p->stage]++;
	p->figures = (struct figures){ .known = 0 };
	json_init(&j, line);
	json_enter(&j);
	while (json_key(&j, &key))
		if (p->stage == LOGS_FETCH && json_is(key, "logs"))
			logs_take_each(l, &j, p, logs_take_log);
		else if (p->stage == LOGS_FETCH && json_is(key, "hosts"))
			logs_take_each(l, &j, p, logs_take_host);
		else
			figures_take(&p->figures, logs_tables[p->stage], key, &j);
}

/* Takes a number, or skips what comes instead. */
static void
logs_take_number(struct json *j, uint64_t *n)
{
	if (json_peek(j) == JSON_NUMBER)
		json_u64(j, n);
	else
		json_skip(j, NULL);
}

static void
logs_take_flag(struct json *j, bool *flag)
{
	*flag = json_peek(j) == JSON_TRUE;
	json_skip(j, NULL);
}

/* Reads a head or gap record. Returns its log, or NULL when there is none. */
static struct logs_log *
logs_read_record(struct logs *l, struct span line, struct logs_words *w)
{
	struct json_str key, *word;
	struct json j;

	*w = (struct logs_words){ .size = 0 };
	json_init(&j, line);
	json_enter(&j);
	while (json_key(&j, &key)) {
		word = logs_word(w, key);
		if (word != NULL)
			logs_take_word(&j, word);
		else if (json_is(key, "tree_size"))
			logs_take_number(&j, &w->size);
		else if (json_is(key, "next"))
			logs_take_number(&j, &w->next);
		else if (json_is(key, "timestamp"))
			logs_take_number(&j, &w->time);
		else if (json_is(key, "verified"))
			logs_take_flag(&j, &w->is_verified);
		else if (json_is(key, "closed"))
			logs_take_flag(&j, &w->is_closed);
		else
			json_skip(&j, NULL);
	}
	return j.why == NULL ? logs_by_id(l, w->id, w->name) : NULL;
}

void
logs_take_record(struct logs *l, struct span line, uint64_t now)
{
	enum record_kind kind = record_kind(line);
	struct logs_words w;
	struct logs_log *g;

	l->malformed += kind == RECORD_MALFORMED;
	if (kind == RECORD_STATUS)
		logs_take_status(l, line, now);
	if ((kind != RECORD_HEAD && kind != RECORD_GAP) || (g = logs_read_record(l, line, &w)) == NULL)
		return;
	if (kind == RECORD_GAP) {
		g->closed += w.is_closed;
		g->opened += !w.is_closed;
		return;
	}
	g->has_head = true;
	g->head_size = w.size;
	g->head_next = w.next;
	g->head_time = w.time;
	g->head_verified = w.is_verified;
}

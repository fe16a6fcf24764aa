/*
 * Keeps what the stream says of itself and of the logs.
 *
 * in: where events come from; status, head, gap and malformed records (ct-entry(5))
 * out: struct logs, which others show
 */
#include "ct-ws/site/logs.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/utf8.h"
#include "ct/record.h"

/* ---- texts ---- */

/* Puts the characters of s that may be shown, as many as fit, and "?" for the others. */
static void
logs_put_clean(struct buf *out, struct span s)
{
	while (s.n > 0) {
		unsigned k = utf8_length(s);
		bool good = k > 1 || (k == 1 && s.p[0] >= 0x20 && s.p[0] != 0x7f);

		if (out->n + (good ? k : 1) > MAX_LOGS_TEXT)
			return;
		if (good)
			buf_put(out, span_of(s.p, k));
		else
			buf_putc(out, '?');
		s = span_from(s, k > 0 ? k : 1);
	}
}

/* Makes the text of s, as it is kept, in out. */
static void
logs_make_text(struct buf *out, struct json_str s)
{
	struct buf plain;

	buf_reset(out);
	if (!s.escaped) {
		logs_put_clean(out, s.raw);
		return;
	}
	buf_init(&plain);
	if (json_unescape(&plain, s))
		logs_put_clean(out, buf_span(&plain));
	buf_free(&plain);
}

/* Makes the text of a URL, without its scheme and without slashes at its end, in out. */
static void
logs_make_url(struct buf *out, struct json_str s)
{
	struct span schemes[] = { SPAN("https://"), SPAN("http://") };

	logs_make_text(out, s);
	for (size_t i = 0; i < 2; i++)
		if (span_starts(buf_span(out), schemes[i])) {
			buf_drop(out, schemes[i].n);
			break;
		}
	while (out->n > 0 && out->p[out->n - 1] == '/')
		out->n--;
}

static bool
logs_is(const char *kept, struct span text)
{
	return span_eq(span_str(kept), text);
}

/* Replaces *kept by text, unless it is the same. */
static void
logs_keep(char **kept, struct span text)
{
	char *copy;

	if (*kept != NULL && logs_is(*kept, text))
		return;
	copy = malloc(text.n + 1);
	if (copy == NULL)
		die_world("out of memory");
	if (text.n > 0)
		memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	free(*kept);
	*kept = copy;
}

/* ---- logs ---- */

static struct logs_log *
logs_add(struct logs *l)
{
	struct logs_log *g;

	if (l->count == MAX_LOGS)
		return NULL;
	if (l->list == NULL && (l->list = calloc(MAX_LOGS, sizeof(*l->list))) == NULL)
		die_world("out of memory for logs");
	g = &l->list[l->count++];
	logs_keep(&g->name, SPAN(""));
	logs_keep(&g->url, SPAN(""));
	logs_keep(&g->sent, SPAN(""));
	logs_keep(&g->id, SPAN(""));
	logs_keep(&g->operator, SPAN(""));
	logs_keep(&g->state, SPAN(""));
	logs_keep(&g->error, SPAN(""));
	return g;
}

/* Returns the log with this URL, or NULL. */
static struct logs_log *
logs_with_url(struct logs *l, struct span url)
{
	for (size_t i = 0; i < l->count; i++)
		if (logs_is(l->list[i].url, url))
			return &l->list[i];
	return NULL;
}

/*
 * Returns the log with this URL; where there is none, the one with this name whose URL is not known,
 * which gets it, or a new one; or NULL where there is no room.
 */
static struct logs_log *
logs_by_url(struct logs *l, struct span url, struct json_str name)
{
	struct logs_log *g = logs_with_url(l, url);

	if (g != NULL || url.n == 0)
		return g;
	logs_make_text(&l->more, name);
	for (size_t i = 0; i < l->count && g == NULL; i++)
		if (l->list[i].url[0] == '\0' && logs_is(l->list[i].name, buf_span(&l->more)))
			g = &l->list[i];
	if (g == NULL && (g = logs_add(l)) == NULL)
		return NULL;
	logs_keep(&g->url, url);
	logs_keep(&g->name, buf_span(&l->more));
	return g;
}

/*
 * Returns the log with this log_id; where there is none, the one with this name whose log_id is not
 * known, which gets it, or a new one; or NULL where there is no room.
 */
static struct logs_log *
logs_by_id(struct logs *l, struct json_str id, struct json_str name)
{
	struct logs_log *g = NULL;

	logs_make_text(&l->text, id);
	logs_make_text(&l->more, name);
	if (l->text.n == 0)
		return NULL;
	for (size_t i = 0; i < l->count; i++)
		if (logs_is(l->list[i].id, buf_span(&l->text)))
			return &l->list[i];
	for (size_t i = 0; i < l->count && g == NULL; i++)
		if (l->list[i].id[0] == '\0' && logs_is(l->list[i].name, buf_span(&l->more)))
			g = &l->list[i];
	if (g == NULL && (g = logs_add(l)) == NULL)
		return NULL;
	logs_keep(&g->id, buf_span(&l->text));
	logs_keep(&g->name, buf_span(&l->more));
	return g;
}

/* Returns the log that an event comes from, or NULL where there is no room for it. */
static struct logs_log *
logs_of_event(struct logs *l, const struct seen *seen)
{
	struct span sent = seen->url.raw;
	struct logs_log *g;

	/* Most events come from the log of the event before, and all of a log write it the same way. */
	for (size_t k = 0; k < l->count; k++) {
		size_t i = l->last + k < l->count ? l->last + k : l->last + k - l->count;

		g = &l->list[i];
		if (g->sent_n == sent.n && sent.n > 0 && memcmp(g->sent, sent.p, sent.n) == 0) {
			l->last = i;
			return g;
		}
	}
	logs_make_url(&l->text, seen->url);
	g = logs_by_url(l, buf_span(&l->text), seen->name);
	if (g != NULL && sent.n <= MAX_LOGS_TEXT) {
		logs_keep(&g->sent, sent);
		g->sent_n = sent.n;
	}
	return g;
}

void
logs_take_event(struct logs *l, const struct seen *seen)
{
	struct logs_log *g;

	if (!seen->has_source)
		return;
	g = logs_of_event(l, seen);
	if (g == NULL) {
		l->left_out++;
		return;
	}
	g->events++;
	g->is_tiled = json_is(seen->type, "tiled");
	if (seen->timestamp > g->newest)
		g->newest = seen->timestamp;
}

/* ---- records ---- */

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

/* Takes one log of a status record: an object. */
static void
logs_take_log(struct logs *l, struct json *j, uint64_t now)
{
	struct figures figures = { .known = 0 };
	struct logs_words w = { .size = 0 };
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
	g->figures = figures;
	g->at = now;
	if (w.type.raw.n > 0)
		g->is_tiled = json_is(w.type, "tiled");
	logs_make_text(&l->text, w.id);
	logs_keep(&g->id, buf_span(&l->text));
	logs_make_text(&l->text, w.operator);
	logs_keep(&g->operator, buf_span(&l->text));
	logs_make_text(&l->text, w.state);
	logs_keep(&g->state, buf_span(&l->text));
	logs_make_text(&l->text, w.error);
	logs_keep(&g->error, buf_span(&l->text));
}

/* Returns the host with this name, a new one where there is none, or NULL where there is no room. */
static struct logs_host *
logs_host(struct logs *l, struct span name)
{
	struct logs_host *h;

	for (size_t i = 0; i < l->host_count; i++)
		if (logs_is(l->hosts[i].name, name))
			return &l->hosts[i];
	if (l->host_count == MAX_HOSTS || name.n == 0)
		return NULL;
	if (l->hosts == NULL && (l->hosts = calloc(MAX_HOSTS, sizeof(*l->hosts))) == NULL)
		die_world("out of memory for hosts");
	h = &l->hosts[l->host_count++];
	logs_keep(&h->name, name);
	return h;
}

/* Takes one host of a status record: an object. */
static void
logs_take_host(struct logs *l, struct json *j, uint64_t now)
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
	h = logs_host(l, buf_span(&l->text));
	if (h == NULL)
		return;
	h->figures = figures;
	h->at = now;
}

/* Takes the array that comes next, of which each item is taken by take. */
static void
logs_take_each(struct logs *l, struct json *j, uint64_t now,
    void (*take)(struct logs *, struct json *, uint64_t))
{
	if (json_peek(j) != JSON_ARRAY) {
		json_skip(j, NULL);
		return;
	}
	json_enter(j);
	while (json_item(j))
		if (json_peek(j) == JSON_OBJECT)
			take(l, j, now);
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

static void
logs_take_status(struct logs *l, struct span line, uint64_t now)
{
	static const struct figure_table *const tables[] = { &figures_fetch, &figures_parse,
		&figures_hub };
	struct figures figures = { .known = 0 };
	enum logs_stage stage = LOGS_STAGES;
	struct json_str key, name = { .escaped = false };
	struct logs_status *s;
	struct json j;

	json_init(&j, line);
	json_enter(&j);
	while (json_key(&j, &key))	/* stage is in front of the numbers in all of ours */
		if (json_is(key, "stage")) {
			logs_take_word(&j, &name);
			stage = logs_stage(name);
		} else if (stage == LOGS_FETCH && json_is(key, "logs"))
			logs_take_each(l, &j, now, logs_take_log);
		else if (stage == LOGS_FETCH && json_is(key, "hosts"))
			logs_take_each(l, &j, now, logs_take_host);
		else if (stage != LOGS_STAGES)
			figures_take(&figures, tables[stage], key, &j);
		else
			json_skip(&j, NULL);
	if (j.why != NULL || stage == LOGS_STAGES) {
		l->other++;
		return;
	}
	s = &l->stages[stage];
	s->every = s->records > 0 ? now - s->at : 0;
	s->at = now;
	s->figures = figures;
	s->records++;
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

/* ---- what has been kept ---- */

bool
logs_is_fresh(const struct logs *l, uint64_t at, uint64_t now)
{
	uint64_t most = 3 * l->stages[LOGS_FETCH].every;

	return at > 0 && now - at <= (most > LOGS_OLD_MS ? most : LOGS_OLD_MS);
}

bool
logs_lag(const struct logs *l, const struct logs_log *g, uint64_t now, double *lag)
{
	*lag = logs_is_fresh(l, g->at, now) ? figures_get(&g->figures, &figures_log, "lag", -1) : -1;
	if (*lag < 0 && g->has_head)
		*lag = g->head_size > g->head_next ? (double)(g->head_size - g->head_next) : 0;
	return *lag >= 0;
}

void
logs_free(struct logs *l)
{
	for (size_t i = 0; i < l->count; i++) {
		struct logs_log *g = &l->list[i];

		free(g->name);
		free(g->url);
		free(g->sent);
		free(g->id);
		free(g->operator);
		free(g->state);
		free(g->error);
	}
	for (size_t i = 0; i < l->host_count; i++)
		free(l->hosts[i].name);
	free(l->list);
	free(l->hosts);
	buf_free(&l->text);
	buf_free(&l->more);
	*l = (struct logs){ .count = 0 };
}

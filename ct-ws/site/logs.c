/*
 * Keeps what the stream says of itself and of the logs.
 *
 * in: where events come from, and what logs_record.c reads in records
 * out: struct logs, which others show
 */
#include "ct-ws/site/logs_parts.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/utf8.h"

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

void
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

void
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

bool
logs_is(const char *kept, struct span text)
{
	return span_eq(span_str(kept), text);
}

void
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

struct logs_log *
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

struct logs_log *
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

/* ---- what has been kept ---- */

bool
logs_lag(const struct logs_log *g, uint64_t now, double *lag)
{
	const struct logs_report *best = logs_best(g, now);

	*lag = best != NULL ? figures_get(&best->figures, &figures_log, "lag", -1) : -1;
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
		for (size_t k = 0; k < MAX_REPORTS; k++) {
			free(g->reports[k].state);
			free(g->reports[k].error);
		}
	}
	free(l->list);
	logs_free_producers(l);
	buf_free(&l->text);
	buf_free(&l->more);
	*l = (struct logs){ .count = 0 };
}

/*
 * Marks: the logs in them, and how they are written (ct-entry(5)). mark_read.c reads them.
 *
 * in: what is known of each log
 * out: mark records
 */
#include "ct-fetch/state/mark.h"

#include <stdlib.h>

#include "base/die.h"
#include "enc/b64.h"
#include "enc/json_put.h"

void
mark_init(struct mark *m)
{
	*m = (struct mark){ 0 };
}

static void
mark_free_log(struct mark_log *l)
{
	free(l->name);
	free(l->gaps);
	free(l);
}

void
mark_free(struct mark *m)
{
	for (size_t i = 0; i < m->n; i++)
		mark_free_log(m->logs[i]);
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

		if (memcmp(m->logs[mid]->id, id, HASH_SHA256) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

static bool
mark_is_at(const struct mark *m, size_t i, const uint8_t id[HASH_SHA256])
{
	return i < m->n && memcmp(m->logs[i]->id, id, HASH_SHA256) == 0;
}

const struct mark_log *
mark_find(const struct mark *m, const uint8_t id[HASH_SHA256])
{
	size_t i = mark_place(m, id);

	return mark_is_at(m, i, id) ? m->logs[i] : NULL;
}

/* Returns memory of n bytes that begins with a copy of the first k bytes at from. */
static void *
mark_copy(const void *from, size_t k, size_t n)
{
	void *p = malloc(n);

	if (p == NULL)
		die_world("out of memory");
	if (k > 0)
		memcpy(p, from, k);
	return p;
}

static struct mark_log *
mark_copy_log(const struct mark_log *from)
{
	struct mark_log *l = mark_copy(from, sizeof(*from), sizeof(*from));
	size_t name = strlen(from->name) + 1, gaps = from->gaps_n * sizeof(*from->gaps);

	l->name = mark_copy(from->name, name, name);
	l->gaps = gaps > 0 ? mark_copy(from->gaps, gaps, gaps) : NULL;
	return l;
}

/* Makes room for one more log at position i. */
static void
mark_open_place(struct mark *m, size_t i)
{
	if (m->n == m->cap) {
		size_t cap = m->cap > 0 ? m->cap * 2 : 64;
		struct mark_log **logs = mark_copy(m->logs, m->n * sizeof(*logs),
		    cap * sizeof(*logs));

		free(m->logs);
		m->logs = logs;
		m->cap = cap;
	}
	memmove(&m->logs[i + 1], &m->logs[i], (m->n - i) * sizeof(*m->logs));
	m->n++;
}

static const char *
mark_check_gap(const struct mark_gap *g)
{
	if (g->from >= g->to || g->to > g->size || g->size > MAX_TREE_SIZE)
		return "a gap in it is not a range of its tree";
	if (g->has_tree && g->tree.n != g->from)
		return "a gap in it has nodes for another place";
	return NULL;
}

const char *
mark_check(const struct mark_log *l)
{
	const char *why = NULL;

	if (l->next > MAX_TREE_SIZE || (l->has_tree && l->tree.n != l->next))
		return "a log in it has nodes for another place";
	if (l->has_head && (l->head.size > MAX_TREE_SIZE || l->head.signature_n == 0))
		return "a head in it is not signed";
	if (l->gaps_n > MAX_MARK_GAPS)
		return "a log in it has too many gaps";
	for (size_t i = 0; i < l->gaps_n && why == NULL; i++) {
		why = mark_check_gap(&l->gaps[i]);
		if (why == NULL && i > 0 && l->gaps[i].from < l->gaps[i - 1].to)
			why = "the gaps of a log in it are out of order";
	}
	if (why == NULL && l->gaps_n > 0 && l->gaps[l->gaps_n - 1].to > l->next)
		why = "a gap in it goes beyond the place of its log";
	return why;
}

void
mark_set(struct mark *m, const struct mark_log *l)
{
	size_t i = mark_place(m, l->id);
	const char *why = mark_check(l);

	if (why != NULL)
		die_bug("%s: the mark could not be read again: %s", l->name, why);
	if (mark_is_at(m, i, l->id))
		mark_free_log(m->logs[i]);
	else
		mark_open_place(m, i);
	m->logs[i] = mark_copy_log(l);
}

/* ---- the record ---- */

static void
mark_put_number(struct buf *b, const char *before, uint64_t n)
{
	buf_puts(b, before);
	buf_put_u64(b, n);
}

static void
mark_put_bytes(struct buf *b, const char *before, struct span bytes)
{
	buf_puts(b, before);
	b64_put(b, bytes);
	buf_putc(b, '"');
}

static void
mark_put_head(struct buf *b, const struct head *h)
{
	mark_put_number(b, ",\"head\":{\"tree_size\":", h->size);
	mark_put_number(b, ",\"timestamp\":", h->timestamp);
	mark_put_bytes(b, ",\"root\":\"", span_of(h->root, TREE_HASH));
	mark_put_bytes(b, ",\"signature\":\"", span_of(h->signature, h->signature_n));
	buf_putc(b, '}');
}

static void
mark_put_since(struct buf *b, const struct mark_since *since)
{
	if (since->ms == 0)
		return;
	mark_put_number(b, ",\"since\":", since->ms);
	mark_put_number(b, ",\"since_to\":", since->to);
}

static void
mark_put_gap(struct buf *b, const struct mark_gap *g)
{
	mark_put_number(b, "{\"from\":", g->from);
	mark_put_number(b, ",\"to\":", g->to);
	if (g->has_tree)
		mark_put_bytes(b, ",\"nodes\":\"", tree_nodes(&g->tree));
	mark_put_number(b, ",\"tree_size\":", g->size);
	mark_put_bytes(b, ",\"root\":\"", span_of(g->root, TREE_HASH));
	mark_put_since(b, &g->since);
	if (g->reason[0] != '\0') {
		buf_puts(b, ",\"reason\":");
		json_put_str(b, g->reason);
	}
	buf_putc(b, '}');
}

static void
mark_put_log(struct buf *b, const struct mark_log *l)
{
	mark_put_bytes(b, "{\"log_id\":\"", span_of(l->id, HASH_SHA256));
	buf_puts(b, ",\"name\":");
	json_put_str(b, l->name);
	mark_put_number(b, ",\"next\":", l->next);
	if (l->has_tree)
		mark_put_bytes(b, ",\"nodes\":\"", tree_nodes(&l->tree));
	if (l->has_head)
		mark_put_head(b, &l->head);
	if (l->unproven)
		buf_puts(b, ",\"unproven\":true");
	mark_put_since(b, &l->since);
	for (size_t i = 0; i < l->gaps_n; i++) {
		buf_puts(b, i > 0 ? "," : ",\"gaps\":[");
		mark_put_gap(b, &l->gaps[i]);
	}
	buf_puts(b, l->gaps_n > 0 ? "]}" : "}");
}

void
mark_put(const struct mark *m, struct buf *b)
{
	mark_put_number(b, "{\"message_type\":\"mark\",\"version\":", MARK_VERSION);
	buf_puts(b, ",\"logs\":[");
	for (size_t i = 0; i < m->n; i++) {
		if (i > 0)
			buf_putc(b, ',');
		mark_put_log(b, m->logs[i]);
	}
	buf_puts(b, "]}\n");
}

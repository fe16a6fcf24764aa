/*
 * The protocol of RFC 6962 section 4: get-sth and get-entries.
 *
 * in: answers, whole or cut
 * out: tree heads, and entries whose base64 is passed on as it came
 *
 * Pages end on a multiple of what the log gives at most, so that each request brings a full page
 * and all readers ask for the same ones, which the log can cache. That number is not published:
 * it is learned from short answers.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-fetch/log/protocol.h"
#include "enc/b64.h"
#include "enc/json.h"

enum {
	MAX_STH = 64 << 10,
	FIRST_PAGE_SIZE = 1024,		/* no log is known to give more */
	GROW_AFTER = 64,		/* full pages, then twice the size is tried */
};

/* What answers have taught of a log. */
struct rfc6962_log {
	unsigned size;		/* entries that the log gives at most; 0: not known yet */
	uint64_t short_end;	/* index behind the last answer that stopped short; 0: none has */
	uint64_t short_gap;	/* how far it was from there to the short answer before */
	unsigned full_count;	/* whole pages in a row */
};

struct rfc6962_page {
	struct rfc6962_entry *entries;	/* room for all that was asked for */
};

struct rfc6962_entry {
	struct json_str leaf_input, extra_data;	/* borrow the page's body */
};

static enum protocol_head
rfc6962_head_take(const struct source *s, struct span body, struct head *h, const char **why)
{
	*why = head_parse_sth(body, h);
	if (*why != NULL)
		return PROTOCOL_HEAD_NONE;
	*why = head_verify(h, s->key);
	return *why == NULL ? PROTOCOL_HEAD_GOOD : PROTOCOL_HEAD_FORGED;
}

static unsigned
rfc6962_size(const struct source *s)
{
	const struct rfc6962_log *l = s->learned;

	return l->size > 0 ? l->size : FIRST_PAGE_SIZE;
}

static uint64_t
rfc6962_page_end(const struct source *s, uint64_t index)
{
	unsigned size = rfc6962_size(s);

	return index - index % size + size;
}

static void
rfc6962_page_path(const struct page *p, struct buf *path)
{
	buf_putf(path, "ct/v1/get-entries?start=%" PRIu64 "&end=%" PRIu64, p->from, p->until - 1);
}

/* Returns true when s is canonical base64; a server's JSON may escape the slashes in it. */
static bool
rfc6962_is_base64(struct buf *scratch, struct json_str s)
{
	struct span text = s.raw;

	buf_reset(scratch);
	if (s.escaped) {
		if (!json_unescape(scratch, s))
			return false;
		text = buf_span(scratch);
	} else {
		(void)buf_reserve(scratch, b64_decoded(text.n));
	}
	return b64_take(scratch->p, text) >= 0;
}

/* Reads one object of the array. Returns false when it is cut off or not an entry. */
static bool
rfc6962_entry(struct json *j, struct buf *scratch, struct rfc6962_entry *e)
{
	bool has_leaf = false, has_extra = false;
	struct json_str key;

	if (json_peek(j) != JSON_OBJECT || !json_enter(j))
		return false;
	while (json_key(j, &key)) {
		if (json_is(key, "leaf_input"))
			has_leaf = json_take_string(j, &e->leaf_input);
		else if (json_is(key, "extra_data"))
			has_extra = json_take_string(j, &e->extra_data);
		else
			(void)json_skip(j, NULL);
	}
	return j->why == NULL && has_leaf && has_extra &&
	    rfc6962_is_base64(scratch, e->leaf_input) && rfc6962_is_base64(scratch, e->extra_data);
}

static const char *
rfc6962_entries(struct page *p, struct json *j)
{
	struct rfc6962_page *own = p->own;
	struct buf *scratch = p->source->fetch->scratch;

	if (json_peek(j) == JSON_NULL)	/* an empty list, as some servers write it */
		return json_skip(j, NULL) ? NULL : j->why;
	if (json_peek(j) != JSON_ARRAY || !json_enter(j))
		return "RFC 6962 4.6: entries is not an array";
	while (json_item(j)) {
		if (p->n == p->until - p->from)
			return "RFC 6962 4.6: more entries came than were asked for";
		if (!rfc6962_entry(j, scratch, &own->entries[p->n]))
			return p->n > 0 ? NULL : "RFC 6962 4.6: the first entry cannot be read";
		p->n++;
	}
	return j->why == NULL || p->n > 0 ? NULL : j->why;
}

/*
 * Learns the page size of a log. An answer that stops short, far below the head, stops at the
 * log's own boundary: three of them at equal distances tell the page size. After a long run of
 * full pages twice the size is tried; if that is too much, nothing is lost, because each answer
 * still brings what the log gives.
 */
static void
rfc6962_learn(const struct page *p)
{
	struct rfc6962_log *l = p->source->learned;
	uint64_t stop = p->from + p->n, gap = stop - l->short_end;
	unsigned size = rfc6962_size(p->source);

	if (stop == p->until) {
		l->full_count += p->n == size;
		if (l->full_count >= GROW_AFTER && size < FIRST_PAGE_SIZE) {
			l->size = size * 2 < FIRST_PAGE_SIZE ? size * 2 : FIRST_PAGE_SIZE;
			l->full_count = 0;
		}
		return;
	}
	l->full_count = 0;
	if (p->until + size > p->size)
		return;
	if (gap == l->short_gap && gap > 0 && gap < size && stop % gap == 0) {
		l->size = (unsigned)gap;
		tell(TELL_DEBUG, "%s: gives pages of %u entries", p->source->name, l->size);
	}
	l->short_end = stop;
	l->short_gap = gap;
}

static const char *
rfc6962_page_take(struct page *p)
{
	struct rfc6962_page *own = p->own;
	const char *why = NULL;
	bool has_entries = false;
	struct json_str key;
	struct json j;

	own->entries = calloc((size_t)(p->until - p->from), sizeof(struct rfc6962_entry));
	if (own->entries == NULL)
		die_world("out of memory");
	json_init(&j, buf_span(&p->body));
	if (json_peek(&j) != JSON_OBJECT || !json_enter(&j))
		return "RFC 6962 4.6: the answer is not a JSON object";
	while (why == NULL && !has_entries && json_key(&j, &key)) {
		has_entries = json_is(key, "entries");
		if (has_entries)
			why = rfc6962_entries(p, &j);
		else
			(void)json_skip(&j, NULL);
	}
	if (why == NULL && !has_entries)
		why = "RFC 6962 4.6: the answer has no entries";
	if (why == NULL && p->n > 0 && !p->cut)	/* a broken connection says nothing of the log */
		rfc6962_learn(p);
	return why;
}

static bool
rfc6962_page_is_whole(struct page *p)
{
	(void)p;
	return true;
}

static void
rfc6962_text(struct buf *out, struct json_str s)
{
	if (s.escaped)
		(void)json_unescape(out, s);
	else
		buf_put(out, s.raw);
}

static void
rfc6962_page_put(struct page *p, unsigned i, struct buf *out)
{
	const struct rfc6962_page *own = p->own;
	const struct rfc6962_entry *e = &own->entries[i];

	rfc6962_text(out, e->leaf_input);
	buf_puts(out, "\",\"extra_data\":\"");
	rfc6962_text(out, e->extra_data);
	buf_putc(out, '"');
}

static void
rfc6962_page_drop(struct page *p)
{
	struct rfc6962_page *own = p->own;

	free(own->entries);
	own->entries = NULL;
}

/* 400: the server that answered has not got as far as the head says. */
static enum protocol_refusal
rfc6962_page_refused(struct page *p, int status)
{
	(void)p;
	return status == 400 ? PROTOCOL_BEHIND : PROTOCOL_REFUSED;
}

const struct protocol protocol_rfc6962 = {
	.name = "rfc6962",
	.head_path = "ct/v1/get-sth",
	.what = "get-entries",
	.poll = 10 * 1000,
	.most_head = MAX_STH,
	.log_bytes = sizeof(struct rfc6962_log),
	.page_bytes = sizeof(struct rfc6962_page),
	.head_take = rfc6962_head_take,
	.page_end = rfc6962_page_end,
	.page_path = rfc6962_page_path,
	.page_take = rfc6962_page_take,
	.page_is_whole = rfc6962_page_is_whole,
	.page_put = rfc6962_page_put,
	.page_drop = rfc6962_page_drop,
	.page_refused = rfc6962_page_refused,
};

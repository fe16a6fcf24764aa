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
#include "ct-fetch/log/leaves.h"
#include "ct-fetch/log/protocol.h"
#include "enc/b64.h"
#include "enc/json.h"
#include "enc/rd.h"

enum {
	MAX_STH = 64 << 10,
	BEHIND_TRIES = 1,		/* times that a server may be behind before a page is halved */
	FIRST_PAGE_SIZE = 1024,		/* no log is known to give more */
	GROW_AFTER = 64,		/* full pages, then twice the size is tried */
	GROW_SOON = 4,			/* the same, after larger pages were refused once */
	GROW_LATE = 1024,		/* the same, when they are refused again and again */
};

/* What answers have taught of a log. */
struct rfc6962_log {
	unsigned size;		/* entries that the log gives at most; 0: not known yet */
	uint64_t short_end;	/* index behind the last answer that stopped short; 0: none has */
	uint64_t short_gap;	/* how far it was from there to the short answer before */
	unsigned full_count;	/* whole pages in a row */
	unsigned grow_after;	/* of them, after which twice the size is tried; 0: GROW_AFTER */
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

/* Appends the bytes of s, base64 in JSON, to out. Returns true, or false when it is not base64. */
static bool
rfc6962_decode(struct buf *scratch, struct json_str s, struct buf *out)
{
	if (!s.escaped)	/* a server's JSON may escape the slashes */
		return b64_put_decoded(out, s.raw);
	buf_reset(scratch);
	return json_unescape(scratch, s) && b64_put_decoded(out, buf_span(scratch));
}

static bool
rfc6962_is_base64(struct fetch *f, struct json_str s)
{
	struct buf *plain = f->scratch;
	bool is;

	if (!s.escaped) {
		buf_reset(plain);
		(void)buf_reserve(plain, b64_decoded(s.raw.n));
		return b64_take(plain->p, s.raw) >= 0;
	}
	buf_reset(plain);
	is = json_unescape(plain, s) && b64_take(plain->p, buf_span(plain)) >= 0;
	return is;
}

/*
 * Reads one object of the array. Returns false when it is cut off or has no leaf_input. The tree
 * does not cover extra_data: where that cannot be used, the entry goes on without it.
 */
static bool
rfc6962_entry(struct json *j, struct page *p, struct leaves *leaves, struct rfc6962_entry *e)
{
	struct fetch *f = p->source->fetch;
	bool has_leaf = false, has_extra = false;
	struct json_str key;

	if (json_peek(j) != JSON_OBJECT || !json_enter(j))
		return false;
	while (json_key(j, &key)) {
		if (json_is(key, "leaf_input") && json_peek(j) == JSON_STRING)
			has_leaf = json_take_string(j, &e->leaf_input);
		else if (json_is(key, "extra_data") && json_peek(j) == JSON_STRING)
			has_extra = json_take_string(j, &e->extra_data);
		else
			(void)json_skip(j, NULL);
	}
	if (j->why != NULL || !has_leaf)
		return false;
	if (!rfc6962_decode(f->scratch, e->leaf_input, leaves_begin(leaves))) {
		leaves_undo(leaves);
		return false;
	}
	if (!has_extra || !rfc6962_is_base64(f, e->extra_data)) {
		e->extra_data = (struct json_str){ .raw = SPAN("") };
		p->odd = "RFC 6962 4.6: extra_data is missing or not base64";
	}
	return true;
}

static const char *
rfc6962_entries(struct page *p, struct json *j)
{
	struct rfc6962_page *own = p->own;
	struct fetch *f = p->source->fetch;
	struct leaves leaves;
	bool reads = true;

	if (json_peek(j) == JSON_NULL)	/* an empty list, as some servers write it */
		return json_skip(j, NULL) ? NULL : j->why;
	if (json_peek(j) != JSON_ARRAY || !json_enter(j))
		return "RFC 6962 4.6: entries is not an array";
	leaves_init(&leaves, f->many, f->text, p->hashes);
	/* Some logs give whole tiles of their own, beyond what was asked for: the first count. */
	while (reads && p->n < p->until - p->from && json_item(j)) {
		reads = rfc6962_entry(j, p, &leaves, &own->entries[p->n]);
		p->n += reads;
	}
	leaves_finish(&leaves);
	if (p->n > 0)
		return NULL;
	return reads ? j->why : "RFC 6962 4.6: the first entry cannot be read";
}

/* Tries twice the size after a long run of full pages. */
static void
rfc6962_grow(struct rfc6962_log *l, unsigned n, unsigned size)
{
	l->full_count += n == size;
	if (size >= FIRST_PAGE_SIZE || l->full_count < (l->grow_after > 0 ? l->grow_after : GROW_AFTER))
		return;
	l->size = size * 2 < FIRST_PAGE_SIZE ? size * 2 : FIRST_PAGE_SIZE;
	l->full_count = 0;
}

/*
 * Takes over the size of a page that came after larger ones were refused. It grows again soon,
 * because the trouble may have been with one entry only; but later each time that does not help.
 */
static void
rfc6962_shrink(struct rfc6962_log *l, unsigned size)
{
	l->grow_after = l->grow_after == 0 ? GROW_SOON : l->grow_after * 2;
	if (l->grow_after > GROW_LATE)
		l->grow_after = GROW_LATE;
	l->size = size;
	l->full_count = 0;
}

/*
 * Learns the page size of a log. An answer that stops short, far below the head, stops at the
 * log's own boundary: three of them at equal distances tell the page size. After a run of full
 * pages twice the size is tried; if that is too much, nothing is lost, because each answer still
 * brings what the log gives, or a refused page is asked for in halves.
 */
static void
rfc6962_learn(const struct page *p)
{
	struct rfc6962_log *l = p->source->learned;
	uint64_t stop = p->from + p->n, gap = stop - l->short_end;
	unsigned size = rfc6962_size(p->source);

	if (stop == p->until) {
		if (p->most > 0 && p->most < size && p->n == p->most)
			rfc6962_shrink(l, p->n);
		else
			rfc6962_grow(l, p->n, size);
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
	p->hashes = malloc((size_t)(p->until - p->from) * TREE_HASH);
	if (own->entries == NULL || p->hashes == NULL)
		die_world("out of memory");
	json_init(&j, buf_span(&p->body));
	if (json_peek(&j) != JSON_OBJECT || !json_enter(&j))
		return "RFC 6962 4.6: the answer is not a JSON object";
	while (why == NULL && p->n == 0 && json_key(&j, &key)) {
		if (!json_is(key, "entries")) {
			(void)json_skip(&j, NULL);
			continue;
		}
		has_entries = true;
		why = rfc6962_entries(p, &j);
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

/* The timestamp is in bytes 2 to 9 of leaf_input, which is a MerkleTreeLeaf (RFC 6962 3.4). */
static uint64_t
rfc6962_page_time(const struct page *p, unsigned i)
{
	const struct rfc6962_page *own = p->own;
	struct buf *text = p->source->fetch->scratch;
	uint8_t front[12];
	uint64_t ms = 0;
	struct rd r;

	buf_reset(text);
	rfc6962_text(text, own->entries[i].leaf_input);
	if (text->n < 16 || b64_take(front, span_of(text->p, 16)) != sizeof(front))
		return 0;
	r = rd_of(span_of(front + 2, 8));
	(void)rd_uint(&r, 8, &ms);
	return ms;
}

static void
rfc6962_page_drop(struct page *p)
{
	struct rfc6962_page *own = p->own;

	if (own == NULL)
		return;
	free(own->entries);
	own->entries = NULL;
}

/*
 * 400 can mean that the server that answered has not got as far as the head says, or that the range
 * is too long for it. Near the end of the tree the first is meant first.
 */
static enum protocol_refusal
rfc6962_page_refused(struct page *p, int status)
{
	bool near_end = p->size - p->until < rfc6962_size(p->source);

	if (status == 400 && (p->until - p->from == 1 ||
	    (near_end && p->most == 0 && p->failures < BEHIND_TRIES)))
		return PROTOCOL_BEHIND;
	return PROTOCOL_REFUSED;
}

const struct protocol protocol_rfc6962 = {
	.name = "rfc6962",
	.head_path = "ct/v1/get-sth",
	.what = "get-entries",
	.poll = 10 * 1000,
	.most_head = MAX_STH,
	.halves = true,
	.prover = &prover_consistency,
	.log_bytes = sizeof(struct rfc6962_log),
	.page_bytes = sizeof(struct rfc6962_page),
	.head_take = rfc6962_head_take,
	.page_end = rfc6962_page_end,
	.page_path = rfc6962_page_path,
	.page_take = rfc6962_page_take,
	.page_is_whole = rfc6962_page_is_whole,
	.page_put = rfc6962_page_put,
	.page_time = rfc6962_page_time,
	.page_drop = rfc6962_page_drop,
	.page_refused = rfc6962_page_refused,
};

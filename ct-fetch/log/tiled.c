/*
 * The protocol of static-ct-api (C2SP): checkpoints, data tiles and issuers.
 *
 * in: answers
 * out: tree heads, and leaves turned into the form of RFC 6962 get-entries, with the issuers
 * that the tile names only by their fingerprints
 *
 * A log may delete a partial tile once the full one exists; the full one is then asked for.
 */
#include <stdlib.h>
#include <strings.h>

#include "base/die.h"
#include "ct-fetch/log/issuer.h"
#include "ct-fetch/log/leaves.h"
#include "ct-fetch/log/protocol.h"
#include "ct/note.h"
#include "ct/tile.h"
#include "enc/b64.h"

enum {
	MAX_CHAIN = 32,	/* issuers of one leaf: keeps a hostile tile from asking for a million */
};

struct tiled_leaf {
	struct tile_leaf leaf;	/* borrows the page's body */
	unsigned issuers_n;
	struct issuer *issuers[MAX_CHAIN];
};

struct tiled_page {
	struct tiled_leaf *leaves;	/* one for each entry that was asked for */
	unsigned holds;			/* of them, those whose issuers are held */
	bool full;			/* the partial tile is gone: the full one is asked for */
};

static enum protocol_head
tiled_head_take(const struct source *s, struct span body, struct head *h, const char **why)
{
	struct note note;

	*why = note_parse(body, &note);
	if (*why != NULL)
		return PROTOCOL_HEAD_NONE;
	*why = note_verify(&note, s->fetch->hash, s->key, h);
	return *why == NULL ? PROTOCOL_HEAD_GOOD : PROTOCOL_HEAD_FORGED;
}

static uint64_t
tiled_page_end(const struct source *s, uint64_t index)
{
	(void)s;
	return index - index % TILE_WIDTH + TILE_WIDTH;
}

/*
 * Returns the width of the tile to ask for: full when the head says so or the partial one is
 * gone.
 */
static unsigned
tiled_width(const struct page *p)
{
	const struct tiled_page *own = p->own;
	uint64_t tile = p->from / TILE_WIDTH;

	if (own->full || tile < tile_full(p->size, TILE_DATA))
		return TILE_WIDTH;
	return tile_partial(p->size, TILE_DATA);
}

static void
tiled_page_path(const struct page *p, struct buf *path)
{
	char text[MAX_TILE_PATH];

	tile_path(text, TILE_DATA, p->from / TILE_WIDTH, tiled_width(p));
	buf_puts(path, text);
}

/*
 * Archives of RFC 6962 logs have tiles without leaf_index; they are read from files. A wrong one is
 * the log's fault, and no reason to leave the entry out when the tree has it.
 */
static void
tiled_check_index(struct page *p, const struct tile_leaf *leaf, uint64_t want)
{
	uint64_t index;
	const char *why;

	if (leaf->extensions.n == 0 && strncasecmp(p->source->url, "file:", 5) == 0)
		return;
	why = tile_leaf_index(leaf, &index);
	if (why == NULL && index != want)
		why = "static-ct-api: a leaf_index is not the leaf's place in the tile";
	if (why != NULL)
		p->odd = why;
}

/* Holds the issuers of a leaf, up to the first that is not even wanted: its chain will end there. */
static void
tiled_hold_issuers(struct page *p, struct tiled_leaf *l)
{
	const struct source *s = p->source;
	size_t n = l->leaf.chain.n / HASH_SHA256;

	while (l->issuers_n < n && l->issuers_n < MAX_CHAIN) {
		struct issuer *i = issuer_hold(s->fetch->issuers,
		    l->leaf.chain.p + (size_t)l->issuers_n * HASH_SHA256, s->url, s->host);

		if (i == NULL)
			return;
		l->issuers[l->issuers_n++] = i;
	}
}

/*
 * Reads the leaves of the tile into p->n of them. Where one cannot be read, because the tile was cut or
 * because of what is in it, those before it count. The rest is asked for as a whole tile again, as few
 * servers give parts of what they compress; of one whose first leaf cannot be read, nothing is of use.
 */
static const char *
tiled_leaves(struct page *p)
{
	unsigned width = tiled_width(p), skip = (unsigned)(p->from % TILE_WIDTH);
	const struct tiled_page *own = p->own;
	struct fetch *f = p->source->fetch;
	struct rd r = rd_of(buf_span(&p->body));
	struct tile_leaf leaf;
	struct leaves leaves;
	const char *why = NULL;

	leaves_init(&leaves, f->many, f->text, p->hashes);
	for (unsigned i = 0; i < width && (why = tile_next(&r, &leaf)) == NULL; i++) {
		if (i < skip || i - skip >= p->until - p->from)
			continue;
		tiled_check_index(p, &leaf, p->from - skip + i);
		tile_put_leaf_input(leaves_begin(&leaves), &leaf);
		own->leaves[p->n++].leaf = leaf;
	}
	leaves_finish(&leaves);
	if (why != NULL)
		return p->n > 0 ? NULL : why;
	return rd_done(&r) ? NULL : "static-ct-api: the tile holds more leaves than its width";
}

static const char *
tiled_page_take(struct page *p)
{
	struct tiled_page *own = p->own;
	const char *why;

	own->leaves = calloc((size_t)(p->until - p->from), sizeof(struct tiled_leaf));
	p->hashes = malloc((size_t)(p->until - p->from) * TREE_HASH);
	if (own->leaves == NULL || p->hashes == NULL)
		die_world("out of memory");
	why = tiled_leaves(p);
	if (why != NULL)
		return why;
	own->holds = p->n;
	for (unsigned i = 0; i < p->n; i++)
		tiled_hold_issuers(p, &own->leaves[i]);
	return NULL;
}

static bool
tiled_page_is_whole(struct page *p)
{
	const struct tiled_page *own = p->own;

	for (unsigned i = 0; i < p->n; i++)
		for (unsigned k = 0; k < own->leaves[i].issuers_n; k++)
			if (issuer_state(own->leaves[i].issuers[k]) == ISSUER_WANTED)
				return false;
	return true;
}

/*
 * Appends the member chain_missing, which names the certificates that are not in extra_data: those
 * from number n of the chain on.
 */
static void
tiled_put_missing(const struct tiled_leaf *l, size_t n, struct buf *out)
{
	struct span rest = span_from(l->leaf.chain, n * HASH_SHA256);
	char name[MAX_TILE_FINGERPRINT];

	buf_puts(out, ",\"chain_missing\":[");
	for (size_t at = 0; at < rest.n; at += HASH_SHA256) {
		tile_fingerprint(name, rest.p + at);
		buf_putf(out, "%s\"%s\"", at > 0 ? "," : "", name);
	}
	buf_putc(out, ']');
}

/* The chain ends before the first issuer that is not there. */
static void
tiled_page_put(struct page *p, unsigned i, struct buf *out)
{
	const struct tiled_page *own = p->own;
	const struct tiled_leaf *l = &own->leaves[i];
	struct buf *scratch = p->source->fetch->scratch;
	struct span chain[MAX_CHAIN];
	size_t n = 0;

	while (n < l->issuers_n && issuer_state(l->issuers[n]) == ISSUER_KNOWN) {
		chain[n] = issuer_der(l->issuers[n]);
		n++;
	}
	buf_reset(scratch);
	tile_put_leaf_input(scratch, &l->leaf);
	b64_put(out, buf_span(scratch));
	buf_puts(out, "\",\"extra_data\":\"");
	buf_reset(scratch);
	if (tile_put_extra_data(scratch, &l->leaf, chain, n) != NULL) {
		n = 0;
		(void)tile_put_extra_data(scratch, &l->leaf, NULL, n);
	}
	b64_put(out, buf_span(scratch));
	buf_putc(out, '"');
	if (n * HASH_SHA256 < l->leaf.chain.n) {
		tiled_put_missing(l, n, out);
		p->source->fetch->count.chains_missing++;
	}
}

static uint64_t
tiled_page_time(const struct page *p, unsigned i)
{
	const struct tiled_page *own = p->own;

	return own->leaves[i].leaf.timestamp;
}

static void
tiled_page_drop(struct page *p)
{
	struct tiled_page *own = p->own;

	if (own == NULL)
		return;
	for (unsigned i = 0; i < own->holds; i++)
		for (unsigned k = 0; k < own->leaves[i].issuers_n; k++)
			issuer_release(p->source->fetch->issuers, own->leaves[i].issuers[k]);
	free(own->leaves);
	own->leaves = NULL;
	own->holds = 0;
}

/* A log may drop a partial tile once the full one exists (C2SP tlog-tiles). */
static enum protocol_refusal
tiled_page_refused(struct page *p, int status)
{
	struct tiled_page *own = p->own;
	bool gone = status == 404 || status == 410;

	if (gone && tiled_width(p) < TILE_WIDTH) {
		own->full = true;
		return PROTOCOL_OTHER;
	}
	own->full = false;
	return gone ? PROTOCOL_LOST : PROTOCOL_REFUSED;	/* the width of a newer head may be there */
}

const struct protocol protocol_tiled = {
	.name = "tiled",
	.head_path = "checkpoint",
	.what = "data tile",
	.poll = 5 * 1000,
	.most_head = MAX_NOTE,
	.prover = &prover_tiles,
	.log_bytes = 1,
	.page_bytes = sizeof(struct tiled_page),
	.head_take = tiled_head_take,
	.page_end = tiled_page_end,
	.page_path = tiled_page_path,
	.page_take = tiled_page_take,
	.page_is_whole = tiled_page_is_whole,
	.page_put = tiled_page_put,
	.page_time = tiled_page_time,
	.page_drop = tiled_page_drop,
	.page_refused = tiled_page_refused,
};

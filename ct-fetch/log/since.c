/*
 * Finding an entry by its time.
 *
 * in: single entries, or the tiles that hold them
 * out: the index of the first entry as of a time
 *
 * A place at which nothing can be had is passed by: the next one is looked at between it and the end.
 */
#include "ct-fetch/log/since.h"

#include <stdlib.h>

#include "base/die.h"
#include "ct-fetch/log/protocol.h"
#include "ct/tile.h"

enum {
	SINCE_TRIES = 4,	/* requests that bring nothing, after which a place is passed by */
	SINCE_FEW = 64,		/* entries, of which all are asked for */
};

struct since {
	const struct source *source;
	uint64_t ms, size;
	uint64_t low, high;	/* the entry that is looked for is at low or behind, and not behind high */
	uint64_t from;		/* the next place is between this and high: low, or behind what failed */
	uint64_t failed;	/* the first place that was passed by since low or high moved; or high */
	struct page *page;	/* NULL: none is asked for */
	void (*told)(void *cookie, const char *what, const char *why);
	void *cookie;
};

struct since *
since_open(const struct source *source, uint64_t ms, const struct head *head,
    void (*told)(void *cookie, const char *what, const char *why), void *cookie)
{
	struct since *s = calloc(1, sizeof(*s));

	if (s == NULL)
		die_world("out of memory");
	*s = (struct since){
		.source = source, .ms = ms, .size = head->size, .high = head->size,
		.failed = head->size, .told = told, .cookie = cookie,
	};
	return s;
}

static void
since_drop_page(struct since *s)
{
	if (s->page != NULL)
		page_free(s->page);
	s->page = NULL;
}

void
since_free(struct since *s)
{
	if (s == NULL)
		return;
	since_drop_page(s);
	free(s);
}

static void
since_page_told(void *cookie, struct page *p, enum page_news news, const char *why)
{
	struct since *s = cookie;
	char name[MAX_PAGE_NAME];

	if (news == PAGE_CAME)
		s->told(s->cookie, page_name(p, name), NULL);
	else
		s->told(s->cookie, page_name(p, name), why != NULL ? why : p->why);
}

/*
 * Begins to ask for what is in the middle: of a log with pages one entry, until few are left; a tile
 * comes whole anyway.
 */
static void
since_look(struct since *s)
{
	const struct protocol *protocol = s->source->protocol;
	bool tiled = protocol == &protocol_tiled, few = s->high - s->from <= SINCE_FEW;
	uint64_t at = few ? s->from : s->from + (s->high - s->from) / 2, end;

	if (tiled && at - at % TILE_WIDTH >= s->from)
		at -= at % TILE_WIDTH;
	end = tiled || few ? protocol->page_end(s->source, at) : at + 1;
	s->page = page_open(s->source, at, end < s->high ? end : s->high, s->size, since_page_told, s);
}

/* Takes what the page says of where the entry is. */
static void
since_judge(struct since *s)
{
	const struct page *p = s->page;
	unsigned i = 0;

	while (i < p->n && s->source->protocol->page_time(p, i) < s->ms)
		i++;
	if (i > 0)
		s->low = p->from + i;
	if (i < p->n)
		s->high = p->from + i;
	s->from = s->low;
	s->failed = s->high;
	since_drop_page(s);
}

/* Passes by a place at which nothing is to be had. */
static void
since_pass(struct since *s)
{
	if (s->failed == s->high)
		s->failed = s->page->from;
	s->from = s->page->until;
	since_drop_page(s);
	if (s->from < s->high)
		return;
	/* Nothing behind it is to be had either: it begins too early rather than too late. */
	s->high = s->failed;
	s->from = s->low;
}

bool
since_turn(struct since *s, uint64_t now, uint64_t *again, uint64_t *index)
{
	while (s->low < s->high) {
		if (s->page == NULL)
			since_look(s);
		if (s->page->state == PAGE_HELD) {
			since_judge(s);
		} else if (s->page->state == PAGE_WANTED && s->page->failures >= SINCE_TRIES) {
			since_pass(s);
		} else {
			page_ask(s->page, HOST_PROOF, true, now, again);
			return false;
		}
	}
	*index = s->low;
	return true;
}

/*
 * A page: a range of one log's entries that one request can bring, on its way from the log to
 * standard output. It is asked for, received, and put out. What an answer lacks of the range is
 * asked for again, until the whole range has gone out. A page belongs to a log, which is told
 * what became of each request.
 */
#ifndef CT_FETCH_PAGE_H
#define CT_FETCH_PAGE_H

#include "ct-fetch/net/ask.h"
#include "ct-fetch/log/source.h"

enum {
	MAX_PAGE = 64 << 20,	/* bytes of one answer, also after inflating: bounds memory */
	MAX_PAGE_NAME = 96,	/* bytes of the name of a page, NUL included */
};

enum page_state {
	PAGE_WANTED,	/* to be asked for once log and host allow it */
	PAGE_ASKED,	/* its request is under way */
	PAGE_HELD,	/* received; an issuer that its entries refer to may be on its way */
	PAGE_READY,	/* complete: it is put out as soon as the entries before it are out */
};

/* What a page tells its log about a request. */
enum page_news {
	PAGE_CAME,	/* the answer had entries */
	PAGE_TROUBLE,	/* there was no answer, or it was of no use */
	PAGE_LOST,	/* the same as PAGE_TROUBLE, but under a newer tree head it may succeed */
	PAGE_EMPTY,	/* the answer had no entries: the log does not have them ready yet */
	PAGE_BEHIND,	/* the server that answered does not know entries as far as the head yet */
	PAGE_OVERDUE,	/* with --once: PAGE_EMPTY or PAGE_BEHIND for too long */
};

struct page {
	/* These members are read by the protocol too, which sets n and own. */
	const struct source *source;
	uint64_t from;		/* index of the first entry that has not been put out */
	uint64_t until;		/* index behind the last entry of the request under way */
	uint64_t size;		/* tree size of the head that it is asked for under */
	unsigned n;		/* entries received, from `from` on */
	bool cut;		/* the connection broke in the middle of the answer */
	struct buf body;	/* the answer */
	void *own;		/* what the protocol keeps for each page */

	/* The rest belongs to page.c; log.c reads it. */
	enum page_state state;
	uint64_t to;		/* index behind the last entry of the range */
	uint64_t not_before;	/* loop ms: the page is not asked for before this time */
	bool patient;		/* asked for earlier than not_before if the head grows */
	uint64_t wait_since;	/* loop ms: first PAGE_EMPTY or PAGE_BEHIND in a row, or 0 */
	bool wait_told;		/* the user has been told of this wait */
	unsigned put;		/* of the n entries, how many have gone out */
	char seen[32];		/* when the answer came, as text for the member seen of records */
	struct ask ask;
	void (*told)(void *cookie, struct page *page, enum page_news news, const char *why);
	void *cookie;
};

/*
 * Prepares page for requests to source, which must outlive it. told(cookie, page, news, why) is
 * called at the end of each request; why is the reason in words, or NULL with PAGE_CAME,
 * PAGE_EMPTY and PAGE_BEHIND.
 */
void page_init(struct page *page, const struct source *source,
    void (*told)(void *cookie, struct page *page, enum page_news news, const char *why),
    void *cookie);

/* Cancels the request that is under way and frees all that page holds. */
void page_free(struct page *page);

/*
 * Gives page a new range, from (inclusive) to to (exclusive), under a head of size entries. It
 * must not go beyond what the protocol's page_end allows. source_settle has been called.
 */
void page_set(struct page *page, uint64_t from, uint64_t to, uint64_t size);

/*
 * Starts the request if the page is wanted and due, standard output has room and the host allows
 * it. next is true for the page whose entries go out next; the others are not asked for while
 * too much waits. now is in loop ms. Where only time is missing, *again becomes the earlier of
 * what it was and the loop ms to call again.
 */
void page_ask(struct page *page, bool next, uint64_t now, uint64_t *again);

/*
 * Puts out the entries that have come, as far as standard output has room. *next is the index
 * that goes out next; each entry must have it, and raises it by one. Returns true when the whole
 * range is out, and false when more is to come.
 */
bool page_put(struct page *page, uint64_t *next);

/* Writes what the request asks for, as "data tile 256-511", into name, and returns that. */
const char *page_name(const struct page *page, char name[MAX_PAGE_NAME]);

#endif

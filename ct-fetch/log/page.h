/*
 * A page: a range of one log's entries that one request can bring, on its way from the log to
 * standard output. It is asked for, received, proven and put out. A page belongs to a lane
 * (lane.h), which is told what became of each request.
 *
 * When a log refuses a range, the page asks for the first half of it, and so on, because some logs
 * have limits that they do not state. When an answer holds less than the range, the page ends
 * there, and its lane makes another page of the rest.
 */
#ifndef CT_FETCH_LOG_PAGE_H
#define CT_FETCH_LOG_PAGE_H

#include "ct-fetch/log/source.h"
#include "ct-fetch/net/ask.h"
#include "ct/tree.h"

enum {
	MAX_PAGE = 64 << 20,	/* bytes of one answer, also after inflating: bounds memory */
	MAX_PAGE_NAME = 96,	/* bytes of the name of a page, NUL included */
};

enum page_state {
	PAGE_WANTED,	/* to be asked for once log and host allow it */
	PAGE_ASKED,	/* its request is under way */
	PAGE_HELD,	/* its entries have come */
};

/* What a page tells its lane about a request. */
enum page_news {
	PAGE_CAME,	/* the answer had entries */
	PAGE_REFUSED,	/* the log refused this request, or answered nonsense */
	PAGE_UNHEARD,	/* there was no answer, or the server is in trouble */
	PAGE_LOST,	/* it is not there; a newer tree head may show what to ask for instead */
	PAGE_EMPTY,	/* the answer had no entries: the log does not have them ready yet */
	PAGE_BEHIND,	/* the server that answered does not know entries as far as the head yet */
};

struct page {
	/* These members are read by the protocol too, which sets n, own, hashes and odd. */
	const struct source *source;
	uint64_t from;		/* index of the first entry */
	uint64_t until;		/* index behind the last entry of the request under way */
	uint64_t size;		/* tree size of the head that it is asked for under */
	unsigned n;		/* entries received, from `from` on */
	bool cut;		/* the connection broke in the middle of the answer */
	struct buf body;	/* the answer */
	void *own;		/* what the protocol keeps for each page */
	uint8_t (*hashes)[TREE_HASH];	/* leaf hashes of the n entries; owned */
	const char *odd;	/* NULL, or a static reason: what the log must not have logged */

	/* The rest belongs to page.c; the lane reads it. */
	enum page_state state;
	uint64_t to;		/* index behind the last entry of the range */
	uint64_t not_before;	/* loop ms: the page is not asked for before this time */
	uint64_t most;		/* entries to ask for at a time, after refusals; 0: all of them */
	bool patient;		/* asked for earlier than not_before if the head grows */
	uint64_t since;		/* loop ms: the first request in a row that brought nothing; 0: none */
	unsigned failures;	/* how many that are */
	bool fresh;		/* the next request goes over a new connection */
	unsigned put;		/* of the n entries, how many have gone out */
	uint64_t seen;		/* ms since 1970: when the answer came */
	char why[MAX_WHY];	/* what went wrong last */
	struct ask ask;
	void (*told)(void *cookie, struct page *page, enum page_news news, const char *why);
	void *cookie;

	/* These belong to the lane. */
	struct page *next;	/* in order of index */
	bool hashed;		/* its hashes are in the lane's range */
	struct tree after;	/* the range behind its last entry */
};

/*
 * Returns a page for the entries from (inclusive) to `to` (exclusive) of source, which must outlive it,
 * under a head of `size` entries. source_settle has been called. told(cookie, page, news, why) is
 * called at the end of each request; why is the reason in words, or NULL with PAGE_CAME,
 * PAGE_EMPTY and PAGE_BEHIND.
 */
struct page *page_open(const struct source *source, uint64_t from, uint64_t to, uint64_t size,
    void (*told)(void *cookie, struct page *page, enum page_news news, const char *why),
    void *cookie);

/* Cancels the request that is under way and frees the page. */
void page_free(struct page *page);

/*
 * Starts the request if the page is wanted and due, standard output has room and the host allows
 * it. class is that of the lane. first is true for the page whose entries go out next; the others
 * are not asked for while too much waits. now is in loop ms. Where only time is missing, *again
 * becomes the earlier of what it was and the loop ms to call again.
 */
void page_ask(struct page *page, enum host_class class, bool first, uint64_t now, uint64_t *again);

/*
 * Forgets the entries from index on, which lies in the page: its range ends there, and index is
 * asked for anew by another page.
 */
void page_shorten(struct page *page, uint64_t index);

/*
 * Puts out the entries that have come and whose index is below limit, as far as standard output has
 * room. Entries before skip are passed over. Returns true when every entry of the page is out or
 * passed over, and false when more is to come.
 */
bool page_put(struct page *page, uint64_t limit, uint64_t skip);

/* Writes to name what the request asks for, such as "data tile 256-511", and returns name. */
const char *page_name(const struct page *page, char name[MAX_PAGE_NAME]);

#endif

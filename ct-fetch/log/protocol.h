/*
 * A protocol: how tree heads and entries are asked for and read. There are two, RFC 6962
 * (rfc6962.c) and static-ct-api (tiled.c), each a table of functions. Everything else about
 * following a log works with either of them.
 *
 * A protocol sees a source (the log) and a page (one request for entries and its answer). It
 * keeps what it needs of its own in source->learned and page->own, whose sizes it states; both
 * start as zeros.
 */
#ifndef CT_FETCH_PROTOCOL_H
#define CT_FETCH_PROTOCOL_H

#include "ct-fetch/log/page.h"
#include "ct-fetch/proof/proof.h"
#include "ct/head.h"

enum protocol_head {
	PROTOCOL_HEAD_GOOD,	/* a tree head that the log's key signed */
	PROTOCOL_HEAD_NONE,	/* not a tree head of this protocol */
	PROTOCOL_HEAD_FORGED,	/* a tree head whose signature is missing or wrong */
};

/* What it means that a page was refused with an HTTP status other than 200. */
enum protocol_refusal {
	PROTOCOL_REFUSED,	/* trouble, as with any request */
	PROTOCOL_LOST,		/* trouble, and a newer head may show what to ask for instead */
	PROTOCOL_BEHIND,	/* this server has not got as far as the head: the page comes later */
	PROTOCOL_OTHER,		/* no trouble: page_path now asks for something else */
};

struct protocol {
	const char *name;	/* the type in records: "rfc6962" or "tiled" */
	const char *head_path;	/* of the tree head, relative to the log's URL */
	const char *what;	/* what a page is called in messages */
	unsigned poll;		/* ms between two heads of a busy log */
	size_t most_head;	/* bytes that a tree head may have */
	bool halves;		/* a refused page is asked for in halves */
	const struct prover *prover;	/* how entries are proven */
	size_t log_bytes;	/* size of source->learned */
	size_t page_bytes;	/* size of page->own */

	/*
	 * Reads a tree head from body and verifies its signature. Returns PROTOCOL_HEAD_GOOD with
	 * *head set, or another value with *why set to a static reason.
	 */
	enum protocol_head (*head_take)(const struct source *source, struct span body,
	    struct head *head, const char **why);

	/*
	 * Returns the index behind the last entry that one request beginning at index can bring.
	 */
	uint64_t (*page_end)(const struct source *source, uint64_t index);

	/* Appends the path, relative to the log's URL, that brings page->from to page->until. */
	void (*page_path)(const struct page *page, struct buf *path);

	/*
	 * Reads page->body into page->n entries, the first of which has the index page->from, and
	 * keeps them in page->own, with their leaf hashes in page->hashes. Returns NULL, also when
	 * the answer holds no entry yet (n is 0), or a static reason when the answer cannot be
	 * used. Of an answer that was cut (page->cut) the whole entries count. What proves the
	 * log at fault, though its tree may hold it, becomes page->odd.
	 */
	const char *(*page_take)(struct page *page);

	/*
	 * Returns true when all that the entries refer to, such as issuers, has come, has failed
	 * or is late.
	 */
	bool (*page_is_whole)(struct page *page);

	/*
	 * Appends entry i of page_take to out, as LEAF","extra_data":"EXTRA" with both values in
	 * base64. Members that only some records have may follow, each with a comma before it. The
	 * caller writes what stands before, and the end of the record.
	 */
	void (*page_put)(struct page *page, unsigned i, struct buf *out);

	/* Returns when entry i of page_take was logged, in ms since 1970, or 0 when it does not say. */
	uint64_t (*page_time)(const struct page *page, unsigned i);

	/* Frees what page_take has put into page->own, if it has put anything there. */
	void (*page_drop)(struct page *page);

	/* Says what the refusal with this HTTP status means. */
	enum protocol_refusal (*page_refused)(struct page *page, int status);
};

extern const struct protocol protocol_rfc6962;
extern const struct protocol protocol_tiled;

#endif

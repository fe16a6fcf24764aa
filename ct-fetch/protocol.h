/* The two ways to read a log. Everything else about following one is in log.c. */
#ifndef CT_FETCH_PROTOCOL_H
#define CT_FETCH_PROTOCOL_H

#include "ct-fetch/log.h"

enum protocol_head {
	PROTOCOL_HEAD_GOOD,
	PROTOCOL_HEAD_NONE,	/* nothing this protocol has */
	PROTOCOL_HEAD_FORGED,	/* one that the log's key did not sign */
};

struct protocol {
	const char *name;	/* as in records: "rfc6962", "tiled" */
	const char *head_path;	/* behind the log's URL */
	const char *what;	/* a page, for people */
	unsigned poll;		/* ms between heads of a busy log */
	size_t most_head;	/* bytes */
	bool decode;		/* pages: libcurl undoes gzip */

	/* Reads and verifies a tree head. A static reason in *why unless good. */
	enum protocol_head (*head_take)(const struct log *, struct span body, struct head *,
	    const char **why);

	/* Where the page that holds this index ends. */
	uint64_t (*page_end)(const struct log *, uint64_t index);

	/* What to ask for to get from..to; may shorten what comes, never to. */
	void (*page_path)(const struct page *, struct buf *path);

	/*
	 * Reads page->body into n entries that begin with page->from. Static
	 * reason when it holds none of use; n 0 and NULL: not there yet. A body
	 * that was cut gives the entries that are whole.
	 */
	const char *(*page_take)(struct page *);

	/* Everything it refers to is there. */
	bool (*page_is_whole)(struct page *);

	/* Appends leaf_input","extra_data":" of entry i, in base64, between those quotes. */
	void (*page_put)(struct page *, unsigned i, struct buf *);

	/* Frees parsed. */
	void (*page_drop)(struct page *);

	/* A refusal that is not trouble; true: page and log were set for what comes next. */
	bool (*page_refused)(struct page *, int status);
};

extern const struct protocol protocol_rfc6962;
extern const struct protocol protocol_tiled;

#endif

/*
 * A filter says which certificates one client wants. ct-ws(1) has the language, in FILTERS. It has
 * six kinds of condition. A certificate must meet each kind that is given, and meets a kind when it
 * meets one of its values. A filter without any lets everything through.
 *
 * Values are kept in one spelling, so that filters that want the same have the same bytes:
 * domains as A-labels in lower case, the texts of match, issuer and log in lower case (RFC 5890;
 * match beyond ASCII too), regexes as they were given.
 */
#ifndef CT_WS_FILTER_FILTER_H
#define CT_WS_FILTER_FILTER_H

#include "base/buf.h"

enum {
	MAX_FILTER_VALUES = 1000,	/* of one filter, all kinds together: bounds what an event costs */
	MAX_FILTER_BYTES = 8 * 1024,	/* of these values, each with a NUL: bounds memory a client */
	MAX_FILTER_VALUE = 512,		/* bytes of one value as it was given */
	MAX_FILTER_REGEXES = 16,	/* of one filter: each is compiled */
};

/* The kinds whose values are texts. */
enum filter_kind {
	FILTER_DOMAIN,	/* names, "*." before those of which only what is below them is wanted */
	FILTER_MATCH,	/* parts of a name */
	FILTER_REGEX,	/* patterns found in a name */
	FILTER_ISSUER,	/* parts of the issuer's common name or organization */
	FILTER_LOG,	/* parts of the log's name or URL */
	FILTER_KINDS,
};

/* What is wanted of the two types of entry. */
enum filter_type {
	FILTER_BOTH,
	FILTER_CERTS,		/* precert=0 */
	FILTER_PRECERTS,	/* precert=1 */
};

struct filter {
	struct buf values[FILTER_KINDS];	/* owned; each value and a NUL, in order, none twice */
	enum filter_type type;
};

/* Makes *f a filter that lets everything through and owns no memory. */
void filter_init(struct filter *f);

/* Frees the memory of f, which is then as filter_init makes it. */
void filter_free(struct filter *f);

/* Returns true when f lets everything through. */
bool filter_is_empty(const struct filter *f);

/*
 * Makes *f the filter that the query of a URL asks for (what is behind its '?'); keys that name no
 * kind are passed over. *f is overwritten and not freed before. Returns true. Returns false with *f
 * as filter_init makes it when the query is wrong, and then appends to why a line for people without
 * LF: the key and value, and what is wrong at which character. The line is valid UTF-8 without
 * control characters.
 */
bool filter_parse_query(struct filter *f, struct span query, struct buf *why);

/*
 * Makes *f the filter that text, a message of a client, asks for: {"subscribe":{...}} with the kinds as
 * keys, whose values are a string or an array of strings, and for precert true or false. Any other
 * key is wrong. *f, why and the result are as with filter_parse_query: returns true, or false with a
 * line appended to why.
 */
bool filter_parse_json(struct filter *f, struct span text, struct buf *why);

/*
 * Appends to b the answer that says what is in force, without LF:
 * {"message_type":"subscribed","subscribe":{...}}. Its member "subscribe" is one that filter_parse_json
 * takes, and from which it makes the same filter.
 */
void filter_put_json(const struct filter *f, struct buf *b);

/*
 * Takes the next value off the front of *rest, which is at first buf_span of one of f->values.
 * Returns true with *value set, valid as long as f; or false when none is left.
 */
bool filter_next(struct span *rest, struct span *value);

#endif

/*
 * Who may come in: ranges of addresses that are allowed or denied, a limit on the
 * connections of an address, and tokens. A connection carries a struct door_pass, which says
 * who it belongs to and what has been counted for it.
 */
#ifndef CT_WS_DOOR_DOOR_H
#define CT_WS_DOOR_DOOR_H

#include "ct-ws/door/census.h"
#include "ct-ws/door/cidr.h"
#include "ct-ws/door/permit.h"
#include "event/form.h"

enum { MAX_TOKEN_FILE = 4 * 1024 * 1024 };	/* bytes */

/* Why a client or a request is refused. */
enum door_why {
	DOOR_OPEN,		/* no reason: the client is not refused */
	DOOR_FULL,		/* there are too many connections */
	DOOR_ADDRESS,		/* the client's address has too many connections */
	DOOR_DENIED,		/* the client's address may not come in */
	DOOR_NO_TOKEN,		/* the request has no token */
	DOOR_BAD_TOKEN,		/* its token is not in the token file */
	DOOR_STREAM,		/* its token is not for this stream */
	DOOR_TOKEN_FULL,	/* its token has too many streams open */
	DOOR_PROXY,		/* the proxy's header is broken or late */
	DOOR_TLS,		/* the TLS handshake failed or was late */
	DOOR_WHYS,		/* how many there are */
};

/* All bytes zero, with an open hash, is a door through which everybody may come. */
struct door {
	struct hash *hash;		/* borrowed */
	struct cidrs trusted;		/* proxies: what they say of their clients is believed */
	struct cidrs allowed, denied;
	bool proxy_protocol;		/* the connections of trusted proxies begin with a PROXY header */
	struct census census;
	const char *token_file;		/* borrowed; NULL when no token is needed */
	struct permits permits;
	struct roll *streams;		/* borrowed; counts the streams of tokens over all workers, or NULL */
	size_t worker;			/* which of the workers this is */
};

/* What a connection has been given. All bytes are zero before door_enter. */
struct door_pass {
	struct address address;		/* of the client, as far as it is known */
	bool counted;			/* address is in the census */
	struct permit *permit;		/* that of the last request; NULL when none is needed */
	bool streams;			/* a stream is counted for the token */
};

/* Returns true when address is that of a trusted proxy: what it says of its clients is believed. */
bool door_trusts(const struct door *d, const struct address *a);

/*
 * Lets the client at address in, on a connection whose pass is *pass: checks the ranges,
 * and counts the connection for the address. A trusted proxy is let in without either. To
 * be called again when the client behind a proxy is another one. Returns DOOR_OPEN, or
 * DOOR_DENIED or DOOR_ADDRESS; then nothing is counted for the pass.
 */
enum door_why door_enter(struct door *d, struct door_pass *pass, const struct address *address);

/*
 * Checks the token of a request: authorization is the value of its field Authorization and query what
 * stands behind the question mark of its target, "token=" among it; each may be empty. The
 * token goes into the pass. Returns DOOR_OPEN, DOOR_NO_TOKEN or DOOR_BAD_TOKEN.
 */
enum door_why door_show_token(struct door *d, struct door_pass *pass, struct span authorization,
    struct span query);

/* Returns DOOR_OPEN when the token in the pass is for the form, or DOOR_STREAM. */
enum door_why door_may_read(const struct door_pass *pass, enum form form);

/*
 * Counts a stream of the form for the token in the pass, until door_leave. Returns DOOR_OPEN, or
 * DOOR_STREAM or DOOR_TOKEN_FULL.
 */
enum door_why door_begin_stream(struct door *d, struct door_pass *pass, enum form form);

/* Returns true when the token in the pass is not in the token file any more. */
bool door_revoked(const struct door_pass *pass);

/* Takes back all that the pass has been given; to be called at the end of the connection. */
void door_leave(struct door *d, struct door_pass *pass);

/*
 * Reads the token file, if there is one. Returns true when it has been read, or there is none;
 * false, and warns, when something is wrong with it: then the tokens are what they were.
 */
bool door_read_tokens(struct door *d);

/* Frees what the door owns; its hash stays. */
void door_free(struct door *d);

/* Returns the word for why in the metrics: "max_clients", "denied" and so on. */
const char *door_label(enum door_why why);

/* Returns the status with which to refuse an HTTP request, and the sentence for people. */
unsigned door_status(enum door_why why);
const char *door_sentence(enum door_why why);

/* Returns the header fields that such an answer needs, each with its CRLF, or "". */
const char *door_fields(enum door_why why);

#endif

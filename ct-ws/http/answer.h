/* One HTTP answer: a status, header fields and a body (RFC 9110, RFC 9112). */
#ifndef CT_WS_HTTP_ANSWER_H
#define CT_WS_HTTP_ANSWER_H

#include "bus/bus_place.h"
#include "ct-ws/net/body.h"

enum { MAX_ANSWER_TAG = 32 };	/* bytes of an entity tag with its quotes and a NUL */

struct answer {
	unsigned status;
	const char *type;	/* Content-Type; static text */
	const char *fields;	/* further header fields, each with its CRLF, or ""; static text */
	const char *tag;	/* ETag with its quotes, borrowed; NULL for none */
	bool endless;		/* the answer to HEAD for a body without end: no length is told */
	struct bus_place place;	/* of the newest record in the body; epoch 0: there is none */
	bool upgrade;		/* the client is asked to open a WebSocket instead (RFC 9110 7.8) */
	struct body *body;	/* one reference, which belongs to the answer */
};

/* Returns an answer with this status, Content-Type type and these fields, whose body is a copy of text. */
struct answer answer_text(unsigned status, const char *type, struct span text, const char *fields);

/* Returns an answer with this status and these fields in plain text for people: the sentence line and LF. */
struct answer answer_line(unsigned status, const char *line, const char *fields);

/*
 * Appends to out the head of an answer 200 whose body goes on for ever, and that ends with the
 * connection. type is its Content-Type; packed says that the body is compressed by gzip.
 */
void answer_put_stream_head(const char *type, bool packed, struct buf *out);

/*
 * Appends to out the status line and the header, up to and with the empty
 * line. keep_alive says whether the connection stays open after the answer.
 */
void answer_put_head(const struct answer *a, bool keep_alive, struct buf *out);

#endif

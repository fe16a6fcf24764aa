/*
 * A file that never changes while the server runs: its bytes are kept once for all who
 * are sent them, and their hash is its entity tag, by which a client that has it
 * already is spared it (RFC 9110 sections 8.8.3 and 13.1.2).
 */
#ifndef CT_WS_HTTP_FILE_H
#define CT_WS_HTTP_FILE_H

#include "ct-ws/http/answer.h"
#include "ct-ws/http/request.h"
#include "enc/hash.h"

struct file {
	const char *type;	/* Content-Type; static text */
	const char *fields;	/* further header fields, each with its CRLF; static text */
	struct body *body;	/* one reference, which belongs to the file */
	char tag[MAX_ANSWER_TAG];	/* with its quotes */
};

/* Makes *f a file with a copy of content. type and fields are as in the struct; hash makes its tag. */
void file_open(struct file *f, const char *type, const char *fields, struct span content,
    struct hash *hash);

/* Gives the file's reference back; connections that send the file keep it. */
void file_close(struct file *f);

/*
 * Returns the answer to r, a GET or HEAD of the file: 200 with its body, or 304 without one when
 * If-None-Match names the file's tag or is "*". The answer must be used before file_close.
 */
struct answer file_answer(const struct file *f, const struct request *r);

#endif

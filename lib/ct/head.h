/*
 * A signed tree head (RFC 6962 section 3.5), the same for both protocols: a
 * get-sth answer and a checkpoint (ct/note.h) both become one of these.
 */
#ifndef CT_HEAD_H
#define CT_HEAD_H

#include "base/buf.h"
#include "ct/tree.h"
#include "enc/sig.h"

enum {
	HEAD_MESSAGE = 50,		/* bytes that are signed */
	MAX_HEAD_SIGNATURE = 4 + 1024,	/* DigitallySigned of the longest RSA key taken */
};

/* Owns all it holds: may be copied by assignment. */
struct head {
	uint64_t size;			/* leaves, at most MAX_TREE_SIZE */
	uint64_t timestamp;		/* ms since 1970 */
	uint8_t root[TREE_HASH];
	size_t signature_n;
	uint8_t signature[MAX_HEAD_SIGNATURE];	/* DigitallySigned, tree_head_signature */
};

/*
 * The JSON body of get-sth (RFC 6962 4.3); unknown members are ignored. NULL,
 * or a static reason. The signature is not checked: call head_verify.
 */
const char *head_parse_sth(struct span json, struct head *);

/* The reverse: appends the four members as one JSON object, without LF. */
void head_put_sth(struct buf *, const struct head *);

/* The bytes under the signature: TreeHeadSignature of RFC 6962 3.5. */
void head_message(const struct head *, uint8_t out[HEAD_MESSAGE]);

/*
 * NULL when the log with this key signed the head. The message does not name
 * the log, so only the key says whose head it is.
 */
const char *head_verify(const struct head *, const struct sig_key *);

#endif

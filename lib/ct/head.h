/*
 * A signed tree head (RFC 6962 section 3.5): a log's signed statement of how many entries it
 * holds and what the root hash of their Merkle tree is. Logs of RFC 6962 send it as the answer
 * of get-sth, tiled logs as a checkpoint (ct/note.h); both become a struct head.
 */
#ifndef CT_HEAD_H
#define CT_HEAD_H

#include "base/buf.h"
#include "ct/tree.h"
#include "enc/sig.h"

enum {
	HEAD_MESSAGE = 50,		/* bytes that are signed */
	HEAD_STALE = 86400,		/* seconds: logs promise a new head within a day at most */
	MAX_HEAD_SIGNATURE = 4 + 1024,	/* bytes: DigitallySigned by an RSA key of 8192 bits */
};

/* It holds no pointer, so it may be copied by assignment. */
struct head {
	uint64_t size;			/* number of leaves, at most MAX_TREE_SIZE */
	uint64_t timestamp;		/* ms since 1970 */
	uint8_t root[TREE_HASH];	/* root hash of the tree */
	size_t signature_n;		/* bytes of signature in use */
	uint8_t signature[MAX_HEAD_SIGNATURE];	/* a DigitallySigned, not checked yet */
};

/*
 * Reads the JSON body of a get-sth answer (RFC 6962 4.3) into head. Members it does not know are
 * ignored. Returns NULL, or a static reason with *head undefined. The signature is read and not
 * checked: head_verify does that.
 */
const char *head_parse_sth(struct span json, struct head *head);

/* Appends head to out as a get-sth answer: a JSON object of four members, without LF. */
void head_put_sth(struct buf *out, const struct head *head);

/* Writes to out the bytes that the signature of head covers: TreeHeadSignature of RFC 6962 3.5. */
void head_message(const struct head *head, uint8_t out[HEAD_MESSAGE]);

/*
 * Checks the signature of head. Returns NULL when the owner of key made it, else a static reason.
 * What is signed does not name the log, so the key alone says whose head it is.
 */
const char *head_verify(const struct head *head, const struct sig_key *key);

#endif

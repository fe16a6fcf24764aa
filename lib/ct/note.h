/*
 * A note, or checkpoint: the text in which a tiled log publishes its signed tree head (C2SP
 * static-ct-api). It has a few lines of text (the log's name, the tree size, the root hash), a
 * blank line, and signature lines: of the log, and of witnesses. The log signs the same bytes as
 * for a tree head of RFC 6962, so a note becomes a struct head.
 */
#ifndef CT_NOTE_H
#define CT_NOTE_H

#include "ct/head.h"

enum {
	MAX_NOTE = 64 << 10,		/* bytes; each witness adds a line, which may be long */
	MAX_NOTE_SIGNATURES = 64,	/* signature lines */
	NOTE_KEY_ID = 4,		/* bytes of a key ID, which begins each signature */
};

/* A checkpoint taken apart. Its spans lie in the text it was parsed from. */
struct note {
	struct span origin;		/* the log's name, which its signature does not cover */
	uint64_t size;			/* number of leaves, at most MAX_TREE_SIZE */
	uint8_t root[TREE_HASH];	/* root hash of the tree */
	bool extended;			/* there are more lines before the blank one */
	struct span signatures;		/* the signature lines, each with its LF */
};

/*
 * Takes the checkpoint in text apart; no signature is checked. Returns NULL, or a static reason
 * with *note undefined when text is longer than MAX_NOTE, is not UTF-8 or holds control
 * characters; when one of the three lines is missing, the size has leading zeros or the root is
 * not 32 bytes; or when there is no signature line, more than MAX_NOTE_SIGNATURES of them, or
 * another line among them.
 */
const char *note_parse(struct span text, struct note *note);

/*
 * Makes *head of note and of the first signature line that has the log's name (the origin) and
 * key ID (made from log_id, the SHA-256 of the log's key). Other signature lines are ignored. The
 * signature is not checked: head_verify does that, and note_verify does both. hash is used during
 * the call only. Returns NULL, or a static reason with *head undefined when no line has that name
 * and key ID, or the signature in it is malformed.
 */
const char *note_head(const struct note *note, struct hash *hash,
    const uint8_t log_id[HASH_SHA256], struct head *head);

/*
 * Makes *head of note as note_head does, with the log ID of key, and checks with key the signature
 * of every line that has the log's name and key ID; the first of them goes into *head. A note that
 * is extended is refused, because the log's signature does not cover the lines that were added.
 * Returns NULL when all these signatures are right, else a static reason with *head undefined.
 */
const char *note_verify(const struct note *note, struct hash *hash, const struct sig_key *key,
    struct head *head);

/*
 * Writes to out the key ID of a log's signature lines: the first four bytes of
 * SHA-256(origin || 0x0A || 0x05 || log_id), as static-ct-api has it.
 */
void note_key_id(struct hash *hash, struct span origin, const uint8_t log_id[HASH_SHA256],
    uint8_t out[NOTE_KEY_ID]);

#endif

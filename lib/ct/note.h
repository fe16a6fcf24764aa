/*
 * Checkpoints of static-ct-api: signed notes (C2SP signed-note, tlog-checkpoint)
 * whose signature by the log is an RFC 6962 tree head signature.
 */
#ifndef CT_NOTE_H
#define CT_NOTE_H

#include "ct/head.h"

enum {
	MAX_NOTE = 64 << 10,		/* bytes: witnesses add lines, post-quantum ones long lines */
	MAX_NOTE_SIGNATURES = 64,	/* lines */
	NOTE_KEY_ID = 4,
};

/* Borrows the text it was parsed from. */
struct note {
	struct span origin;		/* first line; not covered by the log's signature */
	uint64_t size;			/* at most MAX_TREE_SIZE */
	uint8_t root[TREE_HASH];
	bool extended;			/* has extension lines: note_verify refuses it */
	struct span signatures;		/* the signature lines, each with its LF */
};

/*
 * Takes a checkpoint apart without looking at a key. NULL, or a static
 * reason: more than MAX_NOTE bytes or MAX_NOTE_SIGNATURES lines, not UTF-8,
 * control characters, a size with leading zeros, a root that is not 32 bytes,
 * no signature line, a line among them that does not start like one.
 */
const char *note_parse(struct span text, struct note *);

/*
 * Finds the first signature line of the log by its name, which is the origin,
 * and its key ID, ignoring all others, and makes a head of it. NULL, or a
 * static reason, with *head undefined. Nothing is verified: call note_verify,
 * or head_verify as well.
 */
const char *note_head(const struct note *, struct hash *, const uint8_t log_id[HASH_SHA256],
    struct head *head);

/*
 * The same, with every line of that name and key ID verified, and the first
 * one kept; a note with extension lines, which the log's signature does not
 * cover, is refused.
 */
const char *note_verify(const struct note *, struct hash *, const struct sig_key *,
    struct head *head);

/* SHA-256(origin || 0x0A || 0x05 || log_id), its first four bytes. */
void note_key_id(struct hash *, struct span origin, const uint8_t log_id[HASH_SHA256],
    uint8_t out[NOTE_KEY_ID]);

#endif

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
	struct span signatures;		/* the signature lines, each with its LF */
};

/*
 * Takes a checkpoint apart without looking at a key. NULL, or a static
 * reason: more than MAX_NOTE bytes, text that is not UTF-8 or holds control
 * characters, extension lines, a malformed or missing signature line.
 */
const char *note_parse(struct span text, struct note *);

/*
 * Finds the lines of the log with this key by name (the origin) and key ID,
 * ignores all others, and makes a head of them. NULL when there is at least one
 * and each of them verifies; the head then holds the first. Else a static
 * reason, and *head is undefined.
 */
const char *note_verify(const struct note *, struct hash *, const struct sig_key *,
    struct head *);

/* SHA-256(origin || 0x0A || 0x05 || log_id), its first four bytes. */
void note_key_id(struct hash *, struct span origin, const uint8_t log_id[HASH_SHA256],
    uint8_t out[NOTE_KEY_ID]);

#endif

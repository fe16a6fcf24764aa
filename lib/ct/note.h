/*
 * A note, or checkpoint: the text in which a tiled log publishes its signed tree head (C2SP
 * static-ct-api). It has a few lines of text, a blank line, and signature lines of the log and of
 * witnesses. The log's signature is the same as that of an RFC 6962 tree head, so a note becomes
 * a struct head.
 */
#ifndef CT_NOTE_H
#define CT_NOTE_H

#include "ct/head.h"

enum {
	MAX_NOTE = 64 << 10,		/* bytes: witnesses add lines, post-quantum ones long lines */
	MAX_NOTE_SIGNATURES = 64,	/* lines */
	NOTE_KEY_ID = 4,		/* bytes in front of each signature, which tell whose it is */
};

/* A checkpoint taken apart. Its spans lie in the text it was parsed from. */
struct note {
	struct span origin;		/* the log's name: first line, not under its signature */
	uint64_t size;			/* leaves, at most MAX_TREE_SIZE */
	uint8_t root[TREE_HASH];
	bool extended;			/* has extension lines: note_verify refuses it */
	struct span signatures;		/* the signature lines, each with its LF */
};

/*
 * Takes the checkpoint in text apart; no key is needed. Returns NULL, or a static reason with
 * *note undefined: text has more than MAX_NOTE bytes or MAX_NOTE_SIGNATURES signature lines, is
 * not UTF-8, holds control characters, a size with leading zeros or a root that is not 32 bytes,
 * has no signature line, or has a line among them that does not begin like one.
 */
const char *note_parse(struct span text, struct note *note);

/*
 * Makes a head of note and the first signature line that bears the log's name (the origin) and
 * key ID (made from log_id). Other lines are ignored. hash is for its use during the call.
 * Returns NULL, or a static reason with *head undefined. The signature is not checked:
 * head_verify does that, and note_verify does both.
 */
const char *note_head(const struct note *note, struct hash *hash,
    const uint8_t log_id[HASH_SHA256], struct head *head);

/*
 * Makes a head of note, as note_head does, and checks with key every signature line that bears
 * the log's name and key ID; the first of them goes into head. Refuses a note with extension
 * lines, because the log's signature does not cover them. Returns NULL, or a static reason with
 * *head undefined.
 */
const char *note_verify(const struct note *note, struct hash *hash, const struct sig_key *key,
    struct head *head);

/*
 * Writes the key ID of a log's signature lines: the first four bytes of
 * SHA-256(origin || 0x0A || 0x05 || log_id), as static-ct-api has it.
 */
void note_key_id(struct hash *hash, struct span origin, const uint8_t log_id[HASH_SHA256],
    uint8_t out[NOTE_KEY_ID]);

#endif

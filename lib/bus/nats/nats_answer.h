/* What JetStream answers: JSON texts, of which single values are looked up. Nothing here does I/O. */
#ifndef BUS_NATS_NATS_ANSWER_H
#define BUS_NATS_NATS_ANSWER_H

#include "base/buf.h"

/*
 * Looks a value up by the keys in path, with full stops between them, such as "state.first_seq".
 * nats_answer_find sets *value to its text as it stands in the answer; nats_answer_number to a whole
 * number; nats_answer_text to the inside of a string without escapes. They return true, or false when
 * there is no such value.
 */
bool nats_answer_find(struct span answer, const char *path, struct span *value);
bool nats_answer_number(struct span answer, const char *path, uint64_t *value);
bool nats_answer_text(struct span answer, const char *path, struct span *value);

/*
 * Returns true when the answer tells an error. *code is then its number (err_code), or 0, and its
 * description, most - 1 bytes at most, is written into why as a C string.
 */
bool nats_answer_failed(struct span answer, uint64_t *code, char *why, size_t most);

/* What is answered to a message that was published. */
struct nats_stored {
	bool stored;
	bool repeated;		/* it had been stored before */
	uint64_t seq;		/* its number in the stream; 0 when that is not known yet */
};

/* Reads that answer; faster than the functions above, because one comes for each message. */
struct nats_stored nats_answer_stored(struct span answer);

#endif

/* What JetStream answers: JSON texts, of which single values are looked up. Nothing here does I/O. */
#ifndef BUS_NATS_NATS_ANSWER_H
#define BUS_NATS_NATS_ANSWER_H

#include "base/buf.h"

/*
 * Look up the value in answer to which path leads: keys with full stops between them, such as
 * "state.first_seq". nats_answer_find sets *value to the JSON text of the value, whatever its type;
 * nats_answer_number to the value of a whole number; nats_answer_text to what stands between the quotes
 * of a string without escapes. They return true, or false when there is no such value of that type.
 */
bool nats_answer_find(struct span answer, const char *path, struct span *value);
bool nats_answer_number(struct span answer, const char *path, uint64_t *value);
bool nats_answer_text(struct span answer, const char *path, struct span *value);

/*
 * Returns true when answer reports an error. Then *code is its number (err_code), or 0 when it has
 * none, and its description is written to why, which has `most` bytes, as a C string, cut where it is
 * too long. Returns false otherwise.
 */
bool nats_answer_failed(struct span answer, uint64_t *code, char *why, size_t most);

/* What JetStream answers to a message that was published. */
struct nats_stored {
	bool stored;		/* the message is in the stream */
	bool repeated;		/* it had been there before, and was not stored again */
	uint64_t seq;		/* its number in the stream; 0 when that is not known yet */
};

/*
 * Returns what answer, the answer to a message that was published, says; stored is false when that cannot be
 * read. It is faster than the functions above, because such an answer comes for each message.
 */
struct nats_stored nats_answer_stored(struct span answer);

#endif

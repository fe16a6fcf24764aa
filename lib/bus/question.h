/*
 * A single question to a bus, and its answer. Questions are texts, which ct-bus(5) describes:
 *
 *	latest [N]	the N newest events (or all that are remembered), the oldest first, in the form
 *			of a message: "EPOCH SEQ" and LF, where SEQ is the number that the next record
 *			will have, and then the lines
 *	since EPOCH SEQ	records from this place on, in the form of a message whose SEQ is the first line's
 *	status		the newest status record of each stage, as lines
 */
#ifndef BUS_QUESTION_H
#define BUS_QUESTION_H

#include "base/buf.h"
#include "os/loop.h"

struct question;

/*
 * Asks the bus at address the question text, which is copied. The loop calls answered(cookie, answer,
 * why) once within ms milliseconds, and never from inside this function: with the answer, valid during
 * the call, and why NULL; or with an empty answer and why, a static reason. The question may be freed
 * in that call. Returns the question, which question_free frees, or NULL with *why set to a static
 * reason.
 */
struct question *question_open(struct loop *loop, const char *address, struct span text,
    unsigned ms, void (*answered)(void *cookie, struct span answer, const char *why), void *cookie,
    const char **why);

/* Frees the question; answered is not called any more. NULL is allowed. */
void question_free(struct question *q);

/*
 * Asks the bus at address the question text, without a loop of the caller's, and blocks until the
 * answer has come, for ms milliseconds at most. Returns 0 with the answer appended to answer, or -1
 * with *why set to a static reason and answer as it was.
 */
int question_ask(const char *address, struct span text, unsigned ms, struct buf *answer,
    const char **why);

#endif

/*
 * Regular expressions, compiled one after another on a thread, and shared by all who want the same
 * one. To compile one takes a millisecond, or a hundred of them, during which a loop that did it
 * itself would serve nobody.
 */
#ifndef CT_WS_FILTER_COMPILER_H
#define CT_WS_FILTER_COMPILER_H

#include "base/span.h"

enum {
	MAX_COMPILER_WAITING = 256,	/* expressions that wait for the thread: bounds how long each does */
	MAX_COMPILER_BYTES = 64 << 20,	/* of memory for all that it has made */
};

struct compiler;
struct compiled;	/* an expression, compiled or yet to be */
struct regex;

/* Returns a compiler, whose thread begins with the first expression. Never returns NULL. */
struct compiler *compiler_open(void);

/*
 * Frees c, of which all that was taken must have been dropped. Does not wait for the expression that is
 * being compiled: then the thread frees c when it has done that, unless the process ends before. NULL is
 * allowed.
 */
void compiler_free(struct compiler *c);

/*
 * Takes the expression text, which regex_check has found good, until compiler_drop. Returns it, compiled
 * or not, or NULL when it is new and MAX_COMPILER_WAITING wait already.
 */
struct compiled *compiler_take(struct compiler *c, struct span text);

/* Gives back the expression x, which compiler_take has returned. NULL is allowed. */
void compiler_drop(struct compiler *c, struct compiled *x);

/* Returns true when the thread is done with x, whether or not it could be compiled. */
bool compiler_is_done(struct compiler *c, const struct compiled *x);

/*
 * Returns the expression x for regex_scan, valid until x is dropped, or NULL when it is too large. Waits
 * until the thread is done with x.
 */
const struct regex *compiler_wait(struct compiler *c, const struct compiled *x);

/*
 * compiler_fd returns a descriptor, the compiler's own, that is readable when the thread is done with
 * something; compiler_hear then makes it unreadable again.
 */
int compiler_fd(const struct compiler *c);
void compiler_hear(struct compiler *c);

#endif

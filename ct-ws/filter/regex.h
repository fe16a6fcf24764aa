/*
 * Regular expressions that are tried on names, many at once and without backtracking, by hyperscan
 * (or vectorscan, which has the same interface). Built without the library, or on a processor that
 * it does not know, there are none: regex_check then refuses each.
 *
 * They ignore case. One with characters beyond ASCII reads a text as UTF-8.
 */
#ifndef CT_WS_FILTER_REGEX_H
#define CT_WS_FILTER_REGEX_H

#include "base/buf.h"

enum { MAX_REGEX = 256 };	/* bytes of a pattern: bounds the time to compile it */

struct regex;			/* patterns, compiled together */
struct regex_scratch;		/* memory in which to try them */

/*
 * Finds out whether pattern can be used. Returns true, or false with the reason, for people,
 * appended to why. Takes 3 milliseconds at most and does not compile it.
 */
bool regex_check(struct span pattern, struct buf *why);

/* Returns true when pattern has characters beyond ASCII. */
bool regex_is_utf8(struct span pattern);

/*
 * Compiles the count patterns together. regex_check must have returned true for each, and regex_is_utf8
 * the value utf8. Takes about a millisecond for each pattern, for the worst a sixth of a second; may be
 * called from any thread. Returns the compiled patterns, to be freed with regex_free, or NULL when they are
 * too large for the library.
 */
struct regex *regex_compile(const char *const *patterns, size_t count, bool utf8);

/* Frees what regex_compile has returned; NULL is allowed. */
void regex_free(struct regex *r);

/* Returns how many bytes of memory r takes; 0 for NULL. */
size_t regex_bytes(const struct regex *r);

/* Makes *scratch, NULL at first, large enough for r too. */
void regex_fit(struct regex_scratch **scratch, const struct regex *r);

/* Frees what regex_fit has made; NULL is allowed. */
void regex_scratch_free(struct regex_scratch *scratch);

/*
 * Calls hit(cookie, number) once for each pattern of r that is found in text; number is its index in the
 * array that was compiled. text must be UTF-8 when r was compiled with utf8. scratch has been fit to r,
 * and no other call may use it at the same time.
 */
void regex_scan(const struct regex *r, struct regex_scratch *scratch, struct span text,
    void (*hit)(void *cookie, unsigned number), void *cookie);

#endif

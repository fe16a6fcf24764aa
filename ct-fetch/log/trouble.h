/*
 * Trouble: the failures of one thing, such as the heads or the pages of a log. It remembers the
 * newest failure in words and decides what people are told: that trouble begins, once an hour that
 * it still lasts, and that it is over.
 *
 * A struct trouble begins as zeros. now is always in loop ms.
 */
#ifndef CT_FETCH_TROUBLE_H
#define CT_FETCH_TROUBLE_H

#include <stdbool.h>
#include <stdint.h>

#include "os/age.h"

enum {
	MAX_TROUBLE = 256,	/* bytes of a failure in words, NUL included; the rest is cut off */
	MAX_TROUBLE_AGE = MAX_AGE_TEXT + 8,	/* bytes of its age in words, NUL included */
};

struct trouble {
	uint64_t count;		/* failures since the start */
	uint64_t row;		/* of them, those since the last success */
	uint64_t since;		/* loop ms of the first failure in this row; counts while row > 0 */
	uint64_t last;		/* loop ms of the newest failure; 0: there was none */
	uint64_t told;		/* loop ms when a failure was last told; 0: none was */
	bool is_told;		/* that was one of this row */
	char why[MAX_TROUBLE];	/* the newest failure, such as "checkpoint: HTTP 500"; "": none yet */
};

/*
 * Notes at the time now that `what` failed, and why. Both are copied as they are; whoever shows them
 * escapes them. Returns true when people should be told now: at the first failure in a row, unless
 * another was told less than five minutes ago, and again whenever an hour has passed since this row
 * was last told.
 */
bool trouble_take(struct trouble *trouble, uint64_t now, const char *what, const char *why);

/*
 * Notes that something succeeded. Returns true when people have been told of the failures before
 * it, and should be told that these are over.
 */
bool trouble_end(struct trouble *trouble);

/*
 * Writes how long the row of failures has lasted at the time now to out, as " for 3 h", or "" when
 * that is less than a minute. Returns out. To be called before trouble_end.
 */
const char *trouble_age(const struct trouble *trouble, uint64_t now, char out[MAX_TROUBLE_AGE]);

#endif

/* An age: how long ago something was, in the few characters that messages and tables have for it. */
#ifndef CT_FETCH_AGE_H
#define CT_FETCH_AGE_H

#include <stdint.h>

enum {
	MAX_AGE_TEXT = 24,	/* bytes of an age as text, NUL included */
};

/*
 * Writes ms milliseconds to out in the largest unit of which there are two or more, or else in
 * seconds, as "0 s", "119 s", "3 min", "47 h" or "2 d", rounded down. Returns out.
 */
const char *age_write(char out[MAX_AGE_TEXT], uint64_t ms);

#endif

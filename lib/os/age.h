/* An age: how long ago something was, as a text of a few characters for messages and tables. */
#ifndef OS_AGE_H
#define OS_AGE_H

#include <stdbool.h>
#include <stdint.h>

enum {
	MAX_AGE_TEXT = 24,	/* bytes of an age as text, NUL included */
};

/*
 * Writes ms milliseconds to out in the largest unit of which there are two or more, or else in
 * seconds, as "0 s", "119 s", "3 min", "47 h" or "2 d", rounded down. Returns out.
 */
const char *age_write(char out[MAX_AGE_TEXT], uint64_t ms);

/*
 * Reads text, a whole number with a unit behind it, such as "90s", "15min", "2h" or "1d", of at most
 * ten years. Returns true with *ms set to that time in milliseconds, or false with *ms left alone
 * when text is anything else.
 */
bool age_parse(const char *text, uint64_t *ms);

#endif

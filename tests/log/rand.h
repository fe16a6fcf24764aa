/*
 * The one source of chance: streams of numbers that depend on nothing but the
 * seed, the stream's name and a number, so that any part of a log can be made
 * alone, in any order and by any thread, and always comes out the same.
 */
#ifndef LOG_RAND_H
#define LOG_RAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rand {
	uint64_t s[4];	/* a copy continues the stream from here */
};

void rand_init(struct rand *, const char *seed, const char *stream, uint64_t number);
uint64_t rand_next(struct rand *);
uint32_t rand_below(struct rand *, uint32_t n);		/* 0..n-1, n >= 1 */
bool rand_chance(struct rand *, uint32_t permille);	/* true that often */
void rand_fill(struct rand *, void *to, size_t len);
const char *rand_word(struct rand *, const char *const *words, size_t count);

#endif

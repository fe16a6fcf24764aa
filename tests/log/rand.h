/*
 * Streams of numbers that look random. A stream depends only on the seed, its name and
 * its number. All that ct-log draws comes from such streams, so any part of a log can be
 * made by itself, in any order and by any thread, and is always the same.
 */
#ifndef LOG_RAND_H
#define LOG_RAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rand {
	uint64_t s[4];	/* a copy goes on with the stream from here */
};

/* Starts the stream with that name and number. */
void rand_init(struct rand *r, const char *seed, const char *stream, uint64_t number);
/* Returns the next number of the stream. */
uint64_t rand_next(struct rand *r);
/* Returns a number from 0 to n - 1; n is at least 1. */
uint32_t rand_below(struct rand *r, uint32_t n);
/* Returns true in `permille` of 1,000 cases, on average. */
bool rand_chance(struct rand *r, uint32_t permille);
/* Writes len bytes at to. */
void rand_fill(struct rand *r, void *to, size_t len);
/* Returns one of the count words. */
const char *rand_word(struct rand *r, const char *const *words, size_t count);

#endif

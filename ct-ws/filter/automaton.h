/*
 * An automaton that finds any of many texts in one pass over another text (Aho and Corasick,
 * Efficient String Matching, 1975). It never changes once it is built.
 */
#ifndef CT_WS_FILTER_AUTOMATON_H
#define CT_WS_FILTER_AUTOMATON_H

#include "base/span.h"

enum { AUTOMATON_STATE = 17 };	/* bytes of memory for each byte of the texts, at most */

struct automaton;

/*
 * Returns an automaton for the count texts, which must be in ascending order by span_cmp, all different,
 * not empty, and together shorter than 2^31 bytes. They are not needed afterwards. The time and the memory
 * (AUTOMATON_STATE) that this takes grow with the number of their bytes. Never returns NULL: when memory
 * runs out, the process ends with exit code 111. The caller frees it with automaton_free.
 */
struct automaton *automaton_build(const struct span *texts, size_t count);

/* Frees the automaton; NULL is allowed. */
void automaton_free(struct automaton *a);

/*
 * Calls hit(cookie, number) for each text that is part of `in`, once for each place where it ends there.
 * number is the index of the text in texts.
 */
void automaton_scan(const struct automaton *a, struct span in,
    void (*hit)(void *cookie, size_t number), void *cookie);

#endif

/* What a fuzz target demands of the code under test; a broken demand aborts. */
#ifndef FUZZ_JUDGE_H
#define FUZZ_JUDGE_H

#include "base/buf.h"

#define DEMAND(cond) judge_that((cond), __FILE__, __LINE__, #cond)

/* Every target is this one function, which the fuzzer or replay.c calls. */
int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

void judge_that(bool, const char *file, int line, const char *what);

/* inner lies within outer, or is empty. */
void judge_within(struct span inner, struct span outer);

/* jansson takes text, whole, as one JSON value in UTF-8. */
bool judge_is_json(struct span text);

/*
 * Demands that. Numbers that no double holds and keys with a NUL are JSON all
 * the same, though jansson stops there.
 */
void judge_json(struct span text);

#endif

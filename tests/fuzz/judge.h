/* What fuzz targets demand of the code under test. A demand that does not hold aborts the process. */
#ifndef FUZZ_JUDGE_H
#define FUZZ_JUDGE_H

#include "base/buf.h"

/* Demands that cond is true. */
#define DEMAND(cond) judge_that((cond), __FILE__, __LINE__, #cond)

/* What each target defines: the test of one input of n bytes. It returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *, size_t n);

/* Aborts when the first argument is false, and names the place and the condition. DEMAND needs it. */
void judge_that(bool, const char *file, int line, const char *what);

/* Demands that inner lies within outer, or is empty. */
void judge_within(struct span inner, struct span outer);

/* Returns true when jansson accepts the whole of text as one JSON value in UTF-8. */
bool judge_is_json(struct span text);

/*
 * Demands that text is JSON, as judge_is_json sees it. Numbers beyond a double and
 * keys with a NUL are let pass, because they are JSON although jansson refuses them.
 */
void judge_json(struct span text);

#endif

/* Checks what a fuzz target demands. In: what the code under test made. Out: nothing, or an abort. */
#include "tests/fuzz/judge.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

void
judge_that(bool holds, const char *file, int line, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
	abort();
}

void
judge_within(struct span inner, struct span outer)
{
	DEMAND(inner.n == 0 || (inner.p >= outer.p && inner.n <= outer.n &&
	    inner.p + inner.n <= outer.p + outer.n));
}

/* A NUL byte is never JSON, but jansson passes over one behind a number. */
static json_t *
judge_load(struct span text, json_error_t *error)
{
	*error = (json_error_t){ .text = "a NUL byte" };
	if (text.n > 0 && memchr(text.p, '\0', text.n) != NULL)
		return NULL;
	return json_loadb((const char *)text.p, text.n,
	    JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL, error);
}

bool
judge_is_json(struct span text)
{
	json_error_t error;
	json_t *j = judge_load(text, &error);

	json_decref(j);
	return j != NULL;
}

void
judge_json(struct span text)
{
	json_error_t error;
	json_t *j = judge_load(text, &error);

	json_decref(j);
	if (j != NULL || json_error_code(&error) == json_error_numeric_overflow ||
	    json_error_code(&error) == json_error_null_byte_in_key)
		return;
	fprintf(stderr, "not JSON: %s: ", error.text);
	fwrite(text.p, 1, text.n, stderr);
	fputc('\n', stderr);
	abort();
}

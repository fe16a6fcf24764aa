/*
 * The harness of all unit tests. A test is a function whose name says the behaviour
 * that it shows, and which checks it with CHECK and CHECK_TEXT. main calls RUN for
 * each test and returns unit_end(). What is printed is TAP.
 *
 *	static void
 *	a_dropped_buffer_is_empty(void)
 *	{
 *		buf_drop(&b, b.n);
 *		CHECK(b.n == 0);
 *	}
 */
#ifndef UNIT_H
#define UNIT_H

#include <stdio.h>
#include <string.h>

static int unit_count, unit_bad, unit_failed;
static const char *unit_skipped;

/* Lets the test fail, and says where, unless cond is true. The test goes on. */
#define CHECK(cond) \
	do { \
		if (!(cond)) { \
			unit_bad++; \
			printf("# %s:%d: not so: %s\n", __FILE__, __LINE__, #cond); \
		} \
	} while (0)

/* Lets the test fail, and prints both, unless the bytes of the span got are the C string text. */
#define CHECK_TEXT(got, text) \
	do { \
		struct span unit_s = (got); \
		const char *unit_t = (text); \
		if (unit_s.n != strlen(unit_t) || (unit_s.n > 0 && memcmp(unit_s.p, unit_t, unit_s.n) != 0)) { \
			unit_bad++; \
			printf("# %s:%d: got \"%.*s\", not \"%s\"\n", __FILE__, __LINE__, \
			    (int)unit_s.n, (const char *)unit_s.p, unit_t); \
		} \
	} while (0)

/* Ends the test, which counts as skipped, with the reason why it cannot run here. */
#define SKIP(why) \
	do { \
		unit_skipped = (why); \
		return; \
	} while (0)

/* Runs a test and prints its result. */
#define RUN(test) unit_run(test, #test)

static inline void
unit_run(void (*test)(void), const char *name)
{
	char words[256];
	size_t i;

	for (i = 0; name[i] != '\0' && i < sizeof(words) - 1; i++)
		words[i] = name[i] == '_' ? ' ' : name[i];
	words[i] = '\0';
	unit_bad = 0;
	unit_skipped = NULL;
	test();
	unit_count++;
	unit_failed += unit_bad != 0;
	printf("%sok %d - %s%s%s\n", unit_bad ? "not " : "", unit_count, words,
	    unit_skipped ? " # skip " : "", unit_skipped ? unit_skipped : "");
	fflush(stdout);
}

/* Prints how many tests there were. Returns the exit code: 0, or 1 when one failed. */
static inline int
unit_end(void)
{
	printf("1..%d\n", unit_count);
	return unit_failed != 0;
}

#endif

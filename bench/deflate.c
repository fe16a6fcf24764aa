/*
 * deflate: measures what it costs to compress messages, and how small they get.
 *
 *	deflate NAME FILE
 *
 * FILE has a message in each line, and NAME is what to call them. Each line that is printed is one
 * level of enc/deflate with one context: how many messages may refer to each other before the next
 * reset. It says the bytes of a message before and after, their ratio, and the microseconds of CPU
 * time for one message, which is the least of several rounds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "enc/deflate.h"

enum {
	ROUNDS = 7,
	MOST = 1 << 30,
};

static const struct {
	const char *name;
	enum deflate_level level;
} levels[] = {
	{ "quick", DEFLATE_QUICK },
	{ "even", DEFLATE_EVEN },
	{ "small", DEFLATE_SMALL },
};

static const size_t contexts[] = { 1, 8, 64 };

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* Compresses every line of text once, resets every `context` of them. Counts lines in *n. Returns the bytes. */
static size_t
bench_round(struct deflate *d, struct span text, size_t context, struct buf *out, size_t *n)
{
	size_t bytes = 0;

	for (*n = 0; text.n > 0; ++*n) {
		const uint8_t *end = memchr(text.p, '\n', text.n);
		size_t k = end != NULL ? (size_t)(end - text.p) : text.n;

		if (*n % context == 0)
			deflate_reset(d);
		buf_reset(out);
		deflate_put_message(d, span_of(text.p, k), out);
		bytes += out->n;
		text = span_from(text, end != NULL ? k + 1 : k);
	}
	return bytes;
}

static void
bench_row(const char *name, struct span text, size_t level, size_t context)
{
	struct deflate *d = deflate_open(levels[level].level);
	size_t n = 0, bytes = 0;
	double best = 1e18;
	struct buf out;

	buf_init(&out);
	for (int i = 0; i < ROUNDS; i++) {
		double from = now(), took;

		bytes = bench_round(d, text, context, &out, &n);
		took = now() - from;
		best = took < best ? took : best;
	}
	printf("%-8s %-6s %7zu %8zu %8zu %7.3f %9.2f\n", name, levels[level].name, context,
	    text.n / n, bytes / n, (double)bytes / (double)text.n, best / (double)n);
	buf_free(&out);
	deflate_close(d);
}

int
main(int argc, char **argv)
{
	FILE *f = argc == 3 ? fopen(argv[2], "rb") : NULL;
	struct buf text;
	size_t n;

	if (f == NULL) {
		fprintf(stderr, "usage: deflate NAME FILE\n");
		return 100;
	}
	buf_init(&text);
	while (text.n < MOST && (n = fread(buf_reserve(&text, 1 << 20), 1, 1 << 20, f)) > 0)
		buf_commit(&text, n);
	fclose(f);
	if (text.n == 0)
		return 1;
	for (size_t k = 0; k < sizeof(contexts) / sizeof(*contexts); k++)
		for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++)
			bench_row(argv[1], buf_span(&text), i, contexts[k]);
	buf_free(&text);
	return 0;
}

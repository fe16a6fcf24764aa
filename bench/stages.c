/*
 * stages: shows on which steps ct-parse spends its time. It reads a file of
 * entries, one in each line, and does one step after the other for all of
 * them. Each line it prints is a step, and how many microseconds of CPU time
 * it takes for one entry; the last line is all steps together, as ct-parse
 * does them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "ct/entry.h"
#include "enc/b64.h"
#include "enc/hash_many.h"
#include "event/event.h"
#include "os/store.h"
#include "x509/cert.h"
#include "x509/ext.h"

enum {
	ROUNDS = 5,
	MOST = 1 << 30,
	FLUSH_AT = 256 << 10,	/* as ct-parse */
};

struct item {
	struct span line;
	struct raw raw;
	struct entry entry;
	struct span cert;	/* as submitted */
};

struct bench {
	struct ext ext;
	struct buf text, bytes, out;
	struct item *items;
	size_t n;
	struct hash *hash;
	struct hash_many *many;
	struct span waiting[HASH_MANY];
	unsigned n_waiting;
	struct event_writer *writer;
};

static double
bench_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void
bench_scan(struct bench *b, struct item *it)
{
	struct raw_line line;
	const char *why;

	(void)b;
	raw_open(&line, it->line);
	raw_next(&line, &it->raw, &why);
}

static void
bench_decode(struct bench *b, struct item *it)
{
	buf_reset(&b->out);
	b64_put_decoded(&b->out, it->raw.leaf_input.raw);
	b64_put_decoded(&b->out, it->raw.extra_data.raw);
}

static void
bench_walk(struct bench *b, struct item *it)
{
	struct cert cert;

	cert_parse(&cert, it->cert);
	ext_parse(&b->ext, cert.extensions);
}

static void
bench_hash(struct bench *b, struct item *it)
{
	struct hash_pair digests;

	hash_pair(b->hash, it->cert, HASH_BOTH, &digests);
}

static void
bench_hash_many(struct bench *b, struct item *it)
{
	struct hash_pair digests[HASH_MANY];

	b->waiting[b->n_waiting++] = it->cert;
	if (b->n_waiting < HASH_MANY)
		return;
	hash_many(b->many, b->waiting, b->n_waiting, HASH_BOTH, digests);
	b->n_waiting = 0;
}

static void
bench_event(struct bench *b, struct item *it)
{
	event_begin(b->writer, &b->out, &it->raw);
	if (b->out.n < FLUSH_AT)
		return;
	event_finish(b->writer, &b->out);
	buf_reset(&b->out);
}

static void
bench_all(struct bench *b, struct item *it)
{
	bench_scan(b, it);
	bench_event(b, it);
}

static void
bench_run(struct bench *b, const char *name, void (*step)(struct bench *, struct item *))
{
	double best = 0, from, took;

	for (int round = 0; round < ROUNDS; round++) {
		from = bench_now();
		for (size_t i = 0; i < b->n; i++)
			step(b, &b->items[i]);
		took = (bench_now() - from) / (double)b->n;
		if (round == 0 || took < best)
			best = took;
	}
	printf("  %-44s %6.2f us\n", name, best);
}

/* Every line that is an entry, taken apart; what they decode to stays in b->bytes. */
static void
bench_read(struct bench *b)
{
	struct span rest = buf_span(&b->text), leaf, extra;
	struct item it;
	const uint8_t *lf;

	buf_reserve(&b->bytes, rest.n);	/* so that spans of it stay */
	b->items = malloc((rest.n / 64 + 1) * sizeof(*b->items));
	while (rest.n > 0 && (lf = memchr(rest.p, '\n', rest.n)) != NULL) {
		it.line = span_of(rest.p, (size_t)(lf - rest.p));
		rest = span_from(rest, it.line.n + 1);
		bench_scan(b, &it);
		leaf.p = b->bytes.p + b->bytes.n;
		b64_put_decoded(&b->bytes, it.raw.leaf_input.raw);
		leaf.n = (size_t)(b->bytes.p + b->bytes.n - leaf.p);
		extra.p = b->bytes.p + b->bytes.n;
		b64_put_decoded(&b->bytes, it.raw.extra_data.raw);
		extra.n = (size_t)(b->bytes.p + b->bytes.n - extra.p);
		if (entry_parse(&it.entry, leaf, extra) != NULL)
			continue;
		it.cert = it.entry.type == ENTRY_PRECERT ? it.entry.precert : it.entry.cert;
		b->items[b->n++] = it;
	}
}

int
main(int argc, char **argv)
{
	static struct bench b;

	if (argc != 2 || store_read(argv[1], MOST, &b.text) < 0) {
		fprintf(stderr, "usage: stages FILE\n");
		return 100;
	}
	bench_read(&b);
	b.hash = hash_open();
	b.many = hash_many_open(b.hash);
	b.writer = event_open(&(struct event_options){ .form = FORM_FULL });
	printf("an entry by stage, %zu entries, the best of %d rounds:\n", b.n, ROUNDS);
	bench_run(&b, "scan the JSON", bench_scan);
	bench_run(&b, "decode base64", bench_decode);
	bench_run(&b, "walk the certificate", bench_walk);
	bench_run(&b, "SHA-1 and SHA-256, one by one", bench_hash);
	bench_run(&b, "SHA-1 and SHA-256, 64 together", bench_hash_many);
	buf_reset(&b.out);
	bench_run(&b, "all but scanning, with the event written", bench_event);
	bench_run(&b, "all", bench_all);
	return 0;
}

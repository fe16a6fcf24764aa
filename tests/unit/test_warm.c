/*
 * Writing events allocates nothing once the buffers have grown, and hashing side by side never. The
 * linker sends every allocation of our code here (--wrap), and libcrypto is set to do so too.
 */
#include "unit.h"

#include <stdlib.h>

#include <openssl/crypto.h>

#include "base/buf.h"
#include "ct/tree_row.h"
#include "enc/deflate.h"
#include "event/event.h"
#include "os/store.h"

static long allocations;

void *__real_malloc(size_t);
void *__real_calloc(size_t, size_t);
void *__real_realloc(void *, size_t);
void *__wrap_malloc(size_t);
void *__wrap_calloc(size_t, size_t);
void *__wrap_realloc(void *, size_t);
void *__real_aligned_alloc(size_t, size_t);
void *__wrap_aligned_alloc(size_t, size_t);

void *
__wrap_malloc(size_t n)
{
	allocations++;
	return __real_malloc(n);
}

void *
__wrap_calloc(size_t k, size_t n)
{
	allocations++;
	return __real_calloc(k, n);
}

void *
__wrap_realloc(void *p, size_t n)
{
	allocations++;
	return __real_realloc(p, n);
}

void *
__wrap_aligned_alloc(size_t to, size_t n)
{
	allocations++;
	return __real_aligned_alloc(to, n);
}

static void *
warm_malloc(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return __wrap_malloc(n);
}

static void *
warm_realloc(void *p, size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return __wrap_realloc(p, n);
}

static void
warm_free(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	free(p);
}

/* Writes every entry of the text, and finishes all at once; how many there were. */
static int
write_all(struct event_writer *w, struct buf *out, struct span text)
{
	struct raw_line line;
	const uint8_t *lf;
	const char *why;
	struct raw raw;
	int n = 0;

	while (text.n > 0 && (lf = memchr(text.p, '\n', text.n)) != NULL) {
		raw_open(&line, span_of(text.p, (size_t)(lf - text.p)));
		text = span_from(text, (size_t)(lf - text.p) + 1);
		if (raw_next(&line, &raw, &why) && why == NULL && event_begin(w, out, &raw) == NULL)
			n++;
	}
	event_finish(w, out);
	buf_reset(out);
	return n;
}

static void
check_warm(struct event_options options)
{
	struct event_writer *w = event_open(&options);
	struct buf text, out;
	long before;

	buf_init(&text);
	buf_init(&out);
	CHECK(store_read("tests/data/entries.ndjson", 1 << 24, &text) == 0);
	CHECK(write_all(w, &out, buf_span(&text)) > 10);
	before = allocations;
	CHECK(before > 0);
	CHECK(write_all(w, &out, buf_span(&text)) > 10);
	CHECK(allocations == before);
	buf_free(&text);
	buf_free(&out);
	event_free(w);
}

static void
events_of_format_go_allocate_nothing_once_buffers_have_grown(void)
{
	check_warm((struct event_options){ .form = FORM_FULL });
	check_warm((struct event_options){ .form = FORM_LITE });
	check_warm((struct event_options){ .form = FORM_DOMAINS });
}

static void
events_of_format_calidog_allocate_nothing_once_buffers_have_grown(void)
{
	check_warm((struct event_options){ .form = FORM_FULL, .format = FORMAT_CALIDOG });
	check_warm((struct event_options){ .form = FORM_LITE, .format = FORMAT_CALIDOG });
}

static void
leaves_and_nodes_hashed_side_by_side_allocate_nothing(void)
{
	static uint8_t text[HASH_SHORT + 1], leaves[300][TREE_HASH];
	static struct span texts[300];
	struct hash *hash = hash_open();
	struct hash_many *many = hash_many_open(hash);
	long before = allocations;
	struct tree t;

	for (size_t i = 0; i < 300; i++)
		texts[i] = span_of(text, i * 14);
	texts[299].n = sizeof(text);
	tree_init(&t);
	tree_leaf_hashes(many, texts, 300, leaves);
	CHECK(tree_push_leaves(&t, hash, many, span_of(leaves, sizeof(leaves))));
	CHECK(allocations == before);
	hash_many_free(many);
	hash_free(hash);
}

static void
compressed(enum deflate_level level)
{
	static uint8_t text[20000];
	struct deflate *d = deflate_open(level);
	struct buf out;
	long before;

	buf_init(&out);
	buf_reserve(&out, 2 * sizeof(text));
	before = allocations;
	for (size_t n = 0; n < sizeof(text); n += 777) {
		if (n % 2 == 0)
			deflate_reset(d);
		buf_reset(&out);
		deflate_put(d, span_of(text, n), &out);
	}
	CHECK(allocations == before);
	buf_free(&out);
	deflate_close(d);
}

static void
messages_are_compressed_and_begun_anew_without_an_allocation(void)
{
	compressed(DEFLATE_QUICK);
	compressed(DEFLATE_EVEN);
	compressed(DEFLATE_SMALL);
}

int
main(void)
{
	CRYPTO_set_mem_functions(warm_malloc, warm_realloc, warm_free);
	RUN(events_of_format_go_allocate_nothing_once_buffers_have_grown);
	RUN(events_of_format_calidog_allocate_nothing_once_buffers_have_grown);
	RUN(leaves_and_nodes_hashed_side_by_side_allocate_nothing);
	RUN(messages_are_compressed_and_begun_anew_without_an_allocation);
	return unit_end();
}

/* ct-fetch/rfc6962: where pages end, and what an answer gives. */
#include "unit.h"

#include <stdlib.h>

#include "ct-fetch/log/protocol.h"
#include "enc/hash_many.h"

#define ENTRY "{\"leaf_input\":\"AAAA\",\"extra_data\":\"BBBB\"}"

static const struct protocol *const rfc = &protocol_rfc6962;
static struct buf scratch;
static struct buf text;
static struct fetch fetch = { .scratch = &scratch, .text = &text };

static bool is_cut;	/* the answers of take are */

/* A source of protocol_rfc6962 that has learned nothing yet. */
static struct source
source_new(void)
{
	struct source s = { .fetch = &fetch, .protocol = rfc, .name = (char []){ "log" } };

	s.learned = calloc(1, rfc->log_bytes);
	CHECK(s.learned != NULL);
	return s;
}

/* The page size in use, as the end of the first page shows it. */
static uint64_t
page_size(const struct source *s)
{
	return rfc->page_end(s, 0);
}

/* One answer to from..until of a tree of that size; the reason, n in *n. */
static const char *
take(struct source *s, uint64_t from, uint64_t until, uint64_t size, struct span body, unsigned *n)
{
	struct page p = { .source = s, .from = from, .to = until, .until = until, .size = size,
	    .cut = is_cut, .own = calloc(1, rfc->page_bytes) };
	const char *why;

	buf_put(&p.body, body);
	why = rfc->page_take(&p);
	*n = p.n;
	rfc->page_drop(&p);
	free(p.own);
	free(p.hashes);
	buf_free(&p.body);
	return why;
}

/* One answer of count entries to from..until; how many were taken. */
static unsigned
take_count(struct source *s, uint64_t from, uint64_t until, uint64_t size, unsigned count)
{
	struct buf b = { 0 };
	unsigned n;

	buf_puts(&b, "{\"entries\":[");
	for (unsigned i = 0; i < count; i++)
		buf_puts(&b, i > 0 ? "," ENTRY : ENTRY);
	buf_puts(&b, "]}");
	CHECK(take(s, from, until, size, buf_span(&b), &n) == NULL);
	buf_free(&b);
	return n;
}

static void
cut_answers_teach_no_page_size(void)
{
	struct source l = source_new();

	is_cut = true;
	for (uint64_t at = 0; at < 40; at += 8)
		CHECK(take_count(&l, at, 1024, 100000, 8) == 8);
	CHECK(page_size(&l) == 1024);
	is_cut = false;
	for (uint64_t at = 0; at < 40; at += 8)
		CHECK(take_count(&l, at, 1024, 100000, 8) == 8);
	CHECK(page_size(&l) == 8);
	free(l.learned);
}

static void
a_page_ends_on_a_multiple_of_its_size(void)
{
	struct source l = source_new();
	struct page p = { .source = &l, .from = 1000, .until = 1024 };
	struct buf b = { 0 };

	CHECK(rfc->page_end(&l, 0) == 1024);
	CHECK(rfc->page_end(&l, 1023) == 1024);
	CHECK(rfc->page_end(&l, 1024) == 2048);
	for (uint64_t at = 0; at < 5 * 250; at += 250)
		take_count(&l, at, 1024 + at, 100000, 250);
	CHECK(rfc->page_end(&l, 999) == 1000);
	CHECK(rfc->page_end(&l, 1000) == 1250);
	rfc->page_path(&p, &b);
	CHECK_TEXT(buf_span(&b), "ct/v1/get-entries?start=1000&end=1023");
	buf_free(&b);
	free(l.learned);
}

static void
a_logs_page_size_is_learned_from_where_answers_stop(void)
{
	struct source google = source_new(), odd = source_new();
	uint64_t at = 1500100;

	CHECK(take_count(&google, at, rfc->page_end(&google, at), 1 << 30, 28) == 28);
	for (at += 28; page_size(&google) == 1024 && at < 1500400; at += 32)
		take_count(&google, at, rfc->page_end(&google, at), 1 << 30, 32);
	CHECK(page_size(&google) == 32);

	for (at = 0; page_size(&odd) == 1024 && at < 20000; ) {
		uint64_t end = rfc->page_end(&odd, at), stop = at - at % 1000 + 1000;

		stop = stop < end ? stop : end;
		at += take_count(&odd, at, end, 1 << 30, (unsigned)(stop - at));
	}
	CHECK(page_size(&odd) == 1000);
	free(google.learned);
	free(odd.learned);
}

static void
an_answer_short_of_the_head_teaches_nothing(void)
{
	struct source l = source_new();

	for (unsigned i = 1; i < 40; i++)
		take_count(&l, 10 * i, 1024, 1024, 10);
	CHECK(page_size(&l) == 1024);
	free(l.learned);
}

static void
a_longer_page_is_tried_after_many_full_ones(void)
{
	struct source l = source_new();

	for (unsigned i = 1; i < 5; i++)
		take_count(&l, 32 * i, 1024, 1 << 30, 32);
	CHECK(page_size(&l) == 32);
	for (unsigned i = 0; i < 64; i++)
		take_count(&l, 32 * i, 32 * i + 32, 1 << 30, 32);
	CHECK(page_size(&l) == 64);
	free(l.learned);
}

static void
an_answer_cut_anywhere_gives_its_whole_entries(void)
{
	struct span whole = SPAN("{\"entries\":[" ENTRY "," ENTRY "," ENTRY "]}");
	size_t first = strlen("{\"entries\":[" ENTRY), step = strlen("," ENTRY);
	struct source l = source_new();
	unsigned n;

	for (size_t cut = 0; cut < whole.n; cut++) {
		const char *why = take(&l, 0, 3, 3, span_of(whole.p, cut), &n);
		unsigned want = cut < first ? 0 : 1 + (unsigned)((cut - first) / step);

		CHECK(n == (want < 3 ? want : 3));
		CHECK((why == NULL) == (n > 0));
	}
	free(l.learned);
}

static void
an_empty_answer_is_accepted(void)
{
	struct source l = source_new();
	unsigned n;

	CHECK(take(&l, 0, 8, 8, SPAN("{\"entries\":[]}"), &n) == NULL && n == 0);
	CHECK(take(&l, 0, 8, 8, SPAN(" {\"x\":1,\"entries\":null} "), &n) == NULL && n == 0);
	free(l.learned);
}

static void
malformed_answers_are_refused(void)
{
	static const char *const bad[] = {
		"", "<html>", "[]", "{}", "{\"error_message\":\"busy\",\"success\":false}",
		"{\"entries\":{}}", "{\"entries\":[1]}", "{\"entries\":[{\"extra_data\":\"AAAA\"}]}",
		"{\"entries\":[{\"leaf_input\":\"A\",\"extra_data\":\"\"}]}",
		"{\"entries\":[{\"leaf_input\":1,\"extra_data\":\"\"}]}",
	};
	struct source l = source_new();
	unsigned n;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(take(&l, 0, 1, 8, span_str(bad[i]), &n) != NULL);
	free(l.learned);
}

/* The tree does not cover extra_data, so an entry is whole without it. */
static void
an_entry_without_extra_data_is_taken(void)
{
	static const char *const poor[] = {
		"{\"entries\":[{\"leaf_input\":\"AAAA\"}]}",
		"{\"entries\":[{\"leaf_input\":\"AAAA\",\"extra_data\":null}]}",
		"{\"entries\":[{\"leaf_input\":\"AAAA\",\"extra_data\":\"?\"}]}",
	};
	struct source l = source_new();
	unsigned n;

	for (size_t i = 0; i < sizeof(poor) / sizeof(poor[0]); i++)
		CHECK(take(&l, 0, 1, 8, span_str(poor[i]), &n) == NULL && n == 1);
	free(l.learned);
}

static void
of_more_entries_than_asked_for_the_first_count(void)
{
	struct source l = source_new();
	unsigned n;

	CHECK(take(&l, 0, 1, 8, SPAN("{\"entries\":[" ENTRY "," ENTRY "]}"), &n) == NULL && n == 1);
	free(l.learned);
}

static void
escaped_slashes_go_out_plain(void)
{
	struct source l = source_new();
	struct page p = { .source = &l, .until = 1, .to = 1, .size = 1,
	    .own = calloc(1, rfc->page_bytes) };
	struct buf b = { 0 };

	buf_puts(&p.body, "{\"entries\":[{\"extra_data\":\"\\u002b+++\",\"leaf_input\":\"A\\/\\/A\"}]}");
	CHECK(rfc->page_take(&p) == NULL && p.n == 1);
	rfc->page_put(&p, 0, &b);
	CHECK_TEXT(buf_span(&b), "A//A\",\"extra_data\":\"++++\"");
	rfc->page_drop(&p);
	free(p.own);
	free(p.hashes);
	free(l.learned);
	buf_free(&p.body);
	buf_free(&b);
}

int
main(void)
{
	fetch.hash = hash_open();
	fetch.many = hash_many_open(fetch.hash);
	RUN(a_page_ends_on_a_multiple_of_its_size);
	RUN(a_logs_page_size_is_learned_from_where_answers_stop);
	RUN(cut_answers_teach_no_page_size);
	RUN(an_answer_short_of_the_head_teaches_nothing);
	RUN(a_longer_page_is_tried_after_many_full_ones);
	RUN(an_answer_cut_anywhere_gives_its_whole_entries);
	RUN(an_empty_answer_is_accepted);
	RUN(malformed_answers_are_refused);
	RUN(an_entry_without_extra_data_is_taken);
	RUN(of_more_entries_than_asked_for_the_first_count);
	RUN(escaped_slashes_go_out_plain);
	buf_free(&scratch);
	buf_free(&text);
	hash_many_free(fetch.many);
	hash_free(fetch.hash);
	return unit_end();
}

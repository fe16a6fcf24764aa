/* lib/base: spans, buffers, arenas. */
#include "unit.h"

#include "base/arena.h"
#include "base/buf.h"
#include "ct/record.h"

static void
spans_compare_bytewise_with_a_prefix_before_the_longer(void)
{
	CHECK(span_cmp(SPAN("ab"), SPAN("abc")) < 0);
	CHECK(span_cmp(SPAN("b"), SPAN("abc")) > 0);
	CHECK(span_cmp(SPAN(""), SPAN("")) == 0);
	CHECK(span_cmp(SPAN("\xff"), SPAN("a")) > 0);
}

static void
a_buffer_grows_and_keeps_its_bytes(void)
{
	struct buf b;

	buf_init(&b);
	for (int i = 0; i < 1000; i++)
		buf_putf(&b, "%d,", i);
	CHECK(b.n == 3890);
	CHECK(memcmp(b.p, "0,1,2,", 6) == 0);
	CHECK(memcmp(b.p + b.n - 4, "999,", 4) == 0);
	buf_free(&b);
	CHECK(b.p == NULL && b.n == 0);
}

static void
a_buffer_prints_the_largest_number(void)
{
	struct buf b;

	buf_init(&b);
	buf_put_u64(&b, UINT64_MAX);
	buf_putc(&b, ' ');
	buf_put_u64(&b, 0);
	CHECK_TEXT(buf_span(&b), "18446744073709551615 0");
	buf_free(&b);
}

static void
dropping_moves_the_rest_to_the_front(void)
{
	struct buf b;

	buf_init(&b);
	buf_puts(&b, "hello world");
	buf_drop(&b, 6);
	CHECK_TEXT(buf_span(&b), "world");
	buf_drop(&b, 5);
	CHECK(b.n == 0);
	buf_free(&b);
}

static void
a_reset_arena_hands_out_the_same_memory_again(void)
{
	struct arena a;
	void *first;

	arena_init(&a);
	first = arena_take(&a, 100);
	CHECK(((uintptr_t)first & 15) == 0);
	CHECK(arena_take(&a, 1 << 20) != NULL);
	arena_reset(&a);
	CHECK(arena_take(&a, 100) == first);
	arena_free(&a);
}

static void
records_are_told_by_their_first_bytes(void)
{
	CHECK(record_kind(SPAN("{\"message_type\":\"entry\",\"source\"")) == RECORD_ENTRY);
	CHECK(record_kind(SPAN("{\"message_type\":\"entry2\"}")) == RECORD_CONTROL);
	CHECK(record_kind(SPAN("{\"message_type\":\"mark\"}")) == RECORD_MARK);
	CHECK(record_kind(SPAN("{\"data\":{")) == RECORD_EVENT);
	CHECK(record_kind(SPAN("{\"message_type\":\"certificate_update\"")) == RECORD_EVENT);
	CHECK(record_kind(SPAN("{\"leaf_input\":\"\"")) == RECORD_OTHER);
	CHECK(record_kind(SPAN("")) == RECORD_OTHER);
}

int
main(void)
{
	RUN(spans_compare_bytewise_with_a_prefix_before_the_longer);
	RUN(a_buffer_grows_and_keeps_its_bytes);
	RUN(a_buffer_prints_the_largest_number);
	RUN(dropping_moves_the_rest_to_the_front);
	RUN(a_reset_arena_hands_out_the_same_memory_again);
	RUN(records_are_told_by_their_first_bytes);
	return unit_end();
}

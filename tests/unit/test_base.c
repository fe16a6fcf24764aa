/* lib/base: spans, buffers, arenas. */
#include "unit.h"

#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/tell.h"
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

/* What tell writes to stderr for a text from the network. */
static struct span
told(const char *text)
{
	static char line[8192];
	int ends[2], was = dup(STDERR_FILENO);
	ssize_t n = 0;

	if (was >= 0 && pipe(ends) == 0) {
		dup2(ends[1], STDERR_FILENO);
		tell(TELL_WARNING, "%s", text);
		dup2(was, STDERR_FILENO);
		close(ends[1]);
		n = read(ends[0], line, sizeof(line));
		close(ends[0]);
	}
	close(was);
	return span_of(line, n > 0 ? (size_t)n : 0);
}

static void
what_could_steer_a_terminal_is_told_escaped(void)
{
	CHECK_TEXT(told("a\x1b[2J\nb\x7f"), "ct: warning: a\\x1b[2J\\x0ab\\x7f\n");
	CHECK_TEXT(told("\xc2\x9b" "2J"), "ct: warning: \\xc2\\x9b2J\n");
	CHECK_TEXT(told("\xe2\x80\xae" "cod"), "ct: warning: \\xe2\\x80\\xaecod\n");
	CHECK_TEXT(told("\xff\xc3"), "ct: warning: \\xff\\xc3\n");
	CHECK_TEXT(told("\xed\xa0\x80"), "ct: warning: \\xed\\xa0\\x80\n");
}

static void
text_in_any_script_is_told_as_it_is(void)
{
	CHECK_TEXT(told("M\xc3\xbcnchen"), "ct: warning: M\xc3\xbcnchen\n");
	CHECK_TEXT(told("\xed\x95\x9c\xea\xb5\xad \xe0\xb8\x81 \xef\xbc\xa1 \xf0\x9f\x94\x92"),
	    "ct: warning: \xed\x95\x9c\xea\xb5\xad \xe0\xb8\x81 \xef\xbc\xa1 \xf0\x9f\x94\x92\n");
}

static void
a_told_line_is_cut_at_four_kib(void)
{
	static char text[10000];

	memset(text, 0x1b, sizeof(text) - 1);
	CHECK(told(text).n <= 4096);
	CHECK(told(text).p[told(text).n - 1] == '\n');
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
	RUN(what_could_steer_a_terminal_is_told_escaped);
	RUN(text_in_any_script_is_told_as_it_is);
	RUN(a_told_line_is_cut_at_four_kib);
	return unit_end();
}

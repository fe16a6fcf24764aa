/* lib/base: spans, buffers, digits, arenas, UTF-8, what is told, and memo. */
#include "unit.h"

#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/digits.h"
#include "base/memo.h"
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
digits_are_taken_up_to_the_largest_number(void)
{
	struct span s = SPAN("18446744073709551615x"), all = s;
	uint64_t v = 0;

	CHECK(digits_take(&s, &v) && v == UINT64_MAX);
	CHECK_TEXT(s, "x");
	CHECK(!digits_take(&s, &v) && s.n == 1 && v == UINT64_MAX);
	s = SPAN("18446744073709551616");
	CHECK(!digits_take(&s, &v) && s.n == 20 && v == UINT64_MAX);
	s = SPAN("007");
	CHECK(digits_take(&s, &v) && v == 7 && s.n == 0);
	CHECK(digits_take_few(&all, 4) == 1844 && all.p[0] == '6');
	s = SPAN("12:");
	CHECK(digits_take_few(&s, 3) == -1 && s.n == 3);
	CHECK(digits_take_few(&s, 2) == 12);
	CHECK_TEXT(s, ":");
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
an_arena_hands_out_memory_that_stays_until_it_is_freed(void)
{
	struct arena a;
	uint8_t *first, *large, *last;

	arena_init(&a);
	first = arena_take(&a, 100);
	memset(first, 1, 100);
	large = arena_take(&a, 1 << 20);
	memset(large, 2, 1 << 20);
	last = arena_take(&a, 1);
	*last = 3;
	CHECK((uintptr_t)first % 16 == 0 && (uintptr_t)large % 16 == 0 && (uintptr_t)last % 16 == 0);
	CHECK(first[0] == 1 && first[99] == 1 && large[0] == 2 && large[(1 << 20) - 1] == 2);
	arena_free(&a);
	CHECK(arena_take(&a, 1) != NULL);
	arena_free(&a);
}

static void
the_kind_of_a_record_is_known_by_its_first_bytes(void)
{
	CHECK(record_kind(SPAN("{\"message_type\":\"entry\",\"source\"")) == RECORD_ENTRY);
	CHECK(record_kind(SPAN("{\"message_type\":\"entry2\"}")) == RECORD_CONTROL);
	CHECK(record_kind(SPAN("{\"message_type\":\"mark\"}")) == RECORD_MARK);
	CHECK(record_kind(SPAN("{\"data\":{")) == RECORD_EVENT);
	CHECK(record_kind(SPAN("{\"message_type\":\"certificate_update\"")) == RECORD_EVENT);
	CHECK(record_kind(SPAN("{\"leaf_input\":\"\"")) == RECORD_OTHER);
	CHECK(record_kind(SPAN("")) == RECORD_OTHER);
}

static void
lines_are_taken_off_the_front_while_they_have_an_lf(void)
{
	struct span rest = SPAN("one\n\ntwo\r\nrest"), line = SPAN("untouched");

	CHECK(span_line(&rest, &line) && span_eq(line, SPAN("one")));
	CHECK(span_line(&rest, &line) && line.n == 0);
	CHECK(span_line(&rest, &line) && span_eq(line, SPAN("two\r")));
	line = SPAN("untouched");
	CHECK(!span_line(&rest, &line));
	CHECK_TEXT(rest, "rest");
	CHECK_TEXT(line, "untouched");
	rest = span_of(NULL, 0);
	CHECK(!span_line(&rest, &line));
}

static void
a_skipped_record_tells_how_many_were_missed(void)
{
	struct buf b;

	buf_init(&b);
	record_put_skipped(&b, UINT64_MAX);
	CHECK_TEXT(buf_span(&b), "{\"message_type\":\"skipped\",\"count\":18446744073709551615}");
	CHECK(record_kind(buf_span(&b)) == RECORD_CONTROL);
	buf_free(&b);
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
characters_that_steer_a_terminal_are_told_escaped(void)
{
	CHECK_TEXT(told("a\x1b[2J\nb\x7f"), "ct: warning: a\\x1b[2J\\x0ab\\x7f\n");
	CHECK_TEXT(told("\xc2\x9b" "2J"), "ct: warning: \\xc2\\x9b2J\n");
	CHECK_TEXT(told("\xe2\x80\xae" "cod"), "ct: warning: \\xe2\\x80\\xaecod\n");
	CHECK_TEXT(told("a\xe2\x80\x8f"), "ct: warning: a\\xe2\\x80\\x8f\n");
	CHECK_TEXT(told("a\xd8\x9c"), "ct: warning: a\\xd8\\x9c\n");
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
what_a_terminal_shows_for_a_while_is_removed_before_each_line(void)
{
	tell_over("\r\033[J");
	CHECK_TEXT(told("a"), "\r\033[Jct: warning: a\n");
	tell_over("");
	CHECK_TEXT(told("a"), "ct: warning: a\n");
}

static void
a_told_line_is_cut_at_four_kib(void)
{
	static char text[10000];

	memset(text, 0x1b, sizeof(text) - 1);
	CHECK(told(text).n <= 4096);
	CHECK(told(text).p[told(text).n - 1] == '\n');
}

/* A key of n bytes that holds this number in its middle, and its value. */
static struct span
memo_key(uint8_t bytes[200], size_t n, uint32_t number)
{
	memset(bytes, 'k', n);
	memcpy(bytes + n / 2, &number, sizeof(number));
	return span_of(bytes, n);
}

static void
a_memo_gives_back_what_was_kept_for_the_same_bytes_and_kind(void)
{
	struct memo *m = memo_open(4096, 16);
	struct span value;

	CHECK(!memo_find(m, 1, SPAN("key"), &value));
	memo_keep(m, 1, SPAN("key"), SPAN("value"));
	memo_keep(m, 2, SPAN("key"), SPAN("other"));
	memo_keep(m, 1, SPAN(""), SPAN("of nothing"));
	CHECK(memo_find(m, 1, SPAN("key"), &value));
	CHECK_TEXT(value, "value");
	CHECK(memo_find(m, 2, SPAN("key"), &value));
	CHECK_TEXT(value, "other");
	CHECK(memo_find(m, 1, SPAN(""), &value));
	CHECK_TEXT(value, "of nothing");
	CHECK(!memo_find(m, 1, SPAN("ke"), &value) && !memo_find(m, 3, SPAN("key"), &value));
	memo_free(m);
}

static void
a_memo_does_not_keep_items_above_a_sixteenth_of_its_size(void)
{
	static uint8_t large[4096 / 16 + 1];
	struct memo *m = memo_open(4096, 16);
	struct span value;

	memo_keep(m, 1, span_of(large, sizeof(large)), SPAN(""));
	CHECK(!memo_find(m, 1, span_of(large, sizeof(large)), &value));
	memo_free(m);
}

/* Keys whose place is chosen by bytes that they have in common, in a ring that goes round. */
static void
a_memo_gives_right_values_after_it_has_overwritten_old_ones(void)
{
	struct memo *m = memo_open(4096, 64);
	uint8_t bytes[200];
	struct span value;
	int wrong = 0, found = 0;

	for (uint32_t i = 0; i < 5000; i++) {
		size_t n = 10 + i % 180;

		if (!memo_find(m, 0, memo_key(bytes, n, i % 1700), &value))
			memo_keep(m, 0, memo_key(bytes, n, i % 1700), span_of(&i, sizeof(i)));
		if (!memo_find(m, 0, memo_key(bytes, n, i % 1700), &value))
			continue;
		found++;
		wrong += value.n != sizeof(i) || memcmp(value.p, &i, sizeof(i)) != 0;
	}
	CHECK(found == 5000 && wrong == 0);
	memo_free(m);
}

int
main(void)
{
	RUN(spans_compare_bytewise_with_a_prefix_before_the_longer);
	RUN(a_buffer_grows_and_keeps_its_bytes);
	RUN(a_buffer_prints_the_largest_number);
	RUN(digits_are_taken_up_to_the_largest_number);
	RUN(dropping_moves_the_rest_to_the_front);
	RUN(an_arena_hands_out_memory_that_stays_until_it_is_freed);
	RUN(the_kind_of_a_record_is_known_by_its_first_bytes);
	RUN(lines_are_taken_off_the_front_while_they_have_an_lf);
	RUN(a_skipped_record_tells_how_many_were_missed);
	RUN(characters_that_steer_a_terminal_are_told_escaped);
	RUN(text_in_any_script_is_told_as_it_is);
	RUN(what_a_terminal_shows_for_a_while_is_removed_before_each_line);
	RUN(a_told_line_is_cut_at_four_kib);
	RUN(a_memo_gives_back_what_was_kept_for_the_same_bytes_and_kind);
	RUN(a_memo_does_not_keep_items_above_a_sixteenth_of_its_size);
	RUN(a_memo_gives_right_values_after_it_has_overwritten_old_ones);
	return unit_end();
}

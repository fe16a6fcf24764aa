/* os/lines: lines and batches of lines out of a descriptor. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "os/lines.h"

static struct lines lines;
static FILE *file;

/* The lines of this text. */
static void
opened(struct span text)
{
	file = tmpfile();
	CHECK(file != NULL && fwrite(text.p, 1, text.n, file) == text.n);
	rewind(file);
	lines_init(&lines, fileno(file));
}

static void
closed(void)
{
	lines_free(&lines);
	fclose(file);
}

/* Fills as often as it takes. */
static enum lines_got
next(struct span *line)
{
	enum lines_got got;

	while ((got = lines_next(&lines, line)) == LINES_NONE)
		CHECK(lines_fill(&lines) >= 0);
	return got;
}

static enum lines_got
batch(size_t most, struct span *all, unsigned *count)
{
	enum lines_got got;

	while ((got = lines_batch(&lines, most, all, count)) == LINES_NONE)
		CHECK(lines_fill(&lines) >= 0);
	return got;
}

static void
lines_come_without_their_ends_and_the_last_needs_none(void)
{
	struct span s;

	opened(SPAN("one\ntwo\r\n\nfour"));
	CHECK(next(&s) == LINES_LINE);
	CHECK_TEXT(s, "one");
	CHECK(next(&s) == LINES_LINE);
	CHECK_TEXT(s, "two");
	CHECK(next(&s) == LINES_LINE && s.n == 0 && lines.number == 3);
	CHECK(next(&s) == LINES_LINE);
	CHECK_TEXT(s, "four");
	CHECK(lines.number == 4);
	CHECK(next(&s) == LINES_END);
	CHECK(next(&s) == LINES_END);
	closed();
}

static void
an_empty_file_has_no_line(void)
{
	struct span s;

	opened(SPAN(""));
	CHECK(next(&s) == LINES_END && lines.number == 0);
	closed();
}

static void
a_batch_holds_whole_lines_up_to_its_size_but_at_least_one(void)
{
	struct span s;
	unsigned n;

	opened(SPAN("aaaa\nbb\ncc\r\ndddddddd\ne"));
	CHECK(batch(8, &s, &n) == LINES_LINE && n == 2);
	CHECK_TEXT(s, "aaaa\nbb\n");
	CHECK(batch(8, &s, &n) == LINES_LINE && n == 1);
	CHECK_TEXT(s, "cc\r\n");
	CHECK(batch(8, &s, &n) == LINES_LINE && n == 1);
	CHECK_TEXT(s, "dddddddd\n");
	CHECK(batch(8, &s, &n) == LINES_LINE && n == 1);
	CHECK_TEXT(s, "e\n");
	CHECK(batch(8, &s, &n) == LINES_END && n == 0);
	CHECK(lines.number == 5);
	closed();
}

/* "a\n", then a line of n bytes, then "b" with the given end. */
static void
opened_around(size_t n, const char *end)
{
	char *long_line = malloc(n);

	memset(long_line, 'x', n);
	file = tmpfile();
	CHECK(file != NULL && fputs("a\n", file) >= 0);
	CHECK(fwrite(long_line, 1, n, file) == n && fputs(end, file) >= 0);
	rewind(file);
	lines_init(&lines, fileno(file));
	free(long_line);
}

static void
a_line_of_sixteen_mebibytes_is_taken(void)
{
	struct span s;

	opened_around(MAX_LINE, "\nb\n");
	CHECK(next(&s) == LINES_LINE);
	CHECK(next(&s) == LINES_LINE && s.n == MAX_LINE);
	CHECK(next(&s) == LINES_LINE);
	CHECK_TEXT(s, "b");
	closed();
}

static void
a_longer_line_is_passed_over_and_counted(void)
{
	struct span s;
	unsigned n;

	opened_around(MAX_LINE + 1, "\nb\n");
	CHECK(next(&s) == LINES_LINE);
	CHECK(next(&s) == LINES_LONG && lines.number == 2);
	CHECK(next(&s) == LINES_LINE);
	CHECK_TEXT(s, "b");
	closed();
	opened_around(3 * (size_t)MAX_LINE, "\nb");
	CHECK(batch(100, &s, &n) == LINES_LINE && n == 1);
	CHECK(batch(100, &s, &n) == LINES_LONG && n == 0 && lines.number == 2);
	CHECK(lines.bytes.cap <= 4 * (size_t)MAX_LINE);
	CHECK(batch(100, &s, &n) == LINES_LINE && n == 1 && lines.number == 3);
	CHECK_TEXT(s, "b\n");
	closed();
}

static void
a_long_line_at_the_very_end_is_reported_too(void)
{
	struct span s;

	opened_around(2 * (size_t)MAX_LINE, "");
	CHECK(next(&s) == LINES_LINE);
	CHECK(next(&s) == LINES_LONG);
	CHECK(next(&s) == LINES_END && lines.number == 2);
	closed();
}

static void
an_empty_pipe_that_does_not_block_says_EAGAIN_and_goes_on_later(void)
{
	struct span s;
	int ends[2];

	CHECK(pipe2(ends, O_NONBLOCK) == 0);
	lines_init(&lines, ends[0]);
	CHECK(write(ends[1], "ab", 2) == 2);
	CHECK(lines_next(&lines, &s) == LINES_NONE);
	CHECK(lines_fill(&lines) == 2);
	CHECK(lines_next(&lines, &s) == LINES_NONE);
	CHECK(lines_fill(&lines) < 0 && errno == EAGAIN);
	CHECK(write(ends[1], "c\nd", 3) == 3);
	CHECK(lines_fill(&lines) == 3);
	CHECK(lines_next(&lines, &s) == LINES_LINE);
	CHECK_TEXT(s, "abc");
	close(ends[1]);
	CHECK(lines_fill(&lines) == 0);
	CHECK(lines_next(&lines, &s) == LINES_LINE);
	CHECK_TEXT(s, "d");
	lines_free(&lines);
	close(ends[0]);
}

static void
the_front_of_a_line_that_is_not_whole_yet_can_be_taken(void)
{
	struct span s;
	int ends[2];

	CHECK(pipe(ends) == 0);
	lines_init(&lines, ends[0]);
	CHECK(lines_part(&lines).n == 0);
	CHECK(write(ends[1], "one\ntwo and", 11) == 11);
	CHECK(lines_fill(&lines) == 11);
	CHECK(lines_next(&lines, &s) == LINES_LINE);
	CHECK(lines_next(&lines, &s) == LINES_NONE);
	CHECK_TEXT(lines_part(&lines), "two and");
	lines_cut(&lines, 4);
	CHECK_TEXT(lines_part(&lines), "and");
	CHECK(write(ends[1], " more\n", 6) == 6);
	CHECK(lines_fill(&lines) == 6);
	CHECK(lines_next(&lines, &s) == LINES_LINE && lines.number == 2);
	CHECK_TEXT(s, "and more");
	close(ends[1]);
	CHECK(lines_fill(&lines) == 0 && lines_next(&lines, &s) == LINES_END);
	lines_free(&lines);
	close(ends[0]);
}

/* Its reader has taken a part, and must hear that no more comes. */
static void
a_line_taken_to_its_last_byte_still_ends(void)
{
	struct span s;

	opened(SPAN("all of it"));
	CHECK(lines_fill(&lines) == 9 && lines_next(&lines, &s) == LINES_NONE);
	lines_cut(&lines, 9);
	CHECK(next(&s) == LINES_LINE && s.n == 0 && lines.number == 1);
	CHECK(next(&s) == LINES_END);
	closed();
}

int
main(void)
{
	RUN(lines_come_without_their_ends_and_the_last_needs_none);
	RUN(an_empty_file_has_no_line);
	RUN(a_batch_holds_whole_lines_up_to_its_size_but_at_least_one);
	RUN(a_line_of_sixteen_mebibytes_is_taken);
	RUN(a_longer_line_is_passed_over_and_counted);
	RUN(a_long_line_at_the_very_end_is_reported_too);
	RUN(the_front_of_a_line_that_is_not_whole_yet_can_be_taken);
	RUN(a_line_taken_to_its_last_byte_still_ends);
	RUN(an_empty_pipe_that_does_not_block_says_EAGAIN_and_goes_on_later);
	return unit_end();
}

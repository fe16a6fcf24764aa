/* ct-hub: lines of its input, the file of lives, the file of marks, and what it remembers of others. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/tell.h"
#include "bus/sp/sp_publisher.h"
#include "ct-hub/input.h"
#include "ct-hub/lives.h"
#include "ct-hub/markfile.h"
#include "ct-hub/sources.h"
#include "ct-hub/stages.h"
#include "os/lines.h"

static char folder[64], address[96], marks[96];
static struct loop *loop;
static struct loop_timer late;
static struct publisher *bus;
static struct tally tally;
static struct input in;
static int pipe_in;
static const char *why;

static void
stop(void *cookie)
{
	(void)cookie;
	loop_stop(loop);
}

static void
run(unsigned ms)
{
	late = (struct loop_timer){ .due = stop };
	loop_after(loop, &late, ms);
	CHECK(loop_run(loop) == 0);
}

static void
found(void *cookie, enum record_kind kind, struct span line, uint64_t seq)
{
	(void)cookie;
	(void)kind;
	(void)line;
	(void)seq;
}

static const struct publisher_calls calls = { .takes = stop };

static void
begin(void)
{
	snprintf(folder, sizeof(folder), "/tmp/ct-hub-XXXXXX");
	CHECK(mkdtemp(folder) != NULL);
	snprintf(address, sizeof(address), "ipc://%s/bus", folder);
	snprintf(marks, sizeof(marks), "%s/mark", folder);
	loop = loop_open();
}

static void
finish(void)
{
	char command[96];

	loop_free(loop);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	CHECK(system(command) == 0);
}

static void
input_begin(void)
{
	struct publisher_options o = { .first = { 5, 1 }, .backlog = 64 << 20, .history = 64 << 20, .mode = 0600,
		.group = (gid_t)-1 };
	int ends[2];

	begin();
	bus = publisher_open(loop, address, &o, &calls, NULL, &why);
	CHECK(bus != NULL && pipe(ends) == 0);
	tally = (struct tally){ .found = found };
	input_init(&in, ends[0], bus, NULL, &tally);
	pipe_in = ends[1];
}

/* Writes bytes to the input, and reads them as often as it takes. */
static void
input_gets(struct span bytes)
{
	while (bytes.n > 0) {
		size_t n = bytes.n < 65536 ? bytes.n : 65536;
		ptrdiff_t got = 0;

		CHECK(write(pipe_in, bytes.p, n) == (ssize_t)n);
		bytes = span_from(bytes, n);
		while ((size_t)got < n)
			got += input_read(&in, SIZE_MAX);
	}
}

static void
input_ends(void)
{
	close(pipe_in);
	CHECK(input_read(&in, SIZE_MAX) == 0 && in.ended);
}

/* Checks that the records of the bus are these lines, and ends it. */
static void
input_finish(struct span lines)
{
	struct sp_message m = { { 0, 0 }, SPAN("") };
	struct buf out;

	buf_init(&out);
	sp_journal_since(&((struct sp_publisher *)bus)->journal, 1, SIZE_MAX, &out);
	CHECK(sp_message_parse(&m, buf_span(&out)) && m.place.seq == 1 && span_eq(m.lines, lines));
	CHECK(publisher_next(bus).seq == tally.records + 1 && tally.bytes == lines.n);
	buf_free(&out);
	close(in.fd);
	publisher_free(bus);
	finish();
}

static void
lines_are_whole_wherever_they_are_cut(void)
{
	static const char text[] = "one\n\ntwo\r\n{\"data\":{}}\n\nlast\n";
	size_t n = sizeof(text) - 1;

	for (size_t cut = 0; cut <= n; cut++) {
		input_begin();
		input_gets(span_of(text, cut));
		input_gets(span_of(text + cut, n - cut));
		CHECK(tally.records == 6 && tally.events == 1 && in.number == 6);
		input_ends();
		input_finish(span_of(text, n));
	}
}

static void
a_last_line_without_its_end_gets_one(void)
{
	input_begin();
	input_gets(SPAN("one\ntw"));
	CHECK(tally.records == 1 && input_has_part(&in));
	input_ends();
	CHECK(tally.records == 2 && !input_has_part(&in));
	input_finish(SPAN("one\ntw\n"));
}

/* A line of n bytes and its LF; the lines before and after it have to come through. */
static void
a_line_of(size_t n, bool taken, bool lf, bool front, bool back)
{
	struct buf all, want;

	buf_init(&all);
	buf_init(&want);
	if (front) {
		buf_puts(&all, "front\n");
		buf_puts(&want, "front\n");
	}
	memset(buf_reserve(&all, n), 'x', n);
	if (taken) {
		memset(buf_reserve(&want, n), 'x', n);
		buf_commit(&want, n);
		buf_putc(&want, '\n');
	}
	buf_commit(&all, n);
	if (lf)
		buf_putc(&all, '\n');
	if (back) {
		buf_puts(&all, "back\n");
		buf_puts(&want, "back\n");
	}
	input_begin();
	input_gets(buf_span(&all));
	input_ends();
	CHECK(tally.broken == !taken && in.number == 1u + front + back);
	input_finish(buf_span(&want));
	buf_free(&all);
	buf_free(&want);
}

static void
a_line_of_the_most_bytes_is_taken_and_one_byte_more_is_left_out(void)
{
	a_line_of(MAX_LINE, true, true, true, true);
	a_line_of(MAX_LINE + 1, false, true, true, true);
	a_line_of(MAX_LINE, true, false, true, false);
	a_line_of(MAX_LINE + 1, false, false, true, false);
	a_line_of(MAX_LINE + 1, false, true, false, true);
	a_line_of(2 * MAX_LINE, false, true, true, true);
	a_line_of(3 * MAX_LINE + 7, false, false, false, false);
}

static void
inside_a_line_that_is_too_long_the_rest_of_it_is_owed(void)
{
	struct buf all;

	buf_init(&all);
	memset(buf_reserve(&all, MAX_LINE + 9), 'x', MAX_LINE + 9);
	buf_commit(&all, MAX_LINE + 9);
	input_begin();
	input_gets(buf_span(&all));
	CHECK(input_has_part(&in));	/* else the next hub at the same FIFO takes the rest for a line */
	input_gets(SPAN("rest\n"));
	CHECK(!input_has_part(&in));
	input_ends();
	input_finish(SPAN(""));
	buf_free(&all);
}

static void
write_lives(const char *text)
{
	char path[112];
	FILE *f;

	snprintf(path, sizeof(path), "%s.lives", marks);
	f = fopen(path, "w");
	CHECK(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0);
}

static bool
lives_are(const char *text)
{
	char path[112], b[64] = "";
	FILE *f;

	snprintf(path, sizeof(path), "%s.lives", marks);
	f = fopen(path, "r");
	if (f == NULL)
		return false;
	b[fread(b, 1, sizeof(b) - 1, f)] = '\0';
	fclose(f);
	return strcmp(b, text) == 0;
}

static void
a_life_that_ended_in_order_goes_on_and_another_does_not(void)
{
	struct lives l;
	uint64_t n;

	begin();
	lives_init(&l, marks);
	CHECK(l.begin.epoch != 0 && l.begin.seq == 1 && l.count == 0);
	lives_free(&l);
	write_lives("8 501 end\n7 301\n");
	lives_init(&l, marks);
	CHECK(l.begin.epoch == 8 && l.begin.seq == 501 && l.count == 1);
	lives_store(&l, 501);
	lives_free(&l);
	lives_init(&l, marks);		/* it was killed: the file is of the form without a word */
	CHECK(l.begin.epoch != 8 && l.begin.seq == 1 && l.count == 2);
	CHECK(lives_lost(&l, (struct bus_place){ 8, 501 }, &n) && n == 0);
	CHECK(lives_lost(&l, (struct bus_place){ 8, 401 }, &n) && n == 100);
	CHECK(lives_lost(&l, (struct bus_place){ 7, 301 }, &n) && n == 500);
	CHECK(!lives_lost(&l, (struct bus_place){ 6, 1 }, &n));
	lives_end(&l, 42);
	n = l.begin.epoch;
	lives_free(&l);
	lives_init(&l, marks);
	CHECK(l.begin.epoch == n && l.begin.seq == 42);
	lives_free(&l);
	finish();
}

static void
a_file_of_lives_that_is_damaged_is_refused_and_left_as_it_is(void)
{
	static const char *const damaged[] = { "8 501 ended\n", "8 501 end \n", "0 5\n", "8 0\n", "8\n", "x 1\n",
		"8 501 ", "", "9 1\n8 50" };
	struct lives l;

	for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
		begin();
		write_lives(damaged[i]);
		CHECK(lives_init(&l, marks) != NULL);
		lives_free(&l);
		CHECK(lives_are(damaged[i]));
		finish();
	}
}

static uint64_t watched;

static void
watch(void *cookie, uint64_t seq)
{
	(void)cookie;
	watched = seq;
}

static bool
mark_is(const char *text)
{
	char b[64] = "";
	FILE *f = fopen(marks, "r");

	if (f == NULL)
		return *text == '\0';
	if (fgets(b, sizeof(b), f) == NULL)
		b[0] = '\0';
	fclose(f);
	return strcmp(b, text) == 0;
}

static void
a_mark_is_stored_only_when_all_before_it_has_left(void)
{
	struct markfile m;
	struct lives l;

	begin();
	lives_init(&l, marks);
	markfile_init(&m, loop, marks, &l, watch, NULL);
	markfile_put(&m, SPAN("one\n"), 10);
	CHECK(watched == 10);
	markfile_left(&m, 9);
	run(50);
	CHECK(mark_is(""));
	markfile_put(&m, SPAN("two\n"), 20);
	markfile_left(&m, 10);
	run(50);
	CHECK(mark_is("one\n") && watched == 20);
	markfile_left(&m, 20);
	run(50);
	CHECK(mark_is("one\n"));	/* one a second at most */
	run(1100);
	CHECK(mark_is("two\n"));
	markfile_put(&m, SPAN("three\n"), 30);
	markfile_put(&m, SPAN("four\n"), 40);
	markfile_flush(&m, 39);
	CHECK(mark_is("three\n"));
	markfile_flush(&m, 40);
	CHECK(mark_is("four\n") && m.stored == 4);
	markfile_free(&m);
	lives_free(&l);
	finish();
}

static void
lives_that_cannot_be_stored_keep_the_mark_from_being_stored(void)
{
	struct markfile m;
	struct lives l;
	char path[128];

	begin();
	CHECK(lives_init(&l, marks) == NULL && lives_end(&l, 1));
	snprintf(path, sizeof(path), "%s.lives.tmp", marks);
	CHECK(mkdir(path, 0700) == 0);		/* in the place where the new content would be written to */
	CHECK(!lives_store(&l, 5) && errno == EISDIR);
	markfile_init(&m, loop, marks, &l, watch, NULL);
	markfile_put(&m, SPAN("one\n"), 10);
	markfile_left(&m, 10);
	run(50);
	CHECK(mark_is("") && m.failed);
	CHECK(rmdir(path) == 0);
	run(1100);
	CHECK(mark_is("one\n") && !m.failed);
	markfile_free(&m);
	lives_free(&l);
	finish();
}

static void
a_mark_that_cannot_be_stored_does_not_move_the_end_of_this_life(void)
{
	struct markfile m;
	struct lives l, next;
	char path[128];

	begin();
	CHECK(lives_init(&l, marks) == NULL && lives_end(&l, 1));
	snprintf(path, sizeof(path), "%s.tmp", marks);
	CHECK(mkdir(path, 0700) == 0);
	markfile_init(&m, loop, marks, &l, watch, NULL);
	markfile_put(&m, SPAN("one\n"), 10);
	markfile_left(&m, 10);
	run(50);
	CHECK(mark_is("") && m.failed);
	CHECK(lives_init(&next, marks) == NULL && next.count == 1 && next.earlier[0].seq == 1);
	lives_free(&next);
	CHECK(rmdir(path) == 0);
	run(1100);
	CHECK(mark_is("one\n") && !m.failed);
	CHECK(lives_init(&next, marks) == NULL && next.count == 1 && next.earlier[0].seq == 10);
	lives_free(&next);
	markfile_free(&m);
	lives_free(&l);
	finish();
}

static void
the_newest_status_of_each_stage_and_producer_is_remembered(void)
{
	static struct stages s;
	struct buf out;

	buf_init(&out);
	stages_put(&s, SPAN("{\"message_type\":\"status\",\"stage\":\"ct-fetch\",\"n\":1}\n"), 0);
	stages_put(&s, SPAN("{\"message_type\":\"status\",\"stage\":\"ct-fetch\",\"n\":2}\n"), 3);
	stages_put(&s, SPAN("{\"message_type\":\"status\",\"stage\":\"ct-fetch\",\"n\":3}\n"), 0);
	stages_put(&s, SPAN("{\"message_type\":\"status\"}\n"), 0);
	stages_put(&s, SPAN("{\"message_type\":\"status\",\"stage\":\"cut"), 0);
	stages_write(&s, &out);
	CHECK_TEXT(buf_span(&out), "{\"message_type\":\"status\",\"stage\":\"ct-fetch\",\"n\":3}\n"
	    "{\"message_type\":\"status\",\"stage\":\"ct-fetch\",\"n\":2}\n");
	stages_free(&s);
	buf_free(&out);
}

static void
of_more_stages_than_are_remembered_those_heard_last_stay(void)
{
	static struct stages s;
	struct buf record, out;

	buf_init(&record);
	buf_init(&out);
	for (unsigned i = 1; i <= MAX_STAGES + 2; i++) {
		buf_reset(&record);
		buf_putf(&record, "{\"message_type\":\"status\",\"stage\":\"ct-fetch\",\"n\":%u}\n", i);
		stages_put(&s, buf_span(&record), i);
		stages_put(&s, SPAN("{\"message_type\":\"status\",\"stage\":\"ct-parse\"}\n"), 0);
	}
	stages_write(&s, &out);
	CHECK(s.count == MAX_STAGES && memmem(out.p, out.n, "ct-parse", 8) != NULL);
	CHECK(memmem(out.p, out.n, "\"n\":66}", 7) != NULL && memmem(out.p, out.n, "\"n\":4}", 6) != NULL);
	CHECK(memmem(out.p, out.n, "\"n\":3}", 6) == NULL);
	stages_free(&s);
	buf_free(&record);
	buf_free(&out);
}

/* Takes note of a head of one log from these producers in turn. Returns whether two at once were noticed. */
static bool
notices(const uint64_t *producers, size_t n)
{
	static struct sources s;

	s.count = 0;
	for (size_t i = 0; i < n; i++)
		sources_put(&s, SPAN("{\"message_type\":\"head\",\"log_id\":"
		    "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}\n"), producers[i]);
	return s.logs[0].told;
}

static void
two_producers_of_a_log_are_noticed_and_one_that_is_begun_anew_is_not(void)
{
	static const uint64_t two[] = { 0, 7, 0 }, five[] = { 1, 2, 3, 4, 5, 1 };
	static const uint64_t anew[] = { 0, 0, 7, 7, 8, 9, 10, 11, 12, 12 };

	CHECK(notices(two, 3) && notices(five, 6));
	CHECK(!notices(two, 2) && !notices(anew, 10));
}

int
main(void)
{
	tell_quieter();
	tell_quieter();
	RUN(lines_are_whole_wherever_they_are_cut);
	RUN(a_last_line_without_its_end_gets_one);
	RUN(a_line_of_the_most_bytes_is_taken_and_one_byte_more_is_left_out);
	RUN(inside_a_line_that_is_too_long_the_rest_of_it_is_owed);
	RUN(a_life_that_ended_in_order_goes_on_and_another_does_not);
	RUN(a_file_of_lives_that_is_damaged_is_refused_and_left_as_it_is);
	RUN(lives_that_cannot_be_stored_keep_the_mark_from_being_stored);
	RUN(a_mark_is_stored_only_when_all_before_it_has_left);
	RUN(a_mark_that_cannot_be_stored_does_not_move_the_end_of_this_life);
	RUN(the_newest_status_of_each_stage_and_producer_is_remembered);
	RUN(of_more_stages_than_are_remembered_those_heard_last_stay);
	RUN(two_producers_of_a_log_are_noticed_and_one_that_is_begun_anew_is_not);
	return unit_end();
}

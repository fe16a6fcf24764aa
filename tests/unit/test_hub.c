/* ct-hub: which events and lines are kept, how fast it may publish, when marks are stored. */
#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "ct-hub/history.h"
#include "ct-hub/markfile.h"
#include "ct-hub/pace.h"
#include "ct-hub/recent.h"
#include "os/store.h"

/* ---- the newest events ---- */

static void
only_the_newest_events_are_kept_oldest_first(void)
{
	char line[32];
	struct recent r;

	recent_init(&r, 3);
	CHECK(recent_lines(&r).n == 0);
	recent_put(&r, SPAN("a\n"));
	CHECK_TEXT(recent_lines(&r), "a\n");
	for (int i = 0; i < 1000; i++) {
		snprintf(line, sizeof(line), "event %d\n", i);
		recent_put(&r, span_str(line));
	}
	CHECK_TEXT(recent_lines(&r), "event 997\nevent 998\nevent 999\n");
	CHECK(r.lines.cap <= 256);
	recent_free(&r);
}

static void
nothing_is_kept_when_none_are_wanted(void)
{
	struct recent r;

	recent_init(&r, 0);
	recent_put(&r, SPAN("a\n"));
	CHECK(recent_lines(&r).n == 0);
	recent_free(&r);
}

static void
large_events_are_kept_up_to_a_sum_of_bytes(void)
{
	size_t n = MAX_KEEP_BYTES / 4;
	char *line = malloc(n);
	struct recent r;

	memset(line, 'x', n);
	line[n - 1] = '\n';
	recent_init(&r, 25);
	for (int i = 0; i < 20; i++)
		recent_put(&r, span_of(line, n));
	CHECK(r.count == 4 && recent_lines(&r).n == 4 * n);
	CHECK(r.lines.cap <= 4 * (size_t)MAX_KEEP_BYTES);
	recent_free(&r);
	free(line);
}

/* ---- the newest lines ---- */

/* Checks which lines there are from seq on, up to most bytes, and the number of the first. */
static void
check_history(const struct history *h, uint64_t seq, size_t most, uint64_t first, const char *lines)
{
	struct buf out;

	buf_init(&out);
	CHECK(history_first(h, seq) == first);
	history_get(h, history_first(h, seq), most, &out);
	CHECK_TEXT(buf_span(&out), lines);
	buf_free(&out);
}

static void
lines_are_found_by_their_numbers(void)
{
	struct history h;

	history_init(&h, 100);
	check_history(&h, 0, 100, 1, "");
	check_history(&h, 7, 100, 1, "");
	history_put(&h, SPAN("one\n\nthree\n"), 3);
	history_put(&h, SPAN("four\n"), 1);
	check_history(&h, 0, 100, 1, "one\n\nthree\nfour\n");
	check_history(&h, 2, 100, 2, "\nthree\nfour\n");
	check_history(&h, 4, 100, 4, "four\n");
	check_history(&h, 5, 100, 5, "");
	check_history(&h, UINT64_MAX, 100, 5, "");
	history_free(&h);
}

static void
an_answer_has_whole_lines_and_at_least_one(void)
{
	struct history h;

	history_init(&h, 100);
	history_put(&h, SPAN("one\ntwo\nthree\n"), 3);
	check_history(&h, 1, 8, 1, "one\ntwo\n");
	check_history(&h, 1, 13, 1, "one\ntwo\n");
	check_history(&h, 3, 1, 3, "three\n");
	history_free(&h);
}

static void
a_line_larger_than_the_history_leaves_it_empty(void)
{
	struct history h;

	history_init(&h, 10);
	history_put(&h, SPAN("one\n"), 1);
	history_put(&h, SPAN("0123456789\n"), 1);
	check_history(&h, 1, 100, 3, "");
	history_put(&h, SPAN("three\n"), 1);
	history_put(&h, SPAN("four\nfive\n"), 2);
	check_history(&h, 1, 100, 4, "four\nfive\n");
	history_put(&h, SPAN("0123456789\nseven\n"), 2);
	check_history(&h, 1, 100, 7, "seven\n");
	history_free(&h);
	history_init(&h, 0);
	history_put(&h, SPAN("one\ntwo\n"), 2);
	check_history(&h, 1, 100, 3, "");
	history_free(&h);
}

/* Appends the line with this number; its length follows from that. */
static void
put_line(struct buf *b, uint64_t seq)
{
	size_t n = (size_t)(seq * 2654435761U % 3001);

	buf_put_u64(b, seq);
	memset(buf_reserve(b, n), 'x', n);
	buf_commit(b, n);
	buf_putc(b, '\n');
}

/* Many turns of a ring of several blocks, whose size is no multiple of a block. */
static void
the_newest_lines_are_kept_and_found_however_many_have_come(void)
{
	enum { SIZE = 300001 };
	struct buf lines, out, wanted;
	uint64_t next = 1, first, seq;
	struct history h;

	buf_init(&lines);
	buf_init(&out);
	buf_init(&wanted);
	history_init(&h, SIZE);
	for (unsigned turn = 0; turn < 3000; turn++) {
		unsigned count = turn % 7 * (turn % 3) + 1;

		buf_reset(&lines);
		for (unsigned i = 0; i < count; i++)
			put_line(&lines, next++);
		history_put(&h, buf_span(&lines), count);
		first = history_first(&h, 0);
		CHECK(first == 1 || h.head - h.tail > SIZE - 3100 - lines.n);
		seq = first + (turn * 7919) % (next - first);
		buf_reset(&out);
		buf_reset(&wanted);
		history_get(&h, history_first(&h, seq), 1, &out);
		put_line(&wanted, seq);
		CHECK(span_eq(buf_span(&out), buf_span(&wanted)));
	}
	buf_reset(&out);
	buf_reset(&wanted);
	history_get(&h, first, SIZE, &out);
	for (seq = first; seq < next; seq++)
		put_line(&wanted, seq);
	CHECK(span_eq(buf_span(&out), buf_span(&wanted)));
	history_free(&h);
	buf_free(&lines);
	buf_free(&out);
	buf_free(&wanted);
}

/* ---- pace ---- */

enum {
	BATCH = 64 * 1024,
	BACKLOG = 1024,		/* messages */
	WINDOW = BACKLOG / 4,	/* so far behind a reader is waited for */
	EPOCH = 3,
};

static struct pace pace;

static void
start_pace(uint64_t now)
{
	pace_free(&pace);
	pace_init(&pace, BACKLOG, EPOCH, now);
}

/* Reader id reports at time now that it has taken what is before record seq. */
static void
seen(uint64_t id, uint64_t seq, uint64_t now)
{
	struct bus_report r = { id, { EPOCH, seq }, false };

	pace_seen(&pace, &r, now);
}

/* Publishes messages of one record each as long as it may; how many, at most most. */
static unsigned
publish(unsigned most, uint64_t now)
{
	unsigned n = 0;

	for (; n < most && pace_wait(&pace, now) == 0; n++)
		pace_published(&pace, pace.messages + 1, BATCH);
	return n;
}

static void
without_readers_nothing_is_held_back(void)
{
	start_pace(1000);
	CHECK(publish(100000, 1000) == 100000);
}

static void
a_reader_is_waited_for_when_it_is_a_quarter_of_the_backlog_behind(void)
{
	start_pace(1000);
	seen(7, 1, 1000);
	CHECK(publish(100000, 1000) == WINDOW);
	CHECK(pace_wait(&pace, 1000) > 0);
	seen(7, 101, 1000);
	CHECK(publish(100000, 1000) == 100);
	seen(7, pace.messages + 1, 1000);
	CHECK(publish(100000, 1000) == WINDOW);
}

static void
the_slowest_of_the_near_readers_counts(void)
{
	start_pace(1000);
	seen(7, 1, 1000);
	seen(8, 1, 1000);
	publish(WINDOW, 1000);
	seen(7, WINDOW + 1, 1000);
	CHECK(pace_wait(&pace, 1000) > 0);
	seen(8, WINDOW + 1, 1000);
	CHECK(pace_wait(&pace, 1000) == 0);
}

static void
no_reader_makes_the_stream_slower_than_the_floor(void)
{
	unsigned published = 0, ms, now = 1000, end = now + 10000;

	start_pace(now);
	seen(7, 1, now);
	publish(WINDOW, now);
	while (now < end) {
		published += publish(100000, now);
		ms = pace_wait(&pace, now);
		CHECK(ms > 0 && ms < 10);
		now += ms;
		seen(7, pace.messages - WINDOW, now);
	}
	CHECK(published > 0.95 * 10 * PACE_FLOOR / BATCH);
	CHECK(published < 1.05 * 10 * PACE_FLOOR / BATCH);
}

static void
a_reader_that_is_lost_is_not_waited_for_until_it_is_near_again(void)
{
	start_pace(1000);
	seen(7, 1, 1000);
	for (unsigned now = 1000; now < 1000 + 60000 && pace.count > 0; now += 2)
		publish(1, now);
	CHECK(pace.count == 0);
	CHECK(publish(100000, 61000) == 100000);
	seen(7, pace.messages - 10, 1000);
	CHECK(pace.count == 1 && publish(100000, 61000) < WINDOW);
}

static void
a_report_of_a_place_that_the_hub_has_not_reached_holds_nobody_up(void)
{
	start_pace(1000);
	seen(7, UINT64_MAX, 1000);
	CHECK(publish(WINDOW, 1000) == WINDOW);
	for (uint64_t id = 0; id < 2 * MAX_PACE_READERS; id++)
		seen(id, pace.messages + 1, 1000);
	CHECK(pace.count == MAX_PACE_READERS);
}

static void
a_reader_that_comes_when_there_are_too_many_is_waited_for_too(void)
{
	start_pace(1000);
	for (uint64_t id = 0; id < MAX_PACE_READERS; id++)
		seen(id, 1, 1000);
	CHECK(publish(100, 1000) == 100);
	seen(MAX_PACE_READERS, 101, 1000);
	CHECK(pace.count == MAX_PACE_READERS);
	for (uint64_t id = 1; id < MAX_PACE_READERS; id++)
		seen(id, 151, 1000);
	CHECK(publish(100000, 1000) == WINDOW);
}

static void
a_reader_that_comes_from_an_older_hub_does_not_count_as_behind(void)
{
	struct bus_report r = { 7, { EPOCH + 1, 5 }, false };

	start_pace(1000);
	publish(100, 1000);
	pace_seen(&pace, &r, 1000);
	CHECK(publish(100000, 1000) == WINDOW);
	pace_seen(&pace, &r, 1000);	/* it still has taken nothing */
	CHECK(pace_wait(&pace, 1000) > 0);
}

static void
small_messages_are_gathered_the_longer_the_farther_a_reader_is_behind(void)
{
	unsigned before = 0, ms;

	start_pace(1000);
	seen(7, 1, 1000);
	for (unsigned n = 0; n < BACKLOG - 1; n++) {
		ms = pace_gather(&pace);
		CHECK(n < BACKLOG / 16 ? ms == 0 : ms > 0);
		CHECK(ms >= before && ms <= PACE_GATHER_MS + 1);
		before = ms;
		pace_published(&pace, pace.messages + 1, 100);
	}
	CHECK(before > PACE_GATHER_MS * 9 / 10);
	seen(7, pace.messages + 1, 1000);
	CHECK(pace_gather(&pace) == 0);
}

static void
a_reader_that_has_taken_all_empty_messages_is_not_behind(void)
{
	start_pace(1000);
	seen(7, 1, 1000);
	for (unsigned i = 0; i < BACKLOG; i++) {
		pace_published(&pace, 1, 0);
		seen(7, 1, 1000);
	}
	CHECK(pace.count == 1 && pace_gather(&pace) == 0 && pace_wait(&pace, 1000) == 0);
	CHECK(pace.messages - pace.readers[0].message == 1);
}

static void
a_reader_that_has_gone_is_forgotten_and_one_that_is_stopped_is_not(void)
{
	start_pace(1000);
	seen(7, 1, 1000);	/* is stopped then */
	seen(8, 1, 9000);	/* goes at 10000 */
	seen(9, 1, 9500);	/* stays */
	pace_left(&pace, 1, 10000);
	seen(9, 1, 11500);
	pace_left(&pace, 0, 10000 + PACE_REPORT_MS - 1);
	CHECK(pace.count == 3);
	pace_left(&pace, 0, 10000 + PACE_REPORT_MS);
	CHECK(pace.count == 2);
	for (size_t i = 0; i < pace.count; i++)
		CHECK(pace.readers[i].id != 8);
}

static void
readers_that_come_and_go_do_not_make_the_hub_forget_a_stopped_one(void)
{
	start_pace(1000);
	seen(7, 1, 1000);	/* is stopped then */
	for (uint64_t now = 10000, id = 100; now < 70000; now += 1000, id++) {
		seen(id, 1, now);
		pace_left(&pace, 1, now + 500);
	}
	pace_left(&pace, 0, 80000);
	CHECK(pace.count == 1 && pace.readers[0].id == 7);
}

static void
a_connection_that_never_reported_makes_the_hub_forget_no_reader(void)
{
	start_pace(1000);
	seen(7, 1, 1000);
	pace_left(&pace, 3, 10000);
	pace_left(&pace, 0, 20000);
	CHECK(pace.count == 1);
}

/* ---- marks ---- */

static char folder[] = "/tmp/ct-hub-XXXXXX";
static char path[64];
static struct loop *loop;
static struct lives lives;

static void
stop(void *cookie)
{
	(void)cookie;
	loop_stop(loop);
}

static void
run(unsigned ms)
{
	struct loop_timer t = { .due = stop };

	loop_after(loop, &t, ms);
	CHECK(loop_run(loop) == 0);
}

static void
check_stored(const char *text)
{
	struct buf b;

	buf_init(&b);
	buf_reserve(&b, 100);
	store_read(path, 100, &b);
	CHECK_TEXT(buf_span(&b), text);
	buf_free(&b);
}

static void
a_mark_is_stored_a_second_after_it_came_and_the_newest_at_the_end(void)
{
	struct markfile m;

	loop = loop_open();
	markfile_init(&m, loop, path, &lives);
	markfile_put(&m, SPAN("one\n"), 5);
	run(500);
	check_stored("");
	markfile_put(&m, SPAN("two\n"), 5);
	run(700);
	check_stored("one\n");
	markfile_put(&m, SPAN("three\n"), 5);
	markfile_flush(&m);
	check_stored("three\n");
	CHECK(m.stored == 2 && !m.failed);
	markfile_flush(&m);
	CHECK(m.stored == 2);
	markfile_free(&m);
	loop_free(loop);
}

static void
a_mark_that_cannot_be_stored_is_tried_again(void)
{
	struct markfile m;
	int quiet;

	loop = loop_open();
	CHECK(unlink(path) == 0 && rmdir(folder) == 0);
	markfile_init(&m, loop, path, &lives);
	markfile_put(&m, SPAN("four\n"), 5);
	quiet = open("/dev/null", O_WRONLY);
	CHECK(quiet >= 0 && dup2(quiet, STDERR_FILENO) >= 0);	/* it is told, as it should be */
	run(1100);
	CHECK(m.failed);
	strcpy(folder + sizeof(folder) - 7, "XXXXXX");
	CHECK(mkdtemp(folder) != NULL);
	snprintf(path, sizeof(path), "%s/mark", folder);
	run(1100);
	CHECK(!m.failed);
	check_stored("four\n");
	close(quiet);
	markfile_free(&m);
	loop_free(loop);
}

static uint64_t count;

static bool
lost(const struct lives *l, uint64_t epoch, uint64_t seq)
{
	return lives_lost(l, (struct bus_place){ epoch, seq }, &count);
}

static void
a_reader_has_lost_the_rest_of_a_life_and_all_lives_since(void)
{
	struct lives l = { .epoch = 9, .count = 2, .earlier = { { 8, 51 }, { 7, 101 } } };

	CHECK(lost(&l, 8, 51) && count == 0);
	CHECK(lost(&l, 8, 41) && count == 10);
	CHECK(lost(&l, 8, 60) && count == 0);
	CHECK(lost(&l, 7, 101) && count == 50);
	CHECK(lost(&l, 7, 91) && count == 60);
	CHECK(lost(&l, 7, 111) && count == 40);	/* it had ten of those that came again */
	CHECK(!lost(&l, 6, 1));
}

static void
the_ends_of_earlier_lives_are_remembered(void)
{
	struct lives l;
	char file[80];

	snprintf(file, sizeof(file), "%s.lives", path);
	for (uint64_t epoch = 1; epoch <= 20; epoch++) {
		lives_init(&l, path, epoch);
		CHECK(!lost(&l, epoch, 1));
		CHECK(epoch == 1 || (lost(&l, epoch - 1, 100) && count == epoch - 1));
		lives_store(&l, epoch);
		lives_store(&l, 100 + epoch);
		CHECK(!l.failed);
		lives_free(&l);
	}
	lives_init(&l, path, 21);
	CHECK(lost(&l, 6, 1) && !lost(&l, 5, 1));
	lives_free(&l);
	CHECK(unlink(file) == 0);
}

int
main(void)
{
	RUN(only_the_newest_events_are_kept_oldest_first);
	RUN(nothing_is_kept_when_none_are_wanted);
	RUN(large_events_are_kept_up_to_a_sum_of_bytes);
	RUN(lines_are_found_by_their_numbers);
	RUN(an_answer_has_whole_lines_and_at_least_one);
	RUN(a_line_larger_than_the_history_leaves_it_empty);
	RUN(the_newest_lines_are_kept_and_found_however_many_have_come);
	RUN(without_readers_nothing_is_held_back);
	RUN(a_reader_is_waited_for_when_it_is_a_quarter_of_the_backlog_behind);
	RUN(the_slowest_of_the_near_readers_counts);
	RUN(no_reader_makes_the_stream_slower_than_the_floor);
	RUN(a_reader_that_is_lost_is_not_waited_for_until_it_is_near_again);
	RUN(a_report_of_a_place_that_the_hub_has_not_reached_holds_nobody_up);
	RUN(a_reader_that_comes_when_there_are_too_many_is_waited_for_too);
	RUN(a_reader_that_comes_from_an_older_hub_does_not_count_as_behind);
	RUN(small_messages_are_gathered_the_longer_the_farther_a_reader_is_behind);
	RUN(a_reader_that_has_taken_all_empty_messages_is_not_behind);
	RUN(a_reader_that_has_gone_is_forgotten_and_one_that_is_stopped_is_not);
	RUN(readers_that_come_and_go_do_not_make_the_hub_forget_a_stopped_one);
	RUN(a_connection_that_never_reported_makes_the_hub_forget_no_reader);
	pace_free(&pace);
	CHECK(mkdtemp(folder) != NULL);
	snprintf(path, sizeof(path), "%s/mark", folder);
	RUN(a_mark_is_stored_a_second_after_it_came_and_the_newest_at_the_end);
	RUN(a_mark_that_cannot_be_stored_is_tried_again);
	RUN(a_reader_has_lost_the_rest_of_a_life_and_all_lives_since);
	RUN(the_ends_of_earlier_lives_are_remembered);
	unlink(path);
	rmdir(folder);
	return unit_end();
}

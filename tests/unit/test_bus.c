/* lib/bus on ipc and tcp: a publisher and its readers over real sockets, in one loop. */
#include "unit.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "bus.h"
#include "bus/sp/sp_frame.h"
#include "bus/sp/sp_publisher.h"

static const struct subscriber_start newest = { .count = 0 };

static void
all_come_in_order(bool tcp)
{
	struct reader a, b;

	world_begin(tcp);
	hub_begin(5, 1);
	reader_follow(&a);
	reader_follow(&b);
	for (int i = 0; i < 50; i++) {
		hub_publish(1 + (unsigned)i, (size_t)i * 40);
		run(1);
	}
	hub_publish(2, 3 << 20);
	RUN_UNTIL(a.last.seq == 1277 && b.last.seq == 1277, 5000);
	CHECK(a.lines == 1277 && b.lines == 1277 && a.missed == 0 && b.missed == 0);
	CHECK(a.last.epoch == 5 && publisher_stats(hub).dropped == 0 && publisher_stats(hub).readers == 2);
	reader_end(&a);
	reader_end(&b);
	world_end();
}

static void
all_records_come_in_order_over_ipc(void)
{
	all_come_in_order(false);
}

static void
all_records_come_in_order_over_tcp(void)
{
	all_come_in_order(true);
}

static void
a_reader_that_is_behind_loses_what_it_is_told_and_the_others_nothing(void)
{
	struct reader fast, slow;

	world_begin(false);
	hub_begin(5, 1);
	reader_follow(&fast);
	reader_follow(&slow);
	reader_pause(&slow, true);
	for (int i = 0; i < 300; i++) {
		hub_publish(20, 2000);
		run(1);
	}
	RUN_UNTIL(fast.last.seq == 6000, 5000);
	CHECK(fast.lines == 6000 && fast.missed == 0 && slow.lines == 0 && slow.in_pause == 0);
	CHECK(publisher_stats(hub).dropped > 0);
	reader_pause(&slow, false);
	RUN_UNTIL(slow.last.seq == 6000, 5000);
	CHECK(slow.missed > 0 && slow.lines + slow.missed == 6000);
	CHECK(slow.missed == publisher_stats(hub).dropped);
	hub_publish(5, 10);
	RUN_UNTIL(slow.last.seq == 6005, 2000);
	CHECK(slow.lines + slow.missed == 6005 && slow.missed == publisher_stats(hub).dropped);
	reader_end(&fast);
	reader_end(&slow);
	world_end();
}

static void
a_message_that_has_left_in_part_is_brought_to_its_end(void)
{
	struct reader slow;

	world_begin(false);
	hub_begin(5, 1);
	reader_follow(&slow);
	reader_pause(&slow, true);
	hub_publish(1, 3 << 20);	/* more than a socket holds, less than the backlog */
	run(5);
	for (int i = 0; i < 20; i++) {
		hub_publish(1, 1 << 20);
		run(2);
	}
	reader_pause(&slow, false);
	RUN_UNTIL(slow.last.seq == 21, 5000);
	CHECK(slow.bytes > 3 << 20 && slow.lines + slow.missed == 21);
	CHECK(slow.missed > 0 && slow.missed == publisher_stats(hub).dropped);
	reader_end(&slow);
	world_end();
}

static void
older_records_come_first_each_once(void)
{
	struct reader r;

	world_begin(false);
	hub_begin(5, 1);
	hub_publish(400, 2000);
	reader_begin(&r, newest, true);
	RUN_UNTIL(r.latests > 0, 3000);
	hub_publish(10, 10);
	RUN_UNTIL(r.last.seq == 410, 3000);
	CHECK(r.old == 400 && r.lines == 10 && r.missed == 0);
	reader_end(&r);
	world_end();
}

/* Starts a reader at this place of a hub that has 400 records. Returns how many lines it got; its losses too. */
static uint64_t
since(struct bus_place place, size_t history, uint64_t *missed)
{
	struct reader r;

	world_begin(false);
	hub_begin_with((struct publisher_options){ .first = { 5, 1 }, .backlog = 4 << 20, .history = history });
	hub_publish(400, 2000);
	run(2);
	reader_begin(&r, (struct subscriber_start){ .since = place }, false);
	for (int i = 0; i < 200; i++) {		/* a stream that goes on meanwhile */
		hub_publish(1, 2000);
		run(1);
	}
	RUN_UNTIL(r.last.seq == 600, 3000);
	CHECK(r.latests == 1 && r.last.seq == 600);
	*missed = r.missed;
	reader_end(&r);
	world_end();
	return r.lines;
}

static void
a_reader_begins_at_a_place_that_is_kept(void)
{
	uint64_t missed;

	CHECK(since((struct bus_place){ 5, 101 }, 8 << 20, &missed) == 500 && missed == 0);
	CHECK(since((struct bus_place){ 5, 1 }, 8 << 20, &missed) == 600 && missed == 0);
}

static void
a_place_before_the_first_record_is_the_first(void)
{
	uint64_t missed;

	CHECK(since((struct bus_place){ 5, 0 }, 8 << 20, &missed) == 600 && missed == 0);
}

static void
a_place_that_is_no_longer_kept_is_told_to_the_record(void)
{
	uint64_t missed, lines = since((struct bus_place){ 5, 1 }, 200000, &missed);

	CHECK(missed > 200 && lines + missed == 600);
}

/* Publishes a record in each turn of the loop, and takes note of where that was when a reader came. */
struct pump {
	struct loop_timer timer;
	uint64_t there;
};

static void
pump_due(void *cookie)
{
	struct pump *p = cookie;

	hub_publish(1, 100);
	if (p->there == 0 && publisher_stats(hub).readers > 0)
		p->there = publisher_next(hub).seq;
	if (publisher_next(hub).seq <= 20000 && (p->there == 0 || publisher_next(hub).seq < p->there + 1000))
		loop_after(loop, &p->timer, 0);
}

static void
without_a_history_no_more_is_lost_than_what_came_before_the_reader(void)
{
	struct pump p = { { .due = pump_due, .cookie = &p }, 0 };
	struct reader r;

	world_begin(false);
	hub_begin_with((struct publisher_options){ .first = { 5, 1 }, .backlog = 4 << 20 });
	hub_publish(400, 100);
	run(2);
	reader_begin(&r, (struct subscriber_start){ .since = { 5, 301 } }, false);
	loop_after(loop, &p.timer, 0);
	RUN_UNTIL(p.there > 0 && r.last.seq == p.there + 999, 5000);
	CHECK(p.there > 0 && r.lines + r.missed == p.there + 999 - 300);
	CHECK(r.missed <= p.there - 301);
	reader_end(&r);
	world_end();
}

static void
a_place_in_the_future_loses_nothing_of_what_comes(void)
{
	uint64_t missed, lines = since((struct bus_place){ 5, 1000000 }, 8 << 20, &missed);

	CHECK(missed == 0 && lines >= 190 && lines <= 200);
}

static void
a_place_of_another_epoch_begins_with_the_oldest_and_asks_what_was_lost(void)
{
	uint64_t missed;

	CHECK(since((struct bus_place){ 9, 50 }, 8 << 20, &missed) == 600 && missed == 7);
}

static void
a_reader_finds_a_hub_that_comes_later_and_the_one_after_that(void)
{
	struct reader r;

	world_begin(false);
	reader_begin(&r, newest, false);
	run(300);
	CHECK(r.latests == 0 && r.state == SUBSCRIBER_AWAY);
	hub_begin(5, 1);
	RUN_UNTIL(r.latests > 0, 3000);
	hub_publish(10, 10);
	RUN_UNTIL(r.lines == 10, 1000);
	hub_end();
	RUN_UNTIL(r.state == SUBSCRIBER_AWAY, 1000);
	hub_begin(6, 1);		/* killed: a new epoch, and what was lost is asked for */
	RUN_UNTIL(r.state == SUBSCRIBER_THERE, 3000);
	hub_publish(3, 10);
	RUN_UNTIL(r.lines == 13 && r.missed == 7, 4000);
	CHECK(r.lines == 13 && r.missed == 7 && r.last.epoch == 6);
	hub_end();
	RUN_UNTIL(r.state == SUBSCRIBER_AWAY, 1000);
	hub_begin(6, 6);		/* ended in order, but two records did not reach this reader */
	RUN_UNTIL(r.state == SUBSCRIBER_THERE, 3000);
	hub_publish(1, 10);
	RUN_UNTIL(r.lines == 14, 1000);
	CHECK(r.lines == 14 && r.missed == 9 && r.last.seq == 6);
	reader_end(&r);
	world_end();
}

static void
turn_due(void *cookie)
{
	unsigned *turns = cookie;

	if ((*turns)-- > 0)
		loop_after(loop, &late, 0);
	else
		loop_stop(loop);
}

/* Lets the loop look once at what has happened on its sockets, and at what else is due. */
static void
turn(void)
{
	unsigned turns = 1;

	late = (struct loop_timer){ .due = turn_due, .cookie = &turns };
	loop_after(loop, &late, 0);
	CHECK(loop_run(loop) == 0);
}

/* The stages of a reader with a place, as far as its owner sees them. */
enum stage { BEFORE_THE_HUB, BEFORE_OLDER_RECORDS, AMONG_OLDER_RECORDS, BEHIND_OLDER_RECORDS, STAGES };

static enum stage
stage_of(const struct reader *r)
{
	if (r->last.seq >= 700)
		return BEHIND_OLDER_RECORDS;
	if (r->lines > 0)
		return AMONG_OLDER_RECORDS;
	return r->latests > 0 ? BEFORE_OLDER_RECORDS : BEFORE_THE_HUB;
}

/*
 * A reader is paused some turns of the loop after it was begun. What it has asked for may still come, an
 * answer of 256 KiB at most, which is 131 records of some 2000 bytes.
 */
static void
paused_after(unsigned turns, unsigned *met)
{
	struct reader r;

	world_begin(false);
	hub_begin(5, 1);
	hub_publish(700, 2000);		/* more than a megabyte: several answers, of which some are not kept */
	run(2);
	reader_begin(&r, (struct subscriber_start){ .since = { 5, 1 } }, false);
	for (unsigned i = 0; i < turns; i++)
		turn();
	met[stage_of(&r)]++;
	reader_pause(&r, true);
	hub_publish(100, 2000);
	run(20);
	CHECK(r.in_pause <= 131);
	reader_pause(&r, false);
	RUN_UNTIL(r.last.seq == 800, 3000);
	CHECK(r.last.seq == 800 && r.lines + r.missed == 800 && r.latests == 1);
	reader_end(&r);
	world_end();
}

static void
a_reader_that_is_paused_while_it_begins_or_follows_takes_no_more_than_it_has_asked_for(void)
{
	unsigned met[STAGES] = { 0 };

	for (unsigned turns = 0; turns < 60; turns++)
		paused_after(turns, met);
	for (size_t i = 0; i < STAGES; i++) {
		CHECK(met[i] > 0);
		if (met[i] == 0)
			printf("# stage %zu of %d was never met\n", i, STAGES);
	}
}

/* ---- a hub that the test plays ---- */

static int
play_listen(const char *suffix)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	snprintf(at.sun_path, sizeof(at.sun_path), "%s/bus%s", folder, suffix);
	unlink(at.sun_path);
	snprintf(address, sizeof(address), "ipc://%s/bus", folder);
	CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0 && listen(fd, 5) == 0);
	return fd;
}

static int
play_accept(int door)
{
	int fd = -1;

	RUN_UNTIL((fd = accept4(door, NULL, NULL, SOCK_NONBLOCK)) >= 0, 3000);
	CHECK(fd >= 0);
	return fd;
}

/* Greets and sends text as a message of SP, from a socket of this protocol. */
static void
play_message(int fd, enum sp_protocol protocol, struct span text)
{
	uint8_t head[SP_HEAD], greeting[SP_GREETING];

	sp_frame_greet(greeting, protocol);
	sp_frame_head(head, text.n);
	CHECK(send(fd, greeting, SP_GREETING, 0) == SP_GREETING && send(fd, head, SP_HEAD, 0) == SP_HEAD);
	CHECK(send(fd, text.p, text.n, 0) == (ssize_t)text.n);
}

static void
the_latest_events_of_another_hub_are_not_those_before_the_first_message(void)
{
	struct reader r;
	int door, ask, fd, asked;

	for (int same = 0; same <= 1; same++) {
		world_begin(false);
		door = play_listen("");
		ask = play_listen(".ask");
		reader_begin(&r, newest, false);
		fd = play_accept(door);
		play_message(fd, SP_PUB, SPAN("8 5\n"));
		asked = play_accept(ask);
		play_message(asked, SP_REP, same ? SPAN("\x80\0\0\1" "8 5\n{\"data\":{\"n\":4,\n") :
		    SPAN("\x80\0\0\1" "9 5\n{\"data\":{\"n\":4,\n"));
		RUN_UNTIL(r.latests == 1, 3000);
		CHECK(r.latests == 1 && (r.latest > 0) == same);
		reader_end(&r);
		close(fd);
		close(asked);
		close(door);
		close(ask);
		world_end();
	}
}

static void
a_hub_that_ends_before_it_answers_lets_a_reader_with_a_place_begin_all_the_same(void)
{
	struct reader r;
	int door, ask, fd;

	world_begin(false);
	door = play_listen("");
	ask = play_listen(".ask");
	reader_begin(&r, (struct subscriber_start){ .since = { 9, 50 } }, false);
	fd = play_accept(door);
	play_message(fd, SP_PUB, SPAN("8 5\n{\"data\":{\"n\":5,\n"));
	run(50);
	close(fd);
	close(door);
	close(ask);
	RUN_UNTIL(r.lines == 1, 3000);
	CHECK(r.latests == 1 && r.lines == 1 && r.last.seq == 5);
	reader_end(&r);
	world_end();
}

static void
a_reader_that_hears_nothing_dials_anew(void)
{
	uint8_t greeting[SP_GREETING];
	struct reader r;
	int door, first, second;

	world_begin(false);
	door = play_listen("");
	reader_begin(&r, newest, false);
	first = play_accept(door);
	sp_frame_greet(greeting, SP_PUB);
	CHECK(send(first, greeting, SP_GREETING, 0) == SP_GREETING);
	run(14000);
	CHECK(accept(door, NULL, NULL) < 0 && r.state == SUBSCRIBER_AWAY);
	second = play_accept(door);
	CHECK(r.state == SUBSCRIBER_SILENT);
	close(first);
	close(second);
	close(door);
	reader_end(&r);
	world_end();
}

/* ---- what has left ---- */

static void
marks_wait_for_a_reader_that_moves(void)
{
	struct reader r, fast;

	world_begin(false);
	hub_begin(5, 1);
	reader_follow(&r);
	reader_follow(&fast);
	hub_publish(1, 10);
	publisher_watch(hub, 2);
	RUN_UNTIL(lefts > 0, 1000);
	CHECK(lefts == 1 && left_seq == 2);
	r.gulp = 5;
	hub_publish(100, 20000);
	publisher_watch(hub, 102);
	for (int i = 0; i < 60 && lefts == 1; i++) {
		run(140);
		CHECK(lefts == 1 || publisher_stats(hub).behind == 0);
		r.gulp = 5;
		subscriber_pause(r.s, false);
	}
	CHECK(lefts == 2 && left_seq == 102 && r.last.seq > 50);
	r.gulp = 0;
	reader_end(&r);
	reader_end(&fast);
	world_end();
}

static void
marks_do_not_wait_for_a_reader_that_takes_nothing(void)
{
	struct reader r;

	world_begin(false);
	hub_begin(5, 1);
	reader_follow(&r);
	reader_pause(&r, true);
	hub_publish(100, 20000);
	publisher_watch(hub, 101);
	run(1700);
	CHECK(lefts == 0);
	run(2500);
	CHECK(lefts == 1 && left_seq == 101);
	reader_end(&r);
	world_end();
}

static void
who_was_refused_in_a_rest_is_told_also_when_much_was_published_meanwhile(void)
{
	world_begin(false);
	hub_begin(5, 1);
	RUN_UNTIL(publisher_takes(hub), 1000);
	run(60);	/* a look at the readers may still be due, which would tell too */
	takes = 0;
	hub_publish(1, 10);
	CHECK(!publisher_takes(hub));	/* it rests behind a small message */
	hub_publish(1, BUS_BATCH);	/* what others push, and what ends the rest */
	RUN_UNTIL(takes > 0, 1000);
	CHECK(takes == 1);
	world_end();
}

static void
linger_ends_when_all_has_left_and_not_before(void)
{
	struct reader r;
	uint64_t began;

	world_begin(false);
	hub_begin(5, 1);
	reader_follow(&r);
	hub_publish(3, 10);
	began = loop_clock();
	CHECK(publisher_linger(hub, 5000) == 4);
	CHECK(loop_clock() - began < 500);
	reader_pause(&r, true);
	run(5);
	hub_publish(100, 20000);
	began = loop_clock();
	CHECK(publisher_linger(hub, 1500) == 104);	/* a reader that has stopped does not count */
	CHECK(loop_clock() - began >= 400 && loop_clock() - began < 1400);
	hub_end();
	reader_pause(&r, false);
	RUN_UNTIL(r.state == SUBSCRIBER_AWAY, 2000);
	CHECK(r.lines > 3 && r.missed == 0);
	reader_end(&r);
	world_end();
}

/* A question that is freed in the call that brings its answer. */
struct asked {
	struct question *q;
	struct buf answer;
	unsigned answers;
	const char *why;
};

static void
asked_answered(void *cookie, struct span answer, const char *reason)
{
	struct asked *a = cookie;

	buf_put(&a->answer, answer);
	a->answers++;
	a->why = reason;
	question_free(a->q);
	a->q = NULL;
}

static void
a_question_is_answered_once_and_may_be_freed_in_its_answer(void)
{
	struct asked a = { .answers = 0 };

	world_begin(false);
	hub_begin(5, 1);
	a.q = question_open(loop, address, SPAN("lost 3 4"), 3000, asked_answered, &a, &why);
	CHECK(a.q != NULL && a.answers == 0);
	RUN_UNTIL(a.answers > 0, 3000);
	run(20);
	CHECK(a.answers == 1 && a.why == NULL && a.q == NULL);
	CHECK_TEXT(buf_span(&a.answer), "7");
	buf_free(&a.answer);
	world_end();
}

static void
a_question_that_is_freed_before_its_answer_is_not_answered(void)
{
	struct asked a = { .answers = 0 };

	world_begin(false);
	hub_begin(5, 1);
	a.q = question_open(loop, address, SPAN("lost 3 4"), 3000, asked_answered, &a, &why);
	turn();
	question_free(a.q);
	run(50);
	CHECK(a.answers == 0);
	world_end();
}

static void
a_question_that_no_hub_answers_ends_with_the_reason(void)
{
	struct buf answer;

	world_begin(false);
	buf_init(&answer);
	CHECK(question_ask(address, SPAN("status"), 300, &answer, &why) < 0);
	CHECK(strcmp(why, "no hub serves it") == 0 && answer.n == 0);
	buf_free(&answer);
	world_end();
}

/* Connects as a req socket does and asks, but reads nothing. Returns the socket. */
static int
ask_and_not_read(struct span question)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	uint8_t frame[SP_GREETING + SP_HEAD];

	snprintf(at.sun_path, sizeof(at.sun_path), "%s.ask", address + strlen("ipc://"));
	sp_frame_greet(frame, SP_REQ);
	sp_frame_head(frame + SP_GREETING, SP_ASKED.n + question.n);
	CHECK(connect(fd, (const struct sockaddr *)&at, sizeof(at)) == 0);
	CHECK(write(fd, frame, sizeof(frame)) == sizeof(frame) && write(fd, SP_ASKED.p, SP_ASKED.n) == 4);
	CHECK(write(fd, question.p, question.n) == (ssize_t)question.n);
	return fd;
}

static void
answers_that_nobody_takes_have_a_limit_and_the_newest_stay(void)
{
	enum { ASKERS = 60 };
	const struct sp_publisher *p;
	int fds[ASKERS];
	size_t waiting = 0;
	struct buf got;

	world_begin(false);
	hub_begin(5, 1);
	hub_publish(25, 40000);
	for (int i = 0; i < ASKERS; i++) {
		fds[i] = ask_and_not_read(SPAN("latest"));
		run(2);
	}
	p = (const struct sp_publisher *)hub;
	for (const struct sp_guest *g = p->guests[SP_QUESTIONS]; g != NULL; g = g->next)
		waiting += sp_link_waiting(g->link);
	CHECK(waiting > MAX_SP_ANSWERS / 2 && waiting <= MAX_SP_ANSWERS && p->links[SP_QUESTIONS] < ASKERS);
	buf_init(&got);
	for (int i = 0; i < 2000 && got.n < 25 * 40000; i++) {
		ssize_t n = recv(fds[ASKERS - 1], buf_reserve(&got, 65536), 65536, MSG_DONTWAIT);

		got.n += n > 0 ? (size_t)n : 0;
		run(1);
	}
	CHECK(got.n > 25 * 40000);
	buf_free(&got);
	for (int i = 0; i < ASKERS; i++)
		close(fds[i]);
	world_end();
}

static void
an_asker_that_reads_all_but_the_end_of_its_answer_holds_little_memory(void)
{
	const struct sp_link *link;
	struct buf got;
	int fd;

	world_begin(false);
	hub_begin(5, 1);
	hub_publish(25, 200000);
	fd = ask_and_not_read(SPAN("latest"));
	RUN_UNTIL(((const struct sp_publisher *)hub)->guests[SP_QUESTIONS] != NULL, 1000);
	link = ((const struct sp_publisher *)hub)->guests[SP_QUESTIONS]->link;
	RUN_UNTIL(sp_link_waiting(link) > 0, 1000);
	CHECK(sp_link_waiting(link) > 4000000);
	buf_init(&got);
	for (int i = 0; i < 5000 && sp_link_waiting(link) > 100000; i++) {
		ssize_t n = recv(fd, buf_reserve(&got, 16384), 16384, MSG_DONTWAIT);

		got.n += n > 0 ? (size_t)n : 0;
		run(1);
	}
	CHECK(sp_link_waiting(link) > 0 && sp_link_waiting(link) <= 100000);
	CHECK(link->out.cap <= 2 << 20);
	buf_free(&got);
	close(fd);
	world_end();
}

static int
tcp_option(int fd, int option)
{
	int value = 0;
	socklen_t n = sizeof(value);

	CHECK(getsockopt(fd, IPPROTO_TCP, option, &value, &n) == 0);
	return value;
}

static void
over_tcp_an_idle_side_that_is_gone_is_noticed_within_two_minutes(void)
{
	struct reader r;
	int fd;

	world_begin(true);
	hub_begin(5, 1);
	reader_follow(&r);
	fd = ((const struct sp_publisher *)hub)->readers->link->fd.fd;
	CHECK(tcp_option(fd, TCP_KEEPIDLE) + tcp_option(fd, TCP_KEEPINTVL) * tcp_option(fd, TCP_KEEPCNT) <= 120);
	reader_end(&r);
	world_end();
}

int
main(void)
{
	RUN(all_records_come_in_order_over_ipc);
	RUN(all_records_come_in_order_over_tcp);
	RUN(a_reader_that_is_behind_loses_what_it_is_told_and_the_others_nothing);
	RUN(a_message_that_has_left_in_part_is_brought_to_its_end);
	RUN(older_records_come_first_each_once);
	RUN(a_reader_begins_at_a_place_that_is_kept);
	RUN(a_place_before_the_first_record_is_the_first);
	RUN(a_place_that_is_no_longer_kept_is_told_to_the_record);
	RUN(without_a_history_no_more_is_lost_than_what_came_before_the_reader);
	RUN(a_place_in_the_future_loses_nothing_of_what_comes);
	RUN(a_place_of_another_epoch_begins_with_the_oldest_and_asks_what_was_lost);
	RUN(a_reader_finds_a_hub_that_comes_later_and_the_one_after_that);
	RUN(a_reader_that_is_paused_while_it_begins_or_follows_takes_no_more_than_it_has_asked_for);
	RUN(the_latest_events_of_another_hub_are_not_those_before_the_first_message);
	RUN(a_hub_that_ends_before_it_answers_lets_a_reader_with_a_place_begin_all_the_same);
	RUN(a_reader_that_hears_nothing_dials_anew);
	RUN(marks_wait_for_a_reader_that_moves);
	RUN(marks_do_not_wait_for_a_reader_that_takes_nothing);
	RUN(who_was_refused_in_a_rest_is_told_also_when_much_was_published_meanwhile);
	RUN(linger_ends_when_all_has_left_and_not_before);
	RUN(a_question_is_answered_once_and_may_be_freed_in_its_answer);
	RUN(a_question_that_is_freed_before_its_answer_is_not_answered);
	RUN(a_question_that_no_hub_answers_ends_with_the_reason);
	RUN(answers_that_nobody_takes_have_a_limit_and_the_newest_stay);
	RUN(an_asker_that_reads_all_but_the_end_of_its_answer_holds_little_memory);
	RUN(over_tcp_an_idle_side_that_is_gone_is_noticed_within_two_minutes);
	return unit_end();
}

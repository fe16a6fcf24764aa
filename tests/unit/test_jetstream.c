/* lib/bus/nats before a real nats-server, which each test starts and ends. */
#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/tell.h"
#include "bus/engine.h"

/* ---- a server ---- */

static struct {
	char dir[32];
	char port[8];		/* "-1": not known yet */
	pid_t pid;
} server;

static char address[256];

static bool
server_is_here(void)
{
#ifdef HAVE_NATS
	return system("command -v nats-server >/dev/null 2>&1") == 0;
#else
	return false;
#endif
}

#define SERVER_OR_SKIP() \
	do { \
		if (!server_is_here()) \
			SKIP("needs libnats and nats-server"); \
	} while (0)

static const char *
in_dir(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", server.dir, name);
	return path;
}

/* Waits for the file in which the server writes its addresses, and takes the port from it. */
static void
find_port(void)
{
	for (int i = 0; i < 500; i++) {
		char name[64], text[256] = "";
		const char *at;
		FILE *f;

		snprintf(name, sizeof(name), "nats-server_%d.ports", (int)server.pid);
		f = fopen(in_dir(name), "r");
		if (f != NULL) {
			size_t n = fread(text, 1, sizeof(text) - 1, f);

			text[n] = '\0';
			(void)fclose(f);
		}
		if ((at = strstr(text, "127.0.0.1:")) != NULL && strchr(text, '}') != NULL) {
			snprintf(server.port, sizeof(server.port), "%d", atoi(at + 10));
			return;
		}
		usleep(10000);
	}
	CHECK(!"the server has written its port");
}

/*
 * Starts the server, at the port of before if there was one, with one more option and its value. It
 * gives streams as much as they reserve, whatever is free.
 */
static void
server_start(const char *option, const char *value)
{
	char conf[128];
	FILE *f;

	snprintf(conf, sizeof(conf), "%s", in_dir("conf"));
	f = fopen(conf, "w");
	CHECK(f != NULL && fprintf(f, "jetstream { store_dir: \"%s/js\", max_file_store: 64GB }\n", server.dir) > 0);
	CHECK(f != NULL && fclose(f) == 0);
	fflush(stdout);
	server.pid = fork();
	if (server.pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execlp("nats-server", "nats-server", "-a", "127.0.0.1", "-p", server.port, "--ports_file_dir", server.dir,
		    "-c", conf, "-l", in_dir("log"), option, value, (char *)NULL);
		_exit(127);
	}
	find_port();
}

static void
server_end(int signal)
{
	if (server.pid > 0) {
		kill(server.pid, signal);
		waitpid(server.pid, NULL, 0);
	}
	server.pid = 0;
}

/* ---- a publisher and a reader ---- */

static struct {
	struct loop *loop;
	struct loop_timer late;		/* ends a run that hangs */
	bool hangs;
	struct publisher *p;
	struct subscriber *s;
	struct question *q;
	const char *why;
	bool takes;			/* was called */
	uint64_t left;
	uint64_t until_left, until_lines;	/* when the loop is stopped; 0: not for this */
	struct buf lines, olds, latest, answer;	/* what came */
	uint64_t count, count_old, missed, holes;
	unsigned latest_calls;
	struct bus_place next, last;
	enum subscriber_state state;
	bool pause_at_first;
} w;

static void
on_late(void *cookie)
{
	(void)cookie;
	w.hangs = true;
	loop_stop(w.loop);
}

static void
on_takes(void *cookie)
{
	(void)cookie;
	w.takes = true;
	loop_stop(w.loop);
}

static void
on_left(void *cookie, uint64_t seq)
{
	(void)cookie;
	CHECK(seq >= w.left);
	w.left = seq;
	if (w.until_left > 0 && seq >= w.until_left)
		loop_stop(w.loop);
}

static void
on_old(void *cookie, struct bus_place place, struct span line)
{
	(void)cookie;
	(void)place;
	w.count_old++;
	buf_put(&w.olds, line);
	buf_putc(&w.olds, '\n');
}

static void
on_latest(void *cookie, struct bus_place next, struct span lines)
{
	(void)cookie;
	w.latest_calls++;
	w.next = next;
	buf_put(&w.latest, lines);
	if (w.until_lines == 0)
		loop_stop(w.loop);
}

static void
on_line(void *cookie, struct bus_place place, struct span line)
{
	(void)cookie;
	CHECK(w.latest_calls == 1);
	if (w.last.epoch == place.epoch && place.seq != w.last.seq + 1)
		w.holes += place.seq - w.last.seq - 1;
	w.last = place;
	if (line.n == 0)
		return;
	buf_put(&w.lines, line);
	buf_putc(&w.lines, '\n');
	if (++w.count == w.until_lines)
		loop_stop(w.loop);
	if (w.pause_at_first)
		w.s->pause(w.s, true);
	w.pause_at_first = false;
}

static void
on_missed(void *cookie, uint64_t records)
{
	(void)cookie;
	w.missed += records;
}

static void
on_turn(void *cookie)
{
	(void)cookie;
}

static void
on_state(void *cookie, enum subscriber_state state)
{
	(void)cookie;
	w.state = state;
}

static void
on_answered(void *cookie, struct span answer, const char *why)
{
	(void)cookie;
	w.why = why;
	buf_put(&w.answer, answer);
	loop_stop(w.loop);
}

static const struct publisher_calls publisher_calls = { .takes = on_takes, .left = on_left };
static const struct subscriber_calls subscriber_calls = {
	.latest = on_latest, .line = on_line, .missed = on_missed, .turn = on_turn, .state = on_state,
};
static const struct subscriber_calls subscriber_calls_old = {
	.old = on_old, .latest = on_latest, .line = on_line, .missed = on_missed, .turn = on_turn,
	.state = on_state,
};

/* Runs the loop until a call stops it, for 20 s at most. */
static void
run(void)
{
	w.late = (struct loop_timer){ .due = on_late };
	loop_after(w.loop, &w.late, 20000);
	CHECK(loop_run(w.loop) == 0);
	loop_stop_timer(w.loop, &w.late);
	CHECK(!w.hangs);
}

static void
on_pause(void *cookie)
{
	(void)cookie;
	loop_stop(w.loop);
}

static void
run_for(unsigned ms)
{
	struct loop_timer t = { .due = on_pause };

	loop_after(w.loop, &t, ms);
	CHECK(loop_run(w.loop) == 0);
	loop_stop_timer(w.loop, &t);
}

/* Begins a test: with a server that has this much more to say on its command line. */
static void
begin_with(const char *query, const char *option, const char *value)
{
	memset(&w, 0, sizeof(w));
	strcpy(server.dir, "/tmp/ct-unit-XXXXXX");
	strcpy(server.port, "-1");
	CHECK(mkdtemp(server.dir) != NULL);
	server_start(option, value);
	snprintf(address, sizeof(address), "nats://127.0.0.1:%s%s", server.port, query);
	w.loop = loop_open();
}

static void
begin(const char *query)
{
	begin_with(query, NULL, NULL);
}

static void
end_reader(void)
{
	if (w.s != NULL)
		w.s->free(w.s);
	w.s = NULL;
}

static void
end_publisher(void)
{
	if (w.p != NULL)
		w.p->free(w.p);
	w.p = NULL;
}

static void
end(void)
{
	char command[64];

	end_reader();
	end_publisher();
	if (w.q != NULL)
		w.q->free(w.q);
	server_end(SIGKILL);
	loop_free(w.loop);
	buf_free(&w.lines);
	buf_free(&w.olds);
	buf_free(&w.latest);
	buf_free(&w.answer);
	snprintf(command, sizeof(command), "rm -rf %s", server.dir);
	CHECK(system(command) == 0);
}

static void
publisher(void)
{
	struct publisher_options options = { .first = { 7, 1 } };
	const char *why = NULL;

	w.p = nats_engine.publisher_open(w.loop, address, &options, &publisher_calls, NULL, &why);
	CHECK(w.p != NULL && why == NULL);
}

static void
reader(struct subscriber_start start, const struct subscriber_calls *calls)
{
	const char *why = NULL;

	w.latest_calls = 0;
	w.s = nats_engine.subscriber_open(w.loop, address, &start, calls, NULL, &why);
	CHECK(w.s != NULL && why == NULL);
}

/* Appends events with these indexes; pad is the length of a further member. */
static void
events(struct buf *out, unsigned from, unsigned to, size_t pad)
{
	for (unsigned i = from; i <= to; i++) {
		buf_putf(out, "{\"data\":{\"cert_index\":%u,\"cert_link\":\"x\",\"leaf_cert\":{\"all_domains\":[\"n%u.example\"],"
		    "\"extensions\":{\"pad\":\"", i, i);
		memset(buf_reserve(out, pad), 'x', pad);
		buf_commit(out, pad);
		buf_putf(out, "\"},\"sha256\":\"%u:AA\"},\"seen\":1,\"source\":{\"name\":\"L\",\"url\":\"https://l.example\","
		    "\"timestamp\":1,\"type\":\"rfc6962\"},\"update_type\":\"X509LogEntry\"},\"message_type\":"
		    "\"certificate_update\"}\n", i);
	}
}

/* Publishes lines through the draft, as ct-hub does. */
static void
publish(struct span lines)
{
	struct span line, rest = lines;
	struct publisher_lines all = { .n = lines.n };

	while (span_line(&rest, &line))
		all.records++;
	while (lines.n > 0) {
		size_t room, n;
		uint8_t *p = w.p->space(w.p, &room);

		CHECK(room >= PUBLISHER_SPACE);
		n = room < lines.n ? room : lines.n;
		memcpy(p, lines.p, n);
		w.p->fill(w.p, n);
		lines = span_from(lines, n);
	}
	CHECK(w.p->draft(w.p).n == all.n);
	w.p->publish(w.p, all);
	CHECK(w.p->draft(w.p).n == 0);
}

static void
publish_events(unsigned from, unsigned to, size_t pad)
{
	struct buf b;

	buf_init(&b);
	events(&b, from, to, pad);
	publish(buf_span(&b));
	buf_free(&b);
}

/* Waits until all that was published is stored. */
static void
store(void)
{
	w.until_left = w.p->next(w.p).seq;
	w.p->watch(w.p, w.until_left);
	run();
	CHECK(w.left == w.until_left);
	w.until_left = 0;
}

/* Returns true when lines are the events with these indexes. */
static bool
are_events(const struct buf *lines, unsigned from, unsigned to, size_t pad)
{
	struct buf b;
	bool same;

	buf_init(&b);
	events(&b, from, to, pad);
	same = span_eq(buf_span(lines), buf_span(&b));
	buf_free(&b);
	return same;
}

/* Returns true when events with all of these indexes are among lines, in any order. */
static bool
has_events(const struct buf *lines, unsigned from, unsigned to)
{
	char text[64];

	for (unsigned i = from; i <= to; i++) {
		int n = snprintf(text, sizeof(text), "{\"data\":{\"cert_index\":%u,", i);

		if (memmem(lines->p, lines->n, text, (size_t)n) == NULL)
			return false;
	}
	return true;
}

/* ---- tests ---- */

static void
what_is_published_is_stored_and_read_in_order(void)
{
	SERVER_OR_SKIP();
	begin("");
	publisher();
	publish_events(1, 2000, 100);
	CHECK(w.p->next(w.p).seq == 2001 && w.p->next(w.p).epoch == 0);
	store();
	CHECK(w.p->linger(w.p, 1000) == 2001);
	CHECK(w.p->stats(w.p).messages == 2000 && w.p->stats(w.p).behind == 0);
	w.until_lines = 500;
	reader((struct subscriber_start){ .count = 3 }, &subscriber_calls);
	run_for(300);
	CHECK(w.latest_calls == 1 && w.state == SUBSCRIBER_THERE);
	CHECK(are_events(&w.latest, 1998, 2000, 100));
	CHECK(w.next.seq == 2001 && w.next.epoch != 0 && w.next.epoch < (uint64_t)1 << 53);
	publish_events(2001, 2500, 100);
	run();
	CHECK(are_events(&w.lines, 2001, 2500, 100) && w.missed == 0 && w.holes == 0 && w.last.seq == 2500);
	end();
}

static void
repetitions_are_removed_by_their_entry_and_not_by_their_text(void)
{
	struct buf b;

	SERVER_OR_SKIP();
	begin("");
	publisher();
	publish_events(1, 100, 10);
	publish_events(51, 150, 10);
	store();
	CHECK(w.p->stats(w.p).repeated == 50);
	buf_init(&b);
	for (int i = 0; i < 3; i++)
		buf_puts(&b, "{\"message_type\":\"status\",\"stage\":\"s\"}\n");
	publish(buf_span(&b));
	store();
	buf_free(&b);
	CHECK(w.p->stats(w.p).repeated == 50);
	w.until_lines = 153;
	reader((struct subscriber_start){ .since = { 1, 1 } }, &subscriber_calls);
	run();
	CHECK(w.count == 153);
	end();
}

static void
older_records_come_first_and_then_the_latest_and_then_new_ones(void)
{
	SERVER_OR_SKIP();
	begin("");
	publisher();
	publish_events(1, 300, 10);
	store();
	reader((struct subscriber_start){ .count = 5 }, &subscriber_calls_old);
	run();
	CHECK(are_events(&w.olds, 1, 300, 10) && are_events(&w.latest, 296, 300, 10) && w.next.seq == 301);
	w.until_lines = 1;
	publish_events(301, 301, 10);
	run();
	CHECK(are_events(&w.lines, 301, 301, 10) && w.count_old == 300 && w.missed == 0);
	end();
}

static void
the_latest_events_are_found_behind_many_other_records(void)
{
	struct buf b;

	SERVER_OR_SKIP();
	begin("");
	publisher();
	publish_events(1, 40, 10);
	buf_init(&b);
	for (int i = 0; i < 1000; i++)
		buf_putf(&b, "{\"message_type\":\"head\",\"log_id\":\"A\",\"name\":\"L\",\"tree_size\":%d}\n", i);
	publish(buf_span(&b));
	store();
	reader((struct subscriber_start){ .count = 0 }, &subscriber_calls);
	run();
	CHECK(are_events(&w.latest, 16, 40, 10));
	buf_free(&b);
	end();
}

static void
a_reader_goes_on_from_a_place(void)
{
	SERVER_OR_SKIP();
	begin("");
	publisher();
	publish_events(1, 1000, 10);
	store();
	reader((struct subscriber_start){ .since = { 5, 5 } }, &subscriber_calls);
	run();	/* until latest is called: with an epoch of its own, from the first record on */
	CHECK(w.next.seq == 1);
	w.until_lines = 1000;
	run();
	CHECK(are_events(&w.lines, 1, 1000, 10));
	end_reader();
	buf_reset(&w.lines);
	w.count = 0;
	w.until_lines = 10;
	w.last.seq = 990;
	reader((struct subscriber_start){ .since = { w.last.epoch, 991 } }, &subscriber_calls);
	run();
	CHECK(w.next.seq == 991 && are_events(&w.lines, 991, 1000, 10) && w.missed == 0 && w.holes == 0);
	end();
}

static void
what_the_limits_of_the_stream_have_removed_is_missed_exactly(void)
{
	SERVER_OR_SKIP();
	begin("?max-bytes=64k");
	publisher();
	publish_events(1, 1000, 200);
	store();
	w.until_lines = UINT64_MAX;
	reader((struct subscriber_start){ .since = { 1, 1 } }, &subscriber_calls);
	run_for(500);
	CHECK(w.count > 50 && w.count < 200 && w.last.seq == 1000);
	w.last.seq = 0;
	end_reader();
	reader((struct subscriber_start){ .since = { w.last.epoch, 1 } }, &subscriber_calls);
	run_for(500);
	CHECK(w.missed + w.count / 2 == 1000);
	end();
}

static void
a_reader_that_pauses_is_waited_for_and_loses_nothing(void)
{
	SERVER_OR_SKIP();
	begin("");
	publisher();
	publish_events(1, 1, 1);
	store();
	w.pause_at_first = true;
	reader((struct subscriber_start){ .count = 1 }, &subscriber_calls);
	run();
	w.until_lines = 5000;
	publish_events(2, 5001, 4000);
	store();
	run_for(500);
	CHECK(w.count == 1);
	w.s->pause(w.s, false);
	run();
	CHECK(are_events(&w.lines, 2, 5001, 4000) && w.missed == 0);
	end();
}

static void
lines_above_the_payload_of_the_server_travel_in_parts(void)
{
	SERVER_OR_SKIP();
	begin("?history=1g");
	publisher();
	publish_events(1, 1, 10);
	publish_events(2, 2, 5000000);
	publish_events(3, 3, 10);
	publish_events(4, 4, 16000000);
	publish_events(5, 5, 2 << 20);
	store();
	publish_events(4, 4, 16000000);
	store();
	CHECK(w.p->stats(w.p).repeated == 16);
	reader((struct subscriber_start){ .count = 2 }, &subscriber_calls_old);
	run();
	CHECK(w.latest.n > 18000000 && w.count_old > 20 && w.next.seq == w.count_old + 1);
	end_reader();
	w.until_lines = 5;
	reader((struct subscriber_start){ .since = { w.next.epoch, 1 } }, &subscriber_calls);
	run();
	CHECK(w.holes == 0 && w.missed == 0);
	CHECK(w.lines.n > 23000000 && memcmp(w.lines.p, "{\"data\":{\"cert_index\":1,", 24) == 0);
	end();
}

static void
a_full_stream_holds_the_publisher_back_and_nothing_is_lost(void)
{
	SERVER_OR_SKIP();
	begin("?max-bytes=1m&discard=new&max-age=3s&duplicates=1s");
	publisher();
	publish_events(1, 3000, 4000);	/* 12 MB: more than the window and the stream */
	CHECK(!w.p->takes(w.p));
	run_for(1500);
	CHECK(!w.p->takes(w.p));
	w.until_lines = 3000;
	reader((struct subscriber_start){ .since = { 1, 1 } }, &subscriber_calls);
	/* What is older than three seconds makes room; the rest needs many such rounds. */
	for (int i = 0; i < 20 && w.count < 700; i++)
		run_for(1000);
	CHECK(w.count >= 700 && w.missed == 0 && w.holes == 0);
	CHECK(has_events(&w.lines, 1, 500));
	end();
}

static void
a_server_that_is_killed_and_comes_again_makes_no_difference(void)
{
	SERVER_OR_SKIP();
	begin("");
	publisher();
	w.until_lines = 4000;
	reader((struct subscriber_start){ .since = { 1, 1 } }, &subscriber_calls);
	publish_events(1, 1000, 100);
	store();
	publish_events(1001, 2000, 100);
	server_end(SIGKILL);
	publish_events(2001, 3000, 100);
	run_for(1000);
	CHECK(w.state == SUBSCRIBER_AWAY);
	server_start(NULL, NULL);
	publish_events(3001, 4000, 100);
	run();
	CHECK(are_events(&w.lines, 1, 4000, 100) && w.missed == 0 && w.holes == 0);
	CHECK(w.state == SUBSCRIBER_THERE);
	store();
	end();
}

static void
publisher_and_reader_wait_for_a_server_that_comes_later(void)
{
	SERVER_OR_SKIP();
	begin("");
	server_end(SIGKILL);
	w.until_lines = 10;
	reader((struct subscriber_start){ .count = 1 }, &subscriber_calls);
	publisher();
	publish_events(1, 10, 100);
	CHECK(w.p->linger(w.p, 200) == 1);
	server_start(NULL, NULL);
	run_for(3000);
	CHECK(w.latest_calls == 1 && w.p->linger(w.p, 100) == 11);
	end();
}

static void
a_wrong_password_is_told_and_tried_again(void)
{
	SERVER_OR_SKIP();
	begin_with("", "--auth", "right");
	snprintf(address, sizeof(address), "nats://wrong@127.0.0.1:%s", server.port);
	publisher();
	publish_events(1, 1, 1);
	CHECK(w.p->linger(w.p, 500) == 1);
	server_end(SIGKILL);
	server_start("--auth", "wrong");
	CHECK(w.p->linger(w.p, 10000) == 2);
	end();
}

/* ---- questions ---- */

static void
ask(const char *text)
{
	const char *why = NULL;

	buf_reset(&w.answer);
	w.why = "";
	w.q = nats_engine.question_open(w.loop, address, span_str(text), 2000, on_answered, NULL, &why);
	CHECK(w.q != NULL && why == NULL);
	run();
	w.q->free(w.q);
	w.q = NULL;
}

static void
questions_are_answered_from_the_stream(void)
{
	char text[64];
	struct buf expected;
	uint64_t epoch;
	const char *why = NULL;

	SERVER_OR_SKIP();
	begin("");
	publisher();
	publish_events(1, 100, 10);
	publish(SPAN("{\"message_type\":\"status\",\"stage\":\"a\",\"n\":1}\n{\"message_type\":\"status\",\"stage\":\"b\"}\n"
	    "{\"message_type\":\"status\",\"stage\":\"a\",\"n\":2}\n"));
	store();
	ask("status");
	CHECK(w.why == NULL);
	CHECK(w.answer.n == 82 && memmem(w.answer.p, w.answer.n, "\"n\":2", 5) != NULL);
	ask("latest 2");
	epoch = strtoull(buf_str(&w.answer), NULL, 10);
	buf_init(&expected);
	buf_putf(&expected, "%llu 104\n", (unsigned long long)epoch);
	events(&expected, 99, 100, 10);
	CHECK(span_eq(buf_span(&w.answer), buf_span(&expected)));
	snprintf(text, sizeof(text), "since %llu 98", (unsigned long long)epoch);
	ask(text);
	buf_reset(&expected);
	buf_putf(&expected, "%llu 98\n", (unsigned long long)epoch);
	events(&expected, 98, 100, 10);
	CHECK(w.answer.n > expected.n && memcmp(w.answer.p, expected.p, expected.n) == 0);
	snprintf(text, sizeof(text), "since %llu 900", (unsigned long long)epoch);
	ask(text);
	buf_reset(&expected);
	buf_putf(&expected, "%llu 104\n", (unsigned long long)epoch);
	CHECK(span_eq(buf_span(&w.answer), buf_span(&expected)));
	buf_free(&expected);
	CHECK(nats_engine.question_open(w.loop, address, SPAN("what"), 100, on_answered, NULL, &why) == NULL);
	CHECK(why != NULL);
	server_end(SIGKILL);
	ask("latest");
	CHECK(w.why != NULL && w.answer.n == 0);
	end();
}

static void
pushed_lines_are_refused_with_a_reason(void)
{
	struct publisher_options options = { .ingest = true };
	const char *why = NULL;

	SERVER_OR_SKIP();
	CHECK(nats_engine.publisher_open(NULL, "nats://h", &options, &publisher_calls, NULL, &why) == NULL);
	CHECK(why != NULL);
}

int
main(void)
{
	tell_quieter();
	RUN(what_is_published_is_stored_and_read_in_order);
	RUN(repetitions_are_removed_by_their_entry_and_not_by_their_text);
	RUN(older_records_come_first_and_then_the_latest_and_then_new_ones);
	RUN(the_latest_events_are_found_behind_many_other_records);
	RUN(a_reader_goes_on_from_a_place);
	RUN(what_the_limits_of_the_stream_have_removed_is_missed_exactly);
	RUN(a_reader_that_pauses_is_waited_for_and_loses_nothing);
	RUN(lines_above_the_payload_of_the_server_travel_in_parts);
	RUN(a_full_stream_holds_the_publisher_back_and_nothing_is_lost);
	RUN(a_server_that_is_killed_and_comes_again_makes_no_difference);
	RUN(publisher_and_reader_wait_for_a_server_that_comes_later);
	RUN(a_wrong_password_is_told_and_tried_again);
	RUN(questions_are_answered_from_the_stream);
	RUN(pushed_lines_are_refused_with_a_reason);
	return unit_end();
}

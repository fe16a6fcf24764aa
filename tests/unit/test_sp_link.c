/* lib/bus/sp/sp_link: one connection, whose other end the test holds. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bus/sp/sp_link.h"

enum {
	MOST = 1 << 20,		/* bytes of a message */
	PIECE = 4096,
	TURNS_MS = 30,		/* in which everything that can happen happens */
};

enum call { OPEN = 1, GOT = 2, TURN = 4, LEFT = 8, CLOSED = 16 };

static struct loop *loop;
static struct loop_timer late;
static struct sp_link *l;
static int far;			/* the other end */
static struct buf found;	/* what was called, as a text */
static unsigned frees_in, pauses_in, sends_in, turns, lefts;	/* what the calls do */

static void
call(enum call c, struct sp_link *link)
{
	if (pauses_in & c)
		sp_link_pause(link, true);
	if (sends_in & c)
		sp_link_send(link, SPAN("an"), SPAN("swer"));
	if (frees_in & c) {
		sp_link_free(link);
		l = NULL;
	}
}

static void
link_open(void *cookie, struct sp_link *link)
{
	(void)cookie;
	buf_puts(&found, "open ");
	call(OPEN, link);
}

static void
link_got(void *cookie, struct sp_link *link, struct span message)
{
	(void)cookie;
	if (message.n > 20)
		buf_putf(&found, "%zu ", message.n);
	else
		buf_putf(&found, "%.*s ", (int)message.n, (const char *)message.p);
	call(GOT, link);
}

static void
link_turn(void *cookie, struct sp_link *link)
{
	(void)cookie;
	turns++;
	call(TURN, link);
}

static void
link_left(void *cookie, struct sp_link *link)
{
	(void)cookie;
	lefts++;
	call(LEFT, link);
}

static void
link_closed(void *cookie, struct sp_link *link, int error)
{
	(void)cookie;
	buf_putf(&found, "closed %d ", error);
	sp_link_free(link);
	l = NULL;
}

static const struct sp_link_calls calls = { link_open, link_got, link_turn, link_left, link_closed };

static void
stop(void *cookie)
{
	(void)cookie;
	loop_stop(loop);
}

/* Lets the loop run for so many ms. */
static void
run(unsigned ms)
{
	late = (struct loop_timer){ .due = stop };
	loop_after(loop, &late, ms);
	CHECK(loop_run(loop) == 0);
}

static void
begin_as(bool tcp, size_t piece)
{
	struct sp_link_kind kind = { SP_PULL, tcp, MOST, piece };
	int ends[2];

	loop = loop_open();
	CHECK(loop != NULL && socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
	far = ends[1];
	buf_init(&found);
	frees_in = pauses_in = sends_in = turns = lefts = 0;
	l = sp_link_open(loop, ends[0], kind, false, &calls, NULL);
}

static void
begin(void)
{
	begin_as(false, PIECE);
}

static void
finish(void)
{
	sp_link_free(l);
	l = NULL;
	if (far >= 0)
		close(far);
	loop_free(loop);
	buf_free(&found);
}

static void
sends(struct span bytes)
{
	while (bytes.n > 0) {
		ssize_t n = send(far, bytes.p, bytes.n, MSG_NOSIGNAL);

		CHECK(n > 0 || errno == EAGAIN);
		if (n <= 0 && errno != EAGAIN)
			return;
		bytes = span_from(bytes, n > 0 ? (size_t)n : 0);
		if (bytes.n > 0)
			run(1);
	}
}

static void
greets(void)
{
	uint8_t g[SP_GREETING];

	sp_frame_greet(g, SP_PUSH);
	sends(span_of(g, SP_GREETING));
}

static void
sends_message(struct span text)
{
	uint8_t head[SP_HEAD];

	sp_frame_head(head, text.n);
	sends(span_of(head, SP_HEAD));
	sends(text);
}

/* Reads all that has come at the other end, and counts it. */
static size_t
takes_all(struct buf *into)
{
	size_t before = into->n;
	ssize_t n;

	while ((n = recv(far, buf_reserve(into, 65536), 65536, MSG_DONTWAIT)) > 0)
		buf_commit(into, (size_t)n);
	return into->n - before;
}

static void
messages_come_whole_though_their_bytes_come_one_by_one(void)
{
	static const uint8_t wire[] = "\0SP\0\0\x50\0\0\1\0\0\0\0\0\0\0\5hello\1\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\1x";

	begin();
	for (size_t i = 0; i < sizeof(wire) - 1; i++) {
		sends(span_of(wire + i, 1));
		run(1);
	}
	run(TURNS_MS);
	CHECK_TEXT(buf_span(&found), "open hello  x ");
	finish();
}

static void
over_tcp_a_message_has_no_first_byte(void)
{
	begin_as(true, PIECE);
	greets();
	sends(SPAN("\0\0\0\0\0\0\0\2hi"));
	run(TURNS_MS);
	CHECK_TEXT(buf_span(&found), "open hi ");
	finish();
}

static void
both_sides_greet_at_once(void)
{
	struct buf b;

	begin();
	buf_init(&b);
	run(TURNS_MS);
	CHECK(takes_all(&b) == SP_GREETING && memcmp(b.p, "\0SP\0\0\x51\0\0", SP_GREETING) == 0);
	CHECK(found.n == 0);
	buf_free(&b);
	finish();
}

static void
what_comes_with_the_greeting_is_handed_out(void)
{
	begin();
	sends(SPAN("\0SP\0\0\x50\0\0\1\0\0\0\0\0\0\0\1x"));
	close(far);
	far = -1;
	run(TURNS_MS);
	CHECK_TEXT(buf_span(&found), "open x closed 0 ");
	finish();
}

static void
a_wrong_greeting_closes_it(void)
{
	static const char *const wrong[] = { "\0SP\0\0\x51\0\0", "\0SP\1\0\x50\0\0", "GET / HT", "\0SP\0\0\x21\0\0" };
	char want[24];

	snprintf(want, sizeof(want), "closed %d ", EPROTO);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		begin();
		sends(span_of(wrong[i], SP_GREETING));
		sends_message(SPAN("x"));
		run(TURNS_MS);
		CHECK_TEXT(buf_span(&found), want);
		CHECK(l == NULL);
		finish();
	}
}

static void
an_end_inside_the_greeting_closes_it(void)
{
	begin();
	sends(SPAN("\0SP\0"));
	shutdown(far, SHUT_WR);
	run(TURNS_MS);
	CHECK_TEXT(buf_span(&found), "closed 0 ");
	finish();
}

static void
one_that_does_not_greet_is_closed_after_ten_seconds(void)
{
	char want[24];

	snprintf(want, sizeof(want), "closed %d ", ETIMEDOUT);
	begin();
	sends(SPAN("\0SP\0"));
	run(9000);
	CHECK(found.n == 0);
	run(1500);
	CHECK_TEXT(buf_span(&found), want);
	finish();
}

static void
a_huge_length_closes_it_and_takes_no_memory(void)
{
	static const char *const lengths[] = {
		"\1\xff\xff\xff\xff\xff\xff\xff\xff", "\1\0\0\0\0\0\x10\0\1", "\1\0\0\1\0\0\0\0\0", "\2\0\0\0\0\0\0\0\1",
	};
	char want[32];

	snprintf(want, sizeof(want), "open x closed %d ", EPROTO);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		begin();
		greets();
		sends_message(SPAN("x"));
		sends(span_of(lengths[i], SP_HEAD));
		run(TURNS_MS);
		CHECK_TEXT(buf_span(&found), want);
		finish();
	}
}

static void
a_message_of_the_most_bytes_is_taken_and_its_memory_given_back(void)
{
	static uint8_t large[MOST];

	begin();
	greets();
	sends_message(span_of(large, MOST));
	sends_message(SPAN("x"));
	run(TURNS_MS);
	CHECK_TEXT(buf_span(&found), "open 1048576 x ");
	sends_message(SPAN("y"));
	run(TURNS_MS);
	CHECK(l->in.cap < MOST);
	finish();
}

static void
a_paused_link_hands_nothing_out_and_goes_on_where_it_was(void)
{
	begin();
	pauses_in = GOT;
	greets();
	for (int i = 0; i < 3; i++)
		sends_message(span_of(&"abc"[i], 1));
	run(TURNS_MS);
	CHECK_TEXT(buf_span(&found), "open a ");
	sp_link_pause(l, false);
	run(TURNS_MS);
	CHECK_TEXT(buf_span(&found), "open a b ");
	sp_link_pause(l, false);
	sp_link_pause(l, true);
	run(TURNS_MS);
	CHECK_TEXT(buf_span(&found), "open a b ");
	pauses_in = 0;
	sp_link_pause(l, false);
	run(TURNS_MS);
	CHECK_TEXT(buf_span(&found), "open a b c ");
	finish();
}

static void
one_that_ends_while_paused_is_closed_after_its_messages(void)
{
	begin();
	pauses_in = OPEN;
	greets();
	sends_message(SPAN("a"));
	sends_message(SPAN("b"));
	close(far);
	far = -1;
	run(TURNS_MS);
	CHECK_TEXT(buf_span(&found), "open ");
	sp_link_pause(l, false);
	run(TURNS_MS);
	CHECK_TEXT(buf_span(&found), "open a b closed 0 ");
	finish();
}

static void
a_part_of_a_message_before_the_end_is_dropped(void)
{
	begin();
	greets();
	sends_message(SPAN("a"));
	sends(SPAN("\1\0\0\0\0\0\0\0\5hel"));
	close(far);
	far = -1;
	run(TURNS_MS);
	CHECK_TEXT(buf_span(&found), "open a closed 0 ");
	finish();
}

static void
a_pause_before_the_greeting_holds(void)
{
	begin();
	sp_link_pause(l, true);
	greets();
	sends_message(SPAN("a"));
	run(TURNS_MS);
	CHECK(found.n == 0);
	sp_link_pause(l, false);
	run(TURNS_MS);
	CHECK_TEXT(buf_span(&found), "open a ");
	finish();
}

static void
it_may_be_freed_inside_each_call(void)
{
	static const enum call each[] = { OPEN, GOT, TURN, LEFT };
	static uint8_t large[MOST];

	for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++) {
		struct buf b;

		begin();
		buf_init(&b);
		frees_in = each[i];
		greets();
		sends_message(SPAN("a"));
		sends_message(SPAN("b"));
		run(1);
		if (l != NULL)
			sp_link_send(l, SPAN("x"), span_of(large, MOST));
		for (int turn = 0; turn < 100 && l != NULL; turn++) {
			takes_all(&b);
			run(1);
		}
		CHECK(l == NULL);
		CHECK(each[i] != GOT || strstr(buf_str(&found), "b") == NULL);
		CHECK(strstr(buf_str(&found), "closed") == NULL);
		buf_free(&b);
		finish();
	}
}

static void
it_may_send_and_be_freed_inside_one_call(void)
{
	begin();
	sends_in = frees_in = GOT;
	greets();
	sends_message(SPAN("a"));
	close(far);		/* so that sending fails */
	far = -1;
	run(TURNS_MS);
	CHECK_TEXT(buf_span(&found), "open a ");
	CHECK(l == NULL);
	finish();
}

static void
what_is_sent_to_a_closed_peer_is_dropped_and_told_from_the_loop(void)
{
	begin();
	greets();
	run(TURNS_MS);
	sp_link_pause(l, true);		/* so that only the write notices */
	close(far);
	far = -1;
	sp_link_send(l, SPAN("x"), SPAN("y"));
	sp_link_send(l, SPAN("x"), SPAN("y"));
	CHECK_TEXT(buf_span(&found), "open ");
	run(TURNS_MS);
	CHECK(l == NULL && strstr(buf_str(&found), "closed ") != NULL);
	finish();
}

static void
what_is_sent_waits_and_arrives_whole(void)
{
	static uint8_t large[MOST];
	struct buf b, text;

	begin();
	buf_init(&b);
	buf_init(&text);
	greets();
	run(TURNS_MS);
	for (size_t i = 0; i < MOST; i++)
		large[i] = (uint8_t)(i * 7 >> 3);
	sp_link_send(l, SPAN("head"), span_of(large, MOST));
	sp_link_send(l, SPAN("second"), SPAN(""));
	CHECK(sp_link_waiting(l) > 0 && lefts == 0);
	for (int i = 0; i < 200 && sp_link_waiting(l) > 0; i++) {
		takes_all(&b);
		run(1);
	}
	takes_all(&b);
	CHECK(lefts == 1 && b.n == SP_GREETING + SP_HEAD + 4 + MOST + SP_HEAD + 6);
	CHECK(memcmp(b.p + SP_GREETING + SP_HEAD, "head", 4) == 0);
	CHECK(memcmp(b.p + SP_GREETING + SP_HEAD + 4, large, MOST) == 0);
	CHECK(memcmp(b.p + b.n - 6, "second", 6) == 0);
	buf_free(&b);
	buf_free(&text);
	finish();
}

/* As the hub does for its readers, who should say nothing, but one may. */
static void
what_comes_meanwhile_does_not_make_it_forget_that_a_write_waits(void)
{
	static uint8_t large[MOST];
	struct iovec part = { large, MOST };
	struct buf b;
	size_t n;

	begin();
	buf_init(&b);
	greets();
	run(TURNS_MS);
	n = sp_link_write(l, &part, 1);
	CHECK(n > 0 && n < MOST);
	sends_message(SPAN("a"));
	run(TURNS_MS);
	sp_link_pause(l, true);
	sp_link_pause(l, false);
	run(TURNS_MS);
	CHECK(lefts == 0);
	takes_all(&b);
	run(TURNS_MS);
	CHECK(lefts == 1);
	buf_free(&b);
	finish();
}

static void
two_links_talk_to_each_other(void)
{
	struct sp_link_kind kind = { SP_PUSH, false, MOST, PIECE };
	struct sp_link *other;

	begin();
	other = sp_link_open(loop, dup(far), kind, false, &calls, NULL);
	run(TURNS_MS);
	CHECK_TEXT(buf_span(&found), "open open ");
	sp_link_send(other, SPAN("over "), SPAN("there"));
	run(TURNS_MS);
	CHECK_TEXT(buf_span(&found), "open open over there ");
	sp_link_free(other);
	finish();
}

int
main(void)
{
	signal(SIGPIPE, SIG_DFL);	/* no write may raise it */
	RUN(messages_come_whole_though_their_bytes_come_one_by_one);
	RUN(over_tcp_a_message_has_no_first_byte);
	RUN(both_sides_greet_at_once);
	RUN(what_comes_with_the_greeting_is_handed_out);
	RUN(a_wrong_greeting_closes_it);
	RUN(an_end_inside_the_greeting_closes_it);
	RUN(one_that_does_not_greet_is_closed_after_ten_seconds);
	RUN(a_huge_length_closes_it_and_takes_no_memory);
	RUN(a_message_of_the_most_bytes_is_taken_and_its_memory_given_back);
	RUN(a_paused_link_hands_nothing_out_and_goes_on_where_it_was);
	RUN(one_that_ends_while_paused_is_closed_after_its_messages);
	RUN(a_part_of_a_message_before_the_end_is_dropped);
	RUN(a_pause_before_the_greeting_holds);
	RUN(it_may_be_freed_inside_each_call);
	RUN(it_may_send_and_be_freed_inside_one_call);
	RUN(what_is_sent_to_a_closed_peer_is_dropped_and_told_from_the_loop);
	RUN(what_is_sent_waits_and_arrives_whole);
	RUN(what_comes_meanwhile_does_not_make_it_forget_that_a_write_waits);
	RUN(two_links_talk_to_each_other);
	return unit_end();
}

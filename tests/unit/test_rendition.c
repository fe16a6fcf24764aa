/*
 * ct-ws/stream: renditions are read over real sockets by members of different speeds, and every
 * record must have been received or been told as missing, exactly once.
 */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ct-ws/stream/rendition_round.h"
#include "ct-ws/stream/text.h"
#include "ct-ws/ws/frame.h"

enum { MEMBERS = 8 };

/* A client: the reader of a rendition, and the other end of its socket. */
struct member {
	struct reader reader;
	struct sock sock;
	struct buf got;		/* bytes received that are not a whole frame yet */
	int peer;		/* the client's end of the socket */
	bool left, ended;
	uint64_t next;		/* number of the record that must come next */
	uint64_t told;		/* records that it was told are missing */
	unsigned texts, pings, closes, bad;
};

static void
member_blocked(struct reader *r, bool on)
{
	(void)r;
	(void)on;
}

static void
member_over(struct reader *r, bool ended)
{
	struct member *m = r->owner;

	m->left = true;
	m->ended = ended;
	rendition_leave(r);
}

static const struct rendition_calls calls = { member_blocked, member_over };
static struct kind_totals totals;

static struct rendition *
open_kind(const struct kind *kind, size_t ring)
{
	totals = (struct kind_totals){ .opened = 0 };
	return rendition_open(kind, ring, &calls, NULL, &totals);
}

/* The rendition that members can read: full events on WebSockets. */
static struct rendition *
open_full(size_t ring)
{
	const struct kind kind = { .form = FORM_FULL };

	return open_kind(&kind, ring);
}

static void
member_join(struct member *m, struct rendition *s)
{
	int fd[2], small = 4096;

	*m = (struct member){ .peer = -1 };
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd) < 0)
		abort();
	sock_open(&m->sock, fd[0], SOCK_ROOM_LEAST);
	setsockopt(fd[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	m->reader.owner = m;
	m->reader.sock = &m->sock;
	m->peer = fd[1];
	buf_init(&m->got);
	rendition_join(s, &m->reader, NULL);
}

static void
member_free(struct member *m)
{
	if (!m->left)
		rendition_leave(&m->reader);
	sock_close(&m->sock, false);
	close(m->peer);
	buf_free(&m->got);
}

/* Takes one received frame: its first byte and its payload. A record is {"n":NUMBER,"filling":TEXT}. */
static void
member_take(struct member *m, unsigned first, struct span payload)
{
	char text[64] = "";
	unsigned long long n;

	m->pings += first == 0x89;
	m->closes += first == 0x88;
	m->bad += first != 0x81 && first != 0x89 && first != 0x88;
	if (first != 0x81)
		return;
	m->texts++;
	memcpy(text, payload.p, payload.n < sizeof(text) - 1 ? payload.n : sizeof(text) - 1);
	if (sscanf(text, "{\"n\":%llu", &n) == 1) {
		m->bad += n != m->next || payload.p[payload.n - 2] != '}' ||
		    payload.p[payload.n - 1] != '\n';
		m->next = n + 1;
	} else if (sscanf(text, "{\"message_type\":\"skipped\",\"count\":%llu}", &n) == 1) {
		m->told += n;
		m->next += n;
	} else
		m->bad += strstr(text, "heartbeat") == NULL;
}

static bool
member_take_frame(struct member *m, struct span *s)
{
	size_t head, n;

	if (s->n < 2)
		return false;
	head = s->p[1] == 126 ? 4 : s->p[1] == 127 ? 10 : 2;
	if (s->n < head)
		return false;
	n = s->p[1] & 0x7f;
	if (head > 2)
		n = 0;
	for (size_t i = 2; i < head; i++)
		n = n << 8 | s->p[i];
	if (s->n < head + n)
		return false;
	member_take(m, s->p[0], span_of(s->p + head, n));
	*s = span_from(*s, head + n);
	return true;
}

/* Receives at most `most` bytes. Returns how many came. */
static size_t
member_read(struct member *m, size_t most)
{
	struct span s;
	ssize_t n = read(m->peer, buf_reserve(&m->got, most), most);

	if (n <= 0)
		return 0;
	buf_commit(&m->got, (size_t)n);
	s = buf_span(&m->got);
	while (member_take_frame(m, &s))
		;
	buf_drop(&m->got, m->got.n - s.n);
	return (size_t)n;
}

/* Receives until the stream has nothing more for this member. */
static void
member_drain(struct member *m)
{
	while (member_read(m, 65536) > 0 || (m->reader.blocked && !m->left))
		if (m->reader.blocked && !m->left)
			rendition_serve(&m->reader);
}

/* Puts record number n with about length bytes. */
static void
put(struct rendition *s, uint64_t n, size_t length)
{
	struct buf line;

	buf_init(&line);
	buf_putf(&line, "{\"n\":%llu,\"filling\":\"", (unsigned long long)n);
	while (line.n < length)
		buf_putc(&line, 'x');
	buf_puts(&line, "\"}");
	if (rendition_is_wanted(s))
		rendition_put(s, buf_span(&line), (struct bus_place){ 7, n + 1 });
	buf_free(&line);
}

/* Lets so many seconds pass: in each 30 there are three heartbeats, when there is no text, and a ping. */
static void
seconds(struct rendition *s, int n)
{
	while (n-- > 0)
		rendition_second(s, 1000);
}

static void
all_readers_get_every_frame_in_order(void)
{
	struct member m[MEMBERS];
	struct rendition *s;

	s = open_full(1 << 20);
	for (size_t i = 0; i < MEMBERS; i++)
		member_join(&m[i], s);
	for (uint64_t n = 0; n < 3000; n++) {
		put(s, n, 20 + n % 500);
		if (n % 7 == 0)
			rendition_flush(s);
		for (size_t i = 0; i < MEMBERS; i++)
			if (n % (i + 1) == 0)
				member_drain(&m[i]);
	}
	rendition_flush(s);
	CHECK(!rendition_has_news(s));
	for (size_t i = 0; i < MEMBERS; i++) {
		member_drain(&m[i]);
		CHECK(m[i].next == 3000 && m[i].texts == 3000 && m[i].bad == 0);
		CHECK(m[i].told == 0 && m[i].reader.skipped == 0);
		member_free(&m[i]);
	}
	CHECK(s->all.count == 0 && s->all.blocked == 0);
	rendition_close(s);
}

/* Records come and members leave between the turns; each of the others has its turn in every round. */
static void
a_round_goes_on_while_records_come_and_readers_leave(void)
{
	struct member m[MEMBERS];
	struct rendition *s;
	size_t two = 2, most = SIZE_MAX;

	s = open_full(1 << 20);
	for (size_t i = 0; i < MEMBERS; i++)
		member_join(&m[i], s);
	put(s, 0, 100);
	rendition_begin(s);
	CHECK(!rendition_go_on(s, &two) && two == 0);
	put(s, 1, 100);
	member_free(&m[0]);
	member_free(&m[5]);
	CHECK(rendition_go_on(s, &most) && rendition_has_news(s));
	CHECK(member_read(&m[1], 65536) > 0 && m[1].next == 1);
	for (size_t i = 2; i < MEMBERS; i++)
		CHECK(i == 5 || (member_read(&m[i], 65536) > 0 && m[i].next == 2));
	rendition_flush(s);
	CHECK(member_read(&m[1], 65536) > 0 && m[1].next == 2 && !rendition_has_news(s));
	for (size_t i = 1; i < MEMBERS; i++)
		if (i != 5)
			member_free(&m[i]);
	rendition_close(s);
}

static void
a_stream_that_nobody_reads_makes_nothing(void)
{
	struct rendition *s;

	s = open_full(4096);
	put(s, 0, 100);
	rendition_put_skipped(s, 5);
	seconds(s, 40);
	CHECK(s->ring.head == 0 && !rendition_has_news(s));
	rendition_close(s);
}

/* The member stops inside a frame, the ring goes round many times, and then the member reads on. */
static void
a_reader_that_falls_out_finishes_its_frame_and_is_told_the_count(void)
{
	struct member m;
	struct rendition *s;

	s = open_full(32768);
	member_join(&m, s);
	for (uint64_t n = 0; n < 1000; n++)
		put(s, n, 777);
	rendition_flush(s);
	CHECK(m.reader.blocked && m.reader.detached);
	member_drain(&m);
	CHECK(m.bad == 0);
	CHECK(m.next == 1000);
	CHECK(m.told > 900 && m.told == m.reader.skipped);
	CHECK(m.texts == 1000 - m.told + 1);
	member_free(&m);
	CHECK(totals.skipped == m.told);
	rendition_close(s);
}

static void
heartbeats_and_pings_that_are_missed_are_not_counted(void)
{
	struct member m;
	struct rendition *s;

	s = open_full(4096);
	member_join(&m, s);
	put(s, 0, 3000);
	seconds(s, 100000);
	member_drain(&m);
	rendition_flush(s);
	member_drain(&m);
	CHECK(m.next == 1 && m.told == 0 && m.bad == 0 && m.pings > 0);
	member_free(&m);
	rendition_close(s);
}

static void
a_missed_skipped_record_counts_for_what_it_announced(void)
{
	struct member m;
	struct rendition *s;
	uint64_t n = 0;

	s = open_full(4096);
	member_join(&m, s);
	for (; n < 10; n++)
		put(s, n, 1000);
	rendition_put_skipped(s, 500);
	for (n += 500; n < 600; n++)
		put(s, n, 1000);
	member_drain(&m);
	CHECK(m.bad == 0 && m.next == 600 && m.told >= 500);
	member_free(&m);
	rendition_close(s);
}

static void
frames_of_its_own_come_between_whole_frames(void)
{
	struct member m;
	struct rendition *s;
	struct buf ping;
	unsigned put_in = 0;

	buf_init(&ping);
	frame_put(&ping, FRAME_PING, SPAN("mine"));
	s = open_full(1 << 20);
	member_join(&m, s);
	for (uint64_t n = 0; n < 500; n++) {
		put(s, n, 1500);
		rendition_flush(s);
		member_read(&m, 1000);
		if (n % 9 == 0) {
			reader_put(&m.reader, &s->ring, buf_span(&ping));
			put_in++;
		}
	}
	member_drain(&m);
	CHECK(m.next == 500 && m.told == 0 && m.bad == 0 && m.pings == put_in);
	member_free(&m);
	rendition_close(s);
	buf_free(&ping);
}

static void
an_end_comes_after_the_frame_begun_and_is_the_last(void)
{
	struct member m;
	struct rendition *s;
	struct buf end;

	buf_init(&end);
	frame_put_close(&end, FRAME_GOING_AWAY, "");
	s = open_full(1 << 20);
	member_join(&m, s);
	for (uint64_t n = 0; n < 100; n++)
		put(s, n, 3333);
	rendition_flush(s);
	CHECK(m.reader.blocked);
	reader_end(&m.reader, &s->ring, buf_span(&end));
	put(s, 100, 10);
	member_drain(&m);
	CHECK(m.left && m.ended && s->all.count == 0);
	CHECK(m.bad == 0 && m.closes == 1 && m.got.n == 0);
	CHECK(m.next > 0 && m.next < 100);
	member_free(&m);
	rendition_close(s);
	buf_free(&end);
}

static void
a_broken_reader_leaves_and_the_others_are_served(void)
{
	struct member m[MEMBERS];
	struct rendition *s;

	s = open_full(1 << 20);
	for (size_t i = 0; i < MEMBERS; i++)
		member_join(&m[i], s);
	for (size_t i = 0; i < MEMBERS; i += 2)
		shutdown(m[i].sock.fd, SHUT_RDWR);
	put(s, 0, 100);
	rendition_flush(s);
	CHECK(s->all.count == MEMBERS / 2);
	for (size_t i = 0; i < MEMBERS; i++) {
		member_drain(&m[i]);
		CHECK(m[i].left == (i % 2 == 0));
		CHECK(m[i].next == i % 2);
		member_free(&m[i]);
	}
	rendition_close(s);
}

static void
a_frame_larger_than_the_ring_is_told_as_skipped(void)
{
	struct member m;
	struct rendition *s;

	s = open_full(4096);
	member_join(&m, s);
	put(s, 0, 10);
	put(s, 1, 5000);
	put(s, 2, 10);
	rendition_flush(s);
	member_drain(&m);
	CHECK(m.next == 3 && m.told == 1 && m.bad == 0);
	member_free(&m);
	rendition_close(s);
}

/* Members of all speeds read a small ring. The order of the numbers is checked in member_take. */
static void
what_readers_get_and_are_told_adds_up_at_any_speed(void)
{
	enum { RECORDS = 20000 };
	struct member m[MEMBERS];
	struct rendition *s;
	unsigned seed = 11;
	size_t turns;

	s = open_full(65536);
	for (size_t i = 0; i < MEMBERS; i++)
		member_join(&m[i], s);
	for (uint64_t n = 0; n < RECORDS; n++) {
		put(s, n, 20 + (size_t)rand_r(&seed) % 2000);
		if (rand_r(&seed) % 20 == 0)
			seconds(s, 30);
		if (rand_r(&seed) % 10 == 0)
			rendition_begin(s);
		turns = (size_t)rand_r(&seed) % 3;
		rendition_go_on(s, &turns);
		for (size_t i = 0; i < MEMBERS; i++)
			if (rand_r(&seed) % (2 << i) == 0) {
				member_read(&m[i], 1 + (size_t)rand_r(&seed) % 30000);
				rendition_serve(&m[i].reader);
			}
	}
	rendition_flush(s);
	for (size_t i = 0; i < MEMBERS; i++) {
		member_drain(&m[i]);
		CHECK(m[i].bad == 0 && m[i].next == RECORDS);
		CHECK(m[i].told == m[i].reader.skipped);
		member_free(&m[i]);
	}
	CHECK(m[0].told == 0);
	CHECK(m[MEMBERS - 1].told > 0);
	rendition_close(s);
}

/* There is never a second in which nothing waits to be sent. */
static void
a_ring_that_has_grown_gets_small_again_while_events_come(void)
{
	struct member m[2];
	struct rendition *s;
	size_t grown;
	uint64_t n;

	s = open_full(1 << 22);
	member_join(&m[0], s);
	member_join(&m[1], s);
	for (n = 0; n < 1000; n++) {
		put(s, n, 1500);
		rendition_flush(s);
		member_drain(&m[0]);
	}
	grown = s->ring.size;
	member_drain(&m[1]);
	for (; n < 1100; n++) {
		put(s, n, 1500);
		seconds(s, 1);
		rendition_begin(s);
		member_drain(&m[0]);
		member_drain(&m[1]);
	}
	CHECK(s->ring.size < grown);
	rendition_flush(s);
	for (size_t i = 0; i < 2; i++) {
		member_drain(&m[i]);
		CHECK(m[i].next == 1100 && m[i].told == 0 && m[i].bad == 0);
		member_free(&m[i]);
	}
	rendition_close(s);
}

static void
the_forms_are_cut_from_the_event(void)
{
	static const char names[] = "{\"data\":[\"a.example\"],\"message_type\":\"dns_entries\"}";
	struct span text;
	struct buf made;

	buf_init(&made);
	CHECK(text_make(FORM_DOMAINS, SPAN(names), &made, &text));
	CHECK_TEXT(text, names);
	CHECK(!text_make(FORM_FULL, SPAN(names), &made, &text));
	CHECK(!text_make(FORM_LITE, SPAN(names), &made, &text));
	CHECK(text_make(FORM_FULL, SPAN("{\"data\":{}}"), &made, &text));
	CHECK_TEXT(text, "{\"data\":{}}");
	buf_free(&made);
}

int
main(void)
{
	RUN(all_readers_get_every_frame_in_order);
	RUN(a_round_goes_on_while_records_come_and_readers_leave);
	RUN(a_stream_that_nobody_reads_makes_nothing);
	RUN(a_reader_that_falls_out_finishes_its_frame_and_is_told_the_count);
	RUN(heartbeats_and_pings_that_are_missed_are_not_counted);
	RUN(a_missed_skipped_record_counts_for_what_it_announced);
	RUN(frames_of_its_own_come_between_whole_frames);
	RUN(an_end_comes_after_the_frame_begun_and_is_the_last);
	RUN(a_broken_reader_leaves_and_the_others_are_served);
	RUN(a_frame_larger_than_the_ring_is_told_as_skipped);
	RUN(what_readers_get_and_are_told_adds_up_at_any_speed);
	RUN(a_ring_that_has_grown_gets_small_again_while_events_come);
	RUN(the_forms_are_cut_from_the_event);
	return unit_end();
}

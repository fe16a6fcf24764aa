/* lib/bus beside the library of nng: each speaks to the other, on both sides, over ipc and tcp. */
#include "unit.h"

#ifdef HAVE_NNG
#include <nng/nng.h>
#include <nng/protocol/pipeline0/push.h>
#include <nng/protocol/pubsub0/pub.h>
#include <nng/protocol/pubsub0/sub.h>
#include <nng/protocol/reqrep0/rep.h>
#include <nng/protocol/reqrep0/req.h>
#include "bus.h"
#include "bus/sp/sp_address.h"

static const size_t sizes[] = { 0, 1, 64 << 10, 16 << 20 };

enum { SIZES = sizeof(sizes) / sizeof(sizes[0]) };

/* The address of a socket of the bus, as nng wants it. */
static const char *
name_of(enum sp_use use)
{
	static char name[128];
	struct sp_address a;

	CHECK(sp_address_parse(&a, address, use, &why));
	if (a.tcp)
		snprintf(name, sizeof(name), "tcp://127.0.0.1:%u", a.port);
	else
		snprintf(name, sizeof(name), "ipc://%s", a.path);
	return name;
}

/* Prepares an nng socket for messages of any size, and connects it, or lets it listen. */
static void
nng_begin(nng_socket s, enum sp_use use, bool listens)
{
	CHECK(nng_setopt_size(s, NNG_OPT_RECVMAXSZ, 0) == 0);
	if (listens)
		CHECK(nng_listen(s, name_of(use), NULL, 0) == 0);
	else
		CHECK(nng_dial(s, name_of(use), NULL, NNG_FLAG_NONBLOCK) == 0);
}

/* Receives a message while the loop runs, in which our side lives. Returns false when none comes in time. */
static bool
nng_takes(nng_socket s, uint8_t **p, size_t *n)
{
	int got = NNG_EAGAIN;

	RUN_UNTIL((got = nng_recv(s, p, n, NNG_FLAG_ALLOC | NNG_FLAG_NONBLOCK)) != NNG_EAGAIN, 5000);
	CHECK(got == 0);
	return got == 0;
}

static void
begin(bool tcp)
{
	world_begin(tcp);
	hub_begin_with((struct publisher_options){ .first = { 5, 1 }, .backlog = 64 << 20, .history = 1 << 20,
		.keep = 25, .ingest = true });
}

static void
nng_reads_what_we_publish(bool tcp)
{
	static const struct publisher_lines one = { 0, 1, 0 };
	struct buf line;
	nng_socket s;
	uint8_t *p;
	size_t n;

	begin(tcp);
	buf_init(&line);
	CHECK(nng_sub0_open(&s) == 0 && nng_setopt(s, NNG_OPT_SUB_SUBSCRIBE, "", 0) == 0);
	nng_begin(s, SP_RECORDS, false);
	if (nng_takes(s, &p, &n)) {
		CHECK_TEXT(span_of(p, n), "5 1\n");
		nng_free(p, n);
	}
	for (size_t i = 0; i < SIZES; i++) {
		struct publisher_lines l = one;
		char head[32];

		buf_reset(&line);
		memset(buf_reserve(&line, sizes[i]), 'a' + (int)i, sizes[i]);
		buf_commit(&line, sizes[i]);
		buf_putc(&line, '\n');
		l.n = line.n;
		publisher_put(hub, line.p, l);
		snprintf(head, sizeof(head), "5 %zu\n", i + 1);
		if (!nng_takes(s, &p, &n))
			break;
		CHECK(n == strlen(head) + line.n && memcmp(p, head, strlen(head)) == 0);
		CHECK(memcmp(p + strlen(head), line.p, line.n) == 0);
		nng_free(p, n);
	}
	nng_close(s);
	buf_free(&line);
	world_end();
}

/* Our subscriber checks the numbers; this one counts bytes too. */
static void
we_read_what_nng_publishes(bool tcp)
{
	struct reader r;
	struct buf m;
	nng_socket s = NNG_SOCKET_INITIALIZER, rep = NNG_SOCKET_INITIALIZER;
	uint64_t bytes = 0;
	uint8_t *p;
	size_t n;

	world_begin(tcp);
	CHECK(nng_pub0_open(&s) == 0 && nng_rep0_open(&rep) == 0);
	if (!tcp) {
		snprintf(address, sizeof(address), "ipc://%s/bus", folder);
	}
	nng_begin(s, SP_RECORDS, true);
	nng_begin(rep, SP_QUESTIONS, true);
	reader_begin(&r, (struct subscriber_start){ .count = 0 }, false);
	run(500);
	buf_init(&m);
	CHECK(nng_send(s, "5 1\n", 4, 0) == 0);
	if (nng_takes(rep, &p, &n)) {
		CHECK_TEXT(span_of(p, n), "latest 0 1");
		nng_free(p, n);
		CHECK(nng_send(rep, "5 1\n", 4, 0) == 0);
	}
	RUN_UNTIL(r.latests > 0, 3000);
	for (size_t i = 1; i < SIZES; i++) {
		size_t pad = sizes[i] > 40 ? sizes[i] - 40 : 0;

		buf_reset(&m);
		buf_putf(&m, "5 %zu\n{\"data\":{\"n\":%zu,", i, i);
		memset(buf_reserve(&m, pad), 'x', pad);
		buf_commit(&m, pad);
		buf_putc(&m, '\n');
		bytes += m.n - 5;
		CHECK(nng_send(s, m.p, m.n, 0) == 0);
		RUN_UNTIL(r.last.seq == i, 5000);
	}
	CHECK(r.lines == SIZES - 1 && r.missed == 0 && r.bytes == bytes);
	reader_end(&r);
	nng_close(s);
	nng_close(rep);
	buf_free(&m);
	world_end();
}

static void
nng_asks_us(bool tcp)
{
	nng_socket s;
	uint8_t *p;
	size_t n;

	begin(tcp);
	hub_publish(3, 60000);
	CHECK(nng_req0_open(&s) == 0);
	nng_begin(s, SP_QUESTIONS, false);
	run(200);
	for (int i = 0; i < 3; i++) {
		CHECK(nng_send(s, "since 5 2", 9, 0) == 0);
		if (nng_takes(s, &p, &n)) {
			CHECK(n > 120000 && memcmp(p, "5 2\n{\"data\":{\"n\":2,", 19) == 0);
			nng_free(p, n);
		}
	}
	nng_close(s);
	world_end();
}

struct told {
	struct buf answer;
	const char *why;
	bool told;
};

static void
answered(void *cookie, struct span answer, const char *reason)
{
	struct told *t = cookie;

	buf_put(&t->answer, answer);
	t->why = reason;
	t->told = true;
}

static void
we_ask_nng(bool tcp)
{
	struct buf large;
	nng_socket s;

	world_begin(tcp);
	if (!tcp)
		snprintf(address, sizeof(address), "ipc://%s/bus", folder);
	buf_init(&large);
	CHECK(nng_rep0_open(&s) == 0);
	nng_begin(s, SP_QUESTIONS, true);
	for (size_t i = 0; i < SIZES; i++) {
		struct told t = { .told = false };
		struct question *q = question_open(loop, address, SPAN("latest 3"), 8000, answered, &t, &why);
		uint8_t *p;
		size_t n;

		buf_reset(&large);
		memset(buf_reserve(&large, sizes[i]), 'x', sizes[i]);
		buf_commit(&large, sizes[i]);
		if (nng_takes(s, &p, &n)) {
			CHECK_TEXT(span_of(p, n), "latest 3");
			nng_free(p, n);
			CHECK(nng_send(s, large.p, large.n, 0) == 0);
		}
		RUN_UNTIL(t.told, 5000);
		CHECK(t.told && t.why == NULL && span_eq(buf_span(&t.answer), buf_span(&large)));
		question_free(q);
		buf_free(&t.answer);
	}
	buf_free(&large);
	nng_close(s);
	world_end();
}

static void
nng_pushes_to_us(bool tcp)
{
	struct buf all, line;
	nng_socket s;

	begin(tcp);
	buf_init(&all);
	buf_init(&line);
	CHECK(nng_push0_open(&s) == 0);
	nng_begin(s, SP_LINES, false);
	run(300);
	for (size_t i = 0; i < 4 * SIZES; i++) {
		size_t size = sizes[i % SIZES];
		int sent = NNG_EAGAIN;

		buf_reset(&line);
		memset(buf_reserve(&line, size), 'a' + (int)i, size);
		buf_commit(&line, size);
		buf_put(&all, buf_span(&line));
		RUN_UNTIL((sent = nng_send(s, line.p, line.n, NNG_FLAG_NONBLOCK)) != NNG_EAGAIN, 5000);
		CHECK(sent == 0);
	}
	RUN_UNTIL(pushed.n == all.n, 5000);
	CHECK(span_eq(buf_span(&pushed), buf_span(&all)));
	nng_close(s);
	buf_free(&all);
	buf_free(&line);
	world_end();
}

static void
nng_reads_what_we_publish_over_ipc(void)
{
	nng_reads_what_we_publish(false);
}

static void
nng_reads_what_we_publish_over_tcp(void)
{
	nng_reads_what_we_publish(true);
}

static void
we_read_what_nng_publishes_over_ipc(void)
{
	we_read_what_nng_publishes(false);
}

static void
we_read_what_nng_publishes_over_tcp(void)
{
	we_read_what_nng_publishes(true);
}

static void
nng_asks_us_over_ipc(void)
{
	nng_asks_us(false);
}

static void
nng_asks_us_over_tcp(void)
{
	nng_asks_us(true);
}

static void
we_ask_nng_over_ipc(void)
{
	we_ask_nng(false);
}

static void
we_ask_nng_over_tcp(void)
{
	we_ask_nng(true);
}

static void
nng_pushes_to_us_over_ipc(void)
{
	nng_pushes_to_us(false);
}

static void
nng_pushes_to_us_over_tcp(void)
{
	nng_pushes_to_us(true);
}

int
main(void)
{
	RUN(nng_reads_what_we_publish_over_ipc);
	RUN(nng_reads_what_we_publish_over_tcp);
	RUN(we_read_what_nng_publishes_over_ipc);
	RUN(we_read_what_nng_publishes_over_tcp);
	RUN(nng_asks_us_over_ipc);
	RUN(nng_asks_us_over_tcp);
	RUN(we_ask_nng_over_ipc);
	RUN(we_ask_nng_over_tcp);
	RUN(nng_pushes_to_us_over_ipc);
	RUN(nng_pushes_to_us_over_tcp);
	nng_fini();
	return unit_end();
}

#else

static void
nng_and_we_understand_each_other(void)
{
	SKIP("this was built without nng");
}

int
main(void)
{
	RUN(nng_and_we_understand_each_other);
	return unit_end();
}

#endif

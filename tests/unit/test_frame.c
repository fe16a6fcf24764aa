/* ct-ws/frame: the frames we write, and what is found in the frames of clients (RFC 6455 section 5). */
#include "unit.h"

#include "ct-ws/ws/frame.h"

static size_t
head(uint8_t out[FRAME_HEAD], uint64_t n)
{
	memset(out, 0xee, FRAME_HEAD);
	return frame_head(out, FRAME_TEXT, n);
}

static void
a_head_has_the_shortest_length_form(void)
{
	uint8_t h[FRAME_HEAD];

	CHECK(head(h, 125) == 2 && memcmp(h, "\x81\x7d", 2) == 0);
	CHECK(head(h, 126) == 4 && memcmp(h, "\x81\x7e\x00\x7e", 4) == 0);
	CHECK(head(h, 65535) == 4 && memcmp(h, "\x81\x7e\xff\xff", 4) == 0);
	CHECK(head(h, 65536) == 10 && memcmp(h, "\x81\x7f\0\0\0\0\0\x01\0\0", 10) == 0);
}

static void
a_close_carries_its_code_and_reason(void)
{
	struct buf b;

	buf_init(&b);
	frame_put_close(&b, FRAME_GOING_AWAY, "bye");
	CHECK(b.n == 7 && memcmp(b.p, "\x88\x05\x03\xe9" "bye", 7) == 0);
	buf_free(&b);
}

/* Appends a frame as a client sends it, masked with the key 1 2 3 4. */
static void
put_masked(struct buf *b, unsigned first, struct span payload)
{
	uint8_t h[FRAME_HEAD];
	size_t n = frame_head(h, 0, payload.n);

	h[0] = (uint8_t)first;
	h[1] |= 0x80;
	buf_put(b, span_of(h, n));
	buf_puts(b, "\x01\x02\x03\x04");
	for (size_t i = 0; i < payload.n; i++)
		buf_putc(b, (char)(payload.p[i] ^ ((i & 3) + 1)));
}

/* Feeds the bytes in pieces of step bytes. Returns the first result that is not FRAME_GOT_NONE. */
static enum frame_got
feed(struct frame_in *f, struct buf *b, size_t step)
{
	enum frame_got got = FRAME_GOT_NONE;
	struct span s;
	size_t at = 0;

	while (got == FRAME_GOT_NONE && at < b->n) {
		s = span_of(b->p + at, b->n - at < step ? b->n - at : step);
		at += s.n;
		got = frame_next(f, &s);
		at -= s.n;
	}
	buf_drop(b, at);
	return got;
}

static void
a_ping_is_unmasked_however_its_bytes_arrive(void)
{
	struct buf b;

	buf_init(&b);
	for (size_t step = 1; step < 20; step++) {
		struct frame_in f = { .head_n = 0 };

		buf_reset(&b);
		put_masked(&b, 0x89, SPAN("hello you"));
		put_masked(&b, 0x8a, SPAN(""));
		CHECK(feed(&f, &b, step) == FRAME_GOT_PING);
		CHECK_TEXT(span_of(f.control, f.control_n), "hello you");
		CHECK(feed(&f, &b, step) == FRAME_GOT_PONG);
		CHECK(f.control_n == 0 && b.n == 0);
		CHECK(feed(&f, &b, step) == FRAME_GOT_NONE);
	}
	buf_free(&b);
}

static void
fragments_with_a_ping_between_go_by(void)
{
	struct frame_in f = { .head_n = 0 };
	struct buf b;

	buf_init(&b);
	put_masked(&b, 0x01, SPAN("one"));
	put_masked(&b, 0x89, SPAN("p"));
	put_masked(&b, 0x80, SPAN("two"));
	put_masked(&b, 0x82, SPAN("binary"));
	CHECK(feed(&f, &b, 5) == FRAME_GOT_TEXT);
	CHECK(feed(&f, &b, 5) == FRAME_GOT_PING);
	CHECK(feed(&f, &b, 5) == FRAME_GOT_TEXT);
	CHECK(feed(&f, &b, 5) == FRAME_GOT_TEXT);
	CHECK(b.n == 0);
	buf_free(&b);
}

static void
a_frame_of_64_KiB_goes_by_and_one_more_byte_is_too_big(void)
{
	static const uint8_t zeros[MAX_FRAME_IN + 1];
	struct frame_in f = { .head_n = 0 };
	struct buf b;

	buf_init(&b);
	put_masked(&b, 0x81, span_of(zeros, MAX_FRAME_IN));
	CHECK(feed(&f, &b, 1000) == FRAME_GOT_TEXT);
	put_masked(&b, 0x81, span_of(zeros, MAX_FRAME_IN + 1));
	CHECK(feed(&f, &b, 1000) == FRAME_GOT_BAD);
	CHECK(f.code == FRAME_TOO_BIG);
	buf_free(&b);
}

static void
a_close_gives_its_code(void)
{
	struct frame_in f = { .head_n = 0 };
	struct buf b;

	buf_init(&b);
	put_masked(&b, 0x88, SPAN("\x03\xe8 done"));
	CHECK(feed(&f, &b, 3) == FRAME_GOT_CLOSE);
	CHECK(f.code == 1000);
	buf_reset(&b);
	put_masked(&b, 0x88, SPAN(""));
	CHECK(feed(&f, &b, 3) == FRAME_GOT_CLOSE);
	CHECK(f.code == FRAME_NO_STATUS);
	buf_free(&b);
}

static void
what_the_RFC_forbids_is_a_protocol_error(void)
{
	static const struct {
		const char *bytes;
		size_t n;
	} bad[] = {
		{ "\x81\x01x", 3 },			/* not masked */
		{ "\xc1\x80" "1234", 6 },		/* RSV1 */
		{ "\x83\x80" "1234", 6 },		/* opcode 3 */
		{ "\x8b\x80" "1234", 6 },		/* opcode 11 */
		{ "\x09\x80" "1234", 6 },		/* a Ping that is not final */
		{ "\x89\xfe\x00\x7e" "1234", 8 },	/* a Ping of 126 bytes */
		{ "\x80\x80" "1234", 6 },		/* a continuation without a beginning */
		{ "\x81\xfe\x00\x7d" "1234", 8 },	/* 125 in 16 bits */
		{ "\x81\xff\0\0\0\0\0\0\xff\xff" "1234", 14 },	/* 65535 in 64 bits */
		{ "\x81\xff\x80\0\0\0\0\0\0\0" "1234", 14 },	/* the top bit */
		{ "\x88\x81\0\0\0\0x", 7 },		/* a Close of one byte */
		{ "\x88\x82\0\0\0\0\x03\xed", 8 },	/* code 1005 */
		{ "\x88\x82\0\0\0\0\x00\x01", 8 },	/* code 1 */
		{ "\x01\x80" "1234" "\x01\x80" "1234", 12 },	/* a message in a message */
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct frame_in f = { .head_n = 0 };
		struct span s = span_of(bad[i].bytes, bad[i].n);
		enum frame_got got = frame_next(&f, &s);

		if (got == FRAME_GOT_TEXT)
			got = frame_next(&f, &s);
		CHECK(got == FRAME_GOT_BAD);
		CHECK(f.code == FRAME_PROTOCOL_ERROR && f.why != NULL);
	}
}

int
main(void)
{
	RUN(a_head_has_the_shortest_length_form);
	RUN(a_close_carries_its_code_and_reason);
	RUN(a_ping_is_unmasked_however_its_bytes_arrive);
	RUN(fragments_with_a_ping_between_go_by);
	RUN(a_frame_of_64_KiB_goes_by_and_one_more_byte_is_too_big);
	RUN(a_close_gives_its_code);
	RUN(what_the_RFC_forbids_is_a_protocol_error);
	return unit_end();
}

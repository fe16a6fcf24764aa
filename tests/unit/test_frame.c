/* ct-ws/frame: the frames we write, and what is found in the frames of clients (RFC 6455 section 5). */
#include "unit.h"

#include "ct-ws/ws/frame.h"
#include "enc/deflate.h"

static void
a_compressed_message_has_rsv1(void)
{
	uint8_t h[FRAME_HEAD];

	CHECK(frame_head(h, FRAME_TEXT | FRAME_DEFLATED, 5) == 2 && memcmp(h, "\xc1\x05", 2) == 0);
}

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

/* The text of the message that has ended, which CHECK_TEXT compares. */
static struct span
text(const struct frame_in *f)
{
	struct span s;

	CHECK(frame_text(f, &s));
	return s;
}

static void
fragments_with_a_ping_between_are_one_text(void)
{
	struct buf b;

	buf_init(&b);
	for (size_t step = 1; step < 40; step++) {
		struct frame_in f = { .head_n = 0 };

		put_masked(&b, 0x01, SPAN("one, "));
		put_masked(&b, 0x89, SPAN("p"));
		put_masked(&b, 0x00, SPAN(""));
		put_masked(&b, 0x00, SPAN("two, which is longer than eight, "));
		put_masked(&b, 0x8a, SPAN("q"));
		put_masked(&b, 0x80, SPAN("three"));
		put_masked(&b, 0x81, SPAN(""));
		CHECK(feed(&f, &b, step) == FRAME_GOT_PING);
		CHECK(feed(&f, &b, step) == FRAME_GOT_PONG);
		CHECK(feed(&f, &b, step) == FRAME_GOT_TEXT);
		CHECK_TEXT(text(&f), "one, two, which is longer than eight, three");
		CHECK(feed(&f, &b, step) == FRAME_GOT_TEXT);
		CHECK(text(&f).n == 0);
		CHECK(b.n == 0);
		frame_free(&f);
	}
	buf_free(&b);
}

static void
nothing_is_kept_between_messages(void)
{
	struct frame_in f = { .head_n = 0 };
	struct span nothing = SPAN("");
	struct buf b;

	buf_init(&b);
	put_masked(&b, 0x81, SPAN("hello"));
	CHECK(feed(&f, &b, 100) == FRAME_GOT_TEXT);
	CHECK(f.message.kept.cap > 0);
	CHECK(frame_next(&f, &nothing) == FRAME_GOT_NONE);
	CHECK(f.message.kept.cap == 0);
	buf_free(&b);
}

static void
a_head_alone_takes_no_memory(void)
{
	struct frame_in f = { .head_n = 0 };
	struct span head = SPAN("\x81\xff\0\0\0\0\x04\0\0\0" "1234");

	CHECK(frame_next(&f, &head) == FRAME_GOT_NONE && head.n == 0);
	CHECK(f.left == MAX_MESSAGE_IN && f.message.kept.cap == 0);
}

static void
binary_messages_go_by_unread(void)
{
	struct frame_in f = { .head_n = 0 };
	struct buf b;

	buf_init(&b);
	put_masked(&b, 0x02, SPAN("\xff\xfe"));
	put_masked(&b, 0x80, SPAN("\xff"));
	put_masked(&b, 0x82, SPAN("\x80"));
	CHECK(feed(&f, &b, 2) == FRAME_GOT_BINARY);
	CHECK(feed(&f, &b, 2) == FRAME_GOT_BINARY);
	CHECK(b.n == 0 && f.message.kept.cap == 0);
	buf_free(&b);
}

static void
a_text_of_16_KiB_is_kept_and_of_a_longer_one_how_it_begins(void)
{
	struct frame_in f = { .head_n = 0 };
	struct span s;
	struct buf b, long_text;

	buf_init(&b);
	buf_init(&long_text);
	for (int i = 0; i < MAX_MESSAGE_KEPT + 1; i++)
		buf_putc(&long_text, 'a');
	put_masked(&b, 0x81, span_of(long_text.p, MAX_MESSAGE_KEPT));
	CHECK(feed(&f, &b, 1000) == FRAME_GOT_TEXT);
	CHECK(frame_text(&f, &s) && span_eq(s, span_of(long_text.p, MAX_MESSAGE_KEPT)));
	put_masked(&b, 0x01, buf_span(&long_text));
	put_masked(&b, 0x80, SPAN("b"));
	CHECK(feed(&f, &b, 1000) == FRAME_GOT_TEXT);
	CHECK(!frame_text(&f, &s) && span_eq(s, span_of(long_text.p, MESSAGE_FIRST)));
	CHECK(f.message.kept.cap < 1024);
	put_masked(&b, 0x81, SPAN("next"));
	CHECK(feed(&f, &b, 1000) == FRAME_GOT_TEXT);
	CHECK_TEXT(text(&f), "next");
	frame_free(&f);
	buf_free(&long_text);
	buf_free(&b);
}

/* Feeds the head of a frame that announces n bytes; what frame_next says of it. */
static enum frame_got
announce(struct frame_in *f, unsigned first, uint64_t n)
{
	uint8_t h[FRAME_HEAD + 4] = { 0 };
	size_t k = frame_head(h, 0, n);
	struct span s = span_of(h, k + 4);

	h[0] = (uint8_t)first;
	h[1] |= 0x80;
	return frame_next(f, &s);
}

/* Feeds n zeros, of a frame whose key is 0. */
static enum frame_got
zeros(struct frame_in *f, uint64_t n)
{
	static const uint8_t some[65536];
	enum frame_got got = FRAME_GOT_NONE;

	for (struct span s; got == FRAME_GOT_NONE && n > 0; n -= s.n) {
		struct span left = s = span_of(some, n < sizeof(some) ? (size_t)n : sizeof(some));

		got = frame_next(f, &left);
	}
	return got;
}

static void
a_message_of_64_MiB_goes_by_and_one_more_byte_is_too_big(void)
{
	struct frame_in f = { .head_n = 0 };
	struct frame_in fragments = { .head_n = 0 };

	CHECK(announce(&f, 0x82, MAX_MESSAGE_IN) == FRAME_GOT_NONE);
	CHECK(zeros(&f, MAX_MESSAGE_IN) == FRAME_GOT_BINARY);
	CHECK(announce(&f, 0x81, MAX_MESSAGE_IN + 1) == FRAME_GOT_BAD && f.code == FRAME_TOO_BIG);
	CHECK(announce(&fragments, 0x01, MAX_MESSAGE_IN) == FRAME_GOT_NONE);
	CHECK(zeros(&fragments, MAX_MESSAGE_IN) == FRAME_GOT_NONE);
	CHECK(fragments.message.kept.cap < 1024);
	CHECK(announce(&fragments, 0x80, 1) == FRAME_GOT_BAD && fragments.code == FRAME_TOO_BIG);
	frame_free(&fragments);
}

static void
a_text_is_refused_at_the_byte_that_is_not_utf8(void)
{
	struct frame_in f = { .head_n = 0 };
	struct span s;
	struct buf b;

	buf_init(&b);
	put_masked(&b, 0x01, SPAN("\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xf4"));
	put_masked(&b, 0x80, SPAN("\x90\x80\x80 and so on"));
	s = span_of(b.p, b.n - 13);	/* all before the second character cannot go on */
	CHECK(frame_next(&f, &s) == FRAME_GOT_NONE);
	s = span_of(b.p + b.n - 13, 1);
	CHECK(frame_next(&f, &s) == FRAME_GOT_BAD);
	CHECK(f.code == FRAME_NOT_CONSISTENT && strncmp(f.why, "8.1", 3) == 0);
	frame_free(&f);
	buf_free(&b);
}

static void
a_text_that_ends_within_a_character_is_refused(void)
{
	struct frame_in f = { .head_n = 0 };
	struct buf b;

	buf_init(&b);
	put_masked(&b, 0x01, SPAN("\xe2"));
	put_masked(&b, 0x80, SPAN("\x82"));
	CHECK(feed(&f, &b, 100) == FRAME_GOT_BAD && f.code == FRAME_NOT_CONSISTENT);
	frame_free(&f);
	buf_free(&b);
}

static void
a_long_text_is_checked_although_it_is_not_kept(void)
{
	struct frame_in f = { .head_n = 0 };

	CHECK(announce(&f, 0x01, 100000) == FRAME_GOT_NONE);
	CHECK(zeros(&f, 100000) == FRAME_GOT_NONE);
	CHECK(announce(&f, 0x80, 1) == FRAME_GOT_NONE);
	CHECK(frame_next(&f, &SPAN("\xff")) == FRAME_GOT_BAD && f.code == FRAME_NOT_CONSISTENT);
	frame_free(&f);
}

static void
a_compressed_text_is_unpacked(void)
{
	struct gz *gz = gz_open(GZ_MESSAGE);
	struct frame_in f = { .gz = gz };
	struct buf b;

	buf_init(&b);
	for (size_t step = 1; step < 20; step++) {
		put_masked(&b, 0xc1, SPAN("\xf2\x48\xcd\xc9\xc9\x07\x00"));
		put_masked(&b, 0x41, SPAN("\xf2\x48\xcd"));
		put_masked(&b, 0x89, SPAN("p"));
		put_masked(&b, 0x80, SPAN("\xc9\xc9\x07\x00"));
		put_masked(&b, 0x81, SPAN("plain"));
		CHECK(feed(&f, &b, step) == FRAME_GOT_TEXT);
		CHECK_TEXT(text(&f), "Hello");
		CHECK(feed(&f, &b, step) == FRAME_GOT_PING);
		CHECK(feed(&f, &b, step) == FRAME_GOT_TEXT);
		CHECK_TEXT(text(&f), "Hello");
		CHECK(feed(&f, &b, step) == FRAME_GOT_TEXT);
		CHECK_TEXT(text(&f), "plain");
	}
	frame_free(&f);
	buf_free(&b);
	gz_close(gz);
}

/* The code with which a whole compressed message is refused, or 0. */
static unsigned
refused(struct gz *gz, struct span content, enum deflate_level level)
{
	struct deflate *d = deflate_open(level);
	struct frame_in f = { .gz = gz };
	enum frame_got got;
	struct buf b, packed;

	buf_init(&b);
	buf_init(&packed);
	deflate_put_message(d, content, &packed);
	put_masked(&b, 0xc1, buf_span(&packed));
	got = feed(&f, &b, 1000);
	frame_free(&f);
	buf_free(&packed);
	buf_free(&b);
	deflate_close(d);
	return got == FRAME_GOT_BAD ? f.code : 0;
}

static void
what_a_compressed_text_unpacks_to_is_checked_and_bounded(void)
{
	struct gz *gz = gz_open(GZ_MESSAGE);
	struct buf many;

	buf_init(&many);
	for (int i = 0; i <= MAX_MESSAGE_INFLATED; i++)
		buf_putc(&many, 'a');
	CHECK(refused(gz, SPAN("\xe2\x82\xac"), DEFLATE_EVEN) == 0);
	CHECK(refused(gz, SPAN("\xe2\x82"), DEFLATE_EVEN) == FRAME_NOT_CONSISTENT);
	CHECK(refused(gz, buf_span(&many), DEFLATE_SMALL) == FRAME_TOO_BIG);
	many.n--;
	CHECK(refused(gz, buf_span(&many), DEFLATE_SMALL) == 0);
	many.p[many.n - 1] = 0xff;
	CHECK(refused(gz, buf_span(&many), DEFLATE_SMALL) == FRAME_NOT_CONSISTENT);
	buf_free(&many);
	gz_close(gz);
}

static void
a_message_that_cannot_be_unpacked_is_refused(void)
{
	struct gz *gz = gz_open(GZ_MESSAGE);
	struct frame_in f = { .gz = gz };
	struct buf b;

	buf_init(&b);
	put_masked(&b, 0xc1, SPAN("\xff\xff\xff\xff"));
	CHECK(feed(&f, &b, 100) == FRAME_GOT_BAD && f.code == FRAME_NOT_CONSISTENT);
	frame_free(&f);
	buf_free(&b);
	gz_close(gz);
}

static void
a_compressed_text_that_is_long_goes_by(void)
{
	struct gz *gz = gz_open(GZ_MESSAGE);
	struct frame_in f = { .gz = gz };
	struct span s;

	CHECK(announce(&f, 0xc1, 100000) == FRAME_GOT_NONE);
	CHECK(zeros(&f, 100000) == FRAME_GOT_TEXT);
	CHECK(!frame_text(&f, &s) && s.n == 0);
	gz_close(gz);
}

static void
rsv1_stands_only_where_compression_was_agreed_and_a_message_begins(void)
{
	static const struct {
		const char *bytes;
		size_t n;
	} bad[] = {
		{ "\xc9\x80" "1234", 6 },			/* a Ping */
		{ "\xc8\x80" "1234", 6 },			/* a Close */
		{ "\x41\x80" "1234" "\xc0\x80" "1234", 12 },	/* a continuation */
		{ "\x01\x80" "1234" "\xc0\x80" "1234", 12 },
		{ "\xe1\x80" "1234", 6 },			/* RSV2 as well */
		{ "\xd1\x80" "1234", 6 },			/* RSV3 as well */
		{ "\xa1\x80" "1234", 6 },			/* RSV2 alone */
	};
	struct gz *gz = gz_open(GZ_MESSAGE);

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct frame_in f = { .gz = gz };
		struct span s = span_of(bad[i].bytes, bad[i].n);

		CHECK(frame_next(&f, &s) == FRAME_GOT_BAD && f.code == FRAME_PROTOCOL_ERROR);
	}
	gz_close(gz);
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
a_close_reason_must_be_utf8(void)
{
	struct frame_in f = { .head_n = 0 };
	struct buf b;

	buf_init(&b);
	put_masked(&b, 0x88, SPAN("\x03\xe8" "gr\xc3\xbc\xc3\x9f"));
	CHECK(feed(&f, &b, 3) == FRAME_GOT_CLOSE);
	put_masked(&b, 0x88, SPAN("\x03\xe8" "\xce\xba\xed\xa0\x80 edited"));
	CHECK(feed(&f, &b, 3) == FRAME_GOT_BAD && f.code == FRAME_NOT_CONSISTENT);
	buf_free(&b);
}

/* Section 7.4 and the codes of the registry that it founded. */
static void
close_codes_are_taken_or_refused_as_listed(void)
{
	static const unsigned good[] = { 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012,
	    1013, 1014, 3000, 3999, 4000, 4999 };
	static const unsigned bad[] = { 0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000,
	    65535 };

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		struct frame_in f = { .head_n = 0 };
		uint8_t bytes[] = { 0x88, 0x82, 0, 0, 0, 0, (uint8_t)(good[i] >> 8), (uint8_t)good[i] };
		struct span s = span_of(bytes, sizeof(bytes));

		CHECK(frame_next(&f, &s) == FRAME_GOT_CLOSE && f.code == good[i]);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct frame_in f = { .head_n = 0 };
		uint8_t bytes[] = { 0x88, 0x82, 0, 0, 0, 0, (uint8_t)(bad[i] >> 8), (uint8_t)bad[i] };
		struct span s = span_of(bytes, sizeof(bytes));

		CHECK(frame_next(&f, &s) == FRAME_GOT_BAD && f.code == FRAME_PROTOCOL_ERROR);
	}
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

		CHECK(frame_next(&f, &s) == FRAME_GOT_BAD);
		CHECK(f.code == FRAME_PROTOCOL_ERROR && f.why != NULL);
	}
}

int
main(void)
{
	RUN(a_head_has_the_shortest_length_form);
	RUN(a_compressed_message_has_rsv1);
	RUN(a_close_carries_its_code_and_reason);
	RUN(a_ping_is_unmasked_however_its_bytes_arrive);
	RUN(fragments_with_a_ping_between_are_one_text);
	RUN(nothing_is_kept_between_messages);
	RUN(a_head_alone_takes_no_memory);
	RUN(binary_messages_go_by_unread);
	RUN(a_text_of_16_KiB_is_kept_and_of_a_longer_one_how_it_begins);
	RUN(a_message_of_64_MiB_goes_by_and_one_more_byte_is_too_big);
	RUN(a_text_is_refused_at_the_byte_that_is_not_utf8);
	RUN(a_text_that_ends_within_a_character_is_refused);
	RUN(a_long_text_is_checked_although_it_is_not_kept);
	RUN(a_compressed_text_is_unpacked);
	RUN(what_a_compressed_text_unpacks_to_is_checked_and_bounded);
	RUN(a_message_that_cannot_be_unpacked_is_refused);
	RUN(a_compressed_text_that_is_long_goes_by);
	RUN(rsv1_stands_only_where_compression_was_agreed_and_a_message_begins);
	RUN(a_close_gives_its_code);
	RUN(a_close_reason_must_be_utf8);
	RUN(close_codes_are_taken_or_refused_as_listed);
	RUN(what_the_RFC_forbids_is_a_protocol_error);
	return unit_end();
}

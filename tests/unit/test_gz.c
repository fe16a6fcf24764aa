/* lib/enc/gz: streams that are whole, in pieces, cut, damaged or too long. */
#include "unit.h"

#include "cut.h"
#include "enc/gz.h"

/* "hello, hello, hello\n", by gzip -9n */
static const uint8_t hello[] = {
	0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xcb, 0x48,
	0xcd, 0xc9, 0xc9, 0xd7, 0x51, 0xc8, 0x40, 0xa2, 0xb8, 0x00, 0xe7, 0x42,
	0x6e, 0x52, 0x14, 0x00, 0x00, 0x00,
};

/* 100,000 zeros, by gzip -9n */
static const uint8_t zeros[] = {
	0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xed, 0xc1,
	0x31, 0x01, 0x00, 0x00, 0x00, 0xc2, 0xa0, 0xf5, 0x4f, 0x6d, 0x0d, 0x0f,
	0xa0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x80, 0x57, 0x03, 0x7d, 0x95, 0x11, 0xd4, 0xa0, 0x86, 0x01, 0x00,
};

static void
a_member_comes_out_behind_what_is_there(void)
{
	struct buf b;

	buf_init(&b);
	buf_puts(&b, "> ");
	CHECK(gz_is(span_of(hello, sizeof(hello))));
	CHECK(gz_put_inflated(&b, span_of(hello, sizeof(hello)), 100) == NULL);
	CHECK_TEXT(buf_span(&b), "> hello, hello, hello\n");
	buf_free(&b);
}

static void
two_members_are_one_content(void)
{
	struct buf in, out;

	buf_init(&in);
	buf_init(&out);
	buf_put(&in, span_of(hello, sizeof(hello)));
	buf_put(&in, span_of(hello, sizeof(hello)));
	CHECK(gz_put_inflated(&out, buf_span(&in), 100) == NULL);
	CHECK_TEXT(buf_span(&out), "hello, hello, hello\nhello, hello, hello\n");
	buf_free(&in);
	buf_free(&out);
}

static void
refuse(struct span cut)
{
	struct buf b;

	buf_init(&b);
	CHECK(gz_put_inflated(&b, cut, 100) != NULL);
	CHECK(b.n == 0);
	buf_free(&b);
}

static void
a_stream_cut_anywhere_is_refused_and_leaves_nothing(void)
{
	cut_each(span_of(hello, sizeof(hello)), refuse);
}

/* Flips each bit of the packed stream in turn: it is refused, or gives the n bytes at want nevertheless. */
static void
flip_each(struct span packed, const char *want, size_t n)
{
	uint8_t bad[256];
	struct buf b;

	buf_init(&b);
	CHECK(packed.n <= sizeof(bad));
	for (size_t bit = 0; bit < packed.n * 8; bit++) {
		memcpy(bad, packed.p, packed.n);
		bad[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (gz_put_inflated(&b, span_of(bad, packed.n), 1 << 20) == NULL)
			CHECK(b.n == n && memcmp(b.p, want, n) == 0);
		else
			CHECK(b.n == 0);
		buf_reset(&b);
	}
	buf_free(&b);
}

static void
no_flipped_bit_gives_another_content(void)
{
	static const char nothing[100000];

	flip_each(span_of(hello, sizeof(hello)), "hello, hello, hello\n", 20);
	flip_each(span_of(zeros, sizeof(zeros)), nothing, sizeof(nothing));
}

static void
bytes_behind_the_last_member_are_refused(void)
{
	struct buf in, out;

	buf_init(&in);
	buf_init(&out);
	buf_put(&in, span_of(hello, sizeof(hello)));
	buf_putc(&in, 'x');
	CHECK(gz_put_inflated(&out, buf_span(&in), 100) != NULL);
	CHECK(out.n == 0);
	buf_free(&in);
	buf_free(&out);
}

static void
content_is_let_through_up_to_the_cap_exactly(void)
{
	struct span in = span_of(zeros, sizeof(zeros));
	struct buf b;

	buf_init(&b);
	CHECK(gz_put_inflated(&b, in, 100000) == NULL);
	CHECK(b.n == 100000);
	buf_free(&b);
	CHECK(gz_put_inflated(&b, in, 99999) != NULL);
	CHECK(b.n == 0);
	buf_free(&b);
	CHECK(gz_put_inflated(&b, in, 0) != NULL);
	CHECK(gz_put_inflated(&b, in, SIZE_MAX) == NULL);
	CHECK(b.n == 100000);
	buf_free(&b);
}

/* "hello, hello, hello\n" in the form that RFC 1950 gives it, whose middle is RFC 1951's. */
static const uint8_t hello_zlib[] = {
	0x78, 0xda, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0xd7, 0x51, 0xc8, 0x40, 0xa2,
	0xb8, 0x00, 0x4b, 0x07, 0x06, 0xdf
};

/* Unpacks in, which comes a byte at a time, and checks that it is "hello, hello, hello\n". */
static void
unpack_in_pieces(enum gz_form form, struct span in)
{
	enum gz_state state = GZ_OPEN;
	struct gz *gz = gz_open(form);
	struct buf b;

	buf_init(&b);
	for (size_t i = 0; i < in.n; i++) {
		CHECK(state == GZ_OPEN);
		state = gz_put(gz, &b, span_of(in.p + i, 1), 100);
	}
	CHECK(state == GZ_WHOLE);
	CHECK_TEXT(buf_span(&b), "hello, hello, hello\n");
	buf_free(&b);
	gz_close(gz);
}

static void
every_form_is_unpacked_piece_by_piece(void)
{
	unpack_in_pieces(GZ_GZIP, span_of(hello, sizeof(hello)));
	unpack_in_pieces(GZ_ZLIB, span_of(hello_zlib, sizeof(hello_zlib)));
	unpack_in_pieces(GZ_DEFLATE, span_of(hello_zlib + 2, sizeof(hello_zlib) - 6));
}

static void
what_came_before_a_cut_or_damage_is_unpacked(void)
{
	uint8_t bad[sizeof(zeros)];
	struct gz *gz = gz_open(GZ_GZIP);
	struct buf b;

	buf_init(&b);
	CHECK(gz_put(gz, &b, span_of(zeros, sizeof(zeros) - 60), SIZE_MAX) == GZ_OPEN);
	CHECK(b.n > 30000 && b.n < 100000);
	gz_close(gz);
	buf_reset(&b);
	memcpy(bad, zeros, sizeof(bad));
	bad[sizeof(bad) - 8] ^= 1;	/* the CRC */
	gz = gz_open(GZ_GZIP);
	CHECK(gz_put(gz, &b, span_of(bad, sizeof(bad)), SIZE_MAX) == GZ_DAMAGED);
	CHECK(b.n == 100000);
	gz_close(gz);
	buf_free(&b);
}

static void
a_stream_stops_at_the_cap_while_it_is_unpacked(void)
{
	struct gz *gz = gz_open(GZ_GZIP);
	struct buf b;

	buf_init(&b);
	CHECK(gz_put(gz, &b, span_of(zeros, sizeof(zeros)), 5000) == GZ_TOO_LONG);
	CHECK(b.n == 5000 && b.cap < 80000);
	gz_close(gz);
	buf_free(&b);
}

static void
a_stream_takes_no_more_room_than_twice_its_content(void)
{
	struct span in = span_of(zeros, sizeof(zeros));
	struct buf b = { 0 };
	struct gz *gz = gz_open(GZ_GZIP);

	for (size_t i = 0; i < in.n; i++)
		(void)gz_put(gz, &b, span_of(in.p + i, 1), SIZE_MAX);
	CHECK(b.n == 100000);
	CHECK(b.cap <= 262144);
	gz_close(gz);
	buf_free(&b);
}

static void
content_that_is_not_gzip_is_known_by_its_first_bytes(void)
{
	struct buf b;

	buf_init(&b);
	CHECK(!gz_is(SPAN("\x1f")));
	CHECK(!gz_is(SPAN("{\"entries\"")));
	CHECK(gz_put_inflated(&b, SPAN("{\"entries\""), 100) != NULL);
	buf_free(&b);
}

/* Unpacks a message and checks that its content is want. */
static void
message_is(struct gz *gz, struct span in, const char *want)
{
	struct buf b;

	buf_init(&b);
	CHECK(gz_put_message(gz, &b, in, 100) == GZ_WHOLE);
	CHECK_TEXT(buf_span(&b), want);
	buf_free(&b);
}

/* The examples of RFC 7692 section 7.2.3, but for the one that refers to a message before. */
static void
messages_of_a_websocket_are_unpacked_by_one_gz(void)
{
	struct gz *gz = gz_open(GZ_MESSAGE);

	message_is(gz, SPAN("\xf2\x48\xcd\xc9\xc9\x07\x00"), "Hello");
	message_is(gz, SPAN("\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"), "Hello");
	message_is(gz, SPAN("\xf3\x48\xcd\xc9\xc9\x07\x00\x00"), "Hello");
	message_is(gz, SPAN("\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"), "Hello");
	message_is(gz, SPAN("\x00"), "");
	gz_close(gz);
}

static void
a_message_that_refers_to_one_before_is_damaged(void)
{
	struct gz *gz = gz_open(GZ_MESSAGE);
	struct buf b;

	buf_init(&b);
	message_is(gz, SPAN("\xf2\x48\xcd\xc9\xc9\x07\x00"), "Hello");
	CHECK(gz_put_message(gz, &b, SPAN("\xf2\x00\x11\x00\x00"), 100) == GZ_DAMAGED);
	message_is(gz, SPAN("\xf2\x48\xcd\xc9\xc9\x07\x00"), "Hello");
	buf_free(&b);
	gz_close(gz);
}

static void
a_message_cut_or_garbled_is_damaged_and_the_next_one_is_not(void)
{
	static const char hello_message[] = "\xf2\x48\xcd\xc9\xc9\x07";
	struct gz *gz = gz_open(GZ_MESSAGE);
	struct buf b;

	buf_init(&b);
	for (size_t n = 0; n < sizeof(hello_message) - 1; n++) {
		CHECK(gz_put_message(gz, &b, span_of(hello_message, n), 100) == GZ_DAMAGED);
		message_is(gz, SPAN("\xf2\x48\xcd\xc9\xc9\x07\x00"), "Hello");
	}
	CHECK(gz_put_message(gz, &b, SPAN("\xff\xff\xff"), 100) == GZ_DAMAGED);
	CHECK(gz_put_message(gz, &b, SPAN("\x00\x05\x00\x00\x00"), 100) == GZ_DAMAGED);
	CHECK(gz_put_message(gz, &b, SPAN("\x00\x03\x00\xfc\xff"), 100) == GZ_DAMAGED);
	message_is(gz, SPAN("\x00"), "");
	buf_free(&b);
	gz_close(gz);
}

static void
a_message_stops_at_the_cap_and_the_next_one_is_unpacked(void)
{
	struct gz *gz = gz_open(GZ_MESSAGE);
	struct buf b;

	buf_init(&b);
	CHECK(gz_put_message(gz, &b, span_of(zeros + 10, sizeof(zeros) - 18), 5000) == GZ_TOO_LONG);
	CHECK(b.n == 5000 && b.cap < 80000);
	message_is(gz, SPAN("\xf2\x48\xcd\xc9\xc9\x07\x00"), "Hello");
	CHECK(gz_put_message(gz, &b, SPAN("\x00"), 5000) == GZ_WHOLE && b.n == 5000);
	buf_free(&b);
	gz_close(gz);
}

int
main(void)
{
	RUN(a_member_comes_out_behind_what_is_there);
	RUN(two_members_are_one_content);
	RUN(a_stream_cut_anywhere_is_refused_and_leaves_nothing);
	RUN(no_flipped_bit_gives_another_content);
	RUN(bytes_behind_the_last_member_are_refused);
	RUN(content_is_let_through_up_to_the_cap_exactly);
	RUN(every_form_is_unpacked_piece_by_piece);
	RUN(what_came_before_a_cut_or_damage_is_unpacked);
	RUN(a_stream_stops_at_the_cap_while_it_is_unpacked);
	RUN(a_stream_takes_no_more_room_than_twice_its_content);
	RUN(content_that_is_not_gzip_is_known_by_its_first_bytes);
	RUN(messages_of_a_websocket_are_unpacked_by_one_gz);
	RUN(a_message_that_refers_to_one_before_is_damaged);
	RUN(a_message_cut_or_garbled_is_damaged_and_the_next_one_is_not);
	RUN(a_message_stops_at_the_cap_and_the_next_one_is_unpacked);
	return unit_end();
}

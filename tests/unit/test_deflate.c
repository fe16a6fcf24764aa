/* lib/enc/deflate: what it compresses, zlib's inflater reads, also across resets. */
#include "unit.h"

#include "enc/deflate.h"
#include "enc/gz.h"

static const enum deflate_level levels[] = { DEFLATE_QUICK, DEFLATE_EVEN, DEFLATE_SMALL };

enum { LEVELS = sizeof(levels) / sizeof(*levels) };

/* Fills b with n bytes that cannot be compressed, the same in each run. */
static void
put_noise(struct buf *b, size_t n)
{
	uint64_t x = 88172645463325252u;

	for (size_t i = 0; i < n; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		buf_putc(b, (char)(x >> 32));
	}
}

/* Makes message number i in b: a little JSON, part of which all have in common. */
static void
message(struct buf *b, unsigned i)
{
	buf_reset(b);
	buf_putf(b, "{\"message_type\":\"certificate_update\",\"data\":{\"seen\":%u.5,"
	    "\"source\":{\"url\":\"https://log.example.com/\"},\"all_domains\":[", i);
	for (unsigned k = 0; k < i % 7; k++)
		buf_putf(b, "\"host-%u-%u.example.org\",", i * 2654435761u, k);
	buf_puts(b, "\"end\"]}}");
}

/* Unpacks in and checks that it goes on the stream with the bytes of want. */
static void
expect(struct gz *gz, struct span in, struct span want)
{
	struct buf got;

	buf_init(&got);
	CHECK(gz_put(gz, &got, in, SIZE_MAX) == GZ_OPEN);
	CHECK(span_eq(buf_span(&got), want));
	buf_free(&got);
}

static void
each_message_ends_at_a_byte_with_nothing_held_back(void)
{
	for (unsigned k = 0; k < LEVELS; k++) {
		struct deflate *d = deflate_open(levels[k]);
		struct gz *gz = gz_open(GZ_DEFLATE);
		struct buf in, out;

		buf_init(&in);
		buf_init(&out);
		for (unsigned i = 0; i < 200; i++) {
			message(&in, i);
			buf_reset(&out);
			deflate_put(d, buf_span(&in), &out);
			CHECK(out.n > 5 && memcmp(out.p + out.n - 4, "\0\0\xff\xff", 4) == 0);
			expect(gz, buf_span(&out), buf_span(&in));
		}
		buf_free(&in);
		buf_free(&out);
		gz_close(gz);
		deflate_close(d);
	}
}

static void
one_inflater_reads_on_across_resets(void)
{
	for (unsigned k = 0; k < LEVELS; k++) {
		struct deflate *d = deflate_open(levels[k]);
		struct gz *gz = gz_open(GZ_DEFLATE);
		struct buf in, out;

		buf_init(&in);
		buf_init(&out);
		for (unsigned i = 0; i < 500; i++) {
			if (i % 5 == 0 || i % 7 == 0)
				deflate_reset(d);
			message(&in, i);
			buf_reset(&out);
			deflate_put(d, buf_span(&in), &out);
			expect(gz, buf_span(&out), buf_span(&in));
		}
		buf_free(&in);
		buf_free(&out);
		gz_close(gz);
		deflate_close(d);
	}
}

static void
a_reader_may_begin_at_any_reset(void)
{
	for (unsigned k = 0; k < LEVELS; k++) {
		struct deflate *d = deflate_open(levels[k]);
		struct gz *gz = NULL;
		struct buf in, out;

		buf_init(&in);
		buf_init(&out);
		for (unsigned i = 0; i < 120; i++) {
			if (i % 8 == 0) {
				deflate_reset(d);
				gz_close(gz);
				gz = gz_open(GZ_DEFLATE);
			}
			message(&in, i);
			buf_reset(&out);
			deflate_put(d, buf_span(&in), &out);
			expect(gz, buf_span(&out), buf_span(&in));
		}
		buf_free(&in);
		buf_free(&out);
		gz_close(gz);
		deflate_close(d);
	}
}

static void
what_repeats_is_small_until_the_next_reset(void)
{
	for (unsigned k = 0; k < LEVELS; k++) {
		struct deflate *d = deflate_open(levels[k]);
		struct buf in, first, second, third;

		buf_init(&in);
		buf_init(&first);
		buf_init(&second);
		buf_init(&third);
		put_noise(&in, 2000);
		deflate_put(d, buf_span(&in), &first);
		deflate_put(d, buf_span(&in), &second);
		deflate_reset(d);
		deflate_put(d, buf_span(&in), &third);
		CHECK(first.n >= 2000);
		CHECK(second.n < 200);
		CHECK(third.n == first.n);
		buf_free(&in);
		buf_free(&first);
		buf_free(&second);
		buf_free(&third);
		deflate_close(d);
	}
}

static void
a_message_lacks_the_tail_and_nothing_else(void)
{
	for (unsigned k = 0; k < LEVELS; k++) {
		struct deflate *d = deflate_open(levels[k]);
		struct gz *gz = gz_open(GZ_DEFLATE);
		struct buf in, out;

		buf_init(&in);
		buf_init(&out);
		for (unsigned i = 0; i < 40; i++) {
			message(&in, i);
			buf_reset(&out);
			deflate_put_message(d, buf_span(&in), &out);
			buf_put(&out, SPAN("\0\0\xff\xff"));
			expect(gz, buf_span(&out), buf_span(&in));
		}
		buf_free(&in);
		buf_free(&out);
		gz_close(gz);
		deflate_close(d);
	}
}

/* RFC 7692 section 7.2.3.6 */
static void
an_empty_message_is_one_zero_byte(void)
{
	for (unsigned k = 0; k < LEVELS; k++) {
		struct deflate *d = deflate_open(levels[k]);
		struct buf out;

		buf_init(&out);
		for (unsigned i = 0; i < 3; i++) {
			buf_reset(&out);
			deflate_put_message(d, SPAN(""), &out);
			CHECK(out.n == 1 && out.p[0] == 0);
			deflate_put(d, SPAN("x"), &out);
		}
		buf_free(&out);
		deflate_close(d);
	}
}

static void
messages_of_megabytes_come_through_behind_what_is_there(void)
{
	for (unsigned k = 0; k < LEVELS; k++) {
		struct deflate *d = deflate_open(levels[k]);
		struct gz *gz = gz_open(GZ_DEFLATE);
		struct buf in, out;

		buf_init(&in);
		buf_init(&out);
		buf_puts(&out, "> ");
		put_noise(&in, 3 << 20);
		memset(in.p + (1 << 20), 'a', 1 << 20);
		deflate_put(d, buf_span(&in), &out);
		CHECK(out.n > 2 << 20 && out.n < 5 << 19);
		CHECK(out.p[0] == '>' && out.p[1] == ' ');
		expect(gz, span_from(buf_span(&out), 2), buf_span(&in));
		buf_free(&in);
		buf_free(&out);
		gz_close(gz);
		deflate_close(d);
	}
}

/* Room that is just full must not be taken for a message that is just over. */
static void
messages_of_every_small_length_come_through(void)
{
	for (unsigned k = 0; k < LEVELS; k++) {
		struct deflate *d = deflate_open(levels[k]);
		struct gz *gz = gz_open(GZ_DEFLATE);
		struct buf noise, out;

		buf_init(&noise);
		put_noise(&noise, 4500);
		for (size_t n = 1; n <= noise.n; n += n < 64 ? 1 : 61) {
			buf_init(&out);
			deflate_reset(d);
			deflate_put(d, span_of(noise.p, n), &out);
			expect(gz, buf_span(&out), span_of(noise.p, n));
			buf_free(&out);
		}
		buf_free(&noise);
		gz_close(gz);
		deflate_close(d);
	}
}

static void
behind_the_head_of_gzip_it_is_a_gzip_stream(void)
{
	struct deflate *d = deflate_open(DEFLATE_EVEN);
	struct gz *gz = gz_open(GZ_GZIP);
	struct buf out;

	buf_init(&out);
	deflate_put_gzip_head(&out);
	CHECK(out.n == 10);
	deflate_put(d, SPAN("one two three"), &out);
	expect(gz, buf_span(&out), SPAN("one two three"));
	buf_free(&out);
	gz_close(gz);
	deflate_close(d);
}

static void
closing_nothing_is_allowed(void)
{
	deflate_close(NULL);
}

int
main(void)
{
	RUN(each_message_ends_at_a_byte_with_nothing_held_back);
	RUN(one_inflater_reads_on_across_resets);
	RUN(a_reader_may_begin_at_any_reset);
	RUN(what_repeats_is_small_until_the_next_reset);
	RUN(a_message_lacks_the_tail_and_nothing_else);
	RUN(an_empty_message_is_one_zero_byte);
	RUN(messages_of_megabytes_come_through_behind_what_is_there);
	RUN(messages_of_every_small_length_come_through);
	RUN(behind_the_head_of_gzip_it_is_a_gzip_stream);
	RUN(closing_nothing_is_allowed);
	return unit_end();
}

/* ct-fetch/net/body, header and pace: what arrives of an answer, and how fast. */
#include "unit.h"

#include "ct-fetch/net/body.h"
#include "ct-fetch/net/header.h"
#include "ct-fetch/net/pace.h"

/* "hello, hello, hello\n" by gzip -9n, and as RFC 1950 has it; in its middle is RFC 1951's form. */
#define GZIPPED \
	"\x1f\x8b\x08\0\0\0\0\0\x02\x03\xcb\x48\xcd\xc9\xc9\xd7\x51\xc8\x40\xa2\xb8\0\xe7\x42\x6e" \
	"\x52\x14\0\0\0"
#define ZLIBBED "\x78\xda\xcb\x48\xcd\xc9\xc9\xd7\x51\xc8\x40\xa2\xb8\0\x4b\x07\x06\xdf"
#define DEFLATED "\xcb\x48\xcd\xc9\xc9\xd7\x51\xc8\x40\xa2\xb8\0"

static struct body body;

/* Begins a body of up to 100 bytes. */
static void
begin(enum body_coding coding, bool guess)
{
	body_reset(&body, 100, guess);
	body.coding = coding;
}

/* Puts bytes one at a time, as a slow network does, and ends the body. Returns its state. */
static enum body_state
come(struct span bytes)
{
	for (size_t i = 0; i < bytes.n; i++)
		(void)body_put(&body, span_of(bytes.p + i, 1));
	return body_end(&body);
}

static void
a_body_without_encoding_is_kept_as_it_comes(void)
{
	begin(BODY_PLAIN, true);
	CHECK(come(SPAN("{\"entries\":[]}")) == BODY_GOOD);
	CHECK_TEXT(buf_span(&body.bytes), "{\"entries\":[]}");
	begin(BODY_PLAIN, true);
	CHECK(come(SPAN("x")) == BODY_GOOD);
	CHECK_TEXT(buf_span(&body.bytes), "x");
	begin(BODY_PLAIN, true);
	CHECK(come(SPAN("")) == BODY_GOOD);
	CHECK(body.bytes.n == 0);
	body_free(&body);
}

static void
gzip_and_both_kinds_of_deflate_are_undone(void)
{
	begin(BODY_GZIP, false);
	CHECK(come(SPAN(GZIPPED)) == BODY_GOOD);
	CHECK_TEXT(buf_span(&body.bytes), "hello, hello, hello\n");
	begin(BODY_DEFLATE, false);
	CHECK(come(SPAN(ZLIBBED)) == BODY_GOOD);
	CHECK_TEXT(buf_span(&body.bytes), "hello, hello, hello\n");
	begin(BODY_DEFLATE, false);
	CHECK(come(SPAN(DEFLATED)) == BODY_GOOD);
	CHECK_TEXT(buf_span(&body.bytes), "hello, hello, hello\n");
	body_free(&body);
}

static void
gzip_that_no_header_tells_of_is_undone_only_where_that_is_wanted(void)
{
	begin(BODY_PLAIN, true);
	CHECK(come(SPAN(GZIPPED)) == BODY_GOOD);
	CHECK_TEXT(buf_span(&body.bytes), "hello, hello, hello\n");
	begin(BODY_PLAIN, false);
	CHECK(come(SPAN(GZIPPED)) == BODY_GOOD);
	CHECK(span_eq(buf_span(&body.bytes), SPAN(GZIPPED)));
	body_free(&body);
}

static void
a_body_that_a_header_wrongly_calls_gzip_is_kept_as_it_comes(void)
{
	begin(BODY_GZIP, false);
	CHECK(come(SPAN("{\"entries\":[]}")) == BODY_GOOD);
	CHECK_TEXT(buf_span(&body.bytes), "{\"entries\":[]}");
	body_free(&body);
}

static void
an_encoding_that_was_not_asked_for_is_not_taken(void)
{
	begin(BODY_FOREIGN, true);
	CHECK(come(SPAN("abc")) == BODY_UNKNOWN);
	CHECK(body.bytes.n == 0);
	body_free(&body);
}

static void
of_a_packed_body_that_is_cut_or_damaged_the_beginning_is_kept(void)
{
	struct span whole = SPAN(GZIPPED);
	uint8_t bad[sizeof(GZIPPED) - 1];

	begin(BODY_GZIP, false);
	CHECK(come(span_of(whole.p, whole.n - 8)) == BODY_CUT);
	CHECK_TEXT(buf_span(&body.bytes), "hello, hello, hello\n");
	begin(BODY_GZIP, false);
	CHECK(come(span_of(whole.p, 16)) == BODY_CUT);
	CHECK(body.bytes.n > 2 && memcmp(body.bytes.p, "hello", body.bytes.n) == 0);
	memcpy(bad, whole.p, sizeof(bad));
	bad[sizeof(bad) - 8] ^= 1;	/* the CRC */
	begin(BODY_GZIP, false);
	CHECK(come(span_of(bad, sizeof(bad))) == BODY_DAMAGED);
	CHECK_TEXT(buf_span(&body.bytes), "hello, hello, hello\n");
	body_free(&body);
}

static void
a_body_may_be_as_long_as_allowed_and_not_longer(void)
{
	static const char zeros[101];

	begin(BODY_PLAIN, false);
	CHECK(body_put(&body, span_of(zeros, 100)) == BODY_GOOD);
	CHECK(body_put(&body, span_of(zeros, 1)) == BODY_TOO_LONG);
	CHECK(body.bytes.n == 100);
	body_reset(&body, 20, false);
	body.coding = BODY_GZIP;
	CHECK(come(SPAN(GZIPPED)) == BODY_GOOD);
	body_reset(&body, 19, false);
	body.coding = BODY_GZIP;
	CHECK(come(SPAN(GZIPPED)) == BODY_TOO_LONG);
	CHECK(body.bytes.n == 19);
	body_free(&body);
}

static void
a_packed_body_is_kept_as_it_came_until_it_has_ended(void)
{
	struct span whole = SPAN(GZIPPED);

	begin(BODY_GZIP, false);
	CHECK(body_put(&body, whole) == BODY_GOOD);
	CHECK(body.bytes.n == 0 && body.packed.n == whole.n && body_wants_room(&body));
	CHECK(body_end(&body) == BODY_GOOD);
	CHECK_TEXT(buf_span(&body.bytes), "hello, hello, hello\n");
	CHECK(body.packed.n == 0 && !body_wants_room(&body));
	body_free(&body);
}

static void
memory_for_a_whole_body_of_gzip_is_taken_at_once(void)
{
	static const char zeros[10 << 10];
	static const uint8_t front[] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3 };

	/* Cut off, and its last four bytes say how long it is: more than buf takes at first. */
	body_reset(&body, MAX_PACKED, false);
	body.coding = BODY_GZIP;
	CHECK(body_put(&body, span_of(front, sizeof(front))) == BODY_GOOD);
	CHECK(body_put(&body, SPAN("\x01\x00\x28\xff\xd7")) == BODY_GOOD);	/* 10240 bytes, stored */
	CHECK(body_put(&body, span_of(zeros, sizeof(zeros) - 4)) == BODY_GOOD);
	CHECK(body_put(&body, SPAN("\x00\x00\x02\x00")) == BODY_GOOD);
	CHECK(body_end(&body) == BODY_CUT);
	CHECK(body.bytes.n == sizeof(zeros) && body.bytes.cap == 256 << 10);
	/* What cannot be believed is not taken for it. */
	body_free(&body);
	begin(BODY_GZIP, false);
	body.most = MAX_PACKED;
	CHECK(come(SPAN(GZIPPED "\xff\xff\xff\x7f")) == BODY_DAMAGED);
	CHECK(body.bytes.cap < 256 << 10);
	body_free(&body);
}

/* Puts whole members of gzip until the body is refused or `many` have come. Returns the last state. */
static enum body_state
come_members(unsigned many)
{
	enum body_state state = BODY_GOOD;

	for (unsigned i = 0; state == BODY_GOOD && i < many; i++)
		state = body_put(&body, SPAN(GZIPPED));
	return state;
}

static void
a_packed_body_that_goes_on_for_long_is_found_to_be_too_long_before_it_ends(void)
{
	unsigned many = MAX_PACKED / (sizeof(GZIPPED) - 1);

	body_reset(&body, MAX_PACKED, false);	/* the content is shorter, and good */
	body.coding = BODY_GZIP;
	CHECK(come_members(many + 100) == BODY_GOOD);
	CHECK(body_end(&body) == BODY_GOOD);
	CHECK(body.bytes.n == (many + 100) * 20);
	body_reset(&body, (size_t)many * 20, false);
	body.coding = BODY_GZIP;
	CHECK(come_members(many) == BODY_GOOD);
	CHECK(come_members(2) == BODY_TOO_LONG);
	/* More bytes than it may have unpacked. */
	body_reset(&body, 100, false);
	body.coding = BODY_GZIP;
	CHECK(come_members(6) == BODY_TOO_LONG);
	CHECK(body.bytes.n == 100);
	body_free(&body);
}

static void
a_content_encoding_is_read_in_any_case_and_with_identity_beside_it(void)
{
	CHECK(body_coding(SPAN("")) == BODY_PLAIN);
	CHECK(body_coding(SPAN("identity")) == BODY_PLAIN);
	CHECK(body_coding(SPAN("gzip")) == BODY_GZIP);
	CHECK(body_coding(SPAN("X-GZip")) == BODY_GZIP);
	CHECK(body_coding(SPAN("Deflate")) == BODY_DEFLATE);
	CHECK(body_coding(SPAN("identity, gzip ,")) == BODY_GZIP);
	CHECK(body_coding(SPAN("br")) == BODY_FOREIGN);
	CHECK(body_coding(SPAN("gzip, gzip")) == BODY_FOREIGN);
	CHECK(body_coding(SPAN("gzipp")) == BODY_FOREIGN);
}

static void
headers_are_those_of_the_last_answer(void)
{
	static struct header h;

	header_reset(&h);
	header_put(&h, SPAN("HTTP/1.1 103 Early Hints\r\n"));
	header_put(&h, SPAN("Retry-After: 7\r\n"));
	header_put(&h, SPAN("Content-Encoding: gzip\r\n"));
	CHECK_TEXT(span_str(h.retry_after), "7");
	header_put(&h, SPAN("HTTP/1.1 302 Found\r\n"));
	CHECK_TEXT(span_str(h.retry_after), "");
	CHECK(h.coding == BODY_PLAIN);
	header_put(&h, SPAN("LOCATION:\t /there \r\n"));
	header_put(&h, SPAN("ETag: \"5f\"\r\n"));
	CHECK_TEXT(span_str(h.location), "/there");
	CHECK_TEXT(span_str(h.etag), "\"5f\"");
}

static void
a_header_that_is_too_long_or_could_not_be_sent_back_is_dropped(void)
{
	char line[80] = "Retry-After: ";
	static struct header h;

	header_reset(&h);
	memset(line + 13, '1', sizeof(line) - 13);
	header_put(&h, span_of(line, 13 + MAX_RETRY_AFTER - 1));
	CHECK(strlen(h.retry_after) == MAX_RETRY_AFTER - 1);
	header_reset(&h);
	header_put(&h, span_of(line, 13 + MAX_RETRY_AFTER));
	CHECK_TEXT(span_str(h.retry_after), "");
	header_put(&h, SPAN("ETag: \"a\rX: b\"\r\n"));
	CHECK_TEXT(span_str(h.etag), "");
}

/* Lets n bytes come before each of `ticks` ticks. Returns true when all of them were enough. */
static bool
come_at(struct pace *p, size_t n, unsigned ticks)
{
	for (unsigned i = 0; i < ticks; i++) {
		pace_put(p, n);
		if (!pace_tick(p))
			return false;
	}
	return true;
}

static void
a_body_of_a_kilobyte_a_second_is_fast_enough_and_one_of_two_bytes_is_not(void)
{
	struct pace p;

	pace_reset(&p);
	CHECK(come_at(&p, 5 * 1024, 1000));
	pace_reset(&p);
	CHECK(come_at(&p, 10, PACE_SLOTS));
	CHECK(!come_at(&p, 10, 1));
}

static void
a_body_that_stops_is_given_up_after_six_whole_ticks(void)
{
	struct pace p;

	pace_reset(&p);
	CHECK(come_at(&p, 10 << 20, 3));
	CHECK(come_at(&p, 0, PACE_SLOTS - 1));
	CHECK(!come_at(&p, 0, 1));
}

static void
bursts_count_as_what_they_bring_on_average(void)
{
	struct pace p;

	pace_reset(&p);
	for (int i = 0; i < 20; i++) {
		pace_put(&p, 31 << 10);
		CHECK(come_at(&p, 0, PACE_SLOTS));
	}
	pace_reset(&p);
	pace_put(&p, 29 << 10);
	CHECK(!come_at(&p, 0, PACE_SLOTS + 1));
}

int
main(void)
{
	RUN(a_body_without_encoding_is_kept_as_it_comes);
	RUN(gzip_and_both_kinds_of_deflate_are_undone);
	RUN(gzip_that_no_header_tells_of_is_undone_only_where_that_is_wanted);
	RUN(a_body_that_a_header_wrongly_calls_gzip_is_kept_as_it_comes);
	RUN(an_encoding_that_was_not_asked_for_is_not_taken);
	RUN(of_a_packed_body_that_is_cut_or_damaged_the_beginning_is_kept);
	RUN(a_body_may_be_as_long_as_allowed_and_not_longer);
	RUN(a_packed_body_is_kept_as_it_came_until_it_has_ended);
	RUN(memory_for_a_whole_body_of_gzip_is_taken_at_once);
	RUN(a_packed_body_that_goes_on_for_long_is_found_to_be_too_long_before_it_ends);
	RUN(a_content_encoding_is_read_in_any_case_and_with_identity_beside_it);
	RUN(headers_are_those_of_the_last_answer);
	RUN(a_header_that_is_too_long_or_could_not_be_sent_back_is_dropped);
	RUN(a_body_of_a_kilobyte_a_second_is_fast_enough_and_one_of_two_bytes_is_not);
	RUN(a_body_that_stops_is_given_up_after_six_whole_ticks);
	RUN(bursts_count_as_what_they_bring_on_average);
	return unit_end();
}

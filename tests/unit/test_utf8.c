/* lib/base/utf8: texts that come in pieces, checked as early as they can be (RFC 3629). */
#include "unit.h"

#include "base/utf8.h"

/* Bytes that are at a border of the rules of RFC 3629 section 4, and their neighbours. */
static const uint8_t borders[] = {
	0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1,
	0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff,
};

enum { BORDERS = sizeof(borders) };

/* The text is made of four bytes: the digits of number in base BORDERS. */
static void
make(uint8_t text[4], unsigned number)
{
	for (unsigned i = 0; i < 4; i++, number /= BORDERS)
		text[i] = borders[number % BORDERS];
}

/* How many bytes of s are taken, one at a time, before one is refused; s.n where none is. */
static size_t
taken(struct span s, struct utf8_end *end)
{
	*end = (struct utf8_end){ .n = 0 };
	for (size_t i = 0; i < s.n; i++)
		if (!utf8_take(end, span_of(s.p + i, 1)))
			return i;
	return s.n;
}

static void
a_text_in_pieces_is_judged_as_in_one(void)
{
	for (unsigned i = 0; i < BORDERS * BORDERS * BORDERS * BORDERS; i++) {
		struct utf8_end bytes, halves = { .n = 0 }, one = { .n = 0 };
		uint8_t text[4];
		bool whole, by_one, by_half;

		make(text, i);
		whole = utf8_is(span_of(text, 4));
		by_one = utf8_take(&one, span_of(text, 4));
		by_half = utf8_take(&halves, span_of(text, 2)) && utf8_take(&halves, span_of(text + 2, 2));
		if (whole != (by_one && one.n == 0) || by_half != by_one ||
		    (taken(span_of(text, 4), &bytes) == 4) != by_one ||
		    (by_one && (bytes.n != one.n || halves.n != one.n))) {
			CHECK(!"the pieces of a text are judged as the text");
			printf("# %02x %02x %02x %02x\n", text[0], text[1], text[2], text[3]);
			return;
		}
	}
}

/* Returns true when some bytes behind s make it well-formed. */
static bool
can_be_completed(struct span s)
{
	static const uint8_t further[] = { 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf };
	uint8_t text[8];

	memcpy(text, s.p, s.n);
	if (utf8_is(s))
		return true;
	for (unsigned i = 0; i < 6 * 6 * 6; i++) {
		text[s.n] = further[i % 6];
		text[s.n + 1] = further[i / 6 % 6];
		text[s.n + 2] = further[i / 36];
		for (size_t k = 1; k <= 3; k++)
			if (utf8_is(span_of(text, s.n + k)))
				return true;
	}
	return false;
}

static void
a_text_is_refused_at_the_first_byte_that_cannot_be_mended(void)
{
	for (unsigned i = 0; i < BORDERS * BORDERS * BORDERS; i++) {
		struct utf8_end end;
		uint8_t text[4];
		size_t n;

		make(text, i);
		n = taken(span_of(text, 3), &end);
		for (size_t k = 1; k <= 3; k++)
			if ((k <= n) != can_be_completed(span_of(text, k)))
				CHECK(!"refused neither too early nor too late");
	}
}

static void
long_pieces_cut_within_a_character_are_taken(void)
{
	static const char text[] = "plain ASCII, more than eight bytes of it; \xce\xba\xe1\xbd\xb9\xcf\x83"
	    "\xce\xbc\xce\xb5 \xf0\x9f\x90\xa3 and \xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf to the end";

	for (size_t cut = 0; cut <= sizeof(text) - 1; cut++) {
		struct utf8_end end = { .n = 0 };

		CHECK(utf8_take(&end, span_of(text, cut)));
		CHECK(utf8_take(&end, SPAN("")));
		CHECK(utf8_take(&end, span_of(text + cut, sizeof(text) - 1 - cut)));
		CHECK(end.n == 0);
	}
}

static void
a_cut_character_is_remembered_as_the_end(void)
{
	struct utf8_end end = { .n = 0 };

	CHECK(utf8_take(&end, SPAN("price: \xe2\x82")));
	CHECK(end.n == 2);
	CHECK(utf8_take(&end, SPAN("\xac 5")));
	CHECK(end.n == 0);
}

static void
controls_are_what_steers_a_terminal_or_turns_a_line_round(void)
{
	static const char *const controls[] = {
		"\x1f", "\x7f", "\xc2\x80", "\xc2\x9f", "\xd8\x9c", "\xe2\x80\x8e", "\xe2\x80\x8f",
		"\xe2\x80\xa8", "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x81\xa9",
	};
	static const char *const others[] = {
		" ", "~", "\xc2\xa0", "\xd8\x9b", "\xd8\x9d", "\xe2\x80\x8d", "\xe2\x80\x90", "\xe2\x80\xa7",
		"\xe2\x80\xaf", "\xe2\x81\xa5", "\xe2\x81\xaa", "\xe2\x82\xac", "\xf0\x9f\x8c\xb2",
	};

	for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++)
		CHECK(utf8_is_control((const uint8_t *)controls[i]));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		CHECK(!utf8_is_control((const uint8_t *)others[i]));
}

int
main(void)
{
	RUN(a_text_in_pieces_is_judged_as_in_one);
	RUN(a_text_is_refused_at_the_first_byte_that_cannot_be_mended);
	RUN(long_pieces_cut_within_a_character_are_taken);
	RUN(a_cut_character_is_remembered_as_the_end);
	RUN(controls_are_what_steers_a_terminal_or_turns_a_line_round);
	return unit_end();
}

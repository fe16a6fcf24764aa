/* lib/bus/sp/sp_frame: the wire of SP, byte by byte. */
#include "unit.h"

#include "bus/sp/sp_frame.h"

static void
a_greeting_names_the_protocol(void)
{
	uint8_t g[SP_GREETING];

	sp_frame_greet(g, SP_PUB);
	CHECK(memcmp(g, "\0SP\0\0\x20\0\0", SP_GREETING) == 0);
	CHECK(sp_frame_greets(g, SP_PUB) && !sp_frame_greets(g, SP_SUB));
}

static void
a_greeting_with_any_byte_changed_is_refused(void)
{
	uint8_t g[SP_GREETING];

	for (int i = 0; i < SP_GREETING; i++) {
		sp_frame_greet(g, SP_REP);
		g[i] ^= 1;
		CHECK(!sp_frame_greets(g, SP_REP));
	}
}

static void
protocols_belong_together_in_pairs(void)
{
	static const enum sp_protocol pairs[][2] = { { SP_PUB, SP_SUB }, { SP_REQ, SP_REP }, { SP_PUSH, SP_PULL } };

	for (size_t i = 0; i < 3; i++) {
		CHECK(sp_frame_peer(pairs[i][0]) == pairs[i][1]);
		CHECK(sp_frame_peer(pairs[i][1]) == pairs[i][0]);
	}
}

static void
a_message_is_whole_only_with_its_last_byte(void)
{
	static const uint8_t wire[] = "\1\0\0\0\0\0\0\0\3abc";
	struct span message;
	size_t frame;

	for (size_t tcp = 0; tcp < 2; tcp++) {
		struct span bytes = span_of(wire + tcp, sizeof(wire) - 1 - tcp);
		size_t head = SP_HEAD - tcp;

		for (size_t n = 0; n < bytes.n; n++) {
			CHECK(sp_frame_next(span_of(bytes.p, n), tcp, 3, &message, &frame) == SP_PART);
			CHECK(frame == (n < head ? 0 : head + 3));
		}
		CHECK(sp_frame_next(bytes, tcp, 3, &message, &frame) == SP_MESSAGE);
		CHECK(frame == bytes.n);
		CHECK_TEXT(message, "abc");
		CHECK(sp_frame_next(bytes, tcp, 2, &message, &frame) == SP_BROKEN);
	}
}

static void
a_head_reads_back_as_it_was_written(void)
{
	static const size_t lengths[] = { 0, 1, 255, 256, 65536, 16777216, (size_t)1 << 31, (size_t)1 << 32 };
	uint8_t head[SP_HEAD];
	struct span message;
	size_t frame;

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		sp_frame_head(head, lengths[i]);
		sp_frame_next(span_of(head, SP_HEAD), false, SIZE_MAX - SP_HEAD, &message, &frame);
		CHECK(frame == SP_HEAD + lengths[i]);
		sp_frame_next(span_of(head + 1, SP_LENGTH), true, SIZE_MAX - SP_HEAD, &message, &frame);
		CHECK(frame == SP_LENGTH + lengths[i]);
	}
}

static void
an_empty_message_is_a_message(void)
{
	struct span message;
	size_t frame;

	CHECK(sp_frame_next(SPAN("\1\0\0\0\0\0\0\0\0"), false, 0, &message, &frame) == SP_MESSAGE);
	CHECK(message.n == 0 && frame == SP_HEAD);
	CHECK(sp_frame_next(SPAN("\0\0\0\0\0\0\0\0"), true, 0, &message, &frame) == SP_MESSAGE);
	CHECK(message.n == 0 && frame == SP_LENGTH);
}

static void
a_huge_length_or_a_wrong_first_byte_is_broken(void)
{
	struct span message;
	size_t frame;

	CHECK(sp_frame_next(SPAN("\1\xff\xff\xff\xff\xff\xff\xff\xff"), false, 1 << 24, &message, &frame) ==
	    SP_BROKEN);
	CHECK(sp_frame_next(SPAN("\x80\0\0\0\0\0\0\1"), true, 1 << 24, &message, &frame) == SP_BROKEN);
	CHECK(sp_frame_next(SPAN("\2"), false, 1 << 24, &message, &frame) == SP_BROKEN);
	CHECK(sp_frame_next(SPAN("\0"), false, 1 << 24, &message, &frame) == SP_BROKEN);
	CHECK(sp_frame_next(SPAN(""), false, 1 << 24, &message, &frame) == SP_PART);
}

static void
a_route_ends_with_the_word_whose_highest_bit_is_set(void)
{
	CHECK(sp_frame_route(SPAN("\x80\0\0\1latest")) == 4);
	CHECK(sp_frame_route(SPAN("\0\0\0\7\x80\0\0\1latest")) == 8);
	CHECK(sp_frame_route(SPAN("\xff\xff\xff\xff")) == 4);
	CHECK(sp_frame_route(SPAN("")) == 0);
	CHECK(sp_frame_route(SPAN("\x80\0\0")) == 0);
	CHECK(sp_frame_route(SPAN("latest")) == 0);
}

static void
a_route_has_eight_words_at_most(void)
{
	uint8_t m[40] = { 0 };

	m[28] = 0x80;
	CHECK(sp_frame_route(span_of(m, sizeof(m))) == 32);
	m[28] = 0;
	m[32] = 0x80;
	CHECK(sp_frame_route(span_of(m, sizeof(m))) == 0);
}

int
main(void)
{
	RUN(a_greeting_names_the_protocol);
	RUN(a_greeting_with_any_byte_changed_is_refused);
	RUN(protocols_belong_together_in_pairs);
	RUN(a_message_is_whole_only_with_its_last_byte);
	RUN(a_head_reads_back_as_it_was_written);
	RUN(an_empty_message_is_a_message);
	RUN(a_huge_length_or_a_wrong_first_byte_is_broken);
	RUN(a_route_ends_with_the_word_whose_highest_bit_is_set);
	RUN(a_route_has_eight_words_at_most);
	return unit_end();
}

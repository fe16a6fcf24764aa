/* lib/base/ring: frames and places, and the records that overwritten frames stood for. */
#include "unit.h"

#include <stdlib.h>

#include "base/ring.h"

static bool
put(struct ring *r, const char *text, uint64_t records)
{
	struct span part = span_str(text);

	return ring_put(r, &part, 1, records);
}

static void
a_frame_of_several_parts_is_read_as_one(void)
{
	const struct span parts[] = { SPAN("head"), SPAN(""), SPAN("body") };
	struct ring r;

	ring_init(&r, 16);
	CHECK(ring_put(&r, parts, 3, 1));
	CHECK_TEXT(ring_get(&r, 0, 100), "headbody");
	CHECK_TEXT(ring_get(&r, 4, 2), "bo");
	CHECK(ring_get(&r, 8, 100).n == 0);
	ring_free(&r);
}

static void
the_oldest_frames_go_whole_to_make_room(void)
{
	struct ring r;

	ring_init(&r, 10);
	CHECK(put(&r, "aaaa", 1) && put(&r, "bbbb", 1));
	CHECK(r.tail == 0 && r.head == 8);
	CHECK(ring_tail_after(&r, 2) == 0);
	CHECK(ring_tail_after(&r, 3) == 4);
	CHECK(ring_tail_after(&r, 10) == 8);
	CHECK(put(&r, "ccc", 1));
	CHECK(r.tail == 4 && r.head == 11);
	ring_free(&r);
}

static void
a_frame_over_the_end_is_got_in_two_pieces(void)
{
	struct ring r;

	ring_init(&r, 10);
	CHECK(put(&r, "aaaaaa", 1) && put(&r, "bcdefg", 1));
	CHECK(r.tail == 6);
	CHECK_TEXT(ring_get(&r, 6, 100), "bcde");
	CHECK_TEXT(ring_get(&r, 10, 100), "fg");
	ring_free(&r);
}

static void
a_reader_begins_only_at_a_frame_that_starts(void)
{
	const struct span part = SPAN("aaaa");
	struct ring r;

	ring_init(&r, 100);
	CHECK(put(&r, "1111", 1) && ring_append(&r, &part, 1, 1) && ring_append(&r, &part, 1, 1));
	CHECK(ring_start(&r, 0) == 0);
	CHECK(ring_start(&r, 1) == 12 && ring_start(&r, 4) == 12);
	CHECK(put(&r, "2222", 1));
	CHECK(ring_start(&r, 4) == 12 && ring_start(&r, 13) == 16);
	ring_free(&r);
}

static void
a_ring_that_grows_keeps_its_frames_and_their_places(void)
{
	struct ring r;

	ring_init(&r, 10);
	CHECK(put(&r, "aaaaaa", 1) && put(&r, "bcdefg", 1) && put(&r, "hij", 1));
	CHECK(r.tail == 6 && r.head == 15);
	ring_resize(&r, 32);
	CHECK_TEXT(ring_get(&r, 6, 100), "bcdefghij");
	CHECK(put(&r, "0123456789", 1) && r.tail == 6 && r.head == 25);
	CHECK_TEXT(ring_get(&r, ring_place(&r, r.next - 1), 100), "0123456789");
	CHECK(ring_records(&r, 15) == 3 && ring_boundary(&r, 7) == 12);
	CHECK(ring_frame(&r, 6) == 6 && ring_frame(&r, 11) == 6 && ring_frame(&r, 14) == 12);
	ring_free(&r);
}

static void
a_ring_that_shrinks_keeps_its_newest_frames(void)
{
	struct ring r;

	ring_init(&r, 100);
	CHECK(put(&r, "aaaaaa", 1) && put(&r, "bcdefg", 1) && put(&r, "hij", 1));
	ring_resize(&r, 10);
	CHECK(r.tail == 6 && r.head == 15);
	CHECK_TEXT(ring_get(&r, 6, 100), "bcde");
	CHECK_TEXT(ring_get(&r, 10, 100), "fghij");
	CHECK(ring_records(&r, 12) == 2 && ring_records(&r, 15) == 3);
	ring_free(&r);
}

static void
a_frame_larger_than_the_ring_changes_nothing(void)
{
	struct ring r;

	ring_init(&r, 4);
	CHECK(put(&r, "aa", 1));
	CHECK(!put(&r, "bbbbb", 1));
	CHECK(r.tail == 0 && r.head == 2 && r.records == 1);
	CHECK(put(&r, "cccc", 1));
	CHECK_TEXT(ring_get(&r, 2, 2), "cc");
	ring_free(&r);
}

static void
a_place_inside_a_frame_has_its_end_as_boundary(void)
{
	struct ring r;

	ring_init(&r, 100);
	CHECK(put(&r, "aaaa", 1) && put(&r, "bb", 0) && put(&r, "cccc", 7));
	CHECK(ring_boundary(&r, 0) == 0);
	CHECK(ring_boundary(&r, 1) == 4);
	CHECK(ring_boundary(&r, 4) == 4);
	CHECK(ring_boundary(&r, 5) == 6);
	CHECK(ring_boundary(&r, 7) == 10);
	CHECK(ring_boundary(&r, 10) == 10);
	CHECK(ring_records(&r, 0) == 0);
	CHECK(ring_records(&r, 4) == 1);
	CHECK(ring_records(&r, 6) == 1);
	CHECK(ring_records(&r, 10) == 8);
	ring_free(&r);
}

/* Compares the ring with a plain array that keeps all frames. */
static void
any_mix_of_frames_keeps_places_bytes_and_counts_right(void)
{
	enum { FRAMES = 20000, SIZE = 1000 };
	static uint64_t start[FRAMES + 1], before[FRAMES + 1];
	static uint8_t bytes[FRAMES * 40];
	struct span part;
	struct ring r;
	unsigned seed = 7, bad = 0;
	size_t n = 0, i, first;

	ring_init(&r, SIZE);
	for (i = 0; i < FRAMES; i++) {
		size_t len = 1 + (size_t)rand_r(&seed) % (i < 5000 ? 2 : 40);
		uint64_t records = (uint64_t)rand_r(&seed) % 3;

		for (size_t k = 0; k < len; k++)
			bytes[n + k] = (uint8_t)rand_r(&seed);
		part = span_of(bytes + n, len);
		start[i] = n;
		before[i + 1] = before[i] + records;
		n += len;
		ring_put(&r, &part, 1, records);
		start[i + 1] = n;
		for (first = i; first > 0 && n - start[first - 1] <= SIZE; first--)
			;
		bad += r.tail != start[first] || r.head != n;
		for (uint64_t at = r.tail; at < r.head;) {
			struct span got = ring_get(&r, at, SIZE);

			bad += memcmp(got.p, bytes + at, got.n) != 0;
			at += got.n;
		}
		first += (i - first) / 2;
		bad += ring_boundary(&r, start[first] + 1) != start[first + 1];
		bad += ring_records(&r, start[first]) != before[first];
	}
	CHECK(bad == 0);
	ring_free(&r);
}

int
main(void)
{
	RUN(a_frame_of_several_parts_is_read_as_one);
	RUN(the_oldest_frames_go_whole_to_make_room);
	RUN(a_frame_over_the_end_is_got_in_two_pieces);
	RUN(a_reader_begins_only_at_a_frame_that_starts);
	RUN(a_ring_that_grows_keeps_its_frames_and_their_places);
	RUN(a_ring_that_shrinks_keeps_its_newest_frames);
	RUN(a_frame_larger_than_the_ring_changes_nothing);
	RUN(a_place_inside_a_frame_has_its_end_as_boundary);
	RUN(any_mix_of_frames_keeps_places_bytes_and_counts_right);
	return unit_end();
}

/* lib/enc/inflate, by way of lib/enc/gz: streams whole, cut and damaged, beside zlib. */
#include "unit.h"

#include "beside.h"

enum { MOST_PACKED = 1 << 20, MOST_CONTENT = 200000 };

static const enum gz_form forms[] = { GZ_GZIP, GZ_ZLIB, GZ_DEFLATE };

/* Returns the next number of a series that is always the same. */
static uint32_t
next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33);
}

/* Fills content with runs of one byte, of bytes that stood before, and of bytes without an order. */
static void
content_make(struct buf *content, size_t n, uint64_t *seed)
{
	while (content->n < n) {
		uint32_t kind = next(seed) % 3, run = 1 + next(seed) % 600;
		uint8_t byte = (uint8_t)next(seed);
		size_t from = content->n > 0 ? next(seed) % content->n : 0;

		for (uint32_t i = 0; i < run; i++)
			if (kind == 2 && content->n > 0)
				buf_putc(content, (char)content->p[from + i]);
			else
				buf_putc(content, (char)(kind == 0 ? byte : next(seed)));
	}
}

/* Packs content, in one of the ways that zlib knows. */
static void
pack(enum gz_form form, struct span content, struct buf *packed, uint64_t *seed)
{
	static const int window[] = { [GZ_GZIP] = 31, [GZ_ZLIB] = 15, [GZ_DEFLATE] = -15 };
	static const int strategy[] = { Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE };
	z_stream z = { .next_in = NULL };

	CHECK(deflateInit2(&z, (int)(next(seed) % 10), Z_DEFLATED, window[form], 8,
	    strategy[next(seed) % 4]) == Z_OK);
	z.next_in = (Bytef *)(uintptr_t)content.p;
	z.avail_in = (uInt)content.n;
	z.next_out = buf_reserve(packed, MOST_PACKED);
	z.avail_out = MOST_PACKED;
	CHECK(deflate(&z, Z_FINISH) == Z_STREAM_END);
	buf_commit(packed, MOST_PACKED - z.avail_out);
	deflateEnd(&z);
}

/* Checks that in, in pieces of step bytes, is read as zlib reads it. Returns the state. */
static enum gz_state
check_alike(enum gz_form form, struct span in, size_t step, size_t most)
{
	struct buf theirs, ours;
	struct beside_says says;
	enum gz_state state;
	const char *why;

	buf_init(&theirs);
	buf_init(&ours);
	says = beside_inflate(form, in, step, most, &theirs);
	state = beside_ours(form, in, step, most, &ours);
	why = beside_differs(says, state, buf_span(&theirs), buf_span(&ours));
	if (why != NULL)
		printf("# %s: form %d, step %zu: zlib says %d of %zu bytes, we %d of %zu\n", why, (int)form, step,
		    (int)says.state, theirs.n, (int)state, ours.n);
	CHECK(why == NULL);
	buf_free(&theirs);
	buf_free(&ours);
	return state;
}

static void
what_zlib_packs_is_unpacked_as_zlib_does_it(void)
{
	uint64_t seed = 1;
	struct buf content, packed;

	buf_init(&content);
	buf_init(&packed);
	for (unsigned i = 0; i < 150; i++) {
		enum gz_form form = forms[i % 3];
		size_t step = i % 5 == 0 ? 1 + next(&seed) % 40 : 1 + next(&seed) % 70000;

		buf_reset(&content);
		buf_reset(&packed);
		content_make(&content, next(&seed) % MOST_CONTENT >> i % 10, &seed);
		pack(form, buf_span(&content), &packed, &seed);
		CHECK(check_alike(form, buf_span(&packed), step, MOST_PACKED) == GZ_WHOLE);
		CHECK(check_alike(form, buf_span(&packed), step, content.n) == GZ_WHOLE);
		CHECK(content.n == 0 ||
		    check_alike(form, buf_span(&packed), step, content.n - 1) == GZ_TOO_LONG);
	}
	buf_free(&content);
	buf_free(&packed);
}

static void
what_is_cut_or_damaged_is_unpacked_as_zlib_does_it(void)
{
	uint64_t seed = 2;
	struct buf content, packed;
	unsigned damaged = 0, open = 0;

	buf_init(&content);
	buf_init(&packed);
	for (unsigned i = 0; i < 6000; i++) {
		enum gz_form form = forms[i % 3];
		enum gz_state state;
		struct span in;

		buf_reset(&content);
		buf_reset(&packed);
		content_make(&content, 1 + next(&seed) % 3000, &seed);
		pack(form, buf_span(&content), &packed, &seed);
		if (i % 4 != 0)
			packed.p[next(&seed) % (i % 2 ? 80 < packed.n ? 80 : packed.n : packed.n)] ^=
			    (uint8_t)(1 << next(&seed) % 8);
		in = buf_span(&packed);
		if (i % 4 == 0 || i % 7 == 0)
			in.n = next(&seed) % in.n;
		state = check_alike(form, in, i % 8 == 1 ? 1 : SIZE_MAX, MOST_PACKED);
		damaged += state == GZ_DAMAGED;
		open += state == GZ_OPEN;
	}
	CHECK(damaged > 1000 && open > 1000);
	buf_free(&content);
	buf_free(&packed);
}

/* A head with all that RFC 1952 section 2.3.1 lets it have, around "Hello". */
#define FULL_HEAD "\x1f\x8b\x08\x1f\0\0\0\0\0\x03" "\x03\0abc" "name\0" "comment\0"
#define FULL_REST "\xf3\x48\xcd\xc9\xc9\x07\0" "\x82\x89\xd1\xf7" "\x05\0\0\0"

static void
a_head_of_gzip_is_read_with_all_its_fields_and_its_checksum(void)
{
	uint8_t all[sizeof(FULL_HEAD) - 1 + 2 + sizeof(FULL_REST) - 1];
	size_t n = sizeof(FULL_HEAD) - 1;
	uint32_t crc = (uint32_t)crc32(0, (const Bytef *)FULL_HEAD, (uInt)n);
	enum gz_state state;

	memcpy(all, FULL_HEAD, n);
	all[n] = (uint8_t)crc;
	all[n + 1] = (uint8_t)(crc >> 8);
	memcpy(all + n + 2, FULL_REST, sizeof(FULL_REST) - 1);
	for (size_t step = 1; step <= sizeof(all); step++)
		CHECK(check_alike(GZ_GZIP, span_of(all, sizeof(all)), step, 100) == GZ_WHOLE);
	for (size_t i = 0; i < sizeof(all); i++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			all[i] ^= (uint8_t)(1 << bit);
			state = check_alike(GZ_GZIP, span_of(all, sizeof(all)), 1, 100);
			CHECK(i == sizeof(all) - 9 || state != GZ_WHOLE);	/* that one fills a byte up */
			all[i] ^= (uint8_t)(1 << bit);
		}
	}
}

int
main(void)
{
	RUN(what_zlib_packs_is_unpacked_as_zlib_does_it);
	RUN(what_is_cut_or_damaged_is_unpacked_as_zlib_does_it);
	RUN(a_head_of_gzip_is_read_with_all_its_fields_and_its_checksum);
	return unit_end();
}

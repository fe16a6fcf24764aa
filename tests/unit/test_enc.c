/* lib/enc: base64, blocks, JSON read and written, hashes, and the cursor over TLS structures. */
#include "unit.h"

#include "base/utf8.h"
#include "enc/b64.h"
#include "enc/b64_avx2.h"
#include "enc/b64_avx512.h"
#include "enc/block.h"
#include "enc/hash_many.h"
#include "enc/json.h"
#include "enc/json_put.h"
#include "enc/rd.h"

#include <stdlib.h>

static void
base64_encodes_the_vectors_of_rfc_4648(void)
{
	static const char *const plain[] = { "", "f", "fo", "foo", "foob", "fooba", "foobar" };
	static const char *const text[] = { "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=",
		"Zm9vYmFy" };
	struct buf b;

	buf_init(&b);
	for (int i = 0; i < 7; i++) {
		buf_reset(&b);
		b64_put(&b, span_str(plain[i]));
		CHECK_TEXT(buf_span(&b), text[i]);
		buf_reset(&b);
		CHECK(b64_put_decoded(&b, span_str(text[i])));
		CHECK_TEXT(buf_span(&b), plain[i]);
	}
	buf_free(&b);
}

static void
base64_for_urls_differs_in_two_characters(void)
{
	struct buf b;

	buf_init(&b);
	b64_put_url(&b, SPAN(""));
	CHECK(b.n == 0);
	b64_put(&b, SPAN("\xfb\xff"));
	b64_put_url(&b, SPAN("\xfb\xff\xfe"));
	CHECK_TEXT(buf_span(&b), "+/8=-__-");
	buf_free(&b);
}

static void
malformed_base64_is_refused(void)
{
	static const char *const bad[] = { "Z", "Zg", "Zg=", "Zg==Zg==", "Z===", "====", "Zm9v\n",
		"Zm-_", "Zm 9", "=m9v", "Z=9v", "Zm\xc3\xa9" };
	uint8_t out[16];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(b64_take(out, span_str(bad[i])) == -1);
}

static const char alphabet[64] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void
base64_decodes_in_place_every_byte_value(void)
{
	uint8_t bytes[256], text[344];

	for (int i = 0; i < 256; i++)
		bytes[i] = (uint8_t)(255 - i);
	b64_write_plain(text, span_of(bytes, 256), alphabet);
	CHECK(b64_take(text, span_of(text, 344)) == 256);
	CHECK(memcmp(text, bytes, 256) == 0);
}

#ifdef B64_HAS_AVX2

/* Bytes of text that one of the wide decoders takes from its front, and the plain one alike. */
static bool
front_agrees(size_t taken, const uint8_t *wide, const uint8_t *text)
{
	static uint8_t plain[1024];
	ptrdiff_t n = b64_take_plain(plain, span_of(text, taken));

	return n == (ptrdiff_t)(taken / 4 * 3) && memcmp(wide, plain, (size_t)n) == 0;
}

#endif

/* Decodes text in all ways there are and compares. */
static bool
wide_and_plain_agree(const uint8_t *text, size_t n)
{
	static uint8_t wide[1024], plain[1024], value[128];
	ptrdiff_t a = b64_take(wide, span_of(text, n)), b = b64_take_plain(plain, span_of(text, n));
	bool agree = a == b && (a < 0 || memcmp(wide, plain, (size_t)a) == 0);

	memset(value, 0x80, sizeof(value));
	for (uint8_t i = 0; i < 64; i++)
		value[(uint8_t)alphabet[i]] = i;
#ifdef B64_HAS_AVX2
	if (__builtin_cpu_supports("avx2"))
		agree &= front_agrees(b64_avx2_take(wide, span_of(text, n)), wide, text);
#endif
#ifdef B64_HAS_AVX512
	if (__builtin_cpu_supports("avx512vbmi"))
		agree &= front_agrees(b64_avx512_take(wide, span_of(text, n), value), wide, text);
#endif
	return agree;
}

/* Encodes bytes in all ways there are and compares. */
static bool
wide_and_plain_write_alike(const uint8_t *bytes, size_t n)
{
	static uint8_t wide[1024], plain[1024];
	struct buf chosen;
	bool agree;

	buf_init(&chosen);
	b64_write_plain(plain, span_of(bytes, n), alphabet);
	b64_put(&chosen, span_of(bytes, n));
	agree = span_eq(buf_span(&chosen), span_of(plain, b64_encoded(n)));
	buf_free(&chosen);
	memset(wide, 0, sizeof(wide));
#ifdef B64_HAS_AVX2
	if (__builtin_cpu_supports("avx2"))
		agree &= memcmp(wide, plain,
		    b64_avx2_write(wide, span_of(bytes, n), alphabet) / 3 * 4) == 0;
#endif
#ifdef B64_HAS_AVX512
	if (__builtin_cpu_supports("avx512vbmi"))
		agree &= memcmp(wide, plain,
		    b64_avx512_write(wide, span_of(bytes, n), alphabet) / 3 * 4) == 0;
#endif
	return agree;
}

static void
wide_base64_agrees_with_the_plain_one(void)
{
	static uint8_t bytes[600], text[800];
	uint32_t x = 1;
	int bad = 0;

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)((x = x * 1664525 + 1013904223) >> 24);
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		b64_write_plain(text, span_of(bytes, n), alphabet);
		bad += !wide_and_plain_agree(text, b64_encoded(n));
		bad += !wide_and_plain_write_alike(bytes, n);
	}
	CHECK(bad == 0);
	for (size_t at = 0; at < 128; at++) {	/* every byte value at every place of a block */
		uint8_t was = text[at];

		for (int c = 0; c < 256; c++) {
			text[at] = (uint8_t)c;
			bad += !wide_and_plain_agree(text, sizeof(text));
		}
		text[at] = was;
	}
	CHECK(bad == 0);
}

static void
a_block_and_its_part_find_the_same_mark_in_every_place(void)
{
	static const uint8_t marks[] = { '"', '\\', 0x00, 0x1f, 0x80, 0xff };
	uint8_t text[BLOCK];
	int bad = 0;

	for (size_t n = 0; n <= BLOCK; n++) {
		for (size_t at = 0; at < n; at++) {
			for (size_t i = 0; i < sizeof(marks); i++) {
				memset(text, 'a', sizeof(text));
				text[at] = marks[i];
				block v = block_marks_or_high(n < BLOCK ? block_of_part(text, n) : block_of(text));
				bad += block_first(block_bits(v)) != at || block_bits(v) != block_bits_plain(v);
			}
		}
	}
	CHECK(bad == 0);
}

static void
hashes_agree_with_the_vectors_of_fips_180(void)
{
	struct hash *h = hash_open();
	uint8_t d[HASH_SHA256];
	struct span parts[2] = { SPAN("a"), SPAN("bc") };

	hash_sha1(h, SPAN("abc"), d);
	CHECK(memcmp(d, "\xa9\x99\x3e\x36\x47\x06\x81\x6a\xba\x3e", 10) == 0);
	hash_sha256(h, SPAN("abc"), d);
	CHECK(memcmp(d, "\xba\x78\x16\xbf\x8f\x01\xcf\xea\x41\x41", 10) == 0);
	memset(d, 0, sizeof(d));
	hash_sha256_parts(h, parts, 2, d);
	CHECK(memcmp(d, "\xba\x78\x16\xbf\x8f\x01\xcf\xea\x41\x41", 10) == 0);
	hash_free(h);
}

/* Digests of n texts at once that are not those of each alone; in memory of just their length. */
static int
digests_that_differ(struct hash_many *m, struct hash *h, unsigned n, size_t shortest, size_t step)
{
	struct span text[HASH_MANY] = { 0 };
	struct hash_pair together[HASH_MANY], first[HASH_MANY], second[HASH_MANY], alone;
	int bad = 0;

	for (unsigned i = 0; i < n; i++) {
		uint8_t *p = malloc(shortest + i * step);

		CHECK(p != NULL || shortest + i * step == 0);
		for (size_t k = 0; k < shortest + i * step; k++)
			p[k] = (uint8_t)(k * 7 + i);
		text[i] = span_of(p, shortest + i * step);
	}
	hash_many(m, text, n, HASH_BOTH, together);
	hash_many(m, text, n, HASH_ONLY_SHA1, first);
	hash_many(m, text, n, HASH_ONLY_SHA256, second);
	for (unsigned i = 0; i < n; i++) {
		hash_pair(h, text[i], HASH_BOTH, &alone);
		bad += memcmp(&alone, &together[i], sizeof(alone)) != 0;
		bad += memcmp(alone.sha1, first[i].sha1, HASH_SHA1) != 0;
		bad += memcmp(alone.sha256, second[i].sha256, HASH_SHA256) != 0;
		free((void *)text[i].p);
	}
	return bad;
}

static void
digests_of_many_at_once_are_those_of_each_alone(void)
{
	struct hash *h = hash_open();
	struct hash_many *m = hash_many_open(h);

	for (unsigned n = 0; n <= HASH_MANY; n++)
		CHECK(digests_that_differ(m, h, n, n, 1) == 0);
	CHECK(digests_that_differ(m, h, HASH_MANY, 0, 0) == 0);
	CHECK(digests_that_differ(m, h, HASH_MANY, 1300, 1) == 0);
	CHECK(digests_that_differ(m, h, HASH_MANY, 3, 131) == 0);	/* some too long for a lane */
	CHECK(digests_that_differ(m, h, 16, 100000, 1) == 0);
	hash_many_free(m);
	hash_free(h);
}

static void
a_tls_reader_moves_only_on_success(void)
{
	struct rd r = rd_of(SPAN("\x00\x02hi\x00\x05x"));
	struct span s;
	uint64_t v;

	CHECK(rd_opaque(&r, 2, &s));
	CHECK_TEXT(s, "hi");
	CHECK(!rd_opaque(&r, 2, &s) && rd_left(&r) == 3);
	CHECK(rd_uint(&r, 3, &v) && v == 0x000578 && rd_done(&r));
	CHECK(!rd_uint(&r, 1, &v));
}

static void
the_reader_walks_nested_values_in_any_layout(void)
{
	struct json j;
	struct json_str key, s;
	struct span all;
	uint64_t n = 0;
	int items = 0;

	json_init(&j, SPAN(" {\"a\" : 7 ,\n\"b\":[1,{\"x\":[]},\"]}\"],\"c\":\"q\\\"q\" , \"d\":{} } "));
	CHECK(json_enter(&j));
	CHECK(json_key(&j, &key) && json_is(key, "a") && json_u64(&j, &n) && n == 7);
	CHECK(json_key(&j, &key) && json_is(key, "b") && json_enter(&j));
	while (json_item(&j) && json_skip(&j, &all))
		items++;
	CHECK(items == 3);
	CHECK_TEXT(all, "\"]}\"");
	CHECK(json_key(&j, &key) && json_take_string(&j, &s) && s.escaped);
	CHECK_TEXT(s.raw, "q\\\"q");
	CHECK(json_key(&j, &key) && json_skip(&j, &all));
	CHECK_TEXT(all, "{}");
	CHECK(!json_key(&j, &key) && json_done(&j));
}

static bool
reads_whole(struct span text)
{
	struct json j;

	json_init(&j, text);
	return json_skip(&j, NULL) && json_done(&j);
}

static void
the_reader_accepts_what_rfc_8259_allows(void)
{
	static const char *const good[] = { "{}", "[]", "[[],{}]", "\"\"", "-0.5e+10", "0", "[1 , 2]",
		"\"\\u0000\\n\"", "true", "{\"a\":{\"b\":[null,false]}}" };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		CHECK(reads_whole(span_str(good[i])));
}

static void
the_reader_refuses_broken_json_with_a_reason(void)
{
	static const char *const bad[] = { "", "{", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "[1 2]", "\"abc",
		"\"a\\", "01", "1.", "1e", "-", "nul", "{1:2}", "[}", "\"a\tb\"", "{}{}", "[1]]" };
	struct json j;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CHECK(!reads_whole(span_str(bad[i])));
		json_init(&j, span_str(bad[i]));
		CHECK((json_skip(&j, NULL) && j.p < j.end) || j.why != NULL);
	}
}

static void
the_reader_bounds_hostile_nesting(void)
{
	static char deep[4096];
	struct json j;

	memset(deep, '[', sizeof(deep));
	json_init(&j, span_of(deep, sizeof(deep)));
	CHECK(!json_skip(&j, NULL));
	CHECK(strstr(j.why, "nested") != NULL);
}

static void
numbers_above_64_bits_or_with_leading_zeros_are_refused(void)
{
	struct json j;
	uint64_t v = 0;

	json_init(&j, SPAN("18446744073709551615"));
	CHECK(json_u64(&j, &v) && v == UINT64_MAX);
	json_init(&j, SPAN("18446744073709551616"));
	CHECK(!json_u64(&j, &v));
	json_init(&j, SPAN("1.5"));
	CHECK(!json_u64(&j, &v));
	json_init(&j, SPAN("007"));
	CHECK(!json_u64(&j, &v));
	json_init(&j, SPAN("0"));
	CHECK(json_u64(&j, &v) && v == 0);
}

static void
strings_are_escaped_as_go_does(void)
{
	struct buf b;

	buf_init(&b);
	json_put(&b, SPAN("\"\\/<>&\b\f\n\r\t\x01\x1f\x7f"));
	CHECK_TEXT(buf_span(&b), "\"\\\"\\\\/<>&\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"");
	buf_reset(&b);
	json_put(&b, SPAN("\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa\xc3\xa9\xf0\x9f\x94\x92"));
	CHECK_TEXT(buf_span(&b), "\"\\u2028\\u2029\xe2\x80\xaa\xc3\xa9\xf0\x9f\x94\x92\"");
	buf_free(&b);
}

static void
each_byte_that_is_not_utf8_becomes_fffd(void)
{
	struct buf b;

	buf_init(&b);
	json_put(&b, SPAN("a\xff\xc3"));
	CHECK_TEXT(buf_span(&b), "\"a\\ufffd\\ufffd\"");
	buf_reset(&b);
	json_put(&b, SPAN("\xed\xa0\x80\xc0\xaf\xf4\x90\x80\x80"));	/* surrogate, overlong, too high */
	CHECK_TEXT(buf_span(&b), "\"\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\"");
	buf_free(&b);
}

static void
escapes_are_undone(void)
{
	struct buf b;
	struct json_str s = { SPAN("\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\ud83d\\udd12\\ud83dx"), true };

	buf_init(&b);
	CHECK(json_unescape(&b, s));
	CHECK_TEXT(buf_span(&b), "\"\\/\b\f\n\r\tA\xc3\xa9\xf0\x9f\x94\x92\xef\xbf\xbdx");
	buf_reset(&b);
	s.raw = SPAN("abc\\x");
	CHECK(!json_unescape(&b, s) && b.n == 0);
	s.raw = SPAN("abc\\u12g4");
	CHECK(!json_unescape(&b, s) && b.n == 0);
	buf_free(&b);
}

static void
a_surrogate_that_stands_alone_is_found(void)
{
	CHECK_TEXT(json_surrogate((struct json_str){ SPAN("a\\ud83d\\udd12\\n\\uDD12\\ud83d"), true }), "\\uDD12");
	CHECK_TEXT(json_surrogate((struct json_str){ SPAN("\\ud83d"), true }), "\\ud83d");
	CHECK(json_surrogate((struct json_str){ SPAN("a\\ud83d\\udd12\\\\ud83d"), true }).n == 0);
	CHECK(json_surrogate((struct json_str){ SPAN("\\ud7ff\\ue000\\ud8"), true }).n == 0);
}

int
main(void)
{
	RUN(base64_encodes_the_vectors_of_rfc_4648);
	RUN(base64_for_urls_differs_in_two_characters);
	RUN(malformed_base64_is_refused);
	RUN(base64_decodes_in_place_every_byte_value);
	RUN(wide_base64_agrees_with_the_plain_one);
	RUN(a_block_and_its_part_find_the_same_mark_in_every_place);
	RUN(hashes_agree_with_the_vectors_of_fips_180);
	RUN(digests_of_many_at_once_are_those_of_each_alone);
	RUN(a_tls_reader_moves_only_on_success);
	RUN(the_reader_walks_nested_values_in_any_layout);
	RUN(the_reader_accepts_what_rfc_8259_allows);
	RUN(the_reader_refuses_broken_json_with_a_reason);
	RUN(the_reader_bounds_hostile_nesting);
	RUN(numbers_above_64_bits_or_with_leading_zeros_are_refused);
	RUN(strings_are_escaped_as_go_does);
	RUN(each_byte_that_is_not_utf8_becomes_fffd);
	RUN(escapes_are_undone);
	RUN(a_surrogate_that_stands_alone_is_found);
	return unit_end();
}

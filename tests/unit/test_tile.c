/* ct/tile: where tiles are and what is in them. */
#include "unit.h"

#include "corpus.h"
#include "ct/tile.h"
#include "cut.h"
#include "hex.h"

static struct hash *hash;

/* A precert_entry and an x509_entry, one behind the other, as in a data tile. */
#define TIME "\0\0\x01\x9b\x71\xb4\x4c\0"
#define KEY_HASH "0123456789abcdef0123456789abcdef"
#define LEAF_INDEX "\0\0\x05\0\0\0\x01\x02"
#define ENTRY_1 TIME "\0\x01" KEY_HASH "\0\0\x03TBS" "\0\x08" LEAF_INDEX
#define PRECERT ENTRY_1 "\0\0\x04" "PREC" "\0\x40" KEY_HASH KEY_HASH
#define ENTRY_0 TIME "\0\0" "\0\0\x04" "CERT" "\0\0"
#define X509 ENTRY_0 "\0\0"

static void
check_path(int level, uint64_t n, unsigned width, const char *want)
{
	char path[MAX_TILE_PATH];

	tile_path(path, level, n, width);
	CHECK_TEXT(span_str(path), want);
}

static void
paths_are_groups_of_three_digits(void)
{
	check_path(0, 0, 256, "tile/0/000");
	check_path(0, 255, 256, "tile/0/255");
	check_path(1, 999, 256, "tile/1/999");
	check_path(2, 1000, 256, "tile/2/x001/000");
	check_path(5, 1234067, 256, "tile/5/x001/x234/067");
	check_path(TILE_DATA, 3174001, 54, "tile/data/x003/x174/001.p/54");
	check_path(TILE_DATA, 4, 205, "tile/data/004.p/205");
	check_path(0, 0, 1, "tile/0/000.p/1");
	check_path(0, 0, 255, "tile/0/000.p/255");
	check_path(TILE_DATA, UINT64_MAX, 255,
	    "tile/data/x018/x446/x744/x073/x709/x551/615.p/255");
}

static void
issuers_are_found_by_lowercase_hex(void)
{
	char path[MAX_TILE_ISSUER_PATH];
	uint8_t fp[HASH_SHA256];

	for (unsigned i = 0; i < sizeof(fp); i++)
		fp[i] = (uint8_t)(0xff - 3 * i);
	tile_issuer_path(path, fp);
	CHECK_TEXT(span_str(path), "issuer/"
	    "fffcf9f6f3f0edeae7e4e1dedbd8d5d2cfccc9c6c3c0bdbab7b4b1aeaba8a5a2");
}

static void
a_tree_size_says_which_tiles_there_are(void)
{
	CHECK(tile_full(70000, 0) == 273 && tile_partial(70000, 0) == 112);
	CHECK(tile_full(70000, TILE_DATA) == 273 && tile_partial(70000, TILE_DATA) == 112);
	CHECK(tile_full(70000, 1) == 1 && tile_partial(70000, 1) == 17);
	CHECK(tile_full(70000, 2) == 0 && tile_partial(70000, 2) == 1);
	CHECK(tile_full(70000, 3) == 0 && tile_partial(70000, 3) == 0);
	CHECK(tile_full(256, 0) == 1 && tile_partial(256, 0) == 0);
	CHECK(tile_full(0, 0) == 0 && tile_partial(0, 0) == 0);
	CHECK(tile_full(UINT64_MAX, 8) == 0 && tile_partial(UINT64_MAX, 8) == 0);
	CHECK(tile_full(UINT64_MAX, 7) == 0 && tile_partial(UINT64_MAX, 7) == 255);
}

static void
leaves_come_out_one_behind_the_other(void)
{
	struct rd r = rd_of(SPAN(PRECERT X509));
	struct tile_leaf leaf;

	CHECK(tile_next(&r, &leaf) == NULL);
	CHECK(leaf.timestamp == 1767139200000 && leaf.entry_type == 1);
	CHECK_TEXT(leaf.issuer_key_hash, KEY_HASH);
	CHECK_TEXT(leaf.certificate, "TBS");
	CHECK_TEXT(leaf.pre_certificate, "PREC");
	CHECK_TEXT(leaf.chain, KEY_HASH KEY_HASH);
	CHECK(span_eq(leaf.extensions, SPAN(LEAF_INDEX)));
	CHECK(span_eq(leaf.entry, SPAN(ENTRY_1)));
	CHECK(tile_next(&r, &leaf) == NULL);
	CHECK(leaf.entry_type == 0 && leaf.issuer_key_hash.n == 0);
	CHECK_TEXT(leaf.certificate, "CERT");
	CHECK(leaf.pre_certificate.n == 0 && leaf.chain.n == 0);
	CHECK(span_eq(leaf.entry, SPAN(ENTRY_0)));
	CHECK(rd_done(&r));
}

static void
refuse(struct span cut)
{
	struct rd r = rd_of(cut);
	struct tile_leaf leaf;

	CHECK(tile_next(&r, &leaf) != NULL);
	CHECK(r.p == cut.p);
}

static void
a_leaf_cut_anywhere_is_refused(void)
{
	cut_each(SPAN(PRECERT), refuse);
	cut_each(SPAN(X509), refuse);
}

static void
a_leaf_of_another_kind_is_refused(void)
{
	refuse(SPAN(TIME "\0\x02" "\0\0\x04" "CERT" "\0\0" "\0\0"));
	refuse(SPAN(TIME "\x01\0" "\0\0\x04" "CERT" "\0\0" "\0\0"));
	refuse(SPAN(ENTRY_0 "\0\x03" "abc"));
	refuse(SPAN(ENTRY_0 "\0\x21" KEY_HASH "x"));
}

static void
check_index(struct span extensions, const char *want)
{
	struct tile_leaf leaf = { .extensions = extensions };
	uint64_t index = 0;
	const char *why = tile_leaf_index(&leaf, &index);

	CHECK_TEXT(span_str(why != NULL ? why : "(good)"), want);
	if (why == NULL)
		CHECK(index == 258);
}

static void
the_leaf_index_is_found_among_other_extensions(void)
{
	check_index(SPAN(LEAF_INDEX), "(good)");
	check_index(SPAN("\x07\0\0" LEAF_INDEX "\x09\0\x01x"), "(good)");
	check_index(SPAN(""), "static-ct-api: leaf_index missing");
	check_index(SPAN("\x01\0\x05\0\0\0\x01\x02"), "static-ct-api: leaf_index missing");
	check_index(SPAN(LEAF_INDEX LEAF_INDEX), "static-ct-api: leaf_index twice");
	check_index(SPAN("\0\0\x04\0\0\x01\x02"), "static-ct-api: leaf_index is not 5 bytes");
	check_index(SPAN(LEAF_INDEX "\x01\0"), "static-ct-api: CTExtensions are cut");
	check_index(SPAN(LEAF_INDEX "\x01\0\x01"), "static-ct-api: CTExtensions are cut");
}

static void
leaves_are_rewritten_as_get_entries_has_them(void)
{
	const struct span issuers[] = { SPAN("ISSUER"), SPAN("ROOT") };
	struct rd r = rd_of(SPAN(PRECERT X509));
	struct tile_leaf leaf;
	struct buf b;

	buf_init(&b);
	CHECK(tile_next(&r, &leaf) == NULL);
	tile_put_leaf_input(&b, &leaf);
	CHECK(span_eq(buf_span(&b), SPAN("\0\0" ENTRY_1)));
	buf_reset(&b);
	CHECK(tile_put_extra_data(&b, &leaf, issuers, 2) == NULL);
	CHECK(span_eq(buf_span(&b), SPAN("\0\0\x04" "PREC" "\0\0\x10" "\0\0\x06" "ISSUER"
	    "\0\0\x04" "ROOT")));
	CHECK(tile_next(&r, &leaf) == NULL);
	buf_reset(&b);
	CHECK(tile_put_extra_data(&b, &leaf, NULL, 0) == NULL);
	CHECK(span_eq(buf_span(&b), SPAN("\0\0\0")));
	buf_free(&b);
}

static void
a_chain_too_long_for_its_length_is_refused(void)
{
	struct tile_leaf leaf = { .entry_type = 0 };
	struct span issuers[2];
	struct buf big, b;

	buf_init(&big);
	buf_init(&b);
	buf_reserve(&big, 1 << 24);
	memset(big.p, 'x', 1 << 24);
	issuers[0] = issuers[1] = span_of(big.p, 1 << 23);
	CHECK(tile_put_extra_data(&b, &leaf, issuers, 2) != NULL);
	CHECK(b.n == 0);
	issuers[0] = span_of(big.p, (1 << 24) - 4);
	CHECK(tile_put_extra_data(&b, &leaf, issuers, 1) == NULL);
	CHECK(b.n == 3 + (1 << 24) - 1);
	issuers[0] = span_of(big.p, 1 << 24);
	CHECK(tile_put_extra_data(&b, &leaf, issuers, 1) != NULL);
	buf_free(&big);
	buf_free(&b);
}

static void
the_leaf_hash_is_that_of_the_leaf_input(void)
{
	struct rd r = rd_of(SPAN(PRECERT));
	uint8_t got[TREE_HASH], want[TREE_HASH];
	struct tile_leaf leaf;
	struct buf b;

	buf_init(&b);
	CHECK(tile_next(&r, &leaf) == NULL);
	tile_leaf_hash(&leaf, hash, got);
	tile_put_leaf_input(&b, &leaf);
	tree_leaf_hash(hash, buf_span(&b), want);
	CHECK(memcmp(got, want, TREE_HASH) == 0);
	buf_free(&b);
}

/* Every leaf of a data tile has its hash in the tile of level 0, and its index. */
static void
check_tile(struct span data, struct span level0, uint64_t first, size_t leaves)
{
	struct rd r = rd_of(data);
	struct tile_leaf leaf;
	size_t n = 0;

	CHECK(level0.n == leaves * TREE_HASH);
	for (; n < leaves && tile_next(&r, &leaf) == NULL; n++) {
		uint8_t h[TREE_HASH];
		uint64_t index;

		tile_leaf_hash(&leaf, hash, h);
		CHECK(span_eq(span_of(h, TREE_HASH), span_of(level0.p + n * TREE_HASH, TREE_HASH)));
		CHECK(tile_leaf_index(&leaf, &index) == NULL && index == first + n);
	}
	CHECK(n == leaves && rd_done(&r));
}

static void
check_root(struct span level0, const char *root)
{
	uint8_t got[TREE_HASH];
	struct tree t;

	tree_init(&t);
	CHECK(tree_push_row(&t, hash, level0, 0));
	tree_root(&t, hash, got);
	CHECK(hex_is(span_of(got, TREE_HASH), root));
}

static void
a_real_tile_hashes_to_its_level_0_tile(void)
{
	struct buf tile, hashes;

	buf_init(&tile);
	buf_init(&hashes);
	if (!corpus_read(&tile, "static-ct/tesseract-tile/tile/data/004.p/205"))
		SKIP(NO_CORPUS);
	CHECK(corpus_read(&hashes, "static-ct/tesseract-tile/tile/0/004.p/205"));
	check_tile(buf_span(&tile), buf_span(&hashes), 1024, 205);
	check_root(buf_span(&hashes),
	    "923d67c6dbc520a0c654734c9c1429e1c1a23f55b1e56aea3b9c3a3c694a0720");
	check_root(span_of(hashes.p, TREE_HASH),
	    "f2567e9377f073d4e9797a9c7b745660c72062d917007f4cc24cff6142ea6b80");
	buf_free(&tile);
	buf_free(&hashes);
}

static void
a_full_tile_of_both_kinds_hashes_to_the_levels_above(void)
{
	struct buf tile, hashes;

	buf_init(&tile);
	buf_init(&hashes);
	if (!corpus_read(&tile, "static-ct/derived/tile/data/000"))
		SKIP(NO_CORPUS);
	CHECK(corpus_read(&hashes, "static-ct/derived/tile/0/000"));
	check_tile(buf_span(&tile), buf_span(&hashes), 0, 256);
	check_root(buf_span(&hashes),
	    "87dcbba26bd42ff51ec6a43f0a6a831c63f8f8b33a7730422738ae4de961dbd1");
	buf_free(&tile);
	buf_free(&hashes);
}

/* Reads as many leaves as there are; the reader must stay inside. */
static void
walk(struct span cut)
{
	struct rd r = rd_of(cut);
	struct tile_leaf leaf;
	size_t n = 0;

	while (!rd_done(&r) && tile_next(&r, &leaf) == NULL) {
		uint64_t index;

		CHECK(tile_leaf_index(&leaf, &index) == NULL);
		n++;
	}
	CHECK(n <= 3);
}

static void
a_real_tile_may_end_anywhere(void)
{
	struct tile_leaf leaf;
	struct buf tile;
	struct rd r;

	buf_init(&tile);
	if (!corpus_read(&tile, "static-ct/derived/tile/data/000"))
		SKIP(NO_CORPUS);
	r = rd_of(buf_span(&tile));
	for (int i = 0; i < 3; i++)
		CHECK(tile_next(&r, &leaf) == NULL);
	cut_each(span_of(tile.p, (size_t)(r.p - tile.p)), walk);
	buf_free(&tile);
}

int
main(void)
{
	hash = hash_open();
	RUN(paths_are_groups_of_three_digits);
	RUN(issuers_are_found_by_lowercase_hex);
	RUN(a_tree_size_says_which_tiles_there_are);
	RUN(leaves_come_out_one_behind_the_other);
	RUN(a_leaf_cut_anywhere_is_refused);
	RUN(a_leaf_of_another_kind_is_refused);
	RUN(the_leaf_index_is_found_among_other_extensions);
	RUN(leaves_are_rewritten_as_get_entries_has_them);
	RUN(a_chain_too_long_for_its_length_is_refused);
	RUN(the_leaf_hash_is_that_of_the_leaf_input);
	RUN(a_real_tile_hashes_to_its_level_0_tile);
	RUN(a_full_tile_of_both_kinds_hashes_to_the_levels_above);
	RUN(a_real_tile_may_end_anywhere);
	hash_free(hash);
	return unit_end();
}

/* ct/tree_row: the same hashes and ranges side by side as one by one. */
#include "unit.h"

#include <stdlib.h>

#include "ct/tree_row.h"
#include "merkle.h"

enum { LEAVES = 1300 };

static struct hash *hash;
static struct hash_many *many;
static uint8_t leaves[LEAVES][TREE_HASH];
static struct merkle all;

/* Texts of all lengths around the blocks of SHA-256, and some too long for a lane. */
static void
leaves_side_by_side_hash_as_one_by_one(void)
{
	enum { N = 150 };
	static uint8_t bytes[N * 61 + 1];
	static struct span texts[N];
	static uint8_t got[N][TREE_HASH];
	uint8_t want[TREE_HASH];

	for (size_t i = 1; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 31 >> 3);
	for (unsigned n = 0; n <= N; n++) {
		for (unsigned i = 0; i < n; i++)
			texts[i] = span_of(bytes, 1 + (size_t)i * (n < 75 ? 1 : 61));
		tree_leaf_hashes(many, texts, n, got);
		for (unsigned i = 0; i < n; i++) {
			tree_leaf_hash(hash, span_from(texts[i], 1), want);
			CHECK(memcmp(got[i], want, TREE_HASH) == 0);
		}
	}
}

static void
the_root_of_a_row_is_that_of_its_leaves(void)
{
	uint8_t got[TREE_HASH], want[TREE_HASH];

	for (unsigned height = 0; height <= TREE_ROW_HEIGHT; height++) {
		tree_row_root(many, leaves[height], height, got);
		merkle_root(&all, height, (uint64_t)1 << height, want);
		CHECK(memcmp(got, want, TREE_HASH) == 0);
	}
}

/* As they come in pages of a log, which may begin and end anywhere. */
static void
leaves_pushed_in_rows_give_the_tree_of_leaves_pushed_one_by_one(void)
{
	static const unsigned pages[] = { 1, 2, 7, 31, 32, 100, 255, 256, 257, 1000, LEAVES };
	struct tree t, want;

	for (size_t p = 0; p < sizeof(pages) / sizeof(pages[0]); p++) {
		tree_init(&t);
		tree_init(&want);
		for (unsigned at = 0, n; at < LEAVES; at += n) {
			n = LEAVES - at < pages[p] ? LEAVES - at : pages[p];
			CHECK(tree_push_leaves(&t, hash, many, span_of(leaves[at], n * TREE_HASH)));
			CHECK(tree_push_row(&want, hash, span_of(leaves[at], n * TREE_HASH), 0));
			CHECK(t.n == want.n && span_eq(tree_nodes(&t), tree_nodes(&want)));
		}
	}
}

static void
a_row_may_begin_and_end_anywhere(void)
{
	struct tree t, want;

	for (unsigned n = 0; n < 600; n += 23)
		for (unsigned at = 0; at < 530; at += 3) {
			tree_init(&t);
			CHECK(tree_push_row(&t, hash, span_of(leaves, at * TREE_HASH), 0));
			want = t;
			CHECK(tree_push_leaves(&t, hash, many, span_of(leaves[at], n * TREE_HASH)));
			CHECK(tree_push_row(&want, hash, span_of(leaves[at], n * TREE_HASH), 0));
			CHECK(t.n == want.n && span_eq(tree_nodes(&t), tree_nodes(&want)));
		}
}

static void
a_row_with_a_part_of_a_hash_is_refused(void)
{
	struct tree t;

	tree_init(&t);
	CHECK(!tree_push_leaves(&t, hash, many, span_of(leaves, 2 * TREE_HASH + 31)));
	CHECK(!tree_push_leaves(&t, hash, many, span_of(leaves, 1)));
	CHECK(tree_push_leaves(&t, hash, many, SPAN("")));
}

static void
a_full_tree_takes_no_row(void)
{
	struct tree t;

	tree_init(&t);		/* becomes one leaf short of full */
	for (unsigned height = 63; height-- > 1; )
		CHECK(tree_push(&t, hash, leaves[0], height));
	CHECK(!tree_push_leaves(&t, hash, many, span_of(leaves, 300 * TREE_HASH)));
	CHECK(tree_push_leaves(&t, hash, many, span_of(leaves, TREE_HASH)) && t.n == MAX_TREE_SIZE);
	CHECK(!tree_push_leaves(&t, hash, many, span_of(leaves, TREE_HASH)));
}

int
main(void)
{
	hash = hash_open();
	many = hash_many_open(hash);
	all = (struct merkle){ hash, leaves };
	merkle_make_leaves(&all, LEAVES);
	RUN(leaves_side_by_side_hash_as_one_by_one);
	RUN(the_root_of_a_row_is_that_of_its_leaves);
	RUN(leaves_pushed_in_rows_give_the_tree_of_leaves_pushed_one_by_one);
	RUN(a_row_may_begin_and_end_anywhere);
	RUN(a_row_with_a_part_of_a_hash_is_refused);
	RUN(a_full_tree_takes_no_row);
	hash_many_free(many);
	hash_free(hash);
	return unit_end();
}

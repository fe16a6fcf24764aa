/* ct/tree_proof: the compact range that a consistency proof holds. */
#include "unit.h"

#include "ct/tree_proof.h"
#include "merkle.h"

enum { LEAVES = 200 };

static struct hash *hash;
static uint8_t leaves[LEAVES][TREE_HASH];
static struct merkle all;
static struct tree trees[LEAVES];	/* built leaf by leaf; trees[n] has n leaves */

static void
make_trees(void)
{
	merkle_make_leaves(&all, LEAVES);
	tree_init(&trees[0]);
	for (unsigned n = 1; n < LEAVES; n++) {
		trees[n] = trees[n - 1];
		CHECK(tree_push(&trees[n], hash, leaves[n - 1], 0));
	}
}

static bool
is_tree(const struct tree *t, uint64_t n)
{
	return t->n == n && t->k == trees[n].k && span_eq(tree_nodes(t), tree_nodes(&trees[n]));
}

/* The answer to get-sth-consistency for the range at m. */
static struct span
answer(struct buf *path, uint64_t m, uint64_t size)
{
	buf_reset(path);
	merkle_put_subproof(&all, path, tree_ask_for(m, size), 0, size, true);
	return buf_span(path);
}

/* Calls each with every m and size below LEAVES for which there is a proof, and with their proof. */
static void
each_range(void (*each)(uint64_t m, uint64_t size, struct buf *path, const uint8_t *root))
{
	uint8_t root[TREE_HASH];
	struct buf path;

	buf_init(&path);
	for (uint64_t size = 1; size < LEAVES; size++) {
		tree_root(&trees[size], hash, root);
		for (uint64_t m = 1; m <= size; m++) {
			if (tree_ask_for(m, size) == 0)
				continue;
			answer(&path, m, size);
			each(m, size, &path, root);
		}
	}
	buf_free(&path);
}

static void
check_range(uint64_t m, uint64_t size, struct buf *path, const uint8_t *root)
{
	struct tree t;

	CHECK(tree_restore_proof(&t, hash, m, size, buf_span(path), root) == NULL);
	CHECK(is_tree(&t, m));
}

static void
a_proof_gives_the_range_that_leaves_one_by_one_give(void)
{
	each_range(check_range);
}

static void
check_refused(uint64_t m, uint64_t size, struct span path, const uint8_t *root)
{
	struct tree t = trees[7];

	CHECK(tree_restore_proof(&t, hash, m, size, path, root) != NULL);
	CHECK(is_tree(&t, 7));
}

static void
check_each_hash_counts(uint64_t m, uint64_t size, struct buf *path, const uint8_t *root)
{
	for (size_t at = (m * 7 + size) % TREE_HASH; at < path->n; at += TREE_HASH) {
		path->p[at] ^= 1;
		check_refused(m, size, buf_span(path), root);
		path->p[at] ^= 1;
	}
}

static void
a_proof_with_any_hash_changed_is_refused(void)
{
	each_range(check_each_hash_counts);
}

static void
check_length_counts(uint64_t m, uint64_t size, struct buf *path, const uint8_t *root)
{
	struct span s = buf_span(path);

	for (size_t n = 0; n < s.n; n += TREE_HASH)
		check_refused(m, size, span_of(s.p, n), root);
	check_refused(m, size, span_of(s.p, s.n - 1), root);
	check_refused(m, size, span_from(s, TREE_HASH), root);
	buf_put(path, span_of(root, TREE_HASH));
	check_refused(m, size, buf_span(path), root);
}

static void
a_proof_cut_or_made_longer_is_refused(void)
{
	each_range(check_length_counts);
}

static void
check_root_counts(uint64_t m, uint64_t size, struct buf *path, const uint8_t *root)
{
	uint8_t other[TREE_HASH];

	memcpy(other, root, TREE_HASH);
	other[size % TREE_HASH] ^= 0x80;
	check_refused(m, size, buf_span(path), other);
}

static void
a_proof_under_another_root_is_refused(void)
{
	each_range(check_root_counts);
}

/* The sizes are right for both, so a range taken from the wrong nodes would pass unseen. */
static void
a_proof_for_one_size_is_not_taken_for_another(void)
{
	uint8_t root[TREE_HASH];
	struct buf path;
	struct span s;

	buf_init(&path);
	tree_root(&trees[199], hash, root);
	for (uint64_t asked = 3; asked < 199; asked++) {
		s = answer(&path, asked, 199);
		for (uint64_t m = 3; m <= 199; m++)
			if (tree_ask_for(m, 199) != tree_ask_for(asked, 199))
				check_refused(m, 199, s, root);
	}
	buf_free(&path);
}

static void
every_range_can_be_asked_for_but_those_of_the_smallest_trees(void)
{
	for (uint64_t size = 0; size < LEAVES; size++)
		for (uint64_t m = 0; m < LEAVES; m++) {
			uint64_t first = tree_ask_for(m, size);

			CHECK((first != 0) == (m >= 3 && m <= size && size > 3));
			CHECK(first <= m && (first == 0 || (m - first <= 2 && first < size)));
		}
	CHECK(tree_ask_for(5, MAX_TREE_SIZE) == 5);
	CHECK(tree_ask_for(5, MAX_TREE_SIZE + 1) == 0);
	CHECK(tree_ask_for(UINT64_MAX, UINT64_MAX) == 0);
}

static void
a_range_that_no_proof_holds_is_refused_with_a_reason(void)
{
	uint8_t root[TREE_HASH];

	tree_root(&trees[3], hash, root);
	for (uint64_t m = 0; m < 5; m++) {
		check_refused(m, 3, span_of(leaves[2], TREE_HASH), root);
		check_refused(m, 3, SPAN(""), root);
	}
}

int
main(void)
{
	hash = hash_open();
	all = (struct merkle){ hash, leaves };
	make_trees();
	RUN(a_proof_gives_the_range_that_leaves_one_by_one_give);
	RUN(a_proof_with_any_hash_changed_is_refused);
	RUN(a_proof_cut_or_made_longer_is_refused);
	RUN(a_proof_under_another_root_is_refused);
	RUN(a_proof_for_one_size_is_not_taken_for_another);
	RUN(every_range_can_be_asked_for_but_those_of_the_smallest_trees);
	RUN(a_range_that_no_proof_holds_is_refused_with_a_reason);
	hash_free(hash);
	return unit_end();
}

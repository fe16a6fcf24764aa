/* ct/tree: compact ranges and proofs. */
#include "unit.h"

#include "corpus.h"
#include "ct/tree_proof.h"
#include "enc/json.h"
#include "hex.h"
#include "merkle.h"

enum { LEAVES = 70 };

static struct hash *hash;
static uint8_t leaves[LEAVES][TREE_HASH];
static struct merkle all;

static void
the_root_of_the_empty_tree_is_the_hash_of_no_bytes(void)
{
	uint8_t root[TREE_HASH];
	struct tree t;

	tree_init(&t);
	tree_root(&t, hash, root);
	CHECK(hex_is(span_of(root, sizeof(root)),
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
}

static void
roots_are_those_of_the_recursive_definition(void)
{
	uint8_t root[TREE_HASH], want[TREE_HASH];
	struct tree t;

	tree_init(&t);
	for (unsigned n = 0; n < LEAVES; n++) {
		tree_root(&t, hash, root);
		merkle_root(&all, 0, n, want);
		CHECK(memcmp(root, want, TREE_HASH) == 0);
		CHECK(t.n == n && tree_nodes(&t).n == (size_t)t.k * TREE_HASH);
		CHECK(tree_push(&t, hash, leaves[n], 0));
	}
}

static void
whole_subtrees_may_be_pushed_where_they_fit(void)
{
	uint8_t sub[TREE_HASH], root[TREE_HASH], want[TREE_HASH];
	struct tree t;

	tree_init(&t);
	merkle_root(&all, 0, 32, sub);
	CHECK(tree_push(&t, hash, sub, 5));
	merkle_root(&all, 32, 16, sub);
	CHECK(tree_push(&t, hash, sub, 4));
	CHECK(!tree_push(&t, hash, sub, 5));
	merkle_root(&all, 48, 16, sub);
	CHECK(tree_push(&t, hash, sub, 4));
	CHECK(t.n == 64 && t.k == 1);
	CHECK(tree_push_row(&t, hash, span_of(leaves[64], 3 * TREE_HASH), 0));
	CHECK(!tree_push(&t, hash, sub, 1));
	CHECK(!tree_push_row(&t, hash, span_of(leaves[67], TREE_HASH + 1), 0));
	tree_root(&t, hash, root);
	merkle_root(&all, 0, t.n, want);
	CHECK(t.n == 68 && memcmp(root, want, TREE_HASH) == 0);
}

static void
a_tree_grows_to_its_limit_and_not_beyond(void)
{
	struct tree t;

	tree_init(&t);
	CHECK(!tree_push(&t, hash, leaves[0], 63));
	CHECK(!tree_push(&t, hash, leaves[0], 64));
	for (unsigned height = 63; height-- > 0; )
		CHECK(tree_push(&t, hash, leaves[0], height));
	CHECK(t.n == MAX_TREE_SIZE && t.k == MAX_TREE_NODES);
	CHECK(!tree_push(&t, hash, leaves[0], 0));
}

static void
nodes_restore_the_tree_they_came_from(void)
{
	struct tree t, again;

	tree_init(&t);
	CHECK(tree_push_row(&t, hash, span_of(leaves, 45 * TREE_HASH), 0));
	CHECK(tree_restore(&again, 45, tree_nodes(&t)));
	CHECK(again.n == 45 && span_eq(tree_nodes(&again), tree_nodes(&t)));
	CHECK(!tree_restore(&again, 44, tree_nodes(&t)));
	CHECK(!tree_restore(&again, 45, span_from(tree_nodes(&t), 1)));
	CHECK(!tree_restore(&again, UINT64_MAX, span_of(leaves, 64 * TREE_HASH)));
	CHECK(tree_restore(&again, 0, SPAN("")));
}

static void
the_path_of_the_last_leaf_is_the_tree_without_it(void)
{
	uint8_t root[TREE_HASH], want[TREE_HASH];
	struct tree t;
	struct buf path;

	buf_init(&path);
	for (unsigned n = 0; n + 1 < LEAVES; n++) {
		buf_reset(&path);
		merkle_put_path(&all, &path, n, 0, n + 1);
		CHECK(tree_restore_path(&t, n, buf_span(&path)));
		CHECK(!tree_restore_path(&(struct tree){ .n = 0 }, n + (n & 1) + 1, SPAN("")));
		CHECK(tree_push(&t, hash, leaves[n], 0));
		tree_root(&t, hash, root);
		merkle_root(&all, 0, n + 1, want);
		CHECK(memcmp(root, want, TREE_HASH) == 0);
	}
	buf_free(&path);
}

/* Every way in which a path of n bytes is nearly right must fail. */
static void
check_no_inclusion(uint64_t m, uint64_t n, struct buf *path, const uint8_t root[TREE_HASH])
{
	uint8_t wrong[TREE_HASH];
	struct span s = buf_span(path);

	memcpy(wrong, root, TREE_HASH);
	wrong[31] ^= 1;
	CHECK(tree_inclusion(hash, leaves[m], m, n, s, wrong) != NULL);
	CHECK(tree_inclusion(hash, leaves[m], n, n, s, root) != NULL);
	CHECK(tree_inclusion(hash, wrong, m, n, s, root) != NULL);
	if (n == 1)
		return;
	CHECK(tree_inclusion(hash, leaves[m], m ^ 1, n, s, root) != NULL);
	CHECK(tree_inclusion(hash, leaves[m], m, n, span_from(s, TREE_HASH), root) != NULL);
	CHECK(tree_inclusion(hash, leaves[m], m, n, span_from(s, 1), root) != NULL);
	path->p[path->n - 1] ^= 1;
	CHECK(tree_inclusion(hash, leaves[m], m, n, s, root) != NULL);
	path->p[path->n - 1] ^= 1;
	buf_put(path, span_of(root, TREE_HASH));
	CHECK(tree_inclusion(hash, leaves[m], m, n, buf_span(path), root) != NULL);
}

static void
inclusion_proofs_hold_for_their_own_leaf_alone(void)
{
	uint8_t root[TREE_HASH];
	struct buf path;

	buf_init(&path);
	for (uint64_t n = 1; n < LEAVES; n++) {
		merkle_root(&all, 0, n, root);
		for (uint64_t m = 0; m < n; m++) {
			buf_reset(&path);
			merkle_put_path(&all, &path, m, 0, n);
			CHECK(tree_inclusion(hash, leaves[m], m, n, buf_span(&path), root) == NULL);
			check_no_inclusion(m, n, &path, root);
		}
	}
	CHECK(tree_inclusion(hash, leaves[0], 0, 0, SPAN(""), leaves[0]) != NULL);
	buf_free(&path);
}

static void
check_no_consistency(uint64_t m, uint64_t n, struct buf *path, const uint8_t first[TREE_HASH],
    const uint8_t second[TREE_HASH])
{
	struct span s = buf_span(path);

	CHECK(tree_consistency(hash, m, second, n, second, s) != NULL);
	CHECK(tree_consistency(hash, m, first, n, first, s) != NULL);
	CHECK(tree_consistency(hash, n, second, m, first, s) != NULL);
	CHECK(tree_consistency(hash, m, first, n, second, span_from(s, TREE_HASH)) != NULL);
	CHECK(tree_consistency(hash, m, first, n, second, span_from(s, 1)) != NULL);
	path->p[0] ^= 1;
	CHECK(tree_consistency(hash, m, first, n, second, s) != NULL);
	path->p[0] ^= 1;
	buf_put(path, span_of(second, TREE_HASH));
	CHECK(tree_consistency(hash, m, first, n, second, buf_span(path)) != NULL);
}

static void
consistency_proofs_hold_for_their_own_pair_of_trees_alone(void)
{
	uint8_t first[TREE_HASH], second[TREE_HASH];
	struct buf path;

	buf_init(&path);
	for (uint64_t n = 2; n < LEAVES; n++) {
		merkle_root(&all, 0, n, second);
		for (uint64_t m = 1; m < n; m++) {
			merkle_root(&all, 0, m, first);
			buf_reset(&path);
			merkle_put_subproof(&all, &path, m, 0, n, true);
			CHECK(tree_consistency(hash, m, first, n, second, buf_span(&path)) == NULL);
			check_no_consistency(m, n, &path, first, second);
		}
	}
	buf_free(&path);
}

static void
consistency_with_an_empty_or_equal_tree_needs_no_path(void)
{
	uint8_t a[TREE_HASH], b[TREE_HASH];

	merkle_root(&all, 0, 5, a);
	merkle_root(&all, 0, 6, b);
	CHECK(tree_consistency(hash, 5, a, 5, a, SPAN("")) == NULL);
	CHECK(tree_consistency(hash, 5, a, 5, b, SPAN("")) != NULL);
	CHECK(tree_consistency(hash, 0, b, 5, a, SPAN("")) == NULL);
	CHECK(tree_consistency(hash, 0, b, 5, a, span_of(a, TREE_HASH)) != NULL);
	CHECK(tree_consistency(hash, 5, a, 5, a, span_of(a, TREE_HASH)) != NULL);
	CHECK(tree_consistency(hash, 5, a, 6, b, SPAN("")) != NULL);
}

static void
roots_over_the_derived_tile_are_the_known_ones(void)
{
	static const struct {
		unsigned n, nodes;
		const char *root;
	} known[] = {
		{ 1, 1, "adb15934a20102b4d8760e70f71fe43e94757a3a863b1ebe6ac94b52d5eeca0a" },
		{ 2, 1, "0313a2cd546d3c96f6923f852d506495a5e096872eedb10a5c26b0d88baa29bc" },
		{ 3, 2, "97a3c0bc828d2a2b7dbdad701bb864515cb4cc80c16b1e769734eb042aff0c3b" },
		{ 7, 3, "30b79e5ced0b0206173c5affb4b1c087b9e4a86f2b020c06f56fbd3a54c1de4c" },
		{ 100, 3, "c7b085a3eec9a0a48a319e4e9d009cb1e0defea387b8f733fc70c2d94155c551" },
		{ 255, 8, "886c79d913d10303bf8278e29401cad6bb0c67eae4872ebaabc63c4f9731ed25" },
		{ 256, 1, "87dcbba26bd42ff51ec6a43f0a6a831c63f8f8b33a7730422738ae4de961dbd1" },
	};
	struct buf tile;

	buf_init(&tile);
	if (!corpus_read(&tile, "static-ct/derived/tile/0/000"))
		SKIP(NO_CORPUS);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		uint8_t root[TREE_HASH];
		struct tree t;

		tree_init(&t);
		CHECK(tree_push_row(&t, hash, span_of(tile.p, (size_t)known[i].n * TREE_HASH), 0));
		tree_root(&t, hash, root);
		CHECK(t.k == known[i].nodes);
		CHECK(hex_is(span_of(root, sizeof(root)), known[i].root));
	}
	buf_free(&tile);
}

/* The first string of a member of the object in json, undecoded. */
static struct span
member(struct span json, const char *name)
{
	struct json_str key;
	struct span value;
	struct json j;

	json_init(&j, json);
	json_enter(&j);
	while (json_key(&j, &key) && json_skip(&j, &value))
		if (json_is(key, name))
			return value;
	return SPAN("\"\"");
}

static struct span
unquoted(struct span s)
{
	return span_of(s.p + 1, s.n - 2);
}

static struct span
base64_member(struct arena *a, struct buf *b, const char *name)
{
	return hex_b64(a, unquoted(member(buf_span(b), name)));
}

/* An array of base64 strings, decoded one behind the other. */
static void
put_row(struct buf *out, struct buf *b, const char *name)
{
	struct json_str s;
	struct json j;

	json_init(&j, member(buf_span(b), name));
	json_enter(&j);
	while (json_item(&j) && json_take_string(&j, &s))
		CHECK(b64_put_decoded(out, s.raw));
}

static void
a_real_log_proves_its_entry(void)
{
	struct buf entries, proof, sth, path;
	struct span root, leaf_input, entry;
	uint8_t leaf[TREE_HASH];
	struct arena a;

	arena_init(&a);
	buf_init(&entries);
	buf_init(&proof);
	buf_init(&sth);
	buf_init(&path);
	if (!corpus_read(&entries, "entries/responses/azul-get-entries-10000.json"))
		SKIP(NO_CORPUS);
	CHECK(corpus_read(&sth, "entries/responses/azul-get-sth.json"));
	CHECK(corpus_read(&proof, "entries/responses/azul-get-proof-by-hash-961984011.json"));
	entry = unquoted(member(buf_span(&entries), "entries"));
	leaf_input = hex_b64(&a, unquoted(member(entry, "leaf_input")));
	tree_leaf_hash(hash, leaf_input, leaf);
	put_row(&path, &proof, "audit_path");
	root = base64_member(&a, &sth, "sha256_root_hash");
	CHECK(leaf_input.n > 0 && root.n == TREE_HASH);
	CHECK(tree_inclusion(hash, leaf, 10000, 961984011, buf_span(&path), root.p) == NULL);
	CHECK(tree_inclusion(hash, leaf, 10001, 961984011, buf_span(&path), root.p) != NULL);
	buf_free(&entries);
	buf_free(&proof);
	buf_free(&sth);
	buf_free(&path);
	arena_free(&a);
}

/*
 * The first root was not kept, so the proof must fail there, but lead to the second root. The proof
 * itself holds the range at the first size, and so its root.
 */
static void
a_real_log_proves_that_it_only_grew(void)
{
	struct buf proof, sth, path;
	uint8_t first[TREE_HASH];
	struct span root;
	const char *why;
	struct tree t;
	struct arena a;

	arena_init(&a);
	buf_init(&proof);
	buf_init(&sth);
	buf_init(&path);
	if (!corpus_read(&proof,
	    "entries/responses/azul-get-sth-consistency-3654490-961984011.json"))
		SKIP(NO_CORPUS);
	CHECK(corpus_read(&sth, "entries/responses/azul-get-sth.json"));
	put_row(&path, &proof, "consistency");
	root = base64_member(&a, &sth, "sha256_root_hash");
	CHECK(path.n == 30 * TREE_HASH && root.n == TREE_HASH);
	why = tree_consistency(hash, 3654490, leaves[0], 961984011, root.p, buf_span(&path));
	CHECK(why != NULL && strstr(why, "first root") != NULL);
	why = tree_consistency(hash, 3654491, leaves[0], 961984011, root.p, buf_span(&path));
	CHECK(why != NULL && strstr(why, "first root") == NULL);
	CHECK(tree_restore_proof(&t, hash, 3654490, 961984011, buf_span(&path), root.p) == NULL);
	tree_root(&t, hash, first);
	CHECK(t.n == 3654490);
	CHECK(tree_consistency(hash, t.n, first, 961984011, root.p, buf_span(&path)) == NULL);
	buf_free(&proof);
	buf_free(&sth);
	buf_free(&path);
	arena_free(&a);
}

int
main(void)
{
	hash = hash_open();
	all = (struct merkle){ hash, leaves };
	merkle_make_leaves(&all, LEAVES);
	RUN(the_root_of_the_empty_tree_is_the_hash_of_no_bytes);
	RUN(roots_are_those_of_the_recursive_definition);
	RUN(whole_subtrees_may_be_pushed_where_they_fit);
	RUN(a_tree_grows_to_its_limit_and_not_beyond);
	RUN(nodes_restore_the_tree_they_came_from);
	RUN(the_path_of_the_last_leaf_is_the_tree_without_it);
	RUN(inclusion_proofs_hold_for_their_own_leaf_alone);
	RUN(consistency_proofs_hold_for_their_own_pair_of_trees_alone);
	RUN(consistency_with_an_empty_or_equal_tree_needs_no_path);
	RUN(roots_over_the_derived_tile_are_the_known_ones);
	RUN(a_real_log_proves_its_entry);
	RUN(a_real_log_proves_that_it_only_grew);
	hash_free(hash);
	return unit_end();
}

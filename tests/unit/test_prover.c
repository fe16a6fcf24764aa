/* ct-fetch/proof: what get-sth-consistency and hash tiles prove, right and wrong ones. */
#include "unit.h"

#include <stdlib.h>

#include "ct-fetch/log/source.h"
#include "ct-fetch/proof/proof.h"
#include "ct/tile.h"
#include "ct/tree_proof.h"
#include "hex.h"
#include "merkle.h"

enum {
	LEAVES = 140000,		/* more than two tiles of level 1 cover */
	SMALL = 40,		/* leaves of the trees of which every size is tried */
};

static struct hash *hash;
static struct merkle all;
static struct buf scratch;
static struct fetch fetch = { .scratch = &scratch };
static struct source source = { .fetch = &fetch };

/* What the log answers: the tree whose leaf `bent` is another, or the true one when that is LEAVES. */
static unsigned bent = LEAVES;
static unsigned asked;		/* requests of the question asked last */
static bool refuses_partial;	/* a partial tile is not there */

static void
leaf_of(uint64_t i, uint8_t out[TREE_HASH])
{
	memcpy(out, all.leaves[i], TREE_HASH);
	out[0] ^= i == bent;
}

/* Makes the compact range of the first n leaves that the log has. */
static void
tree_of(uint64_t n, struct tree *t)
{
	uint8_t leaf[TREE_HASH];

	tree_init(t);
	for (uint64_t i = 0; i < n; i++) {
		leaf_of(i, leaf);
		CHECK(tree_push(t, hash, leaf, 0));
	}
}

/* The head of the true tree of that size. */
static struct head
head_of(uint64_t size)
{
	struct head h = { .size = size };
	unsigned was = bent;
	struct tree t;

	bent = LEAVES;
	tree_of(size, &t);
	tree_root(&t, hash, h.root);
	bent = was;
	return h;
}

static bool
is_tree(const struct tree *t, uint64_t n)
{
	struct tree want;
	unsigned was = bent;

	bent = LEAVES;
	tree_of(n, &want);
	bent = was;
	return t->n == n && span_eq(tree_nodes(t), tree_nodes(&want));
}

/* The answer to a path of get-sth-consistency. */
static void
answer_consistency(const char *path, struct buf *body)
{
	uint8_t true_leaf[TREE_HASH];
	unsigned long long first, second;
	struct buf hashes = { 0 };

	CHECK(sscanf(path, "ct/v1/get-sth-consistency?first=%llu&second=%llu", &first, &second) == 2);
	CHECK(0 < first && first < second && second <= LEAVES);
	if (bent < LEAVES) {
		memcpy(true_leaf, all.leaves[bent], TREE_HASH);
		leaf_of(bent, all.leaves[bent]);
	}
	merkle_put_subproof(&all, &hashes, first, 0, second, true);
	if (bent < LEAVES)
		memcpy(all.leaves[bent], true_leaf, TREE_HASH);
	buf_puts(body, "{\"consistency\":[");
	for (size_t at = 0; at < hashes.n; at += TREE_HASH) {
		buf_puts(body, at > 0 ? ",\"" : "\"");
		b64_put(body, span_of(hashes.p + at, TREE_HASH));
		buf_putc(body, '"');
	}
	buf_puts(body, "]}");
	buf_free(&hashes);
}

/* The answer to the path of a hash tile. */
static void
answer_tile(const char *path, struct buf *body)
{
	unsigned level, width = TILE_WIDTH;
	uint64_t number = 0, covers;
	uint8_t h[TREE_HASH];
	int n = 0;

	CHECK(sscanf(path, "tile/%u/%n", &level, &n) == 1);
	for (path += n; *path == 'x'; path += 5)
		number = number * 1000 + strtoul(path + 1, NULL, 10);
	number = number * 1000 + strtoul(path, NULL, 10);
	if (strstr(path, ".p/") != NULL)
		width = (unsigned)strtoul(strstr(path, ".p/") + 3, NULL, 10);
	covers = (uint64_t)1 << (8 * level);
	for (unsigned i = 0; i < width; i++) {
		uint64_t from = (number * TILE_WIDTH + i) * covers;
		struct tree t;

		CHECK(from + covers <= LEAVES);
		tree_init(&t);
		for (uint64_t k = from; k < from + covers; k++) {
			leaf_of(k, h);
			(void)tree_push(&t, hash, h, 0);
		}
		buf_put(body, span_of(t.h[0], TREE_HASH));
	}
}

/* Asks a question to its end, or until an answer is of no use; then *why says why. */
static enum proof_step
ask_more(const struct prover *prover, struct proof *p, const char **why)
{
	struct buf path = { 0 }, body = { 0 };
	enum proof_step step;

	for (asked = 0, *why = NULL; (step = prover->step(p, &path)) == PROOF_ASK && *why == NULL; asked++) {
		buf_reset(&body);
		if (refuses_partial && strstr(buf_str(&path), ".p/") != NULL) {
			CHECK(prover->refused(p, 404));
		} else {
			(prover == &prover_tiles ? answer_tile : answer_consistency)(buf_str(&path), &body);
			*why = prover->take(p, buf_span(&body));
		}
		buf_reset(&path);
	}
	buf_free(&path);
	buf_free(&body);
	return step;
}

static void
begin(const struct prover *prover, struct proof *p)
{
	known_free(&p->known);
	p->source = &source;
	if (p->seeds)
		tree_init(&p->range);
	p->ahead = p->range;
	prover->begin(p);
}

static void
end(const struct prover *prover, struct proof *p)
{
	prover->drop(p);
	known_free(&p->known);
	CHECK(p->own == NULL);
}

/* Asks whether the log's own range at `at` is the beginning of the signed tree. */
static enum proof_step
check_range(const struct prover *prover, struct proof *p, uint64_t at, uint64_t size)
{
	const char *why;

	*p = (struct proof){ .own = p->own, .head = head_of(size), .at = at };
	tree_of(at, &p->range);
	begin(prover, p);
	return ask_more(prover, p, &why);
}

/* Asks for the range at `at`. */
static enum proof_step
seed_range(const struct prover *prover, struct proof *p, uint64_t at, uint64_t size)
{
	const char *why;

	*p = (struct proof){ .own = p->own, .head = head_of(size), .at = at, .seeds = true };
	begin(prover, p);
	return ask_more(prover, p, &why);
}

/* ---- both ---- */

static void
check_all(const struct prover *prover)
{
	struct proof p = { 0 };

	for (uint64_t size = 1; size <= SMALL; size++) {
		for (uint64_t at = 0; at <= size; at++) {
			CHECK(check_range(prover, &p, at, size) == PROOF_GOOD);
			CHECK(is_tree(&p.range, at));
		}
	}
	end(prover, &p);
}

static void
every_true_range_is_proven_by_consistency(void)
{
	check_all(&prover_consistency);
}

static void
every_true_range_is_proven_by_tiles(void)
{
	check_all(&prover_tiles);
}

/* A log that answers by another tree than it has signed, whose leaf 5 differs. */
static void
check_bent(const struct prover *prover)
{
	struct proof p = { 0 };

	for (uint64_t size = 7; size <= SMALL; size++) {
		for (uint64_t at = 1; at <= size; at++) {
			bent = 5;
			CHECK(check_range(prover, &p, at, size) == PROOF_WRONG);
			/* The tiles that are kept are of the other tree, so they are to be forgotten. */
			p.own != NULL ? prover->drop(&p) : (void)0;
			bent = LEAVES;
			CHECK(check_range(prover, &p, at, size) == PROOF_GOOD);
			p.own != NULL ? prover->drop(&p) : (void)0;
		}
	}
	known_free(&p.known);
}

static void
no_range_of_another_tree_is_proven_by_consistency(void)
{
	check_bent(&prover_consistency);
}

static void
no_range_of_another_tree_is_proven_by_tiles(void)
{
	check_bent(&prover_tiles);
}

static void
check_bent_seeds(const struct prover *prover, uint64_t least)
{
	struct proof p = { 0 };

	bent = 5;
	for (uint64_t size = 7; size <= SMALL; size++) {
		for (uint64_t at = least; at <= size; at++) {
			CHECK(seed_range(prover, &p, at, size) != PROOF_GOOD);
			p.own != NULL ? prover->drop(&p) : (void)0;
		}
	}
	bent = LEAVES;
	known_free(&p.known);
}

static void
no_range_is_taken_from_an_answer_of_another_tree(void)
{
	check_bent_seeds(&prover_consistency, 3);
	check_bent_seeds(&prover_tiles, 1);
}

/* ---- get-sth-consistency ---- */

static void
a_range_is_got_from_a_consistency_proof_where_one_has_it(void)
{
	struct proof p = { 0 };

	for (uint64_t size = 1; size <= SMALL; size++) {
		for (uint64_t at = 1; at <= size; at++) {
			bool can = tree_ask_for(at, size) > 0;

			CHECK(seed_range(&prover_consistency, &p, at, size) ==
			    (can ? PROOF_GOOD : PROOF_CANNOT));
			CHECK(!can || (asked == 1 && is_tree(&p.range, at)));
		}
	}
	CHECK(seed_range(&prover_consistency, &p, 0, SMALL) == PROOF_GOOD);
	CHECK(asked == 0 && p.range.n == 0);
	end(&prover_consistency, &p);
}

static void
the_whole_tree_is_compared_without_a_request(void)
{
	struct proof p = { 0 };

	CHECK(check_range(&prover_consistency, &p, 33, 33) == PROOF_GOOD);
	CHECK(asked == 0);
	bent = 32;
	CHECK(check_range(&prover_consistency, &p, 33, 33) == PROOF_WRONG);
	bent = LEAVES;
	end(&prover_consistency, &p);
}

/*
 * The tree of eight leaves with which the authors of RFC 6962 test their code, and its proof between
 * 6 and 8 leaves. RFC 9162 2.1.5 draws such trees.
 */
static void
the_proof_of_the_reference_tree_is_taken(void)
{
	static const char answer[] = "{\"consistency\":["
	    "\"DrxdNDf74tsVi58Sah0RjjCBgQMdCpSfje3t68VY72o=\","
	    "\"yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA=\","
	    "\"037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=\"]}";
	uint8_t leaf[TREE_HASH];
	static const char *const texts[] = { "", "\0", "\x10", "\x20\x21", "\x30\x31",
	    "\x40\x41\x42\x43" };
	static const size_t lengths[] = { 0, 1, 1, 2, 2, 4 };
	struct proof p = { .source = &source, .at = 6, .head.size = 8 };
	const char *root = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328";
	struct buf path = { 0 };

	tree_init(&p.range);
	for (unsigned i = 0; i < 6; i++) {
		tree_leaf_hash(hash, span_of(texts[i], lengths[i]), leaf);
		CHECK(tree_push(&p.range, hash, leaf, 0));
	}
	for (unsigned i = 0; i < TREE_HASH; i++) {
		char two[3] = { root[2 * i], root[2 * i + 1], '\0' };

		p.head.root[i] = (uint8_t)strtoul(two, NULL, 16);
	}
	prover_consistency.begin(&p);
	CHECK(prover_consistency.step(&p, &path) == PROOF_ASK);
	CHECK_TEXT(buf_span(&path), "ct/v1/get-sth-consistency?first=6&second=8");
	CHECK(prover_consistency.take(&p, SPAN(answer)) == NULL);
	CHECK(prover_consistency.step(&p, &path) == PROOF_GOOD);
	p.head.root[31] ^= 1;
	CHECK(prover_consistency.step(&p, &path) == PROOF_WRONG);
	buf_free(&path);
	end(&prover_consistency, &p);
}

static void
an_answer_that_is_no_proof_is_of_no_use(void)
{
	static const char *const bad[] = {
		"", "[]", "{}", "{\"consistency\":1}", "{\"consistency\":[1]}",
		"{\"consistency\":[\"AAAA\"]}", "{\"consistency\":[\"",
		"{\"consistency\":[\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"",
		"{\"consistency\":[\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!=\"]}",
	};
	struct proof p = { .source = &source, .at = 6, .head.size = 8 };
	struct buf many = { 0 }, path = { 0 };

	prover_consistency.begin(&p);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CHECK(prover_consistency.take(&p, span_of(bad[i], strlen(bad[i]))) != NULL);
		CHECK(prover_consistency.step(&p, &path) == PROOF_ASK);
	}
	buf_puts(&many, "{\"consistency\":[");
	for (int i = 0; i < 127; i++)
		buf_puts(&many, "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\",");
	buf_puts(&many, "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"]}");
	CHECK(prover_consistency.take(&p, buf_span(&many)) != NULL);
	buf_free(&many);
	buf_free(&path);
	end(&prover_consistency, &p);
}

static void
escaped_slashes_and_null_are_read(void)
{
	struct proof p = { .source = &source, .at = 6, .head.size = 8 };

	prover_consistency.begin(&p);
	CHECK(prover_consistency.take(&p, SPAN("{\"consistency\":null}")) == NULL);
	CHECK(prover_consistency.take(&p, SPAN("{\"a\":{},\"consistency\":"
	    "[\"\\/\\/\\/\\/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"]}")) == NULL);
	end(&prover_consistency, &p);
}

/* ---- hash tiles ---- */

static void
a_range_is_got_from_tiles_at_any_size(void)
{
	static const uint64_t sizes[] = { 1, 2, 255, 256, 257, 600, 65535, 65536, 65537, 66000, LEAVES };
	struct proof p = { 0 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		CHECK(seed_range(&prover_tiles, &p, sizes[i], LEAVES) == PROOF_GOOD);
		CHECK(is_tree(&p.range, sizes[i]));
		CHECK(asked <= 5);
	}
	end(&prover_tiles, &p);
}

/* Compares what is known with the true tree; returns how many hashes there are. */
static size_t
check_known(const struct proof *p, uint64_t from)
{
	for (size_t i = p->known.first; i < p->known.n; i++) {
		const struct known_hash *k = &p->known.hashes[i];
		struct tree t;

		CHECK(k->from == from);
		from += (uint64_t)1 << k->height;
		tree_init(&t);
		for (uint64_t n = k->from; n < from; n++)
			(void)tree_push(&t, hash, all.leaves[n], 0);
		CHECK(memcmp(t.h[0], k->hash, TREE_HASH) == 0);
	}
	CHECK(is_tree(&p->ahead, from));
	return p->known.n - p->known.first;
}

static void
a_proof_by_tiles_leaves_the_hashes_of_the_data_tiles_that_come(void)
{
	struct proof p = { 0 };

	CHECK(check_range(&prover_tiles, &p, 512, 1100) == PROOF_GOOD);
	CHECK(check_known(&p, 512) == 2 + 1100 - 1024);
	end(&prover_tiles, &p);
}

static void
the_hashes_known_end_where_larger_subtrees_follow(void)
{
	struct proof p = { 0 };

	CHECK(check_range(&prover_tiles, &p, 300, LEAVES) == PROOF_GOOD);
	CHECK(check_known(&p, 300) >= 512 - 300 + 254);
	CHECK(known_end(&p.known) == 65536);
	end(&prover_tiles, &p);
}

static void
a_tile_of_the_wrong_length_is_of_no_use(void)
{
	uint8_t bytes[TILE_WIDTH * TREE_HASH] = { 0 };
	struct proof p = { .source = &source, .at = 300, .head.size = 600, .seeds = true };
	struct buf path = { 0 };

	prover_tiles.begin(&p);
	CHECK(prover_tiles.step(&p, &path) == PROOF_ASK);
	CHECK(prover_tiles.take(&p, SPAN("")) != NULL);
	CHECK(prover_tiles.take(&p, span_of(bytes, sizeof(bytes) - 1)) != NULL);
	CHECK(prover_tiles.take(&p, span_of(bytes, sizeof(bytes) - TREE_HASH)) != NULL);
	buf_free(&path);
	end(&prover_tiles, &p);
}

static void
a_partial_tile_that_is_gone_is_taken_from_the_full_one(void)
{
	struct proof p = { 0 };

	refuses_partial = true;
	CHECK(check_range(&prover_tiles, &p, 256, 300) == PROOF_GOOD);
	CHECK(is_tree(&p.range, 256));
	refuses_partial = false;
	CHECK(!prover_tiles.refused(&p, 500));
	end(&prover_tiles, &p);
}

static void
tiles_are_kept_for_the_next_question_and_forgotten_after_a_wrong_one(void)
{
	struct proof p = { 0 };

	CHECK(seed_range(&prover_tiles, &p, 300, 600) == PROOF_GOOD);
	CHECK(asked > 0);
	CHECK(seed_range(&prover_tiles, &p, 310, 600) == PROOF_GOOD);
	CHECK(asked == 0);
	p = (struct proof){ .own = p.own, .head = head_of(600), .at = 300, .seeds = true, .rounds = 1 };
	begin(&prover_tiles, &p);
	CHECK(ask_more(&prover_tiles, &p, &(const char *){ NULL }) == PROOF_GOOD);
	CHECK(asked > 0);
	end(&prover_tiles, &p);
}

int
main(void)
{
	hash = fetch.hash = hash_open();
	all = (struct merkle){ .hash = hash, .leaves = malloc((size_t)LEAVES * TREE_HASH) };
	for (unsigned i = 0; i < LEAVES; i++)
		tree_leaf_hash(hash, span_of(&i, sizeof(i)), all.leaves[i]);
	RUN(every_true_range_is_proven_by_consistency);
	RUN(every_true_range_is_proven_by_tiles);
	RUN(no_range_of_another_tree_is_proven_by_consistency);
	RUN(no_range_of_another_tree_is_proven_by_tiles);
	RUN(no_range_is_taken_from_an_answer_of_another_tree);
	RUN(a_range_is_got_from_a_consistency_proof_where_one_has_it);
	RUN(the_whole_tree_is_compared_without_a_request);
	RUN(the_proof_of_the_reference_tree_is_taken);
	RUN(an_answer_that_is_no_proof_is_of_no_use);
	RUN(escaped_slashes_and_null_are_read);
	RUN(a_range_is_got_from_tiles_at_any_size);
	RUN(a_proof_by_tiles_leaves_the_hashes_of_the_data_tiles_that_come);
	RUN(the_hashes_known_end_where_larger_subtrees_follow);
	RUN(a_tile_of_the_wrong_length_is_of_no_use);
	RUN(a_partial_tile_that_is_gone_is_taken_from_the_full_one);
	RUN(tiles_are_kept_for_the_next_question_and_forgotten_after_a_wrong_one);
	free(all.leaves);
	buf_free(&scratch);
	hash_free(hash);
	return unit_end();
}

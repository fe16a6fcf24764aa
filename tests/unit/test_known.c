/* ct-fetch/proof/known: a queue of hashes, found by the entry at which they begin. */
#include "unit.h"

#include "ct-fetch/proof/known.h"

static struct known known;

/* Adds n hashes that cover 2^height entries each, from `from` on; each begins with its index. */
static void
add(uint64_t from, unsigned height, unsigned n)
{
	uint8_t hash[TREE_HASH] = { 0 };

	for (unsigned i = 0; i < n; i++, from += (uint64_t)1 << height) {
		memcpy(hash, &from, sizeof(from));
		known_add(&known, from, height, hash);
	}
}

static bool
has(uint64_t index, unsigned height)
{
	const struct known_hash *k = known_find(&known, index);

	return k != NULL && k->from == index && k->height == height &&
	    memcmp(k->hash, &index, sizeof(index)) == 0;
}

static void
hashes_are_found_where_they_begin_and_nowhere_else(void)
{
	known_init(&known);
	add(256, 8, 3);
	add(1024, 0, 5);
	CHECK(has(256, 8) && has(512, 8) && has(768, 8));
	CHECK(has(1024, 0) && has(1028, 0));
	CHECK(known_find(&known, 0) == NULL);
	CHECK(known_find(&known, 257) == NULL);
	CHECK(known_find(&known, 1023) == NULL);
	CHECK(known_find(&known, 1029) == NULL);
	known_free(&known);
}

static void
the_end_is_behind_the_last_entry_covered(void)
{
	known_init(&known);
	CHECK(known_end(&known) == 0);
	add(256, 8, 1);
	CHECK(known_end(&known) == 512);
	add(512, 0, 2);
	CHECK(known_end(&known) == 514);
	known_free(&known);
	CHECK(known_end(&known) == 0);
	CHECK(known_find(&known, 256) == NULL);
}

static void
dropped_hashes_are_gone_and_the_others_stay(void)
{
	known_init(&known);
	add(0, 8, 4);
	known_drop(&known, 512);
	CHECK(known_find(&known, 0) == NULL && known_find(&known, 256) == NULL);
	CHECK(has(512, 8) && has(768, 8));
	known_drop(&known, 513);	/* into the middle of one */
	CHECK(known_find(&known, 512) == NULL && has(768, 8));
	CHECK(known_end(&known) == 1024);
	known_drop(&known, 5000);
	CHECK(known_end(&known) == 0);
	known_free(&known);
}

static void
after_all_are_dropped_it_may_begin_anywhere(void)
{
	known_init(&known);
	add(0, 0, 3);
	known_drop(&known, 3);
	add(100, 0, 2);
	CHECK(has(100, 0) && has(101, 0));
	CHECK(known_end(&known) == 102);
	known_free(&known);
}

static void
a_long_queue_moves_up_and_loses_nothing(void)
{
	uint64_t from = 0, to = 0;

	known_init(&known);
	while (to < 20000) {
		add(to, 0, 100);
		to += 100;
		known_drop(&known, from += 90);
		CHECK(has(from, 0) && has(to - 1, 0) && has((from + to) / 2, 0));
		CHECK(known_find(&known, from - 1) == NULL && known_find(&known, to) == NULL);
		CHECK(known_end(&known) == to);
	}
	CHECK(known.cap <= 8192);
	known_free(&known);
}

int
main(void)
{
	RUN(hashes_are_found_where_they_begin_and_nowhere_else);
	RUN(the_end_is_behind_the_last_entry_covered);
	RUN(dropped_hashes_are_gone_and_the_others_stay);
	RUN(after_all_are_dropped_it_may_begin_anywhere);
	RUN(a_long_queue_moves_up_and_loses_nothing);
	return unit_end();
}

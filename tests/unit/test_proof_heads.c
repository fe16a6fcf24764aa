/* ct-fetch/proof/heads: which heads are kept, which are met next, and which contradict each other. */
#include "unit.h"

#include "ct-fetch/proof/heads.h"

static struct heads heads;
static struct heads_root other;

/* A head of that size, whose root is made of the size and of `tree`. */
static struct head
head_of(uint64_t size, uint8_t tree, uint64_t timestamp)
{
	struct head h = { .size = size, .timestamp = timestamp };

	memset(h.root, tree, sizeof(h.root));
	memcpy(h.root, &size, sizeof(size));
	return h;
}

static enum heads_news
take(uint64_t size, uint8_t tree, uint64_t timestamp)
{
	struct head h = head_of(size, tree, timestamp);

	return heads_take(&heads, &h, &other);
}

/* The size of the head that entries up to `size` come to next; 0: there is none. */
static uint64_t
next(uint64_t size)
{
	const struct head *h = heads_next(&heads, size);

	return h != NULL ? h->size : 0;
}

static void
the_largest_head_is_the_best(void)
{
	heads_init(&heads);
	CHECK(!heads.has_best);
	CHECK(take(10, 1, 100) == HEADS_LARGER);
	CHECK(heads.has_best && heads.best.size == 10);
	CHECK(take(20, 1, 200) == HEADS_LARGER);
	CHECK(take(15, 1, 300) == HEADS_OLD);
	CHECK(heads.best.size == 20 && heads.best.timestamp == 200);
}

static void
a_first_head_of_no_entries_is_one(void)
{
	heads_init(&heads);
	CHECK(take(0, 1, 100) == HEADS_LARGER);
	CHECK(heads.has_best && heads.best.size == 0);
	CHECK(next(0) == 0);
	CHECK(take(0, 2, 200) == HEADS_FORKED);
}

static void
the_same_tree_signed_again_later_takes_the_place_of_the_best(void)
{
	heads_init(&heads);
	take(10, 1, 100);
	CHECK(take(10, 1, 300) == HEADS_OLD);
	CHECK(heads.best.timestamp == 300);
	CHECK(take(10, 1, 200) == HEADS_OLD);
	CHECK(heads.best.timestamp == 300);
}

static void
two_roots_for_the_size_of_the_best_are_a_fork(void)
{
	struct head first = head_of(10, 1, 100);

	heads_init(&heads);
	take(10, 1, 100);
	memset(&other, 0, sizeof(other));
	CHECK(take(10, 2, 200) == HEADS_FORKED);
	CHECK(other.size == 10 && memcmp(other.root, first.root, TREE_HASH) == 0);
	CHECK(memcmp(heads.best.root, first.root, TREE_HASH) == 0);
	CHECK(take(10, 1, 300) == HEADS_OLD);
	CHECK(take(10, 2, 400) == HEADS_FORKED);
}

static void
two_roots_for_a_size_of_long_ago_are_a_fork(void)
{
	heads_init(&heads);
	for (uint64_t size = 1; size < MAX_HEADS_KNOWN; size++)
		CHECK(take(size, 1, size) == HEADS_LARGER);
	CHECK(take(1, 2, 1000) == HEADS_FORKED);
	CHECK(take(MAX_HEADS_KNOWN - 2, 2, 1000) == HEADS_FORKED);
	CHECK(take(5, 1, 1000) == HEADS_OLD);
}

static void
a_smaller_head_is_remembered_so_that_another_root_for_it_is_a_fork(void)
{
	heads_init(&heads);
	take(100, 1, 100);
	CHECK(take(50, 1, 50) == HEADS_OLD);
	CHECK(take(50, 2, 60) == HEADS_FORKED);
}

static void
of_many_sizes_the_oldest_known_are_forgotten(void)
{
	heads_init(&heads);
	for (uint64_t size = 1; size <= MAX_HEADS_KNOWN; size++)
		take(size, 1, size);
	CHECK(heads_find(&heads, 1) != NULL);
	take(1000, 1, 1000);
	CHECK(heads_find(&heads, 1) == NULL);
	CHECK(heads_find(&heads, 2) != NULL && heads_find(&heads, 1000) != NULL);
	take(1001, 1, 1001);
	CHECK(heads_find(&heads, 2) == NULL && heads_find(&heads, 3) != NULL);
}

static void
a_size_that_is_known_keeps_its_root_and_takes_no_second_place(void)
{
	struct head a = head_of(7, 1, 0), b = head_of(7, 2, 0);

	heads_init(&heads);
	heads_know(&heads, 7, a.root);
	heads_know(&heads, 7, b.root);
	CHECK(heads.known_n == 1);
	CHECK(memcmp(heads_find(&heads, 7)->root, a.root, TREE_HASH) == 0);
}

static void
a_root_known_from_entries_makes_a_head_with_another_a_fork(void)
{
	struct head ours = head_of(30, 1, 0);

	heads_init(&heads);
	heads_know(&heads, 30, ours.root);
	CHECK(take(30, 2, 100) == HEADS_FORKED);
	CHECK(!heads.has_best);
	CHECK(take(30, 1, 100) == HEADS_LARGER);
}

static void
heads_ahead_are_met_in_order_of_size(void)
{
	heads_init(&heads);
	take(30, 1, 30);
	take(10, 1, 10);
	take(20, 1, 20);
	CHECK(next(0) == 10);
	CHECK(next(9) == 10);
	CHECK(next(10) == 20);
	CHECK(next(29) == 30);
	CHECK(next(30) == 0);
}

static void
a_head_that_was_reached_is_not_met_again(void)
{
	heads_init(&heads);
	take(10, 1, 10);
	take(20, 1, 20);
	heads_reach(&heads, 10);
	CHECK(next(0) == 20);
	CHECK(take(5, 1, 5) == HEADS_OLD);
	CHECK(next(0) == 20);
	heads_reach(&heads, 25);
	CHECK(next(0) == 0);
	CHECK(heads.best.size == 20);
}

static void
the_smallest_head_is_not_met_twice(void)
{
	heads_init(&heads);
	take(10, 1, 10);
	take(10, 1, 20);
	heads_reach(&heads, 10);
	CHECK(take(10, 1, 30) == HEADS_OLD);
	CHECK(next(0) == 0);
}

static void
where_there_is_no_room_the_nearest_heads_and_the_newest_stay(void)
{
	heads_init(&heads);
	for (uint64_t size = 1; size <= MAX_HEADS_AHEAD + 3; size++)
		take(size * 10, 1, size);
	for (uint64_t size = 1; size < MAX_HEADS_AHEAD; size++)
		CHECK(next(size * 10 - 1) == size * 10);
	CHECK(next(MAX_HEADS_AHEAD * 10 - 10) == (MAX_HEADS_AHEAD + 3) * 10);
	CHECK(take(5, 1, 5) == HEADS_OLD);	/* no room for a smaller one */
	CHECK(heads.ahead_n == MAX_HEADS_AHEAD);
}

static void
the_older_head_is_the_largest_below_the_best_that_was_not_reached(void)
{
	heads_init(&heads);
	CHECK(heads_older(&heads) == NULL);
	take(10, 1, 100);
	CHECK(heads_older(&heads) == NULL);
	take(20, 1, 200);
	take(30, 1, 300);
	CHECK(heads_older(&heads)->size == 20);
	heads_reach(&heads, 20);
	CHECK(heads_older(&heads) == NULL);
}

static void
a_head_that_was_taken_back_does_not_come_back_before_a_larger_one(void)
{
	struct head small = head_of(20, 1, 300);

	heads_init(&heads);
	take(1000, 1, 100);
	take(20, 1, 300);
	heads_yield(&heads, &small);
	CHECK(heads.best.size == 20 && heads.best.timestamp == 300);
	CHECK(take(30, 1, 400) == HEADS_LARGER);
	CHECK(heads.best.size == 30);
	CHECK(take(1000, 1, 500) == HEADS_OLD);
	CHECK(heads.best.size == 30);
	CHECK(take(1000, 2, 600) == HEADS_FORKED);
	CHECK(next(30) == 1000);	/* its root is compared when entries come so far */
	CHECK(take(1001, 1, 700) == HEADS_LARGER);
	CHECK(heads.best.size == 1001);
}

static void
the_head_of_an_earlier_run_is_met_but_is_not_the_best(void)
{
	struct head earlier = head_of(1000, 1, 100);

	heads_init(&heads);
	heads_recall(&heads, &earlier, 500);
	CHECK(!heads.has_best);
	CHECK(next(500) == 1000);
	CHECK(take(1000, 2, 200) == HEADS_FORKED);
	CHECK(heads_signed(&heads, &other)->timestamp == 100);
	CHECK(take(1100, 2, 300) == HEADS_LARGER);
	CHECK(next(500) == 1000 && next(1000) == 1100);
}

static void
the_head_of_an_earlier_run_that_comes_again_is_met_once(void)
{
	struct head earlier = head_of(1000, 1, 100);

	heads_init(&heads);
	heads_recall(&heads, &earlier, 500);
	CHECK(take(1000, 1, 200) == HEADS_LARGER);
	CHECK(heads.ahead_n == 1);
}

static void
the_head_of_an_earlier_run_that_entries_have_reached_is_only_known(void)
{
	struct head earlier = head_of(1000, 1, 100);

	heads_init(&heads);
	heads_recall(&heads, &earlier, 1000);
	CHECK(next(0) == 0);
	CHECK(take(1000, 2, 200) == HEADS_FORKED);
	CHECK(heads_signed(&heads, &other) == NULL);
}

static void
a_head_that_is_dropped_is_not_met_and_its_root_stays_known(void)
{
	heads_init(&heads);
	take(10, 1, 10);
	take(20, 1, 20);
	take(30, 1, 30);
	heads_drop(&heads, 20);
	heads_drop(&heads, 25);
	CHECK(next(0) == 10 && next(10) == 30 && heads.ahead_n == 2);
	CHECK(take(20, 2, 40) == HEADS_FORKED);
}

int
main(void)
{
	RUN(the_largest_head_is_the_best);
	RUN(a_first_head_of_no_entries_is_one);
	RUN(the_same_tree_signed_again_later_takes_the_place_of_the_best);
	RUN(two_roots_for_the_size_of_the_best_are_a_fork);
	RUN(two_roots_for_a_size_of_long_ago_are_a_fork);
	RUN(a_smaller_head_is_remembered_so_that_another_root_for_it_is_a_fork);
	RUN(of_many_sizes_the_oldest_known_are_forgotten);
	RUN(a_size_that_is_known_keeps_its_root_and_takes_no_second_place);
	RUN(a_root_known_from_entries_makes_a_head_with_another_a_fork);
	RUN(heads_ahead_are_met_in_order_of_size);
	RUN(a_head_that_was_reached_is_not_met_again);
	RUN(the_smallest_head_is_not_met_twice);
	RUN(where_there_is_no_room_the_nearest_heads_and_the_newest_stay);
	RUN(the_older_head_is_the_largest_below_the_best_that_was_not_reached);
	RUN(a_head_that_was_taken_back_does_not_come_back_before_a_larger_one);
	RUN(the_head_of_an_earlier_run_is_met_but_is_not_the_best);
	RUN(the_head_of_an_earlier_run_that_comes_again_is_met_once);
	RUN(the_head_of_an_earlier_run_that_entries_have_reached_is_only_known);
	RUN(a_head_that_is_dropped_is_not_met_and_its_root_stays_known);
	return unit_end();
}

/* ct-fetch/log/lane: what goes out of a range of entries, in which order, and what does not. */
#include "unit.h"

#include "ct-fetch/log/lane_parts.h"
#include "ct-fetch/log/protocol.h"
#include "ct/tree_proof.h"
#include "world.h"

enum {
	LEAVES = 120,
	PAGE = 4,			/* entries that a request brings */
	HOUR = 3600 * 1000,
	NONE = LEAVES,			/* in place of an entry: there is no such one */
};

/* The trees of the log by their size, and those of another one, whose leaf 3 differs. */
static struct tree trees[LEAVES + 1], others[LEAVES + 1];

static struct {
	const struct tree *signs;	/* what its proofs are about; NULL: it gives none */
	unsigned bent, bent_n;		/* the first entry that it serves changed, and how many those are */
	uint64_t mute;			/* the size of a head that it gives no proof under */
	bool bent_down;			/* they are made smaller, and not larger */
	uint64_t shift;			/* from this entry on it serves the one behind */
	unsigned pages, wrong_every;	/* that it has served, and of how many one is wrong; 0: none is */
} server;

/* ---- a protocol whose entries are numbers ---- */

static uint64_t
fake_page_end(const struct source *s, uint64_t index)
{
	(void)s;
	return index - index % PAGE + PAGE;
}

static void
fake_page_path(const struct page *p, struct buf *path)
{
	buf_putf(path, "p%llu-%llu", (unsigned long long)p->from, (unsigned long long)p->until);
}

static const char *
fake_page_take(struct page *p)
{
	size_t n = p->body.n / sizeof(uint64_t);

	if (server.wrong_every > 0 && server.pages++ % server.wrong_every == 0)
		p->body.p[0] ^= 1;
	p->hashes = malloc((n + 1) * TREE_HASH);
	for (size_t i = 0; i < n; i++)
		tree_leaf_hash(p->source->fetch->hash, span_of(p->body.p + i * sizeof(uint64_t),
		    sizeof(uint64_t)), p->hashes[i]);
	p->n = (unsigned)n;
	return NULL;
}

static bool
fake_page_is_whole(struct page *p)
{
	(void)p;
	return true;
}

static void
fake_page_put(struct page *p, unsigned i, struct buf *out)
{
	uint64_t value;

	memcpy(&value, p->body.p + i * sizeof(value), sizeof(value));
	buf_put_u64(out, value);
}

/* The time of an entry is its number, as it is served. */
static uint64_t
fake_page_time(const struct page *p, unsigned i)
{
	uint64_t value;

	memcpy(&value, p->body.p + i * sizeof(value), sizeof(value));
	return value;
}

static void
fake_page_drop(struct page *p)
{
	(void)p;
}

static enum protocol_refusal
fake_page_refused(struct page *p, int status)
{
	(void)p;
	(void)status;
	return PROTOCOL_REFUSED;
}

/* ---- a prover that has the log's trees ---- */

static void
fake_begin(struct proof *p)
{
	(void)p;
}

static enum proof_step
fake_step(struct proof *p, struct buf *path)
{
	(void)path;
	if (server.signs == NULL || p->head.size == server.mute)
		return PROOF_CANNOT;
	/* As get-sth-consistency, which the range of a few leaves cannot be had from. */
	if (p->seeds && p->at > 0 && tree_ask_for(p->at, p->head.size) == 0)
		return PROOF_CANNOT;
	if (p->seeds)
		p->range = server.signs[p->at];
	return span_eq(tree_nodes(&p->range), tree_nodes(&server.signs[p->at])) ? PROOF_GOOD : PROOF_WRONG;
}

static const char *
fake_take(struct proof *p, struct span body)
{
	(void)p;
	(void)body;
	return NULL;
}

static bool
fake_refused(struct proof *p, int status)
{
	(void)p;
	(void)status;
	return false;
}

static const struct prover fake_prover = {
	.what = "fake", .begin = fake_begin, .step = fake_step, .take = fake_take,
	.refused = fake_refused, .drop = fake_begin,
};
static struct protocol fake = {
	.name = "fake", .what = "page", .prover = &fake_prover, .page_bytes = 1,
	.page_end = fake_page_end, .page_path = fake_page_path, .page_take = fake_page_take,
	.page_is_whole = fake_page_is_whole, .page_put = fake_page_put, .page_time = fake_page_time, .page_drop = fake_page_drop,
	.page_refused = fake_page_refused,
};

/* ---- the server ---- */

/* Puts there all that a request from `from` on may be for. */
static void
serve_from(uint64_t from)
{
	uint64_t values[PAGE];
	char name[64];

	for (uint64_t to = from + 1; to <= fake_page_end(NULL, from); to++) {
		values[to - 1 - from] = to - 1 + (to > server.shift);
		if (to > server.bent && to <= server.bent + server.bent_n)
			values[to - 1 - from] += server.bent_down ? -(to - 1) : 1000;
		snprintf(name, sizeof(name), "p%llu-%llu", (unsigned long long)from, (unsigned long long)to);
		world_put(name, span_of(values, (size_t)(to - from) * sizeof(values[0])));
	}
}

/* Puts there the entries as they are, but for the one that is bent. */
static void
serve(unsigned bent)
{
	server.bent = bent;
	server.bent_n = 1;
	for (uint64_t from = 0; from < LEAVES; from++)
		serve_from(from);
}

static void
serve_many(unsigned bent, unsigned n)
{
	server.bent = bent;
	server.bent_n = n;
	for (uint64_t from = 0; from < LEAVES; from++)
		serve_from(from);
}

/* Takes away all answers that hold this entry. */
static void
lose(uint64_t index)
{
	char name[64];

	for (uint64_t from = index - index % PAGE; from <= index; from++) {
		for (uint64_t to = index + 1; to <= fake_page_end(NULL, index); to++) {
			snprintf(name, sizeof(name), "p%llu-%llu", (unsigned long long)from,
			    (unsigned long long)to);
			(void)unlink(world_path(name));
		}
	}
}

/* ---- the lane and what it tells ---- */

static struct lane *lane;
static struct heads heads;
static uint64_t patience;
static struct {
	unsigned news[LANE_HOLE + 1];
	uint64_t from, to;		/* of the last hole */
} told;
static void (*at_misfit)(void), (*at_hole)(void);
static uint64_t until;			/* the run ends when this entry goes out next */

static void
lane_told(void *cookie, struct lane *l, enum lane_news news, const char *what, const char *why)
{
	(void)what;
	(void)why;
	CHECK(cookie == &told);
	told.news[news]++;
	if (news == LANE_HOLE) {
		told.from = l->hole.from;
		told.to = l->hole.to;
		if (at_hole != NULL)
			at_hole();
	} else if (news == LANE_MISFIT && at_misfit != NULL) {
		at_misfit();
	}
}

static void
take_head(const struct tree *set, uint64_t size)
{
	struct head h = { .size = size, .timestamp = size };
	struct heads_root other;

	tree_root(&set[size], world.fetch.hash, h.root);
	(void)heads_take(&heads, &h, &other);
}

static void
begin(uint64_t size)
{
	memset(&told, 0, sizeof(told));
	server.signs = trees;
	server.shift = LEAVES;
	server.bent_down = false;
	server.mute = 0;
	server.pages = server.wrong_every = 0;
	fake.halves = false;
	patience = UINT64_MAX;
	at_misfit = at_hole = NULL;
	world_open(&fake, 1);
	heads_init(&heads);
	serve(NONE);
	take_head(trees, size);
	lane = lane_open(&world.source, &heads, &trees[0], UINT64_MAX, NULL, lane_told, &told);
}

static void
end(void)
{
	lane_free(lane);
	world_close();
}

/* Takes the next step; no pause lasts, as the clock is an hour ahead. */
static void
turn(void)
{
	lane_turn(lane, 0, patience, loop_now(world.fetch.loop) + HOUR);
	if (lane->next >= until)
		loop_stop(world.fetch.loop);
	fetch_wake(&world.fetch);
}

static void
run_until(uint64_t index)
{
	until = index;
	world_run(turn);
	out_send(&world.out);
}

/* Returns true when exactly the entries from..to have gone out, in order and unchanged, but for `left_out`. */
static bool
is_out(uint64_t from, uint64_t to, uint64_t left_out)
{
	FILE *f = fopen(world_path("out"), "r");
	unsigned long long index, value;
	bool good = true;

	for (; good && from < to; from++) {
		if (from == left_out)
			continue;
		good = fscanf(f, "%llu,\"seen\":%*[0-9.],\"leaf_input\":\"%llu}", &index, &value) == 2 &&
		    index == from && value == from;
	}
	good = good && fscanf(f, "%llu", &index) != 1;
	(void)fclose(f);
	return good;
}

/* ---- tests ---- */

static void
entries_go_out_in_order_under_the_root_of_a_head(void)
{
	begin(10);
	server.signs = NULL;
	run_until(10);
	CHECK(is_out(0, 10, NONE));
	CHECK(told.news[LANE_PROVEN] == 1);
	CHECK(lane->head.size == 10);
	CHECK(!lane_is_done(lane));
	end();
}

static void
nothing_goes_out_between_heads_without_a_proof(void)
{
	begin(100);
	server.signs = NULL;
	while (told.news[LANE_UNPROVEN] == 0)
		run_until(0);	/* one turn */
	CHECK(lane->tree.n > 0);
	CHECK(lane->next == 0 && is_out(0, 0, NONE));
	end();
}

static void
where_no_proof_comes_the_root_of_a_head_that_is_not_too_far_lets_entries_out(void)
{
	begin(100);
	server.signs = NULL;
	run_until(100);
	CHECK(told.news[LANE_UNPROVEN] > 0);	/* more than may wait for a proof */
	CHECK(is_out(0, 100, NONE));
	CHECK(lane->head.size == 100);
	end();
}

static void
a_head_is_too_far_when_what_comes_before_it_takes_too_much_memory(void)
{
	size_t n;

	begin(100);
	server.signs = NULL;
	lose(50);
	while (told.news[LANE_UNPROVEN] == 0)
		run_until(0);
	CHECK(lane_may_reach(lane));
	n = lane->first->body.n;
	lane->first->body.n = 12 << 20;		/* with as much to come */
	CHECK(!lane_may_reach(lane));
	lane->first->body.n = n;
	end();
}

/*
 * Lets so many pages come, then the host refuse requests, and others fill the memory until it holds so
 * many bytes. Returns true when the lane then asks for a proof.
 */
static bool
asks_for_a_proof_with(unsigned pages, size_t bytes)
{
	struct host_request request = { .class = HOST_HEAD, .who = &told };
	uint64_t now, again = HOST_NEVER;
	size_t before;
	bool asks;

	begin(100);
	lane->prove_at = UINT64_MAX;
	while (lane->tree.n < (uint64_t)pages * PAGE)
		run_until(0);
	now = loop_now(world.fetch.loop);
	host_start(world.source.host, &request, now);
	host_end(world.source.host, &request, now, HOST_LIMITED, 0);
	lane->prove_at = 0;
	before = world.fetch.waiting;
	world.fetch.waiting = bytes;
	lane_prove(lane, now, &again);
	asks = lane->proof.state != PROOF_IDLE;
	world.fetch.waiting = before;
	end();
	return asks;
}

static void
where_requests_are_scarce_few_pages_are_not_proven_because_others_fill_the_memory(void)
{
	CHECK(!asks_for_a_proof_with(2, MAX_WAITING / 4 * 3 + 1));
	CHECK(asks_for_a_proof_with(LANE_DEPTH, MAX_WAITING / 4 * 3 + 1));
	CHECK(!asks_for_a_proof_with(LANE_DEPTH, MAX_WAITING / 4 * 3));
}

static void
a_lane_that_may_ask_for_no_more_pages_has_those_proven_that_it_holds(void)
{
	CHECK(asks_for_a_proof_with(1, MAX_WAITING + 1));
	CHECK(!asks_for_a_proof_with(1, MAX_WAITING));
}

static void
between_heads_a_proof_lets_entries_out(void)
{
	begin(100);
	lose(50);
	run_until(48);
	CHECK(is_out(0, 48, NONE));
	CHECK(told.news[LANE_PROVEN] > 1);
	CHECK(lane->proven.n == 48);
	end();
}

static void
where_the_largest_head_gives_no_proof_an_older_one_does(void)
{
	begin(60);
	server.mute = 100;	/* the log has signed more than it can serve */
	take_head(trees, 100);
	for (unsigned i = 60; i < 100; i++)
		lose(i);
	world.fetch.hold = 2 * PAGE;	/* what may wait does not reach the older head */
	run_until(60);
	CHECK(is_out(0, 60, NONE));
	CHECK(told.news[LANE_UNPROVEN] > 0 && lane->head.size == 60);
	end();
}

static void
what_waits_for_a_proof_has_come(void)
{
	begin(100);
	server.signs = NULL;
	CHECK(lane_come(lane) == 0);
	while (lane->tree.n < 20)
		run_until(0);
	CHECK(lane->next == 0 && lane_come(lane) == lane->tree.n);
	end();
}

static void
a_larger_head_lets_the_lane_go_on(void)
{
	begin(10);
	run_until(10);
	take_head(trees, 30);
	lane_grown(lane);
	run_until(30);
	CHECK(is_out(0, 30, NONE));
	CHECK(lane->head.size == 30);
	end();
}

static void
a_wrong_entry_is_left_out_alone(void)
{
	begin(40);
	serve(21);
	run_until(40);
	CHECK(told.news[LANE_MISFIT] == 4);	/* once with others, and three times alone */
	CHECK(told.news[LANE_HOLE] == 1 && told.from == 21 && told.to == 22);
	CHECK(is_out(0, 40, 21));
	CHECK(told.news[LANE_FORKED] == 0);
	end();
}

static void
a_wrong_entry_among_the_first_is_left_out_with_what_no_proof_tells_apart(void)
{
	begin(40);
	serve(1);
	run_until(40);
	CHECK(told.news[LANE_HOLE] == 1 && told.from == 0 && told.to == 3);
	CHECK(told.news[LANE_UNPROVEN] == 0);
	end();
}

/* Serves the entries from index on as if the log had left one out. */
static void
serve_shifted(uint64_t index)
{
	server.shift = index;
	serve(NONE);
}

static void
where_all_entries_are_wrong_from_one_on_holes_become_larger(void)
{
	begin(100);
	serve_shifted(21);
	while (told.to < 100 && told.news[LANE_HOLE] < 20)
		run_until(0);
	CHECK(told.to == 100 && told.news[LANE_HOLE] == 7);
	CHECK(told.news[LANE_MISFIT] == 4);	/* behind a hole nothing is fetched again */
	end();
}

static void
such_a_hole_may_end_behind_what_has_come(void)
{
	begin(100);
	serve_shifted(21);
	for (unsigned i = 32; i < 100; i++)
		lose(i);
	while (told.news[LANE_HOLE] < 4)
		run_until(0);
	CHECK(told.from == 28 && told.to == 36);
	end();
}

static void
of_wrong_entries_in_a_row_the_first_that_fits_again_goes_out(void)
{
	begin(60);
	serve_many(21, 6);
	run_until(60);
	CHECK(told.news[LANE_HOLE] == 3 && told.from == 24 && told.to == 27);
	end();
}

static void
a_wrong_entry_is_found_behind_two_that_no_proof_tells_apart(void)
{
	begin(2);
	run_until(2);
	serve(21);
	take_head(trees, 40);
	lane_grown(lane);
	run_until(40);
	CHECK(told.news[LANE_HOLE] == 1 && told.from == 21 && told.to == 22);
	CHECK(told.news[LANE_UNPROVEN] == 0);
	CHECK(is_out(0, 40, 21));
	end();
}

static void
a_head_of_another_tree_is_told_and_the_entries_go_on(void)
{
	begin(40);
	take_head(others, 10);
	run_until(40);
	CHECK(told.news[LANE_FORKED] == 1);
	CHECK(told.news[LANE_HOLE] == 0);
	CHECK(is_out(0, 40, NONE));
	end();
}

static void
a_log_that_does_not_say_which_entry_is_wrong_is_asked_again(void)
{
	begin(40);
	serve(21);
	while (told.news[LANE_UNPROVEN] == 0) {
		run_until(0);
		if (lane->hole.state == HOLE_SEEKS)
			server.signs = NULL;
	}
	CHECK(told.news[LANE_MISFIT] == 4 && told.news[LANE_HOLE] == 0);
	CHECK(lane->hole.state == HOLE_NONE && lane->asked == lane->proven.n);
	server.signs = trees;
	run_until(40);
	CHECK(told.news[LANE_HOLE] == 1 && told.from == 21 && told.to == 22);
	CHECK(is_out(0, 40, 21));
	end();
}

static void
serve_truly(void)
{
	serve(NONE);
}

static void
what_was_wrong_for_a_while_goes_out(void)
{
	begin(40);
	serve(21);
	at_misfit = serve_truly;
	run_until(40);
	CHECK(told.news[LANE_MISFIT] == 1);
	CHECK(told.news[LANE_HOLE] == 0);
	CHECK(is_out(0, 40, NONE));
	end();
}

static void
a_log_one_of_whose_servers_is_wrong_loses_nothing(void)
{
	begin(100);
	server.wrong_every = 2;
	run_until(100);
	CHECK(told.news[LANE_MISFIT] > 4);
	CHECK(told.news[LANE_HOLE] == 0);
	CHECK(is_out(0, 100, NONE));
	end();
}

static void
a_page_that_does_not_come_is_left_out_when_patience_ends(void)
{
	begin(40);
	lose(21);
	patience = HOUR / 2;
	run_until(40);
	CHECK(told.news[LANE_HOLE] == 1 && told.from == 20 && told.to == 24);
	CHECK(told.news[LANE_TROUBLE] > 0);
	end();
}

static void
the_first_entry_that_does_not_come_is_left_out_as_far_as_a_proof_can_tell(void)
{
	begin(40);
	fake.halves = true;
	lose(0);
	patience = HOUR / 2;
	run_until(40);
	CHECK(told.news[LANE_HOLE] == 1 && told.from == 0 && told.to == 3);
	CHECK(told.news[LANE_UNPROVEN] == 0);
	CHECK(is_out(3, 40, NONE));
	end();
}

static void
a_lost_page_is_left_out_without_proof_too(void)
{
	begin(40);
	server.signs = NULL;
	lane->may_be_unproven = true;
	fake.halves = true;
	lose(21);
	patience = HOUR / 2;
	run_until(40);
	CHECK(lane->unproven);
	CHECK(told.news[LANE_HOLE] == 1 && told.from == 21 && told.to == 22);
	CHECK(is_out(0, 40, 21));
	end();
}

static void
wait_longer(void)
{
	patience = 2 * HOUR;
}

static void
of_pages_lost_in_a_row_those_behind_the_first_are_given_less_time(void)
{
	begin(40);
	lose(21);
	lose(25);
	patience = HOUR / 2;
	at_hole = wait_longer;	/* the clock is an hour ahead: not long enough for a page alone */
	run_until(40);
	CHECK(told.news[LANE_HOLE] == 2 && told.from == 24 && told.to == 28);
	end();
}

static void
a_page_behind_a_lost_one_that_fails_for_another_reason_is_given_its_time(void)
{
	begin(40);
	lose(21);
	world_put("p24-28", SPAN(""));	/* an answer without entries */
	patience = HOUR / 2;
	at_hole = wait_longer;
	for (unsigned i = 0; i < 500; i++)
		run_until(0);
	CHECK(told.news[LANE_HOLE] == 1 && told.to == 24 && lane->next == 24);
	serve(NONE);
	run_until(40);
	CHECK(told.news[LANE_HOLE] == 1);
	end();
}

static void
of_a_page_that_is_halved_only_the_entry_that_does_not_come_is_left_out(void)
{
	begin(40);
	fake.halves = true;
	lose(21);
	patience = HOUR / 2;
	run_until(40);
	CHECK(told.from == 21 && told.to == 22);
	CHECK(is_out(0, 40, 21));
	end();
}

static void
a_gap_ends_where_it_ends_and_is_proven_under_its_head(void)
{
	struct head h = { .size = 40 };

	begin(100);
	lane_free(lane);
	tree_root(&trees[40], world.fetch.hash, h.root);
	lane = lane_open(&world.source, &heads, &trees[6], 21, &h, lane_told, &told);
	CHECK(lane_limit(lane) == 21);
	run_until(21);
	CHECK(lane_is_done(lane));
	CHECK(is_out(6, 21, NONE));
	CHECK(lane_turn(lane, 0, patience, 0) == HOST_NEVER);
	end();
}

static void
entries_before_skip_are_fetched_and_not_put_out(void)
{
	begin(40);
	lane->skip = 17;
	run_until(40);
	CHECK(is_out(17, 40, NONE));
	end();
}

/* Looks for the first entry as late as 20 while the entry `bent`, behind a head of 10 or 22, is wrong. */
static void
look_past(uint64_t head, unsigned bent, bool down)
{
	begin(head);
	take_head(trees, 40);
	server.signs = NULL;
	server.bent_down = down;
	serve(bent);
	lane->since = (struct mark_since){ 20, 40 };
	at_misfit = serve_truly;
	run_until(40);
	CHECK(told.news[LANE_MISFIT] > 0);
	CHECK(is_out(20, 40, NONE));
	end();
}

static void
an_entry_that_is_not_proven_does_not_decide_where_since_begins(void)
{
	look_past(10, 11, false);	/* it seems to be as late as is wanted, in a page of which a part is proven */
	look_past(10, 15, false);
	look_past(18, 20, true);	/* it seems to be earlier */
	look_past(17, 19, true);
}

static void
an_entry_that_differs_from_a_hash_proven_before_does_not_go_out(void)
{
	uint8_t leaf[TREE_HASH];

	begin(100);
	server.signs = NULL;
	serve(2);
	for (uint64_t n = 0; n < PAGE; n++) {
		tree_leaf_hash(world.fetch.hash, span_of(&n, sizeof(n)), leaf);
		known_add(&lane->known, n, 0, leaf);
	}
	lane->known_head = heads.best;
	while (told.news[LANE_MISFIT] == 0)
		run_until(0);
	CHECK(lane->next == 2 && lane->proven.n == 2);
	CHECK(is_out(0, 2, NONE));
	end();
}

static void
behind_the_first_late_entry_early_ones_go_out(void)
{
	begin(40);
	lane->since = (struct mark_since){ 20, 10 };
	run_until(40);
	CHECK(is_out(10, 40, NONE));	/* what came after the tree that was looked through */
	end();
}

static void
a_log_that_signs_another_tree_is_told_before_an_entry_of_it_leaves(void)
{
	begin(10);
	run_until(10);
	CHECK(is_out(0, 10, NONE));
	server.signs = others;
	take_head(others, 30);
	lane_grown(lane);
	while (told.news[LANE_FORKED] == 0)
		run_until(0);
	CHECK(is_out(0, 10, NONE));
	run_until(30);		/* what is honest of it goes on */
	CHECK(told.news[LANE_HOLE] == 0);
	CHECK(is_out(0, 30, NONE));
	end();
}

static void
without_proof_entries_go_out_where_that_is_allowed(void)
{
	begin(100);
	server.signs = NULL;
	lane->may_be_unproven = true;
	lose(90);
	run_until(88);
	CHECK(lane->unproven);
	CHECK(is_out(0, 88, NONE));
	end();
}

static void
once_the_log_proves_again_entries_are_proven_again(void)
{
	struct tree t;

	begin(40);
	server.signs = NULL;
	lane->may_be_unproven = true;
	lose(38);
	run_until(36);
	CHECK(lane->unproven);
	server.signs = trees;
	lane_range(lane, &t);
	serve(NONE);
	while (!lane->rejoins)
		run_until(0);
	CHECK(lane->unproven);
	run_until(40);
	take_head(trees, 100);
	lane_grown(lane);
	run_until(100);
	CHECK(!lane->unproven);
	CHECK(told.news[LANE_REJOINED] == 1);
	CHECK(is_out(0, 100, NONE));
	lane_range(lane, &t);
	CHECK(t.n == 100 && span_eq(tree_nodes(&t), tree_nodes(&trees[100])));
	end();
}

static void
a_lane_whose_head_is_taken_back_asks_no_more_for_what_is_behind(void)
{
	struct head small = { .size = 30, .timestamp = 200 };

	begin(100);
	for (unsigned i = 30; i < 100; i++)
		lose(i);
	run_until(28);
	CHECK(lane->asked > 30);
	tree_root(&trees[30], world.fetch.hash, small.root);
	heads_yield(&heads, &small);
	serve(NONE);
	lane_shrink(lane);
	CHECK(lane->asked <= 30 && lane_limit(lane) == 30);
	run_until(30);
	CHECK(is_out(0, 30, NONE));
	end();
}

static void
a_lane_that_becomes_a_gap_ends_there_and_another_goes_on(void)
{
	struct head h = { .size = 60, .timestamp = 60 };
	struct lane *gap;

	begin(60);
	while (lane->next < 8)
		run_until(8);
	tree_root(&trees[60], world.fetch.hash, h.root);
	gap = lane;
	CHECK(lane_may_jump(lane));
	lane_become_gap(gap, 60, &h);
	CHECK(!gap->live && gap->end == 60 && gap->begin == gap->next);
	take_head(trees, 80);
	run_until(60);
	CHECK(lane_is_done(gap));
	CHECK(is_out(0, 60, NONE));
	end();
}

static void
a_rewound_lane_asks_anew_for_all_that_is_not_proven(void)
{
	begin(100);
	server.signs = NULL;
	while (lane->tree.n < 20)
		run_until(0);
	lane_rewind(lane);
	CHECK(lane->tree.n == 0 && lane->asked == 0 && lane->first == NULL);
	server.signs = trees;
	run_until(100);
	CHECK(is_out(0, 100, NONE));
	end();
}

static void
the_range_of_a_mark_is_that_at_the_entry_that_goes_out_next(void)
{
	struct tree t;

	begin(100);
	lose(50);
	run_until(48);
	lane_range(lane, &t);
	CHECK(t.n == lane->next && span_eq(tree_nodes(&t), tree_nodes(&trees[t.n])));
	end();
}

int
main(void)
{
	struct hash *hash = hash_open();
	uint8_t leaf[TREE_HASH];

	tree_init(&trees[0]);
	tree_init(&others[0]);
	for (uint64_t n = 0; n < LEAVES; n++) {
		tree_leaf_hash(hash, span_of(&n, sizeof(n)), leaf);
		trees[n + 1] = trees[n];
		CHECK(tree_push(&trees[n + 1], hash, leaf, 0));
		leaf[0] ^= n == 3;
		others[n + 1] = others[n];
		CHECK(tree_push(&others[n + 1], hash, leaf, 0));
	}
	hash_free(hash);
	RUN(entries_go_out_in_order_under_the_root_of_a_head);
	RUN(nothing_goes_out_between_heads_without_a_proof);
	RUN(where_no_proof_comes_the_root_of_a_head_that_is_not_too_far_lets_entries_out);
	RUN(a_head_is_too_far_when_what_comes_before_it_takes_too_much_memory);
	RUN(where_requests_are_scarce_few_pages_are_not_proven_because_others_fill_the_memory);
	RUN(a_lane_that_may_ask_for_no_more_pages_has_those_proven_that_it_holds);
	RUN(between_heads_a_proof_lets_entries_out);
	RUN(where_the_largest_head_gives_no_proof_an_older_one_does);
	RUN(what_waits_for_a_proof_has_come);
	RUN(a_larger_head_lets_the_lane_go_on);
	RUN(a_wrong_entry_is_left_out_alone);
	RUN(a_wrong_entry_among_the_first_is_left_out_with_what_no_proof_tells_apart);
	RUN(where_all_entries_are_wrong_from_one_on_holes_become_larger);
	RUN(such_a_hole_may_end_behind_what_has_come);
	RUN(of_wrong_entries_in_a_row_the_first_that_fits_again_goes_out);
	RUN(a_wrong_entry_is_found_behind_two_that_no_proof_tells_apart);
	RUN(a_head_of_another_tree_is_told_and_the_entries_go_on);
	RUN(a_log_that_does_not_say_which_entry_is_wrong_is_asked_again);
	RUN(what_was_wrong_for_a_while_goes_out);
	RUN(a_log_one_of_whose_servers_is_wrong_loses_nothing);
	RUN(a_page_that_does_not_come_is_left_out_when_patience_ends);
	RUN(the_first_entry_that_does_not_come_is_left_out_as_far_as_a_proof_can_tell);
	RUN(a_lost_page_is_left_out_without_proof_too);
	RUN(of_pages_lost_in_a_row_those_behind_the_first_are_given_less_time);
	RUN(a_page_behind_a_lost_one_that_fails_for_another_reason_is_given_its_time);
	RUN(of_a_page_that_is_halved_only_the_entry_that_does_not_come_is_left_out);
	RUN(a_gap_ends_where_it_ends_and_is_proven_under_its_head);
	RUN(entries_before_skip_are_fetched_and_not_put_out);
	RUN(an_entry_that_is_not_proven_does_not_decide_where_since_begins);
	RUN(an_entry_that_differs_from_a_hash_proven_before_does_not_go_out);
	RUN(behind_the_first_late_entry_early_ones_go_out);
	RUN(a_log_that_signs_another_tree_is_told_before_an_entry_of_it_leaves);
	RUN(without_proof_entries_go_out_where_that_is_allowed);
	RUN(once_the_log_proves_again_entries_are_proven_again);
	RUN(a_lane_whose_head_is_taken_back_asks_no_more_for_what_is_behind);
	RUN(a_lane_that_becomes_a_gap_ends_there_and_another_goes_on);
	RUN(a_rewound_lane_asks_anew_for_all_that_is_not_proven);
	RUN(the_range_of_a_mark_is_that_at_the_entry_that_goes_out_next);
	return unit_end();
}

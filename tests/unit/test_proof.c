/* ct-fetch/proof/proof: how a question about the beginning of a tree ends. */
#include "unit.h"

#include <limits.h>

#include "ct-fetch/log/protocol.h"
#include "ct-fetch/proof/proof.h"
#include "world.h"

enum { LEAVES = 40 };

static struct tree trees[LEAVES + 1];	/* of the log */
static struct head head;		/* of all leaves; only its size matters here */
static struct proof proof;
static const char *answer_name = "answer";

/* ---- a prover that believes what its answers say ---- */

static struct {
	bool came, lies;
	unsigned begun, taken;
	unsigned lying;		/* how many answers are to lead to another root */
	unsigned refusals;	/* how often another request helps */
} fake;

static void
fake_begin(struct proof *p)
{
	(void)p;
	fake.came = false;
	fake.begun++;
}

static enum proof_step
fake_step(struct proof *p, struct buf *path)
{
	if (p->at > p->head.size)
		return PROOF_CANNOT;
	if (!fake.came) {
		buf_puts(path, answer_name);
		return PROOF_ASK;
	}
	if (fake.lies)
		return PROOF_WRONG;
	if (p->seeds)
		p->range = trees[p->at];
	return span_eq(tree_nodes(&p->range), tree_nodes(&trees[p->at])) ? PROOF_GOOD : PROOF_WRONG;
}

static const char *
fake_take(struct proof *p, struct span body)
{
	(void)p;
	fake.taken++;
	if (span_eq(body, SPAN("no proof")))
		return "it is no proof";
	fake.came = true;
	fake.lies = fake.lying > 0;
	fake.lying -= fake.lies;
	return NULL;
}

static bool
fake_refused(struct proof *p, int status)
{
	(void)p;
	(void)status;
	if (fake.refusals == 0)
		return false;
	fake.refusals--;
	return true;
}

static void
fake_drop(struct proof *p)
{
	(void)p;
}

static const struct prover fake_prover = {
	.what = "fake", .begin = fake_begin, .step = fake_step, .take = fake_take,
	.refused = fake_refused, .drop = fake_drop,
};
static const struct protocol fake_protocol = { .name = "fake", .prover = &fake_prover };

/* ---- questions ---- */

static struct {
	unsigned n;			/* calls of done */
	enum proof_result result;
	char why[MAX_WHY];
	uint64_t again;			/* proof_seed is to be called for it at the end; 0: no */
} outcome;

static void
done(void *cookie, struct proof *p, enum proof_result result, const char *why)
{
	uint64_t again = outcome.again;

	CHECK(cookie == &outcome);
	CHECK(p->state == PROOF_IDLE);
	outcome.n++;
	outcome.result = result;
	snprintf(outcome.why, sizeof(outcome.why), "%s", why != NULL ? why : "");
	if (again > 0) {
		outcome.again = 0;
		proof_seed(p, again, &head);
	} else {
		loop_stop(world.fetch.loop);
	}
}

/* Takes the next step, whatever pause there is. */
static void
turn(void)
{
	uint64_t again = UINT64_MAX;

	proof_turn(&proof, UINT64_MAX - 1, &again);
	if (proof.state == PROOF_WANTED)
		fetch_wake(&world.fetch);
}

static void
begin(const char *answer)
{
	memset(&fake, 0, sizeof(fake));
	memset(&outcome, 0, sizeof(outcome));
	world_open(&fake_protocol, 1);
	answer_name = "answer";
	if (answer != NULL)
		world_put("answer", span_of(answer, strlen(answer)));
	proof_init(&proof, &world.source, done, &outcome);
	head = (struct head){ .size = LEAVES };
}

static void
end(void)
{
	proof_free(&proof);
	world_close();
}

/* A tree of 20 leaves that is not the log's. */
static struct tree
other_tree(void)
{
	struct tree t = trees[20];

	t.h[0][0] ^= 1;
	return t;
}

static void
a_range_of_the_signed_tree_fits(void)
{
	begin("good");
	proof_check(&proof, &trees[20], &head);
	CHECK(proof.state == PROOF_WANTED);
	world_run(turn);
	CHECK(outcome.n == 1 && outcome.result == PROOF_FITS && outcome.why[0] == '\0');
	CHECK(fake.taken == 1);
	CHECK(world.source.count->asks.good == 1);
	end();
}

static void
a_range_of_another_tree_differs_and_is_replaced_by_the_signed_one(void)
{
	struct tree t = other_tree();

	begin("good");
	proof_check(&proof, &t, &head);
	world_run(turn);
	CHECK(outcome.n == 1 && outcome.result == PROOF_DIFFERS);
	CHECK(span_eq(tree_nodes(&proof.range), tree_nodes(&trees[20])));
	CHECK(fake.begun == 2);		/* it does not doubt a range before it has seen the log's */
	end();
}

static void
a_range_that_only_a_lie_makes_wrong_fits(void)
{
	begin("good");
	fake.lying = 1;
	proof_check(&proof, &trees[20], &head);
	world_run(turn);
	CHECK(outcome.n == 1 && outcome.result == PROOF_FITS);
	CHECK(fake.taken == 2);
	end();
}

static void
a_range_that_is_asked_for_comes(void)
{
	begin("good");
	proof_seed(&proof, 33, &head);
	world_run(turn);
	CHECK(outcome.result == PROOF_FITS);
	CHECK(span_eq(tree_nodes(&proof.range), tree_nodes(&trees[33])));
	end();
}

static void
answers_of_no_use_fail_after_a_few_tries(void)
{
	begin("no proof");
	proof_seed(&proof, 33, &head);
	world_run(turn);
	CHECK(outcome.n == 1 && outcome.result == PROOF_FAILED);
	CHECK(strcmp(outcome.why, "it is no proof") == 0);
	CHECK(fake.taken == PROOF_TRIES);
	CHECK(fake.begun == PROOF_TRIES);
	end();
}

static void
a_range_that_does_not_lead_to_the_signed_root_is_not_taken(void)
{
	begin("good");
	fake.lying = UINT_MAX;
	proof_seed(&proof, 33, &head);
	world_run(turn);
	CHECK(outcome.n == 1 && outcome.result == PROOF_FAILED);
	CHECK(strstr(outcome.why, "RFC 6962 2.1") != NULL);
	end();
}

static void
a_log_that_refuses_proofs_is_told_with_its_status(void)
{
	begin(NULL);
	proof_check(&proof, &trees[20], &head);
	world_run(turn);
	CHECK(outcome.n == 1 && outcome.result == PROOF_FAILED);
	CHECK(strcmp(outcome.why, "") != 0);
	CHECK(world.source.count->asks.started == PROOF_TRIES);
	end();
}

static void
a_refusal_that_leads_to_another_request_is_no_failure(void)
{
	begin(NULL);
	fake.refusals = 2 * PROOF_TRIES;
	proof_check(&proof, &trees[20], &head);
	world_run(turn);
	CHECK(world.source.count->asks.started == 3 * PROOF_TRIES);
	CHECK(outcome.n == 1 && outcome.result == PROOF_FAILED);
	end();
}

static void
a_good_answer_forgives_those_before_it(void)
{
	begin("good");
	proof_check(&proof, &trees[20], &head);
	proof.tries = PROOF_TRIES - 1;
	fake.refusals = 0;
	world_run(turn);
	CHECK(outcome.result == PROOF_FITS);
	CHECK(proof.tries == 0);
	end();
}

static void
between_answers_of_no_use_there_is_a_pause(void)
{
	uint64_t again = UINT64_MAX, now;

	begin("no proof");
	proof_check(&proof, &trees[20], &head);
	now = loop_now(world.fetch.loop);
	proof.not_before = now + 500;
	proof_turn(&proof, now, &again);
	CHECK(again == now + 500);
	CHECK(proof.state == PROOF_WANTED);
	CHECK(world.source.count->asks.started == 0);
	end();
}

static void
a_question_that_no_request_answers_fails_at_once(void)
{
	begin("good");
	head.size = 10;
	proof_check(&proof, &trees[20], &head);
	world_run(turn);
	CHECK(outcome.n == 1 && outcome.result == PROOF_FAILED);
	CHECK(world.source.count->asks.started == 0);
	end();
}

static void
the_end_of_a_question_may_open_the_next(void)
{
	begin("good");
	outcome.again = 7;
	proof_check(&proof, &trees[20], &head);
	world_run(turn);
	CHECK(outcome.n == 2 && outcome.result == PROOF_FITS);
	CHECK(proof.at == 7 && span_eq(tree_nodes(&proof.range), tree_nodes(&trees[7])));
	end();
}

static void
a_question_that_was_cancelled_has_no_end(void)
{
	uint64_t again = UINT64_MAX;

	begin("good");
	proof_check(&proof, &trees[20], &head);
	proof_turn(&proof, loop_now(world.fetch.loop), &again);
	CHECK(proof.state == PROOF_ASKED);
	proof_cancel(&proof);
	CHECK(proof.state == PROOF_IDLE);
	proof_seed(&proof, 5, &head);
	world_run(turn);
	CHECK(outcome.n == 1 && proof.at == 5);
	end();
}

int
main(void)
{
	struct hash *hash = hash_open();
	uint8_t leaf[TREE_HASH];

	tree_init(&trees[0]);
	for (unsigned n = 0; n < LEAVES; n++) {
		tree_leaf_hash(hash, span_of(&n, sizeof(n)), leaf);
		trees[n + 1] = trees[n];
		CHECK(tree_push(&trees[n + 1], hash, leaf, 0));
	}
	hash_free(hash);
	RUN(a_range_of_the_signed_tree_fits);
	RUN(a_range_of_another_tree_differs_and_is_replaced_by_the_signed_one);
	RUN(a_range_that_only_a_lie_makes_wrong_fits);
	RUN(a_range_that_is_asked_for_comes);
	RUN(answers_of_no_use_fail_after_a_few_tries);
	RUN(a_range_that_does_not_lead_to_the_signed_root_is_not_taken);
	RUN(a_log_that_refuses_proofs_is_told_with_its_status);
	RUN(a_refusal_that_leads_to_another_request_is_no_failure);
	RUN(a_good_answer_forgives_those_before_it);
	RUN(between_answers_of_no_use_there_is_a_pause);
	RUN(a_question_that_no_request_answers_fails_at_once);
	RUN(the_end_of_a_question_may_open_the_next);
	RUN(a_question_that_was_cancelled_has_no_end);
	return unit_end();
}

/*
 * Questions about the beginning of a log's tree.
 *
 * in: a compact range or a size, a signed head, and the answers of the log
 * out: whether the range fits, or which range does
 *
 * A range that does not fit can have two causes: it is wrong, or what the log answered is. So the
 * log is then asked for its own range of that size, which the signed root confirms or not; only a
 * range that differs from a confirmed one is called different.
 */
#include "ct-fetch/proof/proof.h"

#include "base/tell.h"
#include "ct-fetch/log/protocol.h"
#include "ct-fetch/log/source.h"

enum {
	MAX_PROOF = 64 << 10,		/* bytes of one answer */
	MAX_DOUBLINGS = 5,		/* of the pause after an answer of no use: 32 s */
};

static void proof_answered(void *cookie, struct http_answer *a);

void
proof_init(struct proof *p, const struct source *s,
    void (*done)(void *cookie, struct proof *p, enum proof_result result, const char *why),
    void *cookie)
{
	*p = (struct proof){ .source = s, .done = done, .cookie = cookie };
	ask_init(&p->ask, s->fetch, s->host, proof_answered, p);
	p->ask.count = &s->count->asks;
}

void
proof_cancel(struct proof *p)
{
	ask_cancel(&p->ask);
	p->state = PROOF_IDLE;
}

void
proof_free(struct proof *p)
{
	proof_cancel(p);
	if (p->own != NULL)
		p->source->protocol->prover->drop(p);
	known_free(&p->known);
}

/* Begins to ask, or anew: nothing that was answered before counts. */
static void
proof_begin(struct proof *p)
{
	known_free(&p->known);
	if (p->seeds)
		tree_init(&p->range);
	p->ahead = p->range;
	p->state = PROOF_WANTED;
	p->source->protocol->prover->begin(p);
}

static void
proof_open(struct proof *p)
{
	p->not_before = 0;
	proof_begin(p);
	fetch_wake(p->source->fetch);
}

void
proof_check(struct proof *p, const struct tree *range, const struct head *head)
{
	p->head = *head;
	p->at = range->n;
	p->range = *range;
	p->seeds = false;
	p->doubts = false;
	p->tries = p->rounds = 0;
	proof_open(p);
}

void
proof_seed(struct proof *p, uint64_t at, const struct head *head)
{
	p->head = *head;
	p->at = at;
	p->seeds = true;
	p->doubts = false;
	p->tries = p->rounds = 0;
	proof_open(p);
}

static void
proof_end(struct proof *p, enum proof_result result, const char *why)
{
	p->state = PROOF_IDLE;
	p->done(p->cookie, p, result, why);
}

static bool
proof_is_mine(const struct proof *p)
{
	return span_eq(tree_nodes(&p->range), tree_nodes(&p->mine));
}

/* What has come is of no use, for the n-th time: asks again after a while, or gives up. */
static void
proof_useless(struct proof *p, unsigned n, const char *why)
{
	const struct source *s = p->source;
	struct fetch *f = s->fetch;

	if (n >= PROOF_TRIES) {
		proof_end(p, PROOF_FAILED, why);
		return;
	}
	tell(TELL_DEBUG, "%s: %s: %s; asking again", s->name, s->protocol->prover->what, why);
	p->not_before = loop_now(f->loop) + hosts_backoff(f->hosts, n, MAX_DOUBLINGS);
	proof_begin(p);
}

/* The signed root was not reached. */
static void
proof_wrong(struct proof *p)
{
	if (p->seeds) {
		proof_useless(p, ++p->rounds, "RFC 6962 2.1: the answer does not lead to the signed root");
		return;
	}
	p->mine = p->range;
	p->doubts = true;
	p->seeds = true;
	proof_open(p);
}

static void
proof_ask(struct proof *p, const char *path, uint64_t *again)
{
	struct ask_request request = {
		.base = p->source->url, .path = path, .class = HOST_PROOF, .most = MAX_PROOF,
		.deadline = ASK_SMALL, .fresh = p->tries > 0 || p->rounds > 0 || p->doubts,
	};

	if (ask_start(&p->ask, &request, again))
		p->state = PROOF_ASKED;
}

void
proof_turn(struct proof *p, uint64_t now, uint64_t *again)
{
	struct buf path = { 0 };

	if (p->state != PROOF_WANTED)
		return;
	if (now < p->not_before) {
		*again = p->not_before < *again ? p->not_before : *again;
		return;
	}
	switch (p->source->protocol->prover->step(p, &path)) {
	case PROOF_ASK:
		proof_ask(p, buf_str(&path), again);
		break;
	case PROOF_GOOD:
		proof_end(p, p->doubts && !proof_is_mine(p) ? PROOF_DIFFERS : PROOF_FITS, NULL);
		break;
	case PROOF_WRONG:
		proof_wrong(p);
		break;
	case PROOF_CANNOT:
		proof_end(p, PROOF_FAILED, "the tree is too small for such a proof");
		break;
	}
	buf_free(&path);
}

static void
proof_answered(void *cookie, struct http_answer *a)
{
	struct proof *p = cookie;
	const struct prover *prover = p->source->protocol->prover;
	char text[MAX_WHY];
	const char *why;

	p->state = PROOF_WANTED;
	if (a->status == 200 && !a->cut) {
		why = prover->take(p, buf_span(&a->body));
		if (why == NULL)
			p->tries = 0;
		else
			proof_useless(p, ++p->tries, why);
	} else if (!prover->refused(p, a->status)) {
		proof_useless(p, ++p->tries, ask_why(a, text));
	}
}

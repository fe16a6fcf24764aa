/*
 * The heads of one log, compared with each other by what the log answers.
 *
 * in: heads that a larger one should contain: smaller ones, and that of the mark
 * out: whether it does; two signed heads that exclude each other, as evidence
 */
#include "base/tell.h"
#include "ct-fetch/log/log_parts.h"
#include "enc/hex.h"

enum { LOG_RECALL_MS = 60 * 1000 };	/* in which the log has to answer before its entries go out */

static void log_audited(void *cookie, struct proof *p, enum proof_result result, const char *why);

void
log_audit_init(struct log *l)
{
	proof_init(&l->audit.proof, &l->source, log_audited, l);
}

void
log_equivocates(struct log *l, const char *kind, const struct head *h, const struct heads_root *r,
    const struct head *other)
{
	struct buf detail = { 0 };

	buf_putf(&detail, "the root of size %llu was ", (unsigned long long)r->size);
	hex_put(&detail, span_of(r->root, TREE_HASH));
	log_accuse(l, &(struct evidence_incident){
		.kind = kind, .detail = buf_str(&detail), .heads = { h, other },
	});
	buf_free(&detail);
}

const struct head *
log_head_of(const struct log *l, const struct heads_root *r)
{
	const struct head *h = heads_signed(&l->heads, r);

	if (h == NULL && l->place.has_head && heads_fit(&l->place.head, r))
		h = &l->place.head;
	if (h == NULL && l->heads.has_best)
		h = &l->heads.best;
	return h;
}

static void
log_audit_open(struct log *l, const struct head *h)
{
	l->audit.head = *h;
	proof_seed(&l->audit.proof, h->size, &l->heads.best);
}

void
log_audit(struct log *l, const struct head *h)
{
	if (l->audit.proof.state != PROOF_IDLE || h->size == l->audit.head.size || h->size == 0)
		return;
	log_audit_open(l, h);
}

/* Returns true when the head of the mark is one that entries have not reached, and the best one is larger. */
static bool
log_has_older_place(const struct log *l)
{
	const struct head *h = &l->place.head;

	return l->place.has_head && !l->place.unproven && h->size > l->place.next &&
	    h->size < l->heads.best.size;
}

static void
log_audit_failed(struct log *l, bool of_place, const char *why)
{
	const struct head *h = of_place ? &l->place.head : &l->audit.head;

	tell(of_place ? TELL_WARNING : TELL_DEBUG,
	    "%s: whether the head of size %llu is an earlier one cannot be seen: %s", l->source.name,
	    (unsigned long long)h->size, why);
	if (of_place)
		l->audit.recall = RECALL_FAILED;
}

bool
log_audits_place(struct log *l, uint64_t now, uint64_t *again)
{
	struct log_audit *a = &l->audit;

	if (a->recall == RECALL_OPEN && !log_has_older_place(l))
		a->recall = RECALL_DONE;
	if (a->recall == RECALL_ASKED && a->proof.state == PROOF_IDLE)
		a->recall = RECALL_FAILED;	/* it was given up for something else */
	if (a->recall == RECALL_DONE || a->recall == RECALL_FAILED)
		return false;
	if (a->recall_until == 0)
		a->recall_until = now + LOG_RECALL_MS;
	if (now >= a->recall_until) {
		if (a->recall == RECALL_ASKED)
			proof_cancel(&a->proof);
		log_audit_failed(l, true, "no answer for a minute");
		return false;
	}
	*again = a->recall_until < *again ? a->recall_until : *again;
	if (a->recall == RECALL_OPEN && a->proof.state == PROOF_IDLE) {
		a->recall = RECALL_ASKED;
		log_audit_open(l, &l->place.head);
	}
	return true;
}

static void
log_audited(void *cookie, struct proof *p, enum proof_result result, const char *why)
{
	struct log *l = cookie;
	struct heads_root theirs = { .size = l->audit.head.size };
	bool of_place = l->audit.recall == RECALL_ASKED;

	fetch_wake(l->fetch);
	if (result == PROOF_FAILED) {
		log_audit_failed(l, of_place, why);
		return;
	}
	if (of_place)
		l->audit.recall = RECALL_DONE;
	tree_root(&p->range, l->fetch->hash, theirs.root);
	if (memcmp(theirs.root, l->audit.head.root, TREE_HASH) == 0)
		return;
	log_equivocates(l, "a head that is not the beginning of a larger one", &l->audit.head, &theirs,
	    &p->head);
	heads_drop(&l->heads, l->audit.head.size);	/* what has come need not be fetched again for it */
}

/*
 * A proof: the beginning of a log's tree, checked against a tree head that the log has signed. It
 * answers two questions by a few small requests to the log:
 *
 * - Does a compact range that was made of entries belong to the signed tree? (proof_check)
 * - What is the compact range of the first `at` entries of the signed tree? (proof_seed)
 *
 * A log of RFC 6962 answers with consistency proofs, a tiled log with its hash tiles (struct
 * prover). One struct proof is used again and again, for one question at a time.
 */
#ifndef CT_FETCH_PROOF_PROOF_H
#define CT_FETCH_PROOF_PROOF_H

#include "ct-fetch/net/ask.h"
#include "ct-fetch/proof/known.h"
#include "ct/head.h"

struct proof;
struct source;

/* How a question ended. */
enum proof_result {
	PROOF_FITS,	/* range is the beginning of the signed tree */
	PROOF_DIFFERS,	/* it is not: range has become that of the signed tree */
	PROOF_FAILED,	/* the log did not answer, or what it answered proves nothing */
};

/* What a prover needs next. */
enum proof_step {
	PROOF_ASK,	/* the answer to a request for path */
	PROOF_GOOD,	/* nothing: the signed root has been reached */
	PROOF_WRONG,	/* nothing: another root has been reached */
	PROOF_CANNOT,	/* nothing: no request can answer this question */
};

/* How one protocol proves. Each function sees the members of struct proof that are marked below. */
struct prover {
	const char *what;	/* what a request is called in messages */

	/* Begins a question: sets proof->own, which begin finds NULL or as it left it. */
	void (*begin)(struct proof *proof);

	/* Says what comes next; with PROOF_ASK, path has got the path of the request. */
	enum proof_step (*step)(struct proof *proof, struct buf *path);

	/* Reads the answer to that request. Returns NULL, or a static reason why it is of no use. */
	const char *(*take)(struct proof *proof, struct span body);

	/* Returns true when another request can be made after this one got the HTTP status. */
	bool (*refused)(struct proof *proof, int status);

	/* Frees proof->own. */
	void (*drop)(struct proof *proof);
};

extern const struct prover prover_consistency;	/* logs of RFC 6962: get-sth-consistency */
extern const struct prover prover_tiles;	/* tiled logs: hash tiles */

enum proof_state {
	PROOF_IDLE,	/* no question is open */
	PROOF_WANTED,	/* a request is to be made, once the host allows it */
	PROOF_ASKED,	/* a request is under way */
};

struct proof {
	/* Read by the prover too. */
	const struct source *source;
	struct head head;	/* the signed head */
	uint64_t at;		/* the size in question, at most head.size */
	bool seeds;		/* range is wanted; else it is given */
	struct tree range;	/* of `at` leaves */
	struct known known;	/* set by the prover: hashes of head's tree from `at` on, if it has any */
	struct tree ahead;	/* set by the prover: the range at the end of known */
	void *own;		/* the prover's */

	/* The rest belongs to proof.c; others may read state, and provers doubts and rounds. */
	enum proof_state state;
	bool doubts;		/* range did not fit, so the log is asked for its own */
	struct tree mine;	/* the range that did not fit */
	unsigned tries;		/* answers of no use in a row */
	unsigned rounds;	/* times that answers led to another root than the signed one */
	uint64_t not_before;	/* loop ms */
	struct ask ask;
	void (*done)(void *cookie, struct proof *proof, enum proof_result result, const char *why);
	void *cookie;
};

enum {
	PROOF_TRIES = 4,	/* tries, or rounds, after which a question has failed */
};

/*
 * Prepares proof for questions to source, which must outlive it. done(cookie, proof, result, why)
 * is called at the end of each question, from the loop or from proof_turn; it may open another
 * one. why is NULL, or with PROOF_FAILED what went wrong.
 */
void proof_init(struct proof *proof, const struct source *source,
    void (*done)(void *cookie, struct proof *proof, enum proof_result result, const char *why),
    void *cookie);

/* Ends the question that is open, without a call of done, and frees what proof holds. */
void proof_free(struct proof *proof);

/* Ends the question that is open, if one is, without a call of done. */
void proof_cancel(struct proof *proof);

/* Asks whether range, of at most head->size leaves, is the beginning of the tree of head. */
void proof_check(struct proof *proof, const struct tree *range, const struct head *head);

/* Asks for the range of the first `at` leaves of the tree of head; at is at most head->size. */
void proof_seed(struct proof *proof, uint64_t at, const struct head *head);

/*
 * Takes the next step of the question that is open. now is in loop ms. Where only time is missing,
 * *again becomes the earlier of what it was and the loop ms to call again.
 */
void proof_turn(struct proof *proof, uint64_t now, uint64_t *again);

#endif

/*
 * Proofs by get-sth-consistency (RFC 6962 4.4), the one proof that every log of RFC 6962 gives.
 *
 * in: answers, hashes in base64
 * out: whether a range belongs to a signed tree; or the range itself, which such an answer holds
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/die.h"
#include "ct-fetch/log/source.h"
#include "ct-fetch/proof/proof.h"
#include "ct/tree_proof.h"
#include "enc/b64.h"
#include "enc/json.h"

enum {
	MAX_PATH = 2 * MAX_TREE_NODES,	/* hashes of one answer: two for each level of a tree */
};

/* The answer that has come, if any. */
struct consistency {
	uint64_t first;		/* the smaller size that the proof is about; 0: none will do */
	bool came;
	size_t n;		/* bytes of path */
	uint8_t path[MAX_PATH * TREE_HASH];
};

/* Returns true when proof can be answered without a request. */
static bool
consistency_is_plain(const struct proof *p)
{
	return p->at == 0 || (!p->seeds && p->at == p->head.size);
}

static void
consistency_begin(struct proof *p)
{
	struct consistency *c = p->own;

	if (c == NULL)
		p->own = c = calloc(1, sizeof(*c));
	if (c == NULL)
		die_world("out of memory");
	c->came = false;
	c->first = p->seeds ? tree_ask_for(p->at, p->head.size) : p->at;
}

/* Compares what is there with the signed root. */
static enum proof_step
consistency_judge(struct proof *p)
{
	const struct consistency *c = p->own;
	struct hash *hash = p->source->fetch->hash;
	struct span path = { c->path, c->n };
	uint8_t root[TREE_HASH];
	const char *why;

	if (p->seeds) {
		why = tree_restore_proof(&p->range, hash, p->at, p->head.size, path, p->head.root);
	} else {
		tree_root(&p->range, hash, root);
		why = tree_consistency(hash, p->at, root, p->head.size, p->head.root, path);
	}
	return why == NULL ? PROOF_GOOD : PROOF_WRONG;
}

static enum proof_step
consistency_step(struct proof *p, struct buf *path)
{
	struct consistency *c = p->own;

	if (consistency_is_plain(p)) {
		c->n = 0;
		if (p->at == 0) {	/* every tree begins with none */
			tree_init(&p->range);
			return PROOF_GOOD;
		}
		return consistency_judge(p);
	}
	if (c->came)
		return consistency_judge(p);
	if (c->first == 0)
		return PROOF_CANNOT;
	buf_putf(path, "ct/v1/get-sth-consistency?first=%" PRIu64 "&second=%" PRIu64, c->first,
	    p->head.size);
	return PROOF_ASK;
}

/* Reads one hash, whose base64 may have escaped slashes. Returns true, or false when it is none. */
static bool
consistency_hash(struct json *j, struct buf *plain, uint8_t out[TREE_HASH])
{
	uint8_t hash[TREE_HASH + 1];
	struct json_str s;

	buf_reset(plain);
	if (json_peek(j) != JSON_STRING || !json_take_string(j, &s) || !json_unescape(plain, s) ||
	    plain->n != b64_encoded(TREE_HASH) || b64_take(hash, buf_span(plain)) != TREE_HASH)
		return false;
	memcpy(out, hash, TREE_HASH);
	return true;
}

static const char *
consistency_hashes(struct consistency *c, struct json *j, struct buf *plain)
{
	if (json_peek(j) == JSON_NULL)	/* no hashes, as some servers write it */
		return json_skip(j, NULL) ? NULL : j->why;
	if (json_peek(j) != JSON_ARRAY || !json_enter(j))
		return "RFC 6962 4.4: consistency is not an array";
	while (json_item(j)) {
		if (c->n == sizeof(c->path))
			return "RFC 6962 4.4: more hashes than a proof has";
		if (!consistency_hash(j, plain, c->path + c->n))
			return "RFC 6962 4.4: one of the hashes is not 32 bytes in base64";
		c->n += TREE_HASH;
	}
	return j->why;
}

static const char *
consistency_take(struct proof *p, struct span body)
{
	struct consistency *c = p->own;
	struct json_str key;
	const char *why = NULL;
	bool found = false;
	struct json j;

	c->n = 0;
	json_init(&j, body);
	if (json_peek(&j) != JSON_OBJECT || !json_enter(&j))
		return "RFC 6962 4.4: the answer is not a JSON object";
	while (why == NULL && !found && json_key(&j, &key)) {
		found = json_is(key, "consistency");
		if (found)
			why = consistency_hashes(c, &j, p->source->fetch->scratch);
		else
			(void)json_skip(&j, NULL);
	}
	if (why == NULL && !found)
		why = "RFC 6962 4.4: the answer has no consistency";
	c->came = why == NULL;
	return why;
}

static bool
consistency_refused(struct proof *p, int status)
{
	(void)p;
	(void)status;
	return false;
}

static void
consistency_drop(struct proof *p)
{
	free(p->own);
	p->own = NULL;
}

const struct prover prover_consistency = {
	.what = "get-sth-consistency",
	.begin = consistency_begin,
	.step = consistency_step,
	.take = consistency_take,
	.refused = consistency_refused,
	.drop = consistency_drop,
};

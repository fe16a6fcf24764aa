/*
 * Logs that forge. In: a log, and what is forged. Out: another log of the same name and key,
 * which answers in its place: with entries that are not those of its tree, or with a tree
 * that is not that of the honest log. It follows the honest log as that grows, and its heads
 * are signed as true ones are.
 *
 * Where only some endpoints have such a rule, the others stay honest: wrong hashes in
 * tile/0 alone are a tile that lies, and in get-sth-consistency alone a proof that does.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/log/fail.h"
#include "tests/log/fault_kind.h"

#define LEAF_TIME   9	/* offset of the last byte of a leaf's timestamp (RFC 6962 section 3.4) */
#define LEAF_TYPE   11	/* of the last byte of its entry_type */
#define LEAF_X509   12	/* of the length of a certificate */
#define LEAF_PRE    44	/* of the length of a precertificate's TBSCertificate */

enum forgery {
	FORGE_FLIP_LEAF, FORGE_FLIP_HASH, FORGE_DROP, FORGE_SWAP, FORGE_INDEX, FORGE_BREAK,
	FORGE_FORK, FORGE_REWIND, FORGERIES
};

/* The names of the kinds, in this order. */
static const char *const forgeries[FORGERIES] = { "flip-leaf", "flip-hash", "drop-leaf",
	"swap-leaves", "leaf-index", "break-leaf", "fork", "rewind" };

/* The forged log that a rule makes of one honest log. */
struct forged {
	struct forged *next;
	const struct log *honest;
	enum forgery forgery;
	bool in_tree;		/* the tree is made of the forged entries */
	uint64_t signed_at;	/* timestamp of the honest head that was followed last */
	struct log log;
};

static enum forgery
fault_tree_forgery(const struct fault *f)
{
	int i = 0;

	while (i < FORGERIES - 1 && strcmp(f->kind->name, forgeries[i]) != 0)
		i++;
	return (enum forgery)i;
}

/* The last word of a rule may be "signed". */
static bool
fault_tree_is_signed(const struct fault *f)
{
	return f->count > 1 && strcmp(f->word[f->count - 1], "signed") == 0;
}

const char *
fault_tree_check(const struct fault *f)
{
	unsigned i, numbers = f->count - (fault_tree_is_signed(f) ? 1 : 0);

	for (i = 0; i < numbers; i++)
		if (strspn(f->word[i], "0123456789") != strlen(f->word[i]))
			return "a forgery takes indexes, and then maybe: signed";
	return NULL;
}

static uint64_t
fault_tree_number(const struct fault *f, unsigned i)
{
	return i < f->count ? strtoull(f->word[i], NULL, 10) : UINT64_MAX;
}

static bool
fault_tree_names(const struct fault *f, uint64_t index)
{
	unsigned i, numbers = f->count - (fault_tree_is_signed(f) ? 1 : 0);

	for (i = 0; i < numbers; i++)
		if (fault_tree_number(f, i) == index)
			return true;
	return false;
}

static struct entry *
fault_tree_copy(const struct entry *e)
{
	struct entry *copy = malloc(sizeof(*e) + e->leaf_len + e->pre_len);

	if (copy == NULL)
		fail_world("out of memory for forged entries");
	memcpy(copy, e, sizeof(*e) + e->leaf_len + e->pre_len);
	return copy;
}

/* Where an entry of another index stands, returns that index, else the same. */
static uint64_t
fault_tree_place(const struct fault *f, enum forgery forgery, const struct log *l, uint64_t index)
{
	uint64_t a = fault_tree_number(f, 0), b = fault_tree_number(f, 1), other = index;

	if (forgery == FORGE_SWAP && index == a)
		other = b;
	else if (forgery == FORGE_SWAP && index == b)
		other = a;
	/* The entries behind move up, as far as the end of the tile, whose last one then stands there twice. */
	else if (forgery == FORGE_DROP && index >= a && index / TILE_WIDTH == a / TILE_WIDTH &&
	    (index + 1) % TILE_WIDTH != 0)
		other = index + 1;
	return other < l->tree.size ? other : index;
}

/* Returns the entry as it is forged, which is the honest one where nothing is. */
static struct entry *
fault_tree_entry(const struct fault *f, enum forgery forgery, const struct log *l, uint64_t index)
{
	struct entry *e = l->entry[fault_tree_place(f, forgery, l, index)];
	size_t length = e->at[LEAF_TYPE] == 0 ? LEAF_X509 : LEAF_PRE, i;

	if (forgery == FORGE_FORK ? index < fault_tree_number(f, 0) : !fault_tree_names(f, index))
		return e;
	if (forgery == FORGE_FLIP_LEAF) {
		e = fault_tree_copy(e);
		e->at[e->leaf_len / 2] ^= 1;
	} else if (forgery == FORGE_FORK) {
		e = fault_tree_copy(e);
		e->at[LEAF_TIME] ^= 1;
	} else if (forgery == FORGE_BREAK) {
		e = fault_tree_copy(e);
		memset(e->at + length, 0xff, 3);
	} else if (forgery == FORGE_INDEX && index == fault_tree_number(f, 0) &&
	    l->type & LOG_TILED) {
		/* The extension at the end of the leaf holds the index in its last five bytes. */
		e = fault_tree_copy(e);
		for (i = 0; i < 5; i++)
			e->at[e->leaf_len - 1 - i] = (unsigned char)(fault_tree_number(f, 1) >> 8 * i);
	}
	return e;
}

static void
fault_tree_put(struct forged *g, const struct fault *f, uint64_t index)
{
	struct entry *e = fault_tree_entry(f, g->forgery, g->honest, index);
	unsigned char hash[TREE_HASH];

	memcpy(hash, tree_node(&g->honest->tree, 0, index), TREE_HASH);
	if (g->forgery == FORGE_FLIP_HASH && fault_tree_names(f, index))
		hash[TREE_HASH - 1] ^= 1;
	log_put(&g->log, e, g->in_tree ? NULL : hash);
}

/* Brings the forged log to where the honest one is. The caller holds the fault's lock. */
static void
fault_tree_follow(struct forged *g, const struct fault *f, struct log *honest)
{
	uint64_t size;

	log_read_lock(honest);
	if (honest->head.timestamp != g->signed_at) {
		size = honest->head.size;
		if (g->forgery == FORGE_REWIND && size > fault_tree_number(f, 0))
			size = fault_tree_number(f, 0);
		while (g->log.tree.size < size)
			fault_tree_put(g, f, g->log.tree.size);
		g->signed_at = honest->head.timestamp;
		log_publish(&g->log, g->signed_at);
	}
	log_unlock(honest);
}

static struct forged *
fault_tree_make(struct fault *f, const struct log *honest)
{
	struct forged *g = calloc(1, sizeof(*g));

	if (g == NULL)
		fail_world("out of memory for a forged log");
	g->honest = honest;
	g->forgery = fault_tree_forgery(f);
	g->in_tree = g->forgery == FORGE_FORK || fault_tree_is_signed(f);
	log_init(&g->log, honest->pki, honest->name, honest->type, honest->broken);
	memcpy(g->log.origin, honest->origin, sizeof(honest->origin));
	g->next = f->state;
	f->state = g;
	return g;
}

/* A rule with * forges each log that is asked, and keeps what it made of each. */
bool
fault_tree(struct fault *f, struct fault_case *c)
{
	struct forged *g;

	if (c->target->log == NULL)
		return false;
	pthread_mutex_lock(&f->lock);
	for (g = f->state; g != NULL && g->honest != c->target->log; g = g->next)
		;
	if (g == NULL)
		g = fault_tree_make(f, c->target->log);
	fault_tree_follow(g, f, c->target->log);
	pthread_mutex_unlock(&f->lock);
	c->log = &g->log;
	return false;
}

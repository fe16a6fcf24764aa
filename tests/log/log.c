/*
 * A CT log (RFC 6962 section 3, static-ct-api). In: certificates from cert.c, in the
 * order that order.c gives. Out: entries, a tree over them, and signed heads.
 */
#include "tests/log/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/log/cert.h"
#include "tests/log/fail.h"
#include "tests/log/order.h"

#define LOG_EPOCH  INT64_C(1767571200)	/* entries begin on 2026-01-05 */
#define LOG_STEP   250			/* ms from an entry to the next, on average */
#define LOG_JITTER 2000			/* ms, so that entries are not quite in the order of their times */

/*
 * Names of logs whose SCTs certificates have. Shared certificates have those of the
 * first two, which are true when logs of these names and types are served. All other
 * certificates have one or two of the last two, whose logs are never served here.
 */
static const struct {
	const char *name;
	bool tiled;
} peers[LOG_PEERS] = {
	{ "alder", false },
	{ "birch", true },
	{ "hazel", false },
	{ "rowan", false },
};

enum { PEER_SHARED = 0, PEER_ELSEWHERE = 2 };

void
log_check_name(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len >= LOG_NAME_MAX ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != len)
		fail_usage("a log's name is 1 to %d of a-z, 0-9 and -, not '%s'",
		    LOG_NAME_MAX - 1, name);
}

enum log_type
log_type_parse(const char *name)
{
	static const struct {
		const char *name;
		enum log_type type;
	} types[] = { { "rfc6962", LOG_RFC6962 }, { "tiled", LOG_TILED }, { "both", LOG_BOTH } };
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(name, types[i].name) == 0)
			return types[i].type;
	fail_usage("a log is rfc6962, tiled or both, not '%s'", name);
}

void
log_init_key(struct key *key, const char *seed, const char *name)
{
	char stream[64];
	struct rand r;

	snprintf(stream, sizeof(stream), "key of %s", name);
	rand_init(&r, seed, stream, 0);
	key_init_ec(key, &r);
}

/* Prefers writers, because readers that never pause would keep the log from growing. */
static void
log_init_lock(struct log *l)
{
	pthread_rwlockattr_t first;
	const int kind = PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP;

	if (pthread_rwlockattr_init(&first) != 0 ||
	    pthread_rwlockattr_setkind_np(&first, kind) != 0 ||
	    pthread_rwlock_init(&l->lock, &first) != 0)
		fail_world("cannot make a lock");
	pthread_rwlockattr_destroy(&first);
}

void
log_init(struct log *l, const struct pki *pki, const char *name, enum log_type type,
    uint32_t broken)
{
	int i;

	memset(l, 0, sizeof(*l));
	snprintf(l->name, sizeof(l->name), "%s", name);
	l->type = type;
	l->pki = pki;
	l->broken = broken;
	log_init_key(&l->key, pki->seed, name);
	for (i = 0; i < LOG_PEERS; i++)
		log_init_key(&l->peer[i], pki->seed, peers[i].name);
	log_init_lock(l);
}

static uint64_t
log_timestamp(const char *seed, const char *name, uint64_t index)
{
	char stream[64];
	struct rand r;

	snprintf(stream, sizeof(stream), "time of %s", name);
	rand_init(&r, seed, stream, index);
	return (uint64_t)LOG_EPOCH * 1000 + index * LOG_STEP + rand_below(&r, LOG_JITTER);
}

/* Appends the CtExtensions: in a tiled log the entry's index (static-ct-api), else nothing. */
static void
log_put_extensions(bool tiled, uint64_t index, struct bytes *out)
{
	if (!tiled)
		return;
	bytes_put_byte(out, 0);
	bytes_put_uint(out, 5, 2);
	bytes_put_uint(out, index, 5);
}

/* Appends the SCT that the log called name gave for a precertificate among its entries. */
static void
log_put_merged_sct(const struct log *l, const char *name, const struct key *key, bool tiled,
    const struct slot *slot, const struct cert *c, const struct bytes *tbs, struct bytes *list)
{
	const char *seed = l->pki->seed;
	uint64_t index = order_index(seed, name, slot->shared, slot->number);
	struct bytes extensions = { 0 };

	log_put_extensions(tiled, index, &extensions);
	sct_put(list, key, log_timestamp(seed, name, index), &extensions, &c->issuer->ca->key, tbs);
	bytes_free(&extensions);
}

static void
log_put_scts(const struct log *l, const struct slot *slot, const struct cert *c,
    struct bytes *list)
{
	uint64_t when = (uint64_t)(c->not_before + 3700) * 1000 + slot->number % 997;
	const struct key *issuer = &c->issuer->ca->key;
	const struct bytes none = { 0 };
	struct bytes tbs = { 0 };
	int i;

	cert_put_tbs(c, CERT_BARE, NULL, &tbs);
	for (i = PEER_SHARED; slot->shared && slot->kind == SLOT_FINAL && i < PEER_ELSEWHERE; i++)
		log_put_merged_sct(l, peers[i].name, &l->peer[i], peers[i].tiled, slot, c, &tbs,
		    list);
	if (!slot->shared && slot->kind == SLOT_FINAL)
		log_put_merged_sct(l, l->name, &l->key, l->type & LOG_TILED, slot, c, &tbs, list);
	for (i = PEER_ELSEWHERE; i < LOG_PEERS && (list->len < 200 || slot->number % 3 == 0); i++)
		sct_put(list, &l->peer[i], when, &none, issuer, &tbs);
	bytes_free(&tbs);
}

/* Makes a certificate an entry. Of those that came alone, every fifth has no SCTs in it. */
static void
log_put_final(const struct log *l, const struct slot *slot, const struct cert *c,
    struct bytes *out)
{
	struct bytes list = { 0 }, scts = { 0 };

	if (slot->kind == SLOT_ALONE && slot->number % 5 == 0) {
		cert_put(c, CERT_FINAL, NULL, out);
		return;
	}
	log_put_scts(l, slot, c, &list);
	bytes_put_uint(&scts, list.len, 2);
	bytes_put(&scts, list.at, list.len);
	cert_put(c, CERT_FINAL, &scts, out);
	bytes_free(&list);
	bytes_free(&scts);
}

/* Returns about when the certificate was issued: one that came alone, in the two months before its entry. */
static int64_t
log_issued(const struct slot *slot)
{
	int64_t block = (int64_t)order_block_of(slot->shared, slot->number);
	int64_t when = LOG_EPOCH + block * ORDER_BLOCK * LOG_STEP / 1000;

	return slot->kind == SLOT_ALONE ? when - (int64_t)(slot->number % 60) * 86400 : when;
}

static void
log_put_leaf_head(struct bytes *leaf, uint64_t timestamp, bool precert)
{
	bytes_put_uint(leaf, 0, 2);	/* v1, timestamped_entry */
	bytes_put_uint(leaf, timestamp, 8);
	bytes_put_uint(leaf, precert, 2);
}

/* Fills leaf up to the extensions, and pre. Returns the chain. */
static const struct chain *
log_put_leaf(const struct log *l, const struct slot *slot, uint64_t timestamp, struct cert *c,
    struct bytes *leaf, struct bytes *pre)
{
	bool precert = slot->kind == SLOT_PRE;
	struct bytes body = { 0 };
	char stream[64];

	log_put_leaf_head(leaf, timestamp, precert);
	if (slot->kind == SLOT_AUTHORITY) {
		const struct pki_certificate *ca = &l->pki->certificate[slot->number];

		bytes_put_uint(leaf, ca->der.len, 3);
		bytes_put(leaf, ca->der.at, ca->der.len);
		return &ca->chain;
	}
	snprintf(stream, sizeof(stream), slot->shared ? "shared" : "of %s", l->name);
	cert_draw(c, l->pki, stream, slot->number, log_issued(slot), l->broken);
	if (precert) {
		bytes_put(leaf, c->issuer->ca->key.id, 32);
		cert_put_tbs(c, CERT_BARE, NULL, &body);
		cert_put(c, CERT_PRE, NULL, pre);
	} else {
		log_put_final(l, slot, c, &body);
	}
	bytes_put_uint(leaf, body.len, 3);
	bytes_put(leaf, body.at, body.len);
	bytes_free(&body);
	return cert_chain(c, precert ? CERT_PRE : CERT_FINAL);
}

static struct entry *
log_make(const struct log *l, const struct slot *slot, uint64_t index, struct cert *c)
{
	struct bytes leaf = { 0 }, pre = { 0 }, extensions = { 0 };
	const struct chain *chain;
	struct entry *e;

	chain = log_put_leaf(l, slot, log_timestamp(l->pki->seed, l->name, index), c, &leaf, &pre);
	log_put_extensions(l->type & LOG_TILED, index, &extensions);
	bytes_put_uint(&leaf, extensions.len, 2);
	bytes_put(&leaf, extensions.at, extensions.len);
	e = malloc(sizeof(*e) + leaf.len + pre.len);
	if (e == NULL)
		fail_world("out of memory for entries");
	*e = (struct entry){ .chain = chain, .leaf_len = leaf.len, .pre_len = pre.len };
	memcpy(e->at, leaf.at, leaf.len);
	if (pre.len > 0)
		memcpy(e->at + leaf.len, pre.at, pre.len);
	bytes_free(&leaf);
	bytes_free(&pre);
	bytes_free(&extensions);
	return e;
}

void
log_put(struct log *l, struct entry *e, const unsigned char *leaf_hash)
{
	pthread_rwlock_wrlock(&l->lock);
	if (l->tree.size == l->room) {
		l->room = l->room == 0 ? 1024 : l->room * 2;
		l->entry = realloc(l->entry, l->room * sizeof(struct entry *));
		if (l->entry == NULL)
			fail_world("out of memory for entries");
	}
	l->entry[l->tree.size] = e;
	if (leaf_hash == NULL)
		tree_put_leaf(&l->tree, e->at, e->leaf_len);
	else
		tree_put_hash(&l->tree, leaf_hash);
	pthread_rwlock_unlock(&l->lock);
}

void
log_grow(struct log *l, uint64_t size)
{
	struct slot slots[ORDER_BLOCK];
	struct cert c = { 0 };
	uint64_t i, block = UINT64_MAX;

	for (i = l->tree.size; i < size; i++) {
		if (i / ORDER_BLOCK != block) {
			block = i / ORDER_BLOCK;
			order_block(l->pki->seed, l->name, block, slots);
		}
		log_put(l, log_make(l, &slots[i % ORDER_BLOCK], i, &c), NULL);
	}
	cert_free(&c);
}

void
log_copy(struct log *l, struct log *from, uint64_t size)
{
	unsigned char hash[TREE_HASH];
	uint64_t i;

	log_read_lock(from);
	for (i = l->tree.size; i < size && i < from->tree.size; i++) {
		memcpy(hash, tree_node(&from->tree, 0, i), TREE_HASH);
		log_put(l, from->entry[i], hash);
	}
	log_unlock(from);
}

/* Each head must be later than the one before, even when the clock is set back. */
void
log_publish(struct log *l, uint64_t now)
{
	struct head head = { .size = l->tree.size, .timestamp = now };
	struct bytes checkpoint = { 0 };

	if (head.timestamp <= l->head.timestamp)
		head.timestamp = l->head.timestamp + 1;
	tree_root(&l->tree, head.size, head.root);
	head_sign(&head, &l->key);
	head_put_checkpoint(&head, &l->key, l->origin, l->pki->seed, &checkpoint);
	bytes_put_byte(&checkpoint, 0);
	if (checkpoint.len > LOG_CHECKPOINT)
		fail_bug("checkpoint of %zu bytes", checkpoint.len);
	pthread_rwlock_wrlock(&l->lock);
	l->head = head;
	memcpy(l->checkpoint, checkpoint.at, checkpoint.len);
	pthread_rwlock_unlock(&l->lock);
	bytes_free(&checkpoint);
}

void
log_read_lock(struct log *l)
{
	pthread_rwlock_rdlock(&l->lock);
}

void
log_unlock(struct log *l)
{
	pthread_rwlock_unlock(&l->lock);
}

void
log_put_tile_entry(const struct entry *e, struct bytes *out)
{
	bytes_put(out, e->at + 2, e->leaf_len - 2);
	if (e->pre_len > 0) {
		bytes_put_uint(out, e->pre_len, 3);
		bytes_put(out, e->at + e->leaf_len, e->pre_len);
	}
	bytes_put(out, e->chain->prints.at, e->chain->prints.len);
}

void
log_put_extra_data(const struct entry *e, struct bytes *out)
{
	if (e->pre_len > 0) {
		bytes_put_uint(out, e->pre_len, 3);
		bytes_put(out, e->at + e->leaf_len, e->pre_len);
	}
	bytes_put(out, e->chain->wire.at, e->chain->wire.len);
}

uint64_t
log_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

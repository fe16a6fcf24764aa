/*
 * Reading marks (ct-entry(5)). A mark that does not hold what it should is refused as a whole:
 * to begin with half of it would lose entries.
 *
 * in: mark records, of this version or an earlier one
 * out: struct mark
 */
#include "ct-fetch/state/mark.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "enc/b64.h"
#include "enc/json.h"

enum { MAX_MARK_HASHES = MAX_TREE_NODES * TREE_HASH };	/* bytes of the longest compact range */

/*
 * Takes a string of base64 that decodes to at most `most` bytes, and writes these to out. Returns
 * how many they are, or -1.
 */
static ptrdiff_t
mark_take_bytes(struct json *j, uint8_t *out, size_t most)
{
	struct buf raw = { 0 };
	struct json_str s;
	ptrdiff_t n = -1;

	if (!json_take_string(j, &s) || s.escaped || s.raw.n > b64_encoded(most))
		return -1;
	if (b64_put_decoded(&raw, s.raw) && raw.n <= most) {
		n = (ptrdiff_t)raw.n;
		if (n > 0)
			memcpy(out, raw.p, raw.n);
	}
	buf_free(&raw);
	return n;
}

/*
 * Takes a string into text, which has room for most bytes, NUL included; what is longer is cut.
 * Such a string only serves people, so nothing is wrong with one that cannot be read.
 */
static void
mark_take_text(struct json *j, char *text, size_t most)
{
	struct buf b = { 0 };
	struct json_str s;

	if (json_take_string(j, &s) && json_unescape(&b, s))
		snprintf(text, most, "%s", buf_str(&b));
	buf_free(&b);
}

static bool
mark_take_size(struct json *j, uint64_t *size)
{
	return json_u64(j, size) && *size <= MAX_TREE_SIZE;
}

/* Reads a member of what is looked for. Returns false when key is another member. */
static bool
mark_take_since(struct json *j, struct json_str key, struct mark_since *since)
{
	if (json_is(key, "since"))
		(void)json_u64(j, &since->ms);
	else if (json_is(key, "since_to"))
		(void)mark_take_size(j, &since->to);
	else
		return false;
	return true;
}

/* The hashes of a compact range, before it is known of how many entries. */
struct mark_nodes {
	bool is_there;
	size_t n;	/* bytes */
	uint8_t bytes[MAX_MARK_HASHES];
};

static const char *
mark_take_nodes(struct json *j, struct mark_nodes *nodes)
{
	ptrdiff_t n = mark_take_bytes(j, nodes->bytes, sizeof(nodes->bytes));

	if (n < 0)
		return "nodes in it are not base64 of hashes";
	nodes->is_there = true;
	nodes->n = (size_t)n;
	return NULL;
}

static const char *
mark_restore(struct tree *tree, bool *has_tree, uint64_t n, const struct mark_nodes *nodes)
{
	*has_tree = nodes->is_there;
	if (nodes->is_there && !tree_restore(tree, n, span_of(nodes->bytes, nodes->n)))
		return "nodes in it are not as many as a tree of that size has";
	return NULL;
}

/* ---- the head ---- */

static const char *
mark_take_head(struct json *j, struct mark_log *l)
{
	struct head *h = &l->head;
	bool has_size = false, has_timestamp = false, has_root = false;
	ptrdiff_t n = -1;
	struct json_str key;

	if (json_peek(j) != JSON_OBJECT || !json_enter(j))
		return "a head in it is not an object";
	while (json_key(j, &key)) {
		if (json_is(key, "tree_size"))
			has_size = mark_take_size(j, &h->size);
		else if (json_is(key, "timestamp"))
			has_timestamp = json_u64(j, &h->timestamp);
		else if (json_is(key, "root"))
			has_root = mark_take_bytes(j, h->root, TREE_HASH) == TREE_HASH;
		else if (json_is(key, "signature"))
			n = mark_take_bytes(j, h->signature, sizeof(h->signature));
		else
			(void)json_skip(j, NULL);
	}
	if (!has_size || !has_timestamp || !has_root || n <= 0)
		return "a head in it is not whole";
	h->signature_n = (size_t)n;
	l->has_head = true;
	return NULL;
}

/* ---- gaps ---- */

/* What of a gap must be there. */
enum {
	MARK_FROM = 1,
	MARK_TO = 2,
	MARK_SIZE = 4,
	MARK_ROOT = 8,
	MARK_GAP = MARK_FROM | MARK_TO | MARK_SIZE | MARK_ROOT,
};

/* Reads the members of a gap. *has becomes the set of those that are there and valid. */
static const char *
mark_take_members(struct json *j, struct mark_gap *g, struct mark_nodes *nodes, unsigned *has)
{
	struct json_str key;
	const char *why = NULL;

	while (why == NULL && json_key(j, &key)) {
		if (json_is(key, "from"))
			*has |= mark_take_size(j, &g->from) ? MARK_FROM : 0;
		else if (json_is(key, "to"))
			*has |= mark_take_size(j, &g->to) ? MARK_TO : 0;
		else if (json_is(key, "nodes"))
			why = mark_take_nodes(j, nodes);
		else if (json_is(key, "tree_size"))
			*has |= mark_take_size(j, &g->size) ? MARK_SIZE : 0;
		else if (json_is(key, "root"))
			*has |= mark_take_bytes(j, g->root, TREE_HASH) == TREE_HASH ? MARK_ROOT : 0;
		else if (json_is(key, "reason"))
			mark_take_text(j, g->reason, sizeof(g->reason));
		else if (!mark_take_since(j, key, &g->since))
			(void)json_skip(j, NULL);
	}
	return why;
}

static const char *
mark_take_gap(struct json *j, struct mark_gap *g)
{
	struct mark_nodes nodes = { .is_there = false };
	unsigned has = 0;
	const char *why;

	*g = (struct mark_gap){ 0 };
	if (json_peek(j) != JSON_OBJECT || !json_enter(j))
		return "a gap in it is not an object";
	why = mark_take_members(j, g, &nodes, &has);
	if (why != NULL)
		return why;
	if (has != MARK_GAP)
		return "a gap in it is not whole";
	return mark_restore(&g->tree, &g->has_tree, g->from, &nodes);
}

static const char *
mark_take_gaps(struct json *j, struct mark_log *l)
{
	const char *why = NULL;

	if (json_peek(j) != JSON_ARRAY || !json_enter(j))
		return "the gaps of a log in it are not an array";
	l->gaps_n = 0;
	while (why == NULL && json_item(j)) {
		if (l->gaps_n == MAX_MARK_GAPS)
			return "a log in it has too many gaps";
		why = mark_take_gap(j, &l->gaps[l->gaps_n++]);
	}
	return why;
}

/* ---- logs ---- */

/* A log while it is read. */
struct mark_reader {
	struct mark_log log;
	bool has_id, has_next;
	struct mark_nodes nodes;
	struct buf name;
};

static const char *
mark_take_member(struct json *j, struct json_str key, struct mark_reader *r)
{
	struct json_str name;

	if (json_is(key, "log_id"))
		r->has_id = mark_take_bytes(j, r->log.id, HASH_SHA256) == HASH_SHA256;
	else if (json_is(key, "next"))
		r->has_next = mark_take_size(j, &r->log.next);
	else if (json_is(key, "name"))
		(void)(json_take_string(j, &name) && json_unescape(&r->name, name));
	else if (json_is(key, "nodes"))
		return mark_take_nodes(j, &r->nodes);
	else if (json_is(key, "head"))
		return mark_take_head(j, &r->log);
	else if (json_is(key, "gaps"))
		return mark_take_gaps(j, &r->log);
	else if (json_is(key, "unproven") && json_peek(j) == JSON_TRUE)
		r->log.unproven = json_skip(j, NULL);
	else if (!mark_take_since(j, key, &r->log.since))
		(void)json_skip(j, NULL);
	return NULL;
}

static const char *
mark_take_log(struct mark *m, struct json *j, struct mark_reader *r)
{
	struct mark_log *l = &r->log;
	struct json_str key;
	const char *why = NULL;

	if (json_peek(j) != JSON_OBJECT || !json_enter(j))
		return "a log in it is not an object";
	while (why == NULL && json_key(j, &key))
		why = mark_take_member(j, key, r);
	if (why != NULL)
		return why;
	if (!r->has_id || !r->has_next)
		return "a log in it has no log_id or no next";
	why = mark_restore(&l->tree, &l->has_tree, l->next, &r->nodes);
	if (why == NULL)
		why = mark_check(l);
	if (why != NULL)
		return why;
	if (mark_find(m, l->id) != NULL)
		return "a log is in it twice";
	if (m->n == MAX_MARK_LOGS)
		return "it holds too many logs";
	l->name = (char *)buf_str(&r->name);
	mark_set(m, l);
	return NULL;
}

/* Reads the value of logs. One array of gaps serves for all of them, because it takes 150 KB. */
static const char *
mark_take_logs(struct mark *m, struct json *j)
{
	struct mark_gap *gaps = calloc(MAX_MARK_GAPS, sizeof(*gaps));
	const char *why = NULL;

	if (gaps == NULL)
		die_world("out of memory");
	if (json_peek(j) != JSON_ARRAY || !json_enter(j))
		why = "its logs are not an array";
	while (why == NULL && json_item(j)) {
		struct mark_reader r = { .log.gaps = gaps };

		why = mark_take_log(m, j, &r);
		buf_free(&r.name);
	}
	free(gaps);
	return why;
}

/*
 * Finds the value of logs in a mark. The version is looked at first, so that what a later version
 * has changed is not called damage.
 */
static const char *
mark_find_logs(struct json *j, struct span *logs)
{
	struct json_str key, type = { .raw = SPAN("") };
	uint64_t version = 1;
	bool has_version = true;

	if (json_peek(j) == JSON_END && j->p == j->end)
		return "it is empty";
	if (json_peek(j) != JSON_OBJECT || !json_enter(j))
		return "it is not a JSON object";
	while (json_key(j, &key)) {
		if (json_is(key, "message_type"))
			(void)json_take_string(j, &type);
		else if (json_is(key, "version"))
			has_version = json_u64(j, &version);
		else
			(void)json_skip(j, json_is(key, "logs") ? logs : NULL);
	}
	if (!json_done(j))
		return j->why != NULL ? j->why : "something follows the record";
	if (!json_is(type, "mark"))
		return "it is not a mark record";
	if (!has_version || version == 0)
		return "its version is not a number";
	if (version > MARK_VERSION)
		return "it was written by a newer version of ct-fetch; this one reads marks up to version 2";
	return logs->p != NULL ? NULL : "it has no logs";
}

const char *
mark_parse(struct mark *m, struct span line, size_t *at)
{
	struct span logs = { 0 };
	struct json j;
	const char *why;

	mark_free(m);
	json_init(&j, line);
	why = mark_find_logs(&j, &logs);
	if (why == NULL) {
		json_init(&j, logs);
		why = mark_take_logs(m, &j);
	}
	if (why == NULL && !json_done(&j))
		why = j.why;
	*at = j.p == NULL ? 0 : (size_t)(j.p - line.p);
	if (why != NULL)
		mark_free(m);
	return why;
}

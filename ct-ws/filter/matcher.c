/*
 * All filters in force: how they come and go.
 *
 * in: filters
 * out: groups of clients, found by the values of their filters
 */
#include "ct-ws/filter/matcher.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/die.h"
#include "ct-ws/filter/automaton.h"
#include "ct-ws/filter/matcher_parts.h"

static void *
matcher_memory(size_t n, size_t size)
{
	void *p = calloc(n > 0 ? n : 1, size);

	if (p == NULL)
		die_world("out of memory for filters");
	return p;
}

void *
matcher_grow(void *p, size_t n, size_t *room, size_t size)
{
	if (n < *room)
		return p;
	*room = *room == 0 ? 1 : *room * 2;
	p = realloc(p, *room * size);
	if (p == NULL)
		die_world("out of memory for filters");
	return p;
}

/* Returns a copy of s, to be freed by matcher_unkey. */
static struct span
matcher_key(struct span s)
{
	uint8_t *p = matcher_memory(s.n, 1);

	if (s.n > 0)
		memcpy(p, s.p, s.n);
	return span_of(p, s.n);
}

static void
matcher_unkey(struct span key)
{
	free((void *)(uintptr_t)key.p);
}

static bool
matcher_has_needles(enum filter_kind kind)
{
	return kind == FILTER_MATCH || kind == FILTER_ISSUER || kind == FILTER_LOG;
}

/* Returns what a value takes; texts of needles are states of an automaton as well. */
static size_t
matcher_value_bytes(const struct matcher_value *v)
{
	size_t n = v->item.key.n;

	return MATCHER_VALUE + (matcher_has_needles(v->kind) ? n * (1 + AUTOMATON_STATE) : n);
}

static void
matcher_value_free(struct matcher_value *v)
{
	matcher_unkey(v->item.key);
	free(v->groups);
	free(v);
}

/* Called by the set of needles; the value was taken out of the dictionary when its last use ended. */
static void
matcher_forget(struct needle *n)
{
	matcher_value_free((struct matcher_value *)((char *)n - offsetof(struct matcher_value, needle)));
}

struct matcher *
matcher_open(struct compiler *compiler)
{
	struct matcher *m = matcher_memory(1, sizeof(*m));

	dict_init(&m->dict);
	for (unsigned k = 0; k < FILTER_KINDS; k++)
		needle_set_init(&m->needles[k], matcher_forget);
	if (compiler == NULL)
		compiler = m->own = compiler_open();
	m->patterns = pattern_set_open(compiler);
	spelling_init(&m->spelling);
	return m;
}

bool
matcher_has(const struct matcher *m, enum filter_kind kind, struct span value)
{
	return dict_find(&m->dict, kind, value) != NULL;
}

size_t
matcher_count(const struct matcher *m)
{
	return m->clients;
}

/* Makes the value of kind that the filter has as text. Returns NULL when there is no room for it. */
static struct matcher_value *
matcher_value_open(struct matcher *m, enum filter_kind kind, unsigned item_kind, struct span text,
    const char **why)
{
	struct matcher_value *v = matcher_memory(1, sizeof(*v));

	v->item.kind = item_kind;
	v->item.key = matcher_key(text);
	v->kind = kind;
	if (matcher_has_needles(kind)) {
		v->needle.text = v->item.key;
		needle_add(&m->needles[kind], &v->needle);
	} else if (kind == FILTER_REGEX) {
		v->pattern = m->used[kind] == MAX_MATCHER_REGEXES ? NULL :
		    pattern_add(m->patterns, text, v);
		*why = m->used[kind] == MAX_MATCHER_REGEXES ?
		    "There are as many different regexes in use as this server can try." :
		    "A regex is too large for this server.";
	}
	if (kind == FILTER_REGEX && v->pattern == NULL) {
		matcher_value_free(v);
		return NULL;
	}
	dict_put(&m->dict, &v->item);
	m->used[kind]++;
	m->bytes += matcher_value_bytes(v);
	return v;
}

/* Finds or makes the value. Returns NULL, with *why set, when there is no room for it. */
static struct matcher_value *
matcher_value_take(struct matcher *m, enum filter_kind kind, struct span text, const char **why)
{
	unsigned item_kind = kind;
	struct matcher_value *v;

	if (kind == FILTER_DOMAIN && span_starts(text, SPAN("*."))) {
		item_kind = MATCHER_BELOW;
		text = span_from(text, 2);
	}
	v = (struct matcher_value *)dict_find(&m->dict, item_kind, text);
	if (v == NULL)
		v = matcher_value_open(m, kind, item_kind, text, why);
	if (v != NULL)
		v->uses++;
	return v;
}

static void
matcher_value_drop(struct matcher *m, struct matcher_value *v)
{
	if (--v->uses > 0)
		return;
	dict_drop(&m->dict, &v->item);
	m->used[v->kind]--;
	m->bytes -= matcher_value_bytes(v);
	if (matcher_has_needles(v->kind)) {
		needle_drop(&m->needles[v->kind], &v->needle);
		return;
	}
	if (v->pattern != NULL)
		pattern_drop(m->patterns, v->pattern);
	matcher_value_free(v);
}

/* Returns the kind with which a new group is entered: that of its first values. */
static unsigned
matcher_first(const struct matcher_group *g)
{
	unsigned k = FILTER_DOMAIN;

	while (k < FILTER_KINDS && g->from[k] == g->from[k + 1])
		k++;
	return k;
}

/* Frees g, which has no client and is entered nowhere, and gives back the first n of its values. */
static void
matcher_group_free(struct matcher *m, struct matcher_group *g, size_t n)
{
	for (size_t i = 0; i < n; i++)
		matcher_value_drop(m, g->values[i]);
	matcher_unkey(g->item.key);
	free(g->values);
	free(g->at);
	free(g->clients);
	free(g);
}

static int
matcher_order(const void *a, const void *b)
{
	uintptr_t x = (uintptr_t)*(struct matcher_value *const *)a;
	uintptr_t y = (uintptr_t)*(struct matcher_value *const *)b;

	return (x > y) - (x < y);
}

static size_t
matcher_count_values(const struct filter *f)
{
	struct span rest, value;
	size_t n = 0;

	for (unsigned k = 0; k < FILTER_KINDS; k++)
		for (rest = buf_span(&f->values[k]); filter_next(&rest, &value);)
			n++;
	return n;
}

/* Gives g the values of f. Returns false, with *why set and g freed, when there is no room for one. */
static bool
matcher_group_fill(struct matcher *m, struct matcher_group *g, const struct filter *f,
    const char **why)
{
	struct span rest, value;
	size_t n = 0;

	g->values = matcher_memory(matcher_count_values(f), sizeof(struct matcher_value *));
	g->at = matcher_memory(matcher_count_values(f), sizeof(uint32_t));
	for (unsigned k = 0; k < FILTER_KINDS; k++) {
		g->from[k] = n;
		for (rest = buf_span(&f->values[k]); filter_next(&rest, &value); n++) {
			g->values[n] = matcher_value_take(m, (enum filter_kind)k, value, why);
			if (g->values[n] == NULL) {
				matcher_group_free(m, g, n);
				return false;
			}
		}
		if (n > g->from[k])
			qsort(g->values + g->from[k], n - g->from[k], sizeof(*g->values),
			    matcher_order);
	}
	g->from[FILTER_KINDS] = n;
	return true;
}

/* Puts into *key the bytes by which filters are equal. */
static void
matcher_filter_key(const struct filter *f, struct buf *key)
{
	buf_reset(key);
	for (unsigned k = 0; k < FILTER_KINDS; k++) {
		buf_put(key, buf_span(&f->values[k]));
		buf_putc(key, '\1');
	}
	buf_putc(key, (char)('0' + f->type));
}

static size_t
matcher_group_bytes(const struct matcher_group *g)
{
	return MATCHER_GROUP_SIZE + g->item.key.n + MATCHER_LINK * g->from[FILTER_KINDS];
}

/* Makes the group for f, whose key is in m->text. Returns NULL, with *why set, without room. */
static struct matcher_group *
matcher_group_open(struct matcher *m, const struct filter *f, const char **why)
{
	struct matcher_group *g;

	g = matcher_memory(1, sizeof(*g));
	g->item.kind = MATCHER_GROUP;
	g->item.key = matcher_key(buf_span(&m->text));
	g->type = f->type;
	if (!matcher_group_fill(m, g, f, why))
		return NULL;
	matcher_enter(m, g, matcher_first(g));
	dict_put(&m->dict, &g->item);
	m->bytes += matcher_group_bytes(g);
	return g;
}

struct matcher_client *
matcher_add(struct matcher *m, const struct filter *f, void *who, const char **why)
{
	struct matcher_client *c;
	struct matcher_group *g;

	if (m->bytes + MATCHER_CLIENT * m->clients > MAX_MATCHER_BYTES) {
		*why = "There are as many filters in use as this server can hold.";
		return NULL;
	}
	matcher_filter_key(f, &m->text);
	g = (struct matcher_group *)dict_find(&m->dict, MATCHER_GROUP, buf_span(&m->text));
	if (g == NULL)
		g = matcher_group_open(m, f, why);
	if (g == NULL)
		return NULL;
	c = matcher_memory(1, sizeof(*c));
	*c = (struct matcher_client){ who, g, g->client_n };
	g->clients = matcher_grow(g->clients, g->client_n, &g->client_room,
	    sizeof(struct matcher_client *));
	g->clients[g->client_n++] = c;
	m->clients++;
	return c;
}

void
matcher_drop(struct matcher *m, struct matcher_client *client)
{
	struct matcher_group *g;

	if (client == NULL)
		return;
	g = client->group;
	g->clients[client->at] = g->clients[--g->client_n];
	g->clients[client->at]->at = client->at;
	free(client);
	m->clients--;
	if (g->client_n > 0)
		return;
	matcher_leave(m, g);
	dict_drop(&m->dict, &g->item);
	m->bytes -= matcher_group_bytes(g);
	matcher_group_free(m, g, g->from[FILTER_KINDS]);
}

/* Drops the clients of all groups in one place of the dictionary. Returns false when it has none. */
static bool
matcher_empty_place(struct matcher *m, size_t place)
{
	struct dict_item *item = m->dict.places[place];

	while (item != NULL && item->kind != MATCHER_GROUP)
		item = item->next;
	if (item == NULL)
		return false;
	matcher_drop(m, ((struct matcher_group *)item)->clients[0]);
	return true;
}

void
matcher_free(struct matcher *m)
{
	if (m == NULL)
		return;
	for (size_t i = 0; i < m->dict.room; i++)
		while (matcher_empty_place(m, i))
			;
	for (unsigned k = 0; k < FILTER_KINDS; k++) {
		needle_set_free(&m->needles[k]);
		free(m->met[k].values);
	}
	pattern_set_free(m->patterns);
	compiler_free(m->own);
	dict_free(&m->dict);
	spelling_free(&m->spelling);
	buf_free(&m->text);
	buf_free(&m->lower);
	free(m->plain);
	free(m);
}

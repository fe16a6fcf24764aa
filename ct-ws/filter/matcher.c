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
matcher_open(void)
{
	struct matcher *m = matcher_memory(1, sizeof(*m));

	dict_init(&m->dict);
	for (unsigned k = 0; k < FILTER_KINDS; k++)
		needle_set_init(&m->needles[k], matcher_forget);
	m->patterns = pattern_set_open();
	spelling_init(&m->spelling);
	return m;
}

size_t
matcher_count(const struct matcher *m)
{
	return m->clients;
}

static bool
matcher_has_needles(enum filter_kind kind)
{
	return kind == FILTER_MATCH || kind == FILTER_ISSUER || kind == FILTER_LOG;
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
	if (matcher_has_needles(v->kind)) {
		needle_drop(&m->needles[v->kind], &v->needle);
		return;
	}
	if (v->pattern != NULL)
		pattern_drop(m->patterns, v->pattern);
	matcher_value_free(v);
}

/* Takes g off the groups at list, of which there are *n. */
static void
matcher_unlist(struct matcher_group **list, size_t *n, const struct matcher_group *g)
{
	size_t i = 0;

	while (list[i] != g)
		i++;
	list[i] = list[--*n];
}

/* Enters g with the values of its driver. */
static void
matcher_group_enter(struct matcher *m, struct matcher_group *g)
{
	struct matcher_value *v;

	g->driver = FILTER_DOMAIN;
	while (g->driver < FILTER_KINDS && g->from[g->driver] == g->from[g->driver + 1])
		g->driver++;
	if (g->driver == FILTER_KINDS) {
		m->plain = matcher_grow(m->plain, m->plain_n, &m->plain_room,
		    sizeof(struct matcher_group *));
		m->plain[m->plain_n++] = g;
		return;
	}
	for (size_t i = g->from[g->driver]; i < g->from[g->driver + 1]; i++) {
		v = g->values[i];
		v->groups = matcher_grow(v->groups, v->group_n, &v->group_room,
		    sizeof(struct matcher_group *));
		v->groups[v->group_n++] = g;
	}
}

static void
matcher_group_leave(struct matcher *m, struct matcher_group *g)
{
	if (g->driver == FILTER_KINDS) {
		matcher_unlist(m->plain, &m->plain_n, g);
		return;
	}
	for (size_t i = g->from[g->driver]; i < g->from[g->driver + 1]; i++)
		matcher_unlist(g->values[i]->groups, &g->values[i]->group_n, g);
}

/* Frees g, which has no client and is entered nowhere, and gives back the first n of its values. */
static void
matcher_group_free(struct matcher *m, struct matcher_group *g, size_t n)
{
	for (size_t i = 0; i < n; i++)
		matcher_value_drop(m, g->values[i]);
	matcher_unkey(g->item.key);
	free(g->values);
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

/* Makes the group for f, whose key is in m->text. Returns NULL, with *why set, without room. */
static struct matcher_group *
matcher_group_open(struct matcher *m, const struct filter *f, const char **why)
{
	struct matcher_group *g;

	if (m->bytes + m->text.n > MAX_MATCHER_BYTES) {
		*why = "There are as many filters in use as this server can hold.";
		return NULL;
	}
	g = matcher_memory(1, sizeof(*g));
	g->item.kind = MATCHER_GROUP;
	g->item.key = matcher_key(buf_span(&m->text));
	g->type = f->type;
	if (!matcher_group_fill(m, g, f, why))
		return NULL;
	matcher_group_enter(m, g);
	dict_put(&m->dict, &g->item);
	m->bytes += g->item.key.n;
	return g;
}

struct matcher_client *
matcher_add(struct matcher *m, const struct filter *f, void *who, const char **why)
{
	struct matcher_client *c;
	struct matcher_group *g;

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
	matcher_group_leave(m, g);
	dict_drop(&m->dict, &g->item);
	m->bytes -= g->item.key.n;
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
	dict_free(&m->dict);
	spelling_free(&m->spelling);
	buf_free(&m->text);
	buf_free(&m->lower);
	free(m->plain);
	free(m);
}

/*
 * Texts looked for in other texts.
 *
 * in: needles that come and go, then any text
 * out: which of them are part of it
 */
#include "ct-ws/filter/needle.h"

#include <stdlib.h>

#include "base/die.h"
#include "ct-ws/filter/automaton.h"

struct needle_tier {
	struct needle_tier *next;
	struct automaton *automaton;
	struct needle **needles;	/* by the numbers that the automaton gives */
	size_t count, dead;
	size_t bytes;			/* of all needles in it, dead or not */
};

/* What goes on during a scan. */
struct needle_search {
	const struct needle_tier *tier;
	void (*hit)(void *cookie, struct needle *);
	void *cookie;
};

void
needle_set_init(struct needle_set *s, void (*forget)(struct needle *))
{
	*s = (struct needle_set){ .forget = forget };
}

static void *
needle_memory(void *p, size_t n, size_t size)
{
	p = realloc(p, n * size);
	if (p == NULL)
		die_world("out of memory for filters");
	return p;
}

static void
needle_push(struct needle_set *s, struct needle *n)
{
	if (s->fresh_n == s->fresh_room) {
		s->fresh_room = s->fresh_room == 0 ? 16 : s->fresh_room * 2;
		s->fresh = needle_memory(s->fresh, s->fresh_room, sizeof(struct needle *));
	}
	n->tier = NULL;
	n->at = s->fresh_n;
	s->fresh[s->fresh_n++] = n;
}

static void
needle_tier_free(struct needle_tier *t)
{
	automaton_free(t->automaton);
	free(t->needles);
	free(t);
}

/* Ends the tier at *at: its needles are among the fresh ones afterwards, without the dead. */
static void
needle_dissolve(struct needle_set *s, struct needle_tier **at)
{
	struct needle_tier *t = *at;

	*at = t->next;
	for (size_t i = 0; i < t->count; i++) {
		if (t->needles[i]->dead)
			s->forget(t->needles[i]);
		else
			needle_push(s, t->needles[i]);
	}
	needle_tier_free(t);
}

void
needle_set_free(struct needle_set *s)
{
	while (s->tiers != NULL)
		needle_dissolve(s, &s->tiers);
	for (size_t i = 0; i < s->fresh_n; i++)
		s->forget(s->fresh[i]);
	free(s->fresh);
	needle_set_init(s, s->forget);
}

void
needle_add(struct needle_set *s, struct needle *n)
{
	needle_push(s, n);
}

void
needle_drop(struct needle_set *s, struct needle *n)
{
	struct needle_tier **at = &s->tiers;
	struct needle_tier *t = n->tier;

	if (t == NULL) {
		s->fresh[n->at] = s->fresh[--s->fresh_n];
		s->fresh[n->at]->at = n->at;
		s->forget(n);
		return;
	}
	n->dead = true;
	if (++t->dead <= t->count / 2)
		return;
	while (*at != t)
		at = &(*at)->next;
	needle_dissolve(s, at);
}

static int
needle_order(const void *a, const void *b)
{
	return span_cmp((*(struct needle *const *)a)->text, (*(struct needle *const *)b)->text);
}

/* Makes a tier of the first count needles, which are in order. */
static struct needle_tier *
needle_tier_open(struct needle **needles, size_t count)
{
	struct needle_tier *t = needle_memory(NULL, 1, sizeof(*t));
	struct span *texts = needle_memory(NULL, count, sizeof(*texts));

	*t = (struct needle_tier){ .count = count };
	t->needles = needle_memory(NULL, count, sizeof(struct needle *));
	for (size_t i = 0; i < count; i++) {
		t->needles[i] = needles[i];
		t->bytes += needles[i]->text.n;
		texts[i] = needles[i]->text;
		needles[i]->tier = t;
	}
	t->automaton = automaton_build(texts, count);
	free(texts);
	return t;
}

static size_t
needle_fresh_bytes(const struct needle_set *s)
{
	size_t bytes = 0;

	for (size_t i = 0; i < s->fresh_n; i++)
		bytes += s->fresh[i]->text.n;
	return bytes;
}

/* Puts all fresh needles into automata. */
static void
needle_settle(struct needle_set *s)
{
	struct needle_tier *t;
	size_t bytes = needle_fresh_bytes(s), n;

	while (s->tiers != NULL && s->tiers->count <= 2 * s->fresh_n &&
	    bytes + s->tiers->bytes <= MAX_NEEDLE_BYTES) {
		bytes += s->tiers->bytes;
		needle_dissolve(s, &s->tiers);
	}
	if (s->fresh_n > 0)
		qsort(s->fresh, s->fresh_n, sizeof(struct needle *), needle_order);
	for (size_t from = 0; from < s->fresh_n; from += n) {
		bytes = 0;
		for (n = 0; from + n < s->fresh_n && (n == 0 || bytes < MAX_NEEDLE_BYTES); n++)
			bytes += s->fresh[from + n]->text.n;
		t = needle_tier_open(s->fresh + from, n);
		t->next = s->tiers;
		s->tiers = t;
	}
	s->fresh_n = 0;
}

static void
needle_hit(void *cookie, size_t number)
{
	const struct needle_search *search = cookie;
	struct needle *n = search->tier->needles[number];

	if (!n->dead)
		search->hit(search->cookie, n);
}

void
needle_scan(struct needle_set *s, struct span text,
    void (*hit)(void *cookie, struct needle *), void *cookie)
{
	struct needle_search search = { .hit = hit, .cookie = cookie };

	if (s->fresh_n > NEEDLE_FEW)
		needle_settle(s);
	for (size_t i = 0; i < s->fresh_n; i++)
		if (memmem(text.p, text.n, s->fresh[i]->text.p, s->fresh[i]->text.n) != NULL)
			hit(cookie, s->fresh[i]);
	for (search.tier = s->tiers; search.tier != NULL; search.tier = search.tier->next)
		automaton_scan(search.tier->automaton, text, needle_hit, &search);
}

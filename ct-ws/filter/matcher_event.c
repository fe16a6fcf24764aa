/*
 * All filters in force: which of them an event passes.
 *
 * in: the line of an event
 * out: the clients it is for, and the name that passed
 *
 * First all values are found that the event has, each once. Then come the groups that these drive.
 */
#include <stddef.h>

#include "ct-ws/filter/matcher_parts.h"

static void
matcher_meet(struct matcher *m, struct matcher_value *v)
{
	struct matcher_met *met = &m->met[v->kind];

	if (v->met == m->event)
		return;
	v->met = m->event;
	v->name = m->name;
	met->values = matcher_grow(met->values, met->n, &met->room, sizeof(struct matcher_value *));
	met->values[met->n++] = v;
}

static void
matcher_meet_needle(void *cookie, struct needle *n)
{
	matcher_meet(cookie,
	    (struct matcher_value *)((char *)n - offsetof(struct matcher_value, needle)));
}

static void
matcher_meet_pattern(void *cookie, void *what)
{
	matcher_meet(cookie, what);
}

/* Meets the domains that are suffix, which is the whole name or a part of it behind a full stop. */
static void
matcher_suffix(struct matcher *m, uint64_t hash, struct span suffix, bool whole)
{
	struct dict_item *item;

	for (item = dict_place(&m->dict, hash); item != NULL; item = item->next)
		if (dict_is(item, hash, suffix, FILTER_DOMAIN) ||
		    (!whole && dict_is(item, hash, suffix, MATCHER_BELOW)))
			matcher_meet(m, (struct matcher_value *)item);
}

static void
matcher_domains(struct matcher *m, struct span name)
{
	uint64_t hash = 0;

	for (size_t i = name.n; i > 0; i--) {
		hash = dict_step(&m->dict, hash, name.p[i - 1]);
		if (i == 1 || name.p[i - 2] == '.')
			matcher_suffix(m, hash, span_from(name, i - 1), i == 1);
	}
}

static void
matcher_name(struct matcher *m, struct span name)
{
	struct span a, u;

	spelling_set(&m->spelling, name);
	a = spelling_a(&m->spelling);
	u = spelling_u(&m->spelling);
	if (m->used[FILTER_DOMAIN] > 0)
		matcher_domains(m, a);
	if (m->used[FILTER_MATCH] > 0) {
		needle_scan(&m->needles[FILTER_MATCH], a, matcher_meet_needle, m);
		if (u.p != a.p)
			needle_scan(&m->needles[FILTER_MATCH], u, matcher_meet_needle, m);
	}
	if (m->used[FILTER_REGEX] > 0)
		pattern_scan(m->patterns, a, u, matcher_meet_pattern, m);
}

/* Returns the characters of s, which may lie in m->text; nothing when its escapes are wrong. */
static struct span
matcher_text(struct matcher *m, struct json_str s)
{
	if (!s.escaped)
		return s.raw;
	buf_reset(&m->text);
	json_unescape(&m->text, s);
	return buf_span(&m->text);
}

static void
matcher_names(struct matcher *m, struct span names)
{
	struct json_str s;
	struct json j;

	json_init(&j, names);
	if (names.n == 0)
		return;
	json_enter(&j);
	while (json_item(&j)) {
		if (json_peek(&j) != JSON_STRING) {
			json_skip(&j, NULL);
			continue;
		}
		if (!json_take_string(&j, &s))
			return;
		m->name = s.raw;
		matcher_name(m, matcher_text(m, s));
	}
	m->name = span_of(NULL, 0);
}

/* Looks for the texts of kind, issuer or log, in s. */
static void
matcher_parts(struct matcher *m, enum filter_kind kind, struct json_str s)
{
	if (m->used[kind] == 0 || s.raw.n == 0)
		return;
	buf_reset(&m->lower);
	spelling_put(&m->lower, matcher_text(m, s));
	needle_scan(&m->needles[kind], buf_span(&m->lower), matcher_meet_needle, m);
}

/* Finds all values that the event has. */
static void
matcher_find(struct matcher *m, const struct facts *f)
{
	m->event++;
	for (unsigned k = 0; k < FILTER_KINDS; k++)
		m->met[k].n = 0;
	if (m->used[FILTER_REGEX] > 0)
		pattern_turn(m->patterns);
	if (m->used[FILTER_DOMAIN] + m->used[FILTER_MATCH] + m->used[FILTER_REGEX] > 0)
		matcher_names(m, f->names);
	matcher_parts(m, FILTER_ISSUER, f->issuer_cn);
	matcher_parts(m, FILTER_ISSUER, f->issuer_o);
	matcher_parts(m, FILTER_LOG, f->log_name);
	matcher_parts(m, FILTER_LOG, f->log_url);
}

/* Returns true when the n values at values, which ascend by address, include v. */
static bool
matcher_includes(struct matcher_value *const *values, size_t n, const struct matcher_value *v)
{
	while (n > 0) {
		size_t half = n / 2;

		if (values[half] == v)
			return true;
		if ((uintptr_t)values[half] < (uintptr_t)v) {
			values += half + 1;
			n -= half + 1;
		} else {
			n = half;
		}
	}
	return false;
}

/* Returns a value of kind k, of which the group has some, that the event has too, or NULL. */
static const struct matcher_value *
matcher_meets(const struct matcher *m, const struct matcher_group *g, unsigned k)
{
	struct matcher_value *const *values = g->values + g->from[k];
	size_t n = g->from[k + 1] - g->from[k];
	const struct matcher_met *met = &m->met[k];

	if (n > met->n) {
		for (size_t i = 0; i < met->n; i++)
			if (matcher_includes(values, n, met->values[i]))
				return met->values[i];
		return NULL;
	}
	for (size_t i = 0; i < n; i++)
		if (values[i]->met == m->event)
			return values[i];
	return NULL;
}

/*
 * Finds out whether the event, which has a value of the group's driver, passes its filter. Sets
 * *fails to the first kind that the event has not met, or FILTER_KINDS. *name becomes the name that
 * the first kind that asks for one has found.
 */
static bool
matcher_passes(const struct matcher *m, const struct matcher_group *g, const struct facts *f,
    unsigned *fails, struct span *name)
{
	const struct matcher_value *v;

	*fails = FILTER_KINDS;
	if (g->type != FILTER_BOTH && (!f->has_type || f->precert != (g->type == FILTER_PRECERTS)))
		return false;
	for (unsigned k = FILTER_KINDS; k-- > 0;) {
		if (g->from[k] == g->from[k + 1])
			continue;
		*fails = k;
		v = matcher_meets(m, g, k);
		if (v == NULL)
			return false;
		*name = v->name;
	}
	*fails = FILTER_KINDS;
	return true;
}

/* Whom to tell of an event. */
struct matcher_told {
	const struct facts *facts;
	void (*match)(void *cookie, void *who, struct span name);
	void *cookie;
};

/*
 * Tells the clients of g, once, when the event passes its filter. Returns false when g is entered
 * elsewhere from now on.
 */
static bool
matcher_tell(struct matcher *m, struct matcher_group *g, const struct matcher_told *told)
{
	struct span name = span_of(NULL, 0);
	unsigned fails;

	if (g->passed == m->event)
		return true;
	m->looks++;
	if (!matcher_passes(m, g, told->facts, &fails, &name))
		return fails == FILTER_KINDS || !matcher_fail(m, g, fails);
	g->passed = m->event;
	for (size_t k = 0; k < g->client_n; k++)
		told->match(told->cookie, g->clients[k]->who, name);
	return true;
}

/* Tells those of the groups that v drives. A group that leaves the list is replaced by its last one. */
static void
matcher_tell_driven(struct matcher *m, const struct matcher_value *v, const struct matcher_told *told)
{
	for (size_t i = 0; i < v->group_n;)
		i += matcher_tell(m, v->groups[i], told);
}

bool
matcher_event(struct matcher *m, struct span line,
    void (*match)(void *cookie, void *who, struct span name), void *cookie)
{
	struct facts facts;
	struct matcher_told told = { &facts, match, cookie };

	if (!facts_read(&facts, line))
		return false;
	matcher_find(m, &facts);
	for (size_t i = 0; i < m->plain_n; i++)
		matcher_tell(m, m->plain[i], &told);
	for (unsigned k = 0; k < FILTER_KINDS; k++)
		for (size_t i = 0; i < m->met[k].n; i++)
			matcher_tell_driven(m, m->met[k].values[i], &told);
	return true;
}

/*
 * With which of its values a filter is found.
 *
 * in: groups, and which of their conditions fail
 * out: groups listed with the values of their rarest condition
 *
 * Which condition is rare need not be known beforehand. While a group is entered with a frequent
 * condition, each event that meets only that one causes a look at the group in vain, which is counted.
 * When this count has reached the cost of entering the group with the other condition, the group is
 * entered with that. So a group is looked at in vain about twice as often as its rarer condition is met,
 * whatever its other conditions are.
 */
#include "ct-ws/filter/matcher_parts.h"

enum { MATCHER_PATIENCE = 4 };	/* looks in vain, for each value that is to be entered or left */

static void
matcher_put(struct matcher_group ***list, size_t *n, size_t *room, struct matcher_group *g)
{
	*list = matcher_grow(*list, *n, room, sizeof(struct matcher_group *));
	(*list)[(*n)++] = g;
}

/* Returns which of the driver's values of g, which ascend by address, is v. */
static size_t
matcher_which(const struct matcher_group *g, const struct matcher_value *v)
{
	size_t low = g->from[g->driver], high = g->from[g->driver + 1] - 1;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if ((uintptr_t)g->values[middle] < (uintptr_t)v)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void
matcher_enter(struct matcher *m, struct matcher_group *g, unsigned driver)
{
	struct matcher_value *v;

	g->driver = driver;
	memset(g->failed, 0, sizeof(g->failed));
	if (driver == FILTER_KINDS) {
		matcher_put(&m->plain, &m->plain_n, &m->plain_room, g);
		return;
	}
	for (size_t i = g->from[driver]; i < g->from[driver + 1]; i++) {
		v = g->values[i];
		g->at[i] = (uint32_t)v->group_n;
		matcher_put(&v->groups, &v->group_n, &v->group_room, g);
	}
}

void
matcher_leave(struct matcher *m, struct matcher_group *g)
{
	if (g->driver == FILTER_KINDS) {
		size_t i = 0;

		while (m->plain[i] != g)
			i++;	/* of three at most */
		m->plain[i] = m->plain[--m->plain_n];
		return;
	}
	for (size_t i = g->from[g->driver]; i < g->from[g->driver + 1]; i++) {
		struct matcher_value *v = g->values[i];
		struct matcher_group *last = v->groups[--v->group_n];

		v->groups[g->at[i]] = last;
		last->at[matcher_which(last, v)] = g->at[i];
	}
}

bool
matcher_fail(struct matcher *m, struct matcher_group *g, unsigned k)
{
	size_t cost = g->from[g->driver + 1] - g->from[g->driver] + g->from[k + 1] - g->from[k];

	if (g->driver == FILTER_KINDS || ++g->failed[k] < MATCHER_PATIENCE * cost)
		return false;
	matcher_leave(m, g);
	matcher_enter(m, g, k);
	return true;
}

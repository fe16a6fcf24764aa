/*
 * What is remembered of failures, and when people hear of them.
 *
 * in: failures and successes
 * out: whether to tell, and the words for it
 */
#include "ct-fetch/log/trouble.h"

#include <stdio.h>

enum {
	TROUBLE_SHORT = 60 * 1000,	/* ms: a row of failures that is younger has no age */
	TROUBLE_QUIET = 300 * 1000,	/* ms between two rows of failures that are told */
	TROUBLE_AGAIN = 3600 * 1000,	/* ms until a row of failures is told again */
};

/* Returns the loop ms from which on the next failure is to be told. */
static uint64_t
trouble_due(const struct trouble *t)
{
	if (t->is_told)
		return t->told + TROUBLE_AGAIN;
	return t->told > 0 ? t->told + TROUBLE_QUIET : 0;
}

bool
trouble_take(struct trouble *t, uint64_t now, const char *what, const char *why)
{
	t->count++;
	if (t->row++ == 0)
		t->since = now;
	t->last = now;
	snprintf(t->why, sizeof(t->why), "%s: %s", what, why);
	if (now < trouble_due(t))
		return false;
	t->told = now;
	t->is_told = true;
	return true;
}

bool
trouble_end(struct trouble *t)
{
	bool was_told = t->is_told;

	t->row = 0;
	t->is_told = false;
	return was_told;
}

const char *
trouble_age(const struct trouble *t, uint64_t now, char out[MAX_TROUBLE_AGE])
{
	char age[MAX_AGE_TEXT];

	out[0] = '\0';
	if (t->row > 0 && now - t->since >= TROUBLE_SHORT)
		snprintf(out, MAX_TROUBLE_AGE, " for %s", age_write(age, now - t->since));
	return out;
}

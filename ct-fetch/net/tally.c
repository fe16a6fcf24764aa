/*
 * How often something happened in the last minute.
 *
 * in: when it happened
 * out: counts, which the budget of a host (budget.c) is learned from
 */
#include "ct-fetch/net/tally.h"

#include <string.h>

void
tally_move(struct tally *t, uint64_t now)
{
	uint64_t at = now / TALLY_SPAN;

	if (at < t->at + TALLY_SPANS) {
		while (t->at < at)
			t->n[++t->at % TALLY_SPANS] = 0;
	} else {
		memset(t->n, 0, sizeof(t->n));
		t->at = at;
	}
}

void
tally_add(struct tally *t, uint64_t now)
{
	tally_move(t, now);
	t->n[t->at % TALLY_SPANS]++;
}

double
tally_sum(struct tally *t, uint64_t now, uint64_t *first)
{
	double sum = 0;

	tally_move(t, now);
	*first = now;
	for (unsigned k = TALLY_SPANS - 1; k-- > 0;) {	/* k: how many spans ago */
		uint32_t n = t->at >= k ? t->n[(t->at - k) % TALLY_SPANS] : 0;

		if (n > 0 && sum == 0)
			*first = (t->at - k) * TALLY_SPAN;
		sum += n;
	}
	return sum;
}

double
tally_peak(struct tally *t, uint64_t now)
{
	tally_move(t, now);
	return t->n[t->at % TALLY_SPANS] + (t->at > 0 ? t->n[(t->at - 1) % TALLY_SPANS] : 0);
}

double
tally_since(const struct tally *t, uint64_t since)
{
	double sum = 0;

	for (unsigned k = 0; k < TALLY_SPANS && t->at >= k && t->at - k >= since / TALLY_SPAN; k++)
		sum += t->n[(t->at - k) % TALLY_SPANS];
	return sum;
}

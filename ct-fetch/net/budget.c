/*
 * The budget of one host, learned.
 *
 * in: when requests start, are granted and are refused
 * out: when the next may start
 *
 * Blind halving would cost a host that allows 35 requests a minute half of them for a quarter of an
 * hour, each time that it refuses one. What it has granted within a minute of being asked as much as
 * the rate allowed is what it allows, so that is where the rate goes. Halving is for all else.
 */
#include "ct-fetch/net/budget.h"

#include <float.h>

enum {
	MINUTE = TALLY_MINUTE,
	HOLD = 15 * MINUTE,		/* ms for which a ceiling holds at first */
	MAX_HOLD = 240 * MINUTE,
	LONG_REFUSAL = 10 * 1000,	/* ms of refusals which show that the limit is by the minute */
	AFTERMATH = 2 * MINUTE,		/* ms in which a refusal may still come from those before */
	MAX_DEBT = 64,			/* requests; bounds the pause of those who paid nothing */
};

static const double budget_safe = 0.985;		/* of what was granted: the clocks are not the same */
static const double budget_growth = 1.05;
static const double budget_used = 0.8;		/* of the rate, from which on it counts as used */
static const double budget_unknown = 8;		/* of which half is where learning begins, at least */
static const double budget_young = 1;		/* not halved below it in the first minute */
static const double budget_least = 1.0 / 3600;
static const double budget_free = 1000;		/* beyond, a learned rate is no limit any more */

static double
budget_min(double a, double b)
{
	return a < b ? a : b;
}

static double
budget_max(double a, double b)
{
	return a > b ? a : b;
}

/* ---- the bucket ---- */

void
budget_init(struct budget *b, double start, double most)
{
	*b = (struct budget){ .per_s = start, .most = most, .tokens = 1, .hold = HOLD };
}

void
budget_learn(struct budget *b, double per_s, double ceiling, uint64_t now)
{
	b->per_s = b->most > 0 && per_s > b->most ? b->most : per_s;
	b->ceiling = ceiling;
	b->learned = true;
	b->held_until = now + b->hold;
	b->tokens = 1;
	b->filled = now;
}

/* The burst: the quarter of a second's tokens is what a loop that is late may make up for. */
static double
budget_cap(const struct budget *b)
{
	return 1 + budget_min(b->per_s / 4, 4);
}

static void
budget_fill(struct budget *b, uint64_t now)
{
	if (now > b->filled) {
		b->tokens += (double)(now - b->filled) / 1000 * b->per_s;
		b->tokens = budget_min(b->tokens, budget_cap(b));
		b->filled = now;
	}
}

unsigned
budget_has(struct budget *b, uint64_t now)
{
	if (b->per_s == 0)
		return UINT32_MAX;
	budget_fill(b, now);
	return b->tokens >= 1 ? (unsigned)b->tokens : 0;
}

uint64_t
budget_due(const struct budget *b, unsigned n)
{
	if (b->per_s == 0 || b->tokens >= n)
		return b->filled;
	return b->filled + (uint64_t)((n - b->tokens) / b->per_s * 1000) + 1;
}

void
budget_take(struct budget *b, uint64_t now)
{
	b->taken++;
	if (b->per_s == 0)
		return;
	budget_fill(b, now);
	b->tokens--;
}

double
budget_seen(struct budget *b, uint64_t now)
{
	uint64_t first;

	return tally_sum(&b->granted, now, &first) * 1000 / MINUTE;
}

/* ---- learning ---- */

/* Sets the rate, and begins a new minute. */
static void
budget_set(struct budget *b, double per_s, double ceiling, uint64_t now)
{
	budget_fill(b, now);
	b->per_s = budget_max(per_s, budget_least);
	b->ceiling = ceiling;
	b->held_until = now + b->hold;
	b->minute = now;
	b->taken = 0;
	b->learned = b->changed = true;
}

/* Returns how far the rate may grow now. */
static double
budget_limit(const struct budget *b, uint64_t now)
{
	double limit = b->most > 0 ? b->most : DBL_MAX;

	return b->ceiling > 0 && now < b->held_until ? budget_min(limit, b->ceiling) : limit;
}

/* Grows the rate at the end of a minute without refusals, if the minute has shown that it holds. */
static void
budget_grow(struct budget *b, uint64_t now)
{
	double minutes = (double)(now - b->minute) / MINUTE;
	double limit = budget_min(b->per_s * budget_growth, budget_limit(b, now));
	bool used = b->taken >= budget_used * b->per_s * 60 * minutes;

	b->minute = now;
	b->taken = 0;
	if (!used || limit <= b->per_s)
		return;
	/* Two steps beyond the ceiling and nothing refused: the host allows more than it did. */
	if (b->ceiling > 0 && b->per_s > b->ceiling * budget_growth) {
		b->ceiling = 0;
		b->hold = HOLD;
	}
	b->per_s = b->most == 0 && limit > budget_free ? 0 : limit;
	b->learned = b->changed = true;
}

void
budget_grant(struct budget *b, uint64_t now)
{
	tally_add(&b->granted, now);
	if (b->minute == 0)
		b->minute = now;
	else if (b->per_s > 0 && now - b->minute >= MINUTE)
		budget_grow(b, now);
}

/* Returns the rate before a refusal, which for a host without a limit is that of the last second. */
static double
budget_before(struct budget *b, uint64_t now)
{
	return b->per_s > 0 ? b->per_s : budget_max(tally_peak(&b->granted, now), budget_unknown);
}

/*
 * Lowers the rate, but not for refusals that may still come from those before: a server that counts
 * them refuses soon once more, and the rate would come down step by step below what it allows. They
 * are paid for instead (budget_recover). Earlier refusals within the minute count as granted, because
 * many servers count them; where they do not, there are few of them the next time, and the rate comes
 * down to what is granted.
 */
static void
budget_cut(struct budget *b, uint64_t now)
{
	uint64_t first;
	double before = budget_before(b, now), half = before / 2;
	double sum = tally_sum(&b->granted, now, &b->cut_first) +
	    tally_sum(&b->refused, now, &first);
	bool soon = b->cut_at > 0 && !b->again && now - b->cut_at < AFTERMATH;
	double known = budget_min(sum / 60 * budget_safe, soon ? before : before * 0.95);
	double seconds = budget_max((double)(now - b->cut_first) / 1000, 1);
	bool tried = b->ceiling > 0 && before > b->ceiling;

	b->again = soon;
	/* It tells the limit if the host was asked for about as much as the rate allowed. */
	b->cut_proof = sum >= before / 2 * seconds ? sum : 0;
	b->cut_at = now;
	b->hold = !tried ? HOLD : b->hold * 2 < MAX_HOLD ? b->hold * 2 : MAX_HOLD;
	if (b->per_s == 0) {
		b->filled = now;
		b->tokens = 0;
		half = budget_max(half, budget_young);
	}
	if (known >= half)
		budget_set(b, known, known, now);
	else
		budget_set(b, half, before * 0.95, now);
}

void
budget_refuse(struct budget *b, bool first, uint64_t now)
{
	if (first)
		budget_cut(b, now);
	tally_add(&b->refused, now);
}

void
budget_recover(struct budget *b, uint64_t now)
{
	uint64_t length = now - b->cut_first, first;
	double per_s;

	b->tokens = budget_min(b->tokens, 1);	/* no burst right after it */
	if (b->again)
		b->tokens = -budget_min(tally_sum(&b->refused, now, &first), MAX_DEBT);
	if (b->cut_proof == 0 || now - b->cut_at < LONG_REFUSAL)
		return;
	per_s = b->cut_proof * 1000 / (double)(length < MINUTE ? length : MINUTE) * budget_safe;
	if (per_s >= b->per_s)
		return;
	budget_set(b, per_s, per_s, now);
	/* Refusals may count at the server like any request, so they are paid for. */
	b->tokens = -budget_min(tally_sum(&b->refused, now, &first), MAX_DEBT);
}

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
#include <string.h>

enum {
	MINUTE = 60 * 1000,
	HOLD = 15 * MINUTE,		/* ms for which a ceiling holds at first */
	MAX_HOLD = 240 * MINUTE,
	LONG_REFUSAL = 10 * 1000,	/* ms of refusals which show that the limit is by the minute */
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

/* ---- the last minute ---- */

static void
budget_past_move(struct budget_past *p, uint64_t now)
{
	uint64_t at = now / BUDGET_SPAN;

	if (at < p->at + BUDGET_SPANS) {
		while (p->at < at)
			p->n[++p->at % BUDGET_SPANS] = 0;
	} else {
		memset(p->n, 0, sizeof(p->n));
		p->at = at;
	}
}

static void
budget_past_add(struct budget_past *p, uint64_t now)
{
	budget_past_move(p, now);
	p->n[p->at % BUDGET_SPANS]++;
}

/* Returns how often it happened, and sets *first to the time when it first did. */
static double
budget_past_sum(struct budget_past *p, uint64_t now, uint64_t *first)
{
	double sum = 0;

	budget_past_move(p, now);
	*first = now;
	for (unsigned k = BUDGET_SPANS; k-- > 0;) {	/* k: how many spans ago */
		uint32_t n = p->at >= k ? p->n[(p->at - k) % BUDGET_SPANS] : 0;

		if (n > 0 && sum == 0)
			*first = (p->at - k) * BUDGET_SPAN;
		sum += n;
	}
	return sum;
}

/* Returns how often it happened in the last second. */
static double
budget_past_peak(struct budget_past *p, uint64_t now)
{
	budget_past_move(p, now);
	return p->n[p->at % BUDGET_SPANS] + (p->at > 0 ? p->n[(p->at - 1) % BUDGET_SPANS] : 0);
}

/* ---- the bucket ---- */

void
budget_init(struct budget *r, double start, double most)
{
	*r = (struct budget){ .per_s = start, .most = most, .tokens = 1, .hold = HOLD };
}

void
budget_learn(struct budget *r, double per_s, double ceiling, uint64_t now)
{
	r->per_s = r->most > 0 && per_s > r->most ? r->most : per_s;
	r->ceiling = ceiling;
	r->held_until = now + r->hold;
	r->tokens = 1;
	r->filled = now;
}

/* The burst: the quarter of a second's tokens is what a loop that is late may make up for. */
static double
budget_cap(const struct budget *r)
{
	return 1 + budget_min(r->per_s / 4, 4);
}

static void
budget_fill(struct budget *r, uint64_t now)
{
	if (now > r->filled) {
		r->tokens += (double)(now - r->filled) / 1000 * r->per_s;
		r->tokens = budget_min(r->tokens, budget_cap(r));
		r->filled = now;
	}
}

unsigned
budget_has(struct budget *r, uint64_t now)
{
	if (r->per_s == 0)
		return UINT32_MAX;
	budget_fill(r, now);
	return r->tokens >= 1 ? (unsigned)r->tokens : 0;
}

uint64_t
budget_due(const struct budget *r, unsigned n)
{
	if (r->per_s == 0 || r->tokens >= n)
		return r->filled;
	return r->filled + (uint64_t)((n - r->tokens) / r->per_s * 1000) + 1;
}

void
budget_take(struct budget *r, uint64_t now)
{
	r->taken++;
	if (r->per_s == 0)
		return;
	budget_fill(r, now);
	r->tokens--;
}

double
budget_seen(struct budget *r, uint64_t now)
{
	uint64_t first;

	return budget_past_sum(&r->granted, now, &first) * 1000 / MINUTE;
}

/* ---- learning ---- */

/* Sets the rate, and begins a new minute. */
static void
budget_set(struct budget *r, double per_s, double ceiling, uint64_t now)
{
	budget_fill(r, now);
	r->per_s = budget_max(per_s, budget_least);
	r->ceiling = ceiling;
	r->held_until = now + r->hold;
	r->minute = now;
	r->taken = 0;
	r->changed = true;
}

/* Returns how far the rate may grow now. */
static double
budget_limit(const struct budget *r, uint64_t now)
{
	double limit = r->most > 0 ? r->most : DBL_MAX;

	return r->ceiling > 0 && now < r->held_until ? budget_min(limit, r->ceiling) : limit;
}

/* Grows the rate at the end of a minute without refusals, if the minute has shown that it holds. */
static void
budget_grow(struct budget *r, uint64_t now)
{
	double minutes = (double)(now - r->minute) / MINUTE;
	double limit = budget_min(r->per_s * budget_growth, budget_limit(r, now));
	bool used = r->taken >= budget_used * r->per_s * 60 * minutes;

	r->minute = now;
	r->taken = 0;
	if (!used || limit <= r->per_s)
		return;
	/* Two steps beyond the ceiling and nothing refused: the host allows more than it did. */
	if (r->ceiling > 0 && r->per_s > r->ceiling * budget_growth) {
		r->ceiling = 0;
		r->hold = HOLD;
	}
	r->per_s = r->most == 0 && limit > budget_free ? 0 : limit;
	r->changed = true;
}

void
budget_grant(struct budget *r, uint64_t now)
{
	budget_past_add(&r->granted, now);
	if (r->minute == 0)
		r->minute = now;
	else if (r->per_s > 0 && now - r->minute >= MINUTE)
		budget_grow(r, now);
}

/* Returns the rate before a refusal, which for a host without a limit is that of the last second. */
static double
budget_before(struct budget *r, uint64_t now)
{
	return r->per_s > 0 ? r->per_s : budget_max(budget_past_peak(&r->granted, now), budget_unknown);
}

static void
budget_cut(struct budget *r, uint64_t now)
{
	double before = budget_before(r, now), half = before / 2;
	double sum = budget_past_sum(&r->granted, now, &r->cut_first);
	double known = budget_min(sum / 60 * budget_safe, before * 0.95);
	double seconds = budget_max((double)(now - r->cut_first) / 1000, 1);
	bool tried = r->ceiling > 0 && before > r->ceiling;

	/* It tells the limit if the host was asked for about as much as the rate allowed. */
	r->cut_proof = sum >= before / 2 * seconds ? sum : 0;
	r->cut_at = now;
	r->hold = !tried ? HOLD : r->hold * 2 < MAX_HOLD ? r->hold * 2 : MAX_HOLD;
	if (r->per_s == 0) {
		r->filled = now;
		r->tokens = 0;
		half = budget_max(half, budget_young);
	}
	if (known >= half)
		budget_set(r, known, known, now);
	else
		budget_set(r, half, before * 0.95, now);
}

void
budget_refuse(struct budget *r, bool first, uint64_t now)
{
	budget_past_add(&r->refused, now);
	if (first)
		budget_cut(r, now);
}

void
budget_recover(struct budget *r, uint64_t now)
{
	uint64_t length = now - r->cut_first, first;
	double per_s;

	r->tokens = budget_min(r->tokens, 1);	/* no burst right after it */
	if (r->cut_proof == 0 || now - r->cut_at < LONG_REFUSAL)
		return;
	per_s = r->cut_proof * 1000 / (double)(length < MINUTE ? length : MINUTE) * budget_safe;
	if (per_s >= r->per_s)
		return;
	budget_set(r, per_s, per_s, now);
	/* Refusals may count at the server like any request, so they are paid for. */
	r->tokens = -budget_min(budget_past_sum(&r->refused, now, &first), MAX_DEBT);
}

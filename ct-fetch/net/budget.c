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
	SLOW_REFUSAL = 3 * 1000,	/* ms of refusals after which the limit is not by the second ... */
	LONG_REFUSAL = 10 * 1000,	/* ... and ms of those which show that it is by the minute */
	LEAST_PROOF = 16,		/* requests in a minute, of which a burst that tells has more */
	EVEN_PROOF = 32,		/* and requests that came evenly */
	YOUNG_BURST = 5 * 1000,		/* ms by which a burst begins later than a minute ago */
	SLACK = 12 * 1000,		/* ms by which refusals that count may make that minute longer */
	AFTERMATH = 2 * MINUTE,		/* ms in which a refusal may still come from those before */
	SHORT = 10 * 1000,		/* ms in which a load does not show yet */
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

double
budget_load(struct budget *b, uint64_t since, uint64_t now)
{
	uint64_t from = now > MINUTE && since < now - MINUTE ? now - MINUTE : since;

	if (b->per_s == 0)
		return 0;
	tally_move(&b->granted, now);
	return tally_since(&b->granted, from) * 1000 / b->per_s /
	    budget_max((double)(now > from ? now - from : 0), SHORT);
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
	b->held = b->per_s;
	b->per_s = b->most == 0 && limit > budget_free ? 0 : limit;
	b->learned = b->changed = true;
}

void
budget_grant(struct budget *b, uint64_t now)
{
	tally_add(&b->granted, now);
	b->cut_sum += b->cut_open;	/* it was on its way when the refusals began */
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

/* Returns how many requests there were in the minute before a time: those granted, and maybe the refused. */
static double
budget_recent(const struct budget *b, uint64_t now, bool refused)
{
	uint64_t since = now > MINUTE ? now - MINUTE : 0;

	return tally_since(&b->granted, since) + (refused ? tally_since(&b->refused, since) : 0);
}

/*
 * Puts off the next requests so long that those to come, evenly spaced at the rate, and those before make
 * no more than `most` in any minute. Where the host counts those that it refuses, so does this.
 */
static void
budget_owe(struct budget *b, uint64_t now, double most, bool refused)
{
	double debt = 0;

	for (uint64_t t = now; t < now + MINUTE; t += TALLY_SPAN) {
		double n = budget_recent(b, t, refused) + b->per_s * (double)(t - now) / 1000;

		debt = budget_max(debt, n - most);
	}
	b->tokens = -budget_min(debt, MAX_DEBT);
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
	double sum = tally_sum(&b->granted, now, &b->cut_first) + tally_sum(&b->refused, now, &first);
	bool soon = b->cut_at > 0 && !b->again && now - b->cut_at < AFTERMATH;
	double known = budget_min(sum / 60 * budget_safe, soon ? before : before * 0.95);
	double seconds = budget_max((double)(now - b->cut_first) / 1000, 1);
	bool tried = b->ceiling > 0 && before > b->ceiling;

	b->again = soon;
	b->cut_full = sum >= before / 2 * seconds;
	b->cut_sum = sum;
	b->cut_fits = b->cut_open = true;
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

/*
 * Takes back the last step of growth when that is what the host refuses: it has granted about as much as
 * at the rate before, which it did not refuse for a whole minute. Returns false when it is not so.
 */
static bool
budget_step_back(struct budget *b, uint64_t now)
{
	double held = b->held, before = b->per_s;
	uint64_t first;

	b->held = 0;
	if (held == 0 || before > held * budget_growth || tally_sum(&b->granted, now, &first) < held * 54)
		return false;
	budget_cut(b, now);
	if (b->per_s < held)
		budget_set(b, held, held, now);
	tally_add(&b->refused, now);
	budget_owe(b, now, held * 60 / budget_safe, true);
	return true;
}

void
budget_refuse(struct budget *b, bool first, uint64_t now)
{
	tally_move(&b->granted, now);
	tally_move(&b->refused, now);
	if (first && budget_step_back(b, now))
		return;
	if (first)
		budget_cut(b, now);
	else if (budget_recent(b, now, true) < b->cut_sum || now > b->cut_first + MINUTE + SLACK)
		b->cut_fits = false;
	tally_add(&b->refused, now);
}

/*
 * Returns true when the refusals may come from what was granted in the last minute, which at each of them
 * was still as full. Of a few requests that came evenly for longer that says nothing, since each refusal
 * takes the place of one that leaves the minute: they fit whatever the host refuses them for.
 */
static bool
budget_fits(const struct budget *b)
{
	bool burst = b->cut_first + MINUTE >= b->cut_at + YOUNG_BURST;

	return b->cut_fits && b->cut_sum > (burst ? LEAST_PROOF : EVEN_PROOF);
}

uint64_t
budget_opens(const struct budget *b, uint64_t now)
{
	if (!b->cut_open || !budget_fits(b) || now < b->cut_at + SLOW_REFUSAL)
		return UINT64_MAX;
	for (int refused = 0; refused < 2; refused++) {
		if (budget_recent(b, now, refused) < b->cut_sum)
			continue;	/* it would grant this one, if it counted like this */
		for (uint64_t t = now; t < now + MINUTE; t += TALLY_SPAN)
			if (budget_recent(b, t, refused) < b->cut_sum)
				return t;
	}
	return UINT64_MAX;
}

/*
 * Returns true when what was granted until the refusals began is what the host allows in a minute. They
 * were long, and it had been asked for about as much as the rate allowed, or for less that fits.
 */
static bool
budget_knows(const struct budget *b, uint64_t now)
{
	return now - b->cut_at >= LONG_REFUSAL && (b->cut_full || budget_fits(b));
}

void
budget_recover(struct budget *b, uint64_t now)
{
	uint64_t length = now - b->cut_first, first;
	double per_s, most = b->cut_sum - 1;	/* without the one that is granted now */

	b->cut_open = false;
	/* It has granted this one though the last minute is as full as before, with those that it refused. */
	if (budget_recent(b, now + TALLY_SPAN, true) - 1 >= most)
		b->refused = (struct tally){ 0 };
	b->tokens = budget_min(b->tokens, 1);	/* no burst right after it */
	if (b->again)
		b->tokens = -budget_min(tally_sum(&b->refused, now, &first), MAX_DEBT);
	if (!budget_knows(b, now))
		return;
	per_s = most * 1000 / (double)(length < MINUTE ? length : MINUTE) * budget_safe;
	if (per_s >= b->per_s)
		return;
	budget_set(b, per_s, per_s, now);
	budget_owe(b, now, most, true);
}

/*
 * A budget: how many requests a second a host is sent. It is a token bucket, whose rate is learned
 * from what the host grants and refuses. Rates are requests a second, and 0 is no limit; each now is
 * loop ms.
 *
 * Requests are spaced evenly, with bursts of at most five. Whenever the host says that it is asked
 * too much, the rate becomes what the host has granted within the last minute, but not less than
 * half of what it was. When it then refuses all until those of that minute are over, what it has
 * granted until then is its limit. The rate grows by 5 % after each minute in which the host refused
 * nothing and was asked nearly all that the rate allows. The ceiling keeps it from growing again to
 * where it was refused: that is tried after a quarter of an hour, and each time it fails after twice
 * as long.
 */
#ifndef CT_FETCH_BUDGET_H
#define CT_FETCH_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

#include "ct-fetch/net/tally.h"

struct budget {
	double per_s;		/* the rate */
	double most;		/* beyond which it never grows */
	double ceiling;		/* beyond which it does not grow now; 0: none */
	bool learned;		/* these are not those of budget_init any more */
	bool changed;		/* learned since this was set to false */
	/* The rest belongs to budget.c. */
	double tokens;		/* requests that may start at the time filled; negative: debts */
	uint64_t filled;
	uint64_t hold;		/* ms for which a ceiling holds */
	uint64_t held_until;
	uint64_t minute;	/* when the minute began after which it may grow; 0: not yet */
	double taken;		/* tokens since then */
	double held;		/* the rate before it grew last, which was not refused for a minute; or 0 */
	uint64_t cut_at;	/* when the refusals began */
	bool again;		/* they began soon after others */
	uint64_t cut_first;	/* from when on requests had been granted in the minute before */
	double cut_sum;		/* and how many */
	bool cut_full;		/* as many as the rate allowed, or half of it at least */
	bool cut_fits;		/* at each refusal since then the last minute had so many requests */
	bool cut_open;		/* it goes on */
	struct tally granted, refused;
};

/* Begins at start requests a second, which may grow to most. */
void budget_init(struct budget *budget, double start, double most);

/* Goes on at per_s, the rate, and at the ceiling that were learned in an earlier run. */
void budget_learn(struct budget *budget, double per_s, double ceiling, uint64_t now);

/* Returns how many requests may start now, at most UINT32_MAX. */
unsigned budget_has(struct budget *budget, uint64_t now);

/* Returns the time from which on n requests may start, if none starts until then; n >= 1. */
uint64_t budget_due(const struct budget *budget, unsigned n);

/* Takes note that a request starts. */
void budget_take(struct budget *budget, uint64_t now);

/* Takes note that the host has granted a request. */
void budget_grant(struct budget *budget, uint64_t now);

/*
 * Takes note that the host has refused a request because it is asked too much. first is true when it
 * did not refuse the one before; then the rate falls.
 */
void budget_refuse(struct budget *budget, bool first, uint64_t now);

/*
 * Takes note that the host grants requests again after it had refused some. How long that took may
 * tell what its limit is.
 */
void budget_recover(struct budget *budget, uint64_t now);

/*
 * Returns when the host may grant requests again, if it grants only as many in a minute as it had when it
 * began to refuse them; UINT64_MAX: it does not look so.
 */
uint64_t budget_opens(const struct budget *budget, uint64_t now);

/*
 * Returns which part of the rate the host has granted since a time, at most a minute ago; 0 without a limit.
 * It is too low in the first ten seconds.
 */
double budget_load(struct budget *budget, uint64_t since, uint64_t now);

/* Returns how many requests a second the host has granted, over the last minute. */
double budget_seen(struct budget *budget, uint64_t now);

#endif

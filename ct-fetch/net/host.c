/*
 * The limiter of each host, and its pauses after trouble.
 *
 * in: requests that want to start, start, and end
 * out: permission to start the next request
 *
 * Trouble is counted in rounds: a request that started before the last trouble neither shows that
 * it is over nor counts as another one.
 */
#include "ct-fetch/net/host.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/die.h"

enum {
	FIRST_WIDTH = 4,	/* requests at a time to a host on this machine */
	LOCAL_WIDTH = 8,	/* and at most, while it has no limit */
	MAX_WIDTH = 10,		/* to a host with a limit */
	CLEAN_RUN = 128,	/* good answers in a row that earn one more */
	FIRST_LATENCY = 1000,	/* ms, until it has been seen */
	LEAST_PAUSE = 100,	/* ms */
	MAX_DOUBLINGS = 7,	/* of the pause of 1 s: 128 s */
	STRAINED = 12 * 1000,	/* ms after 429 in which requests count as scarce, until it shows */
	LIMITED_DOUBLINGS = 5,	/* after 429: 32 s, for how long it lasts tells what the limit is */
};

struct host {
	char *name;		/* scheme://host:port as the URL has it */
	bool local;
	bool fixed;		/* its rate is the user's */
	struct budget budget;
	struct askers askers;
	unsigned width;		/* requests at a time while there is no limit */
	unsigned running;
	unsigned fresh;		/* of these, started since the last trouble */
	unsigned clean;		/* good answers since the last trouble */
	unsigned trouble;	/* goes up with each trouble */
	unsigned troubles;	/* in a row */
	bool limited;		/* the first of these was that it was asked too much */
	double latency;		/* ms */
	uint64_t free_since;	/* requests have been possible since then; 0: they were not */
	uint64_t alive;		/* when it last answered well */
	uint64_t open_since;	/* the end of its last trouble, or when it was asked first; 0: not yet */
	uint64_t strained_until;	/* it had asked for less shortly before */
	uint64_t pause_until, paused_at;
	const char *paused_why;
	uint64_t outcomes[HOST_OUTCOMES];
	struct hosts *hosts;
	struct host *next;
};

struct hosts {
	struct host *first;
	const struct preset *presets;
	size_t presets_n;
	uint64_t random;
};

/* ---- the set ---- */

struct hosts *
hosts_open(uint64_t seed)
{
	struct hosts *h = calloc(1, sizeof(*h));

	if (h == NULL)
		die_world("out of memory");
	h->random = seed | 1;
	return h;
}

void
hosts_free(struct hosts *hosts)
{
	struct host *h;

	while ((h = hosts->first) != NULL) {
		hosts->first = h->next;
		asker_free(&h->askers);
		free(h->name);
		free(h);
	}
	free(hosts);
}

void
hosts_limit(struct hosts *hosts, const struct preset *presets, size_t n)
{
	hosts->presets = presets;
	hosts->presets_n = n;
}

static bool
host_name_is_local(const char *name)
{
	static const char *const local[] = {
		"http://127.", "https://127.", "http://localhost", "https://localhost",
		"http://[::1]", "https://[::1]", "file:",
	};

	for (size_t i = 0; i < sizeof(local) / sizeof(local[0]); i++)
		if (strncasecmp(name, local[i], strlen(local[i])) == 0)
			return true;
	return false;
}

/* Gives a new host the rate to begin with. One on this machine has no limit until it asks for one. */
static void
host_preset(struct host *h)
{
	const struct hosts *hosts = h->hosts;
	const struct preset *p = NULL;

	for (size_t i = 0; i < hosts->presets_n && p == NULL; i++)
		if (preset_is_for(&hosts->presets[i], h->name))
			p = &hosts->presets[i];
	h->fixed = p != NULL;
	if (p == NULL && !h->local)
		p = preset_find(h->name);
	budget_init(&h->budget, p != NULL ? p->start : 0, p != NULL ? p->most : 0);
}

struct host *
host_find(struct hosts *hosts, const char *url)
{
	const char *name = strstr(url, "://");
	size_t n = name != NULL ? (size_t)(name - url) + 3 : 0;
	struct host *h;

	n += strcspn(url + n, "/");
	for (h = hosts->first; h != NULL; h = h->next)
		if (strncasecmp(h->name, url, n) == 0 && h->name[n] == '\0')
			return h;
	h = calloc(1, sizeof(*h));
	if (h == NULL || (h->name = strndup(url, n)) == NULL)
		die_world("out of memory");
	h->local = host_name_is_local(h->name);
	h->width = FIRST_WIDTH;
	h->latency = FIRST_LATENCY;
	h->paused_why = "";
	h->hosts = hosts;
	h->next = hosts->first;
	hosts->first = h;
	host_preset(h);
	return h;
}

struct host *
hosts_next(const struct hosts *hosts, const struct host *h)
{
	return h == NULL ? hosts->first : h->next;
}

const char *
host_name(const struct host *h)
{
	return h->name;
}

bool
host_is_local(const struct host *h)
{
	return h->local;
}

/* ---- requests ---- */

/*
 * Returns how many requests may run at a time: as many as are under way at the rate, so that it is
 * reached in spite of the latency, and one more.
 */
static unsigned
host_width(const struct host *h)
{
	double busy = h->budget.per_s * h->latency / 1000;

	if (h->troubles > 0)
		return 1;
	if (h->budget.per_s == 0)
		return h->width;
	if (busy >= MAX_WIDTH - 1)
		return MAX_WIDTH;
	return (unsigned)busy + (busy > (unsigned)busy) + 1;
}

bool
host_may(struct host *h, const struct host_request *r, uint64_t now, uint64_t *again)
{
	struct asker *a = asker_find(&h->askers, r->who, now);
	unsigned width = host_width(h), running = h->troubles > 0 ? h->fresh : h->running;
	unsigned room = running < width ? width - running : 0, tokens = budget_has(&h->budget, now);
	unsigned ahead;

	if (now < a->until[r->class] && h->pause_until <= a->until[r->class]) {
		*again = a->until[r->class];
		return false;
	}
	if (tokens < room)
		room = tokens;
	if (now < h->pause_until || room == 0) {
		asker_want(a, r->class, now);
		h->free_since = 0;
		*again = now < h->pause_until ? h->pause_until :
		    tokens == 0 ? budget_due(&h->budget, 1) : HOST_NEVER;
		return false;
	}
	if (h->free_since == 0)
		h->free_since = now;
	ahead = asker_ahead(&h->askers, a, r->class, h->free_since, now, again);
	if (ahead < room)
		return true;
	asker_want(a, r->class, now);
	return false;
}

void
host_start(struct host *h, struct host_request *r, uint64_t now)
{
	r->started = now;
	r->trouble = h->trouble;
	if (h->open_since == 0)
		h->open_since = now;
	h->running++;
	h->fresh++;
	h->free_since = 0;
	budget_take(&h->budget, now);
	asker_serve(&h->askers, asker_find(&h->askers, r->who, now), r->class);
}

/* ---- outcomes ---- */

/* Follows the latency: up quickly, down slowly, so that it is that of the slower answers. */
static void
host_time(struct host *h, double ms)
{
	h->latency += (ms - h->latency) * (ms > h->latency ? 0.5 : 0.0625);
}

static void
host_well(struct host *h, const struct host_request *r, uint64_t now)
{
	h->alive = now;
	host_time(h, (double)(now - r->started));
	budget_grant(&h->budget, now);
	if (r->trouble == h->trouble && h->troubles > 0) {
		if (h->limited)
			budget_recover(&h->budget, now);
		h->open_since = budget_due(&h->budget, 1);
		h->strained_until = h->limited ? h->open_since + STRAINED : 0;
		h->troubles = 0;
		h->limited = false;
	}
	if (++h->clean < CLEAN_RUN)
		return;
	h->clean = 0;
	if (h->width < LOCAL_WIDTH)
		h->width++;
}

/* Returns for how many ms a host that has not said so is left alone: for longer each time. */
static uint64_t
host_pause_length(struct host *h, uint64_t now)
{
	uint64_t wait = hosts_backoff(h->hosts, h->troubles, h->limited ? LIMITED_DOUBLINGS : MAX_DOUBLINGS);
	uint64_t opens = h->limited ? budget_opens(&h->budget, now) : HOST_NEVER;

	return opens != HOST_NEVER && opens - now < wait ? opens - now : wait;
}

/* Leaves the host alone: for wait ms if that is not 0, else for longer each time. */
static void
host_trouble(struct host *h, const struct host_request *r, uint64_t now, uint64_t wait,
    const char *why)
{
	if (r->trouble == h->trouble) {
		h->trouble++;
		h->troubles++;
		h->fresh = 0;
		h->clean = 0;
		h->paused_at = now;
		h->paused_why = why;
		if (wait == 0)
			wait = host_pause_length(h, now);
	}
	if (now + wait > h->pause_until)
		h->pause_until = now + wait;
}

/* The host is asked too much. The first of several such answers in a row changes the rate. */
static void
host_refuse(struct host *h, const struct host_request *r, uint64_t now)
{
	bool first = r->trouble == h->trouble && !h->limited;

	if (first) {
		h->limited = true;
		h->width = h->width > 1 ? h->width / 2 : 1;
	}
	budget_refuse(&h->budget, first, now);
}

static void
host_fail(struct host *h, const struct host_request *r, uint64_t now, enum host_outcome outcome,
    uint64_t wait)
{
	asker_hear(asker_find(&h->askers, r->who, now), r->class, true, wait, now);
	if (outcome == HOST_FAILED) {
		if (h->alive < r->started || h->alive == 0)
			host_trouble(h, r, now, wait, "no answer");
	} else if (asker_all_fail(&h->askers, now)) {
		if (outcome == HOST_BUSY && h->budget.per_s > 0)
			host_refuse(h, r, now);
		host_trouble(h, r, now, wait, outcome == HOST_BUSY ? "HTTP 503" : "HTTP 5xx");
	}
}

void
host_end(struct host *h, const struct host_request *r, uint64_t now, enum host_outcome outcome,
    uint64_t wait)
{
	h->running--;
	h->fresh -= r->trouble == h->trouble;
	h->outcomes[outcome]++;
	switch (outcome) {
	case HOST_GOOD:
	case HOST_CUT:
	case HOST_REFUSED:
		asker_hear(asker_find(&h->askers, r->who, now), r->class, false, wait,
		    now);
		host_well(h, r, now);
		break;
	case HOST_LIMITED:
		host_refuse(h, r, now);
		host_trouble(h, r, now, wait, "HTTP 429");
		break;
	case HOST_BUSY:
	case HOST_BROKEN:
	case HOST_FAILED:
		host_fail(h, r, now, outcome, wait);
		break;
	case HOST_UNKNOWN:
	case HOST_OUTCOMES:
		break;
	}
}

/* ---- what there is to tell ---- */

uint64_t
host_pause(const struct host *h, uint64_t now)
{
	return h->pause_until > now ? h->pause_until - now : 0;
}

double
host_load(struct host *h, uint64_t now)
{
	if (h->budget.per_s > 0 && (h->limited || now < h->strained_until))
		return 1;
	return budget_load(&h->budget, h->open_since, now);
}

void
host_report(struct host *h, uint64_t now, struct host_report *report)
{
	*report = (struct host_report){
		.rate = h->budget.per_s,
		.seen = budget_seen(&h->budget, now),
		.width = host_width(h),
		.running = h->running,
		.latency = (uint64_t)h->latency,
		.pause = host_pause(h, now),
		.paused_at = h->paused_at,
		.paused_why = h->paused_why,
	};
	memcpy(report->outcomes, h->outcomes, sizeof(h->outcomes));
}

struct budget *
host_budget(struct host *h)
{
	return h->fixed ? NULL : &h->budget;
}

uint64_t
hosts_backoff(struct hosts *h, unsigned n, unsigned most)
{
	uint64_t whole = (uint64_t)1000 << (n - 1 < most ? n - 1 : most);

	/* xorshift64 is enough: it only has to make the pauses of many clients differ. */
	h->random ^= h->random << 13;
	h->random ^= h->random >> 7;
	h->random ^= h->random << 17;
	return LEAST_PAUSE + h->random % (whole - LEAST_PAUSE + 1);
}

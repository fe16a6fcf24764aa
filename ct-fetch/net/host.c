/*
 * The limiter of each host, and the pauses after trouble.
 *
 * in: starts and outcomes of requests, and Retry-After headers
 * out: permission to start the next request
 *
 * A host begins with a few requests at a time. Their number is halved whenever the host says
 * that it is too much, and grows by one after a clean run (AIMD).
 */
#include "ct-fetch/net/host.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/die.h"
#include "enc/date.h"

enum {
	FIRST_WIDTH = 4,	/* requests at a time to a host not known yet */
	MAX_WIDTH = 8,
	CLEAN_RUN = 128,	/* good answers in a row that earn one more */
	MAX_DOUBLINGS = 7,	/* of the pause: 128 s */
	MAX_RETRY_AFTER_MS = 600 * 1000,
};

struct host {
	char *name;		/* scheme://host:port as the URL has it */
	bool local;
	unsigned width;		/* requests at a time */
	unsigned running;
	unsigned clean;		/* good answers since the last trouble */
	unsigned troubles;	/* in a row */
	uint64_t pause_until;
	struct hosts *hosts;
	struct host *next;
};

struct hosts {
	struct host *first;
	uint64_t random;
};

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
		free(h->name);
		free(h);
	}
	free(hosts);
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
	h->hosts = hosts;
	h->next = hosts->first;
	hosts->first = h;
	return h;
}

bool
host_is_local(const struct host *h)
{
	return h->local;
}

bool
host_may(const struct host *h, enum host_class class, uint64_t now, uint64_t *again)
{
	/* After trouble, one request finds out whether it is over. */
	unsigned width = h->troubles > 0 ? 1 : h->width;

	(void)class;
	*again = now < h->pause_until ? h->pause_until : HOST_NEVER;
	return now >= h->pause_until && h->running < width;
}

void
host_start(struct host *h)
{
	h->running++;
}

static void
host_good(struct host *h)
{
	h->troubles = 0;
	if (++h->clean < CLEAN_RUN)
		return;
	h->clean = 0;
	if (h->width < MAX_WIDTH)
		h->width++;
}

void
host_end(struct host *h, uint64_t now, enum host_outcome outcome, uint64_t wait)
{
	h->running--;
	if (outcome == HOST_UNKNOWN)
		return;
	if (outcome == HOST_GOOD) {
		/* A request that started before the trouble does not show that it is over. */
		if (now >= h->pause_until)
			host_good(h);
		return;
	}
	h->clean = 0;
	if (now >= h->pause_until) {
		h->troubles++;
		if (outcome == HOST_LIMITED && h->width > 1)
			h->width /= 2;
	}
	if (wait == 0 && now >= h->pause_until)
		wait = hosts_backoff(h->hosts, h->troubles, MAX_DOUBLINGS);
	if (now + wait > h->pause_until)
		h->pause_until = now + wait;
}

uint64_t
host_pause(const struct host *h, uint64_t now)
{
	return h->pause_until > now ? h->pause_until - now : 0;
}

uint64_t
hosts_backoff(struct hosts *h, unsigned n, unsigned most)
{
	uint64_t whole = (uint64_t)1000 << (n - 1 < most ? n - 1 : most);

	/* xorshift64 is enough: it only has to make the pauses of many clients differ. */
	h->random ^= h->random << 13;
	h->random ^= h->random >> 7;
	h->random ^= h->random << 17;
	return whole / 2 + h->random % (whole / 2 + 1);
}

/* The month in s as 0 to 11, or -1. */
static int
host_month(const char *s)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (int i = 0; i < 12; i++)
		if (strncasecmp(s, &names[i * 3], 3) == 0)
			return i;
	return -1;
}

/* An HTTP date in any of the three forms of RFC 9110 5.6.7, zone unread, as seconds since 1970. */
static bool
host_date(const char *value, int64_t *seconds)
{
	char month[4] = "";
	const char *comma = strchr(value, ',');
	int year = 0, m, day, hour, minute, second;

	if (comma == NULL) {	/* asctime: Sun Nov  6 08:49:37 1994 */
		if (sscanf(value, "%*3s %3s %2d %2d:%2d:%2d %4d", month, &day, &hour, &minute,
		    &second, &year) != 6)
			return false;
	} else if (sscanf(comma + 1, " %2d%*1[ -]%3s%*1[ -]%4d %2d:%2d:%2d", &day, month, &year,
	    &hour, &minute, &second) != 6) {
		return false;
	}
	if (year < 100)		/* RFC 850's two digits */
		year += 2000;
	m = host_month(month);
	if (m < 0 || !date_exists(year, m + 1, day))
		return false;
	/* Not timegm: where time_t has 32 bits it knows no date after January 2038. */
	*seconds = date_days(year, m + 1, day) * 86400 + hour * 3600 + minute * 60 + second;
	return true;
}

uint64_t
host_retry_after(const char *value, int64_t now)
{
	int64_t when, ms;

	while (*value == ' ')
		value++;
	if (isdigit((unsigned char)*value)) {
		char *end;
		unsigned long s = strtoul(value, &end, 10);

		if (*end != '\0')
			return 0;
		ms = s < 3600 ? (int64_t)s * 1000 : MAX_RETRY_AFTER_MS;
	} else if (host_date(value, &when)) {
		ms = (when - now) * 1000;
	} else {
		return 0;
	}
	if (ms < 1000)
		ms = 1000;
	return (uint64_t)(ms < MAX_RETRY_AFTER_MS ? ms : MAX_RETRY_AFTER_MS);
}

/*
 * The cache of issuers (C2SP static-ct-api, issuer/<fingerprint>).
 *
 * in: fingerprints that leaves of data tiles name
 * out: certificates in DER with that SHA-256; at most MAX_RUNNING requests run at a time, and each
 * passes the limiter of its host
 */
#include "ct-fetch/log/issuer.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-fetch/log/trouble.h"
#include "ct-fetch/net/ask.h"
#include "ct-fetch/net/host.h"
#include "ct-fetch/state/shelf.h"
#include "ct/tile.h"

enum {
	BUCKETS = 1024,
	MAX_RUNNING = 16,	/* requests at a time: a cold start names hundreds of issuers */
	MAX_TRIES = 4,		/* of one issuer, but each source is asked at least twice */
	MAX_SOURCES = 16,	/* hosts remembered for one issuer, to be asked in turn */
	RETRY_MISSING = 600 * 1000,	/* ms until one that was given up is asked for again */
};

/* A log that named the issuer. */
struct issuer_source {
	char *url;
	struct host *host;
};

struct issuer {
	uint8_t fingerprint[HASH_SHA256];
	enum issuer_state state;
	unsigned held;			/* how many leaves of pages hold it */
	unsigned tries;
	uint64_t not_before;		/* loop ms: of the next try, also when it is missing */
	uint64_t late;			/* loop ms: from when on nobody waits for it */
	struct buf der;
	struct issuer_source sources[MAX_SOURCES];	/* one for each host, until it is known */
	unsigned sources_n;
	unsigned source;		/* which was asked last, or is to be asked first */
	struct trouble trouble;		/* that it was given up, each time */
	bool is_wrong;			/* other bytes came in its place, and that has been told */
	struct ask ask;
	struct issuers *cache;
	struct issuer *chain;		/* next in the bucket */
	struct issuer *wanted_next;	/* next of those wanted, oldest first */
	struct issuer *newer, *older;	/* neighbours in the row of idle ones */
};

struct issuers {
	struct fetch *fetch;
	struct shelf *shelf;		/* NULL: none are kept for the next run */
	struct issuer *bucket[BUCKETS];
	struct issuer *wanted, **wanted_end;
	unsigned running;
	struct issuer *newest, *oldest;	/* the row of idle ones, by last use: nobody holds them */
	unsigned idle;			/* how many those are */
	size_t idle_bytes;
};

struct issuers *
issuers_open(struct fetch *f)
{
	struct issuers *s = calloc(1, sizeof(*s));

	if (s == NULL)
		die_world("out of memory");
	s->fetch = f;
	s->wanted_end = &s->wanted;
	return s;
}

void
issuers_keep(struct issuers *s, const char *dir)
{
	s->shelf = shelf_open(dir);
}

static struct issuer **
issuer_bucket(struct issuers *s, const uint8_t fp[HASH_SHA256])
{
	return &s->bucket[(fp[0] | fp[1] << 8) % BUCKETS];
}

static void
issuer_drop_sources(struct issuer *i)
{
	while (i->sources_n > 0)
		free(i->sources[--i->sources_n].url);
}

static void
issuer_free(struct issuer *i)
{
	ask_cancel(&i->ask);
	buf_free(&i->der);
	issuer_drop_sources(i);
	free(i);
}

void
issuers_free(struct issuers *s)
{
	for (size_t b = 0; b < BUCKETS; b++) {
		struct issuer *i;

		while ((i = s->bucket[b]) != NULL) {
			s->bucket[b] = i->chain;
			issuer_free(i);
		}
	}
	shelf_free(s->shelf);
	free(s);
}

static void
issuer_unlink_idle(struct issuers *s, struct issuer *i)
{
	*(i->newer != NULL ? &i->newer->older : &s->newest) = i->older;
	*(i->older != NULL ? &i->older->newer : &s->oldest) = i->newer;
	i->newer = i->older = NULL;
	s->idle--;
	s->idle_bytes -= i->der.n;
}

static void
issuer_forget_oldest(struct issuers *s)
{
	struct issuer *i = s->oldest, **p = issuer_bucket(s, i->fingerprint);

	s->oldest = i->newer;
	*(i->newer != NULL ? &i->newer->older : &s->newest) = NULL;
	s->idle--;
	s->idle_bytes -= i->der.n;
	while (*p != i)
		p = &(*p)->chain;
	*p = i->chain;
	issuer_free(i);
}

/* Puts an issuer that nobody holds at the new end of the row, and frees old ones for it. */
static void
issuer_rest(struct issuers *s, struct issuer *i)
{
	i->older = s->newest;
	*(s->newest != NULL ? &s->newest->newer : &s->oldest) = i;
	s->newest = i;
	s->idle++;
	s->idle_bytes += i->der.n;
	while (s->oldest != NULL &&
	    (s->idle > MAX_ISSUERS || s->idle_bytes > MAX_ISSUER_BYTES))
		issuer_forget_oldest(s);
}

/*
 * Returns NULL when the answer is the certificate, else the reason why not. Other bytes in its
 * place are told at once, but once only.
 */
static const char *
issuer_take(struct issuer *i, struct http_answer *a, char why[MAX_WHY])
{
	const char *url = i->sources[i->source].url;
	char path[MAX_TILE_ISSUER_PATH], other[MAX_TILE_FINGERPRINT];
	uint8_t hash[HASH_SHA256];

	if (a->status != 200 || a->cut)
		return ask_why(a, why);
	hash_sha256(i->cache->fetch->hash, buf_span(&a->body), hash);
	if (memcmp(hash, i->fingerprint, HASH_SHA256) == 0) {
		buf_put(&i->der, buf_span(&a->body));
		return NULL;
	}
	tile_issuer_path(path, i->fingerprint);
	tile_fingerprint(other, hash);
	snprintf(why, MAX_WHY, "static-ct-api: it does not hash to its name but to %s", other);
	tell(i->is_wrong ? TELL_DEBUG : TELL_WARNING, "%s%s: %s", url, path, why);
	i->is_wrong = true;
	return why;
}

static void
issuer_drop_wanted(struct issuers *s, struct issuer *i)
{
	struct issuer **p = &s->wanted;

	while (*p != i)
		p = &(*p)->wanted_next;
	*p = i->wanted_next;
	if (i->wanted_next == NULL)
		s->wanted_end = p;
	i->wanted_next = NULL;
}

/* Returns true when enough has been tried to give up for a while. */
static bool
issuer_is_tried(const struct issuer *i)
{
	return i->tries >= MAX_TRIES && i->tries >= 2 * i->sources_n;
}

static void
issuer_come(struct issuers *s, struct issuer *i)
{
	i->state = ISSUER_KNOWN;
	s->fetch->count.issuers++;
	issuer_drop_sources(i);
	if (s->shelf != NULL)
		shelf_put(s->shelf, i->fingerprint, buf_span(&i->der));
}

static void
issuer_give_up(struct issuers *s, struct issuer *i, const char *url, const char *why)
{
	char path[MAX_TILE_ISSUER_PATH], age[MAX_TROUBLE_AGE];
	uint64_t now = loop_now(s->fetch->loop);
	bool due;

	tile_issuer_path(path, i->fingerprint);
	due = trouble_take(&i->trouble, now, path, why);
	tell(due ? TELL_WARNING : TELL_DEBUG, "%s%s: %s%s; chains go out without it", url, path,
	    why, trouble_age(&i->trouble, now, age));
	i->state = ISSUER_MISSING;
	s->fetch->count.issuers_missing++;
	i->not_before = now + RETRY_MISSING;
}

static void
issuer_done(void *cookie, struct http_answer *a)
{
	struct issuer *i = cookie;
	struct issuers *s = i->cache;
	struct fetch *f = s->fetch;
	const char *url = i->sources[i->source].url;
	char text[MAX_WHY];
	const char *why = issuer_take(i, a, text);

	s->running--;
	i->tries++;
	if (why != NULL && !issuer_is_tried(i)) {
		i->not_before = loop_now(f->loop) + hosts_backoff(f->hosts, i->tries, MAX_TRIES);
		tell(TELL_DEBUG, "%s: issuer: %s; asking again", url, why);
		return;
	}
	if (why == NULL)
		issuer_come(s, i);
	else
		issuer_give_up(s, i, url, why);
	issuer_drop_wanted(s, i);
	if (i->held == 0)
		issuer_rest(s, i);
}

/* Returns true when the host is a source that the issuer did not have yet. */
static bool
issuer_add_source(struct issuer *i, const char *url, struct host *host)
{
	struct issuer_source *source = &i->sources[i->sources_n];

	for (unsigned k = 0; k < i->sources_n; k++)
		if (i->sources[k].host == host)
			return false;
	if (i->sources_n == MAX_SOURCES)
		return false;
	source->host = host;
	source->url = strdup(url);
	if (source->url == NULL)
		die_world("out of memory");
	i->sources_n++;
	return true;
}

/* Begins to ask for the issuer; entries wait for it for so many ms. */
static void
issuer_want(struct issuers *s, struct issuer *i, unsigned patience)
{
	i->state = ISSUER_WANTED;
	i->tries = 0;
	i->not_before = 0;
	i->late = loop_now(s->fetch->loop) + patience;
	*s->wanted_end = i;
	s->wanted_end = &i->wanted_next;
}

/*
 * Wants an issuer again that was given up, when that is long enough ago, or at once when a host
 * names it that has not been asked: what one log does not have must not be missing in another's
 * chains. Entries have waited for the first of these, and need not do so again.
 */
static void
issuer_want_again(struct issuers *s, struct issuer *i, const char *url, struct host *host)
{
	bool fresh = issuer_add_source(i, url, host);

	if (!fresh && loop_now(s->fetch->loop) < i->not_before)
		return;
	i->source = fresh ? i->sources_n - 1 : 0;
	issuer_want(s, i, fresh ? ISSUER_PATIENCE : 0);
}

/* Adds the issuer with this fingerprint, from the shelf or as one that is wanted. */
static struct issuer *
issuer_add(struct issuers *s, const uint8_t fp[HASH_SHA256])
{
	struct issuer **bucket = issuer_bucket(s, fp), *i = calloc(1, sizeof(*i));

	if (i == NULL)
		die_world("out of memory");
	memcpy(i->fingerprint, fp, HASH_SHA256);
	i->cache = s;
	i->chain = *bucket;
	*bucket = i;
	if (s->shelf != NULL && shelf_take(s->shelf, s->fetch->hash, fp, &i->der))
		i->state = ISSUER_KNOWN;
	else
		issuer_want(s, i, ISSUER_PATIENCE);
	return i;
}

struct issuer *
issuer_hold(struct issuers *s, const uint8_t fp[HASH_SHA256], const char *url, struct host *host)
{
	struct issuer *i = *issuer_bucket(s, fp);

	while (i != NULL && memcmp(i->fingerprint, fp, HASH_SHA256) != 0)
		i = i->chain;
	if (i == NULL)
		i = issuer_add(s, fp);
	else if (i->held == 0 && i->state != ISSUER_WANTED)
		issuer_unlink_idle(s, i);
	i->held++;
	if (i->state == ISSUER_MISSING)
		issuer_want_again(s, i, url, host);
	else if (i->state == ISSUER_WANTED && issuer_add_source(i, url, host))
		i->late = loop_now(s->fetch->loop) + ISSUER_PATIENCE;	/* this host may have it */
	return i;
}

void
issuer_release(struct issuers *s, struct issuer *i)
{
	if (i->held == 0)
		die_bug("an issuer was released twice");
	if (--i->held == 0 && i->state != ISSUER_WANTED)
		issuer_rest(s, i);
}

enum issuer_state
issuer_state(const struct issuer *i)
{
	if (i->state == ISSUER_WANTED && loop_now(i->cache->fetch->loop) >= i->late)
		return ISSUER_LATE;
	return i->state;
}

struct span
issuer_der(const struct issuer *i)
{
	return buf_span(&i->der);
}

/*
 * Asks the first source that may be asked now, beginning with the one after that which failed: a
 * host that is gone, or wants to be left alone for ten minutes, must not keep the logs of others
 * waiting.
 */
static bool
issuer_ask(struct issuer *i, uint64_t *again)
{
	char path[MAX_TILE_ISSUER_PATH];

	tile_issuer_path(path, i->fingerprint);
	for (unsigned k = 0; k < i->sources_n; k++) {
		unsigned n = (i->source + (i->tries > 0) + k) % i->sources_n;
		const struct issuer_source *source = &i->sources[n];

		struct ask_request request = {
			.base = source->url, .path = path, .class = HOST_ISSUER,
			.most = MAX_ISSUER, .deadline = ASK_SMALL,
		};

		ask_init(&i->ask, i->cache->fetch, source->host, issuer_done, i);
		if (ask_start(&i->ask, &request, again)) {
			i->source = n;
			return true;
		}
	}
	return false;
}

/* Returns the loop ms at which the next issuer becomes late, so that pages go on without it. */
static uint64_t
issuers_next_late(const struct issuers *s, uint64_t now)
{
	uint64_t next = HOST_NEVER;

	for (const struct issuer *i = s->wanted; i != NULL; i = i->wanted_next)
		if (i->late > now && i->late < next)
			next = i->late;
	return next;
}

uint64_t
issuers_turn(struct issuers *s)
{
	uint64_t now = loop_now(s->fetch->loop), again = issuers_next_late(s, now);

	for (struct issuer *i = s->wanted; i != NULL; i = i->wanted_next) {
		if (s->running == MAX_RUNNING)
			break;
		if (i->ask.transfer != NULL)
			continue;
		if (now < i->not_before) {
			again = i->not_before < again ? i->not_before : again;
			continue;
		}
		if (issuer_ask(i, &again))
			s->running++;
	}
	return again;
}

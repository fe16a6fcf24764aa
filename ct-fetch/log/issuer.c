/*
 * The cache of issuers (C2SP static-ct-api, issuer/<fingerprint>).
 *
 * in: fingerprints that leaves of data tiles name
 * out: certificates in DER with that SHA-256; at most MAX_RUNNING requests run at a time, and each
 * passes the limiter of its host
 */
#include "ct-fetch/log/issuer.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-fetch/net/ask.h"
#include "ct-fetch/net/host.h"
#include "ct/tile.h"

enum {
	BUCKETS = 1024,
	MAX_RUNNING = 16,	/* requests at a time: a cold start names hundreds of issuers */
	MAX_TRIES = 4,
	MAX_SOURCES = 4,	/* hosts remembered for one issuer, to be asked in turn */
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
	struct issuer_source sources[MAX_SOURCES];	/* while it is wanted; one for each host */
	unsigned sources_n;
	unsigned source;		/* which was asked last */
	struct ask ask;
	struct issuers *cache;
	struct issuer *chain;		/* next in the bucket */
	struct issuer *wanted_next;	/* next of those wanted, oldest first */
	struct issuer *newer, *older;	/* neighbours in the row of idle ones */
};

struct issuers {
	struct fetch *fetch;
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

/* Returns NULL when the answer is the certificate, else the reason why not. */
static const char *
issuer_take(struct issuer *i, struct http_answer *a, char why[MAX_WHY])
{
	uint8_t hash[HASH_SHA256];

	if (a->status != 200 || a->cut)
		return ask_why(a, why);
	hash_sha256(i->cache->fetch->hash, buf_span(&a->body), hash);
	if (memcmp(hash, i->fingerprint, HASH_SHA256) != 0)
		return "static-ct-api: the certificate does not hash to its name";
	buf_put(&i->der, buf_span(&a->body));
	return NULL;
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
	issuer_drop_sources(i);
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
	if (why != NULL && i->tries < MAX_TRIES) {
		i->not_before = loop_now(f->loop) + hosts_backoff(f->hosts, i->tries, MAX_TRIES);
		tell(TELL_DEBUG, "%s: issuer: %s; asking again", url, why);
		return;
	}
	if (why != NULL) {
		char path[MAX_TILE_ISSUER_PATH];

		tile_issuer_path(path, i->fingerprint);
		tell(TELL_WARNING, "%s%s: %s; chains go out without it", url, path, why);
		f->count.issuers_missing++;
		i->not_before = loop_now(f->loop) + RETRY_MISSING;
	} else {
		f->count.issuers++;
	}
	i->state = why == NULL ? ISSUER_KNOWN : ISSUER_MISSING;
	issuer_drop_wanted(s, i);
	if (i->held == 0)
		issuer_rest(s, i);
}

static void
issuer_add_source(struct issuer *i, const char *url, struct host *host)
{
	struct issuer_source *source = &i->sources[i->sources_n];

	for (unsigned k = 0; k < i->sources_n; k++)
		if (i->sources[k].host == host)
			return;
	if (i->sources_n == MAX_SOURCES)
		return;
	source->host = host;
	source->url = strdup(url);
	if (source->url == NULL)
		die_world("out of memory");
	i->sources_n++;
}

static void
issuer_want(struct issuers *s, struct issuer *i)
{
	uint64_t now = loop_now(s->fetch->loop);

	/* Entries have waited for an issuer that was given up, and need not do so again. */
	i->late = i->state == ISSUER_MISSING ? now : now + ISSUER_PATIENCE;
	i->state = ISSUER_WANTED;
	i->tries = 0;
	i->not_before = 0;
	i->source = 0;
	*s->wanted_end = i;
	s->wanted_end = &i->wanted_next;
}

struct issuer *
issuer_hold(struct issuers *s, const uint8_t fp[HASH_SHA256], const char *url, struct host *host)
{
	struct issuer **bucket = issuer_bucket(s, fp), *i = *bucket;

	while (i != NULL && memcmp(i->fingerprint, fp, HASH_SHA256) != 0)
		i = i->chain;
	if (i == NULL) {
		i = calloc(1, sizeof(*i));
		if (i == NULL)
			die_world("out of memory");
		memcpy(i->fingerprint, fp, HASH_SHA256);
		i->cache = s;
		i->chain = *bucket;
		*bucket = i;
		issuer_want(s, i);
	} else if (i->held == 0 && i->state != ISSUER_WANTED) {
		issuer_unlink_idle(s, i);
	}
	i->held++;
	if (i->state == ISSUER_MISSING && loop_now(s->fetch->loop) >= i->not_before)
		issuer_want(s, i);
	if (i->state == ISSUER_WANTED)
		issuer_add_source(i, url, host);
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
			.most = MAX_ISSUER,
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

/*
 * The cache of issuers (C2SP static-ct-api, issuer/<fingerprint>).
 *
 * in: fingerprints that leaves of data tiles name; certificates (issuer_ask.c)
 * out: the same certificate for all leaves that name it, as long as they hold it or there is room
 */
#include "ct-fetch/log/issuer.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-fetch/log/issuer_parts.h"
#include "ct-fetch/state/shelf.h"
#include "ct/tile.h"

enum {
	RETRY_MISSING = 600 * 1000,	/* ms until one that was given up is asked for again */
};

struct issuers *
issuers_open(struct fetch *f)
{
	struct issuers *s = calloc(1, sizeof(*s));

	if (s == NULL)
		die_world("out of memory");
	s->fetch = f;
	for (uint8_t i = 0; i < HASH_SHA256 / 4; i++) {
		struct span name = span_of(&i, 1);

		s->secret[i] = hash_keyed(f->hash, &name, 1);
	}
	return s;
}

void
issuers_keep(struct issuers *s, const char *dir)
{
	s->shelf = shelf_open(dir);
}

/* A universal hash: what collides depends on the secret. */
static struct issuer **
issuer_bucket(struct issuers *s, const uint8_t fp[HASH_SHA256])
{
	uint64_t sum = 0;
	uint32_t word;

	for (size_t i = 0; i < HASH_SHA256 / sizeof(word); i++) {
		memcpy(&word, fp + i * sizeof(word), sizeof(word));
		sum += s->secret[i] * word;
	}
	return &s->bucket[(sum >> 32) % ISSUER_BUCKETS];
}

static void
issuer_free(struct issuer *i)
{
	issuer_drop_sources(i);
	buf_free(&i->der);
	free(i);
}

void
issuers_free(struct issuers *s)
{
	for (size_t b = 0; b < ISSUER_BUCKETS; b++) {
		struct issuer *i;

		while ((i = s->bucket[b]) != NULL) {
			s->bucket[b] = i->chain;
			issuer_free(i);
		}
	}
	issuer_host_free(&s->hosts);
	shelf_free(s->shelf);
	free(s);
}

/* ---- rows ---- */

void
issuer_row_add(struct issuer_row *row, struct issuer *i)
{
	i->older = row->newest;
	*(row->newest != NULL ? &row->newest->newer : &row->oldest) = i;
	row->newest = i;
}

void
issuer_row_drop(struct issuer_row *row, struct issuer *i)
{
	*(i->newer != NULL ? &i->newer->older : &row->newest) = i->older;
	*(i->older != NULL ? &i->older->newer : &row->oldest) = i->newer;
	i->newer = i->older = NULL;
}

/* Takes an issuer that is to be held, or forgotten, out of the row of idle ones. */
static void
issuer_unlink_idle(struct issuers *s, struct issuer *i)
{
	issuer_row_drop(&s->idle, i);
	s->idle_n--;
	s->idle_bytes -= i->der.n;
	if (i->from != NULL)
		i->from->bytes += i->der.n;
}

static void
issuer_forget_oldest(struct issuers *s)
{
	struct issuer *i = s->idle.oldest, **p = issuer_bucket(s, i->fingerprint);

	issuer_unlink_idle(s, i);
	if (i->from != NULL)
		i->from->bytes -= i->der.n;
	while (*p != i)
		p = &(*p)->chain;
	*p = i->chain;
	issuer_free(i);
}

/* Puts an issuer that nobody wants or holds at the new end of the row, and frees old ones for it. */
static void
issuer_rest(struct issuers *s, struct issuer *i)
{
	issuer_row_add(&s->idle, i);
	s->idle_n++;
	s->idle_bytes += i->der.n;
	if (i->from != NULL)
		i->from->bytes -= i->der.n;
	while (s->idle.oldest != NULL &&
	    (s->idle_n > MAX_ISSUERS || s->idle_bytes > MAX_ISSUER_BYTES))
		issuer_forget_oldest(s);
}

/* Lets entries wait for the issuer for so many ms from now on. */
static void
issuer_await(struct issuers *s, struct issuer *i, unsigned patience)
{
	if (i->awaited)
		issuer_row_drop(&s->awaited, i);
	i->late = loop_now(s->fetch->loop) + patience;
	i->awaited = patience > 0;
	if (i->awaited)
		issuer_row_add(&s->awaited, i);	/* they all wait for the same time: it is the last */
}

/* ---- what becomes of one that is wanted ---- */

/* The issuer is wanted no more: it is in the state `state`. */
static void
issuer_settle(struct issuer *i, enum issuer_state state)
{
	struct issuers *s = i->cache;

	i->state = state;
	if (i->awaited)
		issuer_row_drop(&s->awaited, i);
	i->awaited = false;
	if (i->held == 0)
		issuer_rest(s, i);
}

void
issuer_come(struct issuer *i, struct issuer_source *source, struct span der)
{
	struct issuers *s = i->cache;

	buf_put(&i->der, der);
	i->from = source->at;
	i->from->bytes += i->der.n;
	s->fetch->count.issuers++;
	issuer_drop_sources(i);
	if (s->shelf != NULL)
		shelf_put(s->shelf, i->fingerprint, buf_span(&i->der));
	issuer_settle(i, ISSUER_KNOWN);
}

void
issuer_give_up(struct issuer *i, const struct issuer_source *source, const char *why)
{
	struct fetch *f = i->cache->fetch;
	char path[MAX_TILE_ISSUER_PATH], age[MAX_TROUBLE_AGE];
	uint64_t now = loop_now(f->loop);
	bool due;

	tile_issuer_path(path, i->fingerprint);
	due = trouble_take(&i->trouble, now, path, why) && issuer_host_may_tell(source->at, now);
	tell(due ? TELL_WARNING : TELL_DEBUG, "%s%s: %s%s; chains go out without it", source->log->url,
	    path, why, trouble_age(&i->trouble, now, age));
	f->count.issuers_missing++;
	i->not_before = now + RETRY_MISSING;
	issuer_settle(i, ISSUER_MISSING);
}

/* ---- what leaves of pages ask for ---- */

/*
 * Wants an issuer again that was given up, when that is long enough ago, or at once when a host
 * names it that has not been asked: what one log does not have must not be missing in another's
 * chains. Entries have waited for the first of these, and need not do so again.
 */
static void
issuer_want_again(struct issuer *i, struct issuer_source *fresh)
{
	struct issuers *s = i->cache;
	bool due = loop_now(s->fetch->loop) >= i->not_before;

	i->tries = 0;
	for (struct issuer_source *source = i->sources; source != NULL; source = source->next)
		if (due || source == fresh)
			issuer_source_want(source);
	if (i->wanted == 0)
		return;
	i->state = ISSUER_WANTED;
	issuer_await(s, i, fresh != NULL ? ISSUER_PATIENCE : 0);
}

/* Adds the issuer with this fingerprint, held once, from the shelf or as one without a source yet. */
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
	i->held = 1;
	i->state = ISSUER_MISSING;
	if (s->shelf != NULL && shelf_take(s->shelf, s->fetch->hash, fp, &i->der))
		i->state = ISSUER_KNOWN;
	return i;
}

/* Adds the log with this url on host to the sources of issuer, if it is new there and has room. */
static struct issuer_source *
issuer_add_source(struct issuer *i, const char *url, struct issuer_host *at)
{
	if (issuer_host_is_full(at, url, loop_now(i->cache->fetch->loop)))
		return NULL;
	return issuer_source_add(i, at, url);
}

static struct issuer *
issuer_find(struct issuers *s, const uint8_t fp[HASH_SHA256])
{
	struct issuer *i = *issuer_bucket(s, fp);

	while (i != NULL && memcmp(i->fingerprint, fp, HASH_SHA256) != 0)
		i = i->chain;
	return i;
}

/* Counts the issuer as held once more. */
static struct issuer *
issuer_take(struct issuers *s, struct issuer *i)
{
	if (i->held++ == 0 && i->state != ISSUER_WANTED)
		issuer_unlink_idle(s, i);
	return i;
}

struct issuer *
issuer_hold(struct issuers *s, const uint8_t fp[HASH_SHA256], const char *url, struct host *host)
{
	struct issuer *i = issuer_find(s, fp);
	struct issuer_source *source;
	struct issuer_host *at;

	if (i != NULL && i->state == ISSUER_KNOWN)
		return issuer_take(s, i);
	at = issuer_host_find(&s->hosts, host);
	if (i != NULL)
		issuer_take(s, i);
	else if (issuer_host_is_full(at, url, loop_now(s->fetch->loop)))
		return NULL;
	else if ((i = issuer_add(s, fp))->state == ISSUER_KNOWN)
		return i;
	source = issuer_add_source(i, url, at);
	if (i->state == ISSUER_MISSING) {
		issuer_want_again(i, source);
	} else if (source != NULL) {
		issuer_source_want(source);
		issuer_await(s, i, ISSUER_PATIENCE);	/* this host may have it */
	}
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

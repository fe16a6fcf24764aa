/*
 * Asking hosts for issuers (C2SP static-ct-api, issuer/<fingerprint>).
 *
 * in: issuers that are wanted, and the hosts whose logs have named them
 * out: certificates with those SHA-256; the limiter of each host says how many are asked for at a time
 *
 * Each host has a row of its own. An issuer that several hosts have is in the row of each, and is asked
 * for at one at a time; but when that one keeps silent, the next is asked too, as it must not depend on
 * one log whether another's chains are whole.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-fetch/log/issuer_parts.h"
#include "ct/tile.h"

enum {
	MAX_TRIES = 4,		/* of one issuer, but each source is asked at least MIN_TRIES times */
	MIN_TRIES = 2,
	SILENT = 1000,		/* ms without an answer, after which another host is asked too */
};

/* ---- sources, in the rows of their hosts ---- */

static void
issuer_source_queue(struct issuer_source *source)
{
	struct issuer_host *at = source->at;

	source->before = at->last;
	*(at->last != NULL ? &at->last->behind : &at->first) = source;
	at->last = source;
	at->again = 0;
}

static void
issuer_source_unqueue(struct issuer_source *source)
{
	struct issuer_host *at = source->at;

	*(source->before != NULL ? &source->before->behind : &at->first) = source->behind;
	*(source->behind != NULL ? &source->behind->before : &at->last) = source->before;
	source->before = source->behind = NULL;
}

struct issuer_source *
issuer_source_add(struct issuer *i, struct issuer_host *at, const char *url)
{
	struct issuer_source *source = i->sources;

	while (source != NULL && source->at != at)
		source = source->next;
	if (source != NULL || i->sources_n == MAX_ISSUER_SOURCES)
		return NULL;
	source = calloc(1, sizeof(*source));
	if (source == NULL)
		die_world("out of memory");
	source->issuer = i;
	source->at = at;
	source->log = issuer_host_log(at, url);
	source->next = i->sources;
	i->sources = source;
	i->sources_n++;
	return source;
}

void
issuer_source_want(struct issuer_source *source)
{
	uint64_t now = loop_now(source->issuer->cache->fetch->loop);

	if (source->wanted || issuer_host_is_full(source->at, source->log->url, now))
		return;
	source->wanted = true;
	source->tries = 0;
	source->not_before = 0;
	source->at->wanted++;
	source->issuer->wanted++;
	issuer_source_queue(source);
}

/* Wants nothing from source any more, which is in no row. */
static void
issuer_source_end(struct issuer_source *source)
{
	source->wanted = false;
	source->at->wanted--;
	source->issuer->wanted--;
}

/* Takes note that the request to source is over. */
static void
issuer_source_ended(struct issuer_source *source)
{
	source->at->again = 0;
	source->issuer->running--;
}

/* Ends what is wanted from source, in whatever state that is. */
static void
issuer_source_stop(struct issuer_source *source)
{
	if (!source->wanted)
		return;
	if (source->ask.transfer != NULL) {
		ask_cancel(&source->ask);
		issuer_source_ended(source);
	} else {
		issuer_source_unqueue(source);
	}
	issuer_source_end(source);
}

void
issuer_drop_sources(struct issuer *i)
{
	struct issuer_source *source;

	while ((source = i->sources) != NULL) {
		i->sources = source->next;
		issuer_source_stop(source);
		free(source);
	}
	i->sources_n = 0;
}

/* ---- answers ---- */

/*
 * Returns NULL when the answer is the certificate, else the reason why not. Other bytes in its
 * place are told at once, but once only.
 */
static const char *
issuer_judge(struct issuer_source *source, const struct http_answer *a, char why[MAX_WHY])
{
	struct issuer *i = source->issuer;
	char path[MAX_TILE_ISSUER_PATH], other[MAX_TILE_FINGERPRINT];
	uint8_t hash[HASH_SHA256];

	if (a->status != 200 || a->cut)
		return ask_why(a, why);
	hash_sha256(i->cache->fetch->hash, buf_span(&a->body), hash);
	if (memcmp(hash, i->fingerprint, HASH_SHA256) == 0)
		return NULL;
	tile_issuer_path(path, i->fingerprint);
	tile_fingerprint(other, hash);
	snprintf(why, MAX_WHY, "static-ct-api: it does not hash to its name but to %s", other);
	tell(i->is_wrong ? TELL_DEBUG : TELL_WARNING, "%s%s: %s", source->log->url, path, why);
	i->is_wrong = true;
	return why;
}

/* Ends what is wanted from sources that have been asked often enough, and lets the others be asked now. */
static void
issuer_end_tried(struct issuer *i)
{
	for (struct issuer_source *source = i->sources; source != NULL; source = source->next) {
		source->at->again = 0;
		if (source->tries >= MIN_TRIES && i->tries >= MAX_TRIES && source->ask.transfer == NULL)
			issuer_source_stop(source);
	}
}

static void
issuer_done(void *cookie, struct http_answer *a)
{
	struct issuer_source *source = cookie;
	struct issuer *i = source->issuer;
	struct fetch *f = i->cache->fetch;
	char text[MAX_WHY];
	const char *why = issuer_judge(source, a, text);

	issuer_source_ended(source);
	i->tries++;
	source->tries++;
	source->not_before = loop_now(f->loop) + hosts_backoff(f->hosts, source->tries, MAX_TRIES);
	issuer_source_queue(source);
	if (why == NULL) {
		issuer_come(i, source, buf_span(&a->body));
		return;
	}
	issuer_end_tried(i);
	if (i->wanted == 0)
		issuer_give_up(i, source, why);
	else
		tell(TELL_DEBUG, "%s: issuer: %s; asking again", source->log->url, why);
}

/* ---- turns ---- */

/* Returns the loop ms from which on source may be asked. */
static uint64_t
issuer_source_due(const struct issuer_source *source)
{
	const struct issuer *i = source->issuer;
	uint64_t silent = i->running > 0 ? i->asked + SILENT : 0;

	return silent > source->not_before ? silent : source->not_before;
}

static bool
issuer_source_ask(struct issuer_source *source, uint64_t now, uint64_t *again)
{
	struct issuer *i = source->issuer;
	char path[MAX_TILE_ISSUER_PATH];
	struct ask_request request = {
		.base = source->log->url, .path = path, .class = HOST_ISSUER,
		.most = MAX_ISSUER, .deadline = ASK_SMALL,
	};

	tile_issuer_path(path, i->fingerprint);
	ask_init(&source->ask, i->cache->fetch, source->at->host, issuer_done, source);
	if (!ask_start(&source->ask, &request, again))
		return false;
	issuer_source_unqueue(source);
	i->running++;
	i->asked = now;
	return true;
}

/*
 * Starts the requests to one host that are due. Its row is gone through only when something has changed
 * or become due; and a log that the host refuses one request is not asked for another in that turn.
 */
static void
issuer_host_turn(struct issuer_host *at, uint64_t now, uint64_t *again)
{
	struct issuer_source *source = now < at->again ? NULL : at->first, *behind;
	uint64_t next = now < at->again ? at->again : HOST_NEVER, due;
	bool refused = false;

	if (at->bytes >= MAX_ISSUERS_HELD)
		return;		/* there is a turn when entries have gone out */
	for (struct issuer_log *log = at->logs; log != NULL; log = log->next)
		log->refused = false;
	for (; source != NULL; source = behind) {
		behind = source->behind;
		due = issuer_source_due(source);
		if (due > now)
			next = due < next ? due : next;
		else if (!source->log->refused && !issuer_source_ask(source, now, again))
			refused = source->log->refused = true;
	}
	if (!refused)
		at->again = next;
	*again = next < *again ? next : *again;
}

uint64_t
issuers_turn(struct issuers *s)
{
	uint64_t now = loop_now(s->fetch->loop), again = HOST_NEVER;
	struct issuer *i;

	while ((i = s->awaited.oldest) != NULL && i->late <= now) {
		issuer_row_drop(&s->awaited, i);
		i->awaited = false;
	}
	if (i != NULL)
		again = i->late;
	for (struct issuer_host *at = s->hosts; at != NULL; at = at->next)
		issuer_host_turn(at, now, &again);
	return again;
}

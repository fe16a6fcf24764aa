/*
 * Following many logs.
 *
 * in: log lists, and single logs
 * out: turns, one log after the other; each round begins with another log, so that no log is
 * always the last
 */
#include "ct-fetch/watch.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-fetch/net/host.h"
#include "ct-fetch/log/issuer.h"
#include "ct-fetch/log/log_view.h"
#include "ct-fetch/log/protocol.h"
#include "os/out.h"

enum {
	MAX_MMD = 30 * 86400,	/* seconds: more is taken for a mistake in a list */
	STAGGER = 50,	/* ms between the first requests of the logs: a burst earns refusals */
	LEAVE_WITHIN = 86400 * 1000,	/* ms in which a log that is gone from the lists is finished */
};

struct watch {
	struct fetch *fetch;
	const struct choice *choice;
	struct places *places;
	struct log **logs;
	size_t n, cap;
	size_t front;		/* the log that is first in the next round */
	void (*over)(void *cookie);
	void *cookie;
};

/* Returns true when all logs are done; not before there is one. */
static bool
watch_is_over(const struct watch *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (!log_is_done(w->logs[i]))
			return false;
	return w->n > 0;
}

/* Notes what is known of a log, unless it has no place yet. */
static void
watch_note_log(const struct watch *w, const struct log *l)
{
	struct mark_log now;

	if (log_mark(l, &now))
		places_note(w->places, &now);
}

/* Ends a log, whose place stays noted. */
static void
watch_end_log(struct watch *w, struct log *l)
{
	tell(TELL_INFO, "%s: ends here, at %llu: %s", l->source.name, (unsigned long long)log_next(l),
	    l->leave_why);
	if (log_lag(l) > 0)
		tell(TELL_WARNING, "%s: its last %llu entries never came", l->source.name,
		    (unsigned long long)log_lag(l));
	watch_note_log(w, l);
	log_free(l);
	fetch_wake(w->fetch);	/* others may have waited for its requests to end */
}

/* Ends the logs that are not listed any more and are finished, or have had their time. */
static void
watch_end_leaving(struct watch *w, uint64_t now, uint64_t *again)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->n; i++) {
		struct log *l = w->logs[i];

		if (l->leave_by > 0 && (log_is_done(l) || now >= l->leave_by)) {
			watch_end_log(w, l);
			continue;
		}
		if (l->leave_by > 0 && l->leave_by < *again)
			*again = l->leave_by;
		w->logs[kept++] = l;
	}
	w->n = kept;
}

static void
watch_turn(void *cookie)
{
	struct watch *w = cookie;
	struct fetch *f = w->fetch;
	uint64_t again = HOST_NEVER, now = loop_now(f->loop);

	for (size_t i = 0; i < w->n; i++) {
		uint64_t when = log_turn(w->logs[(w->front + i) % w->n]);

		again = when < again ? when : again;
	}
	w->front++;
	watch_end_leaving(w, now, &again);
	if (!f->stopping) {
		uint64_t when = issuers_turn(f->issuers);

		again = when < again ? when : again;
	}
	out_send(f->out);
	/* Where a turn has asked for another one at once (fetch_wake), the timer runs already. */
	if (again != HOST_NEVER && !loop_timer_runs(&f->turn))
		loop_after(f->loop, &f->turn, again > now ? (unsigned)(again - now) : 1);
	if (!f->stopping && (out_is_gone(f->out) || watch_is_over(w))) {
		watch_stop(w);
		w->over(w->cookie);
	}
}

struct watch *
watch_open(struct fetch *f, const struct choice *choice, struct places *places,
    void (*over)(void *cookie), void *cookie)
{
	struct watch *w = calloc(1, sizeof(*w));

	if (w == NULL)
		die_world("out of memory");
	*w = (struct watch){ .fetch = f, .choice = choice, .places = places, .over = over,
	    .cookie = cookie };
	f->turn = (struct loop_timer){ .due = watch_turn, .cookie = w };
	return w;
}

void
watch_free(struct watch *w)
{
	for (size_t i = 0; i < w->n; i++)
		log_free(w->logs[i]);
	loop_stop_timer(w->fetch->loop, &w->fetch->turn);
	free(w->logs);
	free(w);
}

static struct log *
watch_find(const struct watch *w, const uint8_t id[HASH_SHA256])
{
	for (size_t i = 0; i < w->n; i++)
		if (memcmp(w->logs[i]->source.id, id, HASH_SHA256) == 0)
			return w->logs[i];
	return NULL;
}

const char *
watch_add(struct watch *w, const struct log_identity *who)
{
	struct fetch *f = w->fetch;
	const struct mark_log *place;
	const char *why;
	struct log *l = log_open(f, who, &why);

	if (l == NULL)
		return why;
	if (watch_find(w, l->source.id) != NULL) {
		log_free(l);
		return "a log with this key is followed already";
	}
	place = places_find(w->places, l->source.id);
	if (place != NULL)
		log_place(l, place);
	else if (f->has_start || (who->whole && f->since == 0))
		log_place(l, &(struct mark_log){ .next = f->has_start ? f->start : 0 });
	if (!host_is_local(l->source.host))
		l->head_due = loop_now(f->loop) + w->n * STAGGER;
	if (w->n == w->cap) {
		w->cap = w->cap > 0 ? w->cap * 2 : 64;
		w->logs = realloc(w->logs, w->cap * sizeof(struct log *));
		if (w->logs == NULL)
			die_world("out of memory");
	}
	w->logs[w->n++] = l;
	fetch_wake(f);
	return NULL;
}

static struct log_identity
watch_identity(const struct loglist_log *l)
{
	struct log_identity who = {
		.source = {
			.name = l->description, .operator = l->operator, .url = l->url,
			.protocol = l->type == LOGLIST_TILED ? &protocol_tiled : &protocol_rfc6962,
			.key = l->key,
		},
		.final_size = l->has_final ? l->final_size : UINT64_MAX,
		.mmd = (l->mmd < MAX_MMD ? l->mmd : MAX_MMD) * 1000,
	};

	memcpy(who.final_root, l->final_root, sizeof(who.final_root));
	return who;
}

/* What becomes of a log when the lists have changed. */
enum watch_fate {
	WATCH_STAYS,
	WATCH_BEGINS_ANEW,	/* what the lists say of it is not what it was opened with */
	WATCH_LEAVES,
};

static enum watch_fate
watch_fate(const struct watch *w, const struct log *l, const struct loglist *list)
{
	const struct source *s = &l->source;
	const struct loglist_log *now = choice_find(w->choice, list, s->id);
	struct log_identity who;

	if (l->given)
		return WATCH_STAYS;
	if (now == NULL)
		return WATCH_LEAVES;
	who = watch_identity(now);
	return l->leave_by == 0 && who.final_size == l->final_size &&
	    memcmp(who.final_root, l->final_root, sizeof(who.final_root)) == 0 &&
	    who.source.protocol == s->protocol && strcmp(who.source.url, s->url) == 0 &&
	    strcmp(who.source.name, s->name) == 0 &&
	    strcmp(who.source.operator, s->operator) == 0 ? WATCH_STAYS : WATCH_BEGINS_ANEW;
}

/*
 * Lets a log that is not listed any more go on to where it ends now: what it has issued is to be
 * seen also when its time is over. Returns false when there is nothing to go on to.
 */
static bool
watch_let_finish(struct watch *w, struct log *l)
{
	if (l->leave_by > 0)
		return true;
	if (!log_finish(l))
		return false;
	l->leave_by = loop_now(w->fetch->loop) + LEAVE_WITHIN;
	tell(TELL_INFO, "%s: %s: ends at %llu", l->source.name, l->leave_why,
	    (unsigned long long)l->end);
	return true;
}

/* Returns why a log is not followed any more, a static string; now is what the lists have of it, or NULL. */
static const char *
watch_leave_why(const struct loglist_log *now)
{
	if (now == NULL)
		return "it is not listed any more";
	if (now->use == LOGLIST_TEST)
		return "its list calls it a test log";
	switch (now->state) {
	case LOGLIST_NONE:
		return "its list gives it no state that is known";
	case LOGLIST_PENDING:
		return "its list calls it pending";
	case LOGLIST_RETIRED:
		return "its list calls it retired";
	case LOGLIST_REJECTED:
		return "its list calls it rejected";
	default:
		return "it is not chosen any more";
	}
}

/* Ends the logs that do not stay as they are; those that begin anew are added again later. */
static void
watch_drop(struct watch *w, const struct loglist *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->n; i++) {
		struct log *l = w->logs[i];
		enum watch_fate fate = watch_fate(w, l, list);

		if (fate == WATCH_LEAVES)
			l->leave_why = watch_leave_why(loglist_find(list, l->source.id));
		if (fate == WATCH_STAYS || (fate == WATCH_LEAVES && watch_let_finish(w, l))) {
			w->logs[kept++] = l;
		} else if (fate == WATCH_LEAVES) {
			watch_end_log(w, l);
		} else {
			tell(TELL_INFO, "%s: goes on at %llu: the list has changed", l->source.name,
			    (unsigned long long)log_next(l));
			watch_note_log(w, l);
			log_free(l);
		}
	}
	w->n = kept;
}

void
watch_list(struct watch *w, const struct loglist *now, const struct loglist *before)
{
	watch_drop(w, now);
	for (size_t i = 0; i < now->n; i++) {
		const struct loglist_log *l = &now->logs[i];
		struct log_identity who = watch_identity(l);
		const char *why;

		if (!choice_takes(w->choice, l) || watch_find(w, l->id) != NULL)
			continue;
		who.whole = choice_find(w->choice, before, l->id) == NULL;
		why = watch_add(w, &who);
		if (why != NULL)
			tell(TELL_WARNING, "%s: not followed: %s", l->description, why);
	}
	fetch_wake(w->fetch);
}

void
watch_stop(struct watch *w)
{
	w->fetch->stopping = true;
}

void
watch_measure(const struct watch *w)
{
	for (size_t i = 0; i < w->n; i++)
		log_measure(w->logs[i]);
}

void
watch_note(const struct watch *w)
{
	for (size_t i = 0; i < w->n; i++)
		watch_note_log(w, w->logs[i]);
}

struct log *const *
watch_logs(const struct watch *w, size_t *n)
{
	*n = w->n;
	return w->logs;
}

bool
watch_has_failed(const struct watch *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->logs[i]->failed || w->logs[i]->short_of)
			return true;
	return false;
}

bool
watch_has_remote(const struct watch *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (!host_is_local(w->logs[i]->source.host))
			return true;
	return false;
}

/*
 * Sends records to JetStream. In: the window that the publisher fills. Out: one message for each
 * record, or several for one that is too long, each answered by the server when it is stored. The order
 * of records is kept: after a failure nothing new is sent until the answers to all that was sent have
 * come or are given up. Then the oldest record that is not stored is sent alone, and when it is stored
 * the others follow.
 */
#include "bus/nats/nats_sender.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/digits.h"
#include "base/tell.h"
#include "bus/nats/nats_answer.h"
#include "bus/nats/nats_identity.h"
#include "bus/nats/nats_parts.h"
#include "bus/bus_place.h"

enum {
	NATS_TURN = 128,	/* records sent before the clock is looked at */
	NATS_ACK_MS = 5000,	/* without any answer for so long, those that are missing are given up */
	NATS_AGAIN_MS = 100,	/* before the first try after a failure; twice as long after each more */
	NATS_AGAIN_MOST_MS = 5000,
	NATS_PATIENCE_MS = 1000,	/* how long nothing is stored before the user is told */
	NATS_TICK_MS = 250,
	NATS_HEAD = 1024,	/* bytes of a message that headers may take */
	NATS_UNSURE = 5,	/* after so many answers of that kind, the id is not used any more */
};

/* ---- answers, on a thread of the library ---- */

/* Takes NUMBER-ATTEMPT off the end of the subject of an answer. */
static bool
nats_sender_parse(const struct nats_sender *s, const char *subject, uint64_t *number, uint64_t *attempt)
{
	struct span text = span_str(subject);

	if (!span_starts(text, buf_span(&s->answers)))
		return false;
	text = span_from(text, s->answers.n);
	if (!digits_take(&text, number) || text.n == 0 || text.p[0] != '-')
		return false;
	text = span_from(text, 1);
	return digits_take(&text, attempt) && text.n == 0;
}

static void
nats_sender_fail(struct nats_sender *s, uint64_t number, unsigned attempt, struct nats_message *m)
{
	uint64_t code;

	s->heard_at = loop_clock();
	if (nats_message_unheard(m))
		snprintf(s->why, NATS_WHY, "no JetStream takes the subject");
	else if (!nats_answer_failed(nats_message_body(m), &code, s->why, NATS_WHY))
		snprintf(s->why, NATS_WHY, "an answer that is none of JetStream's");
	nats_window_failed(&s->window, number, attempt);
	nats_thread_wake(&s->thread);
}

/* The owner is called when it waits for what has become true. */
static void
nats_sender_report(struct nats_sender *s)
{
	const struct nats_window *w = &s->window;

	bool room = w->bytes < MAX_NATS_WINDOW && w->end - w->base < MAX_NATS_FLYING;

	if (s->watched > 0 || (s->blocked && room))
		nats_thread_call(&s->thread);
	if (w->flying == 0 || s->told || s->lingers)
		nats_thread_wake(&s->thread);
}

static void
nats_sender_store(struct nats_sender *s, uint64_t number, unsigned attempt, struct nats_stored stored)
{
	struct nats_window *w = &s->window;

	s->heard_at = loop_clock();
	/* A repetition of a message that is not stored yet; the server may yet lose that one. */
	if (stored.repeated && stored.seq == 0 && number >= w->base && number < w->end) {
		nats_window_slot(w, number)->unsure++;
		snprintf(s->why, NATS_WHY, "a record is not stored yet");
		nats_window_failed(w, number, attempt);
		nats_thread_wake(&s->thread);
		return;
	}
	s->messages++;
	s->repeated += stored.repeated;
	s->moved_at = s->heard_at = loop_clock();
	s->probing = false;
	s->again = NATS_AGAIN_MS;
	if (nats_window_stored(w, number, attempt) || w->flying == 0)
		nats_sender_report(s);
}

static void
nats_sender_answered(void *cookie, struct nats_message *m)
{
	struct nats_sender *s = cookie;
	struct nats_stored stored = nats_answer_stored(nats_message_body(m));
	uint64_t number, attempt;

	if (nats_sender_parse(s, nats_message_subject(m), &number, &attempt)) {
		nats_thread_lock(&s->thread);
		if (stored.stored)
			nats_sender_store(s, number, (unsigned)attempt, stored);
		else
			nats_sender_fail(s, number, (unsigned)attempt, m);
		nats_thread_unlock(&s->thread);
	}
	nats_message_free(m);
}

static void
nats_sender_changed(void *cookie)
{
	struct nats_sender *s = cookie;

	nats_thread_lock(&s->thread);
	nats_thread_wake(&s->thread);
	nats_thread_unlock(&s->thread);
}

/* ---- what the user is told ---- */

/* Under the lock. Tells once that nothing is taken, and once that it goes on. */
static void
nats_sender_tell(struct nats_sender *s, bool connected)
{
	uint64_t now = loop_clock(), since = now - s->moved_at;
	bool waits = s->window.base < s->window.end;

	if (!waits && connected && s->ready)
		s->moved_at = now;
	if (!s->told && s->why[0] != '\0' && (!connected || (waits && since >= NATS_PATIENCE_MS))) {
		s->told = true;
		tell(TELL_WARNING, "%s takes nothing: %s; the records wait", s->address.shown, s->why);
	} else if (s->told && connected && s->ready && now - s->moved_at < NATS_PATIENCE_MS) {
		s->told = false;
		s->why[0] = '\0';
		tell(TELL_INFO, "%s takes records again", s->address.shown);
	}
}

/* Under the lock. After a failure: the next try comes later each time. */
static void
nats_sender_delay(struct nats_sender *s)
{
	s->not_before = loop_clock() + s->again;
	s->again = 2 * s->again > NATS_AGAIN_MOST_MS ? NATS_AGAIN_MOST_MS : 2 * s->again;
}

/* ---- connecting, without the lock ---- */

static bool
nats_sender_connect(struct nats_sender *s, char *why)
{
	struct buf all;
	bool listens;

	nats_inbox_free(s->inbox);
	s->inbox = NULL;
	if (!nats_connect(s->nats, why))
		return false;
	buf_reset(&s->answers);
	nats_inbox_name(&s->answers);
	buf_putc(&s->answers, '.');
	buf_init(&all);
	buf_put(&all, buf_span(&s->answers));
	buf_putc(&all, '*');
	s->inbox = nats_listen(s->nats, buf_str(&all), nats_sender_answered, s, why);
	listens = s->inbox != NULL;
	buf_free(&all);
	return listens;
}

static bool
nats_sender_find(struct nats_sender *s, char *why)
{
	char differs[NATS_WHY];
	struct nats_stream stream;
	size_t most = nats_max_payload(s->nats);

	if (nats_stream_make(s->nats, &s->address, &stream, differs, why) != NATS_FOUND)
		return false;
	if (differs[0] != '\0' && !s->named)
		tell(TELL_WARNING, "%s: the stream is used as it is: %s", s->address.shown, differs);
	s->named = true;
	if (stream.max_message < most)
		most = stream.max_message;
	if (most < 2 * NATS_HEAD) {
		snprintf(why, NATS_WHY, "it takes messages of %zu bytes at most, which is too little", most);
		return false;
	}
	s->most = most - NATS_HEAD;
	return true;
}

/* ---- sending, without the lock ---- */

/* Sends one message. The id is that of the record, with part behind it, if that is not NULL. */
static bool
nats_sender_put(struct nats_sender *s, struct span body, const char *part, char *why)
{
	struct nats_header headers[MAX_NATS_HEADERS] = { { "Nats-Msg-Id", NULL } };
	unsigned count = 1;

	buf_reset(&s->scratch);
	buf_put(&s->scratch, buf_span(&s->id));
	if (part != NULL) {
		headers[count++] = (struct nats_header){ NATS_RECORD, buf_str(&s->id) };
		headers[count++] = (struct nats_header){ NATS_PART, part };
		buf_putf(&s->scratch, " %s", part);
	}
	headers[0].value = buf_str(&s->scratch);
	return nats_publish(s->nats, buf_str(&s->subject), buf_str(&s->reply), headers, count, body, why);
}

static bool
nats_sender_put_parts(struct nats_sender *s, struct span line, unsigned parts, char *why)
{
	char part[32];

	/* The same entry seen at another time is cut elsewhere, so its parts are others. */
	buf_putf(&s->id, "#%016llx", (unsigned long long)nats_parts_hash(line));
	for (unsigned k = 1; k <= parts; k++) {
		size_t n = line.n < s->most ? line.n : s->most;

		snprintf(part, sizeof(part), "%u/%u", k, parts);
		if (!nats_sender_put(s, span_of(line.p, n), part, why))
			return false;
		line = span_from(line, n);
	}
	return true;
}

static bool
nats_sender_put_record(struct nats_sender *s, uint64_t number, const struct nats_slot *slot, char *why)
{
	buf_reset(&s->subject);
	buf_puts(&s->subject, s->address.prefix);
	buf_puts(&s->subject, slot->parts > 1 ? ".part." : ".");
	nats_identity_subject(&s->subject, slot->line);
	buf_reset(&s->id);
	if (!nats_identity_id(&s->id, slot->line))
		buf_putf(&s->id, "r:%llx:%llu", (unsigned long long)s->run, (unsigned long long)number);
	if (slot->unsure > NATS_UNSURE)
		buf_putf(&s->id, ":%u", slot->unsure / NATS_UNSURE);
	buf_reset(&s->reply);
	buf_put(&s->reply, buf_span(&s->answers));
	buf_put_u64(&s->reply, number);
	buf_putc(&s->reply, '-');
	buf_put_u64(&s->reply, slot->attempt);
	return slot->parts > 1 ? nats_sender_put_parts(s, slot->line, slot->parts, why) :
	    nats_sender_put(s, slot->line, NULL, why);
}

/* ---- the thread ---- */

/* Sends what waits. Returns false when nothing was sent. */
static bool
nats_sender_send(struct nats_sender *s)
{
	char why[NATS_WHY];
	struct nats_slot slot;
	uint64_t number;
	bool sent = true;
	unsigned i;

	for (i = 0; i < (s->probing ? 1 : NATS_TURN) && sent && nats_window_send(&s->window, &number); i++) {
		struct nats_slot *at = nats_window_slot(&s->window, number);

		if (s->window.flying == 1)
			s->heard_at = loop_clock();
		at->parts = at->line.n > s->most ? (unsigned)((at->line.n - 1) / s->most + 1) : 1;
		slot = *at;
		slot.chunk->users++;
		nats_thread_unlock(&s->thread);
		sent = nats_sender_put_record(s, number, &slot, why);
		nats_thread_lock(&s->thread);
		nats_chunk_leave(slot.chunk);
		if (!sent) {
			memcpy(s->why, why, sizeof(why));
			nats_window_failed(&s->window, number, slot.attempt);
		}
	}
	return i > 0;
}

/* Under the lock, which is given up meanwhile. Connects, or finds the stream. Returns ms to wait then. */
static unsigned
nats_sender_prepare(struct nats_sender *s, bool connected)
{
	unsigned connections = nats_connections(s->nats);
	char why[NATS_WHY] = "";
	bool good;

	s->ready = false;
	nats_window_rewind(&s->window);
	if (!connected && s->inbox != NULL)
		snprintf(s->why, NATS_WHY, "the connection was lost");
	nats_sender_tell(s, connected);
	nats_thread_unlock(&s->thread);
	good = connected ? nats_sender_find(s, why) : nats_sender_connect(s, why);
	nats_thread_lock(&s->thread);
	if (!good) {
		memcpy(s->why, why, sizeof(why));
		nats_sender_delay(s);
		return NATS_TICK_MS;
	}
	if (connected) {
		s->ready = true;
		s->connections = connections;
		s->probing = true;
	}
	return 0;
}

/* After a failure: waits for the other answers, and then goes back to the oldest record. */
static unsigned
nats_sender_recover(struct nats_sender *s, bool late)
{
	if (s->window.flying > 0 && !late)
		return NATS_TICK_MS;
	if (late)
		snprintf(s->why, NATS_WHY, "no answer for %d s", NATS_ACK_MS / 1000);
	nats_window_rewind(&s->window);
	s->ready = false;	/* the stream may be gone, or be another one */
	s->probing = true;
	nats_sender_delay(s);
	return NATS_TICK_MS;
}

/* One step of the thread, under the lock. Returns ms to wait for the next one; 0: none. */
static unsigned
nats_sender_step(struct nats_sender *s)
{
	uint64_t now = loop_clock();
	bool connected = nats_connected(s->nats), late;

	nats_sender_tell(s, connected);
	if (now < s->not_before)
		return (unsigned)(s->not_before - now);
	if (!connected || !s->ready || s->connections != nats_connections(s->nats))
		return nats_sender_prepare(s, connected);
	late = s->window.flying > 0 && now - s->heard_at > NATS_ACK_MS;
	if (s->window.failed || late)
		return nats_sender_recover(s, late);
	if (s->probing && s->window.flying > 0)
		return NATS_TICK_MS;
	if (nats_sender_send(s))
		return 0;
	return NATS_TICK_MS;
}

static void
nats_sender_run(void *cookie)
{
	struct nats_sender *s = cookie;

	nats_thread_lock(&s->thread);
	while (!s->thread.stops) {
		unsigned ms = nats_sender_step(s);

		if (ms > 0 && !s->thread.stops)
			nats_thread_wait(&s->thread, ms);
	}
	nats_thread_unlock(&s->thread);
	nats_inbox_free(s->inbox);
	nats_free(s->nats);
}

const char *
nats_sender_open(struct nats_sender *s, struct loop *loop, const char *address)
{
	const char *why = nats_address_parse(&s->address, address);

	if (why != NULL)
		return why;
	s->run = bus_place_epoch();
	s->again = NATS_AGAIN_MS;
	s->moved_at = loop_clock();
	s->nats = nats_open(&s->address, nats_sender_changed, s, &why);
	if (s->nats != NULL) {
		s->thread.run = nats_sender_run;
		s->thread.run_cookie = s;
		why = nats_thread_open(&s->thread, loop);
	}
	if (why != NULL) {
		nats_free(s->nats);
		nats_address_free(&s->address);
	}
	return why;
}

void
nats_sender_free(struct nats_sender *s)
{
	nats_window_free(&s->window);
	nats_address_free(&s->address);
	buf_free(&s->answers);
	buf_free(&s->reply);
	buf_free(&s->subject);
	buf_free(&s->id);
	buf_free(&s->scratch);
}

/*
 * Reads a stream of JetStream in order. In: messages of a push consumer without acknowledgements, which is
 * made anew after any trouble. Out: items of a queue. A message that
 * is not the next of its consumer shows that some were lost on the way; the reader then makes a new
 * consumer that begins at the message it needs. Only heartbeats show that the newest message was lost,
 * or that the consumer is gone.
 */
#include "bus/nats/nats_reader.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/digits.h"
#include "base/tell.h"

enum {
	NATS_TICK_MS = 250,
	NATS_RETRY_MS = 1000,
	NATS_STATUS_MS = 2000,	/* for the latest status records */
	NATS_LOOKBACK = 256,	/* messages before the place to begin at that may hold parts of a line */
	NATS_SHORTS = 15,	/* how often in a row a stream may seem to have lost its end */
	NATS_FURTHEST = 65536,	/* messages among which the latest events are looked for */
};

/* ---- the queue, under the lock ---- */

static bool
nats_reader_full(const struct nats_reader *r)
{
	return r->bytes >= MAX_NATS_QUEUE || r->count >= MAX_NATS_ITEMS;
}

static size_t
nats_item_size(const struct nats_item *i)
{
	return i->message == NULL ? 0 : nats_message_body(i->message).n;
}

static void
nats_reader_grow(struct nats_reader *r)
{
	size_t room = r->room == 0 ? 256 : 2 * r->room;
	struct nats_item *items = calloc(room, sizeof(*items));

	if (items == NULL)
		die_world("out of memory for the bus");
	for (size_t i = 0; i < r->count; i++)
		items[i] = r->items[(r->head + i) % r->room];
	free(r->items);
	r->items = items;
	r->room = room;
	r->head = 0;
}

static void
nats_reader_put(struct nats_reader *r, struct nats_item item)
{
	if (r->count == r->room)
		nats_reader_grow(r);
	r->items[(r->head + r->count++) % r->room] = item;
	r->bytes += nats_item_size(&item);
	nats_thread_call(&r->thread);
}

bool
nats_reader_take(struct nats_reader *r, struct nats_item *item)
{
	bool took, full;

	nats_thread_lock(&r->thread);
	full = nats_reader_full(r);
	took = r->count > 0;
	if (took) {
		*item = r->items[r->head];
		r->head = (r->head + 1) % r->room;
		r->count--;
		r->bytes -= nats_item_size(item);
		r->heard_at = loop_clock();
	}
	if (full && !nats_reader_full(r))
		nats_thread_wake(&r->thread);
	nats_thread_unlock(&r->thread);
	return took;
}

static void
nats_reader_become(struct nats_reader *r, enum subscriber_state state)
{
	if (r->state == state)
		return;
	r->state = state;
	nats_thread_call(&r->thread);
}

/* ---- messages, on a thread of the library ---- */

static void
nats_reader_break(struct nats_reader *r)
{
	r->broken = true;
	nats_thread_wake(&r->thread);
}

static void
nats_reader_begin(struct nats_reader *r)
{
	if (!r->begun)
		nats_reader_put(r, (struct nats_item){ .kind = NATS_BEGUN });
	r->begun = true;
}

static uint64_t
nats_header_number(struct nats_message *m, const char *name)
{
	const char *value = nats_message_header(m, name);
	struct span text = value == NULL ? SPAN("") : span_str(value);
	uint64_t number;

	return digits_take(&text, &number) ? number : 0;
}

/*
 * Takes a message without content: a heartbeat, which says how far the consumer is, or a request
 * for an answer that lets the server go on. Returns the subject of that answer, or NULL.
 */
static const char *
nats_reader_control(struct nats_reader *r, struct nats_message *m)
{
	const char *status = nats_message_header(m, "Status");
	const char *stalled = nats_message_header(m, "Nats-Consumer-Stalled");

	if (status == NULL || strcmp(status, "100") != 0) {
		nats_reader_break(r);
		return NULL;
	}
	if (nats_message_reply(m) != NULL)
		return nats_message_reply(m);
	if (nats_header_number(m, "Nats-Last-Consumer") != r->consumer_seq) {
		nats_reader_break(r);
		return NULL;
	}
	if (stalled == NULL) {
		nats_reader_begin(r);
		nats_reader_put(r, (struct nats_item){ .kind = NATS_CAUGHT });
	}
	return stalled;
}

/* Takes a message of the stream. Returns true when it went into the queue. */
static bool
nats_reader_accept(struct nats_reader *r, struct nats_message *m)
{
	struct nats_delivered d;

	if (!nats_delivered_parse(&d, nats_message_reply(m)) || d.consumer_seq != r->consumer_seq + 1 ||
	    d.stream_seq < r->next) {
		nats_reader_break(r);
		return false;
	}
	r->consumer_seq = d.consumer_seq;
	r->next = d.stream_seq + 1;
	if (r->last < d.stream_seq)
		r->last = d.stream_seq;
	if (d.stream_seq >= r->live)
		nats_reader_begin(r);
	nats_reader_put(r, (struct nats_item){ .kind = NATS_MESSAGE, .place = { r->epoch, d.stream_seq },
		.message = m });
	if (d.pending == 0 || r->next >= r->live)
		nats_reader_begin(r);
	if (d.pending == 0)
		nats_reader_put(r, (struct nats_item){ .kind = NATS_CAUGHT });
	return true;
}

static void
nats_reader_came(void *cookie, struct nats_message *m)
{
	struct nats_reader *r = cookie;
	const char *answer = NULL;
	bool kept = false;
	char why[NATS_WHY];

	nats_thread_lock(&r->thread);
	while (nats_reader_full(r) && !r->thread.stops && !r->broken)
		nats_thread_wait(&r->thread, NATS_RETRY_MS);
	r->heard_at = loop_clock();
	if (!r->broken && !r->thread.stops) {
		if (strcmp(nats_message_subject(m), buf_str(&r->inbox_name)) == 0)
			answer = nats_reader_control(r, m);
		else
			kept = nats_reader_accept(r, m);
	}
	nats_thread_unlock(&r->thread);
	if (answer != NULL)
		(void)nats_publish(r->nats, answer, NULL, NULL, 0, SPAN(""), why);
	if (!kept)
		nats_message_free(m);
}

/* Takes one of the latest status records. */
static void
nats_reader_took_status(void *cookie, struct nats_message *m)
{
	struct nats_reader *r = cookie;
	bool kept;

	nats_thread_lock(&r->thread);
	kept = nats_message_body(m).n > 0 && r->statuses > 0;
	if (kept) {
		nats_reader_put(r, (struct nats_item){ .kind = NATS_STATUS, .message = m });
		if (--r->statuses == 0)
			nats_thread_wake(&r->thread);
	}
	nats_thread_unlock(&r->thread);
	if (!kept)
		nats_message_free(m);
}

static void
nats_reader_changed(void *cookie)
{
	struct nats_reader *r = cookie;

	nats_thread_lock(&r->thread);
	nats_thread_wake(&r->thread);
	nats_thread_unlock(&r->thread);
}

/* ---- where to begin; without the lock ---- */

/* Returns a number from which on there are count events, if there are so many not too far back. */
static uint64_t
nats_reader_events(struct nats_reader *r, const struct nats_stream *s, unsigned count, char *why)
{
	char filter[MAX_NATS_STREAM + 16];
	uint64_t back = 2 * (uint64_t)count + 16, from = s->last + 1, pending;
	struct nats_wanted wanted = { .filter = filter };
	struct buf name;
	bool enough = count == 0;

	snprintf(filter, sizeof(filter), "%s.event.>", r->address.prefix);
	buf_init(&name);
	while (!enough && from > s->first && back < 2 * NATS_FURTHEST) {
		wanted.from = from = s->last >= s->first + back ? s->last + 1 - back : s->first;
		if (!nats_consumer_open(r->nats, &r->address, &wanted, &name, &pending, why))
			break;
		nats_consumer_free(r->nats, &r->address, &name);
		enough = pending >= count;
		back *= 4;
	}
	buf_free(&name);
	return from;
}

/* Returns the number from which on the stream has about as many bytes as a reader is given. */
static uint64_t
nats_reader_history(const struct nats_reader *r, const struct nats_stream *s)
{
	uint64_t count;

	if (s->messages == 0 || s->bytes == 0)
		return s->last + 1;
	count = r->address.history / (s->bytes / s->messages + 1);
	return count > s->last - s->first ? s->first : s->last + 1 - count;
}

/* Decides where to begin: sets next, live and epoch, and puts the plan into the queue. */
static void
nats_reader_plan(struct nats_reader *r, const struct nats_stream *s, char *why)
{
	struct nats_item plan = { .kind = NATS_PLAN, .place = { s->epoch, s->last + 1 } };
	struct bus_place since = r->start.since;
	uint64_t from, events;

	if (since.epoch == 0)
		since.epoch = s->epoch;
	if (nats_starts_since(&r->start)) {
		from = since.epoch != s->epoch || since.seq < s->first ? s->first : since.seq;
		plan.place.seq = from < s->last + 1 ? from : s->last + 1;
		plan.count = since.epoch == s->epoch && since.seq < s->first ? s->first - since.seq : 0;
		from = plan.place.seq > s->first + NATS_LOOKBACK ? plan.place.seq - NATS_LOOKBACK : s->first;
		plan.from = plan.place.seq;
	} else if (r->waited) {
		from = plan.from = plan.place.seq = s->first;	/* all of it is new */
	} else {
		from = plan.from = r->older ? nats_reader_history(r, s) : s->last + 1;
		events = r->start.status ? from :
		    nats_reader_events(r, s, r->start.count != 0 ? r->start.count : NATS_LATEST, why);
		if (events < from)
			from = events;
	}
	nats_thread_lock(&r->thread);
	r->epoch = s->epoch;
	r->next = from;
	r->live = plan.place.seq;
	nats_reader_put(r, plan);
	nats_thread_unlock(&r->thread);
	r->planned = true;
}

/* Asks for the latest status records, and waits until they are in the queue or NATS_STATUS_MS have passed. */
static void
nats_reader_ask_status(struct nats_reader *r, char *why)
{
	char filter[MAX_NATS_STREAM + 16];
	struct nats_wanted wanted = { .filter = filter };
	struct buf to, name;
	struct nats_inbox *inbox;
	uint64_t until = loop_clock() + NATS_STATUS_MS, pending = 0;

	snprintf(filter, sizeof(filter), "%s.status.>", r->address.prefix);
	buf_init(&to);
	buf_init(&name);
	nats_inbox_name(&to);
	wanted.to = buf_str(&to);
	r->statuses = UINT64_MAX / 2;
	inbox = nats_listen(r->nats, wanted.to, nats_reader_took_status, r, why);
	if (inbox != NULL && nats_consumer_open(r->nats, &r->address, &wanted, &name, &pending, why)) {
		nats_thread_lock(&r->thread);
		r->statuses -= UINT64_MAX / 2 - pending;
		while (r->statuses > 0 && !r->thread.stops && loop_clock() < until)
			nats_thread_wait(&r->thread, NATS_TICK_MS);
		r->statuses = 0;
		nats_thread_unlock(&r->thread);
	}
	nats_inbox_free(inbox);
	nats_consumer_free(r->nats, &r->address, &name);
	buf_free(&to);
	buf_free(&name);
}

/* Another stream: what the one before still had is lost, and all of this one is new. */
static void
nats_reader_replan(struct nats_reader *r, const struct nats_stream *s)
{
	tell(TELL_WARNING, "%s: the stream was made anew", r->address.shown);
	nats_thread_lock(&r->thread);
	nats_reader_begin(r);
	if (r->last >= r->next)
		nats_reader_put(r, (struct nats_item){ .kind = NATS_LOST, .count = r->last + 1 - r->next });
	r->epoch = s->epoch;
	r->next = r->live = 1;
	r->last = 0;
	nats_reader_put(r, (struct nats_item){ .kind = NATS_PLAN, .place = { s->epoch, 1 }, .from = 1 });
	nats_thread_unlock(&r->thread);
}

/* ---- consumers; without the lock ---- */

/* Makes a consumer that begins with the next message. */
static bool
nats_reader_consume(struct nats_reader *r, char *why)
{
	struct nats_wanted wanted = { .from = r->next };
	uint64_t pending;
	bool made;

	buf_reset(&r->inbox_name);
	nats_inbox_name(&r->inbox_name);
	wanted.to = buf_str(&r->inbox_name);
	nats_thread_lock(&r->thread);
	r->consumer_seq = 0;
	r->broken = false;
	r->heard_at = loop_clock();
	nats_thread_unlock(&r->thread);
	r->inbox = nats_listen(r->nats, wanted.to, nats_reader_came, r, why);
	made = r->inbox != NULL &&
	    nats_consumer_open(r->nats, &r->address, &wanted, &r->consumer, &pending, why);
	nats_thread_lock(&r->thread);
	r->broken |= !made;
	if (made && (pending == 0 || r->next >= r->live))
		nats_reader_begin(r);
	if (made && pending == 0)
		nats_reader_put(r, (struct nats_item){ .kind = NATS_CAUGHT });
	nats_thread_unlock(&r->thread);
	return made;
}

static void
nats_reader_drop(struct nats_reader *r)
{
	nats_thread_lock(&r->thread);
	nats_reader_break(r);
	nats_thread_unlock(&r->thread);
	nats_inbox_free(r->inbox);
	r->inbox = NULL;
	nats_consumer_free(r->nats, &r->address, &r->consumer);
}

/*
 * The stream has less than what was read from it: so it may seem for a moment, when another server
 * has just become the leader; or the cluster has lost messages for good. Returns true when it is to
 * be asked again. After some time the reader goes on with what is put in the place of those.
 */
static bool
nats_reader_short(struct nats_reader *r, const struct nats_stream *s, char *why)
{
	if (s->last + 1 >= r->next) {
		r->shorts = 0;
		return false;
	}
	if (++r->shorts > NATS_SHORTS) {
		tell(TELL_WARNING, "%s: the stream has lost its end, from %llu on", r->address.shown,
		    (unsigned long long)(s->last + 1));
		nats_thread_lock(&r->thread);
		r->next = r->live = s->last + 1;
		nats_reader_put(r, (struct nats_item){ .kind = NATS_PLAN, .place = { s->epoch, r->next },
			.from = r->next });
		nats_thread_unlock(&r->thread);
		return false;
	}
	snprintf(why, NATS_WHY, "the stream ends at %llu, but %llu was read from it",
	    (unsigned long long)s->last, (unsigned long long)(r->next - 1));
	return true;
}

/* Finds the stream, and goes on behind what was read from it. */
static bool
nats_reader_resume(struct nats_reader *r, char *why)
{
	struct nats_stream s;
	enum nats_found found;

	nats_reader_drop(r);
	found = nats_stream_find(r->nats, &r->address, &s, why);
	r->waited |= found == NATS_MISSING;
	if (found == NATS_MISSING)
		snprintf(why, NATS_WHY, "there is no stream %s yet", r->address.stream);
	if (found != NATS_FOUND)
		return false;
	if (!r->planned) {
		if (r->start.status && !nats_starts_since(&r->start))
			nats_reader_ask_status(r, why);
		nats_reader_plan(r, &s, why);
	} else if (s.epoch != r->epoch) {
		nats_reader_replan(r, &s);
	} else if (nats_reader_short(r, &s, why)) {
		return false;
	}
	if (r->last < s.last)
		r->last = s.last;
	return nats_reader_consume(r, why);
}

/* ---- the thread ---- */

static void
nats_reader_tell(struct nats_reader *r, const char *why)
{
	if (!r->told)
		tell(TELL_WARNING, "%s: %s; waiting for it", r->address.shown, why);
	r->told = true;
}

/* Under the lock, which is given up meanwhile. Brings the reader to where messages come. */
static unsigned
nats_reader_prepare(struct nats_reader *r)
{
	char why[NATS_WHY] = "the connection was lost";
	bool connected = nats_connected(r->nats), good = true;
	unsigned connections = nats_connections(r->nats);

	if (!connected)
		nats_reader_become(r, SUBSCRIBER_AWAY);
	nats_thread_unlock(&r->thread);
	if (!connected) {
		nats_reader_drop(r);
		good = nats_connect(r->nats, why);
		connections = nats_connections(r->nats);
	}
	good = good && nats_reader_resume(r, why);
	nats_thread_lock(&r->thread);
	if (good) {
		r->connections = connections;
		nats_reader_become(r, SUBSCRIBER_THERE);
		if (r->told)
			tell(TELL_INFO, "%s is there", r->address.shown);
		else
			tell(TELL_DEBUG, "follows the bus at %s from record %llu on", r->address.shown,
			    (unsigned long long)r->next);
		r->told = false;
		return 0;
	}
	if (r->state != SUBSCRIBER_SILENT)
		nats_reader_become(r, SUBSCRIBER_AWAY);
	nats_reader_tell(r, why);
	return NATS_RETRY_MS;
}

/* One step of the thread, under the lock. Returns ms to wait for the next one. */
static unsigned
nats_reader_step(struct nats_reader *r)
{
	uint64_t now = loop_clock();

	if (r->inbox == NULL || r->broken || !nats_connected(r->nats) ||
	    r->connections != nats_connections(r->nats))
		return nats_reader_prepare(r);
	if (!nats_reader_full(r) && now > r->heard_at + SUBSCRIBER_SILENCE_MS) {
		tell(TELL_WARNING, "nothing was heard from %s for %d s", r->address.shown,
		    SUBSCRIBER_SILENCE_MS / 1000);
		r->told = true;
		nats_reader_become(r, SUBSCRIBER_SILENT);
		nats_reader_break(r);
		return 0;
	}
	return NATS_RETRY_MS;
}

static void
nats_reader_run(void *cookie)
{
	struct nats_reader *r = cookie;

	nats_thread_lock(&r->thread);
	r->broken = true;
	while (!r->thread.stops) {
		unsigned ms = nats_reader_step(r);

		if (ms > 0 && !r->thread.stops)
			nats_thread_wait(&r->thread, ms);
	}
	nats_thread_unlock(&r->thread);
	nats_reader_drop(r);
	nats_free(r->nats);
}

const char *
nats_reader_open(struct nats_reader *r, struct loop *loop, const char *address)
{
	const char *why = nats_address_parse(&r->address, address);

	if (why != NULL)
		return why;
	r->nats = nats_open(&r->address, nats_reader_changed, r, &why);
	if (r->nats != NULL) {
		r->thread.run = nats_reader_run;
		r->thread.run_cookie = r;
		why = nats_thread_open(&r->thread, loop);
	}
	if (why != NULL) {
		nats_free(r->nats);
		nats_address_free(&r->address);
	}
	return why;
}

void
nats_reader_free(struct nats_reader *r)
{
	for (; r->count > 0; r->count--) {
		nats_message_free(r->items[r->head].message);
		r->head = (r->head + 1) % r->room;
	}
	free(r->items);
	buf_free(&r->inbox_name);
	buf_free(&r->consumer);
	nats_address_free(&r->address);
}

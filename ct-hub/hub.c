/*
 * Publishes records and answers questions. In: records as lines, and questions. Out:
 * messages and answers (ct-bus(5)), and the file that marks are stored in. No line is
 * parsed; ct/record.h tells by its first bytes what kind of record it is.
 *
 * A message takes all lines that have been read, up to BUS_BATCH bytes. After a
 * smaller message the hub rests for HUB_REST, so that a fast stream of single lines
 * makes at most 200 messages a second. While a reader is behind, the hub also gathers
 * lines for longer before it publishes them (pace.h).
 */
#include "ct-hub/hub.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-hub/hub_answer.h"
#include "ct/record.h"

enum {
	HUB_REST = 5,		/* ms between small messages */
	HUB_WAIT_MORE = 2000,	/* ms more, for readers that are connected and have not reported */
	HUB_LOOK = 50,		/* ms between two looks whether the wait is over */
	HUB_REST_OF_LINE = 500,	/* ms at the end, for each next byte of an unfinished line */
	HUB_LINGER = 1500,	/* ms at most for messages to leave at the end */
	HUB_TURN = 64,		/* questions, or pushed batches, before others have a turn */
};

static void
hub_want_input(struct hub *h, unsigned wanted)
{
	if (h->in_waits && !h->in_ended)
		loop_want(h->loop, &h->in_fd, wanted);
	if (h->options.ingest)
		loop_want(h->loop, &h->ingest_fd, wanted);
}

/*
 * Returns true when the wait for readers is over. It lasts as long as the options say,
 * and then up to HUB_WAIT_MORE longer while more readers are connected than have
 * reported.
 */
static bool
hub_has_begun(struct hub *h)
{
	uint64_t passed = loop_now(h->loop) - h->opened, wait = h->options.wait * (uint64_t)1000;

	if (!h->begun && passed >= wait)
		h->begun = wait == 0 || passed >= wait + HUB_WAIT_MORE ||
		    bus_hub_connections(h->bus) <= h->pace.count;
	return h->begun;
}

/* Returns true when a message may be published now. If not, no input is read until one may. */
static bool
hub_may(struct hub *h)
{
	unsigned ms = hub_has_begun(h) ? pace_wait(&h->pace, loop_now(h->loop)) : HUB_LOOK;

	if (ms == 0)
		return true;
	hub_want_input(h, 0);
	loop_after(h->loop, &h->resume, ms);
	return false;
}

/*
 * Returns true when lines of so many bytes are to wait for more lines, because a reader is
 * behind.
 */
static bool
hub_gathers(struct hub *h, size_t bytes)
{
	return bytes < BUS_BATCH &&
	    loop_now(h->loop) - h->published < pace_gather(&h->pace);
}

/*
 * Counts the lines that have just been published, keeps their events, and has their marks
 * stored.
 */
static void
hub_look(struct hub *h, struct span lines)
{
	struct span line;

	while (span_line(&lines, &line)) {
		enum record_kind kind = record_kind(line);

		line.n++;	/* both keep it with its LF */
		h->next.seq++;
		if (kind == RECORD_EVENT) {
			recent_put(&h->recent, line);
			h->count.events++;
		} else if (kind == RECORD_MARK) {
			h->count.marks++;
			markfile_put(&h->markfile, line, h->next.seq);
		}
	}
}

static void
hub_send(struct hub *h, struct span lines)
{
	const char *why;

	if (bus_hub_publish(h->bus, h->next, lines, &why) < 0)
		die_world("cannot publish on %s: %s", h->options.address, why);
	pace_published(&h->pace, h->next.seq, lines.n);
	h->published = loop_now(h->loop);
}

/*
 * Publishes lines, of which there is at least one, and takes note of them. Because
 * queues count messages (pace.h), a message longer than BUS_BATCH is followed by one
 * without lines for each further BUS_BATCH bytes. So, however long the lines are, no
 * more bytes wait for a reader than the backlog allows.
 */
static void
hub_publish(struct hub *h, struct span lines)
{
	uint64_t first = h->next.seq;

	if (first == 1)
		lives_store(&h->lives, 1);	/* killed before the first mark, all of it comes again */
	hub_send(h, lines);
	h->count.messages++;
	h->count.bytes += lines.n;
	hub_look(h, lines);
	history_put(&h->history, lines, h->next.seq - first);
	for (size_t n = (lines.n - 1) / BUS_BATCH; n > 0; n--)
		hub_send(h, SPAN(""));
}

/* ---- stdin ---- */

static void
hub_end_input(struct hub *h)
{
	if (h->in_ended)
		return;
	h->in_ended = true;
	if (h->in_waits)
		loop_del(h->loop, &h->in_fd);
	tell(TELL_DEBUG, "end of input after %llu lines", (unsigned long long)h->in.number);
	if (!h->options.ingest)
		loop_stop(h->loop);
}

/* Waits for more of stdin: at once, or after a small message when HUB_REST is over. */
static void
hub_rest(struct hub *h)
{
	if (h->in_waits)
		loop_want(h->loop, &h->in_fd, 0);
	loop_after(h->loop, &h->rest, h->in_small ? HUB_REST : 0);
}

static void
hub_too_long(struct hub *h)
{
	h->count.broken++;
	tell(TELL_ERROR, "line %llu: longer than %d MiB; it is left out",
	    (unsigned long long)h->in.number, MAX_LINE >> 20);
}

/* Publishes the lines that have been read, as long as messages may go. */
static void
hub_drain(struct hub *h)
{
	struct span lines;
	unsigned count;

	while (hub_may(h)) {
		h->gathering = !h->in.ended && hub_gathers(h, lines_waiting(&h->in));
		if (h->gathering) {
			h->in_small = true;
			hub_rest(h);
			return;
		}
		switch (lines_batch(&h->in, BUS_BATCH, &lines, &count)) {
		case LINES_LINE:
			hub_publish(h, lines);
			h->in_small = h->in_read < BUS_BATCH;
			break;
		case LINES_LONG:
			hub_too_long(h);
			break;
		case LINES_NONE:
			hub_rest(h);
			return;
		case LINES_END:
			hub_end_input(h);
			return;
		}
	}
}

static void
hub_fill(struct hub *h)
{
	h->in_small = false;
	h->in_read = lines_fill(&h->in);
	if (h->in_read < 0 && errno != EINTR && errno != EAGAIN)
		die_world("cannot read stdin:");
	hub_drain(h);
}

static void
hub_in_ready(void *cookie, unsigned events)
{
	struct hub *h = cookie;

	if (events & LOOP_READ)
		hub_fill(h);
}

static void
hub_rested(void *cookie)
{
	struct hub *h = cookie;

	if (loop_timer_runs(&h->resume))
		return;		/* no message may be published, because of what others pushed */
	if (!h->in_waits) {
		hub_fill(h);
		return;
	}
	loop_want(h->loop, &h->in_fd, LOOP_READ);
	if (h->gathering && hub_gathers(h, lines_waiting(&h->in)))
		loop_after(h->loop, &h->rest, HUB_REST);
	else if (h->gathering)
		hub_drain(h);
}

/* ---- lines pushed by others ---- */

static void
hub_publish_all_pushed(struct hub *h)
{
	if (h->pushed.n == 0)
		return;
	hub_publish(h, buf_span(&h->pushed));
	buf_reset(&h->pushed);
}

/* Publishes the pushed lines, unless they are to wait for more. In both cases a rest follows. */
static void
hub_publish_pushed(struct hub *h)
{
	if (h->pushed.n == 0)
		return;
	if (!hub_gathers(h, h->pushed.n))
		hub_publish_all_pushed(h);
	loop_after(h->loop, &h->pushed_rest, HUB_REST);
}

/* Gathers a pushed line, which has no LF, into a message, and publishes the one before when it is full. */
static void
hub_take_line(struct hub *h, struct span line)
{
	if (line.n > MAX_LINE) {
		h->count.broken++;
		tell(TELL_ERROR, "a pushed line: longer than %d MiB; it is left out", MAX_LINE >> 20);
		return;
	}
	if (h->pushed.n > 0 && h->pushed.n + line.n + 1 > BUS_BATCH)
		hub_publish_all_pushed(h);
	buf_put(&h->pushed, line);
	buf_putc(&h->pushed, '\n');
}

/* Takes pushed lines, of which the last may lack its LF. */
static void
hub_take_pushed(struct hub *h, struct span lines)
{
	struct span line;

	while (span_line(&lines, &line))
		hub_take_line(h, line);
	if (lines.n > 0)
		hub_take_line(h, lines);
}

/* Takes what was pushed. It is published at once, or when the rest that runs is over. */
static void
hub_ingest_ready(void *cookie, unsigned events)
{
	struct hub *h = cookie;
	struct span lines;
	const char *why;
	int got = 1;

	(void)events;
	for (int i = 0; i < HUB_TURN && got > 0 && hub_may(h); i++) {
		got = bus_hub_ingest(h->bus, &lines, &why);
		if (got > 0)
			hub_take_pushed(h, lines);
		else if (got < 0)
			tell(TELL_WARNING, "what was pushed cannot be taken: %s", why);
	}
	if (!loop_timer_runs(&h->pushed_rest))
		hub_publish_pushed(h);
}

static void
hub_pushed_rested(void *cookie)
{
	struct hub *h = cookie;

	if (!loop_timer_runs(&h->resume))
		hub_publish_pushed(h);
}

/* Goes on to read and publish when a message may be published again. */
static void
hub_resume(void *cookie)
{
	struct hub *h = cookie;

	if (!hub_may(h))
		return;
	if (h->options.ingest)
		loop_want(h->loop, &h->ingest_fd, LOOP_READ);
	hub_publish_pushed(h);
	hub_drain(h);
}

/* ---- questions ---- */

/* Publishes one message for all that have said hello: hellos must not fill the queues. */
static void
hub_welcome_due(void *cookie)
{
	struct hub *h = cookie;

	h->welcomed = loop_now(h->loop);
	hub_send(h, SPAN(""));
}

static void
hub_ask_ready(void *cookie, unsigned events)
{
	struct hub *h = cookie;
	struct span question;
	const char *why;
	int got = 1;

	(void)events;
	for (int i = 0; i < HUB_TURN && got > 0; i++) {
		got = bus_hub_question(h->bus, &question, &why);
		if (got > 0)
			hub_answer(h, question);
		else if (got < 0)
			tell(TELL_WARNING, "a question cannot be taken: %s", why);
	}
	if (loop_timer_runs(&h->resume) && h->begun && pace_wait(&h->pace, loop_now(h->loop)) == 0)
		loop_after(h->loop, &h->resume, 0);	/* after a report, messages may go again */
}

static void
hub_status_due(void *cookie)
{
	struct hub *h = cookie;

	if (h->begun) {
		buf_reset(&h->scratch);
		hub_answer_status(h, &h->scratch);
		hub_publish(h, buf_span(&h->scratch));
	}
	loop_after(h->loop, &h->status, h->options.status * 1000);
}

/*
 * Once a second: forgets readers that have gone. When nothing was published for a while,
 * publishes a message without lines, because a reader that hears nothing takes the hub for dead.
 */
static void
hub_second_due(void *cookie)
{
	struct hub *h = cookie;
	unsigned departures = bus_hub_departures(h->bus);
	uint64_t now = loop_now(h->loop);

	pace_left(&h->pace, departures - h->departures, now);
	h->departures = departures;
	if (now - h->published >= BUS_QUIET_MS)
		hub_send(h, SPAN(""));
	loop_after(h->loop, &h->second, 1000);
}

/* ---- from start to end ---- */

static void
hub_add(struct hub *h, struct loop_fd *f, int fd, unsigned wanted, void (*ready)(void *, unsigned))
{
	*f = (struct loop_fd){ .fd = fd, .ready = ready, .cookie = h };
	if (loop_add(h->loop, f, wanted) < 0)
		die_world("cannot wait for the bus:");
}

static void
hub_add_input(struct hub *h, int fd)
{
	lines_init(&h->in, fd);
	h->in_fd = (struct loop_fd){ .fd = fd, .ready = hub_in_ready, .cookie = h };
	h->in_waits = loop_add(h->loop, &h->in_fd, 0) == 0;
	if (!h->in_waits && errno != EPERM)
		die_world("cannot read stdin:");
}

struct hub *
hub_open(struct loop *loop, const struct hub_options *options, int fd)
{
	struct hub *h = calloc(1, sizeof(*h));
	unsigned backlog = pace_backlog(options->backlog);
	const char *why;

	if (h == NULL)
		die_world("out of memory for the hub");
	h->loop = loop;
	h->options = *options;
	h->next = (struct bus_place){ bus_random(), 1 };
	h->resume = (struct loop_timer){ .due = hub_resume, .cookie = h };
	h->rest = (struct loop_timer){ .due = hub_rested, .cookie = h };
	h->pushed_rest = (struct loop_timer){ .due = hub_pushed_rested, .cookie = h };
	h->welcome = (struct loop_timer){ .due = hub_welcome_due, .cookie = h };
	h->second = (struct loop_timer){ .due = hub_second_due, .cookie = h };
	h->status = (struct loop_timer){ .due = hub_status_due, .cookie = h };
	h->bus = bus_hub_open(options->address, options->ingest, backlog, &why);
	if (h->bus == NULL)
		die_world("cannot serve %s: %s", options->address, why);
	h->opened = h->published = loop_now(loop);
	pace_init(&h->pace, backlog, h->next.epoch, h->opened);
	recent_init(&h->recent, options->keep);
	history_init(&h->history, options->history);
	lives_init(&h->lives, options->marks, h->next.epoch);
	markfile_init(&h->markfile, loop, options->marks, &h->lives);
	buf_init(&h->scratch);
	buf_init(&h->pushed);
	hub_add(h, &h->ask_fd, bus_hub_ask_fd(h->bus), LOOP_READ, hub_ask_ready);
	if (options->ingest)
		hub_add(h, &h->ingest_fd, bus_hub_ingest_fd(h->bus), 0, hub_ingest_ready);
	hub_add_input(h, fd);
	loop_after(loop, &h->resume, 0);
	loop_after(loop, &h->second, 1000);
	if (options->status > 0)
		loop_after(loop, &h->status, options->status * 1000);
	return h;
}

/* At the end: publishes all whole lines that have been read, without waiting for readers. */
static void
hub_publish_read(struct hub *h)
{
	enum lines_got got;
	struct span lines;
	unsigned count;

	while ((got = lines_batch(&h->in, BUS_BATCH, &lines, &count)) == LINES_LINE ||
	    got == LINES_LONG) {
		if (got == LINES_LINE)
			hub_publish(h, lines);
		else
			hub_too_long(h);
	}
}

/*
 * At the end: if a read ended inside a line, waits for the rest of the line and
 * publishes it. The rest is read byte by byte, so that nothing behind it is taken:
 * the next hub at the same FIFO must find a whole line first.
 */
static void
hub_finish_line(struct hub *h)
{
	struct pollfd rest = { .fd = h->in.fd, .events = POLLIN };
	int n = 1;

	while (lines_part(&h->in).n > 0 && n != 0) {
		n = poll(&rest, 1, HUB_REST_OF_LINE);	/* -1: one more signal has come */
		if (n > 0 && lines_fill_up_to(&h->in, 1) <= 0)
			return;
		hub_publish_read(h);
	}
}

void
hub_finish(struct hub *h)
{
	hub_publish_read(h);
	hub_finish_line(h);
	hub_publish_all_pushed(h);
	if (bus_hub_linger(h->bus, HUB_LINGER)) {
		if (h->count.marks == 0)
			lives_store(&h->lives, h->next.seq);
		markfile_flush(&h->markfile);
	} else
		tell(TELL_WARNING, "not all messages have left; the last records will be sent again");
}

bool
hub_has_failed(const struct hub *h)
{
	return h->markfile.failed;
}

void
hub_free(struct hub *h)
{
	if (h->in_waits && !h->in_ended)
		loop_del(h->loop, &h->in_fd);
	loop_del(h->loop, &h->ask_fd);
	if (h->options.ingest)
		loop_del(h->loop, &h->ingest_fd);
	loop_stop_timer(h->loop, &h->resume);
	loop_stop_timer(h->loop, &h->rest);
	loop_stop_timer(h->loop, &h->pushed_rest);
	loop_stop_timer(h->loop, &h->welcome);
	loop_stop_timer(h->loop, &h->second);
	loop_stop_timer(h->loop, &h->status);
	bus_hub_free(h->bus);
	pace_free(&h->pace);
	markfile_free(&h->markfile);
	lives_free(&h->lives);
	recent_free(&h->recent);
	history_free(&h->history);
	lines_free(&h->in);
	buf_free(&h->scratch);
	buf_free(&h->pushed);
	free(h);
}

/*
 * Publishes records. In: records as lines, on stdin or pushed by others. Out: records of the bus
 * (ct-bus(5)), and the file that marks are stored in. No line is parsed; ct/record.h tells by its
 * first bytes what kind of record it is.
 */
#include "ct-hub/hub.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/tell.h"
#include "bus/bus.h"
#include "bus/relay.h"
#include "ct-hub/hub_status.h"
#include "os/lines.h"

enum {
	HUB_REST_OF_LINE = 500,	/* ms at the end, for each next byte of an unfinished line */
	HUB_LINGER = 1500,	/* ms at most for records to leave after a signal */
};

/* ---- records that the hub itself needs ---- */

static void
hub_found(void *cookie, enum record_kind kind, struct span line, uint64_t seq)
{
	struct hub *h = cookie;

	if (kind == RECORD_MARK && h->producer == 0)	/* who pushes stores its marks itself */
		markfile_put(&h->markfile, line, seq);
	else if (kind == RECORD_HEAD)
		sources_put(&h->sources, line, h->producer);
	else if (kind == RECORD_STATUS && !h->own)
		stages_put(&h->stages, line, h->producer);
}

/* A mark may be stored when what is in front of it has left both the bus and the relay. */
static void
hub_look_left(struct hub *h)
{
	markfile_left(&h->markfile, h->left[0] < h->left[1] ? h->left[0] : h->left[1]);
}

static void
hub_left(void *cookie, uint64_t seq)
{
	struct hub *h = cookie;

	h->left[0] = seq;
	hub_look_left(h);
}

static void
hub_relay_left(void *cookie, uint64_t seq)
{
	struct hub *h = cookie;

	h->left[1] = seq;
	hub_look_left(h);
}

static void
hub_watch(void *cookie, uint64_t seq)
{
	struct hub *h = cookie;

	publisher_watch(h->bus, seq);
	if (h->relay != NULL)
		publisher_watch(h->relay, seq);
}

/* Ends the process: what it would number could be numbered in the same way by the next hub. */
static void
hub_cannot_store(struct hub *h)
{
	int error = errno;

	publisher_free(h->bus);		/* with its sockets */
	errno = error;
	die_world("%s cannot be stored; let this user write in its folder, make room on its disk, or "
	    "choose another file with -k:", h->lives.file);
}

/* To be called before the first record is published: killed before the first mark, all comes again. */
static void
hub_begin(struct hub *h)
{
	if (!h->published && !lives_store(&h->lives, h->lives.begin.seq))
		hub_cannot_store(h);
	h->published = true;
}

/* ---- stdin ---- */

static void
hub_end_input(struct hub *h)
{
	if (h->in_waits)
		loop_del(h->loop, &h->in_fd);
	h->in_waits = false;
	loop_stop_timer(h->loop, &h->again);
	tell(TELL_DEBUG, "end of input after %llu lines", (unsigned long long)h->in.number);
	if (!h->options.bus.ingest)
		loop_stop(h->loop);
}

/* Returns true when bus and relay both take lines; else hub_takes comes when one of them does again. */
static bool
hub_may_publish(struct hub *h)
{
	bool takes = publisher_takes(h->bus);

	return (h->relay == NULL || publisher_takes(h->relay)) && takes;
}

/* Reads on when lines are taken. */
static void
hub_want(struct hub *h)
{
	bool takes = hub_may_publish(h);

	if (h->in.ended || h->finishing)
		return;
	if (h->in_waits)
		loop_want(h->loop, &h->in_fd, takes ? LOOP_READ : 0);
	else if (takes)
		loop_after(h->loop, &h->again, 0);
}

static void
hub_read(struct hub *h)
{
	ptrdiff_t n;

	h->producer = 0;
	hub_begin(h);
	n = input_read(&h->in, SIZE_MAX);
	if (n < 0 && errno != EINTR && errno != EAGAIN)
		die_world("cannot read stdin:");
	if (h->in.ended)
		hub_end_input(h);
	else
		hub_want(h);
}

static void
hub_in_ready(void *cookie, unsigned events)
{
	if (events & LOOP_READ)
		hub_read(cookie);
}

static void
hub_again(void *cookie)
{
	hub_read(cookie);
}

/* ---- lines pushed by others, and the hub's own ---- */

static void
hub_put_piece(struct hub *h, const uint8_t *p, struct publisher_lines *piece)
{
	if (piece->n > 0)
		publisher_put(h->bus, p, *piece);
	if (piece->n > 0 && h->relay != NULL)
		publisher_put(h->relay, p, *piece);
	*piece = (struct publisher_lines){ 0, 0, 0 };
}

/* Publishes lines, each with its LF, in messages of a good size. */
static void
hub_put(struct hub *h, struct span lines)
{
	const uint8_t *from = lines.p;
	struct publisher_lines piece = { 0, 0, 0 };
	struct span line;

	hub_begin(h);
	while (span_line(&lines, &line)) {
		line.n++;	/* with its LF */
		if (line.n - 1 > MAX_LINE || (piece.n > 0 && piece.n + line.n > BUS_BATCH)) {
			hub_put_piece(h, from, &piece);
			from = line.p;
		}
		if (line.n - 1 > MAX_LINE) {
			tally_too_long(&h->tally, 0);
			from = lines.p;
			continue;
		}
		tally_line(&h->tally, &piece, line, publisher_next(h->bus).seq);
	}
	hub_put_piece(h, from, &piece);
}

/* The last of the lines may lack its LF: then all are copied. */
static void
hub_pushed(void *cookie, uint64_t producer, struct span lines)
{
	struct hub *h = cookie;

	h->producer = producer != 0 ? producer : HUB_NAMELESS;	/* 0 are those of stdin */
	if (lines.p[lines.n - 1] == '\n') {
		hub_put(h, lines);
		return;
	}
	buf_reset(&h->scratch);
	buf_put(&h->scratch, lines);
	buf_putc(&h->scratch, '\n');
	hub_put(h, buf_span(&h->scratch));
	buf_trim(&h->scratch, BUS_BATCH);
}

/*
 * Publishes the hub's own status. While lines are not taken it is owed, and then published once: else
 * one behind the other would wait for a bus that is away.
 */
static void
hub_put_status(struct hub *h)
{
	h->status_owed = !h->finishing && !hub_may_publish(h);
	if (h->finishing || h->status_owed)
		return;
	buf_reset(&h->scratch);
	hub_status_write(h, &h->scratch);
	h->own = true;
	hub_put(h, buf_span(&h->scratch));
	h->own = false;
}

static void
hub_status_due(void *cookie)
{
	struct hub *h = cookie;

	hub_put_status(h);
	hub_want(h);	/* when that found that lines are taken, the input may be waiting for it too */
	loop_after(h->loop, &h->status, h->options.status * 1000);
}

static void
hub_takes(void *cookie)
{
	struct hub *h = cookie;

	if (h->status_owed)
		hub_put_status(h);
	hub_want(h);
}

/* ---- from start to end ---- */

static void
hub_add_input(struct hub *h, int fd)
{
	input_init(&h->in, fd, h->bus, h->relay, &h->tally);
	h->in_fd = (struct loop_fd){ .fd = fd, .ready = hub_in_ready, .cookie = h };
	h->in_waits = loop_add(h->loop, &h->in_fd, 0) == 0;
	if (!h->in_waits && errno != EPERM)
		die_world("cannot read stdin:");
	hub_want(h);
}

static const struct publisher_calls hub_relay_calls = {
	.takes = hub_takes,
	.left = hub_relay_left,
};

/* Opens the relay, if there is to be one. */
static void
hub_open_relay(struct hub *h)
{
	const char *why;

	h->left[1] = UINT64_MAX;
	if (h->options.relay == NULL)
		return;
	h->left[1] = h->options.bus.first.seq;
	h->options.bus.taken_is_enough = h->options.marks == NULL;	/* a mark waits until all has left */
	h->relay = relay_open(h->loop, h->options.relay, &h->options.bus, &hub_relay_calls, h, &why);
	if (h->relay == NULL)
		die_world("cannot relay to %s: %s", bus_shown(&h->scratch, h->options.relay), why);
}

static const struct publisher_calls hub_calls = {
	.takes = hub_takes,
	.left = hub_left,
	.pushed = hub_pushed,
	.question = hub_status_answer,
};

struct hub *
hub_open(struct loop *loop, const struct hub_options *options, int fd)
{
	struct hub *h = calloc(1, sizeof(*h));
	const char *why;

	if (h == NULL)
		die_world("out of memory for the hub");
	h->loop = loop;
	h->options = *options;
	h->tally.found = hub_found;
	h->tally.cookie = h;
	buf_init(&h->scratch);
	h->again = (struct loop_timer){ .due = hub_again, .cookie = h };
	h->status = (struct loop_timer){ .due = hub_status_due, .cookie = h };
	why = lives_init(&h->lives, options->marks);
	if (why != NULL)
		die_world("%s: %s; put a good copy in its place, or move it away: then a new run of numbers "
		    "begins, and readers do not learn what they lost before it", h->lives.file, why);
	markfile_init(&h->markfile, loop, options->marks, &h->lives, hub_watch, h);
	h->options.bus.first = h->lives.begin;
	h->bus = publisher_open(loop, options->address, &h->options.bus, &hub_calls, h, &why);
	if (h->bus == NULL)
		die_world("cannot serve %s: %s", bus_shown(&h->scratch, options->address), why);
	/* Not before the bus is ours: another hub may serve it, whose file this is. */
	if (!lives_end(&h->lives, h->lives.begin.seq))
		hub_cannot_store(h);
	hub_open_relay(h);
	hub_add_input(h, fd);
	if (options->status > 0)
		loop_after(loop, &h->status, options->status * 1000);
	return h;
}

/*
 * At the end: if a read ended inside a line, waits for the rest of the line and publishes it. The
 * rest is read byte by byte, so that nothing behind it is taken: the next hub at the same FIFO must
 * find a whole line first.
 */
static void
hub_finish_line(struct hub *h)
{
	struct pollfd rest = { .fd = h->in.fd, .events = POLLIN };
	int n = 1;

	h->producer = 0;
	while (!h->in.ended && input_has_part(&h->in) && n != 0) {
		n = poll(&rest, 1, HUB_REST_OF_LINE);	/* -1: one more signal has come */
		if (n > 0 && input_read(&h->in, 1) < 0)
			return;
	}
}

void
hub_finish(struct hub *h)
{
	unsigned ms = h->in.ended ? UINT_MAX : HUB_LINGER;
	uint64_t left, next, relayed;

	h->finishing = true;
	if (h->in_waits)
		loop_want(h->loop, &h->in_fd, 0);
	loop_stop_timer(h->loop, &h->again);
	hub_finish_line(h);
	relayed = h->relay == NULL ? UINT64_MAX : publisher_linger(h->relay, ms);
	left = publisher_linger(h->bus, ms);
	left = relayed < left ? relayed : left;
	next = publisher_next(h->bus).seq;
	markfile_flush(&h->markfile, left);
	if (left < next) {
		tell(TELL_WARNING, "%llu records have not left, and %s", (unsigned long long)(next - left),
		    h->options.marks != NULL ? "will be sent again" : "are lost");
		h->failed = h->in.ended;
	} else if (!lives_end(&h->lives, next)) {
		tell(TELL_ERROR, "%s cannot be stored; the next hub begins a new run of numbers:",
		    h->lives.file);
		h->failed = true;
	}
}

bool
hub_has_failed(const struct hub *h)
{
	return h->markfile.failed || h->failed;
}

void
hub_free(struct hub *h)
{
	if (h->in_waits)
		loop_del(h->loop, &h->in_fd);
	loop_stop_timer(h->loop, &h->again);
	loop_stop_timer(h->loop, &h->status);
	publisher_free(h->relay);
	publisher_free(h->bus);
	markfile_free(&h->markfile);
	lives_free(&h->lives);
	stages_free(&h->stages);
	buf_free(&h->scratch);
	free(h);
}

/*
 * Follows the bus. In: what a subscriber of the bus reports. Out: lines on stdout, as
 * fast as the reader takes them. While too much waits for the reader, no messages are
 * taken from the bus.
 */
#include "ct-latest/follow.h"

#include <errno.h>
#include <unistd.h>

#include "base/die.h"
#include "base/tell.h"
#include "bus/bus.h"
#include "bus/subscriber.h"
#include "ct/record.h"

enum { FOLLOW_FINISH = 1000 };	/* ms at the end, in which what waits can be written */

static void
follow_latest(void *cookie, struct bus_place next, struct span lines)
{
	struct follow *f = cookie;

	(void)next;
	latest_take(&f->latest, f->wish.view, f->wish.count, lines);
	buf_put(&f->out.bytes, buf_span(&f->latest.shown));
}

static void
follow_line(void *cookie, struct bus_place place, struct span line)
{
	struct follow *f = cookie;

	(void)place;
	if (view_put(f->wish.view, &f->out.bytes, line))
		buf_putc(&f->out.bytes, '\n');
	if (!out_has_room(&f->out))
		subscriber_pause(f->subscriber, true);
}

static void
follow_missed(void *cookie, uint64_t records)
{
	struct follow *f = cookie;

	tell(TELL_WARNING, "%llu records missed", (unsigned long long)records);
	record_put_skipped(&f->out.bytes, records);
	buf_putc(&f->out.bytes, '\n');
}

/*
 * Lets messages come while there is room for their lines, and stops the loop when the reader is
 * gone.
 */
static void
follow_moved(void *cookie)
{
	struct follow *f = cookie;

	if (out_is_gone(&f->out))
		loop_stop(f->loop);
	subscriber_pause(f->subscriber, !out_has_room(&f->out));
}

static void
follow_turn(void *cookie)
{
	struct follow *f = cookie;

	out_send(&f->out);
	follow_moved(f);
}

static const struct subscriber_calls follow_calls = {
	.latest = follow_latest,
	.line = follow_line,
	.missed = follow_missed,
	.turn = follow_turn,
};

static void
follow_in_ready(void *cookie, unsigned events)
{
	struct follow *f = cookie;
	char nobody_wants[4096];
	ssize_t n;

	if ((events & LOOP_READ) == 0)
		return;
	n = read(f->in_fd.fd, nobody_wants, sizeof(nobody_wants));
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		loop_stop(f->loop);
}

void
follow_open(struct follow *f, struct loop *loop, const char *address,
    const struct follow_wish *wish, bool watch_in)
{
	const struct subscriber_start start = {
		.status = wish->view.status, .count = wish->count, .since = wish->since,
	};
	struct buf shown;
	const char *why;

	buf_init(&shown);
	*f = (struct follow){ .loop = loop, .wish = *wish };
	f->subscriber = subscriber_open(loop, address, &start, &follow_calls, f, &why);
	if (f->subscriber == NULL)
		die_world("%s: %s", bus_shown(&shown, address), why);
	latest_init(&f->latest);
	out_init(&f->out, loop, STDOUT_FILENO, follow_moved, f);
	f->in_fd = (struct loop_fd){ .fd = STDIN_FILENO, .ready = follow_in_ready, .cookie = f };
	f->watches_in = watch_in && loop_add(loop, &f->in_fd, LOOP_READ) == 0;
}

void
follow_free(struct follow *f)
{
	if (f->watches_in)
		loop_del(f->loop, &f->in_fd);
	subscriber_free(f->subscriber);
	out_finish(&f->out, FOLLOW_FINISH);
	out_free(&f->out);
	latest_free(&f->latest);
}

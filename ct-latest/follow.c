/*
 * In: the hub's memory and its messages (ct-bus(5)). Out: lines on stdout,
 * each as soon as the reader takes it. main.c opens it.
 *
 * The order that loses nothing: subscribe; ask for the place until a message
 * arrives, for then the subscription stands at the hub; ask for the latest,
 * whose answer ends at or behind that message; go on behind the answer.
 */
#include "ct-latest/follow.h"

#include <errno.h>
#include <unistd.h>

#include "base/die.h"
#include "base/tell.h"
#include "bus/bus.h"

enum {
	FOLLOW_TICK = 50,	/* ms between looks at the connection while not joined */
	FOLLOW_SECOND = 1000,	/* and once joined */
	FOLLOW_FINISH = 1000,	/* ms at the end for what was begun */
	FOLLOW_TURN = 64,	/* messages before what they brought is sent */
};

static void
follow_skip(struct follow *f, uint64_t count)
{
	tell(TELL_WARNING, "%llu records missed", (unsigned long long)count);
	buf_putf(&f->out.bytes, "{\"message_type\":\"skipped\",\"count\":%llu}\n",
	    (unsigned long long)count);
}

/* The first message has come: what the hub remembers goes before. */
static void
follow_join(struct follow *f, uint64_t seq)
{
	const char *why;

	f->joined = true;
	f->next = seq;
	if (latest_ask(&f->latest, f->address, f->view, f->count, &why) < 0) {
		tell(TELL_WARNING, "%s: no latest records: %s", f->address, why);
		return;
	}
	buf_put(&f->out.bytes, buf_span(&f->latest.shown));
	if (f->latest.next > seq)
		f->next = f->latest.next;
}

static void
follow_take(struct follow *f, uint64_t seq, struct span lines)
{
	struct buf *out = &f->out.bytes;
	struct span line;

	if (!f->joined) {
		follow_join(f, seq);
	} else if (seq < f->last) {
		tell(TELL_INFO, "the hub at %s began anew", f->address);
		f->next = 1;
	}
	if (seq > f->next)
		follow_skip(f, seq - f->next);
	while (span_line(&lines, &line)) {
		if (seq++ < f->next)
			continue;
		if (view_put(f->view, out, line))
			buf_putc(out, '\n');
	}
	f->last = seq;
	if (f->next < seq)
		f->next = seq;
}

static void
follow_ready(void *cookie, unsigned events)
{
	struct follow *f = cookie;
	struct span lines;
	const char *why;
	uint64_t seq;
	int got = 1;

	(void)events;
	for (int i = 0; i < FOLLOW_TURN && got != 0 && out_has_room(&f->out); i++) {
		got = bus_sub_next(f->sub, &seq, &lines, &why);
		if (got > 0)
			follow_take(f, seq, lines);
		else if (got < 0)
			tell(TELL_WARNING, "%s: %s", f->address, why);
	}
	out_send(&f->out);
	loop_want(f->loop, &f->sub_fd, out_has_room(&f->out) ? LOOP_READ : 0);
}

static void
follow_moved(void *cookie)
{
	struct follow *f = cookie;

	if (out_is_gone(&f->out))
		loop_stop(f->loop);
	loop_want(f->loop, &f->sub_fd, out_has_room(&f->out) ? LOOP_READ : 0);
}

static void
follow_tick(void *cookie)
{
	struct follow *f = cookie;
	struct buf nothing;
	const char *why;

	f->away = !bus_sub_connected(f->sub);
	if (f->away && !f->told_away)
		tell(TELL_WARNING, "no hub at %s; waiting for it", f->address);
	else if (!f->away && f->told_away)
		tell(TELL_INFO, "the hub at %s is there", f->address);
	f->told_away = f->away;
	if (!f->away && !f->joined) {
		buf_init(&nothing);
		if (bus_ask(f->address, "place", LATEST_ASK_MS, &nothing, &why) < 0)
			tell(TELL_DEBUG, "%s: %s", f->address, why);
		buf_free(&nothing);
	}
	loop_after(f->loop, &f->tick, f->joined ? FOLLOW_SECOND : FOLLOW_TICK);
}

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
follow_open(struct follow *f, struct loop *loop, const char *address, struct view view,
    unsigned count, bool watch_in)
{
	const char *why;

	*f = (struct follow){ .loop = loop, .address = address, .view = view, .count = count };
	f->sub = bus_sub_open(address, &why);
	if (f->sub == NULL)
		die_world("%s: %s", address, why);
	latest_init(&f->latest);
	out_init(&f->out, loop, STDOUT_FILENO, follow_moved, f);
	f->sub_fd = (struct loop_fd){ .fd = bus_sub_fd(f->sub), .ready = follow_ready, .cookie = f };
	if (loop_add(loop, &f->sub_fd, LOOP_READ) < 0)
		die_world("cannot wait for the bus:");
	f->in_fd = (struct loop_fd){ .fd = STDIN_FILENO, .ready = follow_in_ready, .cookie = f };
	f->watches_in = watch_in && loop_add(loop, &f->in_fd, LOOP_READ) == 0;
	f->tick = (struct loop_timer){ .due = follow_tick, .cookie = f };
	loop_after(loop, &f->tick, FOLLOW_TICK);
}

void
follow_free(struct follow *f)
{
	if (f->watches_in)
		loop_del(f->loop, &f->in_fd);
	loop_del(f->loop, &f->sub_fd);
	loop_stop_timer(f->loop, &f->tick);
	bus_sub_free(f->sub);
	out_finish(&f->out, FOLLOW_FINISH);
	out_free(&f->out);
	latest_free(&f->latest);
}

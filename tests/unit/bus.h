/*
 * What the tests of the bus share: a publisher in a loop, at an address of its own, and readers that
 * take note of all that they are told.
 */
#ifndef BUS_WORLD_H
#define BUS_WORLD_H

#include <stdlib.h>
#include <unistd.h>

#include "base/tell.h"
#include "bus/bus.h"
#include "bus/publisher.h"
#include "bus/question.h"
#include "bus/subscriber.h"

static struct loop *loop;
static struct loop_timer late;
static struct publisher *hub;
static char folder[64], address[96];
static const char *why;
static uint64_t left_seq;	/* of the last call of left */
static unsigned lefts, takes;	/* calls of left, and of takes */
static struct buf pushed;

/* A reader, which checks as it goes that each number comes once and in order. */
struct reader {
	struct subscriber *s;
	uint64_t lines, missed, old, latests, turns;
	struct bus_place last;	/* of the newest line */
	struct bus_place next;	/* that latest has told */
	size_t latest;		/* bytes of lines that it has brought */
	uint64_t wrong;		/* numbers that did not follow the one before */
	uint64_t wrong_text;	/* lines that are not those of their number */
	uint64_t in_pause;	/* calls of line while it was paused */
	uint64_t before_latest;	/* calls of line before latest */
	enum subscriber_state state;
	bool paused;
	unsigned gulp;		/* lines after which it pauses itself; 0: it does not */
	uint64_t bytes;
};

static inline void
bus_stop(void *cookie)
{
	(void)cookie;
	loop_stop(loop);
}

static inline void
run(unsigned ms)
{
	late = (struct loop_timer){ .due = bus_stop };
	loop_after(loop, &late, ms);
	CHECK(loop_run(loop) == 0);
}

/* Runs the loop until cond is true, for ms milliseconds at most. */
#define RUN_UNTIL(cond, ms) \
	do { \
		uint64_t run_end = loop_clock() + (ms); \
		while (!(cond) && loop_clock() < run_end) \
			run(2); \
	} while (0)

static inline void
hub_takes(void *cookie)
{
	(void)cookie;
	takes++;
}

static inline void
hub_left(void *cookie, uint64_t seq)
{
	(void)cookie;
	left_seq = seq;
	lefts++;
}

static inline void
hub_pushed(void *cookie, uint64_t id, struct span lines)
{
	(void)cookie;
	(void)id;
	buf_put(&pushed, lines);
}

static inline bool
hub_question(void *cookie, struct span question, struct buf *answer)
{
	(void)cookie;
	if (!span_starts(question, SPAN("lost ")))
		return false;
	buf_puts(answer, "7");
	return true;
}

static const struct publisher_calls hub_calls = { hub_takes, hub_left, hub_pushed, hub_question };

static inline void
hub_begin_with(struct publisher_options o)
{
	o.mode = 0660;
	o.group = (gid_t)-1;
	left_seq = lefts = takes = 0;
	hub = publisher_open(loop, address, &o, &hub_calls, NULL, &why);
	CHECK(hub != NULL);
	if (hub == NULL)
		printf("# %s: %s\n", address, why);
}

static inline void
hub_begin(uint64_t epoch, uint64_t seq)
{
	hub_begin_with((struct publisher_options){ .first = { epoch, seq }, .backlog = 4 << 20,
		.history = 1 << 20, .keep = 25 });
}

static inline void
hub_end(void)
{
	publisher_free(hub);
	hub = NULL;
}

/* Publishes count events whose text has their number, pad bytes longer, each alone. */
static inline void
hub_publish(unsigned count, size_t pad)
{
	struct buf b;

	buf_init(&b);
	while (count-- > 0) {
		buf_reset(&b);
		buf_putf(&b, "{\"data\":{\"n\":%llu,\"pad\":\"", (unsigned long long)publisher_next(hub).seq);
		memset(buf_reserve(&b, pad), 'x', pad);
		buf_commit(&b, pad);
		buf_puts(&b, "\"}}\n");
		publisher_put(hub, b.p, (struct publisher_lines){ b.n, 1, 1 });
	}
	buf_free(&b);
}

static inline bool
is_text_of(uint64_t seq, struct span line)
{
	char text[64];

	snprintf(text, sizeof(text), "{\"data\":{\"n\":%llu,", (unsigned long long)seq);
	return span_starts(line, span_str(text));
}

static inline void
reader_old(void *cookie, struct bus_place place, struct span line)
{
	struct reader *r = cookie;

	r->wrong_text += !is_text_of(place.seq, line);
	r->old++;
}

static inline void
reader_latest(void *cookie, struct bus_place next, struct span lines)
{
	struct reader *r = cookie;

	r->latest = lines.n;
	r->latests++;
	r->next = next;
}

static inline void
reader_line(void *cookie, struct bus_place place, struct span line)
{
	struct reader *r = cookie;

	r->wrong += r->lines > 0 && place.epoch == r->last.epoch && place.seq <= r->last.seq;
	r->wrong_text += !is_text_of(place.seq, line);
	r->in_pause += r->paused;
	r->before_latest += r->latests == 0;
	r->last = place;
	r->lines++;
	r->bytes += line.n;
	if (r->gulp > 0 && --r->gulp == 0)
		subscriber_pause(r->s, true);
}

static inline void
reader_missed(void *cookie, uint64_t records)
{
	struct reader *r = cookie;

	r->missed += records;
}

static inline void
reader_turn(void *cookie)
{
	struct reader *r = cookie;

	r->turns++;
}

static inline void
reader_state(void *cookie, enum subscriber_state state)
{
	struct reader *r = cookie;

	r->state = state;
}

static const struct subscriber_calls reader_calls = { NULL, reader_latest, reader_line, reader_missed,
	reader_turn, reader_state };
static const struct subscriber_calls reader_calls_old = { reader_old, reader_latest, reader_line, reader_missed,
	reader_turn, reader_state };

static inline void
reader_begin(struct reader *r, struct subscriber_start start, bool old)
{
	*r = (struct reader){ .lines = 0 };
	r->s = subscriber_open(loop, address, &start, old ? &reader_calls_old : &reader_calls, r, &why);
	CHECK(r->s != NULL);
}

static inline void
reader_pause(struct reader *r, bool paused)
{
	r->paused = paused;
	subscriber_pause(r->s, paused);
}

/* Begins a reader and waits until it follows. */
static inline void
reader_follow(struct reader *r)
{
	reader_begin(r, (struct subscriber_start){ .count = 0 }, false);
	RUN_UNTIL(r->latests > 0, 3000);
	CHECK(r->latests == 1 && r->state == SUBSCRIBER_THERE);
}

static inline void
reader_end(struct reader *r)
{
	subscriber_free(r->s);
	r->s = NULL;
	CHECK(r->wrong == 0 && r->wrong_text == 0 && r->before_latest == 0);
}

static unsigned world_number;	/* of ports, which differ from those of other programs by the process id */

static inline void
world_begin(bool tcp)
{
	tell_quieter();
	tell_quieter();
	loop = loop_open();
	CHECK(loop != NULL);
	buf_init(&pushed);
	snprintf(folder, sizeof(folder), "/tmp/ct-bus-XXXXXX");
	CHECK(mkdtemp(folder) != NULL);
	world_number += 3;
	if (tcp)
		snprintf(address, sizeof(address), "tcp://127.0.0.1:%u", 20000 + (unsigned)getpid() % 20000 + world_number);
	else
		snprintf(address, sizeof(address), "ipc://%s/run/bus", folder);
}

static inline void
world_end(void)
{
	char command[96];

	hub_end();
	loop_free(loop);
	buf_free(&pushed);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	CHECK(system(command) == 0);
}

#endif

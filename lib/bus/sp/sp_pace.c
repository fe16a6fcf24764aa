/*
 * Decides when a hub takes lines. In: what was published, and how far behind readers are. Out: yes
 * or no, and a call when the answer changes.
 *
 * - At the start it waits for readers, as the options say, because a reader that looks for a hub
 *   has to find it before anything is published.
 * - After a small message it rests, a millisecond for each reader and SP_PACE_REST_MS at most, since
 *   each message wakes all readers: a fast stream of single lines wakes them some 1,000 times a
 *   second all together, or each of them 200 times when there are many.
 * - While a reader is behind by a quarter of the backlog or more, no more than SP_PACE_FLOOR bytes
 *   a second are taken, and the programs that write to the hub wait. So readers that keep up lose
 *   nothing of a burst or a replay, and yet no reader can slow the stream down below SP_PACE_FLOOR.
 * - A reader that was behind by the whole backlog has lost messages. It is waited for again when
 *   it is behind by less than a quarter.
 */
#include "bus/sp/sp_publisher.h"

enum {
	SP_PACE_REST_MS = 5,		/* after a small message, at most */
	SP_PACE_LOOK_MS = 50,		/* between two looks whether the wait for readers is over */
	SP_PACE_FLOOR = 32 << 20,	/* bytes a second that are always taken: some 3,000 full events */
	SP_PACE_BURST = 4 << 20,	/* bytes of that allowance that may be saved up */
};

static unsigned
sp_pace_readers(const struct sp_publisher *p)
{
	unsigned n = 0;

	for (const struct sp_reader *r = p->readers; r != NULL; r = r->next_reader)
		n += r->open;
	return n;
}

static bool
sp_pace_has_begun(struct sp_publisher *p)
{
	if (!p->begun)
		p->begun = loop_now(p->loop) >= p->opened + p->options.wait &&
		    sp_pace_readers(p) >= p->options.readers;
	return p->begun;
}

uint64_t
sp_pace_behind(const struct sp_publisher *p)
{
	uint64_t most = 0, behind;

	for (const struct sp_reader *r = p->readers; r != NULL; r = r->next_reader) {
		behind = r->open && !r->slow ? sp_journal_behind(&p->journal, r->next) : 0;
		most = behind > most ? behind : most;
	}
	return most;
}

/* Brings the allowance up to date. Returns the milliseconds until something may be taken; 0 for now. */
static unsigned
sp_pace_wait(struct sp_publisher *p)
{
	uint64_t now = loop_now(p->loop), passed = now - p->allowed_at;

	p->allowed_at = now;
	p->allowed += (int64_t)(passed > 1000 ? 1000 : passed) * (SP_PACE_FLOOR / 1000);
	if (p->allowed > SP_PACE_BURST)
		p->allowed = SP_PACE_BURST;
	if (p->allowed >= 0 || sp_pace_behind(p) < p->options.backlog / 4)
		return 0;
	return (unsigned)(-p->allowed / (SP_PACE_FLOOR / 1000)) + 1;
}

bool
sp_pace_takes(struct sp_publisher *p)
{
	unsigned ms = 0;

	if (!sp_pace_has_begun(p))
		ms = SP_PACE_LOOK_MS;
	else if (!loop_timer_runs(&p->rest))
		ms = sp_pace_wait(p);
	if (ms == 0 && !loop_timer_runs(&p->rest))
		return true;
	p->refused = true;
	if (ms > 0)
		loop_after(p->loop, &p->again, ms);
	return false;
}

/* Returns how many milliseconds to rest after a small message. */
static unsigned
sp_pace_rest(const struct sp_publisher *p)
{
	unsigned readers = sp_pace_readers(p);

	return readers > SP_PACE_REST_MS ? SP_PACE_REST_MS : readers > 1 ? readers : 1;
}

/* What was published beyond the floor while nobody was behind does not have to be waited for later. */
void
sp_pace_published(struct sp_publisher *p, size_t n)
{
	p->published = loop_now(p->loop);
	p->turn += n;
	p->allowed -= (int64_t)n;
	if (p->allowed < -(int64_t)p->turn)
		p->allowed = -(int64_t)p->turn;
	if (p->turn < BUS_BATCH) {
		loop_after(p->loop, &p->rest, sp_pace_rest(p));
		return;
	}
	loop_stop_timer(p->loop, &p->rest);
	if (p->refused && !loop_timer_runs(&p->again))
		loop_after(p->loop, &p->again, 0);	/* who was refused in that rest waits for its end */
}

void
sp_pace_look(struct sp_publisher *p)
{
	if (!p->refused || !sp_pace_takes(p))
		return;
	p->refused = false;
	sp_ask_hold(p, false);
	p->calls->takes(p->cookie);
}

/*
 * How fast, and in how large messages, the hub may publish. That depends on how far
 * behind the readers are that report their places (ct-bus(5)). The backlog is the
 * number of messages that the bus can hold for one reader.
 *
 * - While a reader is behind by a quarter of the backlog or more, the hub publishes
 *   no more than PACE_FLOOR bytes a second, and its input waits in the pipe. So
 *   readers that keep up lose nothing of a burst or a replay, and yet no reader can
 *   slow the stream down below PACE_FLOOR.
 * - The queues that hold the backlog count messages, not bytes. So while a reader is
 *   behind by a sixteenth of the backlog or more, the lines of a slow stream are
 *   gathered into larger messages. Then the backlog holds nearly as many bytes as
 *   it has room for.
 * - A reader that is behind by the whole backlog has lost messages. It is forgotten,
 *   and waited for again when it reports a place that is nearer.
 *
 * Times are milliseconds of a clock that only goes forward.
 */
#ifndef CT_HUB_PACE_H
#define CT_HUB_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus/bus_message.h"

enum {
	PACE_FLOOR = 32 << 20,	/* bytes a second that are always allowed: some 3,000 full events */
	PACE_BURST = 4 << 20,	/* bytes of that allowance that may be saved up */
	PACE_GATHER_MS = 1000,	/* the longest time for which lines are gathered */
	PACE_REPORT_MS = 4000,	/* a reader that works reports more often than this */
	MAX_PACE_READERS = 1024,	/* bounds the memory that reports can take */
	MAX_PACE_LEFT = 64,	/* ended connections whose readers are being looked for */
	MIN_PACE_BACKLOG = 64,	/* messages: the smallest backlog */
};

struct pace_reader {
	uint64_t id;		/* that of its reports */
	uint64_t message;	/* number of the first message that it has not taken */
	uint64_t heard;		/* ms, when it last reported */
};

struct pace {
	unsigned backlog;		/* messages that the bus holds for one reader */
	uint64_t epoch;			/* of this hub */
	uint64_t *starts;		/* owned: message m begins with record starts[m % backlog] */
	uint64_t messages;		/* published so far */
	uint64_t at;			/* ms, of the last call of pace_wait */
	int64_t allowed;		/* bytes that may be published now; below 0: are owed */
	size_t count;			/* readers that are known */
	struct pace_reader readers[MAX_PACE_READERS];
	size_t left;			/* ended connections whose readers are still to be found */
	uint64_t left_at[MAX_PACE_LEFT];	/* ms, when each end was noticed, oldest first */
};

/*
 * Returns the backlog, in messages, that holds so many bytes when each message is BUS_BATCH
 * long: at least MIN_PACE_BACKLOG, and at most MAX_BUS_BACKLOG, which is the most a bus can have.
 */
unsigned pace_backlog(size_t bytes);

/*
 * Prepares for a hub of this epoch whose bus holds backlog messages for each reader. now is the
 * time. Ends the process when memory is out.
 */
void pace_init(struct pace *, unsigned backlog, uint64_t epoch, uint64_t now);

/* Frees what the struct owns. */
void pace_free(struct pace *);

/*
 * Returns 0 when the next message may be published at the time now. Else it returns
 * after how many milliseconds to ask again. A report of a reader may make it possible
 * earlier, so it is worth asking again after each.
 */
unsigned pace_wait(struct pace *, uint64_t now);

/*
 * Returns for how many milliseconds after the last message to gather lines, before
 * fewer of them than make a full message are published. It is 0 while no reader is
 * behind by a sixteenth of the backlog, and grows up to PACE_GATHER_MS as the
 * slowest reader falls further behind.
 */
unsigned pace_gather(struct pace *);

/*
 * Takes note that a message has been published: seq is the number of its first record (or, if it
 * has no lines, of the next one), and bytes is the size of its lines.
 */
void pace_published(struct pace *, uint64_t seq, size_t bytes);

/*
 * Takes note of a reader's report at the time now. A reader whose place is of another
 * epoch has not taken anything from this hub. When it reports for the first time, it
 * counts as not behind; later, as still where it was. Messages that have no lines
 * start at the same record as the message after them; a reader whose place is that
 * record counts as having taken all of them. When MAX_PACE_READERS are known, a new
 * reader takes the place of the one that has not reported for the longest time.
 */
void pace_seen(struct pace *, const struct bus_report *report, uint64_t now);

/*
 * Takes note at the time now that as many connections of readers as departures says
 * have ended since the last call, and forgets their readers. To be called about once
 * a second, also with 0. The engine does not say which reader a connection belonged
 * to. So the choice is made PACE_REPORT_MS after the end, among those that have not
 * reported since: it is the one that reported last before the end. A reader that is
 * stopped but connected had been silent for longer than PACE_REPORT_MS by then, and
 * is not chosen. Of more than MAX_PACE_LEFT ends at a time, the rest are ignored.
 */
void pace_left(struct pace *, unsigned departures, uint64_t now);

#endif

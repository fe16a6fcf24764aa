/*
 * How fast, and in how large messages, the hub may publish. It depends on the
 * readers that report where they are (ct-bus(5)):
 *
 * - While a reader is a quarter of the backlog behind, the hub publishes no
 *   more than PACE_FLOOR bytes a second, and its input waits in the pipe. So a
 *   burst or a replay reaches readers that keep up whole, and no reader can
 *   press the stream under that floor.
 * - Queues count messages, not bytes. While a reader is a sixteenth of the
 *   backlog behind, a slow stream gathers its lines into larger messages, so
 *   that the backlog holds nearly as many bytes as it has room for.
 * - A reader that is the whole backlog behind has lost messages. It is waited
 *   for no longer, until it reports that it is near again.
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
	PACE_FLOOR = 32 << 20,	/* bytes a second published in any case: some 3,000 full events */
	PACE_BURST = 4 << 20,	/* bytes of that allowance that may be saved up */
	PACE_GATHER_MS = 1000,	/* lines are gathered for so long at most */
	PACE_REPORT_MS = 4000,	/* a reader that lives reports more often than this */
	MAX_PACE_READERS = 1024,	/* bounds the memory that askers can take */
	MAX_PACE_LEFT = 64,	/* departures that are remembered until their readers are found */
	MIN_PACE_BACKLOG = 64,	/* messages */
};

struct pace_reader {
	uint64_t id;
	uint64_t message;	/* number of the first message that it has not taken */
	uint64_t heard;		/* ms, when it last reported */
};

struct pace {
	unsigned backlog;		/* messages that the bus holds for one reader */
	uint64_t epoch;			/* of this hub */
	uint64_t *starts;		/* owned: message m starts at record starts[m % backlog] */
	uint64_t messages;		/* published so far */
	uint64_t at;			/* ms, of the last look at the clock */
	int64_t allowed;		/* bytes that may be published now; below 0: to be waited for */
	size_t count;
	struct pace_reader readers[MAX_PACE_READERS];
	size_t left;			/* departures whose readers are still to be found */
	uint64_t left_at[MAX_PACE_LEFT];	/* ms, when each was noticed, oldest first */
};

/* Prepares for a hub of this epoch whose bus holds backlog messages for each reader, at the time now. */
void pace_init(struct pace *, unsigned backlog, uint64_t epoch, uint64_t now);
void pace_free(struct pace *);

/*
 * Returns 0 when the next message may be published at the time now, else in
 * how many milliseconds to ask again; a report may free the way earlier.
 */
unsigned pace_wait(struct pace *, uint64_t now);

/*
 * Returns for how many milliseconds after the last message lines are to be
 * gathered before fewer than a full message of them is published: 0 while no
 * reader is far enough behind, and the more the farther the slowest one is.
 */
unsigned pace_gather(struct pace *);

/* Takes note that a message of so many bytes, whose first record is seq, has been published. */
void pace_published(struct pace *, uint64_t seq, size_t bytes);

/*
 * Takes note of a reader's report at the time now. A reader that has not
 * heard this hub yet is taken to be where the hub is. Of several messages that
 * start at the same record, as all but the last are empty, it is taken to have
 * come to the last. When there are too many readers, a new one takes the place
 * of the one that has not reported for the longest time.
 */
void pace_seen(struct pace *, const struct bus_report *report, uint64_t now);

/*
 * Takes note at the time now that so many connections of readers have ended
 * since the last call, and forgets the readers that they belonged to. Which
 * these are, the engine does not say: PACE_REPORT_MS after an end, it is the one
 * that reported last among those that have not reported since. A reader that is
 * stopped has been silent for longer, and is not taken for one that has gone.
 */
void pace_left(struct pace *, unsigned departures, uint64_t now);

#endif

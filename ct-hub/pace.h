/*
 * How fast the hub may publish. Readers that report where they are (bus.h)
 * are waited for while they are near, so that a burst or a catch-up reaches
 * them whole: the hub stops reading, and the pipe before it fills. But no
 * reader, slow, stopped or dead, can press the stream under PACE_FLOOR; what it
 * then cannot take it loses, and counts.
 */
#ifndef CT_HUB_PACE_H
#define CT_HUB_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	PACE_WINDOW = 256,	/* messages a reader may be behind before it is waited for */
	PACE_LOST = 1024,	/* so far behind no queue holds them any more: not waited for */
	PACE_FLOOR = 32 << 20,	/* bytes a second published in any case: some 3,000 full events */
	PACE_BURST = 4 << 20,	/* bytes that may be saved up for that */
	MAX_PACE_READERS = 1024,	/* bounds the memory askers can take */
};

struct pace_reader {
	uint64_t id;
	uint64_t message;	/* the first it has not taken */
};

struct pace {
	uint64_t starts[PACE_LOST];	/* SEQ of message m is starts[m % PACE_LOST] */
	uint64_t messages;		/* published so far */
	uint64_t at;			/* ms, of the last look at the clock */
	int64_t allowed;		/* bytes; below 0: owed */
	size_t count;
	struct pace_reader readers[MAX_PACE_READERS];
};

void pace_init(struct pace *, uint64_t now);	/* now in ms, as in all that follow */

/* 0 when the next message may go; else try again in so many ms, or after a report. */
unsigned pace_wait(struct pace *, uint64_t now);

void pace_published(struct pace *, uint64_t seq, size_t bytes);

/* A reader's report: seq is the first record it has not taken. One too many takes the farthest's place. */
void pace_seen(struct pace *, uint64_t id, uint64_t seq);

#endif

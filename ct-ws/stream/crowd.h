/*
 * A crowd: readers of one rendition, either those without a filter or those with one. Those that are
 * blocked stand in front. A crowd can have rounds, in which each reader that is not blocked has a turn: those
 * that have had it stand behind those that are blocked, and then come the others. In every function, r is
 * a reader.
 */
#ifndef CT_WS_STREAM_CROWD_H
#define CT_WS_STREAM_CROWD_H

#include "ct-ws/stream/reader.h"

/* All zero is empty. */
struct crowd {
	struct reader **all;	/* array owned; the first `blocked` of them are blocked */
	size_t count, blocked;
	size_t turn;		/* index of the next reader whose turn it is; blocked <= turn <= count */
	size_t room;		/* readers there is memory for */
	uint64_t lowest;	/* no blocked reader needs the ring below this place */
};

/* Frees the array. All readers must have been removed. */
void crowd_free(struct crowd *c);

/*
 * crowd_add adds r, which is not blocked, and lets it have no turn in the round under way, since it has just
 * come. crowd_remove takes r out, whether it is blocked or not.
 */
void crowd_add(struct crowd *c, struct reader *r);
void crowd_remove(struct crowd *c, struct reader *r);

/*
 * crowd_block notes that r is blocked, and what of the ring it needs; crowd_unblock that it is not
 * blocked any more. Each returns true when that is a change, or false when it was so before.
 */
bool crowd_block(struct crowd *c, struct reader *r);
bool crowd_unblock(struct crowd *c, struct reader *r);

/*
 * crowd_begin begins a round, also when another one is not over. crowd_next returns the reader whose turn
 * comes now, or NULL when the round is over. In between readers may be added, removed, blocked and unblocked.
 * A reader that was there when the round began, and has not been blocked or removed since, has a turn, and
 * may have two.
 */
void crowd_begin(struct crowd *c);
struct reader *crowd_next(struct crowd *c);

/* Returns true when a blocked reader may need bytes of the ring below the place tail. */
bool crowd_needs(const struct crowd *c, uint64_t tail);

/*
 * Calls reader_rescue for the readers that need bytes below the place safe of ring, so that these may be
 * overwritten. rest is as in reader_detach.
 */
void crowd_rescue(struct crowd *c, const struct ring *ring, uint64_t safe,
    struct reader_rest *rest);

#endif

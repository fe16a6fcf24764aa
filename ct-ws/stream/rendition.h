/*
 * A rendition: the events in one form, one wire form and one way of compression, made once for all
 * who read them, and only while somebody does. It is a ring of frames as they go on the wire, and
 * its readers. They are sent its frames in rounds. What was put before a round began is needed after that
 * round only by readers whose socket takes no more, who are blocked. Where the ring would overwrite what
 * they need, it grows up to its limit; then they miss some.
 */
#ifndef CT_WS_STREAM_RENDITION_H
#define CT_WS_STREAM_RENDITION_H

#include "base/ring.h"
#include "ct-ws/stream/crowd.h"
#include "ct-ws/stream/kind.h"

/* The functions that a rendition calls for one of its readers, whose connection is reader->owner. */
struct rendition_calls {
	/* While on, the callee has to call rendition_serve when the socket takes bytes again. */
	void (*blocked)(struct reader *reader, bool on);

	/*
	 * The reader has come to its end, and the callee has to call rendition_leave for it. ended
	 * is true when all up to the frames of reader_end was sent, false when the connection broke.
	 */
	void (*over)(struct reader *reader, bool ended);
};

struct deflate;
struct journal;

struct rendition {
	struct kind kind;
	const struct rendition_calls *calls;
	const struct journal *journal;	/* borrowed; what readers that resume are sent first */
	struct kind_totals *totals;	/* borrowed */
	const struct wire *wire;
	struct ring ring;
	size_t ring_most;	/* bytes that the ring may grow to */
	size_t *spare;		/* borrowed: bytes by which all rings may still grow; NULL: no end */
	unsigned calm;		/* seconds in which no reader was blocked */
	unsigned silent;	/* seconds without a text */
	unsigned second;	/* seconds since the last ping */
	uint64_t texts_before;	/* totals->texts a second ago */
	struct crowd all;	/* readers without a filter */
	struct crowd picky;	/* readers with a filter */
	struct reader *due;	/* list of readers to be served in the next round, whatever is in the ring */
	struct reader *now;	/* list of those that are served in the round that is under way */
	size_t listed;		/* how many there are in both lists */
	struct reader **hits;	/* owned: the picky readers that want the next event */
	size_t hits_count, hits_room;
	uint64_t flushed;	/* readers who are not blocked have been sent the ring up to here */
	uint64_t round_head;	/* the ring's head when the last round began */
	uint64_t round_end;	/* and when it ended */
	bool in_round;
	bool making_room;	/* for a record that the journal has and the ring has not */
	struct deflate *deflate;	/* owned; NULL in PACK_PLAIN */
	unsigned grouped;	/* messages since one that starts; 0: the next one starts */
	struct buf payload, packed;	/* of the frame that is being made */
};

/*
 * Returns a rendition of this kind, without readers. calls, journal and totals must live until
 * rendition_close. ring_most is the most bytes that its ring may have.
 */
struct rendition *rendition_open(const struct kind *kind, size_t ring_most,
    const struct rendition_calls *calls, const struct journal *journal, struct kind_totals *totals);

/* Frees a rendition, which all readers must have left. */
void rendition_close(struct rendition *d);

/* Returns how many readers it has, with and without a filter. */
size_t rendition_readers(const struct rendition *d);

/*
 * rendition_join adds r, which is sent the frames from the next one on. r must stay where it is in memory
 * until rendition_leave, which takes it out and frees what it holds. replay, when it is not NULL, is sent
 * first; it belongs to r from now on. A replay may have to wait for the journal; rendition_resume makes
 * the next round serve all readers whose replay has waited.
 */
void rendition_join(struct rendition *d, struct reader *r, struct replay *replay);
void rendition_leave(struct reader *r);
void rendition_resume(struct rendition *d);

/*
 * Lets the reader go on in the rendition to, which may be its own, with a filter if picky is true.
 * What it has not been sent so far it misses, and is told so.
 */
void rendition_move(struct reader *reader, struct rendition *to, bool picky);

/*
 * Notes that the next event is for reader, which is picky and has joined a rendition. Does nothing while
 * the reader is still sent older records, because the event will come to it among those.
 */
void rendition_hit(struct reader *reader);

/* Returns true when there is a reader without a filter, or one was hit. */
bool rendition_is_wanted(const struct rendition *d);

/* Puts one frame with the record text, which is in the form of the rendition; place is that of the record. */
void rendition_put(struct rendition *d, struct span text, struct bus_place place);

/* Forgets who was hit. */
void rendition_miss(struct rendition *d);

/* Tells all readers that this many records are missing; not those of older records or of a quiet kind. */
void rendition_put_skipped(struct rendition *d, uint64_t records);

/*
 * To be called once a second. Sends signs of life: a heartbeat to readers that have had no text for
 * 10 s (in the form domains, where certstream has none, a ping or a comment), a ping to WebSockets
 * every 30 s; the next round sends them. unix_ms is the time in ms since 1970. Gives memory back that is
 * not used any more.
 */
void rendition_second(struct rendition *d, uint64_t unix_ms);

#endif

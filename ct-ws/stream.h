/*
 * One of the three streams: a ring of wire bytes, and everyone who reads it.
 * An event is brought into the form of the stream and framed once, and only
 * while somebody reads. A reader is a place in the ring. A reader whose socket
 * takes no more is blocked; only the places of blocked readers must be looked
 * after when the ring comes round to them, since all others stand at its head
 * after every flush.
 */
#ifndef CT_WS_STREAM_H
#define CT_WS_STREAM_H

#include "base/ring.h"
#include "ct-ws/reader.h"
#include "event/form.h"

/* What a stream calls for one of its readers; the callee finds its connection in reader.owner. */
struct stream_calls {
	/* on: wait for room in the socket, and then call stream_serve. Else wait no longer. */
	void (*blocked)(struct reader *, bool on);
	/* The reader is to leave within this call: all was sent (ended), or the connection broke. */
	void (*over)(struct reader *, bool ended);
};

struct stream {
	enum form form;
	const struct stream_calls *calls;
	struct ring ring;
	struct reader **readers;	/* array owned; the first `blocked` of them are blocked */
	size_t count, blocked, room;
	uint64_t lowest;	/* no attached blocked reader stands lower in the ring */
	uint64_t flushed;	/* the ring's head at the last flush */
	uint64_t texts;		/* text frames ever put */
	uint64_t skipped;	/* records missed by readers who have left */
	uint64_t sent;		/* bytes sent to readers who have left */
	struct buf made;	/* the text of the frame that is being made */
};

/* The label of a stream in the metrics, as certstream-server-go has it: "full", "lite" or "domain". */
const char *stream_name(enum form form);

/*
 * Appends to out the text that a client of the stream form gets for the event
 * line. Returns false, with nothing appended, when the event does not have
 * that form.
 */
bool stream_form_put(enum form form, struct buf *out, struct span line);

/* Begins with an empty ring of ring_bytes and without readers. calls must live until stream_free. */
void stream_init(struct stream *, enum form form, size_t ring_bytes,
    const struct stream_calls *calls);

/* Frees the ring. All readers must have left. */
void stream_free(struct stream *);

/*
 * Adds the reader, which sends to the socket fd from the next frame on. It
 * must stay where it is in memory until stream_leave, which takes it out and
 * frees what it holds.
 */
void stream_join(struct stream *, struct reader *, int fd);
void stream_leave(struct stream *, struct reader *);

/*
 * Put one frame into the ring: the form of the event line (where it has it), a
 * record "skipped" for so many records, a record "heartbeat" for a time in ms
 * since 1970, a ping. None does anything while nobody reads. The frames are
 * sent by stream_flush, or at once when more has gathered than should wait.
 */
void stream_put_event(struct stream *, struct span line);
void stream_put_skipped(struct stream *, uint64_t records);
void stream_put_heartbeat(struct stream *, uint64_t unix_ms);
void stream_put_ping(struct stream *);

/* Returns true when a frame has been put since the last flush. */
bool stream_has_news(const struct stream *);

/* Sends what the ring holds to all readers who are not blocked. */
void stream_flush(struct stream *);

/* Sends to one reader: its socket takes bytes again, or it has been given frames of its own. */
void stream_serve(struct stream *, struct reader *);

#endif

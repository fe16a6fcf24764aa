/*
 * One of the three streams: a ring of bytes as they go on the wire, and its readers.
 * An event is brought into the form of the stream and framed once for all readers, and
 * only while there are any. A reader is a place in the ring. A reader whose socket
 * takes no more is blocked. After every flush, all other readers stand at the head of
 * the ring; so only blocked readers can be in the way when the ring comes round.
 */
#ifndef CT_WS_STREAM_STREAM_H
#define CT_WS_STREAM_STREAM_H

#include "base/ring.h"
#include "ct-ws/stream/reader.h"
#include "event/form.h"

/* The functions that a stream calls for one of its readers, whose connection is reader->owner. */
struct stream_calls {
	/*
	 * With on true, the callee has to call stream_serve as soon as the socket of reader takes
	 * bytes again; with on false, it does not have to any more.
	 */
	void (*blocked)(struct reader *reader, bool on);

	/*
	 * The reader has come to its end, and the callee has to call stream_leave for it. ended is
	 * true when all up to the frames of reader_end was sent, false when the connection broke.
	 */
	void (*over)(struct reader *reader, bool ended);
};

struct stream {
	enum form form;
	const struct stream_calls *calls;
	struct ring ring;
	struct reader **readers;	/* array owned; the first `blocked` of them are blocked */
	size_t count, blocked;	/* readers, and how many of them are blocked */
	size_t room;		/* readers there is memory for */
	uint64_t lowest;	/* a place that no attached blocked reader stands below */
	uint64_t flushed;	/* the ring's head at the last flush */
	uint64_t texts;		/* text frames ever put */
	uint64_t skipped;	/* records missed by readers who have left */
	uint64_t sent;		/* bytes sent to readers who have left */
	struct buf made;	/* the text of the frame that is being made */
};

/*
 * Returns the label of a stream in metrics, which is that of certstream-server-go: "full",
 * "lite", "domain".
 */
const char *stream_name(enum form form);

/*
 * Appends to out the text that a client of the stream form gets for the event
 * line. Returns false, with nothing appended, when the event does not have
 * that form.
 */
bool stream_form_put(enum form form, struct buf *out, struct span line);

/*
 * Begins with an empty ring of ring_bytes and without readers. calls must live until
 * stream_free.
 */
void stream_init(struct stream *, enum form form, size_t ring_bytes,
    const struct stream_calls *calls);

/* Frees the ring. All readers must have left. */
void stream_free(struct stream *);

/*
 * stream_join adds the reader, which is sent the frames from the next one on, to the
 * socket fd. It must stay where it is in memory until stream_leave, which takes it out
 * and frees what it holds.
 */
void stream_join(struct stream *, struct reader *, int fd);
void stream_leave(struct stream *, struct reader *);

/*
 * These put one frame into the ring: the event line in the form of the stream (or
 * nothing when it does not have that form), a record "skipped" that counts so many
 * records, a record "heartbeat" with a time in ms since 1970, or a ping. They do
 * nothing while there are no readers. stream_flush sends the frames; when more than
 * 128 KiB have gathered, they are sent at once.
 */
void stream_put_event(struct stream *, struct span line);
void stream_put_skipped(struct stream *, uint64_t records);
void stream_put_heartbeat(struct stream *, uint64_t unix_ms);
void stream_put_ping(struct stream *);

/* Returns true when a frame has been put since the last flush. */
bool stream_has_news(const struct stream *);

/* Sends what the ring holds to all readers who are not blocked. */
void stream_flush(struct stream *);

/*
 * Sends what waits for one reader, when its socket takes bytes again or reader_put has given it
 * frames.
 */
void stream_serve(struct stream *, struct reader *);

#endif

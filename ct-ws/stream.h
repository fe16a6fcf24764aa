/*
 * One of the three streams: its ring of wire bytes and everyone who reads it.
 * An event is made and framed once, and only while somebody reads; a reader
 * is a place in the ring. Readers are told apart by one thing alone: those
 * who took all they were sent, and those blocked, whose place must be looked
 * after when the ring comes round to it.
 */
#ifndef CT_WS_STREAM_H
#define CT_WS_STREAM_H

#include "base/ring.h"
#include "ct-ws/reader.h"
#include "event/form.h"

/*
 * What a stream tells whoever owns its readers. blocked: it wants to hear
 * when the socket is writable, or no longer. over: its last bytes are out
 * (ended) or its connection is broken (errno); it must leave at once.
 */
struct stream_calls {
	void (*blocked)(struct reader *, bool);
	void (*over)(struct reader *, bool ended);
};

struct stream {
	enum form form;
	const struct stream_calls *calls;
	struct ring ring;
	struct reader **readers;	/* [0, blocked) are blocked */
	size_t count, blocked, room;
	uint64_t lowest;	/* no blocked reader that is attached stands lower */
	uint64_t flushed;	/* head when all were last sent to */
	uint64_t texts;		/* frames that a program sees, pings not among them */
	uint64_t skipped;	/* records missed by readers who have left */
	uint64_t sent;		/* bytes sent to readers who have left */
	struct buf made;	/* the form of one event */
};

/* The label of a stream in the metrics, as certstream-server-go has it: "full", "lite" or "domain". */
const char *stream_name(enum form form);

/* Appends the form of an event line, as it goes into a frame. False when it has none. */
bool stream_form_put(enum form, struct buf *, struct span line);

void stream_init(struct stream *, enum form, size_t ring_bytes,
    const struct stream_calls *);
void stream_free(struct stream *);	/* all readers have left */

/* From the next frame on. The reader must live until it leaves. */
void stream_join(struct stream *, struct reader *, int fd);
void stream_leave(struct stream *, struct reader *);

/*
 * Appends. Nothing is sent yet, unless so much has gathered that sending
 * must not wait; call stream_flush.
 */
void stream_put_event(struct stream *, struct span line);
void stream_put_skipped(struct stream *, uint64_t records);
void stream_put_heartbeat(struct stream *, uint64_t ms);	/* since 1970 */
void stream_put_ping(struct stream *);

bool stream_has_news(const struct stream *);	/* something appended since the last flush */
void stream_flush(struct stream *);		/* sends to all who are not blocked */

/* Sends to this one: it is writable, or was given frames of its own. */
void stream_serve(struct stream *, struct reader *);

#endif

/*
 * One connection that speaks SP. Both sides greet each other, and then it carries whole messages.
 *
 * A link is made of a connected socket, or of one that is being connected. Its owner may free it at
 * any time, also inside a call of the link, and has to when calls->closed says that it has ended.
 */
#ifndef BUS_SP_SP_LINK_H
#define BUS_SP_SP_LINK_H

#include <sys/uio.h>

#include "base/buf.h"
#include "bus/sp/sp_frame.h"
#include "os/loop.h"

struct sp_link;

/* The functions that a link calls, each with its cookie. None is called after sp_link_free. */
struct sp_link_calls {
	/* The other side has greeted: messages can be sent. */
	void (*open)(void *cookie, struct sp_link *);

	/* A message has come; it is valid during the call. */
	void (*got)(void *cookie, struct sp_link *, struct span message);

	/* All messages that have been read were handed out, or the link was paused. May be NULL. */
	void (*turn)(void *cookie, struct sp_link *);

	/* All that was sent has left, after something had to wait. May be NULL. */
	void (*left)(void *cookie, struct sp_link *);

	/* The connection has ended, or was not made: error is an errno, or 0 when the other side ended it. */
	void (*closed)(void *cookie, struct sp_link *, int error);
};

/* What a link is for. */
struct sp_link_kind {
	enum sp_protocol protocol;	/* of this side */
	bool tcp;		/* else it is a local socket */
	size_t most;		/* bytes that a message to this side may have */
	size_t piece;		/* bytes that are read at a time */
};

struct sp_link {
	struct loop *loop;
	struct sp_link_kind kind;
	const struct sp_link_calls *calls;
	void *cookie;
	struct loop_fd fd;
	struct loop_timer timer;	/* until the greeting must have come; then for what was put off */
	bool connecting;	/* the socket is being connected */
	bool greeted;		/* the other side has greeted */
	bool paused;
	bool full;		/* the socket has not taken all of the last write */
	bool ended;		/* the other side sends no more; what was read is still to be handed out */
	int error;		/* errno: the connection is broken or has ended; else 0 */
	bool calling;		/* inside a call: sp_link_free has to wait */
	bool dead;		/* sp_link_free was called meanwhile */
	struct buf in;		/* what has been read */
	size_t from;		/* offset in in of the first byte that has not been handed out */
	struct buf out;		/* what is to be sent */
	size_t out_from;	/* offset in out of the first byte that has not been sent */
};

/*
 * Returns a link made of the socket fd, which does not block, and which the link closes. connecting is
 * true when fd is still being connected. kind is copied. loop, calls and cookie must live as long as the
 * link.
 */
struct sp_link *sp_link_open(struct loop *loop, int fd, struct sp_link_kind kind, bool connecting,
    const struct sp_link_calls *calls, void *cookie);

/* Closes the connection, drops what has not left, and frees the link. NULL is allowed. */
void sp_link_free(struct sp_link *l);

/*
 * Sends the message that head and body make one behind the other. What the socket does not take
 * now is copied and waits.
 */
void sp_link_send(struct sp_link *l, struct span head, struct span body);

/*
 * Sends what waits, as far as the socket takes it now. The loop does that by itself; this is for callers
 * that do not run it.
 */
void sp_link_flush(struct sp_link *l);

/* Returns how many bytes wait to be sent. */
size_t sp_link_waiting(const struct sp_link *l);

/*
 * Writes the count parts, which are framed already. To be called only while sp_link_waiting returns 0.
 * Returns how many bytes the socket has taken; when that is not all, calls->left says when it takes
 * more. When the connection is broken, 0 is returned, and the loop calls calls->closed.
 */
size_t sp_link_write(struct sp_link *l, const struct iovec *parts, int count);

/* Sends bytes that are framed already; they are copied if they have to wait. */
void sp_link_queue(struct sp_link *l, struct span bytes);

/* Stops, or with paused false goes on, to read and to hand out messages. */
void sp_link_pause(struct sp_link *l, bool paused);

#endif

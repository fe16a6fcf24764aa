/*
 * Standard output of something that goes on: what the reader does not take
 * at once waits here, and whoever puts more looks first whether there is room.
 */
#ifndef CT_LATEST_OUT_H
#define CT_LATEST_OUT_H

#include "base/buf.h"
#include "os/loop.h"

enum { OUT_ROOM = 1 << 20 };	/* bytes that may wait before no more is put */

struct out {
	struct loop *loop;
	struct loop_fd fd;
	struct buf bytes;	/* appended to by whoever puts */
	size_t from;		/* what is before has left */
	int flags;		/* of the descriptor, to be restored; -1: not changed */
	bool waits;		/* the loop watches it */
	void (*moved)(void *cookie);
	void *cookie;
};

/* moved is called when something has left that had to wait. Stops the loop when the reader is gone. */
void out_init(struct out *, struct loop *, int fd, void (*moved)(void *cookie), void *cookie);
void out_free(struct out *);
bool out_has_room(const struct out *);
void out_send(struct out *);	/* as much as the reader takes */

/* Sends the rest, as far as the reader takes it within ms milliseconds. */
void out_finish(struct out *, unsigned ms);

#endif

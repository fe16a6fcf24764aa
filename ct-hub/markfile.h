/*
 * The resume point of ct-fetch, kept in a file: the newest mark whose records
 * have left the hub. A mark is stored a second after it was published, since
 * what is published waits in the hub's memory for a moment, and a hub that is
 * killed then must not have vouched for it.
 */
#ifndef CT_HUB_MARKFILE_H
#define CT_HUB_MARKFILE_H

#include "base/buf.h"
#include "os/loop.h"

struct markfile {
	const char *path;	/* NULL: marks are not kept */
	struct loop *loop;
	struct loop_timer timer;
	struct buf waiting;	/* stored when the timer comes due */
	struct buf newest;	/* the one after that, as far as there is one */
	uint64_t stored;
	bool failed;		/* the last one could not be stored */
};

void markfile_init(struct markfile *, struct loop *, const char *path);
void markfile_free(struct markfile *);
void markfile_put(struct markfile *, struct span line);	/* with its LF, already published */

/* Stores the newest at once: all that was published has left. */
void markfile_flush(struct markfile *);

#endif

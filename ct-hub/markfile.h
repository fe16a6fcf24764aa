/*
 * The file from which ct-fetch resumes: it holds the newest mark record whose
 * records before it have left the hub. A mark is stored a second after it
 * was published, because what is published waits in the hub's memory for a
 * moment: a hub that is killed in that moment must not have vouched for it.
 */
#ifndef CT_HUB_MARKFILE_H
#define CT_HUB_MARKFILE_H

#include "base/buf.h"
#include "os/loop.h"

struct markfile {
	const char *path;	/* of the file; NULL: marks are not stored */
	struct loop *loop;
	struct loop_timer timer;
	struct buf waiting;	/* owned: the mark to be stored when the timer comes due, or empty */
	struct buf newest;	/* owned: the newest mark that came after that, or empty */
	uint64_t stored;	/* marks stored so far */
	bool failed;		/* the last one could not be stored */
};

/* Prepares to store marks in path, which must live on; with NULL, marks are ignored. */
void markfile_init(struct markfile *, struct loop *, const char *path);

/* Frees what is held. Marks that still wait are not stored. */
void markfile_free(struct markfile *);

/*
 * Takes a copy of line, a mark record with its LF that has just been
 * published. It is stored in a second or two unless a newer one overtakes it. When
 * it cannot be stored, that is told once, and tried again every second.
 */
void markfile_put(struct markfile *, struct span line);

/* Stores the newest mark at once: the caller knows that all that was published has left. */
void markfile_flush(struct markfile *);

#endif

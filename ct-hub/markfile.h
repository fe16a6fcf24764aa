/*
 * The file from which ct-fetch resumes. It holds the newest mark of which it is sure
 * that every record in front of it has left the hub. What is published waits in the
 * hub's memory for a moment. So a mark is stored only a second after it was
 * published; else a hub that is killed in that moment would have stored a mark for
 * records that never arrived.
 */
#ifndef CT_HUB_MARKFILE_H
#define CT_HUB_MARKFILE_H

#include "base/buf.h"
#include "ct-hub/lives.h"
#include "os/loop.h"

struct markfile {
	const char *path;	/* of the file; NULL: marks are not stored */
	struct lives *lives;	/* is told where this life of the hub would end */
	struct loop *loop;
	struct loop_timer timer;
	struct buf waiting;	/* owned: the mark to be stored when the timer comes due, or empty */
	struct buf newest;	/* owned: the newest mark that came after waiting, or empty */
	uint64_t waiting_seq;	/* number of the record behind the mark that waits */
	uint64_t newest_seq;	/* number of the record behind the newest mark */
	uint64_t stored;	/* marks stored so far */
	bool failed;		/* the last attempt to store failed */
};

/*
 * Prepares to store marks in the file path; with path NULL, marks are ignored. Before a
 * mark is stored, lives_store is given the number of the record behind it, because
 * ct-fetch resumes there. loop, path and lives must live until markfile_free.
 */
void markfile_init(struct markfile *, struct loop *loop, const char *path, struct lives *lives);

/* Frees what is held. Marks that still wait are not stored. */
void markfile_free(struct markfile *);

/*
 * Takes a copy of line, a mark record with its LF that has just been
 * published; seq is the number of the record behind it. The mark is stored in one
 * or two seconds, unless a newer one has taken its place. When it cannot be stored,
 * that is told as an error, and tried again every second without telling it again.
 */
void markfile_put(struct markfile *, struct span line, uint64_t seq);

/*
 * Stores the newest mark at once, if one waits. Only for when all that was published is known to
 * have left the hub.
 */
void markfile_flush(struct markfile *);

#endif

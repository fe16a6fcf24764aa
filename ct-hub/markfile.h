/*
 * The file from which ct-fetch resumes: it holds the newest mark in front of
 * which every record has left the hub. A mark is stored a second after it was
 * published, because what is published waits in the hub's memory for a moment;
 * else a hub that is killed in that moment would have stored a mark for records
 * that never arrived.
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
	struct buf newest;	/* owned: the newest mark that came after that, or empty */
	uint64_t waiting_seq;	/* number of the record behind the mark that waits */
	uint64_t newest_seq;	/* number of the record behind the newest mark */
	uint64_t stored;	/* marks stored so far */
	bool failed;		/* the last one could not be stored */
};

/*
 * Prepares to store marks in path, which must live on, as lives must; with
 * path NULL, marks are ignored. Each time a mark is stored, lives is told that this
 * life of the hub ends behind it, as ct-fetch then resumes there.
 */
void markfile_init(struct markfile *, struct loop *, const char *path, struct lives *lives);

/* Frees what is held. Marks that still wait are not stored. */
void markfile_free(struct markfile *);

/*
 * Takes a copy of line, a mark record with its LF that has just been
 * published; seq is the number of the record behind it. The mark is stored in a
 * second or two unless a newer one overtakes it. When it cannot be stored, that
 * is told once, and tried again every second.
 */
void markfile_put(struct markfile *, struct span line, uint64_t seq);

/* Stores the newest mark at once, if one waits: the caller knows that all that was published has left. */
void markfile_flush(struct markfile *);

#endif

/*
 * The file of marks from which ct-fetch resumes. It holds the newest mark in front of which every record
 * has certainly left the hub. A mark that was stored earlier would lose records when the hub is killed.
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
	void (*watch)(void *cookie, uint64_t seq);	/* asks for a call of markfile_left */
	void *cookie;
	struct loop_timer timer;	/* runs until waiting may be stored */
	uint64_t stored_at;	/* ms, when a mark was last stored */
	bool sure;		/* all records in front of the mark in waiting have left */
	struct buf waiting;	/* owned: the mark that is stored next, or empty */
	struct buf newest;	/* owned: the newest mark that came after waiting, or empty */
	uint64_t waiting_seq;	/* number of the record behind the mark that waits */
	uint64_t newest_seq;	/* number of the record behind the newest mark */
	uint64_t stored;	/* marks stored so far */
	uint64_t stored_seq;	/* number of the record behind the last of them, or this hub's first */
	bool failed;		/* the last attempt to store failed */
};

/*
 * Prepares to store marks in the file path; with path NULL, marks are ignored. Before a
 * mark is stored, lives_store is given the number of the record behind it, because
 * ct-fetch resumes there; when that fails, the mark is not stored either. watch(cookie, seq)
 * is called for each mark that waits: the owner has to call markfile_left once all records
 * before number seq have left. loop, path and lives must live until markfile_free.
 */
void markfile_init(struct markfile *m, struct loop *loop, const char *path, struct lives *lives,
    void (*watch)(void *cookie, uint64_t seq), void *cookie);

/* Frees what is held. Marks that still wait are not stored. */
void markfile_free(struct markfile *m);

/*
 * Takes a copy of line, a mark record with its LF; seq is the number of the record behind it. It is
 * stored once all before seq has left, but at most one mark is stored in a second, the newest. When
 * it cannot be stored, that is told as an error, and tried again every second without telling it
 * again.
 */
void markfile_put(struct markfile *m, struct span line, uint64_t seq);

/* Takes note that all records before number seq have left the hub. */
void markfile_left(struct markfile *m, uint64_t seq);

/* For the end of the hub: stores at once the newest mark that stands before record number seq. */
void markfile_flush(struct markfile *m, uint64_t seq);

#endif

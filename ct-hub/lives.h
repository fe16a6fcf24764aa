/*
 * Where the lives of the hub ended, kept in a file beside the marks. A life is the
 * time from the start of a hub to its end, and is named by its epoch. Its end is the
 * number of the first record that comes again in the next life because ct-fetch
 * resumes there; or, when nothing comes again, of the record that would have been
 * next. From these numbers a reader learns how many records it has lost that it had
 * not taken when a hub ended.
 */
#ifndef CT_HUB_LIVES_H
#define CT_HUB_LIVES_H

#include "base/buf.h"
#include "bus/bus_message.h"

enum { MAX_LIVES = 16 };	/* lives that are remembered, this one among them */

struct lives {
	const char *file;	/* name of the file, in name; NULL: nothing is stored */
	struct buf name;	/* owned */
	uint64_t epoch;		/* of this life */
	size_t count;		/* of the ends in earlier */
	struct bus_place earlier[MAX_LIVES];	/* the ends of earlier lives, newest first */
	bool failed;		/* the last attempt to store failed */
};

/*
 * Reads the ends of earlier lives from the file whose name is marks with ".lives"
 * behind it. When marks is NULL, nothing is read, and lives_store stores nothing.
 * epoch is that of this life. A file that cannot be read, and its first line that is
 * not understood with all behind it, are left out with a warning.
 */
void lives_init(struct lives *, const char *marks, uint64_t epoch);

/* Frees what the struct owns; the file stays. */
void lives_free(struct lives *);

/*
 * Stores seq as the end of this life, for the case that no later call changes it. A
 * failure is told as a warning, though not again until storing has succeeded.
 */
void lives_store(struct lives *, uint64_t seq);

/*
 * Counts the records that a reader has lost for which place was the next record when
 * the life of place ended: the rest of that life, and all of the lives between it and
 * this one, less those records that the reader had taken and that came again. Returns
 * true with *count set, or false when the life of place is not remembered.
 */
bool lives_lost(const struct lives *, struct bus_place place, uint64_t *count);

#endif

/*
 * Where earlier lives of the hub ended, kept in a file beside the marks: for
 * each epoch, the number of its first record that comes again in the next
 * life, because ct-fetch resumes there, or else of the record that would have
 * been next. A reader that had not come so far when the hub ended learns from it
 * how many records it has lost.
 */
#ifndef CT_HUB_LIVES_H
#define CT_HUB_LIVES_H

#include "base/buf.h"
#include "bus/bus_message.h"

enum { MAX_LIVES = 16 };	/* lives that are remembered */

struct lives {
	const char *file;	/* its name, in name; NULL: nothing is kept */
	struct buf name;	/* owned */
	uint64_t epoch;		/* of this life */
	size_t count;		/* of the earlier ones */
	struct bus_place earlier[MAX_LIVES];	/* their ends, newest first */
	bool failed;		/* this one's end could not be stored */
};

/*
 * Reads the ends of earlier lives from the file whose name is that of marks
 * with ".lives" behind it. With marks NULL nothing is read or stored. epoch
 * is that of this life. What is not understood in the file is left out, and told.
 */
void lives_init(struct lives *, const char *marks, uint64_t epoch);
void lives_free(struct lives *);

/*
 * Stores that this life, should it end now, ends in front of record seq.
 * When that fails it is told once, until it succeeds again.
 */
void lives_store(struct lives *, uint64_t seq);

/*
 * Counts the records that a reader has lost whose next one would have been
 * place when that life ended: the rest of that life, and all lives between it
 * and this one, less those that it had already and that came again. Returns true
 * with *count set, or false when the life of place is not known.
 */
bool lives_lost(const struct lives *, struct bus_place place, uint64_t *count);

#endif

/*
 * Where the lives of the hub ended, kept in a file beside the marks. A life is a run of numbers of
 * records, and is named by its epoch. A hub that ends in order, after all that it has published has
 * left, writes that into the file, and the next hub goes on with the same life. A hub that does not
 * find this begins a new life, because the hub before may have given numbers to records that it could
 * not write down.
 *
 * The end of a life is the number of the first record that comes again in the next life, because
 * ct-fetch resumes there; or when nothing comes again, the number that the next record would have
 * had. From these numbers a reader learns how many records it has lost that it had not taken when a
 * hub ended.
 */
#ifndef CT_HUB_LIVES_H
#define CT_HUB_LIVES_H

#include "base/buf.h"
#include "bus/bus_place.h"

enum { MAX_LIVES = 16 };	/* lives that are remembered, this one among them */

struct lives {
	const char *file;	/* name of the file, in name; NULL: nothing is stored */
	struct buf name;	/* owned */
	struct bus_place begin;	/* of the first record of this hub */
	size_t count;		/* of the ends in earlier */
	struct bus_place earlier[MAX_LIVES];	/* the ends of earlier lives, newest first */
};

/*
 * Reads the ends of earlier lives from the file whose name is marks with ".lives" behind it, if there
 * is one, and sets begin. Makes the folder of the file if only that is missing: it may be the state
 * folder of a ct-fetch that begins at the same time. When marks is NULL, nothing is read, and nothing is
 * ever stored. Returns NULL, or a static reason when the file cannot be used.
 */
const char *lives_init(struct lives *l, const char *marks);

/* Frees what the struct owns; the file stays. */
void lives_free(struct lives *l);

/*
 * lives_store stores seq as the end of this life; it holds if the hub is killed before the next call.
 * lives_end stores that the hub has ended in order, and that seq is the number of the next record.
 * Both return true, or false with errno set when the file cannot be written.
 */
bool lives_store(struct lives *l, uint64_t seq);
bool lives_end(struct lives *l, uint64_t seq);

/*
 * Appends to out a line "EPOCH SEQ" for each life: this one, with next as SEQ, and then earlier ones, the
 * newest first.
 */
void lives_show(const struct lives *l, uint64_t next, struct buf *out);

/*
 * Counts the records that a reader has lost that was waiting for the record at place when
 * the life of place ended: the rest of that life, and all records of the lives between it
 * and this one. Records that the reader had taken and that came again are subtracted.
 * Returns true with *count set, or false when the life of place is not remembered.
 */
bool lives_lost(const struct lives *l, struct bus_place place, uint64_t *count);

#endif

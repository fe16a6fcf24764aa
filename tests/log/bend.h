/*
 * How an answer departs from what was asked for and from what is true. A struct bend of
 * zeros with page set is an honest answer.
 */
#ifndef LOG_BEND_H
#define LOG_BEND_H

#include "tests/log/log.h"

enum bend_extra { BEND_EXTRA_WHOLE, BEND_EXTRA_NULL, BEND_EXTRA_MISSING, BEND_EXTRA_GARBAGE };

struct bend {
	/* Which tree is seen. */
	uint64_t behind;	/* a replica that is so many entries behind */
	/* Heads. */
	int64_t skew;		/* ms added to the time of the head, which is signed */
	bool foreign_key;	/* another key signs the head */
	bool bad_signature;	/* a bit of the signature is flipped */
	/* Pages: get-entries and data tiles. */
	uint64_t page;		/* most entries that get-entries gives, and what its pages are aligned to */
	uint64_t most;		/* if not 0: at most so many entries, wherever they begin */
	uint64_t more;		/* so many entries beyond the last one asked for */
	bool empty;		/* no entry at all */
	bool elsewhere;		/* the entries begin at start, whatever was asked for */
	uint64_t start;
	bool reverse;		/* the last entry first */
	bool cached_tiles;	/* pages are cut out of cached tiles, as by Sectigo's CF_CTile */
	uint64_t uncached;	/* so many of the newest entries are not yet in that cache */
	enum bend_extra extra;	/* what stands in place of extra_data, or of the chain in a tile, */
	uint64_t extra_first, extra_last;	/* of these entries */
	/* Issuers. */
	bool swap_issuer;	/* the certificate of another issuer */
};

/* Which entries are given: count of them from first on. */
struct bend_range {
	uint64_t first, count;
};

/*
 * Writes the head that is given out for the log's latest one, signed. Returns true when it
 * is another, or false when it is the latest one. The caller holds the log's lock.
 */
bool bend_head(const struct bend *b, const struct log *l, struct head *out);
/* Returns the size of the tree that is seen. The caller holds the log's lock. */
uint64_t bend_size(const struct bend *b, const struct log *l);
/*
 * Bends the range of a page, whose entries are below size. Only more can lead beyond what
 * was asked for.
 */
void bend_range(const struct bend *b, uint64_t size, struct bend_range *r);
/* Returns the index of the entry that stands at that place of the range. */
uint64_t bend_index(const struct bend *b, const struct bend_range *r, uint64_t place);
/* Returns what stands in place of the extra_data of an entry. */
enum bend_extra bend_extra_of(const struct bend *b, uint64_t index);

#endif

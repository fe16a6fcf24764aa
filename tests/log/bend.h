/*
 * How an answer departs from what was asked for and from what is true. A struct bend of
 * zeros with page set is an honest answer.
 */
#ifndef LOG_BEND_H
#define LOG_BEND_H

#include "tests/log/log.h"

/* What stands in place of extra_data: the true one, null, no such member, or bytes that mean nothing. */
enum bend_extra { BEND_EXTRA_WHOLE, BEND_EXTRA_NULL, BEND_EXTRA_MISSING, BEND_EXTRA_GARBAGE };

struct bend {
	/* Which tree is seen. */
	uint64_t behind;	/* entries by which the answering replica is behind the log */
	/* Heads. */
	int64_t skew;		/* ms added to the time of the head, which is signed */
	bool foreign_key;	/* another key signs the head */
	bool bad_signature;	/* a bit of the signature is flipped */
	/* Pages: get-entries and data tiles. */
	uint64_t page;		/* most entries that get-entries gives, and what its pages are aligned to */
	uint64_t most;		/* entries that an answer has at most, wherever they begin; 0: no limit */
	uint64_t more;		/* entries that are added beyond the last one asked for */
	bool empty;		/* the answer has no entry */
	bool elsewhere;		/* the entries begin at start, whatever was asked for */
	uint64_t start;
	bool reverse;		/* the entries come in reverse order */
	bool cached_tiles;	/* pages are cut out of cached tiles, as by Sectigo's CF_CTile */
	uint64_t uncached;	/* how many of the newest entries are not yet in that cache */
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
 * Writes to out the signed head that is given out in place of the latest one of log l. Returns true when
 * it is another one, or false when it is the latest. The caller holds the log's lock.
 */
bool bend_head(const struct bend *b, const struct log *l, struct head *out);
/* Returns the size of the tree of log l that is shown. The caller holds the log's lock. */
uint64_t bend_size(const struct bend *b, const struct log *l);
/*
 * Changes *r, the range of entries that a page was asked for, all below size, into the range that is
 * given. Only `more` makes it go beyond what was asked for.
 */
void bend_range(const struct bend *b, uint64_t size, struct bend_range *r);
/* Returns the index of the entry that stands at this place of the range r, counted from 0. */
uint64_t bend_index(const struct bend *b, const struct bend_range *r, uint64_t place);
/* Returns what stands in place of the extra_data of entry number index. */
enum bend_extra bend_extra_of(const struct bend *b, uint64_t index);

#endif

/*
 * Lines from a descriptor, without copying: the span handed out lies in the
 * reader's own buffer. A line may be MAX_LINE bytes; a longer one is passed
 * over whole and reported as such. CR before LF is cut off, and the last
 * line may lack its LF.
 */
#ifndef OS_LINES_H
#define OS_LINES_H

#include "base/buf.h"

enum { MAX_LINE = 16 << 20 };	/* keeps one record from taking all memory */

struct lines {
	int fd;
	bool ended;		/* end of file was read */
	bool skipping;		/* inside a line that is too long */
	bool cut;		/* the front of the line that is not whole yet is gone */
	size_t from;		/* first byte not handed out yet */
	size_t scanned;		/* from here on no LF has been looked for */
	uint64_t number;	/* of the line handed out last, the first is 1 */
	struct buf bytes;
};

enum lines_got {
	LINES_LINE,	/* a line was handed out */
	LINES_NONE,	/* none whole in the buffer: lines_fill, then ask again */
	LINES_LONG,	/* a line of more than MAX_LINE bytes was passed over */
	LINES_END,	/* end of file, everything handed out */
};

/* Also widens a pipe to 1 MiB where the system allows it. */
void lines_init(struct lines *, int fd);
void lines_free(struct lines *);

/* The next line, without its end; valid until lines_fill. */
enum lines_got lines_next(struct lines *, struct span *line);

/*
 * What there is of a line that is not whole yet, when lines_next had none; n 0
 * inside one that is too long. Valid until lines_fill.
 */
struct span lines_part(const struct lines *);

/*
 * Takes n bytes of that from its front. They are gone from the line that
 * lines_next will hand out, and from what is too long.
 */
void lines_cut(struct lines *, size_t n);

/*
 * As many whole lines as are there, up to most bytes but at least one, LF
 * included, as one span, and how many they are; LINES_LINE or as above. CRs
 * stay. A last line without LF is handed out with one.
 */
enum lines_got lines_batch(struct lines *, size_t most, struct span *batch, unsigned *count);

/* Returns how many bytes have been read and not handed out, of whole lines and of the last one. */
size_t lines_waiting(const struct lines *);

/*
 * Reads once. Bytes read, 0 at end of file, -1 with errno (EAGAIN where the
 * descriptor does not block, EINTR). Handed out spans die.
 */
ptrdiff_t lines_fill(struct lines *);

#endif

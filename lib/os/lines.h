/*
 * A reader of lines from a descriptor. Nothing is copied: the spans that it hands out lie in its
 * own buffer. A line may have MAX_LINE bytes; a longer one is passed over as a whole and reported.
 * A CR before the LF does not count as part of the line. The last line need not have an LF.
 *
 * The caller calls lines_next until it returns LINES_NONE, then lines_fill, and so on.
 */
#ifndef OS_LINES_H
#define OS_LINES_H

#include "base/buf.h"

enum { MAX_LINE = 16 << 20 };	/* bytes: keeps one record from taking all memory */

struct lines {
	int fd;
	bool ended;		/* end of file was read */
	bool skipping;		/* inside a line that is too long */
	bool cut;		/* lines_cut has taken the front of the unfinished line */
	size_t from;		/* offset in bytes of the first that has not been handed out */
	size_t scanned;		/* offset in bytes up to which LF has been looked for */
	uint64_t number;	/* of the line handed out or passed over last, counted from 1 */
	struct buf bytes;	/* what has been read */
};

/* What a call for a line has come to. */
enum lines_got {
	LINES_LINE,	/* a line was handed out */
	LINES_NONE,	/* no whole line is buffered: call lines_fill, then ask again */
	LINES_LONG,	/* a line of more than MAX_LINE bytes was passed over */
	LINES_END,	/* the end of the file, after all lines */
};

/*
 * Prepares lines for reading from fd, which stays the caller's and must stay open. A pipe is made
 * to hold 1 MiB where the system allows it.
 */
void lines_init(struct lines *lines, int fd);

/* Frees the buffer, and with it all spans that were handed out. Does not close the descriptor. */
void lines_free(struct lines *lines);

/*
 * Hands out the next line: *line is its text without LF and CR, valid until lines_fill. Returns
 * LINES_LINE. When it hands out nothing, it returns one of the other values, and *line is not set.
 */
enum lines_got lines_next(struct lines *lines, struct span *line);

/*
 * Returns what is buffered of a line that is not whole yet, after LINES_NONE; valid until
 * lines_fill. It is empty inside a line that is too long.
 */
struct span lines_part(const struct lines *lines);

/*
 * Takes n bytes from the front of what lines_part returns. They are then missing from the line
 * that lines_next hands out, and do not count towards its MAX_LINE.
 */
void lines_cut(struct lines *lines, size_t n);

/*
 * Hands out several lines at once: *batch is the longest run of whole buffered lines that is at
 * most `most` bytes long (or one line, if that alone is longer), and *count is how many lines it
 * holds. Each line keeps its LF and CR; a last line that had no LF is given one. *batch is valid
 * until lines_fill. Returns LINES_LINE. When it hands out nothing, it returns one of the other
 * values, and *batch and *count are not set.
 */
enum lines_got lines_batch(struct lines *lines, size_t most, struct span *batch,
    unsigned *count);

/*
 * Returns how many bytes have been read and not handed out, those of an unfinished line
 * included.
 */
size_t lines_waiting(const struct lines *lines);

/*
 * Reads once from the descriptor. Spans that were handed out are no longer valid. Returns the
 * number of bytes read, 0 at the end of the file, or -1 with errno: EAGAIN when the descriptor
 * does not block and has nothing, EINTR after a signal, or another error.
 */
ptrdiff_t lines_fill(struct lines *lines);

/* Does what lines_fill does, but reads no more than `most` bytes, which is at least 1. */
ptrdiff_t lines_fill_up_to(struct lines *lines, size_t most);

#endif

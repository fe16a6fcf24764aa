/*
 * A table for people, fitted into a terminal. The cells are given row by row; then all is measured
 * and written. Where the terminal is too narrow, long texts are cut and then columns are left out;
 * where it is too low, the rows that matter least are left out, and a line tells how many they are.
 */
#ifndef OS_COLUMNS_H
#define OS_COLUMNS_H

#include "base/buf.h"

enum {
	MAX_COLUMNS = 12,
	MIN_COLUMNS_HEIGHT = 3,	/* lines of the lowest table: heads, a row, and the rest */
};

enum column_kind {
	COLUMN_NUMBER,	/* right-aligned, and never cut */
	COLUMN_NAME,	/* cut where it tells least: what stands in quotes stays, or the end of a URL */
	COLUMN_TEXT,	/* cut at its end */
};

struct column {
	const char *head;
	enum column_kind kind;
	unsigned char least;	/* columns of a terminal to which texts are cut before any is left out */
	unsigned char gives_way;	/* when it is left out: 1 comes first; 0: never */
};

/* What decides which rows are shown where not all can be. */
struct columns_row {
	unsigned rank;		/* the lower, the more there is to see */
	uint64_t amount;	/* of rows of one rank the one with more comes first */
	bool well;		/* nobody need look at it */
};

/* A table that is being put together. */
struct columns {
	const struct column *columns;
	size_t n;		/* of them */
	struct buf text;	/* the cells, one behind the other, and first the heads */
	struct buf starts;	/* of each cell the offset in text, as size_t */
	struct buf rows;	/* struct columns_row, one for each row */
	size_t wide[MAX_COLUMNS];	/* columns of a terminal; 0: this one is left out */
};

/* Makes c a table that has only the heads of n columns, at most MAX_COLUMNS; they must outlive it. */
void columns_init(struct columns *c, const struct column *columns, size_t n);

/* Frees what c holds. */
void columns_free(struct columns *c);

/* Begins the next row. All of its cells have to follow. */
void columns_begin(struct columns *c, struct columns_row row);

/* Begins the next cell of the row. Returns the buffer to which its text, of any bytes, is appended. */
struct buf *columns_cell(struct columns *c);

/*
 * Appends the table to out, in ASCII, an LF in front of each line; nothing, when it has no rows. No
 * line is longer than width, and they are no more than height, which must not be less than
 * MIN_COLUMNS_HEIGHT; 0 is no limit. Rows that all fit keep their order. To be called once.
 */
void columns_put(struct columns *c, unsigned width, unsigned height, struct buf *out);

/*
 * Appends text to out in at most `most` columns of a terminal. Each character that is not
 * printable ASCII, and each byte that belongs to none, becomes a question mark. A plus sign takes
 * the place of the last column when text is longer.
 */
void columns_put_text(struct buf *out, struct span text, size_t most);

/* Appends n in decimal, with a comma between thousands. */
void columns_put_number(struct buf *out, uint64_t n);

/* Appends a rate, as "9.9/s" or "1,234/s". */
void columns_put_rate(struct buf *out, double rate);

#endif

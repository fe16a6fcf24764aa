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
	COLUMN_NAME,	/* cut so that what stands in quotes stays, or else the end of a URL */
	COLUMN_TEXT,	/* cut at its end */
};

struct column {
	const char *head;	/* the text above the column */
	enum column_kind kind;
	unsigned char least;	/* characters to which its texts are cut before any column is left out */
	unsigned char gives_way;	/* the order in which columns are left out, from 1 on; 0: never */
};

/* What decides which rows are shown when there is not room for all. */
struct columns_row {
	unsigned rank;		/* rows of a lower rank are shown first */
	uint64_t amount;	/* of rows of one rank, those with a larger amount are shown first */
	bool well;		/* nothing is wrong with what it shows: told of rows that are left out */
};

/* A table that is being put together. */
struct columns {
	const struct column *columns;	/* borrowed */
	size_t n;		/* how many columns there are */
	struct buf text;	/* the heads and then the cells, one behind the other */
	struct buf starts;	/* the offset in text of each of these, as size_t */
	struct buf rows;	/* struct columns_row, one for each row */
	size_t wide[MAX_COLUMNS];	/* characters that each column takes; 0: it is left out */
};

/* Makes c a table that has only the heads of n columns, at most MAX_COLUMNS; they must outlive it. */
void columns_init(struct columns *c, const struct column *columns, size_t n);

/* Frees what c holds. */
void columns_free(struct columns *c);

/* Begins the next row; row says how much it matters. One cell for each column must follow. */
void columns_begin(struct columns *c, struct columns_row row);

/* Begins the next cell of the row. Returns the buffer to which its text, of any bytes, is appended. */
struct buf *columns_cell(struct columns *c);

/*
 * Appends the table to out, in ASCII, an LF in front of each line; nothing, when it has no rows. No
 * line has more than width characters, and there are at most height lines, which must not be less
 * than MIN_COLUMNS_HEIGHT; 0 is no limit to either. When all rows fit, they keep their order. To be
 * called once.
 */
void columns_put(struct columns *c, unsigned width, unsigned height, struct buf *out);

/*
 * Appends text to out in at most `most` characters. Each character that is not printable ASCII,
 * and each byte that is not part of UTF-8, becomes a question mark. When text is longer, its last
 * character is replaced by a plus sign.
 */
void columns_put_text(struct buf *out, struct span text, size_t most);

/* Appends n in decimal, with a comma between thousands. */
void columns_put_number(struct buf *out, uint64_t n);

/* Appends rate, a number a second, such as "9.9/s" or "1,234/s". */
void columns_put_rate(struct buf *out, double rate);

#endif

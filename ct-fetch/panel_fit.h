/*
 * Fitting the table of the panel into a width. The cells are given row by row; then all is
 * measured and written.
 */
#ifndef CT_FETCH_PANEL_FIT_H
#define CT_FETCH_PANEL_FIT_H

#include "base/buf.h"

enum panel_column {
	PANEL_NAME,
	PANEL_NEXT,
	PANEL_LAG,
	PANEL_BEHIND,
	PANEL_RATE,
	PANEL_STATE,
	PANEL_COLUMNS
};

/* A table that is being put together. */
struct panel_fit {
	size_t width;		/* columns of a terminal that a line may have */
	struct buf text;	/* the cells, one behind the other */
	struct buf starts;	/* of each cell the offset in text, as size_t */
	size_t wide[PANEL_COLUMNS];	/* columns of a terminal; 0: this one is left out */
};

/* Makes fit a table that has only the heads of its columns. A width of 0 is no limit. */
void panel_fit_init(struct panel_fit *fit, unsigned width);

/* Frees what fit holds. */
void panel_fit_free(struct panel_fit *fit);

/*
 * Begins the next cell, which belongs to column; a row has all columns in their order. Returns the
 * buffer to which its text, of any bytes, is appended.
 */
struct buf *panel_fit_cell(struct panel_fit *fit, enum panel_column column);

/*
 * Appends the table to out, an LF in front of each line. Long names and states are cut where it is
 * too wide; then columns are left out, in this order: next, rate, behind, lag, state.
 */
void panel_fit_put(struct panel_fit *fit, struct buf *out);

/*
 * Appends text to out in at most `most` columns of a terminal. Each character that is not
 * printable ASCII, and each byte that belongs to none, becomes a question mark. A plus sign takes
 * the place of the last column when text is longer.
 */
void panel_put_text(struct buf *out, struct span text, size_t most);

#endif

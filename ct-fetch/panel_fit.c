/*
 * The table of the panel, fitted into a width.
 *
 * in: cells of any text
 * out: lines of printable ASCII
 */
#include "ct-fetch/panel_fit.h"

#include "base/utf8.h"

enum {
	GAP = 2,		/* columns between two cells */
	MIN_NAME = 12,		/* columns to which names are shortened before a cell is left out */
	MIN_STATE = 11,		/* the same for states: the longest word is "catching up" */
};

/* ---- text ---- */

/* Returns how many bytes the character at the front of text has, or 1 when it is none. */
static size_t
panel_char(struct span text)
{
	size_t n = utf8_length(text);

	return n > 0 ? n : 1;
}

/* Returns how many columns of a terminal text takes. */
static size_t
panel_width(struct span text)
{
	size_t n = 0;

	for (; text.n > 0; text = span_from(text, panel_char(text)))
		n++;
	return n;
}

void
panel_put_text(struct buf *out, struct span text, size_t most)
{
	for (size_t n = 0; text.n > 0 && n < most; n++) {
		size_t bytes = panel_char(text);
		bool plain = bytes == 1 && text.p[0] >= ' ' && text.p[0] <= '~';

		if (n + 1 == most && text.n > bytes)
			buf_putc(out, '+');
		else
			buf_putc(out, plain ? (char)text.p[0] : '?');
		text = span_from(text, bytes);
	}
}

/* Returns what stands in the last pair of single quotes, as in "Google 'Argon2026h1' log", or name. */
static struct span
panel_quoted(struct span name)
{
	const uint8_t *to = memrchr(name.p, '\'', name.n), *from;

	if (to == NULL)
		return name;
	from = memrchr(name.p, '\'', (size_t)(to - name.p));
	if (from == NULL || to - from < 2)
		return name;
	return span_of(from + 1, (size_t)(to - from) - 1);
}

/*
 * Writes a name in at most `most` columns. Log lists have what tells logs apart in quotes. Of a URL
 * the end tells more than the front.
 */
static void
panel_put_name(struct buf *out, struct span name, size_t most)
{
	size_t wide = panel_width(name);

	if (wide > most)
		name = panel_quoted(name);
	wide = panel_width(name);
	if (wide > most && memchr(name.p, '/', name.n) != NULL) {
		buf_putc(out, '+');
		for (; wide >= most; wide--)
			name = span_from(name, panel_char(name));
		most--;
	}
	panel_put_text(out, name, most);
}

static void
panel_pad(struct buf *out, size_t n)
{
	while (n-- > 0)
		buf_putc(out, ' ');
}

/* ---- cells ---- */

void
panel_fit_init(struct panel_fit *f, unsigned width)
{
	static const char *const heads[PANEL_COLUMNS] = {
		"LOG", "NEXT", "LAG", "BEHIND", "RATE", "STATE",
	};

	*f = (struct panel_fit){ .width = width > 0 ? width : SIZE_MAX };
	for (unsigned c = 0; c < PANEL_COLUMNS; c++)
		buf_puts(panel_fit_cell(f, c), heads[c]);
}

void
panel_fit_free(struct panel_fit *f)
{
	buf_free(&f->text);
	buf_free(&f->starts);
}

struct buf *
panel_fit_cell(struct panel_fit *f, enum panel_column column)
{
	(void)column;
	buf_put(&f->starts, span_of((const uint8_t *)&f->text.n, sizeof(f->text.n)));
	return &f->text;
}

static size_t
panel_cells(const struct panel_fit *f)
{
	return f->starts.n / sizeof(size_t);
}

static struct span
panel_cell(const struct panel_fit *f, size_t i)
{
	size_t from, to = f->text.n;

	memcpy(&from, f->starts.p + i * sizeof(from), sizeof(from));
	if (i + 1 < panel_cells(f))
		memcpy(&to, f->starts.p + (i + 1) * sizeof(to), sizeof(to));
	return span_of(f->text.p + from, to - from);
}

/* ---- widths ---- */

static void
panel_measure(struct panel_fit *f)
{
	for (size_t i = 0; i < panel_cells(f); i++) {
		size_t n = panel_width(panel_cell(f, i)), *wide = &f->wide[i % PANEL_COLUMNS];

		*wide = n > *wide ? n : *wide;
	}
}

/* Returns the columns that lines with these cells have. */
static size_t
panel_total(const size_t wide[PANEL_COLUMNS])
{
	size_t total = 0;

	for (unsigned c = 0; c < PANEL_COLUMNS; c++)
		if (wide[c] > 0)
			total += wide[c] + (total > 0 ? GAP : 0);
	return total;
}

/* Widens *wide to what is wanted, as far as *room reaches. */
static void
panel_widen(size_t *wide, size_t wanted, size_t *room)
{
	size_t more = wanted - *wide < *room ? wanted - *wide : *room;

	*wide += more;
	*room -= more;
}

static void
panel_squeeze(struct panel_fit *f)
{
	static const enum panel_column drop[] = {
		PANEL_NEXT, PANEL_RATE, PANEL_BEHIND, PANEL_LAG, PANEL_STATE,
	};
	size_t name = f->wide[PANEL_NAME], state = f->wide[PANEL_STATE], room;

	f->wide[PANEL_NAME] = name < MIN_NAME ? name : MIN_NAME;
	f->wide[PANEL_STATE] = state < MIN_STATE ? state : MIN_STATE;
	for (size_t i = 0; i < sizeof(drop) / sizeof(drop[0]); i++)
		if (panel_total(f->wide) > f->width)
			f->wide[drop[i]] = 0;
	if (f->wide[PANEL_NAME] > f->width)
		f->wide[PANEL_NAME] = f->width;
	room = f->width - panel_total(f->wide);
	panel_widen(&f->wide[PANEL_NAME], name, &room);
	if (f->wide[PANEL_STATE] > 0)
		panel_widen(&f->wide[PANEL_STATE], state, &room);
}

/* ---- lines ---- */

/* Writes the row whose first cell has number first; all that is written takes a byte a column. */
static void
panel_put_row(const struct panel_fit *f, size_t first, struct buf *out)
{
	size_t line, at = 0;

	buf_putc(out, '\n');
	line = out->n;
	for (unsigned c = 0; c < PANEL_COLUMNS; c++) {
		struct span cell = panel_cell(f, first + c);
		size_t wide = f->wide[c];
		bool is_text = c == PANEL_NAME || c == PANEL_STATE;

		if (wide == 0)
			continue;
		panel_pad(out, at - (out->n - line) + (is_text ? 0 : wide - panel_width(cell)));
		if (c == PANEL_NAME)
			panel_put_name(out, cell, wide);
		else
			panel_put_text(out, cell, wide);
		at += wide + GAP;
	}
}

void
panel_fit_put(struct panel_fit *f, struct buf *out)
{
	panel_measure(f);
	if (panel_total(f->wide) > f->width)
		panel_squeeze(f);
	for (size_t i = 0; i < panel_cells(f); i += PANEL_COLUMNS)
		panel_put_row(f, i, out);
}

/*
 * Tables, fitted into a terminal.
 *
 * in: cells of any text, and the size of a terminal
 * out: lines of printable ASCII
 */
#include "os/columns.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/utf8.h"

enum { GAP = 2 };	/* columns between two cells */

/* ---- text ---- */

/* Returns how many bytes the character at the front of text has, or 1 when it is none. */
static size_t
columns_char(struct span text)
{
	size_t n = utf8_length(text);

	return n > 0 ? n : 1;
}

/* Returns how many columns of a terminal text takes. */
static size_t
columns_width(struct span text)
{
	size_t n = 0;

	for (; text.n > 0; text = span_from(text, columns_char(text)))
		n++;
	return n;
}

void
columns_put_text(struct buf *out, struct span text, size_t most)
{
	for (size_t n = 0; text.n > 0 && n < most; n++) {
		size_t bytes = columns_char(text);
		bool plain = bytes == 1 && text.p[0] >= ' ' && text.p[0] <= '~';

		if (n + 1 == most && text.n > bytes)
			buf_putc(out, '+');
		else
			buf_putc(out, plain ? (char)text.p[0] : '?');
		text = span_from(text, bytes);
	}
}

void
columns_put_number(struct buf *b, uint64_t n)
{
	char digits[32];
	int count = snprintf(digits, sizeof(digits), "%" PRIu64, n);

	for (int i = 0; i < count; i++) {
		if (i > 0 && (count - i) % 3 == 0)
			buf_putc(b, ',');
		buf_putc(b, digits[i]);
	}
}

void
columns_put_rate(struct buf *b, double rate)
{
	if (rate < 9.95)
		buf_putf(b, "%.1f", rate);
	else
		columns_put_number(b, (uint64_t)(rate + 0.5));
	buf_puts(b, "/s");
}

/* Returns what stands in the last pair of single quotes, as in "Google 'Argon2026h1' log", or name. */
static struct span
columns_quoted(struct span name)
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
columns_put_name(struct buf *out, struct span name, size_t most)
{
	size_t wide = columns_width(name);

	if (wide > most)
		name = columns_quoted(name);
	wide = columns_width(name);
	if (wide > most && memchr(name.p, '/', name.n) != NULL) {
		buf_putc(out, '+');
		for (; wide >= most; wide--)
			name = span_from(name, columns_char(name));
		most--;
	}
	columns_put_text(out, name, most);
}

static void
columns_pad(struct buf *out, size_t n)
{
	while (n-- > 0)
		buf_putc(out, ' ');
}

/* ---- cells ---- */

void
columns_init(struct columns *c, const struct column *columns, size_t n)
{
	*c = (struct columns){ .columns = columns, .n = n };
	for (size_t i = 0; i < n; i++)
		buf_puts(columns_cell(c), columns[i].head);
}

void
columns_free(struct columns *c)
{
	buf_free(&c->text);
	buf_free(&c->starts);
	buf_free(&c->rows);
}

void
columns_begin(struct columns *c, struct columns_row row)
{
	buf_put(&c->rows, span_of((const uint8_t *)&row, sizeof(row)));
}

struct buf *
columns_cell(struct columns *c)
{
	buf_put(&c->starts, span_of((const uint8_t *)&c->text.n, sizeof(c->text.n)));
	return &c->text;
}

/* Returns the cell of the row in column, where row 0 has the heads. */
static struct span
columns_at(const struct columns *c, size_t row, size_t column)
{
	size_t i = row * c->n + column, from, to = c->text.n;

	memcpy(&from, c->starts.p + i * sizeof(from), sizeof(from));
	if ((i + 1) * sizeof(to) < c->starts.n)
		memcpy(&to, c->starts.p + (i + 1) * sizeof(to), sizeof(to));
	return span_of(c->text.p + from, to - from);
}

/* ---- rows ---- */

/* A row and its number, from 1 on; 0 are the heads. */
struct columns_place {
	struct columns_row row;
	size_t number;
};

static int
columns_order(const void *a, const void *b)
{
	const struct columns_place *x = a, *y = b;

	if (x->row.rank != y->row.rank)
		return x->row.rank < y->row.rank ? -1 : 1;
	if (x->row.amount != y->row.amount)
		return x->row.amount > y->row.amount ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

/* Returns the heads and n rows in the order in which they are shown; the caller frees them. */
static struct columns_place *
columns_places(const struct columns *c, size_t n, size_t room)
{
	struct columns_place *places = calloc(n + 1, sizeof(*places));

	if (places == NULL)
		die_world("out of memory");
	for (size_t i = 0; i < n; i++) {
		memcpy(&places[i + 1].row, c->rows.p + i * sizeof(struct columns_row),
		    sizeof(struct columns_row));
		places[i + 1].number = i + 1;
	}
	/* Rows that all fit stay where they are, so that the eye finds them again. */
	if (n > room)
		qsort(places + 1, n, sizeof(*places), columns_order);
	return places;
}

/* ---- widths ---- */

static void
columns_measure(struct columns *c, const struct columns_place *places, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < c->n; k++) {
			size_t wide = columns_width(columns_at(c, places[i].number, k));

			c->wide[k] = wide > c->wide[k] ? wide : c->wide[k];
		}
}

/* Returns the columns that lines with these cells have. */
static size_t
columns_total(const struct columns *c)
{
	size_t total = 0;

	for (size_t k = 0; k < c->n; k++)
		if (c->wide[k] > 0)
			total += c->wide[k] + (total > 0 ? GAP : 0);
	return total;
}

/* Leaves out the column that is the next to give way. Returns false when none is left that does. */
static bool
columns_drop(struct columns *c, unsigned *last)
{
	size_t next = c->n;

	for (size_t k = 0; k < c->n; k++)
		if (c->columns[k].gives_way > *last &&
		    (next == c->n || c->columns[k].gives_way < c->columns[next].gives_way))
			next = k;
	if (next == c->n)
		return false;
	*last = c->columns[next].gives_way;
	c->wide[next] = 0;
	return true;
}

static void
columns_squeeze(struct columns *c, size_t width)
{
	size_t wanted[MAX_COLUMNS], room;
	unsigned last = 0;

	memcpy(wanted, c->wide, sizeof(wanted));
	for (size_t k = 0; k < c->n; k++)
		if (c->columns[k].kind != COLUMN_NUMBER && c->wide[k] > c->columns[k].least)
			c->wide[k] = c->columns[k].least;
	while (columns_total(c) > width && columns_drop(c, &last))
		;
	for (size_t k = 0; k < c->n; k++)
		if (c->wide[k] > width)
			c->wide[k] = width;
	room = columns_total(c) < width ? width - columns_total(c) : 0;
	for (size_t k = 0; k < c->n; k++) {
		size_t more = c->wide[k] > 0 ? wanted[k] - c->wide[k] : 0;

		more = more < room ? more : room;
		c->wide[k] += more;
		room -= more;
	}
}

/* ---- lines ---- */

/* Writes a row; all that is written takes a byte a column. */
static void
columns_put_row(const struct columns *c, size_t row, struct buf *out)
{
	size_t line, at = 0;

	buf_putc(out, '\n');
	line = out->n;
	for (size_t k = 0; k < c->n; k++) {
		struct span cell = columns_at(c, row, k);
		bool number = c->columns[k].kind == COLUMN_NUMBER;

		if (c->wide[k] == 0)
			continue;
		columns_pad(out, at - (out->n - line) + (number ? c->wide[k] - columns_width(cell) : 0));
		if (c->columns[k].kind == COLUMN_NAME)
			columns_put_name(out, cell, c->wide[k]);
		else
			columns_put_text(out, cell, c->wide[k]);
		at += c->wide[k] + GAP;
	}
}

/* Writes how many rows n places have, and how they are. */
static void
columns_put_rest(const struct columns_place *places, size_t n, size_t width, struct buf *out)
{
	struct buf line = { 0 };
	size_t well = 0;

	for (size_t i = 0; i < n; i++)
		well += places[i].row.well;
	buf_putf(&line, "and %zu more, ", n);
	if (well == n)
		buf_puts(&line, "all well");
	else if (well == 0)
		buf_puts(&line, "none of them well");
	else
		buf_putf(&line, "%zu of them well", well);
	buf_putc(out, '\n');
	columns_put_text(out, buf_span(&line), width);
	buf_free(&line);
}

void
columns_put(struct columns *c, unsigned width, unsigned height, struct buf *out)
{
	size_t n = c->rows.n / sizeof(struct columns_row), room = height > 0 ? height - 1 : SIZE_MAX;
	size_t shown = n <= room ? n : room - 1, most = width > 0 ? width : SIZE_MAX;
	struct columns_place *places;

	if (n == 0)
		return;
	places = columns_places(c, n, room);
	columns_measure(c, places, shown + 1);
	if (columns_total(c) > most)
		columns_squeeze(c, most);
	for (size_t i = 0; i <= shown; i++)
		columns_put_row(c, places[i].number, out);
	if (shown < n)
		columns_put_rest(places + shown + 1, n - shown, most, out);
	free(places);
}

/*
 * The table of --list.
 *
 * in: a log list and the options
 * out: text in columns, appended to a buffer; characters that could steer a terminal are replaced
 */
#include "ct-fetch/list/table.h"

#include "base/utf8.h"
#include "ct-fetch/log/protocol.h"
#include "enc/b64.h"

enum {
	COLUMNS = 6,
	MAX_WIDTH = 48,		/* bytes; a longer text pushes the rest of its line to the right */
};

struct table {
	struct buf *out;
	size_t width[COLUMNS];	/* bytes */
	bool measuring;		/* widths are found, nothing is written */
	bool has_ids;		/* the column of the log IDs is written */
	size_t rows;
};

enum { ID_COLUMN = 4 };

/* Writes text, padded to width bytes, with a question mark for each byte of a control. */
static void
table_put_cell(struct buf *out, const char *text, size_t width)
{
	size_t n = strlen(text), k;

	for (struct span rest = span_str(text); rest.n > 0; rest = span_from(rest, k)) {
		k = utf8_length(rest);
		if (k > 0 && !utf8_is_control(rest.p)) {
			buf_put(out, span_of(rest.p, k));
			continue;
		}
		k = k > 0 ? k : 1;
		for (size_t i = 0; i < k; i++)
			buf_putc(out, '?');
	}
	for (; n < width; n++)
		buf_putc(out, ' ');
}

static void
table_row(struct table *t, const char *const cells[COLUMNS])
{
	t->rows += !t->measuring;
	for (size_t i = 0; i < COLUMNS; i++) {
		size_t n = strlen(cells[i]);

		if (t->measuring && n > t->width[i] && n <= MAX_WIDTH)
			t->width[i] = n;
		if (t->measuring || (i == ID_COLUMN && !t->has_ids))
			continue;
		table_put_cell(t->out, cells[i], i + 1 < COLUMNS ? t->width[i] + 2 : 0);
	}
	if (!t->measuring)
		buf_putc(t->out, '\n');
}

/* Makes text the log ID in base64, and returns it. */
static const char *
table_id(struct buf *text, const uint8_t id[HASH_SHA256])
{
	text->n = 0;
	b64_put(text, span_of(id, HASH_SHA256));
	return buf_str(text);
}

static void
table_rows(struct table *t, const struct options *o, const struct loglist *list,
    const uint8_t (*ids)[HASH_SHA256])
{
	struct buf id = { 0 };

	for (size_t i = 0; list != NULL && i < list->n; i++) {
		const struct loglist_log *l = &list->logs[i];
		const char *const cells[COLUMNS] = {
			l->description, l->operator,
			l->type == LOGLIST_TILED ? protocol_tiled.name : protocol_rfc6962.name,
			loglist_state_name(l->state), table_id(&id, l->id), l->url,
		};

		if (choice_takes(&o->choice, l))
			table_row(t, cells);
	}
	for (size_t i = 0; i < o->logs_n; i++) {
		const struct protocol *p = o->logs[i].protocol;
		const char *const cells[COLUMNS] = {
			"-", "-", p != NULL ? p->name : "?", "given",
			ids != NULL ? table_id(&id, ids[i]) : "", o->logs[i].url,
		};

		table_row(t, cells);
	}
	buf_free(&id);
}

size_t
table_put(struct buf *out, const struct options *o, const struct loglist *list,
    const uint8_t (*ids)[HASH_SHA256])
{
	struct table t = { .out = out, .measuring = true, .has_ids = ids != NULL };

	table_rows(&t, o, list, ids);
	t.measuring = false;
	table_rows(&t, o, list, ids);
	return t.rows;
}

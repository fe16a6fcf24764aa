/*
 * The lines that show people how a run gets on.
 *
 * in: views of all logs, and the size of a terminal
 * out: a summary and a table that fit it; whatever names and errors hold, only printable ASCII
 */
#include "ct-fetch/panel.h"

#include "ct/head.h"
#include "os/age.h"
#include "os/columns.h"

/* ---- cells ---- */

static void
panel_put_trouble(struct buf *b, const struct log_view *v)
{
	char age[MAX_AGE_TEXT];

	if (v->pause > 0)
		buf_putf(b, "paused %s", age_write(age, v->pause + 999));
	else
		buf_puts(b, "asked again");
	if (v->trouble_age >= 60 * 1000)
		buf_putf(b, ", for %s", age_write(age, v->trouble_age));
	if (v->trouble_age > 0 && v->error[0] != '\0')
		buf_putf(b, ": %s", v->error);
	else if (v->pause_why[0] != '\0')
		buf_putf(b, ": its host: %s", v->pause_why);
}

static void
panel_put_state(struct buf *b, const struct log_view *v)
{
	char age[MAX_AGE_TEXT];

	if (v->state == LOG_PAUSED) {
		panel_put_trouble(b, v);
	} else {
		buf_puts(b, log_state_name(v->state));
		if (v->state == LOG_FAILED && v->error[0] != '\0')
			buf_putf(b, ": %s", v->error);
	}
	if (v->gaps > 0) {
		buf_puts(b, ", owes ");
		columns_put_number(b, v->gaps);
		buf_puts(b, " of before");
	}
	if (v->state == LOG_LIVE && v->has_head && v->head_age / 1000 > HEAD_STALE)
		buf_putf(b, ", head is %s old", age_write(age, v->head_age));
}

enum panel_column {
	PANEL_NAME,
	PANEL_NEXT,
	PANEL_LAG,
	PANEL_BEHIND,
	PANEL_RATE,
	PANEL_STATE,
	PANEL_COLUMNS
};

static const struct column panel_columns[PANEL_COLUMNS] = {
	[PANEL_NAME] = { "LOG", COLUMN_NAME, .least = 12 },
	[PANEL_NEXT] = { "NEXT", COLUMN_NUMBER, .gives_way = 1 },
	[PANEL_LAG] = { "LAG", COLUMN_NUMBER, .gives_way = 4 },
	[PANEL_BEHIND] = { "BEHIND", COLUMN_NUMBER, .gives_way = 3 },
	[PANEL_RATE] = { "RATE", COLUMN_NUMBER, .gives_way = 2 },
	/* The longest word is "catching up". */
	[PANEL_STATE] = { "STATE", COLUMN_TEXT, .least = 11, .gives_way = 5 },
};

static void
panel_put_cell(struct buf *b, const struct log_view *v, enum panel_column column)
{
	char age[MAX_AGE_TEXT];

	switch (column) {
	case PANEL_NAME:
		buf_puts(b, v->name);
		break;
	case PANEL_NEXT:
		if (v->placed)
			columns_put_number(b, v->next);
		break;
	case PANEL_LAG:
		if (v->placed && v->has_head)
			columns_put_number(b, v->lag);
		break;
	case PANEL_BEHIND:
		if (v->behind != LOG_NEVER)
			buf_puts(b, age_write(age, v->behind));
		break;
	case PANEL_RATE:
		columns_put_rate(b, v->rate);
		break;
	case PANEL_STATE:
		panel_put_state(b, v);
		break;
	case PANEL_COLUMNS:
		break;
	}
}

/* ---- rows ---- */

static bool
panel_is_well(const struct log_view *v)
{
	return (v->state == LOG_LIVE || v->state == LOG_DONE) && v->gaps == 0;
}

static unsigned
panel_rank(const struct log_view *v)
{
	/* The states are in this order already, but a log that is done is of the least interest. */
	if (panel_is_well(v))
		return v->state == LOG_DONE ? LOG_STATES + 2 : LOG_STATES + 1;
	return v->state == LOG_DONE ? LOG_STATES : v->state;
}

static struct columns_row
panel_row(const struct log_view *v)
{
	return (struct columns_row){
		.rank = panel_rank(v), .amount = v->state == LOG_BEHIND ? v->lag : 0,
		.well = panel_is_well(v),
	};
}

/* ---- lines ---- */

static void
panel_put_summary(const struct panel *p, struct buf *out)
{
	size_t live = 0, behind = 0, trouble = 0;
	struct buf line = { 0 };
	uint64_t lag = 0;

	for (size_t i = 0; i < p->n; i++) {
		enum log_state state = p->logs[i].state;

		live += state == LOG_LIVE || state == LOG_UNPROVEN;
		trouble += state == LOG_FAILED || state == LOG_PAUSED;
		behind += state == LOG_BEHIND;
		lag += state == LOG_BEHIND ? p->logs[i].lag : 0;
	}
	columns_put_number(&line, p->entries);
	buf_puts(&line, " entries, ");
	columns_put_rate(&line, p->rate);
	buf_putf(&line, ", %zu of %zu logs live", live, p->n);
	if (trouble > 0)
		buf_putf(&line, ", %zu in trouble", trouble);
	if (behind > 0) {
		buf_putf(&line, ", %zu behind by ", behind);
		columns_put_number(&line, lag);
	}
	columns_put_text(out, buf_span(&line), p->width > 0 ? p->width : SIZE_MAX);
	buf_free(&line);
}

void
panel_put(const struct panel *p, struct buf *out)
{
	struct columns table;

	panel_put_summary(p, out);
	if (p->height > 0 && p->height < MIN_PANEL)
		return;
	columns_init(&table, panel_columns, PANEL_COLUMNS);
	for (size_t i = 0; i < p->n; i++) {
		columns_begin(&table, panel_row(&p->logs[i]));
		for (unsigned c = 0; c < PANEL_COLUMNS; c++)
			panel_put_cell(columns_cell(&table), &p->logs[i], c);
	}
	columns_put(&table, p->width, p->height > 0 ? p->height - 1 : 0, out);
	columns_free(&table);
}

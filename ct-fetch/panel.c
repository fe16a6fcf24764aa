/*
 * The lines that show people how a run gets on.
 *
 * in: views of all logs, and the size of a terminal
 * out: a summary and a table that fit it; whatever names and errors hold, only printable ASCII
 */
#include "ct-fetch/panel.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "ct-fetch/age.h"
#include "ct-fetch/panel_fit.h"

enum {
	STALE_HEAD = 86400,	/* seconds: logs promise a new head within a day at most */
};

/* ---- cells ---- */

/* Appends n in decimal, with a comma between thousands. */
static void
panel_put_number(struct buf *b, uint64_t n)
{
	char digits[32];
	int count = snprintf(digits, sizeof(digits), "%" PRIu64, n);

	for (int i = 0; i < count; i++) {
		if (i > 0 && (count - i) % 3 == 0)
			buf_putc(b, ',');
		buf_putc(b, digits[i]);
	}
}

static void
panel_put_rate(struct buf *b, double rate)
{
	if (rate < 9.95)
		buf_putf(b, "%.1f", rate);
	else
		panel_put_number(b, (uint64_t)(rate + 0.5));
	buf_puts(b, "/s");
}

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
		panel_put_number(b, v->gaps);
		buf_puts(b, " of before");
	}
	if (v->state == LOG_LIVE && v->has_head && v->head_age / 1000 > STALE_HEAD)
		buf_putf(b, ", head is %s old", age_write(age, v->head_age));
}

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
			panel_put_number(b, v->next);
		break;
	case PANEL_LAG:
		if (v->placed && v->has_head)
			panel_put_number(b, v->lag);
		break;
	case PANEL_BEHIND:
		if (v->behind != LOG_NEVER)
			buf_puts(b, age_write(age, v->behind));
		break;
	case PANEL_RATE:
		panel_put_rate(b, v->rate);
		break;
	case PANEL_STATE:
		panel_put_state(b, v);
		break;
	case PANEL_COLUMNS:
		break;
	}
}

/* ---- rows ---- */

/* A log and the rank of its row: the lower, the more there is to see. */
struct panel_row {
	const struct log_view *view;
	size_t order;
	unsigned rank;
};

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

static int
panel_order(const void *a, const void *b)
{
	const struct panel_row *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->rank == LOG_BEHIND && x->view->lag != y->view->lag)
		return x->view->lag > y->view->lag ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

/* Returns the rows in the order in which they are shown; the caller frees them. */
static struct panel_row *
panel_rows(const struct panel *p, size_t room)
{
	struct panel_row *rows = calloc(p->n, sizeof(*rows));

	if (rows == NULL)
		die_world("out of memory");
	for (size_t i = 0; i < p->n; i++)
		rows[i] = (struct panel_row){ &p->logs[i], i, panel_rank(&p->logs[i]) };
	/* Rows that all fit stay where they are, so that the eye finds them again. */
	if (p->n > room)
		qsort(rows, p->n, sizeof(*rows), panel_order);
	return rows;
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
	panel_put_number(&line, p->entries);
	buf_puts(&line, " entries, ");
	panel_put_rate(&line, p->rate);
	buf_putf(&line, ", %zu of %zu logs live", live, p->n);
	if (trouble > 0)
		buf_putf(&line, ", %zu in trouble", trouble);
	if (behind > 0) {
		buf_putf(&line, ", %zu behind by ", behind);
		panel_put_number(&line, lag);
	}
	panel_put_text(out, buf_span(&line), p->width > 0 ? p->width : SIZE_MAX);
	buf_free(&line);
}

/* Writes how many of the rows from number shown on there are, and how they are. */
static void
panel_put_rest(const struct panel *p, const struct panel_row *rows, size_t shown, struct buf *out)
{
	struct buf line = { 0 };
	size_t well = 0;

	for (size_t i = shown; i < p->n; i++)
		well += panel_is_well(rows[i].view);
	buf_putf(&line, "and %zu more, ", p->n - shown);
	if (well == p->n - shown)
		buf_puts(&line, "all well");
	else if (well == 0)
		buf_puts(&line, "none of them well");
	else
		buf_putf(&line, "%zu of them well", well);
	buf_putc(out, '\n');
	panel_put_text(out, buf_span(&line), p->width > 0 ? p->width : SIZE_MAX);
	buf_free(&line);
}

void
panel_put(const struct panel *p, struct buf *out)
{
	size_t room = p->height > 0 ? p->height - 2 : SIZE_MAX, shown;
	struct panel_row *rows;
	struct panel_fit fit;

	panel_put_summary(p, out);
	if (p->n == 0 || (p->height > 0 && p->height < MIN_PANEL))
		return;
	rows = panel_rows(p, room);
	shown = p->n <= room ? p->n : room - 1;
	panel_fit_init(&fit, p->width);
	for (size_t i = 0; i < shown; i++)
		for (unsigned c = 0; c < PANEL_COLUMNS; c++)
			panel_put_cell(panel_fit_cell(&fit, c), rows[i].view, c);
	panel_fit_put(&fit, out);
	if (shown < p->n)
		panel_put_rest(p, rows, shown, out);
	panel_fit_free(&fit);
	free(rows);
}

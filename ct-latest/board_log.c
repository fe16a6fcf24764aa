/*
 * Lines of the board, one for each log.
 *
 * in: what ct-fetch tells about a log
 * out: cells of a table
 */
#include "ct-latest/board_log.h"

#include "ct-latest/member.h"
#include "ct/head.h"
#include "os/age.h"
#include "os/columns.h"

enum board_column {
	BOARD_NAME,
	BOARD_NEXT,
	BOARD_LAG,
	BOARD_BEHIND,
	BOARD_RATE,
	BOARD_VERIFIED,
	BOARD_OWED,
	BOARD_ERRORS,
	BOARD_STATE,
	BOARD_COLUMNS
};

static const struct column board_columns[BOARD_COLUMNS] = {
	[BOARD_NAME] = { "LOG", COLUMN_NAME, .least = 12 },
	[BOARD_NEXT] = { "NEXT", COLUMN_NUMBER, .gives_way = 2 },
	[BOARD_LAG] = { "LAG", COLUMN_NUMBER, .gives_way = 7 },
	[BOARD_BEHIND] = { "BEHIND", COLUMN_NUMBER, .gives_way = 1 },
	[BOARD_RATE] = { "RATE", COLUMN_NUMBER, .gives_way = 6 },
	[BOARD_VERIFIED] = { "VERIFIED", COLUMN_NUMBER, .gives_way = 3 },
	[BOARD_OWED] = { "OWED", COLUMN_NUMBER, .gives_way = 5 },
	[BOARD_ERRORS] = { "ERRORS", COLUMN_NUMBER, .gives_way = 4 },
	[BOARD_STATE] = { "STATE", COLUMN_TEXT, .least = 11, .gives_way = 8 },
};

/* ---- states, those first in which there is most to see ---- */

enum board_state {
	BOARD_UNKNOWN,
	BOARD_FAILED,
	BOARD_PAUSED,
	BOARD_STARTING,
	BOARD_UNPROVEN,
	BOARD_WAITING,
	BOARD_CATCHING_UP,
	BOARD_OWING,		/* live or done, but for a gap */
	BOARD_LIVE,
	BOARD_DONE,
	BOARD_STATES
};

static enum board_state
board_state(struct span log)
{
	static const char *const names[BOARD_STATES] = {
		[BOARD_FAILED] = "failed", [BOARD_PAUSED] = "paused", [BOARD_STARTING] = "starting",
		[BOARD_UNPROVEN] = "unproven", [BOARD_WAITING] = "waiting",
		[BOARD_CATCHING_UP] = "catching up", [BOARD_LIVE] = "live", [BOARD_DONE] = "done",
	};
	enum board_state state = BOARD_UNKNOWN;

	for (unsigned i = 0; i < BOARD_STATES; i++)
		if (names[i] != NULL && member_is(log, "state", names[i]))
			state = i;
	return state >= BOARD_LIVE && member_count(log, "gaps") > 0 ? BOARD_OWING : state;
}

/* ---- cells ---- */

/* Writes a time of so many seconds; nothing when it is not known. */
static void
board_put_age(struct buf *b, double seconds)
{
	char age[MAX_AGE_TEXT];

	if (seconds >= 0)
		buf_puts(b, age_write(age, (uint64_t)seconds * 1000));
}

static void
board_put_name(struct buf *b, struct span log)
{
	size_t from = b->n;

	member_put_text(b, log, "name");
	if (b->n == from)
		member_put_text(b, log, "url");
	if (b->n == from)
		member_put_text(b, log, "log_id");
}

/* Writes a number; nothing where it is null or missing. */
static void
board_put_count(struct buf *b, struct span log, const char *name)
{
	if (member_number(log, name, -1) >= 0)
		columns_put_number(b, member_count(log, name));
}

/* All that was put out is proven, but for a log that proves nothing. */
static void
board_put_verified(struct buf *b, struct span log)
{
	double verified = member_number(log, "verified", -1);

	if (verified < 0 || member_number(log, "next", 0) == 0)
		return;
	if (verified >= member_number(log, "next", 0))
		buf_puts(b, "all");
	else if (verified == 0)
		buf_puts(b, "none");
	else
		columns_put_number(b, (uint64_t)verified);
}

/* Writes the state, and the trouble that there is, or the last that there was. */
static void
board_put_state(struct buf *b, struct board_log log)
{
	double trouble = member_number(log.object, "trouble", 0);
	double last = member_number(log.object, "last_error_time", -1);
	double head_age = member_number(log.object, "head_age", 0);

	member_put_text(b, log.object, "state");
	if (trouble >= 60) {
		buf_puts(b, ", for ");
		board_put_age(b, trouble);
	}
	if (head_age > HEAD_STALE && board_state(log.object) == BOARD_LIVE) {
		buf_puts(b, ", head is ");
		board_put_age(b, head_age);
		buf_puts(b, " old");
	}
	if (member_is(log.object, "last_error", "") || last < 0)
		return;
	buf_puts(b, ": ");
	if (trouble == 0) {
		board_put_age(b, log.seen > last ? log.seen - last : 0);
		buf_puts(b, " ago ");
	}
	member_put_text(b, log.object, "last_error");
}

static void
board_put_cell(struct buf *b, struct board_log log, enum board_column column)
{
	switch (column) {
	case BOARD_NAME:
		board_put_name(b, log.object);
		break;
	case BOARD_NEXT:
		if (member_number(log.object, "lag", -1) >= 0)	/* else no head has come, and no place */
			board_put_count(b, log.object, "next");
		break;
	case BOARD_LAG:
		board_put_count(b, log.object, "lag");
		break;
	case BOARD_BEHIND:
		board_put_age(b, member_number(log.object, "behind", -1));
		break;
	case BOARD_RATE:
		if (member_number(log.object, "rate", -1) >= 0)
			columns_put_rate(b, member_number(log.object, "rate", 0));
		break;
	case BOARD_VERIFIED:
		board_put_verified(b, log.object);
		break;
	case BOARD_OWED:
		board_put_count(b, log.object, "gaps");
		break;
	case BOARD_ERRORS:
		board_put_count(b, log.object, "errors");
		break;
	case BOARD_STATE:
		board_put_state(b, log);
		break;
	case BOARD_COLUMNS:
		break;
	}
}

void
board_log_init(struct columns *table)
{
	columns_init(table, board_columns, BOARD_COLUMNS);
}

void
board_log_put(struct board_log log, struct columns *table)
{
	enum board_state state = board_state(log.object);
	struct columns_row row = { .rank = state, .well = state >= BOARD_LIVE };

	if (state == BOARD_CATCHING_UP)
		row.amount = member_count(log.object, "lag");
	columns_begin(table, row);
	for (unsigned c = 0; c < BOARD_COLUMNS; c++)
		board_put_cell(columns_cell(table), log, c);
}

void
board_log_sum(struct board_log log, struct board_sum *sum)
{
	enum board_state state = board_state(log.object);

	sum->logs++;
	sum->live += state >= BOARD_OWING || state == BOARD_UNPROVEN;
	sum->trouble += state == BOARD_FAILED || state == BOARD_PAUSED;
	sum->rate += member_number(log.object, "rate", 0);
	if (state != BOARD_CATCHING_UP)
		return;
	sum->behind++;
	sum->lag += member_count(log.object, "lag");
}

/* Returns the text by which a log is told from others, as it stands in the record. */
static struct span
board_log_key(struct board_log log)
{
	struct json_str s;

	if (member_string(log.object, "log_id", &s) && s.raw.n > 0)
		return s.raw;
	if (member_string(log.object, "url", &s))
		return s.raw;
	return SPAN("");
}

bool
board_log_is(struct board_log a, struct board_log b)
{
	struct span key = board_log_key(a);

	return key.n > 0 && span_eq(key, board_log_key(b));
}

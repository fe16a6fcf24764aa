/*
 * The board of all stages and logs.
 *
 * in: status records, and the size of a terminal
 * out: lines that fit it; whatever names and errors hold, only printable ASCII
 */
#include "ct-latest/board.h"

#include <stdlib.h>

#include "base/die.h"
#include "ct-latest/board_log.h"
#include "ct-latest/member.h"
#include "ct/record.h"
#include "os/age.h"
#include "os/columns.h"

/* What the records have, found once. */
struct board {
	struct board_room room;
	double now;		/* time of day in seconds since 1970 */
	struct span *stages;	/* records, in the order in which they are shown */
	size_t stage_count;
	struct board_log *logs;
	size_t log_count;
};

/* ---- stages, a line each ---- */

/* Writes ", N words", or nothing when N is 0. */
static void
board_put_more(struct buf *line, struct span record, const char *name, const char *words)
{
	uint64_t n = member_count(record, name);

	if (n == 0)
		return;
	buf_puts(line, ", ");
	columns_put_number(line, n);
	buf_putf(line, " %s", words);
}

static void
board_put_hub(struct buf *line, struct span record)
{
	columns_put_number(line, member_count(record, "events"));
	buf_puts(line, " certificates in ");
	columns_put_number(line, member_count(record, "records"));
	buf_puts(line, " records");
	if (member_number(record, "epoch", -1) >= 0 && member_count(record, "readers") == 0)
		buf_puts(line, ", no reader");	/* elsewhere a server has them, which the hub does not see */
	else
		board_put_more(line, record, "readers",
		    member_count(record, "readers") == 1 ? "reader" : "readers");
	board_put_more(line, record, "behind", "bytes wait for the slowest");
	board_put_more(line, record, "dropped", "lost by slow readers");
	board_put_more(line, record, "repeated", "repeated");
	board_put_more(line, record, "broken", "lines left out");
	board_put_more(line, record, "marks_stored", "marks stored");
}

static void
board_put_parse(struct buf *line, struct span record)
{
	columns_put_number(line, member_count(record, "entries"));
	buf_puts(line, " entries");
	board_put_more(line, record, "malformed", "malformed");
	board_put_more(line, record, "mismatched", "mismatched");
	board_put_more(line, record, "dropped", "dropped as repetitions");
	board_put_more(line, record, "broken", "lines left out");
}

static void
board_put_fetch(const struct board *b, struct buf *line, struct span record)
{
	double seen = member_number(record, "seen", -1);
	struct board_sum sum = { .logs = 0 };
	char age[MAX_AGE_TEXT];
	struct json j;
	struct board_log log;

	if (member_find(record, "logs", &j) && json_peek(&j) == JSON_ARRAY && json_enter(&j))
		while (json_item(&j) && json_skip(&j, &log.object))
			board_log_sum(log, &sum);
	columns_put_number(line, member_count(record, "entries"));
	buf_puts(line, " entries, ");
	columns_put_rate(line, sum.rate);
	buf_putf(line, ", %llu of %llu logs live", (unsigned long long)sum.live,
	    (unsigned long long)sum.logs);
	if (sum.trouble > 0)
		buf_putf(line, ", %llu in trouble", (unsigned long long)sum.trouble);
	if (sum.behind > 0) {
		buf_putf(line, ", %llu behind by ", (unsigned long long)sum.behind);
		columns_put_number(line, sum.lag);
	}
	if (seen >= 0)
		buf_putf(line, "; %s ago", age_write(age,
		    b->now > seen ? (uint64_t)(b->now - seen) * 1000 : 0));
}

static void
board_put_stage(const struct board *b, struct span record, struct buf *out)
{
	struct buf line = { 0 };

	member_put_text(&line, record, "stage");
	if (member_is(record, "stage", "ct-fetch") && member_find(record, "shard", &(struct json){ 0 })) {
		buf_putc(&line, ' ');
		member_put_text(&line, record, "shard");
	}
	buf_puts(&line, ": ");
	if (member_is(record, "stage", "ct-hub"))
		board_put_hub(&line, record);
	else if (member_is(record, "stage", "ct-parse"))
		board_put_parse(&line, record);
	else if (member_is(record, "stage", "ct-fetch"))
		board_put_fetch(b, &line, record);
	else
		buf_puts(&line, "a status record of no known stage");
	columns_put_text(out, buf_span(&line), b->room.width);
	buf_free(&line);
}

/* Writes the lines of stages, so many at most. Returns how many they are. */
static unsigned
board_put_stages(const struct board *b, unsigned most, struct buf *out)
{
	size_t shown = b->stage_count <= most || most < 2 ? b->stage_count : most - 1;
	struct buf line = { 0 };

	if (shown > most)
		shown = most;		/* no room to tell of the others */

	for (size_t i = 0; i < shown; i++) {
		if (i > 0)
			buf_putc(out, '\n');
		board_put_stage(b, b->stages[i], out);
	}
	if (shown == b->stage_count || most < 2)
		return (unsigned)shown;
	if (shown > 0)
		buf_putc(out, '\n');
	buf_putf(&line, "and %zu more stages", b->stage_count - shown);
	columns_put_text(out, buf_span(&line), b->room.width);
	buf_free(&line);
	return (unsigned)shown + 1;
}

/* ---- records ---- */

/* Keeps the log, in place of what an older record says about it. */
static void
board_take_log(struct board *b, struct board_log log)
{
	for (size_t i = 0; i < b->log_count; i++) {
		if (!board_log_is(b->logs[i], log))
			continue;
		if (log.seen >= b->logs[i].seen)
			b->logs[i] = log;
		return;
	}
	if (b->log_count < MAX_BOARD_LOGS)
		b->logs[b->log_count++] = log;
}

static void
board_take_logs(struct board *b, struct span record)
{
	struct board_log log = { .seen = member_number(record, "seen", 0) };
	struct json j;

	if (!member_find(record, "logs", &j) || json_peek(&j) != JSON_ARRAY || !json_enter(&j))
		return;
	while (json_item(&j) && json_skip(&j, &log.object))
		board_take_log(b, log);
}

/*
 * Moves the last of the records from number first on to where its shard belongs: in which order they
 * come, changes from one time to the next.
 */
static void
board_order(struct board *b, size_t first)
{
	struct span record = b->stages[b->stage_count - 1];
	struct buf shard = { 0 }, other = { 0 };
	size_t i = b->stage_count - 1;

	member_put_text(&shard, record, "shard");
	for (; i > first; i--) {
		buf_reset(&other);
		member_put_text(&other, b->stages[i - 1], "shard");
		if (span_cmp(buf_span(&other), buf_span(&shard)) <= 0)
			break;
		b->stages[i] = b->stages[i - 1];
	}
	b->stages[i] = record;
	buf_free(&shard);
	buf_free(&other);
}

/* Keeps the status records of one stage, or with NULL those of all others. */
static void
board_take(struct board *b, struct span records, const char *stage)
{
	static const char *const known[] = { "ct-hub", "ct-parse", "ct-fetch" };
	const size_t first = b->stage_count;
	struct span line;

	while (b->stage_count < MAX_BOARD_STAGES && span_line(&records, &line)) {
		bool wanted = record_kind(line) == RECORD_STATUS &&
		    (stage == NULL || member_is(line, "stage", stage));

		for (size_t i = 0; stage == NULL && i < sizeof(known) / sizeof(known[0]); i++)
			wanted = wanted && !member_is(line, "stage", known[i]);
		if (!wanted)
			continue;
		b->stages[b->stage_count++] = line;
		board_order(b, first);
	}
	for (size_t i = first; i < b->stage_count; i++)
		if (stage != NULL && strcmp(stage, "ct-fetch") == 0)
			board_take_logs(b, b->stages[i]);
}

static void *
board_room(size_t n, size_t size)
{
	void *room = calloc(n, size);

	if (room == NULL)
		die_world("out of memory");
	return room;
}

static void
board_put_logs(const struct board *b, unsigned height, struct buf *out)
{
	struct columns table;

	board_log_init(&table);
	for (size_t i = 0; i < b->log_count; i++)
		board_log_put(b->logs[i], &table);
	columns_put(&table, b->room.width, height, out);
	columns_free(&table);
}

void
board_put(struct span records, struct board_room room, double now, struct buf *out)
{
	struct board b = { .room = room, .now = now };
	unsigned height = room.height, lines;
	const char *none = "no ct-fetch has told about its logs yet; it does so with --status SECONDS";

	b.stages = board_room(MAX_BOARD_STAGES, sizeof(*b.stages));
	b.logs = board_room(MAX_BOARD_LOGS, sizeof(*b.logs));
	board_take(&b, records, "ct-hub");
	board_take(&b, records, "ct-parse");
	board_take(&b, records, "ct-fetch");
	board_take(&b, records, NULL);
	lines = board_put_stages(&b, height > MIN_COLUMNS_HEIGHT ? (height + 1) / 2 : height, out);
	if (b.log_count == 0 && lines < height) {
		if (lines > 0)
			buf_putc(out, '\n');
		columns_put_text(out, span_str(none), room.width);
	} else if (height >= lines + MIN_COLUMNS_HEIGHT) {
		board_put_logs(&b, height - lines, out);
	}
	free(b.stages);
	free(b.logs);
}

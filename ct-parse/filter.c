/*
 * Turns records into events. In: the text of a line. Out: the events of its entries,
 * or the line itself. It does no I/O, but for messages about broken lines on stderr.
 */
#include "ct-parse/filter.h"

#include "base/tell.h"
#include "base/utf8.h"
#include "os/lines.h"

void
filter_init(struct filter *f, const struct event_options *options, bool strict)
{
	memset(f, 0, sizeof(*f));
	f->writer = event_open(options);
	f->strict = strict;
}

void
filter_free(struct filter *f)
{
	event_free(f->writer);
}

static void
filter_put_status(struct filter *f, struct buf *out)
{
	const struct filter_counts *c = &f->counts;
	struct event_counts events;

	event_count(f->writer, &events);
	buf_put(out, SPAN("{\"message_type\":\"status\",\"stage\":\"ct-parse\",\"entries\":"));
	buf_put_u64(out, c->entries);
	buf_put(out, SPAN(",\"malformed\":"));
	buf_put_u64(out, c->malformed);
	buf_put(out, SPAN(",\"dropped\":"));
	buf_put_u64(out, events.dropped);
	buf_put(out, SPAN(",\"mismatched\":"));
	buf_put_u64(out, events.mismatched);
	buf_put(out, SPAN(",\"passed\":"));
	buf_put_u64(out, c->passed);
	buf_put(out, SPAN(",\"broken\":"));
	buf_put_u64(out, c->broken);
	buf_put(out, SPAN("}\n"));
}

/*
 * Checks a line that is to come out unchanged. Returns NULL when it is one JSON object
 * in UTF-8, else the reason why not. *is_entry becomes true when it has the member
 * leaf_input, and so is an entry that only begins like an event.
 */
static const char *
filter_check(struct span line, bool *is_entry)
{
	struct json_str key;
	struct json j;

	*is_entry = false;
	json_init(&j, line);
	json_enter(&j);
	while (json_key(&j, &key)) {
		json_skip(&j, NULL);
		*is_entry |= json_is(key, "leaf_input");
	}
	if (j.why != NULL)
		return j.why;
	if (!json_done(&j))
		return "RFC 8259 2: text behind the object";
	return utf8_is(line) ? NULL : "RFC 8259 8.1: the line is not UTF-8";
}

/* Reports that what (a line or a part of one) is left out because of why, and counts it. */
static void
filter_leave(struct filter *f, const char *why, const char *what)
{
	f->counts.broken++;
	f->failed = f->strict;
	tell(TELL_ERROR, "line %llu: %s; the %s is left out", (unsigned long long)f->number, why, what);
}

/* Appends the line unchanged. Behind the status record of another tool goes that of ct-parse. */
static void
filter_pass(struct filter *f, struct buf *out)
{
	buf_put(out, f->line);
	buf_putc(out, '\n');
	f->counts.passed++;
	if (f->kind == RECORD_STATUS)
		filter_put_status(f, out);
}

static const char *
filter_what(const struct filter *f)
{
	return !f->entries.list ? "line" : f->entries.ended ? "rest of the line" : "item";
}

/*
 * Appends the event or malformed record of the line's next entry. Returns false when there is
 * none.
 */
static bool
filter_entry(struct filter *f, struct buf *out)
{
	const char *why;
	struct raw raw;

	if (!raw_next(&f->entries, &raw, &why)) {
		f->done = true;
		return false;
	}
	if (why != NULL) {
		filter_leave(f, why, filter_what(f));
		return true;
	}
	f->counts.entries++;
	why = event_begin(f->writer, out, &raw);
	if (why == NULL)
		return true;
	f->counts.malformed++;
	f->failed = f->strict;
	event_put_malformed(f->writer, out, &raw, why);
	tell(f->strict ? TELL_ERROR : TELL_DEBUG, "line %llu: %s", (unsigned long long)f->number,
	    why);
	return true;
}

/* Begins with a whole line of which no part was given before. */
static void
filter_open(struct filter *f, struct span line, uint64_t number)
{
	const char *why = NULL;
	bool is_entry = false;

	f->line = line;
	f->number = number;
	f->done = line.n == 0;
	f->listing = false;
	f->tried = 0;
	f->kind = record_kind(line);
	if (f->kind != RECORD_ENTRY && f->kind != RECORD_OTHER)
		why = filter_check(line, &is_entry);
	if (is_entry)
		f->kind = RECORD_OTHER;
	if (why != NULL) {
		filter_leave(f, why, "line");
		f->done = true;
	}
	raw_open(&f->entries, line);
}

bool
filter_next(struct filter *f, struct buf *out)
{
	if (f->done || f->failed)
		return false;
	if (f->kind == RECORD_ENTRY || f->kind == RECORD_OTHER)
		return filter_entry(f, out);
	filter_pass(f, out);
	f->done = true;
	return true;
}

void
filter_finish(struct filter *f, struct buf *out)
{
	event_finish(f->writer, out);
}

/*
 * Begins with the front of a line. If it is a list of entries, these are read; else nothing yet.
 */
static void
filter_open_part(struct filter *f, struct span front, uint64_t number)
{
	f->line = front;
	f->number = number;
	f->listing = true;
	f->kind = record_kind(front);
	f->done = f->kind != RECORD_OTHER;
	raw_open_part(&f->entries, front);
}

/* Goes on with a line that was begun, of which text is what has not been taken yet. */
static void
filter_more(struct filter *f, struct span text, bool whole)
{
	f->line = text;
	f->done = false;
	f->listing = !whole;
	f->tried = 0;
	raw_more(&f->entries, text, whole);
}

void
filter_give(struct filter *f, struct span text, uint64_t number, bool whole)
{
	if (f->listing)
		filter_more(f, text, whole);
	else if (whole)
		filter_open(f, text, number);
	else
		filter_open_part(f, text, number);
}

size_t
filter_taken(struct filter *f)
{
	f->listing &= f->entries.list && !f->entries.ended;
	f->tried = raw_rest(&f->entries);
	return f->line.n - f->tried;
}

/*
 * An item that was not whole is tried again only when twice as many bytes are there,
 * so that a long item is not walked anew after each read; and once more shortly
 * before it is too long.
 */
bool
filter_is_due(const struct filter *f, size_t n)
{
	const size_t last = MAX_LINE - 2 * FILTER_PART;
	size_t due = 2 * f->tried;

	if (due > last && f->tried < last)
		due = last;
	return n > 0 && n >= due && (f->listing || n >= FILTER_PART);
}

void
filter_break(struct filter *f, uint64_t number, const char *why)
{
	f->number = number;
	filter_leave(f, why, f->listing ? "rest of the line" : "line");
	f->listing = false;
	f->tried = 0;
}

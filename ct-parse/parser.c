/*
 * Turns records into events. In: the text of a line. Out: the events of its entries,
 * or the line itself. It does no I/O, but for messages about broken lines on stderr.
 */
#include "ct-parse/parser.h"

#include "base/tell.h"
#include "base/utf8.h"
#include "os/lines.h"

void
parser_init(struct parser *p, const struct event_options *options, bool strict)
{
	memset(p, 0, sizeof(*p));
	p->writer = event_open(options);
	p->strict = strict;
	producer_name(p->producer);
}

void
parser_free(struct parser *p)
{
	event_free(p->writer);
}

static void
parser_put_status(struct parser *p, struct buf *out)
{
	const struct parser_counts *c = &p->counts;
	struct event_counts events;

	event_count(p->writer, &events);
	buf_put(out, SPAN("{\"message_type\":\"status\",\"stage\":\"ct-parse\",\"producer\":\""));
	buf_puts(out, p->producer);
	buf_put(out, SPAN("\",\"entries\":"));
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
parser_check(struct span line, bool *is_entry)
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
parser_leave(struct parser *p, const char *why, const char *what)
{
	p->counts.broken++;
	p->failed = p->strict;
	tell(TELL_ERROR, "line %llu: %s; the %s is left out", (unsigned long long)p->number, why, what);
}

/* Appends the line unchanged. Behind the status record of another tool goes that of ct-parse. */
static void
parser_pass(struct parser *p, struct buf *out)
{
	buf_put(out, p->line);
	buf_putc(out, '\n');
	p->counts.passed++;
	if (p->kind == RECORD_STATUS)
		parser_put_status(p, out);
}

static const char *
parser_what(const struct parser *p)
{
	return !p->entries.list ? "line" : p->entries.ended ? "rest of the line" : "item";
}

/*
 * Appends the event or malformed record of the line's next entry. Returns false when there is
 * none.
 */
static bool
parser_entry(struct parser *p, struct buf *out)
{
	const char *why;
	struct raw raw;

	if (!raw_next(&p->entries, &raw, &why)) {
		p->done = true;
		return false;
	}
	if (why != NULL) {
		parser_leave(p, why, parser_what(p));
		return true;
	}
	p->counts.entries++;
	why = event_begin(p->writer, out, &raw);
	if (why == NULL)
		return true;
	p->counts.malformed++;
	p->failed = p->strict;
	event_put_malformed(p->writer, out, &raw, why);
	tell(p->strict ? TELL_ERROR : TELL_DEBUG, "line %llu: %s", (unsigned long long)p->number,
	    why);
	return true;
}

/* Begins with a whole line of which no part was given before. */
static void
parser_open(struct parser *p, struct span line, uint64_t number)
{
	const char *why = NULL;
	bool is_entry = false;

	p->line = line;
	p->number = number;
	p->done = line.n == 0;
	p->listing = false;
	p->tried = 0;
	p->kind = record_kind(line);
	if (p->kind != RECORD_ENTRY && p->kind != RECORD_OTHER)
		why = parser_check(line, &is_entry);
	if (is_entry)
		p->kind = RECORD_OTHER;
	if (why != NULL) {
		parser_leave(p, why, "line");
		p->done = true;
	}
	raw_open(&p->entries, line);
}

bool
parser_next(struct parser *p, struct buf *out)
{
	if (p->done || p->failed)
		return false;
	if (p->kind == RECORD_ENTRY || p->kind == RECORD_OTHER)
		return parser_entry(p, out);
	parser_pass(p, out);
	p->done = true;
	return true;
}

void
parser_finish(struct parser *p, struct buf *out)
{
	event_finish(p->writer, out);
}

/*
 * Begins with the front of a line. If it is a list of entries, these are read; else nothing yet.
 */
static void
parser_open_part(struct parser *p, struct span front, uint64_t number)
{
	p->line = front;
	p->number = number;
	p->listing = true;
	p->kind = record_kind(front);
	p->done = p->kind != RECORD_OTHER;
	raw_open_part(&p->entries, front);
}

/* Goes on with a line that was begun, of which text is what has not been taken yet. */
static void
parser_more(struct parser *p, struct span text, bool whole)
{
	p->line = text;
	p->done = false;
	p->listing = !whole;
	p->tried = 0;
	raw_more(&p->entries, text, whole);
}

void
parser_give(struct parser *p, struct span text, uint64_t number, bool whole)
{
	if (p->listing)
		parser_more(p, text, whole);
	else if (whole)
		parser_open(p, text, number);
	else
		parser_open_part(p, text, number);
}

size_t
parser_taken(struct parser *p)
{
	p->listing &= p->entries.list && !p->entries.ended;
	p->tried = raw_rest(&p->entries);
	return p->line.n - p->tried;
}

/*
 * An item that was not whole is tried again only when twice as many bytes are there,
 * so that a long item is not walked anew after each read; and once more shortly
 * before it is too long.
 */
bool
parser_is_due(const struct parser *p, size_t n)
{
	const size_t last = MAX_LINE - 2 * PARSER_PART;
	size_t due = 2 * p->tried;

	if (due > last && p->tried < last)
		due = last;
	return n > 0 && n >= due && (p->listing || n >= PARSER_PART);
}

void
parser_break(struct parser *p, uint64_t number, const char *why)
{
	p->number = number;
	parser_leave(p, why, p->listing ? "rest of the line" : "line");
	p->listing = false;
	p->tried = 0;
}

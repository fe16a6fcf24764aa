/*
 * Lines to lines. In: one record. Out: its event, or itself. Pure: the only
 * thing it does besides is to tell broken lines on stderr.
 */
#include "ct-parse/filter.h"

#include "base/tell.h"

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

/* A control record goes on as it is; this stage's own status follows another's. */
static void
filter_pass(struct filter *f, struct buf *out, struct span line, enum record_kind kind)
{
	buf_put(out, line);
	buf_putc(out, '\n');
	f->counts.passed++;
	if (kind == RECORD_STATUS)
		filter_put_status(f, out);
}

/* The line has nothing more, or it is broken from here on. */
static void
filter_close(struct filter *f, const char *broken)
{
	f->line.n = 0;
	if (broken == NULL)
		return;
	f->counts.broken++;
	f->failed = f->strict;
	tell(TELL_ERROR, "line %llu: %s; the %s is left out", (unsigned long long)f->number, broken,
	    f->entries.list ? "rest of the line" : "line");
}

static bool
filter_entry(struct filter *f, struct buf *out)
{
	const char *why, *broken;
	struct raw raw;

	if (!raw_next(&f->entries, &raw, &broken)) {
		filter_close(f, broken);
		return false;
	}
	f->counts.entries++;
	why = event_put(f->writer, out, &raw);
	if (why == NULL)
		return true;
	f->counts.malformed++;
	f->failed = f->strict;
	event_put_malformed(f->writer, out, &raw, why);
	tell(f->strict ? TELL_ERROR : TELL_DEBUG, "line %llu: %s", (unsigned long long)f->number,
	    why);
	return !f->failed;
}

void
filter_open(struct filter *f, struct span line, uint64_t number)
{
	f->line = line;
	f->number = number;
	f->kind = record_kind(line);
	raw_open(&f->entries, line);
}

bool
filter_next(struct filter *f, struct buf *out)
{
	if (f->line.n == 0 || f->failed)
		return false;
	if (f->kind == RECORD_ENTRY || f->kind == RECORD_OTHER)
		return filter_entry(f, out);
	filter_pass(f, out, f->line, f->kind);
	f->line.n = 0;
	return true;
}

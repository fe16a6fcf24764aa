/*
 * Lines to lines. In: one record. Out: its event, or itself. Pure: the only
 * thing it does besides is to tell broken lines on stderr.
 */
#include "ct-parse/filter.h"

#include "base/tell.h"
#include "ct/record.h"

void
filter_init(struct filter *f, enum event_form form, bool strict)
{
	memset(f, 0, sizeof(*f));
	f->writer = event_open(form);
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

	buf_put(out, SPAN("{\"message_type\":\"status\",\"stage\":\"ct-parse\",\"entries\":"));
	buf_put_u64(out, c->entries);
	buf_put(out, SPAN(",\"malformed\":"));
	buf_put_u64(out, c->malformed);
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

static bool
filter_entries(struct filter *f, struct buf *out, struct span line, uint64_t number)
{
	struct raw_line entries;
	const char *why, *broken;
	struct raw raw;

	raw_open(&entries, line);
	while (raw_next(&entries, &raw, &broken)) {
		f->counts.entries++;
		why = event_put(f->writer, out, &raw);
		if (why == NULL)
			continue;
		f->counts.malformed++;
		event_put_malformed(f->writer, out, &raw, why);
		tell(f->strict ? TELL_ERROR : TELL_DEBUG, "line %llu: %s",
		    (unsigned long long)number, why);
		if (f->strict)
			return false;
	}
	if (broken == NULL)
		return true;
	f->counts.broken++;
	tell(TELL_ERROR, "line %llu: %s; the line is left out", (unsigned long long)number, broken);
	return !f->strict;
}

bool
filter_line(struct filter *f, struct buf *out, struct span line, uint64_t number)
{
	enum record_kind kind = record_kind(line);

	if (line.n == 0)
		return true;
	if (kind == RECORD_ENTRY || kind == RECORD_OTHER)
		return filter_entries(f, out, line, number);
	filter_pass(f, out, line, kind);
	return true;
}

/*
 * Fuzz target: all of ct-parse. In: the options in one byte, then lines. Demands
 * that every line that comes out is JSON in UTF-8, or a control record as it went
 * in, and that as many come out as records went in, but for those -u drops.
 */
#include "ct-parse/parser.h"
#include "tests/fuzz/judge.h"

/* Demands that out is whole lines of JSON. Returns how many. */
static uint64_t
judge_records(struct span out)
{
	const uint8_t *lf;
	uint64_t n = 0;

	for (; out.n > 0; out = span_from(out, (size_t)(lf - out.p) + 1), n++) {
		lf = memchr(out.p, '\n', out.n);
		DEMAND(lf != NULL);
		judge_json(span_of(out.p, (size_t)(lf - out.p)));
	}
	return n;
}

/* Demands that a line that passes came out unchanged; ct-parse's own status follows a status record. */
static uint64_t
judge_passed(struct span line, struct span out)
{
	DEMAND(span_starts(out, line) && out.n > line.n && out.p[line.n] == '\n');
	return 1 + judge_records(span_from(out, line.n + 1));
}

static uint64_t
dropped(const struct parser *f)
{
	struct event_counts c;

	event_count(f->writer, &c);
	return c.dropped;
}

static void
check_line(struct parser *f, struct span line)
{
	struct parser_counts was = f->counts;
	uint64_t records = 0, passed, due, dropped_before = dropped(f);
	struct buf out;

	buf_init(&out);
	parser_give(f, line, 1, true);
	while (parser_next(f, &out)) {
		parser_finish(f, &out);
		passed = f->counts.passed - was.passed;
		records += passed > 0 ? judge_passed(line, buf_span(&out)) :
		    judge_records(buf_span(&out));
		buf_reset(&out);
	}
	DEMAND(out.n == 0);
	due = f->counts.entries - was.entries + f->counts.passed - was.passed;
	due += record_kind(line) == RECORD_STATUS && f->counts.passed > was.passed;
	DEMAND(records + dropped(f) - dropped_before == due);
	DEMAND(line.n == 0 || due > 0 || f->counts.broken > was.broken ||
	    memmem(line.p, line.n, "entries", 7) != NULL);
	buf_free(&out);
}

/* Takes all records that the parser makes of what it was given. */
static void
drain(struct parser *f, struct buf *out)
{
	while (parser_next(f, out))
		;
	parser_finish(f, out);
}

/* Demands that a get-entries response that is read in two pieces gives what it gives in one. */
static void
check_parts(struct parser *f, struct span line, size_t cut)
{
	struct buf whole, parts;
	size_t taken;

	buf_init(&whole);
	buf_init(&parts);
	parser_give(f, span_of(line.p, cut), 1, false);
	drain(f, &parts);
	taken = parser_taken(f);
	DEMAND(taken <= cut);
	if (f->listing) {
		parser_give(f, span_from(line, taken), 1, true);
		drain(f, &parts);
		parser_give(f, line, 1, true);
		drain(f, &whole);
		DEMAND(span_eq(buf_span(&whole), buf_span(&parts)));
	} else {
		DEMAND(parts.n == 0 && (taken == 0 || f->kind == RECORD_OTHER));
	}
	buf_free(&whole);
	buf_free(&parts);
}

/* Makes the parser that the low bits of the byte choose: its form and format, and whether it has -u. */
static struct parser *
parser_of(uint8_t byte)
{
	static struct parser parsers[16];	/* their chain stores are large */
	struct parser *f = &parsers[byte & 15];
	struct event_options o = { .form = FORM_DOMAINS };

	if (f->writer != NULL)
		return f;
	if ((byte & 3) < FORM_DOMAINS)
		o.form = byte & 3;
	o.unique = byte & 4 ? 16 : 0;
	o.format = byte & 8 ? FORMAT_CALIDOG : FORMAT_GO;
	parser_init(f, &o, false);
	return f;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const uint8_t *lf, *end = p + n;
	struct parser *f;

	if (n == 0)
		return 0;
	f = parser_of(*p);
	for (p++; p < end; p = lf + 1) {
		lf = memchr(p, '\n', (size_t)(end - p));
		if (lf == NULL)
			lf = end;
		check_line(f, span_of(p, (size_t)(lf - p)));
		if (lf > p && dropped(f) == 0)
			check_parts(f, span_of(p, (size_t)(lf - p)), (size_t)(lf - p) * lf[-1] / 256);
	}
	return 0;
}

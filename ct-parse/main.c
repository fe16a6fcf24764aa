/*
 * ct-parse: turns raw log entries into certstream events.
 *
 * in: options, and lines on standard input
 * out: lines on standard output, and the exit code
 *
 * This file has the options and the loop that reads and writes; parser.c has what is
 * done to a line. The tool is a pure filter: it uses no clock, network or disk.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-parse/parser.h"
#include "event/unique.h"
#include "os/lines.h"
#include "os/option.h"
#include "os/out.h"
#include "os/sandbox.h"
#include "os/stop.h"

enum {
	FLUSH_AT = 256 * 1024,	/* bytes of output, from which on they are written */
	PIPE_BYTES = 1 << 20,
	STOP_AFTER = 2,		/* seconds after a signal, to write what is in hand */
};

static const struct option_entry parse_entries[] = {
	{ 'f', "format", "go|calidog",
	    "the JSON of certstream-server-go (default), or of\nCaliDog's certstream-server" },
	{ 's', "stream", "full|lite|domains",
	    "\neverything (default), without chain and as_der,\nor the names alone" },
	{ 'u', "unique", "N", "leave out a certificate that is among the last N" },
	{ 'x', "strict", NULL, "stop with 1 at the first malformed entry or line" },
	{ 0, NULL, NULL, NULL },
};

static const struct option_table parse_table = {
	.tool = "ct-parse",
	.usage = "usage: ct-parse [-qvx] [-f FORMAT] [-s STREAM] [-u N] < entries > events\n\n",
	.entries = parse_entries,
	.column = 28,
	.notes = "\n"
		 "Reads entry records of ct-fetch, bare {\"leaf_input\",\"extra_data\"} objects and\n"
		 "whole get-entries responses, one a line. See ct-parse(1) and ct-event(5).\n",
	.operands = "entries come on stdin",
};

static enum form
parse_stream(const char *name)
{
	enum form form;

	if (!form_parse(name, &form))
		die_usage("--stream %s: it is full, lite or domains", name);
	return form;
}

static enum format
parse_format(const char *name)
{
	if (strcmp(name, "go") == 0)
		return FORMAT_GO;
	if (strcmp(name, "calidog") == 0)
		return FORMAT_CALIDOG;
	die_usage("--format %s: it is go or calidog", name);
}

static void
parse_options(int argc, char **argv, struct event_options *o, bool *strict)
{
	int c;

	while ((c = option_next(&parse_table, argc, argv)) != -1) {
		switch (c) {
		case 'f':
			o->format = parse_format(optarg);
			break;
		case 's':
			o->form = parse_stream(optarg);
			break;
		case 'u':
			o->unique = (size_t)option_number("--unique", optarg, 1, MAX_UNIQUE, "");
			break;
		case 'x':
			*strict = true;
			break;
		}
	}
}

/*
 * Fills in the fingerprints in out, writes it and empties it. Returns false when the
 * reader has gone.
 */
static bool
parse_flush(struct parser *p, struct buf *out)
{
	parser_finish(p, out);
	if (out_write(STDOUT_FILENO, buf_span(out)) < 0) {
		if (errno == EPIPE)
			return false;
		die_world("cannot write to stdout:");
	}
	buf_trim(out, PIPE_BYTES);
	return true;
}

/* Reads more input. Returns false when a signal has asked the tool to end. */
static bool
parse_fill(struct lines *in)
{
	if (!stop_wait(in->fd))
		return false;
	if (lines_fill(in) < 0 && errno != EINTR && errno != EAGAIN)
		die_world("cannot read stdin:");
	return true;
}

/*
 * Takes all records that the parser makes of the text it has. Returns false when the reader has
 * gone.
 */
static bool
parse_drain(struct parser *p, struct buf *out)
{
	while (parser_next(p, out))
		if (out->n >= FLUSH_AT && !parse_flush(p, out))
			return false;
	return true;
}

static bool
parse_line(struct parser *p, struct buf *out, struct span line, uint64_t number)
{
	parser_give(p, line, number, true);
	return parse_drain(p, out);
}

/*
 * Gives the parser what has been read of an unfinished line, if that is worth it, and
 * drops what it has taken. Returns false when the reader has gone.
 */
static bool
parse_part(struct parser *p, struct lines *in, struct buf *out)
{
	struct span part = lines_part(in);

	if (!parser_is_due(p, part.n))
		return true;
	parser_give(p, part, in->number + 1, false);
	if (!parse_drain(p, out))
		return false;
	lines_cut(in, parser_taken(p));
	return true;
}

/*
 * Reads, parses and writes until the input ends, a signal comes, the reader has gone or p has
 * failed.
 */
static void
parse_all(struct parser *p, struct lines *in, struct buf *out)
{
	struct span line;

	while (!p->failed && !stop_asked()) {
		switch (lines_next(in, &line)) {
		case LINES_LINE:
			if (!parse_line(p, out, line, in->number))
				return;
			break;
		case LINES_NONE:
			if (!parse_part(p, in, out) || !parse_flush(p, out) || !parse_fill(in))
				return;
			break;
		case LINES_LONG:
			parser_break(p, in->number, "longer than 16 MiB");
			break;
		case LINES_END:
			return;
		}
	}
}

int
main(int argc, char **argv)
{
	struct event_options events = { .form = FORM_FULL };
	bool strict = false;
	struct parser parser;
	struct lines in;
	struct buf out;

	die_init("ct-parse");
	parse_options(argc, argv, &events, &strict);
	if (stop_init(-1, STOP_AFTER) < 0)
		die_world("cannot catch signals:");
	parser_init(&parser, &events, strict);
	lines_init(&in, STDIN_FILENO);
	buf_init(&out);
	fcntl(STDOUT_FILENO, F_SETPIPE_SZ, PIPE_BYTES);	/* fails harmlessly if it is no pipe */
	if (sandbox_filter() < 0)
		tell(TELL_WARNING, "runs unconfined:");
	parse_all(&parser, &in, &out);
	parse_flush(&parser, &out);
	lines_free(&in);
	buf_free(&out);
	parser_free(&parser);
	return parser.failed ? DIE_NO : 0;
}

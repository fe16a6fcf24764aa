/*
 * ct-latest: shows the newest events of the bus, and with -f those to come.
 *
 * in: options and the environment, where a web server may have set CGI variables
 * out: lines, one object, or a CGI answer on standard output, and the exit code
 *
 * This file shows what the hub remembers; follow.c does -f, since.c --since, watch.c status records
 * on a terminal, and cgi.c CGI.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/die.h"
#include "base/tell.h"
#include "bus/bus.h"
#include "ct-latest/cgi.h"
#include "ct-latest/follow.h"
#include "ct-latest/since.h"
#include "ct-latest/watch.h"
#include "os/option.h"
#include "os/out.h"
#include "os/progress.h"
#include "os/ready.h"
#include "os/watchdog.h"

enum {
	COUNT = 25,
	MAX_COUNT = 1000,

	MAIN_SINCE = OPTION_LONG,
};

/* What the command line asks for. */
struct wanted {
	const char *bus;	/* its address */
	struct follow_wish wish;
	bool counted;		/* the number of records is given */
	bool follow;		/* go on with those to come */
	bool json;		/* one object instead of lines */
};

static const struct option_entry main_entries[] = {
	{ 'b', "bus", "ADDR", "the bus to read ($CT_BUS, else as ct-bus(5) says)" },
	{ 'n', "count", "N", "show N newest events (25), or what the hub remembers" },
	{ 'f', "follow", NULL, "go on with the events to come" },
	{ 's', "stream", "full|lite|domains|status",
	    "\nevents as they are on the bus (default), without chain\n"
	    "and as_der, or the names alone; or status records\n"
	    "instead of events, as a table on a terminal" },
	{ MAIN_SINCE, "since", "SEQ", "begin with this record (SEQ or EPOCH-SEQ)" },
	{ 'j', "json", NULL, "one object {\"messages\":[...]}, newest first" },
	{ 0, NULL, NULL, NULL },
};

static const struct option_table main_table = {
	.tool = "ct-latest",
	.usage = "usage: ct-latest [-fjqv] [-b BUS] [-n COUNT | --since SEQ] [-s STREAM]\n\n",
	.entries = main_entries,
	.column = 24,
	.notes = "\n"
		 "As a CGI program, without options, it answers with headers and the object of -j.\n"
		 "With -f it is a WebSocket endpoint under websocketd:\n"
		 "  websocketd --port 8080 ct-latest -f -s lite\n"
		 "See ct-latest(1).\n",
	.operands = "arguments are not taken, only options",
};

static void
main_options(int argc, char **argv, struct wanted *w)
{
	int c;

	while ((c = option_next(&main_table, argc, argv)) != -1) {
		switch (c) {
		case 'b':
			w->bus = optarg;
			break;
		case 'n':
			w->wish.count = (unsigned)option_number("--count", optarg, 0, MAX_COUNT, "");
			w->counted = true;
			break;
		case 'f':
			w->follow = true;
			break;
		case 's':
			if (!view_parse(optarg, &w->wish.view))
				die_usage("--stream %s: it is full, lite, domains or status", optarg);
			break;
		case MAIN_SINCE:
			if (!since_parse(&w->wish.since, optarg))
				die_usage("--since %s: it is SEQ or EPOCH-SEQ, numbers from 1 on", optarg);
			break;
		case 'j':
			w->json = true;
			break;
		}
	}
	if (w->json && w->follow)
		die_usage("--json and --follow exclude each other");
	if (w->wish.since.seq > 0 && (w->json || w->counted))
		die_usage("--since and --%s exclude each other", w->json ? "json" : "count");
}

/*
 * Returns true when the program was started by a gateway whose name and version,
 * such as "CGI/1.1" (RFC 3875 4.1.4), begin with prefix.
 */
static bool
main_gateway_is(const char *prefix)
{
	const char *gateway = getenv("GATEWAY_INTERFACE");

	return gateway != NULL && strncmp(gateway, prefix, strlen(prefix)) == 0;
}

/*
 * Returns true when the arguments come from the query of a CGI request: a web server
 * passes a query without "=" as arguments (RFC 3875 4.4). A stranger has written them,
 * who must not choose the bus or let the answer go on for ever.
 */
static bool
main_arguments_are_query(void)
{
	const char *query = getenv("QUERY_STRING");

	return main_gateway_is("CGI/") && query != NULL && *query != '\0' &&
	    strchr(query, '=') == NULL;
}

/* Writes to standard output. Returns false when its reader is gone. */
static bool
main_write(struct span s)
{
	if (out_write(STDOUT_FILENO, s) == 0)
		return true;
	if (errno != EPIPE)
		die_world("cannot write to stdout:");
	return false;
}

static void
main_no_hub(const struct wanted *w, const char *why)
{
	struct buf shown = { 0 };
	const char *bus = bus_shown(&shown, w->bus);

	if (strcmp(why, "permission denied") == 0)
		die_world("%s: %s; the bus of the units is for the group ct", bus, why);
	die_world("%s: %s; start one with: ct-fetch | ct-parse | ct-hub -b %s", bus, why, bus);
}

/* Returns true when status records are to be shown as a table: to a person, who has not asked for JSON. */
static bool
main_is_board(const struct wanted *w)
{
	return w->wish.view.status && !w->json && w->wish.since.seq == 0 && isatty(STDOUT_FILENO) &&
	    (!w->follow || progress_is_possible(STDOUT_FILENO));
}

static void
main_once(const struct wanted *w)
{
	struct latest latest;
	struct buf json;
	const char *why;

	latest_init(&latest);
	if (latest_ask(&latest, w->bus, w->wish.view, w->wish.count, &why) < 0)
		main_no_hub(w, why);
	buf_init(&json);
	if (w->json)
		latest_put_json(&latest, &json);
	if (!main_is_board(w))
		main_write(buf_span(w->json ? &json : &latest.shown));
	else if (watch_put_once(buf_span(&latest.shown)) < 0)
		die_world("cannot write to stdout:");
	buf_free(&json);
	latest_free(&latest);
}

/* Shows what the hub keeps from a place on, and ends where the stream is now, or with the reader. */
static void
main_since(const struct wanted *w)
{
	struct since since;
	const char *why;
	int more;

	more = since_open(&since, w->bus, w->wish.view, w->wish.since, &why) < 0 ? -1 : 1;
	while (more > 0 && main_write(buf_span(&since.shown)))
		more = since_next(&since, &why);
	if (more < 0)
		main_no_hub(w, why);
	if (more == 0)
		tell(TELL_DEBUG, "the next record is %" PRIu64 "-%" PRIu64, since.next.epoch,
		    since.next.seq);
	since_free(&since);
}

static void
main_cgi(const struct wanted *w)
{
	struct buf out;

	buf_init(&out);
	cgi_put(&out, w->bus, w->wish.count);
	main_write(buf_span(&out));
	buf_free(&out);
}

static void
main_signal(void *loop, int signo)
{
	(void)signo;
	loop_stop(loop);
}

/* Runs the loop until it is stopped, as a service if a manager wants to hear from it. */
static void
main_run(struct loop *loop)
{
	struct watchdog watchdog;

	ready_announce("READY=1");
	watchdog_start(&watchdog, loop, NULL, NULL);
	if (loop_run(loop) < 0)
		die_world("cannot wait for events:");
	ready_announce("STOPPING=1");
	watchdog_stop(&watchdog);
}

static void
main_follow(const struct wanted *w)
{
	struct loop *loop = loop_open();
	struct follow follow;

	if (loop == NULL || loop_signals(loop, main_signal, loop) < 0)
		die_world("cannot wait for events:");
	follow_open(&follow, loop, w->bus, &w->wish, main_gateway_is("websocketd"));
	main_run(loop);
	follow_free(&follow);
	loop_free(loop);
}

static void
main_watch_signal(void *cookie, int signo)
{
	struct watch *watch = cookie;

	if (signo == SIGWINCH)
		watch_resize(watch);
	else
		loop_stop(watch->loop);
}

static void
main_watch(const struct wanted *w)
{
	struct loop *loop = loop_open();
	struct watch watch;

	if (loop == NULL || loop_signals(loop, main_watch_signal, &watch) < 0 || loop_hear(SIGWINCH) < 0)
		die_world("cannot wait for events:");
	watch_open(&watch, loop, w->bus);
	main_run(loop);
	watch_free(&watch);
	loop_free(loop);
}

int
main(int argc, char **argv)
{
	struct wanted w = { .wish = { .count = COUNT } };
	struct buf address, shown;
	const char *why;

	die_init("ct-latest");
	if (main_arguments_are_query())
		argc = 1;
	main_options(argc, argv, &w);
	if (fcntl(STDOUT_FILENO, F_GETFD) < 0)	/* else the next that is opened is taken for it */
		die_world("cannot write to stdout:");
	buf_init(&address);
	buf_init(&shown);
	w.bus = bus_address(&address, w.bus);
	if (!bus_address_is(w.bus, &why))
		die_usage("--bus %s: %s", bus_shown(&shown, w.bus), why);
	signal(SIGPIPE, SIG_IGN);
	if (w.follow && main_is_board(&w))
		main_watch(&w);
	else if (w.follow)
		main_follow(&w);
	else if (argc == 1 && main_gateway_is("CGI/"))
		main_cgi(&w);
	else if (w.wish.since.seq > 0)
		main_since(&w);
	else
		main_once(&w);
	buf_free(&address);
	buf_free(&shown);
	return 0;
}

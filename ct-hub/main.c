/*
 * ct-hub: publishes records from standard input on the bus.
 *
 * in: options, the environment and signals
 * out: a hub, which hub.c is, that runs until its input ends or a signal comes; the exit code
 */
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/die.h"
#include "base/tell.h"
#include "bus/bus.h"
#include "ct-hub/hub.h"
#include "os/option.h"
#include "os/ready.h"
#include "os/watchdog.h"

enum {
	KEEP = 25,
	MAX_KEEP = 1000,	/* bounds the cost of an answer */
	HISTORY = 8 << 20,
	MAX_HISTORY = 1 << 30,
	MAX_STATUS = 86400,
	WAIT_MS = 3000,		/* a reader looks for a hub every two seconds */
	MAX_READERS = 1000,
	MODE = 0660,		/* of sockets: the hub's user and group may connect */
	BACKLOG = 64 << 20,
	MIN_BACKLOG = 4 << 20,
	MAX_BACKLOG = 512 << 20,
};

static const struct option_entry main_entries[] = {
	{ 'b', "bus", "ADDR", "serve this address ($CT_BUS, else as ct-bus(5) says)" },
	{ 'n', "keep", "N", "remember N newest events for readers that come later (25)" },
	{ 'H', "history", "BYTES", "keep BYTES of lines for readers that come back (8m)" },
	{ 'k', "marks", "FILE", "store the marks from which ct-fetch resumes in FILE" },
	{ 'o', "relay", "ADDR", "send all records to the bus at ADDR too" },
	{ 'i', "ingest", NULL, "take lines from the bus too, and stay when stdin ends" },
	{ 'w', "wait", "N", "read no input before N readers are there (wait 3 seconds)" },
	{ 'M', "mode", "MODE", "make sockets of this mode, in octal (660)" },
	{ 'G', "group", "GROUP", "make sockets that belong to GROUP" },
	{ 'Q', "backlog", "BYTES", "hold BYTES for a reader that is slow or stopped (64m)" },
	{ 'S', "status", "SECS", "publish a status record every SECS" },
	{ 0, NULL, NULL, NULL },
};

static const struct option_table main_table = {
	.tool = "ct-hub",
	.usage = "usage: ct-hub [-iqv] [-b BUS] [-n EVENTS] [-k FILE] [-o BUS] [-w READERS]\n"
		 "              [-Q BYTES] [-S SECONDS] [-H BYTES] < records\n\n",
	.entries = main_entries,
	.column = 23,
	.notes = "\n"
		 "Numbers and publishes the lines of stdin, alone or in batches. See ct-hub(1).\n",
	.operands = "records come on stdin",
};

static mode_t
main_mode(const char *text)
{
	char *end;
	unsigned long mode = strtoul(text, &end, 8);

	if (*text < '0' || *text > '7' || *end != '\0' || mode > 0777)
		die_usage("--mode %s: it is up to three octal digits, such as 660", text);
	return (mode_t)mode;
}

static gid_t
main_group(const char *name)
{
	const struct group *g = getgrnam(name);

	if (g == NULL)
		die_usage("--group %s: there is no such group", name);
	return g->gr_gid;
}

static void
main_options(int argc, char **argv, struct hub_options *o)
{
	int c;

	while ((c = option_next(&main_table, argc, argv)) != -1) {
		switch (c) {
		case 'b':
			o->address = optarg;
			break;
		case 'n':
			o->bus.keep = (unsigned)option_number("--keep", optarg, 0, MAX_KEEP, "");
			break;
		case 'H':
			o->bus.history = (size_t)option_number("--history", optarg, 0, MAX_HISTORY, "kmg");
			break;
		case 'k':
			o->marks = optarg;
			break;
		case 'o':
			o->relay = optarg;
			break;
		case 'i':
			o->bus.ingest = true;
			break;
		case 'w':
			o->bus.readers = (unsigned)option_number("--wait", optarg, 0, MAX_READERS, "");
			o->bus.wait = 0;
			break;
		case 'M':
			o->bus.mode = main_mode(optarg);
			break;
		case 'G':
			o->bus.group = main_group(optarg);
			break;
		case 'Q':
			o->bus.backlog = (size_t)option_number("--backlog", optarg, MIN_BACKLOG,
			    MAX_BACKLOG, "kmg");
			break;
		case 'S':
			o->status = (unsigned)option_number("--status", optarg, 0, MAX_STATUS, "");
			break;
		}
	}
}

static void
main_signal(void *loop, int signo)
{
	if (signo != SIGHUP)	/* there is nothing to read anew */
		loop_stop(loop);
}

/* Whether the hub and what is in front of it work. */
struct life {
	const struct hub *hub;
	uint64_t marks;		/* that had come when it was last asked */
	unsigned silent;	/* how often in a row none had come since */
};

enum { SILENT = 2 };	/* of the three times within the limit of the service manager */

/*
 * Where marks are stored, ct-fetch and all between it and the hub are seen to work by the marks, which come
 * often enough under a service manager (ct-fetch(1), WATCHDOG_USEC). Before the first nothing is expected.
 */
static bool
main_works(void *cookie)
{
	struct life *life = cookie;
	uint64_t marks = life->hub->tally.marks;

	life->silent = marks == life->marks && marks > 0 ? life->silent + 1 : 0;
	life->marks = marks;
	return life->hub->options.marks == NULL || life->silent < SILENT;
}

int
main(int argc, char **argv)
{
	struct hub_options o = { .bus = { .keep = KEEP, .history = HISTORY, .wait = WAIT_MS,
		.backlog = BACKLOG, .mode = MODE, .group = (gid_t)-1 } };
	struct buf address, shown;
	const char *why;
	struct loop *loop;
	struct watchdog watchdog;
	struct life life = { .hub = NULL };
	struct hub *hub;
	bool failed;

	die_init("ct-hub");
	main_options(argc, argv, &o);
	buf_init(&address);
	buf_init(&shown);
	o.address = bus_address(&address, o.address);
	if (!bus_address_is(o.address, &why))
		die_usage("--bus %s: %s", bus_shown(&shown, o.address), why);
	if (o.relay != NULL && !bus_address_is(o.relay, &why))
		die_usage("--relay %s: %s", bus_shown(&shown, o.relay), why);
	if (o.relay != NULL && o.bus.ingest)
		die_usage("--relay and --ingest exclude each other: a hub that takes pushed lines sends them "
		    "no further");
	if (fcntl(STDIN_FILENO, F_GETFD) < 0)	/* else the next that is opened is taken for it */
		die_world("cannot read stdin:");
	loop = loop_open();
	if (loop == NULL || loop_signals(loop, main_signal, loop) < 0)
		die_world("cannot wait for events:");
	hub = hub_open(loop, &o, STDIN_FILENO);
	tell(TELL_DEBUG, "serves %s", bus_shown(&shown, o.address));
	ready_announce("READY=1");
	life.hub = hub;
	watchdog_start(&watchdog, loop, main_works, &life);
	if (loop_run(loop) < 0)
		die_world("cannot wait for events:");
	ready_announce("STOPPING=1");
	watchdog_stop(&watchdog);
	hub_finish(hub);
	failed = hub_has_failed(hub);
	hub_free(hub);
	loop_free(loop);
	buf_free(&address);
	buf_free(&shown);
	return failed ? DIE_WORLD : 0;
}

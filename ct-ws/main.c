/*
 * ct-ws: serves certificates from the bus to WebSocket and HTTP clients.
 *
 * in: options, the environment and signals
 * out: a server, a feed that brings it the records of the bus, and the exit code
 */
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/die.h"
#include "base/tell.h"
#include "bus/bus.h"
#include "ct-ws/site/feed.h"
#include "ct-ws/server.h"
#include "os/option.h"
#include "os/ready.h"

enum {
	MIN_RING = 4096,	/* bytes; a quarter of it still holds a heartbeat */
	MAX_CLIENTS = 1000000,
};

static const char help[] =
    "usage: ct-ws [-qv] [-b BUS] [-a ADDRESS] [-p PORT] [-m CLIENTS] [-r BYTES]\n"
    "\n"
    "  -b, --bus ADDR           the bus to read ($CT_BUS, else the default of ct-bus(5))\n"
    "  -a, --address ADDR       listen on this address only (default: all)\n"
    "  -p, --port N             listen on this port ($PORT, else 8080; 0: any free one)\n"
    "  -m, --max-clients N      connections at once (10000)\n"
    "  -r, --ring BYTES[k|m|g]  how far a slow client may fall behind (16m)\n"
    "  -q, --quiet              tell errors and warnings only\n"
    "  -v, --verbose            tell more, -vv everything\n"
    "  -h, --help  -V, --version\n"
    "\n"
    "WebSockets: / (lite)  /full-stream  /domains-only\n"
    "HTTP: / (a page)  /latest.json  /example.json  /metrics  /stats\n"
    "      /health  /health/deep.\n"
    "See ct-ws(1).\n";

static const struct option options[] = {
	{ "bus", required_argument, NULL, 'b' },
	{ "address", required_argument, NULL, 'a' },
	{ "port", required_argument, NULL, 'p' },
	{ "max-clients", required_argument, NULL, 'm' },
	{ "ring", required_argument, NULL, 'r' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static void
ws_options(int argc, char **argv, struct server_options *o, const char **bus)
{
	int c;

	while ((c = getopt_long(argc, argv, "b:a:p:m:r:qvhV", options, NULL)) != -1) {
		switch (c) {
		case 'b':
			*bus = optarg;
			break;
		case 'a':
			o->address = optarg;
			break;
		case 'p':
			o->port = optarg;
			break;
		case 'm':
			o->max_clients = (size_t)option_number("--max-clients", optarg, 1, MAX_CLIENTS, "");
			break;
		case 'r':
			o->ring = (size_t)option_number("--ring", optarg, MIN_RING, SIZE_MAX / 8, "kmg");
			break;
		default:
			option_take(c, "ct-ws", help);
		}
	}
	if (optind < argc)
		die_usage("%s: arguments are not taken, only options; try ct-ws --help", argv[optind]);
	option_number("--port", o->port, 0, 65535, "");
}

static struct server *
ws_listen(struct loop *loop, const struct server_options *o)
{
	const char *where = o->address != NULL ? o->address : "any address";
	const char *why = NULL;
	struct server *server = server_open(loop, o, &why);

	if (server != NULL)
		return server;
	if (why != NULL)
		die_world("cannot listen on %s, port %s: %s", where, o->port, why);
	die_world("cannot listen on %s, port %s:", where, o->port);
}

/* Tells the port, which the system may have chosen, and that clients can connect. */
static void
ws_announce(const struct server *server)
{
	tell(TELL_INFO, "listening on port %u", server_port(server));
	if (ready_tell("READY=1") < 0)
		tell(TELL_WARNING, "cannot tell the service manager:");
}

static void
ws_signalled(void *cookie, int signo)
{
	struct server *server = *(struct server **)cookie;

	if (signo == SIGHUP || server == NULL)
		return;	/* HUP: there is no file to read again */
	ready_tell("STOPPING=1");
	server_stop(server);
}

int
main(int argc, char **argv)
{
	const char *port = getenv("PORT"), *bus = NULL, *why = NULL;
	struct server_options o = { NULL, port != NULL && *port ? port : "8080", 10000, 16 << 20, 4 << 20 };
	struct server *server = NULL;
	struct buf address;
	struct loop *loop;
	struct feed feed;

	die_init("ct-ws");
	ws_options(argc, argv, &o, &bus);
	buf_init(&address);
	bus = bus_address(&address, bus);
	loop = loop_open();
	if (loop == NULL || loop_signals(loop, ws_signalled, &server) < 0)
		die_world("cannot wait for events:");
	server = ws_listen(loop, &o);
	if (feed_open(&feed, loop, server, bus, &why) < 0)
		die_world("bus %s: %s", bus, why);
	ws_announce(server);
	if (loop_run(loop) < 0)
		die_world("cannot wait for events:");
	feed_free(&feed);
	server_free(server);
	loop_free(loop);
	buf_free(&address);
	return 0;
}

/*
 * ct-ws: serves certificates from the bus to WebSocket and HTTP clients.
 *
 * in: options, the environment and signals
 * out: a server, a feed that brings it the records of the bus, and the exit code
 */
#include <signal.h>

#include "base/die.h"
#include "base/tell.h"
#include "bus/bus.h"
#include "ct-ws/options.h"
#include "ct-ws/server.h"
#include "ct-ws/site/feed.h"
#include "os/ready.h"

/* Reads the certificate and the tokens that the options name. The process ends when they are wrong. */
static void
ws_read_files(struct options *o)
{
	struct buf why;

	buf_init(&why);
	if (o->cert != NULL && (o->server.tls = tls_open(o->cert, o->key, &why)) == NULL)
		die_world("%s", buf_str(&why));
	buf_free(&why);
	if (!door_read_tokens(&o->door))
		die_world("without its tokens nobody may come in");
}

static struct server *
ws_listen(struct loop *loop, const struct server_options *o)
{
	struct endpoint_flaw flaw = { NULL, NULL };
	struct server *server = server_open(loop, o, &flaw);
	const char *where = flaw.address != NULL ? flaw.address : "any address";

	if (server != NULL)
		return server;
	if (flaw.why != NULL)
		die_world("cannot listen on %s, port %s: %s", where, o->port, flaw.why);
	if (strncmp(where, "unix:", 5) == 0)
		die_world("cannot listen on %s:", where);
	die_world("cannot listen on %s, port %s:", where, o->port);
}

/* Tells the port, which the system may have chosen, and that clients can connect. */
static void
ws_announce(const struct server *server)
{
	if (server_port(server) != 0)
		tell(TELL_INFO, "listening on port %u", server_port(server));
	else
		tell(TELL_INFO, "listening");
	if (ready_tell("READY=1") < 0)
		tell(TELL_WARNING, "cannot tell the service manager:");
}

static void
ws_signalled(void *cookie, int signo)
{
	struct server *server = *(struct server **)cookie;

	if (server == NULL)
		return;
	if (signo == SIGHUP) {
		server_reload(server);
		return;
	}
	ready_tell("STOPPING=1");
	server_stop(server);
}

int
main(int argc, char **argv)
{
	struct server *server = NULL;
	const char *bus, *why = NULL;
	struct options o;
	struct buf address;
	struct loop *loop;
	struct feed feed;

	die_init("ct-ws");
	options_take(&o, argc, argv);
	ws_read_files(&o);
	buf_init(&address);
	bus = bus_address(&address, o.bus);
	loop = loop_open();
	if (loop == NULL || loop_signals(loop, ws_signalled, &server) < 0)
		die_world("cannot wait for events:");
	server = ws_listen(loop, &o.server);
	if (feed_open(&feed, loop, server, bus, &why) < 0)
		die_world("bus %s: %s", bus, why);
	ws_announce(server);
	if (loop_run(loop) < 0)
		die_world("cannot wait for events:");
	feed_free(&feed);
	server_free(server);
	tls_free(o.server.tls);
	door_free(&o.door);
	hash_free(o.door.hash);
	loop_free(loop);
	buf_free(&address);
	return 0;
}

/*
 * ct-ws: serves certificates from the bus to WebSocket and HTTP clients.
 *
 * in: options, the environment and signals
 * out: a server, a feed that brings it the records of the bus, and the exit code; or several
 *	processes that each have these
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/die.h"
#include "base/tell.h"
#include "bus/bus.h"
#include "ct-ws/crew/crew.h"
#include "ct-ws/net/listener.h"
#include "ct-ws/options.h"
#include "ct-ws/server.h"
#include "ct-ws/site/feed.h"
#include "os/ready.h"
#include "os/watchdog.h"

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

/* Opens the sockets to listen on. The process ends when that is not possible. */
static void
ws_listen(struct endpoints *e, const struct options *o)
{
	struct endpoint_flaw flaw = { NULL, NULL };
	const char *where;

	if (endpoints_listen(e, o->addresses, o->address_count, o->port, &flaw) == 0)
		return;
	where = flaw.address != NULL ? flaw.address : "any address";
	if (flaw.why != NULL)
		die_world("cannot listen on %s, port %s: %s", where, o->port, flaw.why);
	if (strncmp(where, "unix:", 5) == 0)
		die_world("cannot listen on %s:", where);
	die_world("cannot listen on %s, port %s:", where, o->port);
}

/* Tells the port, which the system may have chosen, and that clients can connect. */
static void
ws_announce(unsigned port)
{
	if (port != 0)
		tell(TELL_INFO, "listening on port %u", port);
	else
		tell(TELL_INFO, "listening");
	ready_announce("READY=1");
}

/* ---- a process that serves ---- */

struct ws {
	struct options *o;
	const char *bus;
	struct endpoints *sets;	/* sockets to listen on, a set for each process that serves */
	char name[32];		/* of a worker, for what it tells */
	struct loop *loop;
	struct server *server;
	struct feed feed;
	struct loop_fd line;	/* of a worker, see crew.h */
};

static void
ws_signalled(void *cookie, int signo)
{
	struct ws *w = cookie;

	if (w->server == NULL)
		return;
	if (signo == SIGHUP) {
		server_reload(w->server);
		return;
	}
	if (w->o->server.share.slots == NULL)
		ready_tell("STOPPING=1");
	server_stop(w->server);
}

/* Listens and reads the bus. The process ends when that is not possible. */
static void
ws_begin(struct ws *w)
{
	const char *why = NULL;
	struct buf shown;

	buf_init(&shown);
	w->loop = loop_open();
	if (w->loop == NULL || loop_signals(w->loop, ws_signalled, w) < 0)
		die_world("cannot wait for events:");
	w->server = server_open(w->loop, &w->o->server);
	if (w->server == NULL)
		die_world("cannot wait for clients:");
	if (feed_open(&w->feed, w->loop, w->server, w->bus, &why) < 0)
		die_world("bus %s: %s", bus_shown(&shown, w->bus), why);
}

/* Serves until it has been told to end. */
static void
ws_serve(struct ws *w)
{
	if (loop_run(w->loop) < 0)
		die_world("cannot wait for events:");
	feed_free(&w->feed);
	server_free(w->server);
	loop_free(w->loop);
}

static void
ws_serve_alone(struct ws *w)
{
	struct watchdog watchdog;

	w->o->server.endpoints = &w->sets[0];
	ws_begin(w);
	ws_announce(server_port(w->server));
	watchdog_start(&watchdog, w->loop, NULL, NULL);
	ws_serve(w);
}

/* ---- several processes ---- */

/*
 * A worker whose parent has gone ends, and when it has begun to end already, at once: a second
 * TERM has ended the parent in its handler (os/stop.h).
 */
static void
ws_heard(void *cookie, unsigned events)
{
	struct ws *w = cookie;
	int signo = crew_hear(w->line.fd);

	(void)events;
	if (signo > 0)
		ws_signalled(w, signo);
	if (signo >= 0)
		return;
	loop_del(w->loop, &w->line);
	if (server_is_stopping(w->server))
		_exit(0);
	server_stop(w->server);
}

static int
ws_work(void *cookie, size_t worker, int line, bool again)
{
	struct ws *w = cookie;

	snprintf(w->name, sizeof(w->name), "ct-ws[%zu]", worker);
	die_init(w->name);
	endpoints_pick(w->sets, w->o->workers, worker);
	w->o->server.share.worker = w->o->door.worker = w->o->door.census.worker = worker;
	w->o->server.endpoints = &w->sets[worker];
	ws_begin(w);
	if (again)
		server_reload(w->server);	/* what was read before the fork may be old */
	w->line = (struct loop_fd){ .fd = line, .ready = ws_heard, .cookie = w };
	if (loop_add(w->loop, &w->line, LOOP_READ) < 0)
		die_world("cannot wait for the parent:");
	crew_be_ready(line);
	ws_serve(w);
	return 0;
}

static void
ws_all_ready(void *cookie)
{
	struct ws *w = cookie;

	ws_announce(endpoints_port(&w->sets[0]));
}

/* The parent holds every socket, so that connections wait while a worker begins anew; now none shall. */
static void
ws_close(struct ws *w)
{
	for (size_t i = w->o->workers; i-- > 0;)
		endpoints_close(&w->sets[i]);
}

/* What a worker has counted for addresses and tokens goes with it. */
static void
ws_ended(void *cookie, size_t worker)
{
	struct ws *w = cookie;

	if (w->o->door.census.roll != NULL)
		roll_retire(w->o->door.census.roll, worker);
	if (w->o->door.streams != NULL)
		roll_retire(w->o->door.streams, worker);
}

/* Lets all workers count what the door has limits for together. */
static void
ws_share_door(struct options *o)
{
	size_t most = o->server.max_clients + o->workers * CLIENTS_SPARE;

	if (o->door.census.most > 0)
		o->door.census.roll = roll_open(o->workers, most, o->door.hash);
	if (o->door.token_file != NULL)
		o->door.streams = roll_open(o->workers, most, o->door.hash);
}

static void
ws_stopping(void *cookie)
{
	ready_tell("STOPPING=1");
	ws_close(cookie);
}

static int
ws_serve_together(struct ws *w)
{
	const struct crew_calls calls = { ws_work, ws_all_ready, ws_ended, ws_stopping, w };
	struct slots *slots = slots_open(w->o->workers);
	int code;

	for (size_t i = 1; i < w->o->workers; i++)
		if (endpoints_repeat(&w->sets[i], &w->sets[0]) < 0)
			die_world("cannot listen for %zu workers:", w->o->workers);
	w->o->server.share.slots = slots;
	ws_share_door(w->o);
	code = crew_run(w->o->workers, slots, &calls);
	ws_close(w);
	slots_close(slots);
	roll_close(w->o->door.census.roll);
	roll_close(w->o->door.streams);
	return code;
}

int
main(int argc, char **argv)
{
	struct options o;
	struct ws w = { .o = &o };
	struct buf address;
	int code = 0;

	die_init("ct-ws");
	options_take(&o, argc, argv);
	ws_read_files(&o);
	o.server.max_clients = listener_room(o.server.max_clients);
	buf_init(&address);
	w.bus = bus_address(&address, o.bus);
	w.sets = calloc(o.workers > 0 ? o.workers : 1, sizeof(*w.sets));
	if (w.sets == NULL)
		die_world("out of memory for the sockets to listen on");
	w.sets[0].many = o.workers > 1;
	ws_listen(&w.sets[0], &o);
	if (o.workers > 0)
		code = ws_serve_together(&w);
	else
		ws_serve_alone(&w);
	free(w.sets);
	tls_free(o.server.tls);
	door_free(&o.door);
	hash_free(o.door.hash);
	buf_free(&address);
	return code;
}

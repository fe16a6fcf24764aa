/*
 * wsfeed: measures what ct-ws needs to bring events to its clients, without
 * the bus. It runs the server of ct-ws and gives it made-up events, as fast as
 * the clients take them or, with -r, at a steady pace.
 *
 *	wsfeed [-p PORT] [-s BYTES] [-r EVENTS] [-n CLIENTS] [-t SECONDS]
 *	wsfeed -o [-s BYTES] [-r EVENTS] [-t SECONDS]
 *
 *	-p  port to listen on (8080)
 *	-s  bytes of an event (2048)
 *	-r  events a second; 0, the default, is full speed
 *	-n  clients to wait for before it begins (1)
 *	-t  seconds to run (10)
 *	-o  write the events to stdout, for ct-hub, and serve nothing
 *
 * It ends when the time is over or a client leaves, and then prints one line:
 * events, seconds, its CPU time in per cent and per message sent, bytes sent,
 * records skipped, and its memory. At full speed it pauses while more than a
 * tenth of the clients are blocked, since it is to measure sending and not
 * skipping.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-ws/net/listener.h"
#include "ct-ws/server.h"

struct feeder {
	struct loop *loop;
	struct server *server;
	struct loop_fd always;		/* always readable: the loop calls for events without a pause */
	struct loop_timer timer;
	struct buf event;
	size_t clients;
	double rate, seconds, start, cpu;
	uint64_t events;
};

static double
feeder_now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Adds up all streams on WebSockets. */
static struct renditions_sum
feeder_sum(const struct feeder *f)
{
	struct renditions_sum all = { .readers = 0 }, one;

	for (size_t i = 0; i < FORMS; i++) {
		renditions_sum(&server_site(f->server)->renditions, i, WIRE_WEBSOCKET, &one);
		all.readers += one.readers;
		all.blocked += one.blocked;
		all.texts += one.texts;
		all.skipped += one.skipped;
		all.sent += one.sent;
	}
	return all;
}

static void
feeder_finish(struct feeder *f)
{
	double seconds = feeder_now(CLOCK_MONOTONIC) - f->start;
	double cpu = feeder_now(CLOCK_PROCESS_CPUTIME_ID) - f->cpu;
	struct renditions_sum sum = feeder_sum(f);
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	printf("events=%llu seconds=%.2f cpu=%.0f%% us/message=%.3f sent=%llu skipped=%llu rss=%ldK\n",
	    (unsigned long long)f->events, seconds, 100 * cpu / seconds,
	    1e6 * cpu / ((double)f->events * (double)f->clients), (unsigned long long)sum.sent,
	    (unsigned long long)sum.skipped, usage.ru_maxrss);
	exit(fflush(stdout) == 0 ? 0 : 111);
}

/* Returns true once all clients are there. Ends the process when one leaves or the time is over. */
static bool
feeder_runs(struct feeder *f)
{
	size_t clients = feeder_sum(f).readers;

	if (f->start == 0 && clients < f->clients)
		return false;
	if (f->start == 0) {
		f->start = feeder_now(CLOCK_MONOTONIC);
		f->cpu = feeder_now(CLOCK_PROCESS_CPUTIME_ID);
	}
	if (clients < f->clients || feeder_now(CLOCK_MONOTONIC) - f->start >= f->seconds)
		feeder_finish(f);
	return true;
}

static void
feeder_flood(void *cookie, unsigned events)
{
	struct feeder *f = cookie;

	(void)events;
	if (!feeder_runs(f))
		return;
	if (feeder_sum(f).blocked > f->clients / 10)
		return;
	for (int i = 0; i < 16; i++, f->events++)
		server_take(f->server, (struct bus_place){ 1, f->events + 1 }, buf_span(&f->event));
	server_settle(f->server);
}

static void
feeder_pace(void *cookie)
{
	struct feeder *f = cookie;

	loop_after(f->loop, &f->timer, 1);
	if (!feeder_runs(f))
		return;
	while ((double)f->events < (feeder_now(CLOCK_MONOTONIC) - f->start) * f->rate) {
		server_take(f->server, (struct bus_place){ 1, f->events + 1 }, buf_span(&f->event));
		f->events++;
		server_settle(f->server);
	}
}

static void
feeder_make_event(struct feeder *f, size_t bytes)
{
	static const char start[] = "{\"data\":{\"cert_index\":1,\"cert_link\":\"https://log.example/\","
	    "\"leaf_cert\":{\"all_domains\":[\"";
	static const char end[] = "\"],\"is_ca\":false},\"seen\":1.5,\"source\":{\"name\":\"A log\","
	    "\"url\":\"https://log.example\",\"timestamp\":1,\"type\":\"rfc6962\"},"
	    "\"update_type\":\"X509LogEntry\"},\"message_type\":\"certificate_update\"}";

	buf_puts(&f->event, start);
	while (f->event.n + sizeof(end) < bytes)
		buf_putc(&f->event, 'a');
	buf_puts(&f->event, end);
}

/* Writes events to stdout, a hundred times a second as many as are due. */
static void
feeder_print(struct feeder *f)
{
	struct timespec pause = { 0, 10 * 1000 * 1000 };
	double passed;

	f->start = feeder_now(CLOCK_MONOTONIC);
	buf_putc(&f->event, '\n');
	while ((passed = feeder_now(CLOCK_MONOTONIC) - f->start) < f->seconds) {
		for (; (double)f->events < passed * f->rate; f->events++)
			fwrite(f->event.p, 1, f->event.n, stdout);
		if (fflush(stdout) != 0)
			exit(0);
		nanosleep(&pause, NULL);
	}
}

static void
feeder_open(struct feeder *f, struct loop *loop)
{
	if (f->rate > 0) {
		f->timer = (struct loop_timer){ .due = feeder_pace, .cookie = f };
		loop_after(loop, &f->timer, 1);
		return;
	}
	f->always = (struct loop_fd){ .fd = eventfd(1, 0), .ready = feeder_flood, .cookie = f };
	if (f->always.fd < 0 || loop_add(loop, &f->always, LOOP_READ) < 0)
		die_world("cannot flood:");
}

int
main(int argc, char **argv)
{
	struct door door = { .hash = hash_open() };
	struct endpoints at = { .count = 0 };
	struct server_options o = { .endpoints = &at, .max_clients = 20000,
		.sizes = { .ring = 16 << 20, .journal = 4 << 20, .journal_alone = 1 << 20 }, .door = &door };
	struct loop *loop = loop_open();
	struct feeder f = { .loop = loop, .clients = 1, .seconds = 10 };
	struct endpoint_flaw flaw;
	const char *port = "8080";
	size_t bytes = 2048;
	bool print = false;
	int c;

	die_init("wsfeed");
	while ((c = getopt(argc, argv, "p:s:r:n:t:o")) != -1) {
		switch (c) {
		case 'p':
			port = optarg;
			break;
		case 's':
			bytes = (size_t)atol(optarg);
			break;
		case 'r':
			f.rate = atof(optarg);
			break;
		case 'n':
			f.clients = (size_t)atol(optarg);
			break;
		case 't':
			f.seconds = atof(optarg);
			break;
		case 'o':
			print = true;
			break;
		default:
			die_usage("wsfeed [-o] [-p PORT] [-s BYTES] [-r EVENTS] [-n CLIENTS] [-t SECONDS]");
		}
	}
	feeder_make_event(&f, bytes);
	if (print) {
		feeder_print(&f);
		return 0;
	}
	tell_quieter();
	if (endpoints_listen(&at, NULL, 0, port, &flaw) < 0)
		die_world("cannot listen on port %s:", port);
	o.max_clients = listener_room(o.max_clients);
	f.server = loop == NULL ? NULL : server_open(loop, &o);
	if (f.server == NULL)
		die_world("cannot wait for events:");
	feeder_open(&f, loop);
	return loop_run(loop) < 0;
}

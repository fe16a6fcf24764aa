/*
 * Wires listener, clients, site and clock together.
 *
 * in: connections, records of the bus, the time
 * out: answers and streams on the connections
 */
#include "ct-ws/server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-ws/client.h"
#include "ct-ws/net/farewell.h"
#include "ct-ws/net/listener.h"
#include "os/wall.h"

struct server {
	struct loop *loop;
	struct door *door;
	struct tls *tls;
	struct listener listener;
	struct clients clients;
	struct farewell farewell;
	struct site site;
	struct loop_timer tick;		/* runs while a round of sending is under way, or is to begin */
	struct loop_timer second;
	struct loop_timer last;		/* the end of SERVER_STOP_MS */
	struct loop_fd compiled;	/* readable when a regex of a filter has been compiled */
	bool in_round;
	uint64_t round_began, next_round;	/* as loop_clock counts; the latter is not before that */
};

/* ---- connections ---- */

static void
server_refuse(struct server *s, int fd, bool silent)
{
	const char *sentence = door_sentence(DOOR_FULL);
	char text[512];
	int n = snprintf(text, sizeof(text), "HTTP/1.1 503 Service Unavailable\r\n"
	    "Content-Type: text/plain\r\nContent-Length: %zu\r\n%sConnection: close\r\n\r\n%s\r\n",
	    strlen(sentence) + 2, door_fields(DOOR_FULL), sentence);

	if (!silent)	/* a new connection has room for it */
		(void)!send(fd, text, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT);
	farewell_put(&s->farewell, fd, loop_now(s->loop));
	s->site.metrics.turned_away[DOOR_FULL]++;
}

static void
server_accepted(void *cookie, int fd, const struct address *from)
{
	struct server *s = cookie;

	if (clients_has_room(&s->clients) || clients_has_spare(&s->clients))
		client_open(&s->clients, fd, from);
	else
		server_refuse(s, fd, s->tls != NULL && from->kind != ADDRESS_LOCAL);
}

/* ---- records of the bus ---- */

void
server_take_old(struct server *s, struct bus_place place, struct span line)
{
	site_take_old(&s->site, place, line);
}

void
server_begin(struct server *s, struct bus_place place)
{
	site_begin(&s->site, place);
	listener_resume(&s->listener);
}

void
server_take(struct server *s, struct bus_place place, struct span line)
{
	site_take(&s->site, place, line);
}

void
server_missed(struct server *s, uint64_t records)
{
	tell(TELL_WARNING, "%llu records were lost on the bus", (unsigned long long)records);
	site_miss(&s->site, records);
}

void
server_hub_is(struct server *s, enum health_hub hub)
{
	s->site.health.hub = hub;
	if (hub != HEALTH_HUB_THERE)
		site_part(&s->site);
}

void
server_learn(struct server *s, const struct bus_place *lives, size_t count)
{
	site_learn(&s->site, lives, count);
	server_settle(s);
}

void
server_hub_heard(struct server *s)
{
	s->site.health.was_heard = true;
	s->site.health.heard = loop_now(s->loop);
}

void
server_settle(struct server *s)
{
	uint64_t now;

	if (!renditions_settle(&s->site.renditions, SERVER_FEW) || loop_timer_runs(&s->tick))
		return;
	now = loop_clock();
	loop_after(s->loop, &s->tick, now < s->next_round ? (unsigned)(s->next_round - now) : 0);
}

/* ---- filters ---- */

static void
server_compiled(void *cookie, unsigned events)
{
	struct server *s = cookie;

	(void)events;
	compiler_hear(s->site.renditions.compiler);
	clients_compiled(&s->clients);
}

/* ---- the clock ---- */

/* Ends a round. The next one comes after half as long as this one took, within the limits. */
static void
server_end_round(struct server *s)
{
	uint64_t now = loop_clock(), half = (now - s->round_began) / 2;

	s->in_round = false;
	s->next_round = now + (half < SERVER_PAUSE_LEAST_MS ? SERVER_PAUSE_LEAST_MS :
	    half > SERVER_PAUSE_MS ? SERVER_PAUSE_MS : half);
	server_settle(s);
}

/*
 * Sends what was gathered, to a few clients in each turn of the loop. In between the loop reads the bus,
 * so that an event waits only until the turn of its client comes, and answers requests. The more clients
 * there are, the longer are the rounds, and the more each is sent at once.
 */
static void
server_tick(void *cookie)
{
	struct server *s = cookie;

	if (!s->in_round) {
		s->in_round = true;
		s->round_began = loop_clock();
		renditions_begin(&s->site.renditions);
	}
	if (renditions_go_on(&s->site.renditions, SERVER_FEW))
		server_end_round(s);
	else
		loop_after(s->loop, &s->tick, 0);
}

/* Keeps for the metrics when the certificate ends. */
static void
server_note_certificate(struct server *s)
{
	int64_t ends = tls_ends(s->tls);

	s->site.metrics.certificate_ends = ends > 0 ? (uint64_t)ends : 0;
}

static void
server_second(void *cookie)
{
	struct server *s = cookie;

	loop_after(s->loop, &s->second, 1000);
	site_second(&s->site, loop_now(s->loop), wall_now());
	if (!s->clients.stopping) {
		renditions_second(&s->site.renditions, wall_now());
		server_settle(s);
	}
	if (s->tls != NULL) {
		tls_look(s->tls, loop_now(s->loop));
		server_note_certificate(s);
	}
	clients_check(&s->clients, loop_now(s->loop));
	farewell_check(&s->farewell, loop_now(s->loop));
}

static void
server_end(void *cookie)
{
	struct server *s = cookie;

	loop_stop(s->loop);
}

/* ---- start and stop ---- */

struct server *
server_open(struct loop *loop, const struct server_options *o)
{
	struct server *s = calloc(1, sizeof(*s));

	if (s == NULL)
		die_world("out of memory for the server");
	if (listener_open(&s->listener, loop, o->endpoints, server_accepted, s) < 0) {
		int saved = errno;

		listener_close(&s->listener);
		free(s);
		errno = saved;
		return NULL;
	}
	s->loop = loop;
	s->door = o->door;
	s->tls = o->tls;
	site_init(&s->site, &o->sizes, &client_calls, loop_now(loop));
	health_begin(&s->site.health, o->stale, loop_now(loop));
	s->site.slots = o->share.slots;
	s->site.worker = o->share.worker;
	s->compiled = (struct loop_fd){ .fd = compiler_fd(s->site.renditions.compiler),
		.ready = server_compiled, .cookie = s };
	if (loop_add(loop, &s->compiled, LOOP_READ) < 0)
		die_world("cannot wait for regexes:");
	clients_init(&s->clients, loop, &s->site, o->door, o->tls, o->max_clients, o->share);
	s->tick = (struct loop_timer){ .due = server_tick, .cookie = s };
	s->second = (struct loop_timer){ .due = server_second, .cookie = s };
	s->last = (struct loop_timer){ .due = server_end, .cookie = s };
	if (s->tls != NULL)
		server_note_certificate(s);
	loop_after(loop, &s->second, 1000);
	/* Those who connect at once, and have had the newest events before, are not sent them again. */
	listener_delay(&s->listener, SERVER_BEGIN_MS);
	return s;
}

unsigned
server_port(const struct server *s)
{
	return listener_port(&s->listener);
}

const struct site *
server_site(const struct server *s)
{
	return &s->site;
}

void
server_reload(struct server *s)
{
	if (s->tls != NULL)
		(void)tls_reload(s->tls);
	if (door_read_tokens(s->door) && s->door->token_file != NULL)
		tell(TELL_INFO, "token file %s is read anew", s->door->token_file);
}

void
server_free(struct server *s)
{
	listener_close(&s->listener);
	loop_stop_timer(s->loop, &s->tick);
	loop_stop_timer(s->loop, &s->second);
	loop_stop_timer(s->loop, &s->last);
	loop_del(s->loop, &s->compiled);
	clients_free(&s->clients);
	farewell_free(&s->farewell);
	site_free(&s->site);
	free(s);
}

bool
server_is_stopping(const struct server *s)
{
	return s->clients.stopping;
}

void
server_stop(struct server *s)
{
	if (s->clients.stopping)
		return;
	listener_close(&s->listener);
	loop_after(s->loop, &s->last, SERVER_STOP_MS);
	renditions_begin(&s->site.renditions);
	renditions_go_on(&s->site.renditions, SIZE_MAX);
	clients_stop(&s->clients, server_end, s);
}

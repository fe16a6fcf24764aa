/*
 * In: connections, records, the clock. Out: clients, and frames for them in
 * time. main.c opens and stops it.
 */
#include "ct-ws/server.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-ws/client.h"
#include "ct/record.h"

enum {
	SERVER_BACKLOG = 1024,
	SERVER_ACCEPT = 64,	/* connections taken in a turn: the streams go on meanwhile */
	SERVER_FILES = 64,	/* descriptors that are no clients */
};

/* ---- connections ---- */

static void
server_tell_client(const struct server *s, const struct sockaddr_storage *from, socklen_t n)
{
	char host[NI_MAXHOST], port[NI_MAXSERV];

	if (tell_is_on(TELL_DEBUG) && getnameinfo((const struct sockaddr *)from, n, host,
	    sizeof(host), port, sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) == 0)
		tell(TELL_DEBUG, "client %llu: from %s port %s",
		    (unsigned long long)s->next_number + 1, host, port);
}

static void
server_refuse(struct server *s, int fd)
{
	static const char text[] = "HTTP/1.1 503 Service Unavailable\r\n"
	    "Content-Type: text/plain\r\nContent-Length: 31\r\nRetry-After: 5\r\n"
	    "Connection: close\r\n\r\nToo many clients; come again.\r\n";
	ssize_t n = send(fd, text, sizeof(text) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);

	(void)n;	/* it is only a courtesy */
	close(fd);
	s->metrics.refused++;
}

static void
server_accept(void *cookie, unsigned events)
{
	struct server *s = cookie;
	struct sockaddr_storage from;

	(void)events;
	server_clear_dead(s);
	for (int i = 0; i < SERVER_ACCEPT; i++) {
		socklen_t n = sizeof(from);
		int fd = accept4(s->listener.fd, (struct sockaddr *)&from, &n,
		    SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM)) {
			tell(TELL_WARNING, "no more connections for a second:");
			loop_want(s->loop, &s->listener, 0);
		}
		if (fd < 0)
			return;
		if (s->count >= s->max) {
			server_refuse(s, fd);
			continue;
		}
		server_tell_client(s, &from, n);
		client_open(s, fd);
	}
}

void
server_adopt(struct server *s, struct client *c)
{
	c->slot = s->count;
	s->clients[s->count++] = c;
}

void
server_bury(struct server *s, struct client *c)
{
	struct client *last = s->clients[--s->count];

	s->clients[c->slot] = last;
	last->slot = c->slot;
	c->next = s->dead;
	s->dead = c;
	if (s->stopping && s->count == 0)
		loop_stop(s->loop);
}

void
server_clear_dead(struct server *s)
{
	struct client *c;

	while ((c = s->dead) != NULL) {
		s->dead = c->next;
		free(c);
	}
}

/* ---- the streams ---- */

void
server_take(struct server *s, struct span line)
{
	if (record_kind(line) != RECORD_EVENT)
		return;
	metrics_take(&s->metrics, line);
	newest_put(&s->newest, line);
	for (size_t i = 0; i < FORMS; i++)
		stream_put_event(&s->streams[i], line);
}

void
server_missed(struct server *s, uint64_t records)
{
	tell(TELL_WARNING, "%llu records were lost on the bus", (unsigned long long)records);
	s->metrics.holes++;
	s->metrics.missed += records;
	for (size_t i = 0; i < FORMS; i++)
		stream_put_skipped(&s->streams[i], records);
}

void
server_hub_is(struct server *s, enum health_hub hub)
{
	s->health.hub = hub;
}

void
server_hub_heard(struct server *s)
{
	s->health.was_heard = true;
	s->health.heard = loop_now(s->loop);
}

static void
server_flush(struct server *s)
{
	for (size_t i = 0; i < FORMS; i++)
		if (stream_has_news(&s->streams[i]))
			stream_flush(&s->streams[i]);
}

void
server_settle(struct server *s)
{
	for (size_t i = 0; i < FORMS; i++) {
		struct stream *t = &s->streams[i];

		if (!stream_has_news(t))
			continue;
		if (t->count - t->blocked <= SERVER_FEW)
			stream_flush(t);
		else if (!s->tick_runs) {
			s->tick_runs = true;
			loop_after(s->loop, &s->tick, SERVER_TICK_MS);
		}
	}
}

static void
server_tick(void *cookie)
{
	struct server *s = cookie;

	s->tick_runs = false;
	server_flush(s);
}

/* ---- the clock ---- */

static uint64_t
server_time(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/*
 * A heartbeat is a text, which a program reading /domains-only for names would
 * trip over, so that stream gets a ping instead.
 */
static void
server_keep_alive(struct server *s)
{
	bool ping = ++s->seconds >= SERVER_PING;

	if (ping)
		s->seconds = 0;
	for (size_t i = 0; i < FORMS; i++) {
		struct stream *t = &s->streams[i];
		bool idle = t->texts == s->texts[i] && ++s->idle[i] >= SERVER_HEARTBEAT;

		if (idle && i != FORM_DOMAINS)
			stream_put_heartbeat(t, server_time());
		if (ping || (idle && i == FORM_DOMAINS))
			stream_put_ping(t);
		if (idle || t->texts != s->texts[i])
			s->idle[i] = 0;
		s->texts[i] = t->texts;
	}
	server_flush(s);
}

static void
server_second(void *cookie)
{
	struct server *s = cookie;
	uint64_t now = loop_now(s->loop);

	server_clear_dead(s);
	loop_after(s->loop, &s->second, 1000);
	if (!s->stopping) {
		loop_want(s->loop, &s->listener, LOOP_READ);
		server_keep_alive(s);
	}
	/* From the end: one that is buried is replaced by one already checked. */
	for (size_t i = s->count; i-- > 0;)
		client_check(s->clients[i], now);
}

/* ---- start and stop ---- */

/* How many clients the limit on descriptors allows, once it is as high as it may be. */
static size_t
server_room(size_t wanted)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0)
		return wanted;
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	if (getrlimit(RLIMIT_NOFILE, &files) < 0 || files.rlim_cur == RLIM_INFINITY ||
	    files.rlim_cur >= wanted + SERVER_FILES)
		return wanted;
	tell(TELL_WARNING, "the limit of %llu open files allows no %zu clients",
	    (unsigned long long)files.rlim_cur, wanted);
	return files.rlim_cur > SERVER_FILES ? (size_t)files.rlim_cur - SERVER_FILES : 1;
}

static int
server_bind(const struct addrinfo *a)
{
	int on = 1, off = 0;
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (a->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	if (bind(fd, a->ai_addr, a->ai_addrlen) < 0 || listen(fd, SERVER_BACKLOG) < 0) {
		int saved = errno;

		close(fd);
		errno = saved;
		return -1;
	}
	return fd;
}

static int
server_listen(const char *address, const char *port, const char **why)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
	struct addrinfo *list;
	int error, fd;

	*why = NULL;
	error = getaddrinfo(address, port, &hints, &list);
	if (error != 0) {
		*why = gai_strerror(error);
		return -1;
	}
	fd = server_bind(list);
	freeaddrinfo(list);
	return fd;
}

static int
server_listen_any(const struct server_options *o, const char **why)
{
	int fd;

	if (o->address != NULL)
		return server_listen(o->address, o->port, why);
	fd = server_listen("::", o->port, why);
	if (fd < 0 && errno != EADDRINUSE && errno != EACCES)
		fd = server_listen("0.0.0.0", o->port, why);	/* a system without IPv6 */
	return fd;
}

struct server *
server_open(struct loop *loop, const struct server_options *o, const char **why)
{
	int fd = server_listen_any(o, why);
	struct server *s;

	if (fd < 0)
		return NULL;
	s = calloc(1, sizeof(*s));
	if (s != NULL) {
		s->max = server_room(o->max_clients);
		s->clients = calloc(s->max, sizeof(struct client *));
	}
	if (s == NULL || s->clients == NULL)
		die_world("out of memory for %zu clients", o->max_clients);
	s->loop = loop;
	s->hash = hash_open();
	s->metrics.started = loop_now(loop);
	newest_init(&s->newest);
	for (size_t i = 0; i < FORMS; i++)
		stream_init(&s->streams[i], (enum form)i,
		    i == FORM_DOMAINS ? o->ring / 4 : o->ring, &client_calls);
	s->tick = (struct loop_timer){ .due = server_tick, .cookie = s };
	s->second = (struct loop_timer){ .due = server_second, .cookie = s };
	loop_after(loop, &s->second, 1000);
	s->listener = (struct loop_fd){ .fd = fd, .ready = server_accept, .cookie = s };
	if (loop_add(loop, &s->listener, LOOP_READ) < 0)
		die_world("cannot wait for connections:");
	return s;
}

unsigned
server_port(const struct server *s)
{
	struct sockaddr_storage a = { .ss_family = AF_UNSPEC };
	socklen_t n = sizeof(a);

	if (getsockname(s->listener.fd, (struct sockaddr *)&a, &n) < 0)
		return 0;
	return ntohs(a.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&a)->sin6_port :
	    ((struct sockaddr_in *)&a)->sin_port);
}

static void
server_shut(struct server *s)
{
	if (s->listener.fd < 0)
		return;
	loop_del(s->loop, &s->listener);
	close(s->listener.fd);
	s->listener.fd = -1;
}

void
server_free(struct server *s)
{
	server_shut(s);
	s->stopping = false;
	while (s->count > 0)
		client_close(s->clients[s->count - 1]);
	server_clear_dead(s);
	loop_stop_timer(s->loop, &s->tick);
	loop_stop_timer(s->loop, &s->second);
	loop_stop_timer(s->loop, &s->last);
	for (size_t i = 0; i < FORMS; i++)
		stream_free(&s->streams[i]);
	newest_free(&s->newest);
	hash_free(s->hash);
	free(s->clients);
	free(s);
}

static void
server_last(void *cookie)
{
	struct server *s = cookie;

	loop_stop(s->loop);
}

void
server_stop(struct server *s)
{
	server_shut(s);
	s->stopping = true;
	s->last = (struct loop_timer){ .due = server_last, .cookie = s };
	loop_after(s->loop, &s->last, s->count == 0 ? 0 : SERVER_STOP_MS);
	for (size_t i = s->count; i-- > 0;)
		client_stop(s->clients[i]);
}

void
server_put_metrics(struct server *s, struct buf *out)
{
	metrics_put(&s->metrics, s->streams, s->count, s->health.hub != HEALTH_HUB_AWAY,
	    loop_now(s->loop), out);
}

void
server_put_health(struct server *s, struct buf *out)
{
	health_put(&s->health, &s->metrics, s->newest.count, loop_now(s->loop), out);
}

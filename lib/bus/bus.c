/*
 * The part of the bus that does not depend on the engine. In: an address, and the
 * calls of a hub or of a program that asks one question. Out: the sub-addresses, and
 * calls of the engine that carries them.
 */
#include "bus/bus.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/die.h"
#include "bus/engine.h"
#include "os/loop.h"

enum {
	BUS_FOLDER_MODE = 0750,	/* the group reads, others stay out */
	BUS_LOOK_MS = 5,	/* between two tries to send a question while the connection is made */
};

struct bus_hub {
	const struct bus_engine *engine;
	void *own;		/* the engine's hub */
};

const char *
bus_address(struct buf *out, const char *given)
{
	const char *run = getenv("XDG_RUNTIME_DIR");

	if (given == NULL)
		given = getenv("CT_BUS");
	buf_reset(out);
	if (given != NULL && *given != '\0')
		buf_puts(out, given);
	else if (run != NULL && *run == '/')
		buf_putf(out, "ipc://%s/ct/bus", run);
	else
		buf_puts(out, "ipc:///run/ct/bus");
	return buf_str(out);
}

/* ---- addresses ---- */

static bool
bus_names_ipc(struct bus_names *n, const char *path, const char **why)
{
	struct sockaddr_un longest;

	if (*path != '/') {
		*why = "an ipc address is ipc:// and an absolute path";
		return false;
	}
	if (strlen(path) + strlen(".ask") >= sizeof(longest.sun_path)) {
		*why = "the path is longer than a socket's name may be";
		return false;
	}
	snprintf(n->pub, MAX_BUS_NAME, "ipc://%s", path);
	snprintf(n->ask, MAX_BUS_NAME, "ipc://%s.ask", path);
	snprintf(n->in, MAX_BUS_NAME, "ipc://%s.in", path);
	return true;
}

static bool
bus_names_tcp(struct bus_names *n, const char *host, const char **why)
{
	const char *colon = strrchr(host, ':');
	unsigned long port = 0;
	char *end = NULL;
	int length;

	if (colon != NULL && colon > host && colon[1] >= '1' && colon[1] <= '9')
		port = strtoul(colon + 1, &end, 10);
	if (port == 0 || port > 65535 - 2 || *end != '\0' || colon - host > 255) {
		*why = "a tcp address is tcp://host:port, and the two ports above are used too";
		return false;
	}
	length = (int)(colon - host);
	snprintf(n->pub, MAX_BUS_NAME, "tcp://%.*s:%lu", length, host, port);
	snprintf(n->ask, MAX_BUS_NAME, "tcp://%.*s:%lu", length, host, port + 1);
	snprintf(n->in, MAX_BUS_NAME, "tcp://%.*s:%lu", length, host, port + 2);
	return true;
}

bool
bus_names_parse(struct bus_names *n, const char *address, const struct bus_engine **engine,
    const char **why)
{
	*engine = &bus_nng;
	if (strncmp(address, "ipc://", 6) == 0)
		return bus_names_ipc(n, address + 6, why);
	if (strncmp(address, "tcp://", 6) == 0)
		return bus_names_tcp(n, address + 6, why);
	*engine = NULL;
	*why = strncmp(address, "nats://", 7) == 0 ? "nats:// is not built in" :
	    "an address begins with ipc:// or tcp://";
	return false;
}

bool
bus_address_is(const char *address, const char **why)
{
	const struct bus_engine *engine;
	struct bus_names names;

	return bus_names_parse(&names, address, &engine, why);
}

/*
 * Makes the folder of the socket file that name is the address of. Refuses
 * when a file that is not a socket stands there, as the engine would remove it.
 */
static bool
bus_make_room(const char *name, const char **why)
{
	const char *path = name + strlen("ipc://");
	char folder[MAX_BUS_NAME];
	size_t n = (size_t)(strrchr(path, '/') - path);
	struct stat s;

	memcpy(folder, path, n);
	folder[n] = '\0';
	if (n > 0 && mkdir(folder, BUS_FOLDER_MODE) < 0 && errno != EEXIST) {
		*why = errno == EACCES ? "its folder cannot be made: permission denied" :
		    "its folder cannot be made";
		return false;
	}
	if (lstat(path, &s) == 0 && !S_ISSOCK(s.st_mode)) {
		*why = "a file that is not a socket stands there";
		return false;
	}
	return true;
}

/* ---- the hub's side ---- */

struct bus_hub *
bus_hub_open(const char *address, bool ingest, unsigned backlog, const char **why)
{
	const struct bus_engine *engine;
	struct bus_names names;
	struct bus_hub *h;
	void *own;

	if (!bus_names_parse(&names, address, &engine, why))
		return NULL;
	if (strncmp(address, "ipc://", 6) == 0 &&
	    (!bus_make_room(names.pub, why) || !bus_make_room(names.ask, why) ||
	    !bus_make_room(names.in, why)))
		return NULL;
	own = engine->hub_open(&names, ingest, backlog, why);
	if (own == NULL)
		return NULL;
	h = malloc(sizeof(*h));
	if (h == NULL)
		die_world("out of memory for the bus");
	*h = (struct bus_hub){ engine, own };
	return h;
}

void
bus_hub_free(struct bus_hub *h)
{
	if (h == NULL)
		return;
	h->engine->hub_free(h->own);
	free(h);
}

bool
bus_hub_linger(struct bus_hub *h, unsigned ms)
{
	return h->engine->hub_linger(h->own, ms);
}

int
bus_hub_publish(struct bus_hub *h, struct bus_place place, struct span lines, const char **why)
{
	char head[2 * BUS_NUMBER + 3];
	int n = snprintf(head, sizeof(head), "%llu %llu\n", (unsigned long long)place.epoch,
	    (unsigned long long)place.seq);

	return h->engine->hub_publish(h->own, span_of(head, (size_t)n), lines, why);
}

unsigned
bus_hub_connections(struct bus_hub *h)
{
	return h->engine->hub_connections(h->own);
}

unsigned
bus_hub_departures(struct bus_hub *h)
{
	return h->engine->hub_departures(h->own);
}

int
bus_hub_ask_fd(struct bus_hub *h)
{
	return h->engine->hub_fd(h->own, BUS_ASK);
}

int
bus_hub_ingest_fd(struct bus_hub *h)
{
	return h->engine->hub_fd(h->own, BUS_INGEST);
}

int
bus_hub_question(struct bus_hub *h, struct span *question, const char **why)
{
	return h->engine->hub_take(h->own, BUS_ASK, question, why);
}

int
bus_hub_answer(struct bus_hub *h, struct span answer, const char **why)
{
	return h->engine->hub_answer(h->own, answer, why);
}

int
bus_hub_ingest(struct bus_hub *h, struct span *lines, const char **why)
{
	return h->engine->hub_take(h->own, BUS_INGEST, lines, why);
}

/* ---- one question ---- */

/*
 * Asks the system whether anybody serves a local socket, with a datagram
 * socket: it fails with EPROTOTYPE where a stream socket is served, and the hub
 * does not notice. (A connection would wait for a hub that is stopped.) Returns true
 * when the socket is served, or false with *why when no hub can answer at name.
 */
static bool
bus_is_served(const char *name, const char **why)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t n = strlen(name);
	int fd;

	if (strncmp(name, "ipc://", 6) != 0 || n - 6 >= sizeof(to.sun_path))
		return true;
	memcpy(to.sun_path, name + 6, n - 6);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return true;
	*why = NULL;
	if (connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0) {
		if (errno == EACCES)
			*why = "permission denied";
		else if (errno == ENOENT || errno == ECONNREFUSED)
			*why = "no hub serves it";
	}
	close(fd);
	return *why == NULL;
}

/*
 * Sends the question as soon as a connection stands, and waits for the answer, both until the
 * clock says end. Returns 0 with *answer set, or -1 with *why.
 */
static int
bus_exchange(const struct bus_engine *engine, void *own, struct span question, uint64_t end,
    struct span *answer, const char **why)
{
	struct pollfd ready = { .fd = engine->ask_fd(own), .events = POLLIN };
	bool sent = false;
	uint64_t now;
	int got = 0;

	while (got == 0 && (now = loop_clock()) < end) {
		if (!sent)
			sent = engine->ask_send(own, question);
		poll(&ready, sent, sent ? (int)(end - now) : BUS_LOOK_MS);
		if (sent)
			got = engine->ask_take(own, answer, why);
	}
	if (got == 0)
		*why = "no hub answers";
	return got > 0 ? 0 : -1;
}

int
bus_ask(const char *address, const char *question, unsigned ms, struct buf *answer,
    const char **why)
{
	const struct bus_engine *engine;
	struct bus_names names;
	struct span text;
	void *own;
	int result;

	if (!bus_names_parse(&names, address, &engine, why) || !bus_is_served(names.ask, why))
		return -1;
	own = engine->ask_open(&names, why);
	if (own == NULL)
		return -1;
	result = bus_exchange(engine, own, span_str(question), loop_clock() + ms, &text, why);
	if (result == 0)
		buf_put(answer, text);
	engine->ask_free(own);
	return result;
}

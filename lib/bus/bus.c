/*
 * The half of the bus that is the same over every engine: which address, what
 * it names, how a message is framed, and the reports by which a reader that
 * keeps up makes a fast hub wait for it. ct-hub publishes, ct-ws and
 * ct-latest subscribe and ask.
 */
#include "bus/bus.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/die.h"
#include "bus/engine.h"

enum {
	BUS_NUMBER = 20,	/* digits of the largest number */
	BUS_FOLDER_MODE = 0750,	/* the group reads, others stay out */
};

struct bus_hub {
	const struct bus_engine *engine;
	void *own;
};

struct bus_sub {
	const struct bus_engine *engine;
	void *own;
	uint64_t id;		/* random; tells this reader's reports from others' */
	unsigned unreported;	/* messages since the last report */
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
 * Makes the folder of a socket file. The engine removes what stands in its way
 * and is not served, so what is not a socket is refused before.
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

/* ---- messages ---- */

/* Reads digits off the front of s; false without any or when too large. */
static bool
bus_number(struct span *s, uint64_t *value)
{
	uint64_t v = 0;
	size_t i = 0;
	unsigned digit;

	for (; i < s->n && s->p[i] >= '0' && s->p[i] <= '9'; i++) {
		digit = s->p[i] - (unsigned)'0';
		if (v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*s = span_from(*s, i);
	*value = v;
	return i > 0;
}

bool
bus_message(struct span message, uint64_t *seq, struct span *lines)
{
	if (!bus_number(&message, seq) || message.n == 0 || message.p[0] != '\n')
		return false;
	*lines = span_from(message, 1);
	return lines->n == 0 || lines->p[lines->n - 1] == '\n';
}

bool
bus_report(struct span question, uint64_t *id, uint64_t *seq)
{
	struct span word = SPAN("seen ");

	if (!span_starts(question, word))
		return false;
	question = span_from(question, word.n);
	if (!bus_number(&question, id) || question.n == 0 || question.p[0] != ' ')
		return false;
	question = span_from(question, 1);
	return bus_number(&question, seq) && question.n == 0;
}

/* ---- the hub's side ---- */

struct bus_hub *
bus_hub_open(const char *address, bool ingest, const char **why)
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
	own = engine->hub_open(&names, ingest, why);
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
bus_hub_publish(struct bus_hub *h, uint64_t seq, struct span lines, const char **why)
{
	char head[BUS_NUMBER + 2];
	int n = snprintf(head, sizeof(head), "%llu\n", (unsigned long long)seq);

	return h->engine->hub_publish(h->own, span_of(head, (size_t)n), lines, why);
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

/* ---- a reader's side ---- */

struct bus_sub *
bus_sub_open(const char *address, const char **why)
{
	const struct bus_engine *engine;
	struct bus_names names;
	struct bus_sub *s;
	void *own;

	if (!bus_names_parse(&names, address, &engine, why))
		return NULL;
	own = engine->sub_open(&names, why);
	if (own == NULL)
		return NULL;
	s = malloc(sizeof(*s));
	if (s == NULL)
		die_world("out of memory for the bus");
	*s = (struct bus_sub){ .engine = engine, .own = own };
	if (getrandom(&s->id, sizeof(s->id), 0) != (ssize_t)sizeof(s->id))
		die_world("no random number from the system:");
	return s;
}

void
bus_sub_free(struct bus_sub *s)
{
	if (s == NULL)
		return;
	s->engine->sub_free(s->own);
	free(s);
}

int
bus_sub_fd(struct bus_sub *s)
{
	return s->engine->sub_fd(s->own);
}

bool
bus_sub_connected(struct bus_sub *s)
{
	return s->engine->sub_connected(s->own);
}

/*
 * Called before the message is worked on, so SEQ is that of the message: what
 * is said to be taken really was. The first message is reported too.
 */
static void
bus_sub_report(struct bus_sub *s, uint64_t seq)
{
	char report[2 * BUS_NUMBER + 8];
	int n;

	if (s->unreported++ % BUS_REPORT != 0)
		return;
	n = snprintf(report, sizeof(report), "seen %llu %llu", (unsigned long long)s->id,
	    (unsigned long long)seq);
	s->engine->sub_tell(s->own, span_of(report, (size_t)n));
}

int
bus_sub_next(struct bus_sub *s, uint64_t *seq, struct span *lines, const char **why)
{
	struct span message;
	int got = s->engine->sub_take(s->own, &message, why);

	if (got <= 0)
		return got;
	if (!bus_message(message, seq, lines)) {
		*why = "a message that is not a number and lines";
		return -1;
	}
	bus_sub_report(s, *seq);
	return 1;
}

int
bus_ask(const char *address, const char *question, unsigned ms, struct buf *answer,
    const char **why)
{
	const struct bus_engine *engine;
	struct bus_names names;

	if (!bus_names_parse(&names, address, &engine, why))
		return -1;
	return engine->ask(&names, span_str(question), ms, answer, why);
}

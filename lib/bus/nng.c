/*
 * The engine for ipc:// and tcp://. In: messages, questions and answers. Out: the
 * same on nng's sockets, with the protocols of SP: pub/sub for messages, req/rep for
 * questions and push/pull for pushed lines. Door to nng.
 *
 * What to know of nng: a publishing socket drops the oldest message of a reader whose
 * queue is full, and a subscribed socket drops the oldest message that its program has
 * not taken. Neither of them blocks or says so. This is why messages have numbers, and
 * why readers report, so that the hub can wait for them before a queue is full.
 *
 * nng works in threads of its own, so what its callbacks write is atomic. Closing a
 * socket while it connects can block for ever (seen with 1.5.2). So sockets are closed
 * on a thread, which is left behind when it does not end in time.
 */
#include <nng/nng.h>
#include <nng/protocol/pipeline0/pull.h>
#include <nng/protocol/pubsub0/pub.h>
#include <nng/protocol/pubsub0/sub.h>
#include <nng/protocol/reqrep0/rep.h>
#include <nng/protocol/reqrep0/req.h>
#include <nng/supplemental/util/platform.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/die.h"
#include "bus/bus.h"
#include "bus/engine.h"
#include "os/lines.h"

enum {
	BUS_NNG_MODE = 0660,		/* of socket files: owner and group may connect */
	BUS_NNG_DIAL = 100,		/* ms before a second try to connect, then more */
	BUS_NNG_LOOK = 20,		/* ms between two looks at what has left */
	BUS_NNG_STILL = 100,		/* ms without any message leaving: none does any more */
	BUS_NNG_CLOSE = 500,		/* ms that the end of a socket is waited for */
	BUS_NNG_BACKLOG = 1024,		/* messages in a reader until the hub says how many */
	MAX_BUS_NNG_MESSAGE = MAX_LINE + BUS_BATCH,	/* bytes; keeps a peer from taking all memory */
};

struct bus_nng_hub {
	nng_socket pub;
	nng_socket side[2];	/* by enum bus_side */
	int fd[2];
	nng_msg *taken[2];	/* NULL, or the message handed out last */
	atomic_uint came, went;	/* connections of pub begun and ended, counted by nng's threads */
};

struct bus_nng_sub {
	nng_socket socket;
	int fd;			/* readable when a message waits */
	int change;		/* an eventfd, written to by nng's threads when pipe changes */
	nng_msg *taken;		/* NULL, or the message handed out last */
	unsigned backlog;	/* messages that may wait here, if the hub has said so; else 0 */
	atomic_int pipe;	/* the connection's id, 0 without one */
};

struct bus_nng_ask {
	nng_socket socket;
	int fd;			/* readable when an answer waits */
	nng_msg *taken;		/* NULL, or the answer handed out last */
};

static const char *
bus_nng_why(int error)
{
	switch (error) {
	case NNG_EADDRINUSE:
		return "it is served already";
	case NNG_ENOENT:
	case NNG_ECONNREFUSED:
		return "no hub serves it";
	case NNG_ETIMEDOUT:
		return "no hub answers";
	default:
		return nng_strerror(error);
	}
}

static int
bus_nng_listen(nng_socket socket, const char *name)
{
	nng_listener listener;
	int error = nng_listener_create(&listener, socket, name);

	if (error == 0 && strncmp(name, "ipc://", 6) == 0)
		error = nng_listener_set_int(listener, NNG_OPT_IPC_PERMISSIONS, BUS_NNG_MODE);
	return error != 0 ? error : nng_listener_start(listener, 0);
}

static void *
bus_nng_close_now(void *id)
{
	nng_close((nng_socket){ .id = (uint32_t)(uintptr_t)id });
	return NULL;
}

/*
 * Begins to close a socket on a thread of its own. Returns false when the thread cannot be
 * started.
 */
static bool
bus_nng_begin_close(nng_socket socket, pthread_t *closer)
{
	return pthread_create(closer, NULL, bus_nng_close_now, (void *)(uintptr_t)socket.id) == 0;
}

/*
 * Closes a socket, but waits no longer than BUS_NNG_CLOSE for that. Returns
 * false when nng may still use what belongs to the socket: it is then left
 * to its thread and to the end of the process.
 */
static bool
bus_nng_close(nng_socket socket)
{
	struct timespec end;
	pthread_t closer;

	if (socket.id == 0)
		return true;
	if (!bus_nng_begin_close(socket, &closer))
		return false;
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_nsec += BUS_NNG_CLOSE * 1000000L;
	end.tv_sec += end.tv_nsec / 1000000000;
	end.tv_nsec %= 1000000000;
	if (pthread_clockjoin_np(closer, NULL, CLOCK_MONOTONIC, &end) == 0)
		return true;
	pthread_detach(closer);
	return false;
}

/*
 * Takes the next message of socket into *taken, frees the one that was there, and points
 * *message to its bytes. Returns 1, 0 when no message waits, or -1 with *why.
 */
static int
bus_nng_take(nng_socket socket, nng_msg **taken, struct span *message, const char **why)
{
	int error;

	nng_msg_free(*taken);
	*taken = NULL;
	error = nng_recvmsg(socket, taken, NNG_FLAG_NONBLOCK);
	if (error == NNG_EAGAIN || error == NNG_ETIMEDOUT)
		return 0;
	if (error != 0) {
		*why = bus_nng_why(error);
		return -1;
	}
	*message = span_of(nng_msg_body(*taken), nng_msg_len(*taken));
	return 1;
}

/*
 * Sends head and body, one behind the other, as one message. Returns what nng returns: 0, or an
 * error.
 */
static int
bus_nng_send(nng_socket socket, struct span head, struct span body, int flags)
{
	nng_msg *m;
	uint8_t *p;
	int error = nng_msg_alloc(&m, head.n + body.n);

	if (error != 0)
		return error;
	p = nng_msg_body(m);
	memcpy(p, head.p, head.n);
	if (body.n > 0)
		memcpy(p + head.n, body.p, body.n);
	error = nng_sendmsg(socket, m, flags);
	if (error != 0)
		nng_msg_free(m);
	return error;
}

/* ---- the hub ---- */

static void
bus_nng_hub_free(void *hub)
{
	struct bus_nng_hub *h = hub;
	bool closed = bus_nng_close(h->pub);

	for (int side = BUS_ASK; side <= BUS_INGEST; side++) {
		bus_nng_close(h->side[side]);
		nng_msg_free(h->taken[side]);
	}
	if (closed)
		free(h);
}

/* Counts connections. One that nng refuses after ADD_PRE, for its protocol, gets REM_POST too. */
static void
bus_nng_reader_changed(nng_pipe pipe, nng_pipe_ev event, void *hub)
{
	struct bus_nng_hub *h = hub;

	(void)pipe;
	atomic_fetch_add(event == NNG_PIPE_EV_ADD_PRE ? &h->came : &h->went, 1);
}

static int
bus_nng_open_pub(struct bus_nng_hub *h, const char *name, unsigned backlog)
{
	int error = nng_pub0_open(&h->pub);

	if (error == 0)
		error = nng_socket_set_int(h->pub, NNG_OPT_SENDBUF, (int)backlog);
	if (error == 0)
		error = nng_pipe_notify(h->pub, NNG_PIPE_EV_ADD_PRE, bus_nng_reader_changed, h);
	if (error == 0)
		error = nng_pipe_notify(h->pub, NNG_PIPE_EV_REM_POST, bus_nng_reader_changed, h);
	return error != 0 ? error : bus_nng_listen(h->pub, name);
}

static int
bus_nng_open_side(struct bus_nng_hub *h, enum bus_side side, const char *name)
{
	int error = side == BUS_ASK ? nng_rep0_open(&h->side[side]) : nng_pull0_open(&h->side[side]);

	if (error == 0)
		error = nng_socket_set_size(h->side[side], NNG_OPT_RECVMAXSZ,
		    side == BUS_ASK ? MAX_BUS_QUESTION : MAX_BUS_NNG_MESSAGE);
	if (error == 0)
		error = nng_socket_get_int(h->side[side], NNG_OPT_RECVFD, &h->fd[side]);
	return error != 0 ? error : bus_nng_listen(h->side[side], name);
}

static void *
bus_nng_hub_open(const struct bus_names *n, bool ingest, unsigned backlog, const char **why)
{
	struct bus_nng_hub *h = calloc(1, sizeof(*h));
	int error;

	if (h == NULL)
		die_world("out of memory for the bus");
	h->fd[BUS_ASK] = h->fd[BUS_INGEST] = -1;
	error = bus_nng_open_pub(h, n->pub, backlog);
	if (error == 0)
		error = bus_nng_open_side(h, BUS_ASK, n->ask);
	if (error == 0 && ingest)
		error = bus_nng_open_side(h, BUS_INGEST, n->in);
	if (error == 0)
		return h;
	*why = bus_nng_why(error);
	bus_nng_hub_free(h);
	return NULL;
}

/*
 * Returns how many messages of all sockets of this process have left, from the statistics at
 * from on.
 */
static uint64_t
bus_nng_left(nng_stat *from)
{
	uint64_t left = 0;
	nng_stat *s;

	for (s = nng_stat_child(from); s != NULL; s = nng_stat_next(s)) {
		if (nng_stat_type(s) == NNG_STAT_SCOPE)
			left += bus_nng_left(s);	/* as deep as nng's tree, three levels */
		else if (strcmp(nng_stat_name(s), "tx_msgs") == 0)
			left += nng_stat_value(s);
	}
	return left;
}

/*
 * nng throws away what is queued when a socket is closed, and does not say how much
 * that is. But it counts what has left, so this waits until that number stands still.
 * Where nng is built without statistics, the number never changes.
 */
static bool
bus_nng_hub_linger(void *hub, unsigned ms)
{
	uint64_t before = 0, left = 0;
	unsigned still = 0;
	nng_stat *all;

	(void)hub;
	for (unsigned t = 0; t < ms && still < BUS_NNG_STILL; t += BUS_NNG_LOOK) {
		nng_msleep(BUS_NNG_LOOK);
		if (nng_stats_get(&all) == 0) {
			left = bus_nng_left(all);
			nng_stats_free(all);
		}
		still = left == before ? still + BUS_NNG_LOOK : 0;
		before = left;
	}
	return still >= BUS_NNG_STILL;
}

static int
bus_nng_hub_publish(void *hub, struct span head, struct span lines, const char **why)
{
	struct bus_nng_hub *h = hub;
	int error = bus_nng_send(h->pub, head, lines, NNG_FLAG_NONBLOCK);

	if (error == 0)
		return 0;
	*why = bus_nng_why(error);
	return -1;
}

static unsigned
bus_nng_hub_connections(void *hub)
{
	struct bus_nng_hub *h = hub;

	unsigned went = atomic_load(&h->went);	/* read first, so that the difference is not negative */

	return atomic_load(&h->came) - went;
}

static unsigned
bus_nng_hub_departures(void *hub)
{
	struct bus_nng_hub *h = hub;

	return atomic_load(&h->went);
}

static int
bus_nng_hub_fd(void *hub, enum bus_side side)
{
	struct bus_nng_hub *h = hub;

	return h->fd[side];
}

static int
bus_nng_hub_take(void *hub, enum bus_side side, struct span *message, const char **why)
{
	struct bus_nng_hub *h = hub;

	return bus_nng_take(h->side[side], &h->taken[side], message, why);
}

/* Does not wait for an asker that does not take its answer: the answer is dropped. */
static int
bus_nng_hub_answer(void *hub, struct span answer, const char **why)
{
	struct bus_nng_hub *h = hub;
	int error = bus_nng_send(h->side[BUS_ASK], SPAN(""), answer, NNG_FLAG_NONBLOCK);

	if (error == 0 || error == NNG_EAGAIN || error == NNG_ETIMEDOUT)
		return 0;
	*why = bus_nng_why(error);
	return -1;
}

/* ---- a subscription ---- */

/* A subscribing socket has one dialer, and so one connection at a time. */
static void
bus_nng_connection_changed(nng_pipe pipe, nng_pipe_ev event, void *sub)
{
	struct bus_nng_sub *s = sub;
	int id = nng_pipe_id(pipe);

	if (event == NNG_PIPE_EV_ADD_POST)
		atomic_store(&s->pipe, id);
	else
		atomic_compare_exchange_strong(&s->pipe, &id, 0);
	eventfd_write(s->change, 1);
}

static void
bus_nng_sub_free(void *sub)
{
	struct bus_nng_sub *s = sub;

	nng_msg_free(s->taken);
	if (!bus_nng_close(s->socket))
		return;
	close(s->change);
	free(s);
}

static int
bus_nng_dial(nng_socket socket, const char *name)
{
	int error = nng_socket_set_ms(socket, NNG_OPT_RECONNMINT, BUS_NNG_DIAL);

	if (error == 0)
		error = nng_socket_set_ms(socket, NNG_OPT_RECONNMAXT, BUS_DIAL_MOST_MS);
	return error != 0 ? error : nng_dial(socket, name, NULL, NNG_FLAG_NONBLOCK);
}

static int
bus_nng_open_sub(struct bus_nng_sub *s, const struct bus_names *n)
{
	int error = nng_sub0_open(&s->socket);

	if (error == 0)
		error = nng_socket_set_int(s->socket, NNG_OPT_RECVBUF, BUS_NNG_BACKLOG);
	if (error == 0)
		error = nng_socket_set_size(s->socket, NNG_OPT_RECVMAXSZ, MAX_BUS_NNG_MESSAGE);
	if (error == 0)
		error = nng_socket_set(s->socket, NNG_OPT_SUB_SUBSCRIBE, "", 0);
	if (error == 0)
		error = nng_socket_get_int(s->socket, NNG_OPT_RECVFD, &s->fd);
	if (error == 0)
		error = nng_pipe_notify(s->socket, NNG_PIPE_EV_ADD_POST, bus_nng_connection_changed, s);
	if (error == 0)
		error = nng_pipe_notify(s->socket, NNG_PIPE_EV_REM_POST, bus_nng_connection_changed, s);
	return error != 0 ? error : bus_nng_dial(s->socket, n->pub);
}

static void *
bus_nng_sub_open(const struct bus_names *n, const char **why)
{
	struct bus_nng_sub *s = calloc(1, sizeof(*s));
	int error;

	if (s == NULL)
		die_world("out of memory for the bus");
	s->change = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->change < 0)
		die_world("cannot wait for the bus:");
	error = bus_nng_open_sub(s, n);
	if (error == 0)
		return s;
	*why = bus_nng_why(error);
	bus_nng_sub_free(s);
	return NULL;
}

static int
bus_nng_sub_fd(void *sub)
{
	struct bus_nng_sub *s = sub;

	return s->fd;
}

static int
bus_nng_sub_change_fd(void *sub)
{
	struct bus_nng_sub *s = sub;

	return s->change;
}

static unsigned
bus_nng_sub_connection(void *sub)
{
	struct bus_nng_sub *s = sub;

	return (unsigned)atomic_load(&s->pipe);
}

static unsigned
bus_nng_sub_changed(void *sub)
{
	struct bus_nng_sub *s = sub;
	eventfd_t changes;

	eventfd_read(s->change, &changes);	/* before the state is read, or a change would be lost */
	return bus_nng_sub_connection(s);
}

/*
 * Sets the length of the queue in this process. Of messages that do not fit, nng drops the
 * oldest.
 */
static void
bus_nng_sub_backlog(void *sub, unsigned messages)
{
	struct bus_nng_sub *s = sub;

	if (messages != s->backlog && nng_socket_set_int(s->socket, NNG_OPT_RECVBUF, (int)messages) == 0)
		s->backlog = messages;
}

/* Ends the connection; nng's dialer then makes a new one by itself. */
static void
bus_nng_sub_redial(void *sub)
{
	struct bus_nng_sub *s = sub;
	int id = atomic_load(&s->pipe);

	if (id != 0)
		nng_pipe_close((nng_pipe){ .id = (uint32_t)id });
}

static int
bus_nng_sub_take(void *sub, struct span *message, const char **why)
{
	struct bus_nng_sub *s = sub;

	return bus_nng_take(s->socket, &s->taken, message, why);
}

/* ---- questions ---- */

static void
bus_nng_ask_free(void *ask)
{
	struct bus_nng_ask *a = ask;
	pthread_t closer;

	if (a == NULL)
		return;
	if (a->socket.id != 0 && bus_nng_begin_close(a->socket, &closer))
		pthread_detach(closer);
	nng_msg_free(a->taken);
	free(a);
}

static void *
bus_nng_ask_open(const struct bus_names *n, const char **why)
{
	struct bus_nng_ask *a = calloc(1, sizeof(*a));
	int error;

	if (a == NULL)
		die_world("out of memory for the bus");
	error = nng_req0_open(&a->socket);
	if (error == 0)
		error = nng_socket_set_size(a->socket, NNG_OPT_RECVMAXSZ, MAX_BUS_ANSWER);
	if (error == 0)
		error = nng_socket_get_int(a->socket, NNG_OPT_RECVFD, &a->fd);
	if (error == 0)
		error = bus_nng_dial(a->socket, n->ask);
	if (error == 0)
		return a;
	*why = bus_nng_why(error);
	bus_nng_ask_free(a);
	return NULL;
}

static int
bus_nng_ask_fd(void *ask)
{
	struct bus_nng_ask *a = ask;

	return a->fd;
}

static bool
bus_nng_ask_send(void *ask, struct span question)
{
	struct bus_nng_ask *a = ask;

	return bus_nng_send(a->socket, question, SPAN(""), NNG_FLAG_NONBLOCK) == 0;
}

static int
bus_nng_ask_take(void *ask, struct span *answer, const char **why)
{
	struct bus_nng_ask *a = ask;

	return bus_nng_take(a->socket, &a->taken, answer, why);
}

const struct bus_engine bus_nng = {
	.hub_open = bus_nng_hub_open,
	.hub_free = bus_nng_hub_free,
	.hub_linger = bus_nng_hub_linger,
	.hub_publish = bus_nng_hub_publish,
	.hub_connections = bus_nng_hub_connections,
	.hub_departures = bus_nng_hub_departures,
	.hub_fd = bus_nng_hub_fd,
	.hub_take = bus_nng_hub_take,
	.hub_answer = bus_nng_hub_answer,
	.sub_open = bus_nng_sub_open,
	.sub_free = bus_nng_sub_free,
	.sub_fd = bus_nng_sub_fd,
	.sub_change_fd = bus_nng_sub_change_fd,
	.sub_connection = bus_nng_sub_connection,
	.sub_changed = bus_nng_sub_changed,
	.sub_backlog = bus_nng_sub_backlog,
	.sub_redial = bus_nng_sub_redial,
	.sub_take = bus_nng_sub_take,
	.ask_open = bus_nng_ask_open,
	.ask_free = bus_nng_ask_free,
	.ask_fd = bus_nng_ask_fd,
	.ask_send = bus_nng_ask_send,
	.ask_take = bus_nng_ask_take,
};

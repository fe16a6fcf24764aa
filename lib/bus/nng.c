/*
 * The bus over nng (SP protocols pub/sub, req/rep and push/pull), for ipc://
 * and tcp://. The only file that names nng; bus.c calls it by its table.
 *
 * nng publishes by dropping the oldest message of a subscriber whose queue is
 * full, and a subscriber drops likewise what it does not take; neither blocks
 * nor tells. Hence the numbers in every message, and the reports by which a
 * reader makes the hub wait before it comes to that.
 */
#include <nng/nng.h>
#include <nng/protocol/pipeline0/pull.h>
#include <nng/protocol/pubsub0/pub.h>
#include <nng/protocol/pubsub0/sub.h>
#include <nng/protocol/reqrep0/rep.h>
#include <nng/protocol/reqrep0/req.h>
#include <nng/supplemental/util/platform.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/die.h"
#include "bus/bus.h"
#include "bus/engine.h"
#include "os/lines.h"

enum {
	BUS_NNG_MODE = 0660,		/* of socket files: owner and group may connect */
	BUS_NNG_RECONNECT = 100,	/* ms before the first try again */
	BUS_NNG_RECONNECT_MOST = 500,
	BUS_NNG_LOOK = 20,		/* ms between two looks at what has left */
	BUS_NNG_STILL = 100,		/* ms without movement: nothing left, or nobody takes it */
	MAX_BUS_NNG_MESSAGE = MAX_LINE + BUS_BATCH,	/* keeps a peer from taking all memory */
};

struct bus_nng_hub {
	nng_socket pub;
	nng_socket side[2];	/* by enum bus_side */
	int fd[2];
	nng_msg *taken[2];	/* NULL, or the message handed out last */
};

struct bus_nng_sub {
	nng_socket sub, ask;
	int fd;
	nng_msg *taken;
	atomic_int pipes;	/* connections, counted by nng's threads */
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

/* 1 with the next message, in place of the one before. */
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

/* Sends head and body as one message. */
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

	nng_close(h->pub);
	for (int side = BUS_ASK; side <= BUS_INGEST; side++) {
		nng_close(h->side[side]);
		nng_msg_free(h->taken[side]);
	}
	free(h);
}

static int
bus_nng_open_pub(struct bus_nng_hub *h, const char *name)
{
	int error = nng_pub0_open(&h->pub);

	if (error == 0)
		error = nng_socket_set_int(h->pub, NNG_OPT_SENDBUF, BUS_PUB_MESSAGES);
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
bus_nng_hub_open(const struct bus_names *n, bool ingest, const char **why)
{
	struct bus_nng_hub *h = calloc(1, sizeof(*h));
	int error;

	if (h == NULL)
		die_world("out of memory for the bus");
	h->fd[BUS_ASK] = h->fd[BUS_INGEST] = -1;
	error = bus_nng_open_pub(h, n->pub);
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

/* Messages that have left, of all sockets of this process. */
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
 * nng throws away what is queued when a socket is closed, and does not tell
 * how much that is; it counts what has left, though. Where it is built without
 * statistics this waits as for a queue that does not move.
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

/* An asker that does not take its answer goes without. */
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

/* ---- a reader ---- */

static void
bus_nng_connected(nng_pipe pipe, nng_pipe_ev event, void *sub)
{
	struct bus_nng_sub *s = sub;

	(void)pipe;
	atomic_fetch_add(&s->pipes, event == NNG_PIPE_EV_ADD_POST ? 1 : -1);
}

static void
bus_nng_sub_free(void *sub)
{
	struct bus_nng_sub *s = sub;

	nng_close(s->sub);
	nng_close(s->ask);
	nng_msg_free(s->taken);
	free(s);
}

static int
bus_nng_dial(nng_socket socket, const char *name)
{
	int error = nng_socket_set_ms(socket, NNG_OPT_RECONNMINT, BUS_NNG_RECONNECT);

	if (error == 0)
		error = nng_socket_set_ms(socket, NNG_OPT_RECONNMAXT, BUS_NNG_RECONNECT_MOST);
	return error != 0 ? error : nng_dial(socket, name, NULL, NNG_FLAG_NONBLOCK);
}

static int
bus_nng_open_sub(struct bus_nng_sub *s, const struct bus_names *n)
{
	int error = nng_sub0_open(&s->sub);

	if (error == 0)
		error = nng_socket_set_int(s->sub, NNG_OPT_RECVBUF, BUS_SUB_MESSAGES);
	if (error == 0)
		error = nng_socket_set_size(s->sub, NNG_OPT_RECVMAXSZ, MAX_BUS_NNG_MESSAGE);
	if (error == 0)
		error = nng_socket_set(s->sub, NNG_OPT_SUB_SUBSCRIBE, "", 0);
	if (error == 0)
		error = nng_socket_get_int(s->sub, NNG_OPT_RECVFD, &s->fd);
	if (error == 0)
		error = nng_pipe_notify(s->sub, NNG_PIPE_EV_ADD_POST, bus_nng_connected, s);
	if (error == 0)
		error = nng_pipe_notify(s->sub, NNG_PIPE_EV_REM_POST, bus_nng_connected, s);
	return error != 0 ? error : bus_nng_dial(s->sub, n->pub);
}

static void *
bus_nng_sub_open(const struct bus_names *n, const char **why)
{
	struct bus_nng_sub *s = calloc(1, sizeof(*s));
	int error;

	if (s == NULL)
		die_world("out of memory for the bus");
	error = bus_nng_open_sub(s, n);
	if (error == 0)
		error = nng_req0_open(&s->ask);
	if (error == 0)
		error = bus_nng_dial(s->ask, n->ask);
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

static bool
bus_nng_sub_connected(void *sub)
{
	struct bus_nng_sub *s = sub;

	return atomic_load(&s->pipes) > 0;
}

static int
bus_nng_sub_take(void *sub, struct span *message, const char **why)
{
	struct bus_nng_sub *s = sub;

	return bus_nng_take(s->sub, &s->taken, message, why);
}

/* A request is cancelled by the next one, so answers nobody takes do not pile up. */
static void
bus_nng_sub_tell(void *sub, struct span question)
{
	struct bus_nng_sub *s = sub;

	(void)bus_nng_send(s->ask, question, SPAN(""), NNG_FLAG_NONBLOCK);
}

/* ---- a question ---- */

/*
 * A local socket says at once that nobody serves it. Asked of the system, as a
 * dial of nng that waits for that waits ten seconds for a hub that is stopped;
 * by a datagram socket, which learns the same (EPROTOTYPE) and disturbs nobody.
 */
static int
bus_nng_probe(const char *name)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd, error = 0;

	if (strncmp(name, "ipc://", 6) != 0)
		return 0;
	snprintf(to.sun_path, sizeof(to.sun_path), "%s", name + 6);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return 0;
	if (connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0) {
		if (errno == EACCES)
			error = NNG_EPERM;
		else if (errno == ENOENT || errno == ECONNREFUSED)
			error = NNG_ECONNREFUSED;
	}
	close(fd);
	return error;
}

static int
bus_nng_exchange(nng_socket socket, const char *name, struct span question, unsigned ms,
    nng_msg **answer)
{
	int error = bus_nng_probe(name);

	if (error == 0)
		error = nng_socket_set_ms(socket, NNG_OPT_SENDTIMEO, (nng_duration)ms);
	if (error == 0)
		error = nng_socket_set_ms(socket, NNG_OPT_RECVTIMEO, (nng_duration)ms);
	if (error == 0)
		error = nng_socket_set_size(socket, NNG_OPT_RECVMAXSZ, MAX_BUS_ANSWER);
	if (error == 0)
		error = nng_dial(socket, name, NULL, NNG_FLAG_NONBLOCK);
	if (error == 0)
		error = bus_nng_send(socket, question, SPAN(""), 0);
	return error != 0 ? error : nng_recvmsg(socket, answer, 0);
}

static int
bus_nng_ask(const struct bus_names *n, struct span question, unsigned ms, struct buf *answer,
    const char **why)
{
	nng_msg *m = NULL;
	nng_socket socket;
	int error = nng_req0_open(&socket);

	if (error == 0) {
		error = bus_nng_exchange(socket, n->ask, question, ms, &m);
		if (error == 0)
			buf_put(answer, span_of(nng_msg_body(m), nng_msg_len(m)));
		nng_msg_free(m);
		nng_close(socket);
	}
	if (error == 0)
		return 0;
	*why = bus_nng_why(error);
	return -1;
}

const struct bus_engine bus_nng = {
	.hub_open = bus_nng_hub_open,
	.hub_free = bus_nng_hub_free,
	.hub_linger = bus_nng_hub_linger,
	.hub_publish = bus_nng_hub_publish,
	.hub_fd = bus_nng_hub_fd,
	.hub_take = bus_nng_hub_take,
	.hub_answer = bus_nng_hub_answer,
	.sub_open = bus_nng_sub_open,
	.sub_free = bus_nng_sub_free,
	.sub_fd = bus_nng_sub_fd,
	.sub_connected = bus_nng_sub_connected,
	.sub_take = bus_nng_sub_take,
	.sub_tell = bus_nng_sub_tell,
	.ask = bus_nng_ask,
};

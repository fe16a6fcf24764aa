/*
 * Connections and the transfers over them; door to libcurl, with http.c.
 *
 * in: transfers, and events of the loop, which drive libcurl's multi interface
 * (curl_multi_socket_action)
 * out: ends of transfers
 */
#include "ct-fetch/net/pool.h"

#include <stdlib.h>

#include "base/die.h"

enum {
	MAX_IDLE = 16,	/* connections kept open for later transfers */
};

struct pool_socket {
	struct loop_fd fd;
	struct pool *pool;
};

static void
pool_collect(struct pool *p)
{
	CURLMsg *m;
	char *transfer;
	int left;

	while ((m = curl_multi_info_read(p->multi, &left)) != NULL) {
		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &transfer);
		p->ended(transfer, m->data.result);
	}
}

static void
pool_act(struct pool *p, curl_socket_t fd, int events)
{
	int running;

	p->entered++;
	if (curl_multi_socket_action(p->multi, fd, events, &running) != CURLM_OK)
		die_bug("libcurl does not take an event of a connection");
	pool_collect(p);
	p->entered--;
}

static void
pool_due(void *cookie)
{
	pool_act(cookie, CURL_SOCKET_TIMEOUT, 0);
}

static void
pool_ready(void *cookie, unsigned events)
{
	struct pool_socket *s = cookie;
	int what = 0;

	if (events & LOOP_READ)
		what |= CURL_CSELECT_IN;
	if (events & LOOP_WRITE)
		what |= CURL_CSELECT_OUT;
	if (events & LOOP_HUP)
		what |= CURL_CSELECT_IN | CURL_CSELECT_ERR;
	pool_act(s->pool, s->fd.fd, what);
}

static struct pool_socket *
pool_socket_open(struct pool *p, curl_socket_t fd, unsigned wanted)
{
	struct pool_socket *s = calloc(1, sizeof(*s));

	if (s == NULL)
		die_world("out of memory");
	s->pool = p;
	s->fd.fd = fd;
	s->fd.ready = pool_ready;
	s->fd.cookie = s;
	if (loop_add(p->loop, &s->fd, wanted) < 0)
		die_world("cannot watch a connection:");
	return s;
}

/* libcurl wants to know what happens on a connection, or nothing more of it. */
static int
pool_watch(CURL *easy, curl_socket_t fd, int what, void *cookie, void *known)
{
	struct pool *p = cookie;
	struct pool_socket *s = known;
	unsigned wanted = (what & CURL_POLL_IN ? LOOP_READ : 0) |
	    (what & CURL_POLL_OUT ? LOOP_WRITE : 0);

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (s != NULL)
			loop_del(p->loop, &s->fd);
		free(s);
		curl_multi_assign(p->multi, fd, NULL);
	} else if (s != NULL) {
		loop_want(p->loop, &s->fd, wanted);
	} else {
		curl_multi_assign(p->multi, fd, pool_socket_open(p, fd, wanted));
	}
	return 0;
}

/* libcurl wants to be called in ms milliseconds, or not at all when ms is below 0. */
static int
pool_wait(CURLM *multi, long ms, void *cookie)
{
	struct pool *p = cookie;

	(void)multi;
	if (ms < 0)
		loop_stop_timer(p->loop, &p->timer);
	else
		loop_after(p->loop, &p->timer, (unsigned)ms);
	return 0;
}

struct pool *
pool_open(struct loop *loop, void (*ended)(void *transfer, CURLcode code))
{
	struct pool *p = calloc(1, sizeof(*p));

	if (p == NULL || (p->multi = curl_multi_init()) == NULL)
		die_world("libcurl does not start");
	p->loop = loop;
	p->ended = ended;
	p->timer = (struct loop_timer){ .due = pool_due, .cookie = p };
	curl_multi_setopt(p->multi, CURLMOPT_SOCKETFUNCTION, pool_watch);
	curl_multi_setopt(p->multi, CURLMOPT_SOCKETDATA, p);
	curl_multi_setopt(p->multi, CURLMOPT_TIMERFUNCTION, pool_wait);
	curl_multi_setopt(p->multi, CURLMOPT_TIMERDATA, p);
	curl_multi_setopt(p->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
	curl_multi_setopt(p->multi, CURLMOPT_MAXCONNECTS, (long)MAX_IDLE);
	return p;
}

void
pool_close(struct pool *p)
{
	curl_multi_cleanup(p->multi);
	loop_stop_timer(p->loop, &p->timer);
	free(p);
}

void
pool_start(struct pool *p, CURL *easy)
{
	if (curl_multi_add_handle(p->multi, easy) != CURLM_OK)
		die_bug("libcurl does not take a transfer");
	p->running++;
}

void
pool_stop(struct pool *p, CURL *easy)
{
	curl_multi_remove_handle(p->multi, easy);
	p->running--;
}

bool
pool_is_idle(const struct pool *p)
{
	return p->running == 0 && p->entered == 0;
}

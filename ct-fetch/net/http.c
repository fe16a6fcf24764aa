/*
 * HTTP transfers; door to libcurl.
 *
 * in: URLs to get, and events of the loop, which drive libcurl's multi interface
 * (curl_multi_socket_action)
 * out: answers; their bytes are counted against the limit as they arrive, after decoding
 */
#include "ct-fetch/net/http.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/die.h"

enum {
	MAX_CONNECTIONS = 256,		/* kept open for later requests */
	CONNECTION_LIFE = 600,		/* seconds; some logs slow down old connections */
	KEEP_BODY = 256 << 10,		/* bytes of buffer kept from one transfer to the next */
};

struct http {
	struct loop *loop;
	CURLM *multi;
	struct loop_timer timer;
	struct curl_slist *plain;	/* headers of transfers that are not decoded */
	struct http_transfer *spare;	/* finished ones, for reuse */
	char *agent;
	char *authorities;		/* $SSL_CERT_FILE, or NULL: those of the system */
};

struct http_transfer {
	struct http *http;
	CURL *easy;
	struct curl_slist *headers;	/* those of this transfer alone, or NULL */
	bool file;
	bool too_long;
	size_t most;
	char error[CURL_ERROR_SIZE];
	struct http_answer answer;
	void (*done)(void *cookie, struct http_answer *);
	void *cookie;
	struct http_transfer *next;
};

struct http_socket {
	struct loop_fd fd;
	struct http *http;
};

static int
http_status(const struct http_transfer *t)
{
	long status = 0;

	if (t->file)
		return 200;
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	return (int)status;
}

static size_t
http_body(char *p, size_t size, size_t n, void *cookie)
{
	struct http_transfer *t = cookie;
	size_t got = size * n, room;

	if (http_status(t) != 200) {
		room = MAX_REFUSAL - t->answer.body.n;
		buf_put(&t->answer.body, span_of(p, got < room ? got : room));
		return got;
	}
	if (got > t->most - t->answer.body.n) {
		t->too_long = true;
		return 0;
	}
	buf_put(&t->answer.body, span_of(p, got));
	return got;
}

/*
 * Points *value to the value of the header `name`, without blanks around it, if line is that
 * header.
 */
static bool
http_value(struct span line, const char *name, struct span *value)
{
	size_t n = strlen(name);

	if (line.n <= n || line.p[n] != ':' ||
	    strncasecmp((const char *)line.p, name, n) != 0)
		return false;
	line = span_from(line, n + 1);
	while (line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t'))
		line = span_from(line, 1);
	while (line.n > 0 && line.p[line.n - 1] <= ' ')
		line.n--;
	*value = line;
	return true;
}

/* Copies value with a NUL behind it into the most bytes at out, unless it is too long. */
static void
http_keep(char *out, size_t most, struct span value)
{
	if (value.n >= most)
		return;
	memcpy(out, value.p, value.n);
	out[value.n] = '\0';
}

static size_t
http_header(char *p, size_t size, size_t n, void *cookie)
{
	struct http_transfer *t = cookie;
	struct span line = span_of(p, size * n), value;

	if (span_starts(line, SPAN("HTTP/")))
		t->answer.retry_after[0] = t->answer.etag[0] = '\0';
	else if (http_value(line, "retry-after", &value))
		http_keep(t->answer.retry_after, sizeof(t->answer.retry_after), value);
	else if (http_value(line, "etag", &value))
		http_keep(t->answer.etag, sizeof(t->answer.etag), value);
	return size * n;
}

static void
http_reuse(struct http_transfer *t)
{
	if (t->answer.body.cap > KEEP_BODY)
		buf_free(&t->answer.body);
	curl_slist_free_all(t->headers);
	t->headers = NULL;
	t->next = t->http->spare;
	t->http->spare = t;
}

static void
http_finish(struct http_transfer *t, CURLcode code)
{
	struct http_answer *a = &t->answer;

	a->status = http_status(t);
	if (t->file && code == CURLE_FILE_COULDNT_READ_FILE) {
		a->status = 404;
		code = CURLE_OK;
	}
	if (t->too_long) {
		a->status = 0;
		snprintf(a->why, sizeof(a->why), "the body is longer than %zu bytes", t->most);
	} else if (code != CURLE_OK) {
		a->cut = a->status != 0;
		snprintf(a->why, sizeof(a->why), "%s",
		    t->error[0] != '\0' ? t->error : curl_easy_strerror(code));
	}
	curl_multi_remove_handle(t->http->multi, t->easy);
	t->done(t->cookie, a);
	http_reuse(t);
}

static void
http_collect(struct http *h)
{
	struct http_transfer *t;
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(h->multi, &left)) != NULL) {
		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&t);
		http_finish(t, m->data.result);
	}
}

static void
http_act(struct http *h, curl_socket_t fd, int events)
{
	int running;

	if (curl_multi_socket_action(h->multi, fd, events, &running) != CURLM_OK)
		die_bug("libcurl does not take an event of a connection");
	http_collect(h);
}

static void
http_due(void *cookie)
{
	http_act(cookie, CURL_SOCKET_TIMEOUT, 0);
}

static void
http_ready(void *cookie, unsigned events)
{
	struct http_socket *s = cookie;
	int what = 0;

	if (events & LOOP_READ)
		what |= CURL_CSELECT_IN;
	if (events & LOOP_WRITE)
		what |= CURL_CSELECT_OUT;
	if (events & LOOP_HUP)
		what |= CURL_CSELECT_IN | CURL_CSELECT_ERR;
	http_act(s->http, s->fd.fd, what);
}

static int
http_socket(CURL *easy, curl_socket_t fd, int what, void *cookie, void *known)
{
	struct http *h = cookie;
	struct http_socket *s = known;
	unsigned wanted = (what & CURL_POLL_IN ? LOOP_READ : 0) |
	    (what & CURL_POLL_OUT ? LOOP_WRITE : 0);

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (s != NULL)
			loop_del(h->loop, &s->fd);
		free(s);
		curl_multi_assign(h->multi, fd, NULL);
		return 0;
	}
	if (s != NULL) {
		loop_want(h->loop, &s->fd, wanted);
		return 0;
	}
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		die_world("out of memory");
	s->http = h;
	s->fd.fd = fd;
	s->fd.ready = http_ready;
	s->fd.cookie = s;
	if (loop_add(h->loop, &s->fd, wanted) < 0)
		die_world("cannot watch a connection:");
	curl_multi_assign(h->multi, fd, s);
	return 0;
}

static int
http_timer(CURLM *multi, long ms, void *cookie)
{
	struct http *h = cookie;

	(void)multi;
	if (ms < 0)
		loop_stop_timer(h->loop, &h->timer);
	else
		loop_after(h->loop, &h->timer, (unsigned)ms);
	return 0;
}

struct http *
http_open(struct loop *loop, const char *agent)
{
	const char *authorities = getenv("SSL_CERT_FILE");
	struct http *h = calloc(1, sizeof(*h));

	if (h == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		die_world("libcurl does not start");
	h->loop = loop;
	h->timer = (struct loop_timer){ .due = http_due, .cookie = h };
	h->agent = strdup(agent);
	h->authorities = authorities != NULL ? strdup(authorities) : NULL;
	h->plain = curl_slist_append(NULL, "Accept-Encoding: gzip, identity");
	h->multi = curl_multi_init();
	if (h->agent == NULL || h->plain == NULL || h->multi == NULL ||
	    (authorities != NULL && h->authorities == NULL))
		die_world("libcurl does not start");
	curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, http_socket);
	curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, http_timer);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
	curl_multi_setopt(h->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
	curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)MAX_CONNECTIONS);
	return h;
}

void
http_free(struct http *h)
{
	struct http_transfer *t;

	while ((t = h->spare) != NULL) {
		h->spare = t->next;
		curl_easy_cleanup(t->easy);
		buf_free(&t->answer.body);
		free(t);
	}
	curl_multi_cleanup(h->multi);
	loop_stop_timer(h->loop, &h->timer);
	curl_slist_free_all(h->plain);
	curl_global_cleanup();
	free(h->agent);
	free(h->authorities);
	free(h);
}

static struct http_transfer *
http_spare(struct http *h)
{
	struct http_transfer *t = h->spare;

	if (t != NULL) {
		h->spare = t->next;
		return t;
	}
	t = calloc(1, sizeof(*t));
	if (t == NULL || (t->easy = curl_easy_init()) == NULL)
		die_world("out of memory");
	t->http = h;
	buf_init(&t->answer.body);
	return t;
}

static void
http_protocols(CURL *easy)
{
#if LIBCURL_VERSION_NUM >= 0x075500
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https,file");
#else
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS,
	    (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS | CURLPROTO_FILE));
#endif
}

/* Lets the server answer with 304 when the body still has this etag. */
static void
http_set_unless(struct http_transfer *t, const char *etag)
{
	struct buf line = { 0 };

	buf_putf(&line, "If-None-Match: %s", etag);
	t->headers = curl_slist_append(NULL, buf_str(&line));
	if (t->headers == NULL)
		die_world("out of memory");
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
	buf_free(&line);
}

static void
http_set(struct http_transfer *t, const struct http_ask *ask)
{
	CURL *e = t->easy;

	curl_easy_reset(e);
	http_protocols(e);
	curl_easy_setopt(e, CURLOPT_URL, ask->url);
	curl_easy_setopt(e, CURLOPT_PRIVATE, t);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, t->error);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, http_body);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, http_header);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(e, CURLOPT_USERAGENT, t->http->agent);
	if (t->http->authorities != NULL)
		curl_easy_setopt(e, CURLOPT_CAINFO, t->http->authorities);
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	/*
	 * Not without TLS: there it waits for an answer, and one that hangs would hold back the
	 * others.
	 */
	curl_easy_setopt(e, CURLOPT_PIPEWAIT, strncasecmp(ask->url, "https:", 6) == 0 ? 1L : 0L);
	curl_easy_setopt(e, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(e, CURLOPT_BUFFERSIZE, 128L * 1024);
#if LIBCURL_VERSION_NUM >= 0x075000
	curl_easy_setopt(e, CURLOPT_MAXLIFETIME_CONN, (long)CONNECTION_LIFE);
#endif
	/* Without this, a transfer that ends during the look-up of its host name waits for it. */
#if LIBCURL_VERSION_NUM >= 0x075700
	curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L);
#endif
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS,
	    (long)(ask->connect > 0 ? ask->connect : HTTP_CONNECT));
	curl_easy_setopt(e, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(e, CURLOPT_LOW_SPEED_TIME, (long)HTTP_STALL);
	if (ask->decode)
		curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "gzip");
	else
		curl_easy_setopt(e, CURLOPT_HTTPHEADER, t->http->plain);
	if (ask->decode && ask->unless != NULL)
		http_set_unless(t, ask->unless);
}

struct http_transfer *
http_start(struct http *h, const struct http_ask *ask)
{
	struct http_transfer *t = http_spare(h);
	struct buf body = t->answer.body;

	buf_reset(&body);
	t->answer = (struct http_answer){ .body = body };
	t->file = strncasecmp(ask->url, "file:", 5) == 0;
	t->too_long = false;
	t->most = ask->most;
	t->done = ask->done;
	t->cookie = ask->cookie;
	t->error[0] = '\0';
	http_set(t, ask);
	if (curl_multi_add_handle(h->multi, t->easy) != CURLM_OK)
		die_bug("libcurl does not take a transfer");
	return t;
}

void
http_cancel(struct http_transfer *t)
{
	curl_multi_remove_handle(t->http->multi, t->easy);
	http_reuse(t);
}

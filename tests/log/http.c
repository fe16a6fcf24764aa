/*
 * A small HTTP/1.1 server (RFC 9110, RFC 9112). In: requests from sockets, which a
 * site answers. Out: its responses.
 */
#include "tests/log/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tests/log/access.h"
#include "tests/log/fail.h"
#include "tests/log/response.h"

struct http_server {
	int socket;
	const struct http_site *site;
	atomic_int connections;
};

struct connection {
	struct http_server *server;
	int fd;
	uint32_t address;		/* of the client */
	unsigned port;
	size_t len;			/* bytes in text */
	char text[HTTP_REQUEST + 1];	/* what was read and not yet answered */
};

void
http_fail(struct http_response *response, int status, const char *text)
{
	bytes_reset(&response->body);
	bytes_printf(&response->body, "%s\n", text);
	response->status = status;
	response->type = "text/plain; charset=utf-8";
	response->cache = "no-store";
	response->coding = HTTP_PLAIN;
	response->entries = 0;
}

static bool
http_refuse(int fd, int status)
{
	struct http_response response = { 0 };
	struct wish wish = { .close = true };
	uint64_t sent;

	http_fail(&response, status, response_reason(status));
	return response_send(fd, &wish, &response, &sent);
}

/* Tells whether a list such as "br, gzip;q=0.8" has gzip without q=0 (RFC 9110 section 12.5.3). */
static bool
http_has_gzip(const char *list)
{
	const char *at = strcasestr(list, "gzip");

	if (at == NULL)
		return false;
	at += strlen("gzip");
	at += strspn(at, " \t");
	if (strncasecmp(at, ";q=0", 4) != 0)
		return true;
	at += 4;
	at += strspn(at, ".");
	return at[strspn(at, "0")] >= '1' && at[strspn(at, "0")] <= '9';
}

static void
http_read_field(char *line, struct http_request *request, struct wish *wish)
{
	char *value = strchr(line, ':');

	if (value == NULL)
		return;
	*value++ = '\0';
	value += strspn(value, " \t");
	if (strcasecmp(line, "Accept-Encoding") == 0) {
		wish->coding = true;
		wish->gzip = http_has_gzip(value);
	} else if (strcasecmp(line, "User-Agent") == 0) {
		request->agent = value;
	} else if (strcasecmp(line, "Connection") == 0) {
		wish->close = wish->close ? strcasestr(value, "keep-alive") == NULL
		    : strcasestr(value, "close") != NULL;
	} else if (strcasecmp(line, "Transfer-Encoding") == 0 ||
	    (strcasecmp(line, "Content-Length") == 0 && strcmp(value, "0") != 0)) {
		wish->refuse = 413;
	}
}

/* Cuts a line such as "GET /path?query HTTP/1.1" apart. */
static void
http_read_line(char *line, struct http_request *request, struct wish *wish)
{
	char *target = strchr(line, ' ');
	char *version = target == NULL ? NULL : strchr(target + 1, ' ');
	char *query;

	if (version == NULL || target[1] != '/') {
		wish->refuse = 400;
		return;
	}
	*target++ = '\0';
	*version++ = '\0';
	if (strncmp(version, "HTTP/1.", 7) != 0)
		wish->refuse = 505;
	wish->close = strcmp(version, "HTTP/1.0") == 0;
	wish->head = strcmp(line, "HEAD") == 0;
	if (!wish->head && strcmp(line, "GET") != 0)
		wish->refuse = 405;
	query = strchr(target, '?');
	if (query != NULL)
		*query++ = '\0';
	request->path = target;
	request->query = query == NULL ? "" : query;
}

/* Answers a request and adds it to the list of requests. */
static bool
http_respond(const struct connection *c, const struct http_request *request,
    const struct wish *wish)
{
	const struct http_site *site = c->server->site;
	struct access a = { .port = c->port, .method = wish->head ? "HEAD" : "GET",
		.path = request->path, .query = request->query };
	struct http_response response = { 0 };
	bool open;

	clock_gettime(CLOCK_REALTIME, &a.when);
	site->answer(site->arg, request, &response);
	a.status = response.wire.end == FAULT_END_MUTE || response.wire.end == FAULT_END_RESET
	    ? 0 : response.status;
	a.endpoint = response.endpoint;
	a.entries = response.entries;
	open = response_send(c->fd, wish, &response, &a.bytes);
	access_put(site->requests, &a);
	return open;
}

/* Reads the header in text, which an empty line ends, and answers it. */
static bool
http_answer(const struct connection *c, char *text)
{
	struct http_request request = { .path = "", .query = "", .agent = "", .address = c->address };
	struct wish wish = { false, false, false, false, 0 };
	char *line = text, *end = strstr(line, "\r\n");

	*end = '\0';
	http_read_line(line, &request, &wish);
	for (line = end + 2; *line != '\0' && wish.refuse == 0; line = end + 2) {
		end = strstr(line, "\r\n");
		*end = '\0';
		http_read_field(line, &request, &wish);
	}
	if (wish.refuse != 0)
		return http_refuse(c->fd, wish.refuse);
	return http_respond(c, &request, &wish);
}

/* Reads until a header is whole, answers it, and keeps the bytes that came behind it. */
static bool
http_turn(struct connection *c)
{
	char *end;

	c->text[c->len] = '\0';
	while ((end = strstr(c->text, "\r\n\r\n")) == NULL) {
		ssize_t n;

		if (c->len == HTTP_REQUEST)
			return http_refuse(c->fd, 431);
		n = recv(c->fd, c->text + c->len, HTTP_REQUEST - c->len, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		if (memchr(c->text + c->len, '\0', (size_t)n) != NULL)
			return http_refuse(c->fd, 400);
		c->len += (size_t)n;
		c->text[c->len] = '\0';
	}
	end[2] = '\0';
	if (!http_answer(c, c->text))
		return false;
	c->len -= (size_t)(end + 4 - c->text);
	memmove(c->text, end + 4, c->len);
	return true;
}

static void *
http_connection(void *arg)
{
	struct connection *c = arg;

	while (http_turn(c))
		;
	close(c->fd);
	atomic_fetch_sub(&c->server->connections, 1);
	free(c);
	return NULL;
}

static void
http_start(struct http_server *server, int fd, const struct sockaddr_in *peer)
{
	struct timeval idle = { .tv_sec = HTTP_IDLE };
	struct connection *c;
	pthread_t thread;
	int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &idle, sizeof(idle));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &idle, sizeof(idle));
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	c = calloc(1, sizeof(*c));
	if (c == NULL)
		fail_world("out of memory for a connection");
	c->server = server;
	c->fd = fd;
	c->address = ntohl(peer->sin_addr.s_addr);
	c->port = ntohs(peer->sin_port);
	if (atomic_fetch_add(&server->connections, 1) >= HTTP_CONNECTIONS ||
	    pthread_create(&thread, NULL, http_connection, c) != 0) {
		http_refuse(fd, 503);
		close(fd);
		atomic_fetch_sub(&server->connections, 1);
		free(c);
		return;
	}
	pthread_detach(thread);
}

int
http_listen(unsigned last, unsigned *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)*port) };
	socklen_t len = sizeof(address);
	int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl((INADDR_LOOPBACK & ~255U) | last);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 || listen(fd, 128) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) != 0)
		fail_world("cannot listen on 127.0.0.%u port %u: %s", last, *port, strerror(errno));
	*port = ntohs(address.sin_port);
	return fd;
}

void
http_serve(int socket, const struct http_site *site)
{
	struct http_server server = { .socket = socket, .site = site };

	for (;;) {
		struct sockaddr_in peer = { 0 };
		socklen_t len = sizeof(peer);
		int fd = accept4(socket, (struct sockaddr *)&peer, &len, SOCK_CLOEXEC);

		if (fd >= 0)
			http_start(&server, fd, &peer);
		else if (errno == EMFILE || errno == ENFILE)
			usleep(10000);
		else if (errno != EINTR && errno != ECONNABORTED)
			fail_world("cannot accept connections: %s", strerror(errno));
	}
}

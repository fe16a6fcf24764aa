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
#include <unistd.h>
#include <zlib.h>

#include "tests/log/fail.h"

struct http_server {
	int socket;
	const struct http_site *site;
	atomic_int connections;
};

struct connection {
	struct http_server *server;
	int fd;
	size_t len;			/* bytes in text */
	char text[HTTP_REQUEST + 1];	/* what was read and not yet answered */
};

/* What the header of a request asks for. */
struct wish {
	bool head;	/* no body */
	bool close;
	bool gzip;	/* an Accept-Encoding allows it */
	bool coding;	/* there is an Accept-Encoding */
	int refuse;	/* an error status, after which the connection ends, or 0 */
};

static const struct {
	int status;
	const char *text;
} reasons[] = { { 200, "OK" }, { 400, "Bad Request" }, { 404, "Not Found" },
	{ 405, "Method Not Allowed" }, { 413, "Content Too Large" },
	{ 431, "Request Header Fields Too Large" }, { 503, "Service Unavailable" },
	{ 505, "HTTP Version Not Supported" }, { 0, "Unknown" } };

static const char *
http_reason(int status)
{
	size_t i = 0;

	while (reasons[i].status != status && reasons[i].status != 0)
		i++;
	return reasons[i].text;
}

void
http_fail(struct http_response *response, int status, const char *text)
{
	bytes_reset(&response->body);
	bytes_printf(&response->body, "%s\n", text);
	response->status = status;
	response->type = "text/plain; charset=utf-8";
	response->cache = "no-store";
	response->coding = HTTP_PLAIN;
}

static void
http_compress(struct bytes *body)
{
	z_stream z = { 0 };
	struct bytes out = { 0 };

	/* Level 1 is the fastest; 15 is the largest window and 16 asks for a gzip header. */
	if (deflateInit2(&z, 1, Z_DEFLATED, 16 + 15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		fail_world("cannot start zlib");
	bytes_reserve(&out, deflateBound(&z, body->len));
	z.next_in = body->at;
	z.avail_in = (uInt)body->len;
	z.next_out = out.at;
	z.avail_out = (uInt)out.cap;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		fail_bug("zlib did not end");
	out.len = z.total_out;
	deflateEnd(&z);
	bytes_free(body);
	*body = out;
}

static bool
http_send(int fd, const struct bytes *b)
{
	size_t sent = 0;

	while (sent < b->len) {
		ssize_t n = send(fd, b->at + sent, b->len - sent, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		sent += (size_t)n;
	}
	return true;
}

/*
 * Sends a response. Every response passes here before it is compressed, so a fault of
 * transport that a test needs belongs here. Returns false when the connection has to end.
 */
static bool
http_respond(int fd, const struct wish *wish, struct http_response *response)
{
	bool gzip = response->coding == HTTP_GZIP ? wish->gzip || !wish->coding
	    : response->coding == HTTP_MAY_GZIP && wish->gzip;
	struct bytes out = { 0 };
	bool sent;

	if (gzip)
		http_compress(&response->body);
	bytes_printf(&out, "HTTP/1.1 %d %s\r\n", response->status, http_reason(response->status));
	bytes_printf(&out, "Content-Type: %s\r\nContent-Length: %zu\r\nCache-Control: %s\r\n",
	    response->type, response->body.len, response->cache);
	if (response->coding != HTTP_PLAIN)
		bytes_put_text(&out, "Vary: Accept-Encoding\r\n");
	if (gzip)
		bytes_put_text(&out, "Content-Encoding: gzip\r\n");
	if (response->status == 405)
		bytes_put_text(&out, "Allow: GET, HEAD\r\n");
	bytes_put_text(&out, wish->close ? "Connection: close\r\n\r\n" : "\r\n");
	if (!wish->head)
		bytes_put(&out, response->body.at, response->body.len);
	sent = http_send(fd, &out);
	bytes_free(&out);
	bytes_free(&response->body);
	return sent && !wish->close;
}

static bool
http_refuse(int fd, int status)
{
	struct http_response response = { 0 };
	struct wish wish = { .close = true };

	http_fail(&response, status, http_reason(status));
	return http_respond(fd, &wish, &response);
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
http_read_field(char *line, struct wish *wish)
{
	char *value = strchr(line, ':');

	if (value == NULL)
		return;
	*value++ = '\0';
	value += strspn(value, " \t");
	if (strcasecmp(line, "Accept-Encoding") == 0) {
		wish->coding = true;
		wish->gzip = http_has_gzip(value);
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

/* Reads the header in the first len bytes of text, which an empty line ends, and answers it. */
static bool
http_answer(struct connection *c, char *text)
{
	struct http_request request = { "", "" };
	struct http_response response = { 0 };
	struct wish wish = { false, false, false, false, 0 };
	char *line = text, *end = strstr(line, "\r\n");

	*end = '\0';
	http_read_line(line, &request, &wish);
	for (line = end + 2; *line != '\0' && wish.refuse == 0; line = end + 2) {
		end = strstr(line, "\r\n");
		*end = '\0';
		http_read_field(line, &wish);
	}
	if (wish.refuse != 0)
		return http_refuse(c->fd, wish.refuse);
	c->server->site->answer(c->server->site->arg, &request, &response);
	return http_respond(c->fd, &wish, &response);
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
http_start(struct http_server *server, int fd)
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
http_listen(unsigned *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)*port) };
	socklen_t len = sizeof(address);
	int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 || listen(fd, 128) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) != 0)
		fail_world("cannot listen on 127.0.0.1 port %u: %s", *port, strerror(errno));
	*port = ntohs(address.sin_port);
	return fd;
}

void
http_serve(int socket, const struct http_site *site)
{
	struct http_server server = { .socket = socket, .site = site };

	for (;;) {
		int fd = accept4(socket, NULL, NULL, SOCK_CLOEXEC);

		if (fd >= 0)
			http_start(&server, fd);
		else if (errno == EMFILE || errno == ENFILE)
			usleep(10000);
		else if (errno != EINTR && errno != ECONNABORTED)
			fail_world("cannot accept connections: %s", strerror(errno));
	}
}

/*
 * Sends responses (RFC 9112). In: a response, and what its request asked for. Out: bytes on
 * a socket. Every response passes here, so a fault of transport belongs here or in
 * fault_wire.c.
 */
#include "tests/log/response.h"

#include <zlib.h>

#include "tests/log/fail.h"

static const struct {
	int status;
	const char *text;
} reasons[] = { { 200, "OK" }, { 301, "Moved Permanently" }, { 302, "Found" },
	{ 400, "Bad Request" }, { 403, "Forbidden" }, { 404, "Not Found" },
	{ 405, "Method Not Allowed" }, { 408, "Request Timeout" }, { 410, "Gone" },
	{ 413, "Content Too Large" }, { 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" }, { 500, "Internal Server Error" },
	{ 502, "Bad Gateway" }, { 503, "Service Unavailable" }, { 504, "Gateway Timeout" },
	{ 505, "HTTP Version Not Supported" }, { 0, "Unknown" } };

const char *
response_reason(int status)
{
	size_t i = 0;

	while (reasons[i].status != status && reasons[i].status != 0)
		i++;
	return reasons[i].text;
}

static void
response_compress(struct bytes *body)
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

/* Appends the lines that say how the body is to be read. gzip tells whether it is compressed. */
static void
response_put_form(const struct http_response *response, bool gzip, struct bytes *out)
{
	const struct fault_wire *w = &response->wire;

	if (w->chunked)
		bytes_put_text(out, "Transfer-Encoding: chunked\r\n");
	else
		bytes_printf(out, "Content-Length: %zu\r\n", response->body.len);
	if (response->coding != HTTP_PLAIN)
		bytes_put_text(out, "Vary: Accept-Encoding\r\n");
	if (w->coding != NULL)
		bytes_printf(out, "Content-Encoding: %s\r\n", w->coding);
	else if (gzip && !w->unsaid)
		bytes_put_text(out, "Content-Encoding: gzip\r\n");
}

static void
response_put_header(const struct http_response *response, bool gzip, bool close, struct bytes *out)
{
	bytes_printf(out, "HTTP/1.1 %d %s\r\n", response->status, response_reason(response->status));
	bytes_printf(out, "Content-Type: %s\r\nCache-Control: %s\r\n", response->type,
	    response->cache);
	response_put_form(response, gzip, out);
	if (response->status == 405)
		bytes_put_text(out, "Allow: GET, HEAD\r\n");
	bytes_put(out, response->fields.at, response->fields.len);
	bytes_put_text(out, close ? "Connection: close\r\n\r\n" : "\r\n");
}

bool
response_send(int fd, const struct wish *wish, struct http_response *response, uint64_t *sent)
{
	bool gzip = response->coding == HTTP_GZIP ? wish->gzip || !wish->coding
	    : response->coding == HTTP_MAY_GZIP && wish->gzip;
	struct bytes header = { 0 };
	bool open;

	fault_wire_wait(&response->wire);
	gzip = gzip || response->wire.gzip;
	if (gzip)
		response_compress(&response->body);
	response_put_header(response, gzip, wish->close, &header);
	if (wish->head) {
		bytes_reset(&response->body);
		response->wire = (struct fault_wire){ 0 };
	}
	open = fault_wire_send(fd, &response->wire, &header, &response->body, sent);
	bytes_free(&header);
	bytes_free(&response->fields);
	bytes_free(&response->body);
	return open && !wish->close;
}

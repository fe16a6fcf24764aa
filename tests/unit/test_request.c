/* ct-ws/request: what is read from a request, and which requests are refused with which status. */
#include "unit.h"

#include "ct-ws/http/request.h"

#define REST " HTTP/1.1\r\nHost: a\r\n"

static enum request_got
parse(const char *text, struct request *r)
{
	return request_parse(span_str(text), r);
}

/* The status that the request is refused with, or 0 when it is not refused. */
static unsigned
status(const char *text)
{
	struct request r;

	return parse(text, &r) == REQUEST_BAD ? r.status : 0;
}

static void
a_request_gives_method_path_and_length(void)
{
	struct request r;

	CHECK(parse("GET /latest.json?x=1" REST "\r\nGET ", &r) == REQUEST_REQUEST);
	CHECK(r.method == REQUEST_GET && r.keep_alive && !r.upgrade);
	CHECK_TEXT(r.path, "/latest.json");
	CHECK(r.length == strlen("GET /latest.json?x=1" REST "\r\n"));
	CHECK(parse("HEAD /" REST "\r\n", &r) == REQUEST_REQUEST && r.method == REQUEST_HEAD);
	CHECK(parse("POST /" REST "Content-Length: 0\r\n\r\n", &r) == REQUEST_REQUEST);
	CHECK(r.method == REQUEST_OTHER);
	CHECK(parse("\r\nGET http://a/x?y" REST "\r\n", &r) == REQUEST_REQUEST);
	CHECK_TEXT(r.path, "/x");
	CHECK(parse("GET http://a" REST "\r\n", &r) == REQUEST_REQUEST);
	CHECK_TEXT(r.path, "/");
}

static void
every_prefix_of_a_request_asks_for_more(void)
{
	static const char text[] = "GET /full-stream" REST "Accept: */*\r\n\r\n";
	struct request r;

	for (size_t n = 0; n < sizeof(text) - 1; n++)
		CHECK(request_parse(span_of(text, n), &r) == REQUEST_MORE);
	CHECK(request_parse(SPAN(text), &r) == REQUEST_REQUEST);
}

static void
an_upgrade_needs_both_fields_in_any_case(void)
{
	struct request r;

	CHECK(parse("GET /" REST "Connection: keep-alive, UPGRADE\r\nupgrade: WebSocket\r\n"
	    "SEC-WebSocket-Key:  abc \r\nSec-WebSocket-Version: 13\r\n\r\n", &r) == REQUEST_REQUEST);
	CHECK(r.upgrade);
	CHECK_TEXT(r.key, "abc");
	CHECK_TEXT(r.version, "13");
	CHECK(parse("GET /" REST "Upgrade: websocket\r\n\r\n", &r) == REQUEST_REQUEST && !r.upgrade);
	CHECK(parse("GET /" REST "Connection: upgrade\r\nUpgrade: h2c\r\n\r\n", &r) ==
	    REQUEST_REQUEST && !r.upgrade);
	CHECK(parse("GET /" REST "Sec-WebSocket-Key: a\r\nSec-WebSocket-Key: b\r\n\r\n", &r) ==
	    REQUEST_REQUEST && r.key.n == 0);
}

static void
a_connection_is_kept_unless_asked_otherwise(void)
{
	struct request r;

	CHECK(parse("GET /" REST "Connection: close\r\n\r\n", &r) == REQUEST_REQUEST && !r.keep_alive);
	CHECK(parse("GET / HTTP/1.0\r\n\r\n", &r) == REQUEST_REQUEST && !r.keep_alive);
	CHECK(parse("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", &r) == REQUEST_REQUEST &&
	    r.keep_alive);
}

static void
what_can_be_read_in_two_ways_is_refused(void)
{
	CHECK(status("GET / HTTP/1.1\r\n\r\n") == 400);			/* no Host */
	CHECK(status("GET /" REST "Host: b\r\n\r\n") == 400);
	CHECK(status("GET /" REST "X : y\r\n\r\n") == 400);
	CHECK(status("GET /" REST " folded\r\n\r\n") == 400);
	CHECK(status("GET /" REST "X: a\nY: b\r\n\r\n") == 400);
	CHECK(status("GET /" REST "no colon\r\n\r\n") == 400);
	CHECK(status("GET  /" REST "\r\n") == 400);
	CHECK(status("GET x" REST "\r\n") == 400);
	CHECK(status("GET / HTTP/2.0\r\nHost: a\r\n\r\n") == 505);
	CHECK(status("GET /\r\n\r\n") == 400);
	CHECK(status("\x16\x03\x01") == 400);				/* TLS */
}

static void
a_GET_with_a_body_is_refused(void)
{
	CHECK(status("GET /" REST "Content-Length: 5\r\n\r\nhello") == 413);
	CHECK(status("GET /" REST "Content-Length: 0\r\nContent-Length: 7\r\n\r\n") == 413);
	CHECK(status("GET /" REST "Content-Length: \r\n\r\n") == 413);
	CHECK(status("HEAD /" REST "Transfer-Encoding: chunked\r\n\r\n") == 413);
}

static void
another_method_with_a_body_is_a_request_and_the_last_one(void)
{
	struct request r;

	CHECK(parse("POST /" REST "Content-Length: 5\r\n\r\nhello", &r) == REQUEST_REQUEST);
	CHECK(r.method == REQUEST_OTHER && !r.keep_alive);
	CHECK(parse("PUT /" REST "Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n",
	    &r) == REQUEST_REQUEST);
	CHECK(r.method == REQUEST_OTHER && !r.keep_alive);
}

static void
a_head_without_end_is_refused_at_8_KiB(void)
{
	static char text[MAX_HTTP_HEAD + 1] = "GET /";
	struct request r;

	memset(text + 5, 'a', sizeof(text) - 6);
	CHECK(request_parse(span_of(text, MAX_HTTP_HEAD - 1), &r) == REQUEST_MORE);
	CHECK(request_parse(span_of(text, MAX_HTTP_HEAD), &r) == REQUEST_BAD && r.status == 431);
}

int
main(void)
{
	RUN(a_request_gives_method_path_and_length);
	RUN(every_prefix_of_a_request_asks_for_more);
	RUN(an_upgrade_needs_both_fields_in_any_case);
	RUN(a_connection_is_kept_unless_asked_otherwise);
	RUN(what_can_be_read_in_two_ways_is_refused);
	RUN(a_GET_with_a_body_is_refused);
	RUN(another_method_with_a_body_is_a_request_and_the_last_one);
	RUN(a_head_without_end_is_refused_at_8_KiB);
	return unit_end();
}

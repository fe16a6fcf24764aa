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
a_line_that_ends_with_lf_alone_is_refused_at_once(void)
{
	struct request r;

	CHECK(parse("GET /health HTTP/1.0\n\n", &r) == REQUEST_BAD && r.status == 400);
	CHECK(parse("GET / HTTP/1.1\r\nHost: a\n", &r) == REQUEST_BAD && r.status == 400);
	CHECK(parse("\r\n\nGET / HTTP/1.1\r\n", &r) == REQUEST_BAD && r.status == 400);
}

static void
the_query_is_handed_out_as_sent(void)
{
	struct request r;

	CHECK(parse("GET /sse?stream=full&match=a%20b?c" REST "\r\n", &r) == REQUEST_REQUEST);
	CHECK_TEXT(r.path, "/sse");
	CHECK_TEXT(r.query, "stream=full&match=a%20b?c");
	CHECK(parse("GET /?" REST "\r\n", &r) == REQUEST_REQUEST && r.query.n == 0);
	CHECK(parse("GET /" REST "\r\n", &r) == REQUEST_REQUEST && r.query.n == 0);
}

static void
the_absolute_form_is_taken_as_the_path_in_it(void)
{
	struct request r;

	CHECK(parse("GET HTTP://a:80/x?y=/z" REST "\r\n", &r) == REQUEST_REQUEST);
	CHECK_TEXT(r.path, "/x");
	CHECK_TEXT(r.query, "y=/z");
	CHECK(parse("GET https://[::1]:8080?u=/x" REST "\r\n", &r) == REQUEST_REQUEST);
	CHECK_TEXT(r.path, "/");
	CHECK_TEXT(r.query, "u=/x");
	CHECK(status("GET http:///x" REST "\r\n") == 400);
	CHECK(status("GET http://u@a/x" REST "\r\n") == 400);
	CHECK(status("GET ftp://a/x" REST "\r\n") == 400);
}

static void
the_asterisk_is_a_target_for_OPTIONS_alone(void)
{
	struct request r;

	CHECK(parse("OPTIONS *" REST "\r\n", &r) == REQUEST_REQUEST);
	CHECK(r.method == REQUEST_OPTIONS && r.keep_alive);
	CHECK_TEXT(r.path, "*");
	CHECK(status("GET *" REST "\r\n") == 400);
}

static void
a_target_that_is_broken_is_refused(void)
{
	CHECK(status("GET /%2" REST "\r\n") == 400);
	CHECK(status("GET /%zz" REST "\r\n") == 400);
	CHECK(status("GET /#x" REST "\r\n") == 400);
	CHECK(status("GET /x?y#z" REST "\r\n") == 400);
	CHECK(status("CONNECT a:443" REST "\r\n") == 400);
	CHECK(status("GET /%2Fx?%" REST "\r\n") == 0);
}

/* The status for a request with this value of Host. */
static unsigned
host_status(const char *host)
{
	char text[200];

	snprintf(text, sizeof(text), "GET / HTTP/1.1\r\nHost:%s\r\n\r\n", host);
	return status(text);
}

static void
Host_must_be_a_host_with_or_without_port(void)
{
	static const char *const good[] = { "a", " a.example:8080", "a_b.example", "127.0.0.1:0", "",
		"[::1]", "[2001:db8::1]:65535", "a%2Db", "a:", ":80" };
	static const char *const bad[] = { "a b", "a/b", "u@a", "a:b", "a:1:2", "a:123456",
		"[::1", "[]", "[::1]8", "[/]", "a%2", "\"a\"", "\xc3\xbc.example", "<a>" };

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		if (host_status(good[i]) != 0)
			CHECK_TEXT(SPAN("refused"), good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (host_status(bad[i]) != 400)
			CHECK_TEXT(SPAN("taken"), bad[i]);
	CHECK(status("GET / HTTP/1.0\r\nHost: a/b\r\n\r\n") == 400);
	CHECK(status("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n") == 400);
}

static void
fields_that_others_need_are_handed_out(void)
{
	struct request r;

	CHECK(parse("GET /sse" REST "origin: https://a.example\r\nAuthorization: Bearer x y\r\n"
	    "Last-Event-ID: 7-9\r\nAccess-Control-Request-Method:GET\r\n\r\n", &r) ==
	    REQUEST_REQUEST);
	CHECK_TEXT(r.origin, "https://a.example");
	CHECK_TEXT(r.authorization, "Bearer x y");
	CHECK_TEXT(r.last_event_id, "7-9");
	CHECK_TEXT(r.cors_method, "GET");
}

static void
a_field_that_may_stand_once_and_stands_twice_is_refused(void)
{
	static const char *const names[] = { "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Origin",
		"Authorization", "Last-Event-ID" };
	char text[200];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(text, sizeof(text), "GET /" REST "%s:\r\n%s: a\r\n\r\n", names[i], names[i]);
		CHECK(status(text) == 400);
	}
}

static void
lines_of_a_list_are_joined_in_their_order(void)
{
	struct request r;
	struct buf out;

	buf_init(&out);
	CHECK(parse("GET /" REST "X-Forwarded-For: 1.2.3.4, ::1\r\nX-Forwarded-Foo: no\r\n"
	    "x-forwarded-for:  9.9.9.9 \r\n\r\n", &r) == REQUEST_REQUEST);
	request_join(&r, "x-forwarded-for", &out);
	CHECK_TEXT(buf_span(&out), "1.2.3.4, ::1, 9.9.9.9");
	buf_reset(&out);
	request_join(&r, "x-forwarded", &out);
	CHECK(out.n == 0);
	buf_free(&out);
}

static void
gzip_is_taken_where_its_weight_is_not_zero(void)
{
	static const struct {
		const char *fields;
		bool takes;
	} cases[] = {
		{ "", false },
		{ "Accept-Encoding:\r\n", false },
		{ "Accept-Encoding: gzip\r\n", true },
		{ "Accept-Encoding: deflate, GZIP;q=0.5, br\r\n", true },
		{ "Accept-Encoding: br\r\nAccept-Encoding: gzip\r\n", true },
		{ "Accept-Encoding: *\r\n", true },
		{ "Accept-Encoding: *, gzip;q=0\r\n", false },
		{ "Accept-Encoding: gzip; q=0.000\r\n", false },
		{ "Accept-Encoding: gzip;q=2\r\n", false },
		{ "Accept-Encoding: xgzip, gzi\r\n", false },
	};
	char text[200];
	struct request r;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		snprintf(text, sizeof(text), "GET /" REST "%s\r\n", cases[i].fields);
		CHECK(parse(text, &r) == REQUEST_REQUEST);
		if (request_takes_gzip(&r) != cases[i].takes)
			CHECK_TEXT(SPAN("judged wrongly"), cases[i].fields);
	}
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
a_body_whose_end_is_not_certain_is_refused(void)
{
	CHECK(status("GET /" REST "Content-Length: 0\r\nContent-Length: 7\r\n\r\n") == 400);
	CHECK(status("POST /" REST "Content-Length: 5\r\nContent-Length: 5\r\n\r\n") == 400);
	CHECK(status("GET /" REST "Content-Length: \r\n\r\n") == 400);
	CHECK(status("GET /" REST "Content-Length: +1\r\n\r\n") == 400);
	CHECK(status("POST /" REST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
}

static void
a_GET_with_a_body_is_refused(void)
{
	CHECK(status("GET /" REST "Content-Length: 5\r\n\r\nhello") == 413);
	CHECK(status("GET /" REST "Content-Length: 00\r\n\r\n") == 0);
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
	RUN(a_line_that_ends_with_lf_alone_is_refused_at_once);
	RUN(the_query_is_handed_out_as_sent);
	RUN(the_absolute_form_is_taken_as_the_path_in_it);
	RUN(the_asterisk_is_a_target_for_OPTIONS_alone);
	RUN(a_target_that_is_broken_is_refused);
	RUN(Host_must_be_a_host_with_or_without_port);
	RUN(fields_that_others_need_are_handed_out);
	RUN(a_field_that_may_stand_once_and_stands_twice_is_refused);
	RUN(lines_of_a_list_are_joined_in_their_order);
	RUN(gzip_is_taken_where_its_weight_is_not_zero);
	RUN(an_upgrade_needs_both_fields_in_any_case);
	RUN(a_connection_is_kept_unless_asked_otherwise);
	RUN(what_can_be_read_in_two_ways_is_refused);
	RUN(a_body_whose_end_is_not_certain_is_refused);
	RUN(a_GET_with_a_body_is_refused);
	RUN(another_method_with_a_body_is_a_request_and_the_last_one);
	RUN(a_head_without_end_is_refused_at_8_KiB);
	return unit_end();
}

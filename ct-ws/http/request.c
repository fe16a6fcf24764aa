/*
 * Reads HTTP requests.
 *
 * in: the bytes of a connection that are not answered yet
 * out: the request at their front, or the reason why it is refused
 * standard: RFC 9112 sections 2 to 6, RFC 9110 section 5
 */
#include "ct-ws/http/request.h"

#include <strings.h>

static enum request_got
request_bad(struct request *r, unsigned status, const char *why)
{
	r->status = status;
	r->why = why;
	return REQUEST_BAD;
}

/* RFC 9110 section 5.6.2: token. */
static bool
request_is_token(struct span s)
{
	static const char others[] = "!#$%&'*+-.^_`|~";

	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.p[i];

		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		    (c != 0 && strchr(others, c) != NULL)))
			return false;
	}
	return s.n > 0;
}

static bool
request_is(struct span s, const char *text)
{
	return s.n == strlen(text) && strncasecmp((const char *)s.p, text, s.n) == 0;
}

static struct span
request_trim(struct span s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = span_from(s, 1);
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

/* Cuts *s at the first c. Returns what stands before it and leaves in *s what stands behind it. */
static struct span
request_cut(struct span *s, char c)
{
	const uint8_t *at = s->n > 0 ? memchr(s->p, c, s->n) : NULL;
	struct span before = *s;

	if (at != NULL)
		before.n = (size_t)(at - s->p);
	*s = span_from(*s, at != NULL ? before.n + 1 : s->n);
	return before;
}

/* Returns true when name is a member of list, the value of a field such as Connection. */
static bool
request_list_has(struct span list, const char *name)
{
	while (list.n > 0)
		if (request_is(request_trim(request_cut(&list, ',')), name))
			return true;
	return false;
}

/* What the header fields have said so far, beside what is in struct request. */
struct request_fields {
	unsigned hosts, keys, versions;
	bool closes, keeps, connection_upgrade, names_websocket;
	bool has_body;
};

static void
request_take_once(struct span *kept, unsigned *count, struct span value)
{
	*kept = (*count)++ == 0 ? value : (struct span){ NULL, 0 };
}

/* RFC 9112 section 6.3: there is a body unless the length consists of zeros. */
static bool
request_is_zero(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '0')
			return false;
	return s.n > 0;
}

static void
request_take_field(struct request *r, struct request_fields *f, struct span name,
    struct span value)
{
	if (request_is(name, "host"))
		f->hosts++;
	else if (request_is(name, "connection")) {
		f->closes |= request_list_has(value, "close");
		f->keeps |= request_list_has(value, "keep-alive");
		f->connection_upgrade |= request_list_has(value, "upgrade");
	} else if (request_is(name, "upgrade"))
		f->names_websocket |= request_list_has(value, "websocket");
	else if (request_is(name, "sec-websocket-key"))
		request_take_once(&r->key, &f->keys, value);
	else if (request_is(name, "sec-websocket-version"))
		request_take_once(&r->version, &f->versions, value);
	else if (request_is(name, "transfer-encoding"))
		f->has_body = true;
	else if (request_is(name, "content-length"))
		f->has_body |= !request_is_zero(value);
}

/* Returns true when line, without its CRLF, has no control character but tabs in it. */
static bool
request_is_text(struct span line)
{
	for (size_t i = 0; i < line.n; i++)
		if ((line.p[i] < 0x20 && line.p[i] != '\t') || line.p[i] == 0x7f)
			return false;
	return true;
}

/* RFC 9112 section 3.2: "/path?query", or the absolute form, which every server must take. */
static bool
request_take_target(struct request *r, struct span target)
{
	if (target.n > 7 && strncasecmp((const char *)target.p, "http://", 7) == 0) {
		const uint8_t *slash = memchr(target.p + 7, '/', target.n - 7);

		target = slash != NULL ? span_from(target, (size_t)(slash - target.p)) : SPAN("/");
	}
	if (target.n == 0 || target.p[0] != '/')
		return false;
	r->path = request_cut(&target, '?');
	return true;
}

static enum request_got
request_take_request_line(struct request *r, struct span line, bool *old)
{
	struct span method = request_cut(&line, ' ');
	struct span target = request_cut(&line, ' ');

	if (!request_is_token(method) || line.n != 8 || memcmp(line.p, "HTTP/", 5) != 0)
		return request_bad(r, 400, "the first line is not that of an HTTP/1.1 request");
	if (line.p[5] != '1' || line.p[6] != '.' || line.p[7] < '0' || line.p[7] > '9')
		return request_bad(r, 505, "only HTTP/1.1 is spoken here");
	if (!request_take_target(r, target))
		return request_bad(r, 400, "the request target is not a path");
	r->method = span_eq(method, SPAN("GET")) ? REQUEST_GET :
	    span_eq(method, SPAN("HEAD")) ? REQUEST_HEAD : REQUEST_OTHER;
	*old = line.p[7] == '0';
	return REQUEST_REQUEST;
}

static enum request_got
request_conclude(struct request *r, const struct request_fields *f, bool old)
{
	if (f->hosts > 1 || (f->hosts == 0 && !old))
		return request_bad(r, 400, "exactly one Host field is needed");
	if (f->has_body && r->method != REQUEST_OTHER)
		return request_bad(r, 413, "no request body is taken here");
	r->keep_alive = !f->has_body && !f->closes && (!old || f->keeps);
	r->upgrade = !old && f->connection_upgrade && f->names_websocket;
	return REQUEST_REQUEST;
}

/* Reads head: all lines of the request, each with its CRLF, without the empty line at the end. */
static enum request_got
request_parse_head(struct span head, struct request *r)
{
	struct request_fields f = { .hosts = 0 };
	bool old = false;
	bool is_first = true;
	enum request_got got;

	while (head.n > 0) {
		const uint8_t *end = memmem(head.p, head.n, "\r\n", 2);
		struct span line = span_of(head.p, (size_t)(end - head.p)), name;

		head = span_from(head, line.n + 2);
		if (!request_is_text(line))
			return request_bad(r, 400, "a control character in the request");
		if (is_first) {
			got = request_take_request_line(r, line, &old);
			if (got != REQUEST_REQUEST)
				return got;
			is_first = false;
			continue;
		}
		if (memchr(line.p, ':', line.n) == NULL)
			return request_bad(r, 400, "a header field without a colon");
		name = request_cut(&line, ':');
		if (!request_is_token(name))
			return request_bad(r, 400, "a header field with a bad name");
		request_take_field(r, &f, name, request_trim(line));
	}
	return request_conclude(r, &f, old);
}

enum request_got
request_parse(struct span bytes, struct request *r)
{
	struct span left = bytes;
	const uint8_t *end;

	*r = (struct request){ .status = 0 };
	while (span_starts(left, SPAN("\r\n")))
		left = span_from(left, 2);	/* RFC 9112 section 2.2 */
	if (left.n > 0 && left.p[0] != '\r' && !request_is_token(span_of(left.p, 1)))
		return request_bad(r, 400, "these bytes are not an HTTP request");
	end = left.n > 0 ? memmem(left.p, left.n, "\r\n\r\n", 4) : NULL;
	if (end == NULL)
		return bytes.n < MAX_HTTP_HEAD ? REQUEST_MORE :
		    request_bad(r, 431, "the request head is longer than 8 KiB");
	r->length = (size_t)(end + 4 - bytes.p);
	return request_parse_head(span_of(left.p, (size_t)(end + 2 - left.p)), r);
}

/*
 * Reads HTTP requests.
 *
 * in: the bytes of a connection that are not answered yet
 * out: the request at their front, or the reason why it is refused
 * standard: RFC 9112 sections 2 to 6, RFC 9110 section 5
 */
#include "ct-ws/http/request.h"

#include "ct-ws/http/accept.h"
#include "ct-ws/http/target.h"
#include "enc/token.h"

static enum request_got
request_bad(struct request *r, unsigned status, const char *why)
{
	r->status = status;
	r->why = why;
	return REQUEST_BAD;
}

/* What the header fields have said so far, beside what is in struct request. */
struct request_fields {
	struct span host, length;
	unsigned hosts, lengths;
	bool closes, keeps, connection_upgrade, names_websocket;
	bool is_coded;		/* Transfer-Encoding is there: the body has another framing */
	bool is_doubled;	/* a field stands twice that may stand once only */
};

/* Returns where the value of a field is kept that may stand once only, or NULL for other fields. */
static struct span *
request_single(struct request *r, struct span name)
{
	const struct {
		const char *name;
		struct span *at;
	} known[] = {
		{ "sec-websocket-key", &r->key },
		{ "sec-websocket-version", &r->version },
		{ "origin", &r->origin },
		{ "authorization", &r->authorization },
		{ "last-event-id", &r->last_event_id },
		{ "access-control-request-method", &r->cors_method },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (token_eq(name, known[i].name))
			return known[i].at;
	return NULL;
}

static void
request_take_single(struct span *kept, struct span value, bool *is_doubled)
{
	*is_doubled |= kept->p != NULL;
	*kept = value;
}

static void
request_take_field(struct request *r, struct request_fields *f, struct span name,
    struct span value)
{
	struct span *single = request_single(r, name);

	if (single != NULL)
		request_take_single(single, value, &f->is_doubled);
	else if (token_eq(name, "host")) {
		f->host = value;
		f->hosts++;
	} else if (token_eq(name, "connection")) {
		f->closes |= token_list_has(value, "close");
		f->keeps |= token_list_has(value, "keep-alive");
		f->connection_upgrade |= token_list_has(value, "upgrade");
	} else if (token_eq(name, "upgrade"))
		f->names_websocket |= token_list_has(value, "websocket");
	else if (token_eq(name, "transfer-encoding"))
		f->is_coded = true;
	else if (token_eq(name, "content-length")) {
		f->length = value;
		f->lengths++;
	}
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

static enum request_got
request_take_request_line(struct request *r, struct span line, bool *old)
{
	struct span method = token_cut(&line, ' ');
	struct span text = token_cut(&line, ' ');
	struct target target;
	const char *why;

	if (!token_is(method) || line.n != 8 || memcmp(line.p, "HTTP/", 5) != 0)
		return request_bad(r, 400, "the first line is not that of an HTTP/1.1 request");
	if (line.p[5] != '1' || line.p[6] != '.' || line.p[7] < '0' || line.p[7] > '9')
		return request_bad(r, 505, "only HTTP/1.1 is spoken here");
	r->method = span_eq(method, SPAN("GET")) ? REQUEST_GET :
	    span_eq(method, SPAN("HEAD")) ? REQUEST_HEAD :
	    span_eq(method, SPAN("OPTIONS")) ? REQUEST_OPTIONS : REQUEST_OTHER;
	why = target_parse(text, &target);
	if (why != NULL)
		return request_bad(r, 400, why);
	if (r->method != REQUEST_OPTIONS && target.path.p[0] == '*')
		return request_bad(r, 400, "RFC 9112 3.2.4: the request target * is for OPTIONS only");
	r->path = target.path;
	r->query = target.query;
	*old = line.p[7] == '0';
	return REQUEST_REQUEST;
}

/*
 * RFC 9112 section 6.3: returns what is wrong with the framing of the body, or NULL with *none set
 * to true when there is no body.
 */
static const char *
request_check_body(const struct request_fields *f, bool *none)
{
	*none = !f->is_coded;
	if (f->lengths > 1)
		return "RFC 9112 6.3: more than one Content-Length";
	if (f->lengths > 0 && f->is_coded)
		return "RFC 9112 6.1: both Transfer-Encoding and Content-Length";
	if (f->lengths > 0 && f->length.n == 0)
		return "RFC 9112 6.3: Content-Length is not a number";
	for (size_t i = 0; i < f->length.n; i++) {
		if (f->length.p[i] < '0' || f->length.p[i] > '9')
			return "RFC 9112 6.3: Content-Length is not a number";
		*none &= f->length.p[i] == '0';
	}
	return NULL;
}

static enum request_got
request_conclude(struct request *r, const struct request_fields *f, bool old)
{
	bool bodiless;
	const char *why = request_check_body(f, &bodiless);

	if (f->hosts > 1 || (f->hosts == 0 && !old))
		return request_bad(r, 400, "RFC 9112 3.2: exactly one Host field is needed");
	if (!target_is_host(f->host))
		return request_bad(r, 400, "RFC 9112 3.2: the field Host has no host in it");
	if (why != NULL)
		return request_bad(r, 400, why);
	if (f->is_doubled)
		return request_bad(r, 400, "RFC 9110 5.3: a field stands twice that may stand once only");
	if (!bodiless && (r->method == REQUEST_GET || r->method == REQUEST_HEAD))
		return request_bad(r, 413, "no request body is taken here");
	r->keep_alive = bodiless && !f->closes && (!old || f->keeps);
	r->upgrade = !old && f->connection_upgrade && f->names_websocket;
	return REQUEST_REQUEST;
}

/* Takes the first line off *lines, without its CRLF; there must be one. */
static struct span
request_take_line(struct span *lines)
{
	const uint8_t *end = memmem(lines->p, lines->n, "\r\n", 2);
	struct span line = span_of(lines->p, (size_t)(end - lines->p));

	*lines = span_from(*lines, line.n + 2);
	return line;
}

/* Reads head: all lines of the request, each with its CRLF, without the empty line at the end. */
static enum request_got
request_parse_head(struct span head, struct request *r)
{
	struct request_fields f = { .hosts = 0 };
	struct span line = request_take_line(&head), name;
	bool old = false;

	if (!request_is_text(line))
		return request_bad(r, 400, "a control character in the request");
	if (request_take_request_line(r, line, &old) == REQUEST_BAD)
		return REQUEST_BAD;
	r->fields = head;
	while (head.n > 0) {
		line = request_take_line(&head);
		if (!request_is_text(line))
			return request_bad(r, 400, "a control character in the request");
		if (memchr(line.p, ':', line.n) == NULL)
			return request_bad(r, 400, "a header field without a colon");
		name = token_cut(&line, ':');
		if (!token_is(name))
			return request_bad(r, 400, "a header field with a bad name");
		request_take_field(r, &f, name, token_trim(line));
	}
	return request_conclude(r, &f, old);
}

/* Returns true when a LF has no CR before it: whoever sends that waits for an answer that never comes. */
static bool
request_has_bare_lf(struct span head)
{
	const uint8_t *lf = head.p, *end = head.p + head.n;

	while (lf < end && (lf = memchr(lf, '\n', (size_t)(end - lf))) != NULL) {
		if (lf == head.p || lf[-1] != '\r')
			return true;
		lf++;
	}
	return false;
}

enum request_got
request_parse(struct span bytes, struct request *r)
{
	struct span left = bytes;
	const uint8_t *end;

	*r = (struct request){ .status = 0 };
	while (span_starts(left, SPAN("\r\n")))
		left = span_from(left, 2);	/* RFC 9112 section 2.2 */
	if (left.n > 0 && left.p[0] != '\r' && !token_is(span_of(left.p, 1)))
		return request_bad(r, 400, "these bytes are not an HTTP request");
	end = left.n > 0 ? memmem(left.p, left.n, "\r\n\r\n", 4) : NULL;
	if (end == NULL && request_has_bare_lf(left))
		return request_bad(r, 400, "RFC 9112 2.2: a line ends with LF alone, without CR");
	if (end == NULL)
		return bytes.n < MAX_HTTP_HEAD ? REQUEST_MORE :
		    request_bad(r, 431, "the request head is longer than 8 KiB");
	r->length = (size_t)(end + 4 - bytes.p);
	return request_parse_head(span_of(left.p, (size_t)(end + 2 - left.p)), r);
}

bool
request_next(struct span *rest, const char *name, struct span *value)
{
	while (rest->n > 0) {
		struct span line = request_take_line(rest);

		if (token_eq(token_cut(&line, ':'), name)) {
			*value = token_trim(line);
			return true;
		}
	}
	return false;
}

void
request_join(const struct request *r, const char *name, struct buf *out)
{
	struct span rest = r->fields, value;
	bool first = true;

	while (request_next(&rest, name, &value)) {
		buf_puts(out, first ? "" : ", ");
		buf_put(out, value);
		first = false;
	}
}

bool
request_takes_gzip(const struct request *r)
{
	struct buf list;
	bool takes;

	buf_init(&list);
	request_join(r, "accept-encoding", &list);
	takes = accept_weight(buf_span(&list), "gzip", NULL) > 0;
	buf_free(&list);
	return takes;
}

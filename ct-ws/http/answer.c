/*
 * Makes HTTP answers.
 *
 * in: a status, header fields and a text
 * out: the bytes of the header, and a body to send behind them
 * standard: RFC 9112 section 4, RFC 9110 sections 5 to 8
 */
#include "ct-ws/http/answer.h"

#include <time.h>

struct answer
answer_text(unsigned status, const char *type, struct span text, const char *fields)
{
	struct body *b = body_open();

	buf_put(&b->bytes, text);
	return (struct answer){ .status = status, .type = type, .fields = fields, .body = b };
}

struct answer
answer_line(unsigned status, const char *line, const char *fields)
{
	struct answer a = answer_text(status, "text/plain; charset=utf-8", span_str(line), fields);

	buf_putc(&a.body->bytes, '\n');
	return a;
}

static const char *
answer_reason(unsigned status)
{
	static const struct {
		unsigned status;
		const char *reason;
	} known[] = {
		{ 200, "OK" },
		{ 204, "No Content" },
		{ 304, "Not Modified" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 408, "Request Timeout" },
		{ 413, "Content Too Large" },
		{ 426, "Upgrade Required" },
		{ 429, "Too Many Requests" },
		{ 431, "Request Header Fields Too Large" },
		{ 503, "Service Unavailable" },
		{ 505, "HTTP Version Not Supported" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (known[i].status == status)
			return known[i].reason;
	return "";
}

/* RFC 9110 section 5.6.7. strftime would write the names in the user's language. */
static void
answer_put_date(struct buf *out)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t now = time(NULL);
	struct tm t;

	if (gmtime_r(&now, &t) == NULL)
		return;
	buf_putf(out, "Date: %.3s, %02d %.3s %d %02d:%02d:%02d GMT\r\n", days + 3 * t.tm_wday,
	    t.tm_mday, months + 3 * t.tm_mon, 1900 + t.tm_year, t.tm_hour, t.tm_min, t.tm_sec);
}

void
answer_put_head(const struct answer *a, bool keep_alive, struct buf *out)
{
	char place[BUS_PLACE + 1];

	buf_putf(out, "HTTP/1.1 %u %s\r\nServer: ct-ws\r\n", a->status, answer_reason(a->status));
	answer_put_date(out);
	/* RFC 9110 sections 8.6 and 15.4.5: these two have no content, and so no length of it. */
	if (a->status != 204 && a->status != 304) {
		buf_putf(out, "Content-Type: %s\r\nX-Content-Type-Options: nosniff\r\n", a->type);
		if (!a->endless)
			buf_putf(out, "Content-Length: %zu\r\n", a->body->bytes.n);
	}
	if (a->place.epoch != 0) {
		bus_place_write(place, &a->place);
		buf_putf(out, "Certstream-Seq: %s\r\n", place);
	}
	if (a->tag != NULL)
		buf_putf(out, "ETag: %s\r\n", a->tag);
	buf_putf(out, "%s%sConnection: %s%s\r\n\r\n", a->fields,
	    a->upgrade ? "Upgrade: websocket\r\n" : "", a->upgrade ? "Upgrade, " : "",
	    keep_alive ? "keep-alive" : "close");
}

void
answer_put_stream_head(const char *type, bool packed, struct buf *out)
{
	buf_puts(out, "HTTP/1.1 200 OK\r\nServer: ct-ws\r\n");
	answer_put_date(out);
	buf_putf(out, "Content-Type: %s\r\n%sVary: Accept-Encoding\r\nCache-Control: no-store\r\n"
	    "X-Accel-Buffering: no\r\nAccess-Control-Allow-Origin: *\r\n"
	    "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
	    type, packed ? "Content-Encoding: gzip\r\n" : "");
}

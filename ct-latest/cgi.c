/*
 * Answers as a CGI program. In: the variables that a web server sets, and the newest events. Out:
 * headers and one object. Standard: RFC 3875, and RFC 9110 for the tag.
 *
 * The request is a stranger's. It chooses the form of the events, and nothing else.
 */
#include "ct-latest/cgi.h"

#include <stdlib.h>

#include "base/fnv.h"
#include "ct-latest/latest.h"
#include "enc/token.h"

/* Returns the variable, or an empty text when it is not set. */
static struct span
cgi_variable(const char *name)
{
	const char *value = getenv(name);

	return span_str(value == NULL ? "" : value);
}

/* Takes stream= of the query, by the names that ct-ws knows. Returns false for any other name. */
static bool
cgi_take_stream(struct view *view)
{
	const struct span key = SPAN("stream=");
	struct span query = cgi_variable("QUERY_STRING"), part = SPAN("");

	while (query.n > 0 && !span_starts(part, key))
		part = token_cut(&query, '&');
	return !span_starts(part, key) || form_parse_stream(span_from(part, key.n), &view->form);
}

/*
 * Writes the tag of body, with its quotes, to out: FNV-1a of 64 bits and the length. It only has to
 * differ when the answer has changed, and needs no library, so that ct-latest can be linked
 * without any.
 */
static void
cgi_tag(struct buf *out, struct span body)
{
	buf_putf(out, "\"%016llx%08zx\"", (unsigned long long)fnv_hash(body), body.n);
}

/* Returns true when the client has what tag stands for. */
static bool
cgi_has_tag(struct span tag)
{
	struct span list = cgi_variable("HTTP_IF_NONE_MATCH");

	return span_eq(token_trim(list), SPAN("*")) || token_list_has_tag(list, tag);
}

/* Returns true when the request wants an answer without its body. */
static bool
cgi_is_head(void)
{
	return span_eq(cgi_variable("REQUEST_METHOD"), SPAN("HEAD"));
}

/* Returns true for a method that reads, and where a server says none. */
static bool
cgi_reads(void)
{
	struct span method = cgi_variable("REQUEST_METHOD");

	return cgi_is_head() || span_eq(method, SPAN("GET")) || method.n == 0;
}

/* Puts an answer without events: status may have further headers behind it, and why must be plain text. */
static void
cgi_put_error(struct buf *out, const char *status, const char *why)
{
	buf_putf(out, "Status: %s\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n"
	    "Access-Control-Allow-Origin: *\r\n\r\n", status);
	if (!cgi_is_head())
		buf_putf(out, "{\"error\":\"%s\"}\n", why);
}

static void
cgi_put_latest(struct buf *out, const struct latest *latest)
{
	struct buf body, tag;
	bool known;

	buf_init(&body);
	buf_init(&tag);
	latest_put_json(latest, &body);
	cgi_tag(&tag, buf_span(&body));
	known = cgi_has_tag(buf_span(&tag));
	if (known)
		buf_puts(out, "Status: 304 Not Modified\r\n");
	else
		buf_puts(out, "Content-Type: application/json\r\n");
	buf_putf(out, "Cache-Control: no-cache\r\nETag: %s\r\n"
	    "Access-Control-Allow-Origin: *\r\n\r\n", buf_str(&tag));
	if (!known && !cgi_is_head())
		buf_put(out, buf_span(&body));
	buf_free(&tag);
	buf_free(&body);
}

void
cgi_put(struct buf *out, const char *address, unsigned most)
{
	struct view view = { .form = FORM_FULL };
	struct latest latest;
	const char *why;

	if (!cgi_reads()) {
		cgi_put_error(out, "405 Method Not Allowed\r\nAllow: GET, HEAD",
		    "only GET and HEAD are answered");
		return;
	}
	if (!cgi_take_stream(&view)) {
		cgi_put_error(out, "400 Bad Request", "stream= is one of lite, full and domains");
		return;
	}
	latest_init(&latest);
	if (latest_ask(&latest, address, view, most, &why) == 0)
		cgi_put_latest(out, &latest);
	else
		cgi_put_error(out, "503 Service Unavailable", why);
	latest_free(&latest);
}

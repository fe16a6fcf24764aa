/*
 * In: a request. Out: an answer with its body. The paths are those of
 * CaliDog's server and of certstream-server-go; client.c calls.
 */
#include "ct-ws/route.h"

#include <stdio.h>
#include <time.h>

#include "ct-ws/page.h"

#define ROUTE_DATA "Access-Control-Allow-Origin: *\r\nCache-Control: no-store\r\n"

/* The page shows names that anyone can have certified; nothing of them may run. */
#define ROUTE_PAGE \
	"Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; " \
	"img-src data:; connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; " \
	"frame-ancestors 'none'\r\nReferrer-Policy: no-referrer\r\nCache-Control: no-cache\r\n"

static bool
route_take(struct span *path, const char *prefix)
{
	size_t n = strlen(prefix);

	if (!span_starts(*path, span_of(prefix, n)) || (path->n > n && path->p[n] != '/'))
		return false;
	*path = span_from(*path, n);
	return true;
}

struct route
route_find(struct span path)
{
	static const struct {
		const char *path;
		enum route_what what;
		bool every_stream;
	} known[] = {
		{ "", ROUTE_STREAM, true },
		{ "/latest.json", ROUTE_LATEST, true },
		{ "/example.json", ROUTE_EXAMPLE, true },
		{ "/metrics", ROUTE_METRICS, false },
		{ "/health", ROUTE_HEALTH, false },
		{ "/health/deep", ROUTE_HEALTH_DEEP, false },
		{ "/page.css", ROUTE_STYLE, false },
		{ "/page.js", ROUTE_SCRIPT, false },
	};
	struct route r = { ROUTE_NONE, FORM_LITE };

	if (route_take(&path, "/full-stream"))
		r.form = FORM_FULL;
	else if (route_take(&path, "/domains-only"))
		r.form = FORM_DOMAINS;
	if (path.n > 0 && path.p[path.n - 1] == '/')
		path.n--;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (span_eq(path, span_str(known[i].path)) &&
		    (r.form == FORM_LITE || known[i].every_stream))
			r.what = known[i].what;
	return r;
}

static struct answer
route_text(unsigned status, const char *type, struct span text, const char *fields)
{
	struct body *b = body_open();

	buf_put(&b->bytes, text);
	return (struct answer){ .status = status, .type = type, .fields = fields, .body = b };
}

struct answer
route_refuse(unsigned status, const char *why, const char *fields)
{
	struct answer a = route_text(status, "text/plain; charset=utf-8", span_str(why), fields);

	buf_putc(&a.body->bytes, '\n');
	return a;
}

struct answer
route_refuse_upgrade(unsigned status, const char *why, const char *fields)
{
	struct answer a = route_refuse(status, why, fields);

	a.upgrade = true;
	return a;
}

static struct answer
route_stream(struct route r)
{
	if (r.form == FORM_LITE)
		return route_text(200, "text/html; charset=utf-8", page_html, ROUTE_PAGE);
	return route_refuse_upgrade(426, "This is a WebSocket. Open it with a WebSocket client "
	    "(websocat, certstream), or see / in a browser.", "");
}

static struct answer
route_json(struct body *b)
{
	if (b == NULL)
		return route_text(503, "application/json",
		    SPAN("{\"error\":\"no certificate seen yet\"}\n"), ROUTE_DATA "Retry-After: 1\r\n");
	return (struct answer){ .status = 200, .type = "application/json", .fields = ROUTE_DATA,
		.body = body_take(b) };
}

static struct answer
route_metrics(struct server *s)
{
	struct body *b = body_open();

	server_put_metrics(s, &b->bytes);
	return (struct answer){ .status = 200, .type = "text/plain; version=0.0.4; charset=utf-8",
		.fields = "Cache-Control: no-store\r\n", .body = b };
}

static struct answer
route_health_deep(struct server *s)
{
	struct body *b = body_open();

	server_put_health(s, &b->bytes);
	return (struct answer){ .status = health_is_good(&s->health) ? 200 : 503,
		.type = "application/json", .fields = "Cache-Control: no-store\r\n", .body = b };
}

struct answer
route_answer(struct server *s, struct route r, const struct request *request)
{
	uint64_t now = loop_now(s->loop);

	if (r.what == ROUTE_NONE)
		return route_refuse(404, "There is nothing here. See / for what there is.", "");
	if (request->method == REQUEST_OTHER)
		return route_refuse(405, "Only GET and HEAD are answered here.",
		    "Allow: GET, HEAD\r\n");
	switch (r.what) {
	case ROUTE_LATEST:
		return route_json(newest_all(&s->newest, r.form, now));
	case ROUTE_EXAMPLE:
		return route_json(newest_one(&s->newest, r.form, now));
	case ROUTE_METRICS:
		return route_metrics(s);
	case ROUTE_HEALTH:
		return route_refuse(200, "OK", "Cache-Control: no-store\r\n");
	case ROUTE_HEALTH_DEEP:
		return route_health_deep(s);
	case ROUTE_STYLE:
		return route_text(200, "text/css; charset=utf-8", page_css, ROUTE_PAGE);
	case ROUTE_SCRIPT:
		return route_text(200, "text/javascript; charset=utf-8", page_js, ROUTE_PAGE);
	default:
		return route_stream(r);
	}
}

static const char *
route_reason(unsigned status)
{
	static const struct {
		unsigned status;
		const char *reason;
	} known[] = {
		{ 200, "OK" },
		{ 400, "Bad Request" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 413, "Content Too Large" },
		{ 426, "Upgrade Required" },
		{ 431, "Request Header Fields Too Large" },
		{ 503, "Service Unavailable" },
		{ 505, "HTTP Version Not Supported" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (known[i].status == status)
			return known[i].reason;
	return "";
}

/* RFC 9110 section 5.6.7, by hand since strftime would use the user's language. */
static void
route_put_date(struct buf *b)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t now = time(NULL);
	struct tm t;

	if (gmtime_r(&now, &t) == NULL)
		return;
	buf_putf(b, "Date: %.3s, %02d %.3s %d %02d:%02d:%02d GMT\r\n", days + 3 * t.tm_wday,
	    t.tm_mday, months + 3 * t.tm_mon, 1900 + t.tm_year, t.tm_hour, t.tm_min, t.tm_sec);
}

void
route_put_head(struct buf *b, const struct answer *a, bool keep_alive)
{
	buf_putf(b, "HTTP/1.1 %u %s\r\nServer: ct-ws\r\n", a->status, route_reason(a->status));
	route_put_date(b);
	buf_putf(b, "Content-Type: %s\r\nContent-Length: %zu\r\n"
	    "X-Content-Type-Options: nosniff\r\n%s%sConnection: %s%s\r\n\r\n",
	    a->type, a->body->bytes.n, a->fields, a->upgrade ? "Upgrade: websocket\r\n" : "",
	    a->upgrade ? "Upgrade, " : "", keep_alive ? "keep-alive" : "close");
}

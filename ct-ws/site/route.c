/*
 * Finds out what a request asks for and answers it.
 *
 * in: a path, a request, and the site
 * out: an answer with its body
 */
#include "ct-ws/site/route.h"

#include "ct-ws/http/target.h"
#include "ct-ws/page/page.h"

#define ROUTE_ALLOW "Allow: GET, HEAD, OPTIONS\r\n"
#define ROUTE_FRESH "Cache-Control: no-store\r\n"
#define ROUTE_DATA "Access-Control-Allow-Origin: *\r\n" ROUTE_FRESH

/*
 * The answer to a preflight: any page may read the data. The star stands for all fields but
 * Authorization, and not at all for older browsers.
 */
#define ROUTE_PREFLIGHT "Access-Control-Allow-Origin: *\r\n" \
	"Access-Control-Allow-Methods: GET, HEAD\r\n" \
	"Access-Control-Allow-Headers: Authorization, Cache-Control, Last-Event-ID, *\r\n" \
	"Access-Control-Max-Age: 86400\r\n" ROUTE_ALLOW

/* The page shows names that anyone can have certified, so no script but its own may run. */
#define ROUTE_PAGE \
	"Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; " \
	"img-src data:; connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; " \
	"frame-ancestors 'none'\r\nReferrer-Policy: no-referrer\r\nCache-Control: no-cache\r\n"

/* Takes prefix off the front of path. Returns false where a longer word stands there. */
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
route_find(struct span sent)
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
	uint8_t room[MAX_TARGET_PATH];
	struct span path = target_normal(sent, room);

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
route_stream(struct route r)
{
	struct answer a;

	if (r.form == FORM_LITE)
		return answer_text(200, "text/html; charset=utf-8", page_html, ROUTE_PAGE);
	a = answer_line(426, "This is a WebSocket. Open it with a WebSocket client "
	    "(websocat, certstream), or see / in a browser.", "Sec-WebSocket-Version: 13\r\n");
	a.upgrade = true;
	return a;
}

/*
 * Returns an answer with the document b, which is borrowed; NULL stands for one that has no
 * event yet.
 */
static struct answer
route_json(struct body *b)
{
	if (b == NULL)
		return answer_text(503, "application/json",
		    SPAN("{\"error\":\"no certificate seen yet\"}\n"), ROUTE_DATA "Retry-After: 1\r\n");
	return (struct answer){ .status = 200, .type = "application/json", .fields = ROUTE_DATA,
		.body = body_take(b) };
}

static struct answer
route_metrics(const struct site *s, uint64_t now)
{
	struct answer a = answer_text(200, "text/plain; version=0.0.4; charset=utf-8", SPAN(""),
	    ROUTE_FRESH);

	metrics_put(&s->metrics, s->streams, health_is_good(&s->health), now, &a.body->bytes);
	return a;
}

static struct answer
route_health_deep(const struct site *s, uint64_t now)
{
	struct answer a = answer_text(health_is_good(&s->health) ? 200 : 503, "application/json",
	    SPAN(""), ROUTE_FRESH);

	health_put(&s->health, &s->metrics, s->newest.count, now, &a.body->bytes);
	return a;
}

/* Returns true for what pages of other sites may read. */
static bool
route_is_data(struct route r)
{
	return r.what == ROUTE_STREAM || r.what == ROUTE_LATEST || r.what == ROUTE_EXAMPLE;
}

/* RFC 9110 section 9.3.7, and the preflight of CORS (Fetch section 3.2.2). */
static struct answer
route_options(struct route r, const struct request *request)
{
	bool preflight = request->origin.n > 0 && request->cors_method.n > 0;

	return answer_text(204, "text/plain", SPAN(""),
	    preflight && route_is_data(r) ? ROUTE_PREFLIGHT : ROUTE_ALLOW);
}

struct answer
route_answer(struct site *s, struct route r, const struct request *request, uint64_t now)
{
	if (request->method == REQUEST_OPTIONS && span_eq(request->path, SPAN("*")))
		return route_options(r, request);
	if (r.what == ROUTE_NONE)
		return answer_line(404, "There is nothing here. See / for what there is.", "");
	if (request->method == REQUEST_OPTIONS)
		return route_options(r, request);
	if (request->method == REQUEST_OTHER)
		return answer_line(405, "Only GET, HEAD and OPTIONS are answered here.", ROUTE_ALLOW);
	switch (r.what) {
	case ROUTE_LATEST:
		return route_json(newest_all(&s->newest, r.form, now));
	case ROUTE_EXAMPLE:
		return route_json(newest_one(&s->newest, r.form, now));
	case ROUTE_METRICS:
		return route_metrics(s, now);
	case ROUTE_HEALTH:
		return answer_line(200, "OK", ROUTE_FRESH);
	case ROUTE_HEALTH_DEEP:
		return route_health_deep(s, now);
	case ROUTE_STYLE:
		return answer_text(200, "text/css; charset=utf-8", page_css, ROUTE_PAGE);
	case ROUTE_SCRIPT:
		return answer_text(200, "text/javascript; charset=utf-8", page_js, ROUTE_PAGE);
	default:
		return route_stream(r);
	}
}

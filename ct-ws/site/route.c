/*
 * Finds out what a request asks for and answers it.
 *
 * in: a path, a request, and the site
 * out: an answer with its body
 */
#include "ct-ws/site/route.h"

#include "ct-ws/http/accept.h"
#include "ct-ws/http/target.h"
#include "ct-ws/site/report.h"
#include "ct-ws/site/stats.h"
#include "ct-ws/site/wish.h"

#define ROUTE_ALLOW "Allow: GET, HEAD, OPTIONS\r\n"
#define ROUTE_FRESH "Cache-Control: no-store\r\n"
#define ROUTE_DATA "Access-Control-Allow-Origin: *\r\n" \
	"Access-Control-Expose-Headers: Certstream-Seq\r\n" ROUTE_FRESH

/*
 * The answer to a preflight: any page may read the data. The star stands for all fields but
 * Authorization, and not at all for older browsers.
 */
#define ROUTE_PREFLIGHT "Access-Control-Allow-Origin: *\r\n" \
	"Access-Control-Allow-Methods: GET, HEAD\r\n" \
	"Access-Control-Allow-Headers: Authorization, Cache-Control, Last-Event-ID, *\r\n" \
	"Access-Control-Max-Age: 86400\r\n" ROUTE_ALLOW

/* An event that is made up says so in its names and here. */
#define ROUTE_MADE_UP ROUTE_DATA "X-Certstream-Example: made-up\r\n" \
	"Access-Control-Expose-Headers: X-Certstream-Example\r\n"

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
		{ "/sse", ROUTE_SSE, false },
		{ "/stream.ndjson", ROUTE_NDJSON, false },
		{ "/latest.json", ROUTE_LATEST, true },
		{ "/example.json", ROUTE_EXAMPLE, true },
		{ "/metrics", ROUTE_METRICS, false },
		{ "/health", ROUTE_HEALTH, false },
		{ "/health/deep", ROUTE_HEALTH_DEEP, false },
		{ "/stats", ROUTE_STATS, false },
	};
	struct route r = { ROUTE_NONE, FORM_LITE, -1 };
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
	if (r.form == FORM_LITE)
		r.file = files_find(path);
	if (r.what == ROUTE_NONE && r.file >= 0)
		r.what = ROUTE_FILE;
	return r;
}

/*
 * Returns the answer to who does not ask for a WebSocket where one is, or does with a key and without
 * the fields that belong to the connection.
 */
static struct answer
route_stream(const struct request *request)
{
	struct answer a = answer_line(426, request->key.n > 0 ?
	    "A WebSocket is asked for by HTTP/1.1 with \"Upgrade: websocket\" and \"Connection: Upgrade\". "
	    "A proxy in between must pass these on." :
	    "This is a WebSocket. Open it with a WebSocket client "
	    "(websocat, certstream), or see / in a browser.", "Sec-WebSocket-Version: 13\r\n");

	a.upgrade = true;
	return a;
}

/* Returns the answer to HEAD for a stream; who asks with GET is sent it without end. */
static struct answer
route_endless(struct route r, const struct request *request, const char *type)
{
	struct answer a;
	struct wish wish;
	struct buf why;

	buf_init(&why);
	if (wish_parse(&wish, r, request, &why)) {
		a = answer_text(200, type, SPAN(""), ROUTE_DATA "Vary: Accept-Encoding\r\n");
		a.endless = true;
		wish_free(&wish);
	} else
		a = answer_line(400, buf_str(&why), ROUTE_DATA);
	buf_free(&why);
	return a;
}

/* Returns an answer with the document b, which is borrowed. */
static struct answer
route_json(struct body *b, const char *fields)
{
	return (struct answer){ .status = 200, .type = "application/json", .fields = fields,
		.body = body_take(b) };
}

static struct answer
route_latest(struct site *s, enum form form, uint64_t now)
{
	struct bus_place place;
	struct answer a = route_json(newest_all(&s->newest, form, now, &place), ROUTE_DATA);

	a.place = place;
	return a;
}

static struct answer
route_example(struct site *s, enum form form, uint64_t now)
{
	struct body *b = newest_one(&s->newest, form, now);

	return b != NULL ? route_json(b, ROUTE_DATA) :
	    route_json(newest_made_up(&s->newest, form), ROUTE_MADE_UP);
}

/* Prometheus says in Accept which of the two texts it prefers; who says nothing gets the older one. */
static bool
route_wants_openmetrics(const struct request *request)
{
	struct buf accept;
	unsigned open, plain;

	buf_init(&accept);
	request_join(request, "accept", &accept);
	open = accept_weight(buf_span(&accept), "application/openmetrics-text", "1.0.0");
	plain = accept_weight(buf_span(&accept), "text/plain", NULL);
	buf_free(&accept);
	return open > 0 && open >= plain;
}

/* Returns the answer that is made of a report. */
static struct answer
route_report(const struct site *s, enum route_what what, const struct request *request, uint64_t now)
{
	bool openmetrics = what == ROUTE_METRICS && route_wants_openmetrics(request);
	bool bad = what == ROUTE_HEALTH_DEEP && !health_is_good(&s->health, now);
	struct answer a = answer_text(bad ? 503 : 200, "application/json", SPAN(""), ROUTE_FRESH);
	struct tally tally = { .count = 0 };
	struct report report;

	site_report(s, now, &tally, &report);
	if (what == ROUTE_METRICS) {
		a.type = expo_content_type(openmetrics);
		metrics_put(&report, openmetrics, &a.body->bytes);
	} else if (what == ROUTE_STATS) {
		a.fields = ROUTE_DATA;
		stats_put(&report, &a.body->bytes);
	} else
		health_put(&report, &a.body->bytes);
	site_report_free(&tally, &report);
	return a;
}

/* Returns true for what pages of other sites may read. */
static bool
route_is_data(struct route r)
{
	return r.what == ROUTE_STREAM || route_is_endless(r) || r.what == ROUTE_LATEST ||
	    r.what == ROUTE_EXAMPLE || r.what == ROUTE_STATS;
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
	if (r.what == ROUTE_STREAM && request->key.n > 0)
		return route_stream(request);
	if (r.file >= 0)
		return file_answer(&s->files.list[r.file], request);
	switch (r.what) {
	case ROUTE_SSE:
		return route_endless(r, request, "text/event-stream; charset=utf-8");
	case ROUTE_NDJSON:
		return route_endless(r, request, "application/x-ndjson; charset=utf-8");
	case ROUTE_LATEST:
		return route_latest(s, r.form, now);
	case ROUTE_EXAMPLE:
		return route_example(s, r.form, now);
	case ROUTE_HEALTH:
		return answer_text(200, "text/plain; charset=utf-8", SPAN("OK"), ROUTE_FRESH);
	case ROUTE_METRICS:
	case ROUTE_HEALTH_DEEP:
	case ROUTE_STATS:
		return route_report(s, r.what, request, now);
	default:
		return route_stream(request);
	}
}

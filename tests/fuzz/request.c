/*
 * Fuzz target: heads of HTTP requests. In: the bytes of a connection. Demands that what is read
 * lies in them, that no shorter piece of the same bytes is read as another request, and that the
 * whole answer path takes what was read.
 */
#include "ct-ws/http/accept.h"
#include "ct-ws/http/query.h"
#include "ct-ws/http/request.h"
#include "ct-ws/http/target.h"
#include "ct-ws/site/route.h"
#include "tests/fuzz/judge.h"

static void
check_spans(const struct request *r, struct span head)
{
	const struct span all[] = { r->query, r->key, r->version, r->origin, r->authorization,
		r->last_event_id, r->cors_method, r->fields };

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		judge_within(all[i], head);
	DEMAND(r->path.n > 0 && (r->path.p[0] == '/' || r->path.p[0] == '*'));
	DEMAND(memchr(r->path.p, '?', r->path.n) == NULL);
}

static void
check_fields(const struct request *r)
{
	struct span rest = r->fields, value, key;
	struct buf b;

	buf_init(&b);
	while (request_next(&rest, "if-none-match", &value))
		judge_within(value, r->fields);
	request_join(r, "accept", &b);
	DEMAND(b.n <= 2 * r->fields.n);
	DEMAND(accept_weight(buf_span(&b), "text/plain", "1.0.0") <= ACCEPT_FULL);
	request_takes_gzip(r);
	rest = r->query;
	while (query_next(&rest, &key, &value)) {
		judge_within(key, r->query);
		judge_within(value, r->query);
		buf_reset(&b);
		query_decode(&b, value);
		DEMAND(b.n <= value.n);
	}
	buf_free(&b);
}

static void
check_path(const struct request *r)
{
	uint8_t room[MAX_TARGET_PATH], again[MAX_TARGET_PATH];
	struct span path = target_normal(r->path, room);

	DEMAND(path.n <= r->path.n);
	DEMAND(span_eq(target_normal(path, again), path) || memchr(path.p, '%', path.n) != NULL);
	route_find(r->path);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct span bytes = span_of(p, n);
	struct request r, shorter;

	switch (request_parse(bytes, &r)) {
	case REQUEST_REQUEST:
		DEMAND(r.length <= n && r.why == NULL);
		check_spans(&r, span_of(p, r.length));
		check_fields(&r);
		check_path(&r);
		DEMAND(request_parse(span_of(p, r.length - 1), &shorter) != REQUEST_REQUEST);
		DEMAND(request_parse(span_of(p, r.length), &shorter) == REQUEST_REQUEST);
		break;
	case REQUEST_BAD:
		DEMAND(r.why != NULL && r.status >= 400 && r.status < 600);
		break;
	case REQUEST_MORE:
		DEMAND(n < MAX_HTTP_HEAD);
		break;
	}
	return 0;
}

/*
 * Reads what a client wants of a stream.
 *
 * in: a request and its route
 * out: the kind of rendition, a place on the bus and a filter; or what is wrong
 */
#include "ct-ws/site/wish.h"

#include "ct-ws/http/query.h"

/* Takes stream=, which names a form as users of any certstream server know it. */
static bool
wish_take_stream(struct wish *w, struct span query, struct buf *why)
{
	struct buf value;
	bool known;

	buf_init(&value);
	if (!query_get(query, "stream", &value))
		return true;
	known = form_parse_stream(buf_span(&value), &w->want.kind.form);
	buf_free(&value);
	if (!known)
		buf_puts(why, "stream= is one of lite, full and domains");
	return known;
}

enum form
wish_form(struct route route, const struct request *r)
{
	struct wish w = { .want = { .kind = { .form = route.form } } };
	struct buf why;

	buf_init(&why);
	if (route_is_endless(route))
		(void)wish_take_stream(&w, r->query, &why);
	buf_free(&why);
	return w.want.kind.form;
}

/* Takes a key whose value is 0 or 1. */
static bool
wish_take_switch(struct span query, const char *key, bool *on, struct buf *why)
{
	struct buf value;
	bool good = true;

	buf_init(&value);
	if (!query_get(query, key, &value))
		return true;
	if (value.n == 1 && (value.p[0] == '0' || value.p[0] == '1'))
		*on = value.p[0] == '1';
	else {
		good = false;
		buf_putf(why, "%s= is 0 or 1", key);
	}
	buf_free(&value);
	return good;
}

/*
 * Takes the place behind which the client goes on. Last-Event-ID comes before since=, since an
 * EventSource that connects again sends it beside the query it began with; one that is not ours
 * is passed over, as another server may have given it.
 */
static bool
wish_take_since(struct wish *w, const struct request *r, struct buf *why)
{
	struct buf value;
	bool good;

	if (r->last_event_id.n > 0 && bus_place_parse(&w->want.since, r->last_event_id))
		return true;
	buf_init(&value);
	if (!query_get(r->query, "since", &value))
		return true;
	good = bus_place_parse(&w->want.since, buf_span(&value));
	if (!good)
		buf_puts(why, "since= is EPOCH-SEQ, two numbers, as the id of an event or its member seq");
	buf_free(&value);
	return good;
}

bool
wish_parse(struct wish *w, struct route route, const struct request *r, struct buf *why)
{
	struct kind *kind = &w->want.kind;
	bool skipped = true, gzip = false;

	*w = (struct wish){ .want = { .kind = { .form = route.form } } };
	kind->wire = route.what == ROUTE_SSE ? WIRE_SSE : route.what == ROUTE_NDJSON ? WIRE_NDJSON :
	    WIRE_WEBSOCKET;
	if (kind->wire != WIRE_WEBSOCKET) {
		gzip = request_takes_gzip(r);
		if (!wish_take_stream(w, r->query, why))
			return false;
	}
	if (!wish_take_since(w, r, why) || !wish_take_switch(r->query, "seq", &kind->numbered, why) ||
	    !wish_take_switch(r->query, "skipped", &skipped, why) ||
	    !filter_parse_query(&w->filter, r->query, why))
		return false;
	if (gzip)
		kind->pack = PACK_SHARED;
	kind->quiet = !skipped;
	w->want.filter = &w->filter;
	return true;
}

void
wish_free(struct wish *w)
{
	filter_free(&w->filter);
}

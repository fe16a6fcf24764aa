/* What a client that asks for a stream wants: which stream, how, from where on, and what of it. */
#ifndef CT_WS_SITE_WISH_H
#define CT_WS_SITE_WISH_H

#include "ct-ws/filter/filter.h"
#include "ct-ws/http/request.h"
#include "ct-ws/site/route.h"
#include "ct-ws/stream/renditions.h"

struct wish {
	struct renditions_wish want;	/* its filter is the one below */
	struct filter filter;		/* owned */
};

/*
 * Reads from r, a request for route, which is one of a stream, what its client wants: the stream, from the
 * path, or for SSE and NDJSON from stream= (without it, lite); since=, or the field Last-Event-ID; seq=1;
 * skipped=0; for SSE and NDJSON gzip=1 or Accept-Encoding; and the filter. Returns true with *w set, which
 * wish_free frees. When something is wrong, returns false with nothing to free, and appends to why a line
 * for people without LF.
 */
bool wish_parse(struct wish *w, struct route route, const struct request *r, struct buf *why);
void wish_free(struct wish *w);

/*
 * Returns the form that r, a request for route, asks for: that of the path, or for SSE and NDJSON that of
 * stream=, and lite where stream= is missing or wrong.
 */
enum form wish_form(struct route route, const struct request *r);

#endif

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
 * Reads the wish of a request for route, which is one of a stream: the stream out of the path, or
 * for SSE and NDJSON out of stream= (lite without it); since=, or the field Last-Event-ID;
 * seq=1; skipped=0; gzip=1 or Accept-Encoding for SSE and NDJSON; and the filter. Returns true; wish_free
 * then frees it. Returns false with nothing to free, and appends to why a line for people without
 * LF, when something in it is wrong.
 */
bool wish_parse(struct wish *w, struct route route, const struct request *r, struct buf *why);
void wish_free(struct wish *w);

#endif

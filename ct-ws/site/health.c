/*
 * Tells how well ct-ws is supplied with records.
 *
 * in: the state that the reader of the bus reports, and counters
 * out: the JSON text of /health/deep
 */
#include "ct-ws/site/health.h"

#include <inttypes.h>

bool
health_is_good(const struct health *h)
{
	return h->hub == HEALTH_HUB_THERE;
}

static void
health_put_heard(const struct health *h, uint64_t now, struct buf *out)
{
	uint64_t ago = now > h->heard ? now - h->heard : 0;

	if (h->was_heard)
		buf_putf(out, "%" PRIu64 ".%03u", ago / 1000, (unsigned)(ago % 1000));
	else
		buf_puts(out, "null");
}

void
health_put(const struct health *h, const struct metrics *counted, uint64_t events,
    uint64_t now, struct buf *out)
{
	static const char *const names[] = { "away", "silent", "connected" };
	static const char *const whys[] = {
		"ct-ws is not connected to the hub",
		"nothing comes from the hub, though it has not closed the connection",
	};

	if (health_is_good(h))
		buf_puts(out, "{\"status\":\"ok\"");
	else
		buf_putf(out, "{\"status\":\"stale\",\"why\":\"%s\"", whys[h->hub]);
	buf_putf(out, ",\"hub\":\"%s\",\"heard_ago\":", names[h->hub]);
	health_put_heard(h, now, out);
	buf_putf(out, ",\"events\":%" PRIu64 ",\"holes\":%" PRIu64 ",\"missed\":%" PRIu64 "}\n",
	    events, counted->holes, counted->missed);
}

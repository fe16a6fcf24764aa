/*
 * In: messages of the bus (ct-bus(5)). Out: their lines, one by one, to the
 * server. main.c opens it.
 */
#include "ct-ws/feed.h"

#include "base/die.h"
#include "base/tell.h"

enum {
	FEED_TURN = 64,		/* messages in a turn: the clients are served between */
	FEED_ASK_MS = 500,
	FEED_KNOWN_SECONDS = 3,
};

static void
feed_take_lines(struct feed *f, uint64_t seq, struct span lines)
{
	const uint8_t *end;

	while (lines.n > 0 && (end = memchr(lines.p, '\n', lines.n)) != NULL) {
		struct span line = span_of(lines.p, (size_t)(end - lines.p));

		lines = span_from(lines, line.n + 1);
		if (seq++ >= f->known)
			server_take(f->server, line);
	}
	f->next = seq;
}

/* A number that is lower than expected is that of a hub begun anew, whose first record is 1. */
static void
feed_take(struct feed *f, uint64_t seq, struct span lines)
{
	if (f->joined && f->known == 0 && seq < f->next) {
		tell(TELL_INFO, "the hub at %s began anew", f->address);
		f->next = 1;
	}
	if (f->joined && seq > f->next)
		server_missed(f->server, seq - f->next);
	f->joined = true;
	feed_take_lines(f, seq, lines);
	if (f->next >= f->known)
		f->known = 0;
}

/*
 * The subscription is older than the answer, so some of the kept events may
 * come a second time on it, for a moment; their numbers tell.
 */
static void
feed_ask(struct feed *f)
{
	const char *why = NULL;
	struct span lines;
	struct buf answer;
	uint64_t seq;

	buf_init(&answer);
	if (bus_ask(f->address, "latest", FEED_ASK_MS, &answer, &why) < 0)
		tell(TELL_DEBUG, "no latest events: %s", why);
	else if (bus_message(buf_span(&answer), &seq, &lines)) {
		f->known = 0;
		server_hub_heard(f->server);
		feed_take_lines(f, 0, lines);
		f->next = f->known = seq;
		f->known_seconds = FEED_KNOWN_SECONDS;
		f->joined = true;
	}
	buf_free(&answer);
}

static void
feed_ready(void *cookie, unsigned events)
{
	struct feed *f = cookie;
	const char *why = NULL;
	struct span lines;
	uint64_t seq;
	int got = 1;

	(void)events;
	for (int i = 0; i < FEED_TURN && got != 0; i++) {
		got = bus_sub_next(f->sub, &seq, &lines, &why);
		if (got > 0) {
			server_hub_heard(f->server);
			feed_take(f, seq, lines);
		} else if (got < 0)
			tell(TELL_WARNING, "on the bus: %s", why);
	}
	server_settle(f->server);
}

static void
feed_hub_is(struct feed *f, bool there)
{
	f->hub = there;
	server_hub_is(f->server, there ? HEALTH_HUB_THERE : HEALTH_HUB_AWAY);
}

static void
feed_second(void *cookie)
{
	struct feed *f = cookie;
	bool hub = bus_sub_connected(f->sub);

	loop_after(f->loop, &f->second, 1000);
	if (f->known != 0 && f->known_seconds-- == 0)
		f->known = 0;
	if (!hub && !f->told_away) {
		tell(TELL_WARNING, "no hub at %s; waiting for it", f->address);
		f->told_away = true;
	} else if (hub && !f->hub && f->told_away) {
		tell(TELL_INFO, "the hub at %s is there", f->address);
		f->told_away = false;
	}
	if (hub && !f->hub && server_site(f->server)->newest.count == 0)
		feed_ask(f);
	feed_hub_is(f, hub);
}

int
feed_open(struct feed *f, struct loop *loop, struct server *server, const char *address,
    const char **why)
{
	*f = (struct feed){ .server = server, .loop = loop, .address = address };
	f->sub = bus_sub_open(address, why);
	if (f->sub == NULL)
		return -1;
	feed_ask(f);
	feed_hub_is(f, bus_sub_connected(f->sub));
	f->second = (struct loop_timer){ .due = feed_second, .cookie = f };
	loop_after(loop, &f->second, 1000);
	f->io = (struct loop_fd){ .fd = bus_sub_fd(f->sub), .ready = feed_ready, .cookie = f };
	if (loop_add(loop, &f->io, LOOP_READ) == 0)
		return 0;
	*why = "its descriptor cannot be waited for";
	feed_free(f);
	return -1;
}

void
feed_free(struct feed *f)
{
	loop_stop_timer(f->loop, &f->second);
	bus_sub_free(f->sub);
}

/*
 * Lets clients in.
 *
 * in: what comes before the first request, and who asks
 * out: clients that may ask, or an answer that says why not
 * standard: the PROXY protocol section 2, RFC 6750 section 3
 */
#include "ct-ws/client_door.h"

#include "base/tell.h"
#include "ct-ws/client_parts.h"
#include "ct-ws/door/peer.h"
#include "ct-ws/site/wish.h"

/* Goes on to wait for the first request. */
static void
client_begin_requests(struct client *c)
{
	c->state = CLIENT_REQUEST;
	client_due(c, c->is_spare ? CLIENT_SPARE_MS : CLIENT_REQUEST_MS);
	loop_want(c->all->loop, &c->io, LOOP_READ);
}

/* Lets the client in that is at the address c->from, and begins TLS where it is spoken. */
static void
client_let_in(struct client *c)
{
	enum door_why why = door_enter(c->all->door, &c->pass, &c->from);

	if (why != DOOR_OPEN) {
		client_turn_away(c, why, false);
		return;
	}
	if (c->tls == NULL) {
		client_begin_requests(c);
		return;
	}
	sock_begin_tls(&c->sock, c->tls);
	c->state = CLIENT_HANDSHAKE;
}

void
client_knock(struct client *c)
{
	if (c->all->door->proxy_protocol && door_trusts(c->all->door, &c->from))
		c->state = CLIENT_PROXY;
	else
		client_let_in(c);
}

/* ---- the header of a proxy ---- */

/* Says who the client is that the proxy speaks for. */
static void
client_tell_named(const struct client *c)
{
	struct buf who;

	if (!tell_is_on(TELL_DEBUG))
		return;
	buf_init(&who);
	address_put(&who, &c->from);
	tell(TELL_DEBUG, "client %llu: for %s", (unsigned long long)c->number, buf_str(&who));
	buf_free(&who);
}

/*
 * Reads what has come of the header, and nothing behind it, which may be for TLS: all that has
 * come belongs to the header until it is whole.
 */
static void
client_take_proxy(struct client *c)
{
	size_t before = c->bytes.n;
	uint8_t *scratch = c->all->scratch;
	ptrdiff_t n = sock_peek(&c->sock, scratch, MAX_PEER_HEADER);
	struct peer_header h;
	enum peer_got got;

	if (n <= 0) {
		if (n < 0)
			client_close(c, false);
		return;
	}
	buf_put(&c->bytes, span_of(scratch, (size_t)n));
	got = peer_parse(buf_span(&c->bytes), &h);
	if (got == PEER_ADDRESS || got == PEER_ITSELF)
		n = (ptrdiff_t)(h.length - before);
	if (got != PEER_BAD && sock_recv(&c->sock, scratch, (size_t)n) != n)
		got = PEER_BAD;
	if (got == PEER_MORE)
		return;
	buf_free(&c->bytes);
	if (got == PEER_BAD) {
		tell(TELL_DEBUG, "client %llu: PROXY header: %s", (unsigned long long)c->number,
		    h.why != NULL ? h.why : "it has changed");
		client_turn_away(c, DOOR_PROXY, false);
		return;
	}
	if (got == PEER_ADDRESS) {
		c->from = h.address;
		client_tell_named(c);
	}
	client_let_in(c);
}

/* ---- TLS ---- */

static void
client_shake(struct client *c)
{
	enum tls_got got = sock_shake(&c->sock);

	switch (got) {
	case TLS_DONE:
		client_begin_requests(c);
		break;
	case TLS_READ:
	case TLS_WRITE:
		loop_want(c->all->loop, &c->io, got == TLS_READ ? LOOP_READ : LOOP_WRITE);
		break;
	case TLS_PLAIN:
		sock_end_tls(&c->sock);
		client_turn_away(c, DOOR_TLS, false);
		break;
	case TLS_FAILED:
		tell(TELL_DEBUG, "client %llu: TLS: %s", (unsigned long long)c->number,
		    tls_why(c->sock.tls));
		sock_end_tls(&c->sock);		/* its alert has been sent */
		c->all->site->metrics.turned_away[DOOR_TLS]++;
		client_farewell(c);
		break;
	}
}

void
client_step_in(struct client *c)
{
	if (c->state == CLIENT_PROXY)
		client_take_proxy(c);
	else
		client_shake(c);
}

/* ---- requests ---- */

/* Finds out for whom a trusted proxy asks. */
static enum door_why
client_find_asker(struct client *c, const struct request *r)
{
	struct address asker = c->from;
	struct span value;
	struct buf list;

	if (!door_trusts(c->all->door, &c->from))
		return DOOR_OPEN;
	buf_init(&list);
	request_join(r, "X-Forwarded-For", &list);
	value = buf_span(&list);
	if (value.n > 0)
		asker = peer_forwarded(&value, 1, &c->all->door->trusted, &c->from);
	buf_free(&list);
	return door_enter(c->all->door, &c->pass, &asker);
}

/* Returns true for what needs no token: it says nothing of the records, or whether ct-ws lives. */
static bool
client_route_is_open(struct route route, const struct request *r)
{
	switch (route.what) {
	case ROUTE_HEALTH:
	case ROUTE_HEALTH_DEEP:
	case ROUTE_FILE:
	case ROUTE_NONE:
		return true;
	case ROUTE_STREAM:	/* the page */
		return !r->upgrade && r->method != REQUEST_OTHER;
	default:
		return r->method == REQUEST_OPTIONS;	/* a preflight brings no token */
	}
}

/* Returns true for what a probe asks when there is no room for anybody else. */
static bool
client_route_is_probe(struct route route)
{
	return route.what == ROUTE_HEALTH || route.what == ROUTE_HEALTH_DEEP ||
	    route.what == ROUTE_METRICS || route.what == ROUTE_STATS;
}

enum door_why
client_may_ask(struct client *c, const struct request *r, struct route route)
{
	bool has_form = route.what == ROUTE_LATEST || route.what == ROUTE_EXAMPLE ||
	    route_is_endless(route);
	enum door_why why = client_find_asker(c, r);

	if (why == DOOR_OPEN && c->is_spare && !client_route_is_probe(route))
		return DOOR_FULL;
	if (why != DOOR_OPEN || client_route_is_open(route, r))
		return why;
	why = door_show_token(c->all->door, &c->pass, r->authorization, r->query);
	return why == DOOR_OPEN && has_form ? door_may_read(&c->pass, wish_form(route, r)) : why;
}

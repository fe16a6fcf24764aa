/* Keeps one connection. In: an address. Out: a link, made again whenever it has ended. */
#include "bus/sp/sp_dialer.h"

#include <errno.h>
#include <unistd.h>

#include "bus/sp/sp_resolver.h"

enum { SP_DIAL_MS = 100 };	/* before the second try */

/* Waits, each time twice as long, and then tries again. */
static void
sp_dialer_wait(struct sp_dialer *d)
{
	loop_after(d->loop, &d->timer, d->pause);
	d->pause = d->pause * 2 > SP_DIAL_MOST_MS ? SP_DIAL_MOST_MS : d->pause * 2;
}

static void
sp_dialer_link_open(void *cookie, struct sp_link *link)
{
	struct sp_dialer *d = cookie;

	d->pause = SP_DIAL_MS;
	d->calls->open(d->cookie, link);
}

static void
sp_dialer_link_got(void *cookie, struct sp_link *link, struct span message)
{
	struct sp_dialer *d = cookie;

	d->calls->got(d->cookie, link, message);
}

static void
sp_dialer_link_turn(void *cookie, struct sp_link *link)
{
	struct sp_dialer *d = cookie;

	(void)link;
	if (d->calls->turn != NULL)
		d->calls->turn(d->cookie);
}

static void
sp_dialer_link_closed(void *cookie, struct sp_link *link, int error)
{
	struct sp_dialer *d = cookie;

	sp_link_free(link);
	d->link = NULL;
	sp_dialer_wait(d);
	d->calls->closed(d->cookie, error);
}

static const struct sp_link_calls sp_dialer_link_calls = {
	.open = sp_dialer_link_open,
	.got = sp_dialer_link_got,
	.turn = sp_dialer_link_turn,
	.closed = sp_dialer_link_closed,
};

/* Begins to connect to one address. Returns 0, or an errno when that fails at once. */
static int
sp_dialer_connect(struct sp_dialer *d, const struct sp_sockaddr *at)
{
	int fd = socket(at->at.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), error;

	if (fd < 0)
		return errno;
	error = connect(fd, (const struct sockaddr *)&at->at, at->n) == 0 ? 0 : errno;
	if (error != 0 && error != EINPROGRESS) {
		close(fd);
		return error;
	}
	d->link = sp_link_open(d->loop, fd, d->kind, error != 0, &sp_dialer_link_calls, d);
	return 0;
}

/* Tries the next of the addresses that were found. */
static void
sp_dialer_try(struct sp_dialer *d)
{
	int error = d->count == 0 ? EHOSTUNREACH : sp_dialer_connect(d, &d->found[d->turn++ % d->count]);

	if (error == 0)
		return;
	sp_dialer_wait(d);
	d->calls->closed(d->cookie, error);
}

static void
sp_dialer_found(void *cookie, const struct sp_sockaddr *found, size_t count)
{
	struct sp_dialer *d = cookie;

	d->count = count;
	if (count > 0)
		memcpy(d->found, found, count * sizeof(*found));
	sp_resolver_free(d->resolver);
	d->resolver = NULL;
	sp_dialer_try(d);
}

/* Looks the host up again for each try, as its address may change; a numeric one is there at once. */
static void
sp_dialer_due(void *cookie)
{
	struct sp_dialer *d = cookie;

	d->count = sp_address_find(&d->address, false, false, d->found, SP_DIAL_FOUND);
	if (d->count > 0)
		sp_dialer_try(d);
	else
		d->resolver = sp_resolver_open(d->loop, &d->address, SP_DIAL_FOUND, sp_dialer_found, d);
}

void
sp_dialer_open(struct sp_dialer *d, struct loop *loop, const struct sp_address *address,
    enum sp_protocol protocol, size_t most, size_t piece, const struct sp_dialer_calls *calls, void *cookie)
{
	*d = (struct sp_dialer){
		.loop = loop, .address = *address, .calls = calls, .cookie = cookie, .pause = SP_DIAL_MS,
		.kind = { protocol, address->tcp, most, piece },
	};
	d->timer = (struct loop_timer){ .due = sp_dialer_due, .cookie = d };
	loop_after(loop, &d->timer, 0);
}

void
sp_dialer_close(struct sp_dialer *d)
{
	loop_stop_timer(d->loop, &d->timer);
	sp_resolver_free(d->resolver);
	d->resolver = NULL;
	sp_link_free(d->link);
	d->link = NULL;
}

struct sp_link *
sp_dialer_link(const struct sp_dialer *d)
{
	return d->link != NULL && d->link->greeted && d->link->error == 0 ? d->link : NULL;
}

void
sp_dialer_redial(struct sp_dialer *d)
{
	sp_dialer_close(d);
	loop_after(d->loop, &d->timer, 0);
}

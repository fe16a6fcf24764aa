/*
 * Keeps the connections of one server.
 *
 * in: connections that are opened and closed, and the seconds
 * out: the end of those whose time is over
 */
#include "ct-ws/clients.h"

#include <stdlib.h>

#include "base/die.h"
#include "ct-ws/client.h"

void
clients_init(struct clients *all, struct loop *loop, struct site *site, struct door *door,
    struct tls *tls, size_t most, struct clients_share share)
{
	size_t workers = share.slots != NULL ? slots_workers(share.slots) : 1;

	*all = (struct clients){ .loop = loop, .site = site, .door = door, .tls = tls, .most = most,
		.share = share, .held_most = CLIENTS_HELD / workers, .hash = door->hash,
		.stuck = CLIENTS_STUCK_S };
	all->open = calloc(most + CLIENTS_SPARE, sizeof(struct client *));
	if (all->open == NULL)
		die_world("out of memory for %zu clients", most);
}

/* Returns how many clients have a place; those beyond the most, who are about to be refused, have none. */
static size_t
clients_placed(const struct clients *all)
{
	return all->count - all->spare;
}

bool
clients_has_room(const struct clients *all)
{
	return clients_placed(all) < all->most &&
	    (all->share.slots == NULL || slots_connections(all->share.slots) < all->most);
}

bool
clients_has_spare(const struct clients *all)
{
	return all->count < all->most + CLIENTS_SPARE && all->spare < CLIENTS_SPARE;
}

uint64_t
clients_number(struct clients *all)
{
	size_t workers = all->share.slots != NULL ? slots_workers(all->share.slots) : 1;

	return all->last_number++ * workers + all->share.worker + 1;
}

static void
clients_counted(struct clients *all)
{
	all->site->metrics.connections = all->count;
	if (all->share.slots != NULL)
		slots_connect(all->share.slots, all->share.worker, clients_placed(all));
}

void
clients_adopt(struct clients *all, struct client *c)
{
	c->slot = all->count;
	all->spare += c->is_spare;
	all->open[all->count++] = c;
	clients_counted(all);
}

/* The memory of the client is kept until clients_clear: a function may still be running for it. */
void
clients_bury(struct clients *all, struct client *c)
{
	struct client *last = all->open[--all->count];

	all->spare -= c->is_spare;
	all->open[c->slot] = last;
	last->slot = c->slot;
	clients_counted(all);
	c->next = all->dead;
	all->dead = c;
	if (all->stopping && all->count == 0)
		all->gone(all->cookie);
}

void
clients_clear(struct clients *all)
{
	struct client *c;

	while ((c = all->dead) != NULL) {
		all->dead = c->next;
		free(c);
	}
}

/* Puts c in front of a list of those that wait. */
static void
clients_push(struct client **list, struct client *c)
{
	c->wait_next = *list;
	c->wait_at = list;
	if (c->wait_next != NULL)
		c->wait_next->wait_at = &c->wait_next;
	*list = c;
}

void
clients_wait(struct client *c)
{
	if (c->wait_at == NULL)
		clients_push(&c->all->waiting, c);
}

void
clients_wait_ends(struct client *c)
{
	if (c->wait_at == NULL)
		return;
	*c->wait_at = c->wait_next;
	if (c->wait_next != NULL)
		c->wait_next->wait_at = c->wait_at;
	c->wait_at = NULL;
	c->wait_next = NULL;
}

/* Those who have waited longest go first; those who must wait on are in the list again then. */
void
clients_compiled(struct clients *all)
{
	struct client *list = NULL, *c;

	clients_clear(all);
	while ((c = all->waiting) != NULL) {
		clients_wait_ends(c);
		clients_push(&list, c);
	}
	while ((c = list) != NULL) {
		clients_wait_ends(c);
		client_go_on(c);
	}
}

struct gz *
clients_gz(struct clients *all)
{
	if (all->gz == NULL)
		all->gz = gz_open(GZ_MESSAGE);
	return all->gz;
}

unsigned
clients_room(const struct clients *all)
{
	size_t share = all->held_most / 2 / (all->count + 1);

	return share > SOCK_ROOM ? SOCK_ROOM : share < SOCK_ROOM_LEAST ? SOCK_ROOM_LEAST : (unsigned)share;
}

/*
 * While the kernel holds too much, blocked clients get less and less time to take something; they
 * get it back when enough of them have taken it or gone.
 */
static void
clients_bound(struct clients *all)
{
	size_t held = 0;

	for (size_t i = 0; i < all->count; i++)
		held += client_holds(all->open[i]);
	if (held > all->held_most)
		all->stuck = all->stuck / 2 > CLIENTS_STUCK_LEAST_S ? all->stuck / 2 : CLIENTS_STUCK_LEAST_S;
	else if (all->stuck < CLIENTS_STUCK_S)
		all->stuck++;
}

void
clients_check(struct clients *all, uint64_t now)
{
	clients_clear(all);
	clients_bound(all);
	/* From the end, since a client that is closed is replaced by one that has been checked. */
	for (size_t i = all->count; i-- > 0;)
		client_check(all->open[i], now);
}

void
clients_stop(struct clients *all, void (*gone)(void *cookie), void *cookie)
{
	all->stopping = true;
	all->gone = gone;
	all->cookie = cookie;
	if (all->count == 0)
		gone(cookie);
	for (size_t i = all->count; i-- > 0;)
		client_stop(all->open[i]);
}

void
clients_free(struct clients *all)
{
	all->stopping = false;
	while (all->count > 0)
		client_close(all->open[all->count - 1], false);
	clients_clear(all);
	gz_close(all->gz);
	free(all->open);
}

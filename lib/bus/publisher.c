/* Calls the engine of a publisher. In: calls of publisher.h. Out: calls of its engine. */
#include "bus/engine.h"

struct publisher *
publisher_open(struct loop *loop, const char *address, const struct publisher_options *options,
    const struct publisher_calls *calls, void *cookie, const char **why)
{
	const struct bus_engine *e = bus_engine_of(address, why);

	return e == NULL ? NULL : e->publisher_open(loop, address, options, calls, cookie, why);
}

void
publisher_free(struct publisher *p)
{
	if (p != NULL)
		p->free(p);
}

bool
publisher_takes(struct publisher *p)
{
	return p->takes(p);
}

uint8_t *
publisher_space(struct publisher *p, size_t *room)
{
	return p->space(p, room);
}

void
publisher_fill(struct publisher *p, size_t n)
{
	p->fill(p, n);
}

struct span
publisher_draft(struct publisher *p)
{
	return p->draft(p);
}

void
publisher_discard(struct publisher *p, size_t n)
{
	p->discard(p, n);
}

void
publisher_publish(struct publisher *p, struct publisher_lines lines)
{
	p->publish(p, lines);
}

void
publisher_put(struct publisher *p, const uint8_t *from, struct publisher_lines lines)
{
	p->put(p, from, lines);
}

struct bus_place
publisher_next(const struct publisher *p)
{
	return p->next(p);
}

void
publisher_watch(struct publisher *p, uint64_t seq)
{
	p->watch(p, seq);
}

uint64_t
publisher_linger(struct publisher *p, unsigned ms)
{
	return p->linger(p, ms);
}

struct publisher_stats
publisher_stats(const struct publisher *p)
{
	return p->stats(p);
}

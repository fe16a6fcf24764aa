/*
 * What carries the bus: one table of functions an engine, chosen in bus.c by
 * the scheme of the address. Engines move whole messages and know nothing of
 * records. Return values and *why are those of bus.h.
 */
#ifndef BUS_ENGINE_H
#define BUS_ENGINE_H

#include "base/buf.h"

enum {
	MAX_BUS_NAME = 300,		/* keeps names on the stack; a host has 255 characters at most */
	MAX_BUS_QUESTION = 4096,	/* keeps an asker from taking the hub's memory */
	MAX_BUS_ANSWER = 64 << 20,	/* and a hub the asker's */
};

/* The sub-addresses, derived from the one address of a bus. */
struct bus_names {
	char pub[MAX_BUS_NAME];
	char ask[MAX_BUS_NAME];
	char in[MAX_BUS_NAME];
};

/* Two ways into the hub. */
enum bus_side {
	BUS_ASK,
	BUS_INGEST,
};

struct bus_engine {
	void *(*hub_open)(const struct bus_names *, bool ingest, const char **why);
	void (*hub_free)(void *hub);
	bool (*hub_linger)(void *hub, unsigned ms);
	int (*hub_publish)(void *hub, struct span head, struct span lines, const char **why);
	int (*hub_fd)(void *hub, enum bus_side);
	int (*hub_take)(void *hub, enum bus_side, struct span *message, const char **why);
	int (*hub_answer)(void *hub, struct span answer, const char **why);

	void *(*sub_open)(const struct bus_names *, const char **why);
	void (*sub_free)(void *sub);
	int (*sub_fd)(void *sub);
	bool (*sub_connected)(void *sub);
	int (*sub_take)(void *sub, struct span *message, const char **why);
	void (*sub_tell)(void *sub, struct span question);	/* asks, and waits for no answer */

	int (*ask)(const struct bus_names *, struct span question, unsigned ms,
	    struct buf *answer, const char **why);
};

extern const struct bus_engine bus_nng;	/* ipc:// and tcp:// */

/* False with *why for an address that is none. Sets the engine it wants. */
bool bus_names_parse(struct bus_names *, const char *address, const struct bus_engine **,
    const char **why);

#endif

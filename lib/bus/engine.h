/*
 * What carries a bus: a table of functions for each engine, which bus.c chooses by
 * the scheme of the address. An engine moves whole messages, questions and answers,
 * and does not look into them. For the hub's side, each function does and returns
 * what bus.h says of the function bus_hub_... of the same name. Functions that take
 * something return 1, 0 when nothing waits, or -1 with *why; what they set is valid
 * until the next call of the function.
 */
#ifndef BUS_ENGINE_H
#define BUS_ENGINE_H

#include "base/buf.h"

enum {
	MAX_BUS_NAME = 300,		/* bytes of a sub-address; a host name has 255 at most */
	MAX_BUS_QUESTION = 4096,	/* bytes; keeps an asker from taking the hub's memory */
	MAX_BUS_ANSWER = 64 << 20,	/* bytes; keeps a hub from taking the asker's memory */
};

/* The sub-addresses of a bus: records are published, questions asked, lines pushed there. */
struct bus_names {
	char pub[MAX_BUS_NAME];
	char ask[MAX_BUS_NAME];
	char in[MAX_BUS_NAME];
};

/* The two ways into the hub. */
enum bus_side {
	BUS_ASK,
	BUS_INGEST,
};

struct bus_engine {
	void *(*hub_open)(const struct bus_names *, bool ingest, unsigned backlog, const char **why);
	void (*hub_free)(void *hub);
	bool (*hub_linger)(void *hub, unsigned ms);
	int (*hub_publish)(void *hub, struct span head, struct span lines, const char **why);
	unsigned (*hub_connections)(void *hub);
	unsigned (*hub_departures)(void *hub);
	int (*hub_fd)(void *hub, enum bus_side);
	int (*hub_take)(void *hub, enum bus_side, struct span *message, const char **why);
	int (*hub_answer)(void *hub, struct span answer, const char **why);

	/* A subscription: it dials until it is connected, and again whenever it no longer is. */
	void *(*sub_open)(const struct bus_names *, const char **why);
	void (*sub_free)(void *sub);
	int (*sub_fd)(void *sub);		/* readable when sub_take has a message */
	unsigned (*sub_connection)(void *sub);	/* a number, new for each connection; 0: none */
	int (*sub_change_fd)(void *sub);	/* readable once it changes, until sub_changed */
	unsigned (*sub_changed)(void *sub);	/* returns what sub_connection does */
	void (*sub_backlog)(void *sub, unsigned messages);	/* that may wait in this process */
	void (*sub_redial)(void *sub);		/* gives the connection up and dials anew */
	int (*sub_take)(void *sub, struct span *message, const char **why);

	/*
	 * Questions to a hub, one at a time: when a new one is sent, no answer to the one before
	 * comes.
	 */
	void *(*ask_open)(const struct bus_names *, const char **why);	/* dials; NULL with *why */
	void (*ask_free)(void *ask);		/* does not wait until the connection has ended */
	int (*ask_fd)(void *ask);		/* readable when ask_take has an answer */
	bool (*ask_send)(void *ask, struct span question);	/* false: not connected yet */
	int (*ask_take)(void *ask, struct span *answer, const char **why);
};

extern const struct bus_engine bus_nng;	/* ipc:// and tcp:// */

/*
 * Derives the sub-addresses of address into *n and points *engine to the engine that
 * carries it. Returns true, or false with *why when address is not one of a bus.
 */
bool bus_names_parse(struct bus_names *n, const char *address, const struct bus_engine **engine,
    const char **why);

#endif

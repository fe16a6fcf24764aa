/*
 * What an engine of the bus is made of. bus.c chooses the engine by the scheme of the address. An
 * engine makes publishers, subscribers and questions. The memory of each begins with one of the
 * structs below, which holds its functions. Each member stands for the function of publisher.h,
 * subscriber.h or question.h with the same name: publisher_takes, for example, calls the member
 * takes. Parameters and results are described in those headers.
 */
#ifndef BUS_ENGINE_H
#define BUS_ENGINE_H

#include "bus/publisher.h"
#include "bus/question.h"
#include "bus/subscriber.h"

struct publisher {
	void (*free)(struct publisher *);
	bool (*takes)(struct publisher *);
	uint8_t *(*space)(struct publisher *, size_t *room);
	void (*fill)(struct publisher *, size_t n);
	struct span (*draft)(struct publisher *);
	void (*discard)(struct publisher *, size_t n);
	void (*publish)(struct publisher *, struct publisher_lines);
	void (*put)(struct publisher *, const uint8_t *p, struct publisher_lines);
	struct bus_place (*next)(const struct publisher *);
	void (*watch)(struct publisher *, uint64_t seq);
	uint64_t (*linger)(struct publisher *, unsigned ms);
	struct publisher_stats (*stats)(const struct publisher *);
};

struct subscriber {
	void (*free)(struct subscriber *);
	void (*pause)(struct subscriber *, bool paused);
};

struct question {
	void (*free)(struct question *);
};

/* The members that open something have the parameters and results of the functions so named. */
struct bus_engine {
	/* Returns NULL when address, which has a scheme of this engine, is well formed, or else a reason. */
	const char *(*refuses)(const char *address);
	struct publisher *(*publisher_open)(struct loop *, const char *address,
	    const struct publisher_options *, const struct publisher_calls *, void *cookie,
	    const char **why);
	struct publisher *(*relay_open)(struct loop *, const char *address,
	    const struct publisher_options *, const struct publisher_calls *, void *cookie,
	    const char **why);
	struct subscriber *(*subscriber_open)(struct loop *, const char *address,
	    const struct subscriber_start *, const struct subscriber_calls *, void *cookie,
	    const char **why);
	struct question *(*question_open)(struct loop *, const char *address, struct span text,
	    unsigned ms, void (*answered)(void *cookie, struct span answer, const char *why), void *cookie,
	    const char **why);
};

/* Returns the engine for address, or NULL with *why set when it is not an address of a bus. */
const struct bus_engine *bus_engine_of(const char *address, const char **why);

extern const struct bus_engine sp_engine;	/* ipc:// and tcp:// */
extern const struct bus_engine nats_engine;	/* nats:// and tls:// */

#endif

/* The inside of the NATS engine: what bus/nats/nats_engine.c puts together. */
#ifndef BUS_NATS_NATS_ENGINE_H
#define BUS_NATS_NATS_ENGINE_H

#include "bus/engine.h"

/* Parameters and results are those of publisher_open, subscriber_open and question_open (bus/engine.h). */
struct publisher *nats_publisher_open(struct loop *loop, const char *address,
    const struct publisher_options *options, const struct publisher_calls *calls, void *cookie,
    const char **why);
struct subscriber *nats_subscriber_open(struct loop *loop, const char *address,
    const struct subscriber_start *start, const struct subscriber_calls *calls, void *cookie,
    const char **why);
struct question *nats_question_open(struct loop *loop, const char *address, struct span text,
    unsigned ms, void (*answered)(void *cookie, struct span answer, const char *why), void *cookie,
    const char **why);

#endif

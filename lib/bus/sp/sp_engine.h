/*
 * The functions of the engine for ipc:// and tcp://. They have the parameters and results of
 * publisher_open, relay_open, subscriber_open and question_open (bus/engine.h).
 */
#ifndef BUS_SP_SP_ENGINE_H
#define BUS_SP_SP_ENGINE_H

#include "bus/engine.h"

struct publisher *sp_publisher_open(struct loop *loop, const char *address,
    const struct publisher_options *options, const struct publisher_calls *calls, void *cookie,
    const char **why);
struct publisher *sp_pusher_open(struct loop *loop, const char *address,
    const struct publisher_options *options, const struct publisher_calls *calls, void *cookie,
    const char **why);
struct subscriber *sp_subscriber_open(struct loop *loop, const char *address,
    const struct subscriber_start *start, const struct subscriber_calls *calls, void *cookie,
    const char **why);
struct question *sp_question_open(struct loop *loop, const char *address, struct span text,
    unsigned ms, void (*answered)(void *cookie, struct span answer, const char *why), void *cookie,
    const char **why);

#endif

/* A subscriber of the NATS engine, for bus/nats/nats_question.c, which asks by reading. */
#ifndef BUS_NATS_NATS_SUBSCRIBER_H
#define BUS_NATS_NATS_SUBSCRIBER_H

#include "bus/engine.h"

/*
 * From now on caught is called, with the cookie of the subscriber, whenever all that the stream has at
 * the moment has been brought.
 */
void nats_subscriber_watch(struct subscriber *base, void (*caught)(void *cookie));

#endif

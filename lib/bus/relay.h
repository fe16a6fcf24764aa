/*
 * Sends records to another bus, which some other process serves: on ipc:// and tcp:// to a hub that
 * takes pushed lines, on nats:// and tls:// to the stream.
 */
#ifndef BUS_RELAY_H
#define BUS_RELAY_H

#include "bus/publisher.h"

/*
 * Returns a publisher for the bus at address, which need not be there yet, or NULL with *why set to
 * a static reason. Of its functions only publisher_takes, _put, _next, _watch, _linger, _stats and
 * _free may be used. Records that have not left are kept, and are sent again when the connection
 * was lost; a record has left when the hub at the other end says that it has left that hub. loop,
 * options, calls and cookie are as for publisher_open.
 */
struct publisher *relay_open(struct loop *loop, const char *address,
    const struct publisher_options *options, const struct publisher_calls *calls, void *cookie,
    const char **why);

#endif

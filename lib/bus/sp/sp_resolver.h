/*
 * Looks up the name of a host on a thread, because that may take seconds.
 */
#ifndef BUS_SP_SP_RESOLVER_H
#define BUS_SP_SP_RESOLVER_H

#include "bus/sp/sp_address.h"
#include "os/loop.h"

struct sp_resolver;

/*
 * Begins to look up address, which is copied, and returns the resolver. When that is done, the loop
 * calls found(cookie, addresses, count) with the socket addresses of the host, at most `most` of them;
 * count is 0 when the name is not known. The resolver may be freed inside that call. Ends the process
 * with 111 when no thread can be started.
 */
struct sp_resolver *sp_resolver_open(struct loop *loop, const struct sp_address *address,
    size_t most, void (*found)(void *cookie, const struct sp_sockaddr *, size_t count),
    void *cookie);

/* Frees the resolver; found is not called any more. Does not wait for the thread. NULL is allowed. */
void sp_resolver_free(struct sp_resolver *r);

#endif

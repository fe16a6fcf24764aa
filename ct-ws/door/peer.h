/*
 * Who the client is when a proxy stands in front: what the PROXY protocol says of it
 * (versions 1 and 2, haproxy.org/download/2.8/doc/proxy-protocol.txt), or the HTTP field
 * X-Forwarded-For. Anybody can send either, so they are to be read only from proxies that
 * are trusted.
 */
#ifndef CT_WS_DOOR_PEER_H
#define CT_WS_DOOR_PEER_H

#include "ct-ws/door/cidr.h"

enum { MAX_PEER_HEADER = 2048 };	/* bytes of a PROXY header, its TLVs among them */

enum peer_got {
	PEER_MORE,		/* the header is not whole yet; nothing is set */
	PEER_ADDRESS,		/* length and address are set */
	PEER_ITSELF,		/* length is set: the proxy speaks for itself, or names nobody */
	PEER_BAD,		/* why is set; the connection must be closed */
};

struct peer_header {
	struct address address;	/* of the client */
	size_t length;		/* bytes of the header; what the client sent begins behind them */
	const char *why;	/* a static reason, which begins with the section of the standard */
};

/*
 * Reads the PROXY header at the front of bytes, which are all bytes of the connection that have come.
 * Returns what it has found; enum peer_got says which members of *h are set then. It never returns
 * PEER_MORE for MAX_PEER_HEADER bytes or more.
 */
enum peer_got peer_parse(struct span bytes, struct peer_header *h);

/*
 * Returns the client behind a connection from the address `from`. values are the n values of the fields
 * X-Forwarded-For, in the order in which they came, and trusted are the proxies that are believed. When
 * `from` is not trusted, it is the client. Otherwise values are read from their end, and the client is the
 * first address there that is not trusted. When all are trusted, it is the one read last; and when
 * something is met that is not an address, the one read before it, or `from`. A port behind an address is
 * ignored.
 */
struct address peer_forwarded(const struct span *values, size_t n, const struct cidrs *trusted,
    const struct address *from);

#endif

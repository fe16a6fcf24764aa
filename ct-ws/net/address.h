/*
 * The address of the other side of a connection. An IPv4 address is kept in the form that
 * IPv6 has for it (::ffff:192.0.2.1, RFC 4291 section 2.5.5.2), so that a client of a
 * socket for both families is the same client whichever way it came.
 */
#ifndef CT_WS_NET_ADDRESS_H
#define CT_WS_NET_ADDRESS_H

#include <sys/socket.h>

#include "base/buf.h"

enum address_kind {
	ADDRESS_UNKNOWN,	/* the system, or the proxy, does not say */
	ADDRESS_LOCAL,		/* a Unix socket: a process of this machine */
	ADDRESS_IP,		/* ip is set */
};

struct address {
	uint8_t kind;		/* enum address_kind */
	uint8_t ip[16];		/* in network order; zero unless kind is ADDRESS_IP */
};

/* Returns the address in the n bytes at from, which accept has filled in; n may be 0. */
struct address address_of(const struct sockaddr_storage *from, socklen_t n);

/* Return the address whose bytes, in network order, are at ip. */
struct address address_of_ipv4(const uint8_t ip[4]);
struct address address_of_ipv6(const uint8_t ip[16]);

/*
 * Reads text as an IPv4 address ("192.0.2.1") or an IPv6 address ("2001:db8::1"), without
 * port, brackets or zone. Returns true and sets *address, or returns false when text is
 * neither.
 */
bool address_parse(struct span text, struct address *address);

/* Returns true when address is one of IPv4. */
bool address_is_ipv4(const struct address *address);

/* Returns true when a and b are the same address; two that are unknown, or local, are the same. */
bool address_eq(const struct address *a, const struct address *b);

/* Appends the address for people: "192.0.2.1", "2001:db8::1", "unix" or "unknown". */
void address_put(struct buf *out, const struct address *address);

#endif

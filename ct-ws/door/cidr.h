/*
 * Ranges of addresses (CIDR, RFC 4632 and RFC 4291 section 2.3), and lists of them. A
 * range of IPv4 holds IPv4 addresses only, and one of IPv6 none of IPv4; an address such as
 * ::ffff:192.0.2.1 counts as the IPv4 address that is in it.
 */
#ifndef CT_WS_DOOR_CIDR_H
#define CT_WS_DOOR_CIDR_H

#include "ct-ws/net/address.h"

enum { MAX_CIDRS = 4096 };	/* ranges of one list: each client is compared with all of them */

struct cidr {
	uint8_t ip[16];		/* as in struct address; the bits behind the prefix are 0 */
	uint8_t bits;		/* of the prefix, from 0 to 128; at least 96 for IPv4 */
};

/* A list of ranges; all bytes are zero while it is empty. */
struct cidrs {
	struct cidr *list;	/* owned */
	size_t count;
	bool local;		/* "unix" is in the list: it has all clients of Unix sockets */
};

/*
 * Reads text, a range ("10.0.0.0/8", "2001:db8::/32") or a single address. Returns NULL
 * and sets *range, or returns a static reason: text is not an address, the length of the prefix is not a
 * number or too long, or the address has bits behind the prefix ("10.0.0.1/8").
 */
const char *cidr_parse(struct span text, struct cidr *range);

/* Returns true when address lies in range. An address that is unknown or local lies in no range. */
bool cidr_has(const struct cidr *range, const struct address *address);

/*
 * Appends to the list the ranges in text, which are separated by commas; the word "unix"
 * stands for the clients of Unix sockets. Returns NULL, or a static reason, as cidr_parse
 * does, also when the list would have more than MAX_CIDRS; then those in front of the
 * wrong one are in the list.
 */
const char *cidrs_add(struct cidrs *c, struct span text);

/*
 * Returns the length in bits, as in struct cidr, of the longest prefix in the list whose range has the
 * address; 128 for a local address when the list has "unix"; or -1 when the list does not have the address.
 */
int cidrs_longest(const struct cidrs *c, const struct address *address);

/* Frees the memory of the list, which is empty then. */
void cidrs_free(struct cidrs *c);

#endif

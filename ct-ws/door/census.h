/*
 * How many connections each address has. IPv6 is counted by /64, since one customer has at
 * least that many addresses (RFC 6177). Addresses without a connection take no memory.
 */
#ifndef CT_WS_DOOR_CENSUS_H
#define CT_WS_DOOR_CENSUS_H

#include "ct-ws/crew/roll.h"
#include "ct-ws/net/address.h"
#include "enc/hash.h"

struct census_entry {
	uint8_t ip[16];		/* of IPv6 the first 8 bytes, then zeros */
	uint32_t count;		/* connections; 0 where the entry is empty */
};

struct census {
	struct hash *hash;	/* borrowed; its key keeps others from choosing addresses that collide */
	struct census_entry *table;	/* owned; NULL as long as nobody has been counted */
	size_t size;		/* entries of the table, a power of 2 */
	size_t used;		/* entries that are not empty: at most one for each connection */
	uint32_t most;		/* connections that an address may have; 0 for any number */
	struct roll *roll;	/* borrowed; where several workers count together, else NULL */
	size_t worker;		/* which of them this is */
};

/*
 * Begins without a connection, and without a roll, which may be set before the first. hash must live
 * until census_free. most is as in struct census.
 */
void census_init(struct census *c, struct hash *hash, uint32_t most);

/*
 * Counts a connection of the address. Returns true when it has been counted; the caller
 * then calls census_drop with the same address when the connection has ended. Returns
 * false, and counts nothing, when the address has `most` connections. An address
 * that is local or unknown is never refused.
 */
bool census_take(struct census *c, const struct address *address);

/* Counts one connection of the address less; census_take must have returned true for it. */
void census_drop(struct census *c, const struct address *address);

/* Returns how many connections are counted for the address, which for IPv6 means its /64. */
uint32_t census_count(const struct census *c, const struct address *address);

/* Frees the memory. */
void census_free(struct census *c);

#endif

/*
 * Addresses of a bus in a NATS cluster, as ct-bus(5) describes them:
 *
 *	nats://[USER:PASSWORD@]HOST[:PORT][,HOST[:PORT]...][/STREAM][?SETTING=VALUE&...]
 *
 * or tls:// in place of nats://. Nothing here does I/O.
 */
#ifndef BUS_NATS_ADDRESS_H
#define BUS_NATS_ADDRESS_H

#include "base/buf.h"

enum {
	MAX_NATS_SERVERS = 16,	/* of one address */
	MAX_NATS_STREAM = 32,	/* characters of the name of a stream: it is a file name on servers */
};

/*
 * What the settings of the address say of the stream. A number that is not set is 0, and a text that is
 * not set is NULL: then the stream is made with a default, and an existing one may have any value.
 */
struct nats_settings {
	uint64_t replicas;
	uint64_t max_age;	/* ns */
	uint64_t max_bytes;
	uint64_t duplicates;	/* ns: how long message ids are remembered */
	const char *discard;	/* "old" or "new" */
	const char *storage;	/* "file" or "memory" */
};

struct nats_address {
	char *servers[MAX_NATS_SERVERS];	/* owned: URLs, each with its user and password */
	unsigned count;				/* of servers */
	bool tls;
	char *shown;		/* owned: the address as people may see it, without password and settings */
	char stream[MAX_NATS_STREAM + 1];
	char prefix[MAX_NATS_STREAM + 1];	/* first token of all subjects: the stream in lower case */
	char domain[MAX_NATS_STREAM + 1];	/* of JetStream; "" for the one of the server */
	uint64_t history;	/* bytes of older records that a reader is given at its start */
	struct nats_settings settings;
};

/*
 * Takes apart address, which begins with nats:// or tls://. Returns NULL with *a set, to be freed by
 * nats_address_free; or a static reason, with nothing to be freed.
 */
const char *nats_address_parse(struct nats_address *a, const char *address);

/* Frees what *a owns. */
void nats_address_free(struct nats_address *a);

#endif

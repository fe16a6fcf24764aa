/* The command line of ct-ws. */
#ifndef CT_WS_OPTIONS_H
#define CT_WS_OPTIONS_H

#include "ct-ws/server.h"

enum { OPTIONS_ADDRESSES = 32 };	/* that can be listened on */

struct options {
	struct server_options server;	/* its door is the one below; endpoints and tls are not set */
	const char *addresses[OPTIONS_ADDRESSES];	/* names, addresses, or "unix:" and a path */
	size_t address_count;		/* 0: every address of IPv6 and IPv4 */
	const char *port;		/* a decimal number; "0" takes any that is free */
	struct door door;		/* with its hash; the token file has not been read */
	size_t workers;			/* processes that serve; 0: this one, without a parent */
	const char *bus;		/* NULL where the command line names none */
	const char *cert, *key;		/* both NULL for plain HTTP */
};

/*
 * Reads the command line (argc and argv as main has them) and $PORT into *o. The process ends with 100
 * when the command line is wrong, and with 0 when it asks for help or version. The caller frees the door
 * and its hash.
 */
void options_take(struct options *o, int argc, char **argv);

#endif

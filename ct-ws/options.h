/* The command line of ct-ws. */
#ifndef CT_WS_OPTIONS_H
#define CT_WS_OPTIONS_H

#include "ct-ws/server.h"

struct options {
	struct server_options server;	/* its door is the one below; its tls is not set */
	struct door door;		/* with its hash; the token file has not been read */
	const char *bus;		/* NULL where the command line names none */
	const char *cert, *key;		/* both NULL for plain HTTP */
};

/*
 * Reads the command line and PORT into *o. The process ends when the command line is wrong, or asks
 * for help or version. The caller frees the door and its hash.
 */
void options_take(struct options *o, int argc, char **argv);

#endif

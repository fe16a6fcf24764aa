/*
 * The door to libnats, the client library of NATS. A connection to a cluster is made and used by one
 * thread of the caller, which may block; what comes in is handed to functions that run on threads of
 * the library. Where the library is missing when the tools are built, none of these functions is there, and
 * bus/nats/nats_engine.c says so to the user.
 *
 * Messages that the functions below get are theirs until nats_message_free.
 */
#ifndef BUS_NATS_NATS_H
#define BUS_NATS_NATS_H

#include "base/buf.h"
#include "bus/nats/nats_address.h"

enum {
	NATS_WHY = 300,		/* bytes of a reason, with its NUL */
	MAX_NATS_HEADERS = 3,	/* of a message that is published */
};

struct nats;		/* a connection, which comes and goes */
struct nats_inbox;	/* a subject that is listened to */
struct nats_message;

struct nats_header {
	const char *name, *value;
};

/*
 * Makes a connection, without connecting. Credentials and certificates are read from the files that
 * the environment names (ct-bus(5)). changed is called, on a thread of the library, when the
 * connection is lost. address must live as long as the connection. Returns it, or NULL with *why, a
 * static text.
 */
struct nats *nats_open(const struct nats_address *address, void (*changed)(void *cookie), void *cookie,
    const char **why);

/*
 * Connects to one of the servers of the address, or of those that the cluster has named since; to be
 * called again when the connection is lost, after nats_inbox_free. Blocks for a few seconds at most.
 * Returns true, or false with why, NATS_WHY bytes, filled.
 */
bool nats_connect(struct nats *n, char *why);

/* Ends the connection, waits until the library calls nothing any more, and frees. NULL is allowed. */
void nats_free(struct nats *n);

/* Returns true while there is a connection. */
bool nats_connected(struct nats *n);

/* Returns how many times a connection has been made; while it stays the same, nothing was cut. */
unsigned nats_connections(struct nats *n);

/* Returns the most bytes that the server takes in one message, with its headers. */
size_t nats_max_payload(struct nats *n);

/*
 * Sends a request and blocks for its answer, ms milliseconds at most. Returns true with answer
 * replaced, or false with why, NATS_WHY bytes, filled.
 */
bool nats_request(struct nats *n, const char *subject, struct span body, unsigned ms,
    struct buf *answer, char *why);

/* Writes a new subject that nobody else listens to into out. */
void nats_inbox_name(struct buf *out);

/*
 * Listens to subject: came is called for each message, in order, on a thread of the library.
 * Returns NULL with why, NATS_WHY bytes, filled, when that fails.
 */
struct nats_inbox *nats_listen(struct nats *n, const char *subject,
    void (*came)(void *cookie, struct nats_message *), void *cookie, char *why);

/* Ends that, and waits until came does not run any more. NULL is allowed. */
void nats_inbox_free(struct nats_inbox *i);

/*
 * Publishes body under subject, with reply as the subject for an answer unless it is NULL, and with
 * count headers. It may block while the server does not read. Returns true, or false with why,
 * NATS_WHY bytes, filled: it may have been sent or not.
 */
bool nats_publish(struct nats *n, const char *subject, const char *reply,
    const struct nats_header *headers, unsigned count, struct span body, char *why);

/* Return parts of a message, valid as long as it: a missing reply or header is NULL. */
const char *nats_message_subject(const struct nats_message *m);
const char *nats_message_reply(const struct nats_message *m);
const char *nats_message_header(struct nats_message *m, const char *name);
struct span nats_message_body(const struct nats_message *m);

/* Returns true when the server says with this message that nobody listens to the request. */
bool nats_message_unheard(struct nats_message *m);

/* Frees the message; NULL is allowed. */
void nats_message_free(struct nats_message *m);

#endif

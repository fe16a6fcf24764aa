/*
 * The door to libnats, the client library of NATS. A connection to a cluster is made and used by one
 * thread of the caller, which may block; what comes in is handed to functions that run on threads of
 * the library. When the tools are built without the library, none of these functions exists, and
 * bus/nats/nats_engine.c refuses addresses of NATS with that reason.
 */
#ifndef BUS_NATS_NATS_H
#define BUS_NATS_NATS_H

#include "base/buf.h"
#include "bus/nats/nats_address.h"

enum {
	NATS_WHY = 300,		/* bytes of a reason, with its NUL */
	MAX_NATS_HEADERS = 3,	/* of a message that is published */
};

struct nats;		/* a connection, which can be lost and made again */
struct nats_inbox;	/* a subject that is listened to */
struct nats_message;	/* a message that has come */

struct nats_header {	/* one header of a message: two C strings */
	const char *name, *value;
};

/*
 * Prepares a connection to the servers of address; nats_connect then makes it. Credentials and
 * certificates are read from the files that the environment names (ct-bus(5)). changed(cookie) is
 * called, on a thread of the library, when the connection is lost. address and cookie must live as
 * long as the connection. Returns it, to be freed by nats_free, or NULL with *why set to a static
 * reason.
 */
struct nats *nats_open(const struct nats_address *address, void (*changed)(void *cookie), void *cookie,
    const char **why);

/*
 * Connects to one of the servers of the address, or of those that the cluster has named since. To be
 * called again when the connection is lost; all inboxes must have been freed before. Blocks for a few
 * seconds at most. Returns true, or false with the reason written to why, which has NATS_WHY bytes.
 */
bool nats_connect(struct nats *n, char *why);

/* Ends the connection, waits until the library calls nothing any more, and frees. NULL is allowed. */
void nats_free(struct nats *n);

/* Returns true while there is a connection. */
bool nats_connected(struct nats *n);

/* Returns how many times n has been connected. While this number stays the same, no connection was lost. */
unsigned nats_connections(struct nats *n);

/* Returns the most bytes that the server takes in one message, with its headers. */
size_t nats_max_payload(struct nats *n);

/*
 * Sends a request with body under subject, and blocks for its answer, ms milliseconds at most.
 * Returns true with the answer in place of what `answer` held, or false with the reason written to
 * why, which has NATS_WHY bytes.
 */
bool nats_request(struct nats *n, const char *subject, struct span body, unsigned ms,
    struct buf *answer, char *why);

/* Writes a new subject that nobody else listens to into out. */
void nats_inbox_name(struct buf *out);

/*
 * Listens to subject: came(cookie, message) is called for each message, in order, on a thread of the
 * library; the callee frees the message with nats_message_free. Returns the inbox, or NULL with the
 * reason written to why, which has NATS_WHY bytes.
 */
struct nats_inbox *nats_listen(struct nats *n, const char *subject,
    void (*came)(void *cookie, struct nats_message *), void *cookie, char *why);

/* Stops listening, waits until came does not run any more, and frees the inbox. NULL is allowed. */
void nats_inbox_free(struct nats_inbox *i);

/*
 * Publishes body under subject, with reply as the subject for an answer unless it is NULL, and with
 * count headers, at most MAX_NATS_HEADERS. It may block while the server does not read. Returns true
 * when it has been handed to the library, or false with the reason written to why, which has NATS_WHY
 * bytes; then it is not known whether it was sent.
 */
bool nats_publish(struct nats *n, const char *subject, const char *reply,
    const struct nats_header *headers, unsigned count, struct span body, char *why);

/*
 * Return parts of a message: its subject, the subject for an answer, the header called name, and its
 * body. They are valid as long as the message; a reply or header that it does not have is NULL.
 */
const char *nats_message_subject(const struct nats_message *m);
const char *nats_message_reply(const struct nats_message *m);
const char *nats_message_header(struct nats_message *m, const char *name);
struct span nats_message_body(const struct nats_message *m);

/* Returns true when the server has sent this message to say that nobody listens to the request. */
bool nats_message_unheard(struct nats_message *m);

/* Frees the message; NULL is allowed. */
void nats_message_free(struct nats_message *m);

#endif

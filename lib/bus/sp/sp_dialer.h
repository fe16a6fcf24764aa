/*
 * Connects to one socket of a bus, and again whenever the connection has ended: at first after a
 * tenth of a second, then more and more seldom, up to every SP_DIAL_MOST_MS.
 */
#ifndef BUS_SP_SP_DIALER_H
#define BUS_SP_SP_DIALER_H

#include "bus/sp/sp_address.h"
#include "bus/sp/sp_link.h"

enum {
	SP_DIAL_MOST_MS = 2000,	/* the longest pause before a hub is looked for again */
	SP_DIAL_FOUND = 8,	/* addresses of a name that are tried, one after the other */
};

struct sp_dialer;

/* The functions that a dialer calls, with its cookie. None is called inside a function of the dialer. */
struct sp_dialer_calls {
	void (*open)(void *cookie, struct sp_link *link);	/* link is connected: it can send */
	void (*got)(void *cookie, struct sp_link *link, struct span message);	/* message has come */
	void (*turn)(void *cookie);	/* all messages that were read have been handed out; may be NULL */
	/* The connection has ended or could not be made: error is an errno, or 0. A next try follows. */
	void (*closed)(void *cookie, int error);
};

struct sp_dialer {
	struct loop *loop;
	struct sp_address address;
	struct sp_link_kind kind;
	const struct sp_dialer_calls *calls;
	void *cookie;
	struct sp_link *link;	/* NULL while none is made */
	struct sp_resolver *resolver;	/* looks the host up; NULL when it need not or cannot be */
	struct loop_timer timer;	/* until the next try */
	unsigned pause;		/* ms, before the next try */
	struct sp_sockaddr found[SP_DIAL_FOUND];
	size_t count, turn;	/* how many of found there are, and which is tried next */
};

/*
 * Begins to dial address, which is copied. protocol, most and piece are those of its links: see
 * struct sp_link_kind. loop, calls and cookie must live until sp_dialer_close.
 */
void sp_dialer_open(struct sp_dialer *d, struct loop *loop, const struct sp_address *address,
    enum sp_protocol protocol, size_t most, size_t piece, const struct sp_dialer_calls *calls,
    void *cookie);

/* Ends the connection, or the attempt to make one. May be called inside a call of the dialer. */
void sp_dialer_close(struct sp_dialer *d);

/* Returns the link on which messages can be sent now, or NULL when nothing is connected. */
struct sp_link *sp_dialer_link(const struct sp_dialer *d);

/* Closes the connection and dials anew: for a connection that is silent and so may be dead. */
void sp_dialer_redial(struct sp_dialer *d);

#endif

/*
 * A subscriber reads a bus for as long as its program runs. It connects when a
 * hub is there, hands out what the hub remembers and then every record, in
 * order and once, and counts what was lost. It survives the end of the hub and
 * goes on with the next one.
 *
 * How it keeps these promises (ct-bus(5) has the protocol):
 * - It asks for the latest events after its subscription is known to stand, and
 *   goes on behind that answer by the numbers of the records.
 * - A message of another epoch comes from a new hub, whose records it wants
 *   from number 1 on; a gap between two numbers of one epoch is a loss.
 * - It reports its place after every SUBSCRIBER_REPORT messages and every two
 *   seconds, so that the hub can wait for it. A report that is not answered is
 *   sent again.
 * - A hub says where it is every few seconds. A subscriber that hears nothing
 *   for SUBSCRIBER_SILENCE_MS gives the connection up and dials anew.
 *
 * Everything happens in callbacks from the loop; no function here blocks,
 * except that subscriber_free may take half a second.
 */
#ifndef BUS_SUBSCRIBER_H
#define BUS_SUBSCRIBER_H

#include "base/span.h"
#include "os/loop.h"

enum {
	SUBSCRIBER_REPORT = 32,			/* messages between two reports at most */
	SUBSCRIBER_SILENCE_MS = 15000,		/* a hub that lives is never silent for so long */
};

enum subscriber_state {
	SUBSCRIBER_AWAY,	/* no hub is connected */
	SUBSCRIBER_THERE,	/* a hub is connected */
	SUBSCRIBER_SILENT,	/* nothing was heard from the hub for SUBSCRIBER_SILENCE_MS */
};

/* What the owner hears of; each gets the owner's cookie. */
struct subscriber_calls {
	/*
	 * Comes once, before the first line: the answer to the question with
	 * which the subscriber was opened. lines is empty when the hub did not
	 * answer. Records among them are not handed out again.
	 */
	void (*latest)(void *cookie, struct span lines);

	/* A record, without its LF. */
	void (*line)(void *cookie, struct span line);

	/* So many records were lost between the line before and the next one. */
	void (*missed)(void *cookie, uint64_t records);

	/* Something has come from the hub, and all of it, or enough for a turn, has been handed out. */
	void (*turn)(void *cookie);

	/* The state has changed. It begins as SUBSCRIBER_AWAY. May be NULL. */
	void (*state)(void *cookie, enum subscriber_state);
};

struct subscriber;

/*
 * Starts to subscribe to the bus at address, which must live as long as the
 * subscriber. question is "latest" or "status" (bus_ask in bus.h); its answer
 * goes to calls->latest. Returns NULL with *why when address is not one of a
 * bus or the system lacks a resource; a hub need not be there.
 */
struct subscriber *subscriber_open(struct loop *, const char *address, const char *question,
    const struct subscriber_calls *calls, void *cookie, const char **why);

/* Ends the subscription; must not be called from inside one of its calls. NULL is fine. */
void subscriber_free(struct subscriber *);

/*
 * While paused, no more messages are taken, though the rest of the message
 * at hand still comes; the hub then keeps what follows, up to its limit.
 */
void subscriber_pause(struct subscriber *, bool paused);

#endif

/*
 * A subscriber reads a bus for as long as its program runs. It connects as soon as
 * a hub is there. It hands out what the hub remembers and then every record, each
 * once and in order, and counts the records that were lost. To an owner that wants
 * them it first hands out the older records that the hub keeps. When the hub ends, it
 * waits for the next one and goes on with that.
 *
 * How it does this (ct-bus(5) has the protocol):
 * - When a first message has come, its subscription works. Only then does it ask for
 *   the latest events. By the numbers of the records it goes on behind them.
 * - Older records it then asks for piece by piece, up to the number that the answer
 *   with the latest events has. Messages wait meanwhile. When the hub does not answer,
 *   or ends, it goes on without the rest of them.
 * - A message of another epoch comes from a new hub, whose records it wants from
 *   number 1 on. A gap between two numbers of one epoch is a loss.
 * - It reports its place after every SUBSCRIBER_REPORT messages and every two
 *   seconds, so that the hub can wait for it. It sends a report again when that
 *   is not answered.
 * - A hub says where it is every few seconds. A subscriber that hears nothing
 *   for SUBSCRIBER_SILENCE_MS gives the connection up and dials anew.
 *
 * Everything happens in callbacks from the loop; no function here blocks,
 * except that subscriber_free may take half a second.
 */
#ifndef BUS_SUBSCRIBER_H
#define BUS_SUBSCRIBER_H

#include "bus/bus_message.h"
#include "os/loop.h"

enum {
	SUBSCRIBER_REPORT = 32,			/* messages after which a report is due */
	SUBSCRIBER_SILENCE_MS = 15000,		/* a hub that works is never silent for so long */
};

enum subscriber_state {
	SUBSCRIBER_AWAY,	/* no hub is connected */
	SUBSCRIBER_THERE,	/* a hub is connected */
	SUBSCRIBER_SILENT,	/* nothing was heard from the hub for SUBSCRIBER_SILENCE_MS */
};

/*
 * The functions that a subscriber calls. cookie is that of subscriber_open; spans hold during
 * the call.
 */
struct subscriber_calls {
	/*
	 * Brings an older record that the hub keeps, without its LF, and its place. It is called
	 * for each of those before the record that line can bring first, the oldest first, and all
	 * before latest. A hole in the numbers is of records that could not be had. NULL when
	 * older records are not wanted.
	 */
	void (*old)(void *cookie, struct bus_place place, struct span line);

	/*
	 * Brings the answer to the question with which the subscriber was opened: lines, each with
	 * its LF, or none when the hub did not answer. It is called once, before the first line,
	 * and line does not bring these records again, though old may have brought them before.
	 * next is the place of the first record that line can bring.
	 */
	void (*latest)(void *cookie, struct bus_place next, struct span lines);

	/* Brings the next record, without its LF, and its place on the bus. */
	void (*line)(void *cookie, struct bus_place place, struct span line);

	/*
	 * Says how many records were lost between the last one that was brought and the next
	 * one. What was lost with a hub that ended is said up to two seconds after the next
	 * hub was first heard.
	 */
	void (*missed)(void *cookie, uint64_t records);

	/* Ends a batch: something has come from the hub, and the calls for it have been made. */
	void (*turn)(void *cookie);

	/* Says that the state, at first SUBSCRIBER_AWAY, is now this one. May be NULL. */
	void (*state)(void *cookie, enum subscriber_state state);
};

struct subscriber;

/*
 * Starts to subscribe to the bus at address; a hub need not be there. question is
 * "latest" or "status" (bus_ask in bus.h); its answer goes to calls->latest. The
 * loop, address, question and calls must live as long as the subscriber. Returns the
 * subscriber, or NULL with *why, a static text, when address is not one of a bus or
 * the system lacks a resource.
 */
struct subscriber *subscriber_open(struct loop *, const char *address, const char *question,
    const struct subscriber_calls *calls, void *cookie, const char **why);

/* Ends the subscription. Must not be called from inside one of its calls. NULL is allowed. */
void subscriber_free(struct subscriber *);

/*
 * Pauses the subscriber, or with paused false lets it go on. While it is paused it
 * takes no messages, but a message that it is just handing out is brought to its end.
 * What the hub publishes meanwhile waits, up to the hub's limit.
 */
void subscriber_pause(struct subscriber *, bool paused);

#endif

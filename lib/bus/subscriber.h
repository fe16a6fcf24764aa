/*
 * The reading end of a bus. A subscriber reads a bus for as long as its program runs. It connects
 * as soon as the bus is there. It hands out what is remembered and then every record, each once
 * and in order, and counts the records that were lost. To an owner that wants them it first hands
 * out older records that are kept. When the bus goes away, it waits for it to come again and goes
 * on with that.
 *
 * Everything happens in callbacks from the loop; no function here blocks.
 */
#ifndef BUS_SUBSCRIBER_H
#define BUS_SUBSCRIBER_H

#include "bus/bus_place.h"
#include "os/loop.h"

enum { SUBSCRIBER_SILENCE_MS = 15000 };	/* a bus that works is never silent for so long */

enum subscriber_state {
	SUBSCRIBER_AWAY,	/* the bus cannot be reached */
	SUBSCRIBER_THERE,	/* the bus is connected */
	SUBSCRIBER_SILENT,	/* nothing was heard from it for SUBSCRIBER_SILENCE_MS */
};

/* Where a subscriber begins. With all zero it begins with the latest events, and goes on with what comes. */
struct subscriber_start {
	bool status;		/* it begins with the latest status records instead of the latest events */
	unsigned count;		/* how many of the latest events at most; 0: as many as are remembered */
	/*
	 * When epoch is above 0, it begins with the record at this place, and without latest ones. When
	 * epoch is 0 and seq above 0, it begins with record seq of the run of numbers in which the bus is
	 * when it is first heard.
	 */
	struct bus_place since;
};

/*
 * The functions that a subscriber calls. cookie is that of subscriber_open; spans hold during
 * the call.
 */
struct subscriber_calls {
	/*
	 * Brings an older record that the hub keeps, without its LF, and its place. Older records are
	 * those in front of the first one that line brings. They come before the call of latest, the
	 * oldest first. Where numbers are missing between two of them, those records could not be had.
	 * NULL when older records are not wanted.
	 */
	void (*old)(void *cookie, struct bus_place place, struct span line);

	/*
	 * Brings the latest events, or status records, that were asked for: lines, each with its
	 * LF, or none when the bus did not answer. It is called once, before the first line, and
	 * line does not bring these records again, though old may have brought them before. next is
	 * the place of the first record that line can bring. With start->since, lines is empty, and
	 * next is the place of the first record from there on that the hub has kept; missed has been
	 * called for those that it has not.
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

	/* Something has come from the hub, and all calls for it have been made: the end of a batch. */
	void (*turn)(void *cookie);

	/* The state has changed to this one; at first it is SUBSCRIBER_AWAY. May be NULL. */
	void (*state)(void *cookie, enum subscriber_state state);
};

struct subscriber;

/*
 * Starts to subscribe to the bus at address, which need not be there yet. start is copied; loop,
 * address, calls and cookie must live as long as the subscriber. Returns the subscriber, or NULL with
 * *why set to a static reason when address is not one of a bus or the system lacks a resource.
 */
struct subscriber *subscriber_open(struct loop *loop, const char *address,
    const struct subscriber_start *start, const struct subscriber_calls *calls, void *cookie,
    const char **why);

/* Ends the subscription. Must not be called from inside one of its calls. NULL is allowed. */
void subscriber_free(struct subscriber *s);

/*
 * Pauses the subscriber, or with paused false lets it go on. A message that it is handing
 * out, and older records that it has asked the hub for, are still handed out to their end;
 * after that it takes no more messages until it goes on. What is published meanwhile
 * waits, up to the limit of the bus.
 */
void subscriber_pause(struct subscriber *s, bool paused);

#endif

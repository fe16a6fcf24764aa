/*
 * All filters in force, and which of them an event passes. What an event costs depends on the event
 * and on how many clients it is for, and hardly on how many filters there are: names are looked up
 * suffix by suffix in one hash table, parts of names are found by automata, regexes by a library that
 * tries all of them at once, and equal filters are one.
 */
#ifndef CT_WS_FILTER_MATCHER_H
#define CT_WS_FILTER_MATCHER_H

#include "ct-ws/filter/filter.h"

enum {
	/*
	 * Bytes of memory for all filters. What was dropped may take as much again, until what it was
	 * built together with is built anew; expressions are counted by themselves.
	 */
	MAX_MATCHER_BYTES = 64 << 20,
	MAX_MATCHER_REGEXES = 1000,	/* different ones in all filters: bounds memory and compiling */
};

struct compiler;
struct matcher;
struct matcher_client;	/* a filter in force for somebody */

/*
 * Makes a matcher without filters. compiler compiles its regexes, and must live until matcher_free; with
 * NULL it has one of its own. Never returns NULL: when memory runs out, the process ends with exit
 * code 111. The caller ends it with matcher_free.
 */
struct matcher *matcher_open(struct compiler *compiler);

/* Frees m and all that was added to it. m may be NULL. */
void matcher_free(struct matcher *m);

/*
 * Puts the filter f, which is copied, into force for who, any pointer of the caller. Returns its
 * handle, valid until matcher_drop or matcher_free. Returns NULL when there is no room for it, with
 * *why set to a static sentence for the client. Waits where one of its regexes is not compiled yet.
 *
 * For a client that changes its filter: add the new one, and drop the old one when that worked.
 */
struct matcher_client *matcher_add(struct matcher *m, const struct filter *f, void *who,
    const char **why);

/* Takes the filter of client, which matcher_add has returned, out of force. client may be NULL. */
void matcher_drop(struct matcher *m, struct matcher_client *client);

/* Returns true when the value of this kind is in some filter already. */
bool matcher_has(const struct matcher *m, enum filter_kind kind, struct span value);

/* Returns how many clients there are. */
size_t matcher_count(const struct matcher *m);

/*
 * Finds the clients whose filters the event line passes; line is of either format and any form, without
 * its LF. Calls match(cookie, who, name) once for each of them, with the client's who. The order of the
 * calls is not defined; clients must not be added or dropped in them. Returns true, or false without a
 * call when line is not an event.
 *
 * name is the name that passed the filter, as it stands in line between its quotes, with JSON's
 * escapes; it is empty where the filter asks for no name. The form domains has names alone, so it
 * passes no filter that asks for issuer, log or precert.
 */
bool matcher_event(struct matcher *m, struct span line,
    void (*match)(void *cookie, void *who, struct span name), void *cookie);

#endif

/*
 * The bus carries records, one a line, from those who publish them to any number of readers;
 * ct-bus(5) describes it for users. publisher.h is its writing end, subscriber.h its reading end,
 * and question.h a single question. Two engines carry it: one for ipc:// and tcp://, where a hub
 * serves the bus itself, and one for nats:// and tls://, where servers of NATS do. This header has
 * what all of them need, the address of a bus.
 *
 * A function that has a parameter why points *why to a static text that names the cause when it
 * fails, that is, when it returns NULL, false or -1; else it leaves *why alone.
 */
#ifndef BUS_BUS_H
#define BUS_BUS_H

#include "base/buf.h"

/*
 * Writes the address to use into out, in place of what out held, and returns it as a C
 * string that is valid until out is changed: given, if that is not NULL; else $CT_BUS; else
 * ipc://$XDG_RUNTIME_DIR/ct/bus; else ipc:///run/ct/bus. The text is not checked.
 */
const char *bus_address(struct buf *out, const char *given);

/*
 * Writes address into out, in place of what out held, as people may see it: without user, password
 * and settings. Returns it as a C string that is valid until out is changed.
 */
const char *bus_shown(struct buf *out, const char *address);

/* Returns true when address has the form of a bus's address, else false with *why set. */
bool bus_address_is(const char *address, const char **why);

#endif

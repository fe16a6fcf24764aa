/*
 * What a client that comes back is sent before it goes on with all others: the records behind the
 * one that it names, out of the journal, in its form and through its filter.
 */
#ifndef CT_WS_STREAM_REPLAY_H
#define CT_WS_STREAM_REPLAY_H

#include "ct-ws/filter/filter.h"
#include "ct-ws/stream/journal.h"
#include "ct-ws/stream/kind.h"
#include "ct-ws/stream/reader.h"

struct compiler;
struct replay;

/*
 * Begins behind the place since. filter, which is copied, says which records the client wants; NULL
 * is all. compiler has compiled its expressions. Returns the replay, which replay_close ends.
 */
struct replay *replay_open(struct bus_place since, const struct filter *filter,
    struct compiler *compiler);

/*
 * Returns true as long as the journal cannot say yet what the client is to be sent: then replay_fill
 * must not be called.
 */
bool replay_waits(const struct replay *p, const struct journal *j);

/* Lets the client have only the records that pass filter from now on, or all when that is NULL. */
void replay_filter(struct replay *p, const struct filter *filter);

/* Ends a replay. NULL is allowed. */
void replay_close(struct replay *p);

/*
 * Puts the next frames into the outbox of r, whose rendition is of this kind, some 64 KiB of them.
 * Notices of records that are missing are among them. Returns false when the journal has no more.
 */
bool replay_fill(struct replay *p, const struct journal *j, const struct kind *kind,
    struct reader *r);

#endif

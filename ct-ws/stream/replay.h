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
 * Returns a replay of the records that follow the place since; replay_close ends it. filter, which is
 * copied, says which of them the client wants; NULL stands for all. compiler has compiled its expressions.
 */
struct replay *replay_open(struct bus_place since, const struct filter *filter,
    struct compiler *compiler);

/*
 * Returns true while the journal j cannot say yet what the client is to be sent; replay_fill must not be
 * called then.
 */
bool replay_waits(const struct replay *p, const struct journal *j);

/* From now on the client is sent only the records that pass filter, or all when that is NULL. */
void replay_filter(struct replay *p, const struct filter *filter);

/* Ends a replay. NULL is allowed. */
void replay_close(struct replay *p);

/*
 * Puts the next frames from the journal j into the outbox of r, about 64 KiB of them; r reads a rendition
 * of this kind. Notices of records that are missing are among them. Returns true, or false when j has no
 * more records.
 */
bool replay_fill(struct replay *p, const struct journal *j, const struct kind *kind,
    struct reader *r);

#endif

/*
 * All followed logs: which they are, their turns, and when the run is over.
 */
#ifndef CT_FETCH_WATCH_H
#define CT_FETCH_WATCH_H

#include "ct-fetch/choice.h"
#include "ct-fetch/fetch.h"
#include "ct-fetch/log.h"
#include "ct-fetch/places.h"

struct watch;

/*
 * choice, keep and what fetch points to live longer. Takes over fetch's turn.
 * over is called once, when everything asked for has been put out or the
 * reader is gone.
 */
struct watch *watch_open(struct fetch *, const struct choice *, struct places *,
    void (*over)(void *cookie), void *cookie);
void watch_free(struct watch *);

/*
 * Adds a log that no list names. NULL, or why not (static): its key is none,
 * or a log with this key is followed already.
 */
const char *watch_add(struct watch *, const struct log_identity *);

/*
 * Brings the logs that came from a list into line with it: new ones start,
 * changed ones start anew from their place, vanished ones end and keep it.
 */
void watch_list(struct watch *, const struct loglist *);

/* From now on nothing more is asked for or put out. */
void watch_stop(struct watch *);

/* places_note for each log. */
void watch_note(const struct watch *);

struct log *const *watch_logs(const struct watch *, size_t *n);
bool watch_has_failed(const struct watch *);	/* a log was given up */
bool watch_has_remote(const struct watch *);	/* not all are on this machine */

#endif

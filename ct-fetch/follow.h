/*
 * All followed logs: which they are, their turns, and when the run is over.
 */
#ifndef CT_FETCH_FOLLOW_H
#define CT_FETCH_FOLLOW_H

#include "ct-fetch/choice.h"
#include "ct-fetch/fetch.h"
#include "ct-fetch/keep.h"
#include "ct-fetch/log.h"

struct follow;

/*
 * choice, keep and what fetch points to live longer. Takes over fetch's turn.
 * over is called once, when everything asked for has been put out or the
 * reader is gone.
 */
struct follow *follow_open(struct fetch *, const struct choice *, struct keep *,
    void (*over)(void *cookie), void *cookie);
void follow_free(struct follow *);

/*
 * Adds a log that no list names. NULL, or why not (static): its key is none,
 * or a log with this key is followed already.
 */
const char *follow_add(struct follow *, const struct log_identity *);

/*
 * Brings the logs that came from a list into line with it: new ones start,
 * changed ones start anew from their place, vanished ones end and keep it.
 */
void follow_list(struct follow *, const struct loglist *);

/* From now on nothing more is asked for or put out. */
void follow_stop(struct follow *);

/* keep_note for each log. */
void follow_note(const struct follow *);

struct log *const *follow_logs(const struct follow *, size_t *n);
bool follow_has_failed(const struct follow *);	/* a log was given up */
bool follow_has_remote(const struct follow *);	/* not all are on this machine */

#endif

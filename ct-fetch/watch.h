/*
 * The watch: the set of all logs that are followed. It gives each of them its turns, adds and
 * drops logs as the log list changes, and notices when the run is over.
 */
#ifndef CT_FETCH_WATCH_H
#define CT_FETCH_WATCH_H

#include "ct-fetch/list/choice.h"
#include "ct-fetch/fetch.h"
#include "ct-fetch/log/log.h"
#include "ct-fetch/state/places.h"

struct watch;

/*
 * Returns a watch without logs, and sets the timer fetch->turn, which gives the logs their turns.
 * choice, places and fetch must outlive the watch. over(cookie) is called once: when everything
 * that is wanted has been put out, or the reader of standard output is gone.
 */
struct watch *watch_open(struct fetch *fetch, const struct choice *choice, struct places *places,
    void (*over)(void *cookie), void *cookie);

/* Frees all logs, and stops the timer fetch->turn. */
void watch_free(struct watch *watch);

/*
 * Adds the log that who describes. It begins at its stored place; without one, at fetch->start or
 * fetch->since if that is given; else at its first entry if who->whole is true, or at its present end.
 * Returns NULL, or a static reason when its key cannot be read or a log with this key is followed already.
 */
const char *watch_add(struct watch *watch, const struct log_identity *who);

/*
 * Makes the logs that came from a list match the list `now`. before is the list as it was until it
 * changed. Logs that are new in now are added; one that before did not have to be followed begins at its
 * first entry. Logs that have changed begin anew at their place. Those that are no longer to be followed
 * go on to the end of their largest head, for a day at most, and keep their place.
 */
void watch_list(struct watch *watch, const struct loglist *now, const struct loglist *before);

/* From now on nothing more is asked for or put out. */
void watch_stop(struct watch *watch);

/* Calls log_measure for each log. */
void watch_measure(const struct watch *watch);

/* Calls places_note for each log that has a place. */
void watch_note(const struct watch *watch);

/* Returns the logs, *n of them, valid until one is added or dropped. */
struct log *const *watch_logs(const struct watch *watch, size_t *n);

/* Returns true when a log has been given up. */
bool watch_has_failed(const struct watch *watch);

/* Returns true when a log is neither a file nor on this machine. */
bool watch_has_remote(const struct watch *watch);

#endif

/*
 * The newcomers: logs that have come into a list and are not in the stored mark yet. The kept copy of
 * the list has such a log at once, and the stored mark only when all that went out before has been
 * read. A run that is killed in between leaves this note to the next one, which so knows that the log
 * begins at its first entry. The IDs are kept in DIR/newcomers. Those that are in the stored mark at
 * the next start are taken out then: a mark keeps its logs.
 */
#ifndef CT_FETCH_NEWCOMERS_H
#define CT_FETCH_NEWCOMERS_H

#include "ct-fetch/state/places.h"

struct newcomers;

enum {
	MAX_NEWCOMERS = 10000,	/* logs: as many as a mark may have; bounds the file */
};

/*
 * Reads DIR/newcomers of the folder dir, and forgets the logs that places, just opened, has. Returns
 * what newcomers_free frees. Ends the process with 111 when the file is there and cannot be read,
 * because to begin without it could silently lose entries.
 */
struct newcomers *newcomers_open(const char *dir, const struct places *places);

/* Frees newcomers. NULL is allowed. */
void newcomers_free(struct newcomers *newcomers);

/* Returns true when the log with the log ID id is a newcomer. */
bool newcomers_has(const struct newcomers *newcomers, const uint8_t id[HASH_SHA256]);

/* Notes the log with the log ID id as a newcomer; newcomers_store stores that. */
void newcomers_add(struct newcomers *newcomers, const uint8_t id[HASH_SHA256]);

/*
 * Stores the newcomers, if that has not been done since the last one was added. Returns 0, or -1 with
 * errno set: EFBIG when there are more than MAX_NEWCOMERS.
 */
int newcomers_store(struct newcomers *newcomers);

#endif

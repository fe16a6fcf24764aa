/*
 * What is known of all logs, kept from one run to the next. It is read from DIR/mark at the start.
 * Then a mark of it is made about once a second, or less often when marks are long, and either
 * stored in DIR/mark or written into the stream as a record. A mark is stored only when every byte
 * that was put out before it has left standard output.
 *
 * now is always the present time in loop ms.
 */
#ifndef CT_FETCH_PLACES_H
#define CT_FETCH_PLACES_H

#include "ct-fetch/state/mark.h"

struct places;
struct out;

enum {
	PLACES_RATE = 32 << 10,	/* bytes of marks that are made a second at most, on average */
};

/*
 * Locks the folder dir, which is made if it is not there, and reads DIR/mark. The lock holds until
 * places_free, also for a process that stores nothing itself, because its marks go where those of
 * another would. dir may be NULL: then nothing is read or stored. external means that marks go
 * into the stream and are not stored. Returns what places_free frees.
 *
 * Ends the process with 100 when another process has locked the folder. Ends it with 111 when the
 * folder cannot be written to, or when the stored mark cannot be read, because to begin without it
 * would silently lose entries.
 */
struct places *places_open(const char *dir, bool external);

/* Frees places. A mark that still waits is not stored. */
void places_free(struct places *places);

/*
 * Returns what is known of the log with the log ID id, valid until places_note is called for it, or NULL
 * when nothing is known.
 */
const struct mark_log *places_find(const struct places *places, const uint8_t id[HASH_SHA256]);

/* Takes a copy of what is known of log now. To be called for every log before places_tick. */
void places_note(struct places *places, const struct mark_log *log);

/*
 * Stores the mark that waits, as places_store does. Makes a mark if something has changed, no other
 * mark waits to be stored, and the last one was not so long that another must not come yet. Marks that
 * go into the stream come three times within
 * watchdog_limit() at least, also when nothing has changed, if that is set. To be called about once a
 * second. out is standard output.
 */
void places_tick(struct places *places, struct out *out, uint64_t now);

/* Makes the last mark of a run, as places_tick does, but however long the mark before was. */
void places_finish(struct places *places, struct out *out, uint64_t now);

/*
 * Stores the mark that waits, if all bytes before it have left. To be called when some have. When
 * that fails, it is told, and told again every hour; it is tried again every second.
 */
void places_store(struct places *places, const struct out *out, uint64_t now);

/* Returns true when no mark waits to be stored, or storing has failed. */
bool places_is_done(const struct places *places);

/* Returns true when the last attempt to store a mark failed. */
bool places_has_failed(const struct places *places);

#endif

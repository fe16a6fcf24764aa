/*
 * The places of all logs, kept from one run to the next. (A log's place is the index of the entry
 * that goes out next.) They are read from DIR/mark at the start. Then a mark of them is made
 * about once a second and either stored in DIR/mark or written into the stream as a record. A mark
 * is stored only when every byte that was put out before it has left standard output.
 */
#ifndef CT_FETCH_PLACES_H
#define CT_FETCH_PLACES_H

#include "ct-fetch/state/mark.h"

struct places;
struct out;

/*
 * Reads DIR/mark. dir is the folder, made if it is not there; NULL means that nothing is read or
 * stored. external means that marks go into the stream and are not stored. Ends the process with
 * 111 when the stored mark cannot be read, because to begin without it would silently lose
 * entries.
 */
struct places *places_open(const char *dir, bool external);

/* Frees places. A mark that still waits is not stored. */
void places_free(struct places *places);

/*
 * Returns what is known of the log with this ID, valid until places_note is called for it, or NULL
 * when nothing is.
 */
const struct mark_log *places_find(const struct places *places, const uint8_t id[HASH_SHA256]);

/* Takes a copy of what is known of log now. To be called for every log before places_tick. */
void places_note(struct places *places, const struct mark_log *log);

/*
 * Makes a mark if a place has changed and no other mark waits to be stored. To be called about
 * once a second, and when the last entry has been put out. out is standard output.
 */
void places_tick(struct places *places, struct out *out);

/* Stores the mark that waits, if all bytes before it have left. To be called when some have. */
void places_store(struct places *places, const struct out *out);

/* Returns true when no mark waits to be stored, or storing has failed. */
bool places_is_done(const struct places *places);

/* Returns true when the last attempt to store a mark failed. */
bool places_has_failed(const struct places *places);

#endif

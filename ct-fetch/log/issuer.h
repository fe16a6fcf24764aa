/*
 * An issuer: a CA certificate that a tiled log does not put beside each entry but names by its
 * SHA-256 fingerprint. It is fetched from a log that names it, checked against the fingerprint,
 * shared by all logs, and kept for later entries as long as there is room.
 */
#ifndef CT_FETCH_ISSUER_H
#define CT_FETCH_ISSUER_H

#include "base/span.h"
#include "ct-fetch/fetch.h"

struct host;
struct issuers;
struct issuer;

enum issuer_state {
	ISSUER_KNOWN,	/* issuer_der gives it */
	ISSUER_WANTED,	/* on its way; when this changes, all logs get a turn (fetch_wake) */
	ISSUER_LATE,	/* still on its way, for so long that entries go out without it */
	ISSUER_MISSING,	/* given up for some minutes */
};

enum {
	MAX_ISSUERS = 4096,		/* issuers that are kept though nobody holds them */
	MAX_ISSUER_BYTES = 16 << 20,	/* bytes of DER of those issuers */
	MAX_ISSUER = 256 << 10,		/* bytes of one; real ones have about 2 KiB */
	MAX_ISSUERS_WANTED = 512,	/* of one host at a time: its logs may be hostile */
	MAX_ISSUERS_HELD = 16 << 20,	/* bytes of DER of one host in pages: then it is not asked for more */
	ISSUER_PATIENCE = 5000,		/* ms that entries wait for one: then it is ISSUER_LATE */
};

/* Returns a cache without issuers. fetch must outlive it. */
struct issuers *issuers_open(struct fetch *fetch);

/*
 * From now on issuers that have come are kept in the folder dir/issuers, and are looked for there
 * before they are asked for (state/shelf.h). dir must be there. To be called once, before the first
 * issuer_hold.
 */
void issuers_keep(struct issuers *issuers, const char *dir);

/* Frees all issuers, held or not, and cancels the requests that are under way. */
void issuers_free(struct issuers *issuers);

/*
 * Returns the issuer with this fingerprint, counted as held once more, until issuer_release. When
 * it is not known, it will be asked for at the log behind url, whose host is given, or at another
 * log that has named it. Returns NULL when so many are wanted from that host, or come from there and held,
 * that this one must be missing. That is no matter of other hosts.
 */
struct issuer *issuer_hold(struct issuers *issuers, const uint8_t fingerprint[HASH_SHA256],
    const char *url, struct host *host);

/* Ends one hold of issuer, which issuer_hold returned. */
void issuer_release(struct issuers *issuers, struct issuer *issuer);

/*
 * Returns the state of issuer, which must be held. One that is wanted becomes ISSUER_LATE when
 * ISSUER_PATIENCE has passed, and at once when it had been given up before.
 */
enum issuer_state issuer_state(const struct issuer *issuer);

/* Returns the certificate of an ISSUER_KNOWN; valid while it is held. */
struct span issuer_der(const struct issuer *issuer);

/* Starts the requests that are due. Returns the loop ms at which to call again, or HOST_NEVER. */
uint64_t issuers_turn(struct issuers *issuers);

#endif

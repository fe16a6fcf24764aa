/*
 * The issuers that static logs name by SHA-256 fingerprint: fetched from the
 * log that names them, checked, shared by all logs and kept as long as there
 * is room.
 */
#ifndef CT_FETCH_ISSUER_H
#define CT_FETCH_ISSUER_H

#include "base/span.h"
#include "ct-fetch/fetch.h"

struct host;
struct issuers;
struct issuer;

enum issuer_state {
	ISSUER_KNOWN,	/* issuer_der has it */
	ISSUER_WANTED,	/* on its way; fetch_wake tells when that has changed */
	ISSUER_MISSING,	/* given up for now */
};

enum {
	MAX_ISSUERS = 4096,		/* kept beyond those that pages hold */
	MAX_ISSUER_BYTES = 16 << 20,	/* likewise */
	MAX_ISSUER = 256 << 10,		/* bytes of one: real ones have 2 KiB */
};

struct issuers *issuers_open(struct fetch *);
void issuers_free(struct issuers *);	/* cancels what is under way */

/*
 * A counted reference to the issuer with this fingerprint; if it is not
 * known it is asked for at the log behind url, or at another that named it.
 * Each hold needs a release.
 */
struct issuer *issuer_hold(struct issuers *, const uint8_t fingerprint[HASH_SHA256],
    const char *url, struct host *);
void issuer_release(struct issuers *, struct issuer *);

enum issuer_state issuer_state(const struct issuer *);
struct span issuer_der(const struct issuer *);	/* valid while held */

/* Starts the requests that are due. Returns when it wants to be called again (loop ms). */
uint64_t issuers_turn(struct issuers *);

#endif

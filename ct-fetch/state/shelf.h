/*
 * A shelf: issuers that have been fetched, kept in the state folder from one run to the next. Each
 * is a file of its own, DIR/issuers/HEX, named by the SHA-256 of its bytes, which are checked
 * when it is taken. The shelf is a convenience: what goes wrong with it is told, and costs no more
 * than fetching an issuer again.
 */
#ifndef CT_FETCH_SHELF_H
#define CT_FETCH_SHELF_H

#include "base/buf.h"
#include "enc/hash.h"

struct shelf;

enum {
	MAX_SHELF = 4096,		/* files: the logs of the world name about a thousand issuers */
	MAX_SHELF_BYTES = 64 << 20,	/* in all files: bounds what hostile logs can fill */
	MAX_SHELF_FILE = 256 << 10,	/* bytes of one: the limit of an issuer */
};

/*
 * Returns the shelf of the folder dir, which must be there; makes dir/issuers, and removes files until
 * the limits hold. Never returns NULL: when dir/issuers cannot be made or read, that is told, and the
 * shelf has nothing.
 */
struct shelf *shelf_open(const char *dir);

/* Frees shelf; its files stay. NULL is allowed. */
void shelf_free(struct shelf *shelf);

/*
 * Appends the issuer with this fingerprint to out and counts it as used now. hash is used during the
 * call only. Returns true, or false with out unchanged when the shelf does not have it. A file whose
 * bytes do not have the fingerprint is removed, and that is told.
 */
bool shelf_take(struct shelf *shelf, struct hash *hash, const uint8_t fingerprint[HASH_SHA256],
    struct buf *out);

/*
 * Keeps der, whose SHA-256 is fingerprint and which has MAX_SHELF_FILE bytes at most. When a limit is
 * exceeded, removes those files that have not been used for the longest time.
 */
void shelf_put(struct shelf *shelf, const uint8_t fingerprint[HASH_SHA256], struct span der);

#endif

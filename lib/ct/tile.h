/*
 * Tiles of static-ct-api: where they are, how wide they are, and the leaves
 * of a data tile, turned into the RFC 6962 form that entries travel in.
 */
#ifndef CT_TILE_H
#define CT_TILE_H

#include "base/buf.h"
#include "ct/tree.h"
#include "enc/rd.h"

enum {
	TILE_WIDTH = 256,	/* hashes or entries in a full tile */
	TILE_DATA = -1,		/* as a level: the entries themselves */
	MAX_TILE_LEVEL = 5,
	MAX_TILE_PATH = 64,	/* bytes, NUL included */
	MAX_TILE_ISSUER_PATH = 72,
};

/*
 * The path behind the monitoring prefix: "tile/0/x001/x234/067" for a full
 * tile, with ".p/W" behind it for a width of 1 to 255. Width 256 is full.
 */
void tile_path(char out[MAX_TILE_PATH], int level, uint64_t n, unsigned width);

/* "issuer/" and 64 lowercase hex digits. */
void tile_issuer_path(char out[MAX_TILE_ISSUER_PATH], const uint8_t fingerprint[HASH_SHA256]);

/*
 * Of a tree of this size: how many full tiles a level has, and the width, 0
 * to 255, of the partial tile behind them. TILE_DATA is as level 0.
 */
uint64_t tile_full(uint64_t size, int level);
unsigned tile_partial(uint64_t size, int level);

/*
 * One leaf of a data tile. All spans borrow the tile. Only what lies in
 * `entry` is covered by the Merkle tree: pre_certificate and chain are hints.
 */
struct tile_leaf {
	uint64_t timestamp;		/* ms since 1970 */
	unsigned entry_type;		/* 0 x509_entry, 1 precert_entry */
	struct span certificate;	/* DER Certificate, or TBSCertificate of a precert_entry */
	struct span issuer_key_hash;	/* 32 bytes; empty for x509_entry */
	struct span extensions;		/* CtExtensions without their length */
	struct span pre_certificate;	/* DER; empty for x509_entry */
	struct span chain;		/* SHA-256 fingerprints of the issuers, 32 bytes each */
	struct span entry;		/* the exact TimestampedEntry */
};

/*
 * The next leaf of a data tile; rd_done tells the end. NULL, or a static
 * reason with the cursor unmoved: nothing behind that place can be read.
 */
const char *tile_next(struct rd *, struct tile_leaf *);

/* The Merkle leaf hash: SHA-256(0x00 || 00 00 || TimestampedEntry). */
void tile_leaf_hash(const struct tile_leaf *, struct hash *, uint8_t out[TREE_HASH]);

/*
 * The index in the leaf_index extension. NULL, or a static reason when it is
 * absent (archived RFC 6962 logs: extensions.n is 0), doubled or malformed.
 */
const char *tile_leaf_index(const struct tile_leaf *, uint64_t *index);

/* Appends leaf_input as get-entries has it: MerkleTreeLeaf, RFC 6962 3.4. */
void tile_put_leaf_input(struct buf *, const struct tile_leaf *);

/*
 * Appends extra_data as get-entries has it (RFC 6962 4.6), given the DER of
 * the n issuers that the fingerprints in chain name, in that order. Returns a
 * static reason, with nothing appended, when they do not fit its lengths.
 */
const char *tile_put_extra_data(struct buf *, const struct tile_leaf *,
    const struct span *issuers, size_t n);

#endif

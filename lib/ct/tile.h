/*
 * A tile: a file in which a tiled log (C2SP static-ct-api) publishes 256 entries, or 256 hashes
 * of its Merkle tree; the last tile of a level may be partial and hold fewer. Level 0 has the
 * hashes of leaves, and each hash of a level above covers a full tile of the level below. This
 * header has the paths and widths of tiles, and reads the leaves of data tiles, which hold the
 * entries, and turns them into the RFC 6962 form that entry records have.
 */
#ifndef CT_TILE_H
#define CT_TILE_H

#include "base/buf.h"
#include "ct/tree.h"
#include "enc/rd.h"

enum {
	TILE_WIDTH = 256,	/* hashes or entries in a full tile */
	TILE_DATA = -1,		/* in place of a level: data tiles */
	MAX_TILE_LEVEL = 5,	/* 256^6 leaves are more than any tree has */
	MAX_TILE_PATH = 64,	/* bytes, NUL included */
	MAX_TILE_FINGERPRINT = 65,	/* bytes, NUL included */
	MAX_TILE_ISSUER_PATH = 72,	/* bytes, NUL included */
};

/*
 * Writes to out the path, relative to the log's URL, of tile number n of a level: for a full tile,
 * whose width is 256, such as "tile/0/x001/x234/067"; for a partial one, whose width is 1 to 255,
 * such as "tile/0/x001/x234/067.p/17". level is 0 to MAX_TILE_LEVEL, or TILE_DATA.
 */
void tile_path(char out[MAX_TILE_PATH], int level, uint64_t n, unsigned width);

/*
 * Writes the fingerprint of an issuer to out as paths and records name it: 64 hex digits in lower
 * case, and a NUL.
 */
void tile_fingerprint(char out[MAX_TILE_FINGERPRINT], const uint8_t fingerprint[HASH_SHA256]);

/*
 * Writes to out the path, relative to the log's URL, of the issuer with this fingerprint: "issuer/",
 * 64 hex digits and a NUL.
 */
void tile_issuer_path(char out[MAX_TILE_ISSUER_PATH], const uint8_t fingerprint[HASH_SHA256]);

/*
 * Return the tiles that a level has when the tree has `size` leaves: tile_full the number of full
 * ones, tile_partial the width, 1 to 255, of the partial one behind them, or 0 when there is no
 * partial one. There are as many data tiles (TILE_DATA) as tiles of level 0.
 */
uint64_t tile_full(uint64_t size, int level);
unsigned tile_partial(uint64_t size, int level);

/*
 * One leaf of a data tile. All spans point into the tile. The Merkle tree covers only the bytes of
 * entry, so pre_certificate and chain are not proven.
 */
struct tile_leaf {
	uint64_t timestamp;		/* ms since 1970 */
	unsigned entry_type;		/* 0 x509_entry, 1 precert_entry */
	struct span certificate;	/* DER Certificate, or TBSCertificate of a precert_entry */
	struct span issuer_key_hash;	/* 32 bytes; empty for x509_entry */
	struct span extensions;		/* CtExtensions without their length */
	struct span pre_certificate;	/* DER; empty for x509_entry */
	struct span chain;		/* SHA-256 fingerprints of the issuers, 32 bytes each */
	struct span entry;		/* the bytes of the TimestampedEntry */
};

/*
 * Reads the leaf at the cursor r, which is in a data tile and not at its end (rd_done). Returns
 * NULL with *leaf set and r moved behind the leaf, or a static reason with both left alone; the
 * rest of the tile cannot be read then.
 */
const char *tile_next(struct rd *r, struct tile_leaf *leaf);

/* Writes to out the Merkle leaf hash of leaf: SHA-256(0x00 || 0x00 0x00 || TimestampedEntry). */
void tile_leaf_hash(const struct tile_leaf *leaf, struct hash *hash, uint8_t out[TREE_HASH]);

/*
 * Reads the index of leaf in its log from the extension leaf_index. Returns NULL with *index set,
 * or a static reason when that extension is malformed, there twice or missing. Leaves of RFC 6962
 * logs that were archived as tiles have no extensions; leaf->extensions.n is 0 then.
 */
const char *tile_leaf_index(const struct tile_leaf *leaf, uint64_t *index);

/* Appends leaf to out as the bytes of leaf_input: the MerkleTreeLeaf of RFC 6962 3.4. */
void tile_put_leaf_input(struct buf *out, const struct tile_leaf *leaf);

/*
 * Appends to out the bytes of extra_data for leaf (RFC 6962 4.6). issuers are the n certificates,
 * in DER, whose fingerprints leaf->chain has, in the order of these. Returns NULL, or a static
 * reason with nothing appended when the chain is too long for the format (2^24 - 1 bytes).
 */
const char *tile_put_extra_data(struct buf *out, const struct tile_leaf *leaf,
    const struct span *issuers, size_t n);

#endif

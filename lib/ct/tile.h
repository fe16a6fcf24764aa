/*
 * A tile: a file in which a tiled log (C2SP static-ct-api) publishes 256 entries, or 256 hashes
 * of its Merkle tree; the last tile of a level may be partial and hold fewer. This header has
 * the paths and widths of tiles, and the leaves of a data tile, one for each entry, which are
 * turned into the RFC 6962 form that entry records have.
 */
#ifndef CT_TILE_H
#define CT_TILE_H

#include "base/buf.h"
#include "ct/tree.h"
#include "enc/rd.h"

enum {
	TILE_WIDTH = 256,	/* hashes or entries in a full tile */
	TILE_DATA = -1,		/* in place of a level: tiles of entries */
	MAX_TILE_LEVEL = 5,	/* 256^6 leaves are more than any tree has */
	MAX_TILE_PATH = 64,	/* bytes, NUL included */
	MAX_TILE_ISSUER_PATH = 72,	/* bytes, NUL included */
};

/*
 * Writes the path of tile n of a level, relative to the log's URL: "tile/0/x001/x234/067" when
 * width is 256, which is a full tile, and the same with ".p/WIDTH" at its end when width is 1 to
 * 255. level is 0 to MAX_TILE_LEVEL, or TILE_DATA.
 */
void tile_path(char out[MAX_TILE_PATH], int level, uint64_t n, unsigned width);

/* Writes the path of an issuer, relative to the log's URL: "issuer/" and 64 hex digits. */
void tile_issuer_path(char out[MAX_TILE_ISSUER_PATH], const uint8_t fingerprint[HASH_SHA256]);

/*
 * Returns how many full tiles a level of a tree of size leaves has, and the width, 0 to 255, of
 * the partial tile that follows them; 0 means that there is none. TILE_DATA counts as level 0.
 */
uint64_t tile_full(uint64_t size, int level);
unsigned tile_partial(uint64_t size, int level);

/*
 * One leaf of a data tile. All spans lie in the tile. The Merkle tree covers only what is in
 * `entry`: nothing proves pre_certificate and chain.
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
 * Reads the leaf at the cursor r, which stands in a data tile, and moves r behind it. The end of
 * the tile is reached when rd_done(r). Returns NULL, or a static reason with r unmoved: the rest
 * of the tile cannot be read then.
 */
const char *tile_next(struct rd *r, struct tile_leaf *leaf);

/* Writes the Merkle leaf hash: SHA-256(0x00 || 00 00 || TimestampedEntry). */
void tile_leaf_hash(const struct tile_leaf *leaf, struct hash *hash, uint8_t out[TREE_HASH]);

/*
 * Reads the entry's index from the leaf_index extension. Returns NULL with *index set, or a
 * static reason when the extension is malformed, there twice or missing. Archives of RFC 6962
 * logs have none: leaf->extensions.n is 0 there.
 */
const char *tile_leaf_index(const struct tile_leaf *leaf, uint64_t *index);

/* Appends leaf_input as get-entries has it: the MerkleTreeLeaf of RFC 6962 3.4. */
void tile_put_leaf_input(struct buf *out, const struct tile_leaf *leaf);

/*
 * Appends extra_data as get-entries has it (RFC 6962 4.6). issuers are the n certificates, in
 * DER, that the fingerprints in leaf->chain name, in that order. Returns NULL, or a static
 * reason with nothing appended when a certificate is too long for the format.
 */
const char *tile_put_extra_data(struct buf *out, const struct tile_leaf *leaf,
    const struct span *issuers, size_t n);

#endif

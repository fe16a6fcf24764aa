/*
 * Finds and reads the tiles of tiled logs (C2SP static-ct-api and tlog-tiles).
 *
 * in: tree sizes, and data tiles from logs, which are not trusted
 * out: paths to ask for, and leaves in the form of RFC 6962
 */
#include <stdio.h>

#include "ct/tile.h"

#include "ct/entry.h"
#include "enc/hex.h"

enum {
	EXT_LEAF_INDEX = 0,	/* static-ct-api, ExtensionType */
	LEAF_INDEX = 5,		/* bytes: uint40 */
	MAX_U24 = (1 << 24) - 1,
};

/* Writes n in groups of three digits, all but the last with an x in front, from the right. */
static char *
tile_index(char *end, uint64_t n)
{
	char *p = end;

	for (;;) {
		unsigned g = (unsigned)(n % 1000);

		*--p = (char)('0' + g % 10);
		*--p = (char)('0' + g / 10 % 10);
		*--p = (char)('0' + g / 100);
		if (p + 3 != end)
			*--p = 'x';
		n /= 1000;
		if (n == 0)
			return p;
		*--p = '/';
	}
}

void
tile_path(char out[MAX_TILE_PATH], int level, uint64_t n, unsigned width)
{
	char index[40], part[8] = "";
	char *end = index + sizeof(index) - 1;

	*end = '\0';
	if (width > 0 && width < TILE_WIDTH)
		snprintf(part, sizeof(part), ".p/%u", width);
	if (level == TILE_DATA)
		snprintf(out, MAX_TILE_PATH, "tile/data/%s%s", tile_index(end, n), part);
	else
		snprintf(out, MAX_TILE_PATH, "tile/%d/%s%s", level, tile_index(end, n), part);
}

void
tile_fingerprint(char out[MAX_TILE_FINGERPRINT], const uint8_t fingerprint[HASH_SHA256])
{
	hex_write(out, span_of(fingerprint, HASH_SHA256));
	out[2 * HASH_SHA256] = '\0';
}

void
tile_issuer_path(char out[MAX_TILE_ISSUER_PATH], const uint8_t fingerprint[HASH_SHA256])
{
	memcpy(out, "issuer/", sizeof("issuer/") - 1);
	tile_fingerprint(out + sizeof("issuer/") - 1, fingerprint);
}

/* Returns how many hashes a level has: one for each complete subtree of 256^level leaves. */
static uint64_t
tile_hashes(uint64_t size, int level)
{
	return level <= 0 ? size : level >= 8 ? 0 : size >> (8 * level);
}

uint64_t
tile_full(uint64_t size, int level)
{
	return tile_hashes(size, level) / TILE_WIDTH;
}

unsigned
tile_partial(uint64_t size, int level)
{
	return (unsigned)(tile_hashes(size, level) % TILE_WIDTH);
}

const char *
tile_next(struct rd *r, struct tile_leaf *leaf)
{
	struct rd at = *r;
	struct tile_leaf got = { .timestamp = 0 };
	struct entry e;
	const char *why = entry_take(&e, &at);

	if (why != NULL)
		return why;
	got.timestamp = e.timestamp;
	got.entry_type = e.type;
	got.issuer_key_hash = e.issuer_key_hash;
	got.certificate = e.type == ENTRY_PRECERT ? e.tbs : e.cert;
	got.extensions = e.extensions;
	got.entry = span_of(r->p, (size_t)(at.p - r->p));
	if (got.entry_type == ENTRY_PRECERT && !rd_opaque(&at, 3, &got.pre_certificate))
		return "static-ct-api: TileLeaf is cut in pre_certificate";
	if (!rd_opaque(&at, 2, &got.chain))
		return "static-ct-api: TileLeaf is cut in certificate_chain";
	if (got.chain.n % HASH_SHA256 != 0)
		return "static-ct-api: certificate_chain is not a whole number of fingerprints";
	*leaf = got;
	*r = at;
	return NULL;
}

void
tile_leaf_hash(const struct tile_leaf *leaf, struct hash *h, uint8_t out[TREE_HASH])
{
	const struct span parts[] = { SPAN("\x00" "\x00\x00"), leaf->entry };

	hash_sha256_parts(h, parts, 2, out);
}

const char *
tile_leaf_index(const struct tile_leaf *leaf, uint64_t *index)
{
	struct rd r = rd_of(leaf->extensions);
	bool found = false;

	while (!rd_done(&r)) {
		struct span body;
		struct rd number;
		uint64_t type;

		if (!rd_uint(&r, 1, &type) || !rd_opaque(&r, 2, &body))
			return "static-ct-api: CTExtensions are cut";
		if (type != EXT_LEAF_INDEX)
			continue;
		if (found)
			return "static-ct-api: leaf_index twice";
		if (body.n != LEAF_INDEX)
			return "static-ct-api: leaf_index is not 5 bytes";
		number = rd_of(body);
		found = rd_uint(&number, LEAF_INDEX, index);
	}
	return found ? NULL : "static-ct-api: leaf_index missing";
}

void
tile_put_leaf_input(struct buf *out, const struct tile_leaf *leaf)
{
	buf_put(out, SPAN("\x00\x00"));	/* version v1, leaf_type timestamped_entry */
	buf_put(out, leaf->entry);
}

/* Appends n in three bytes: the length of an opaque<0..2^24-1>. */
static void
tile_put_u24(struct buf *out, size_t n)
{
	const uint8_t b[] = { (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n };

	buf_put(out, span_of(b, sizeof(b)));
}

const char *
tile_put_extra_data(struct buf *out, const struct tile_leaf *leaf,
    const struct span *issuers, size_t n)
{
	size_t total = 0;

	for (size_t i = 0; i < n; i++) {
		if (issuers[i].n > MAX_U24 || total + 3 + issuers[i].n > MAX_U24)
			return "RFC 6962 4.6: certificate_chain longer than 2^24-1 bytes";
		total += 3 + issuers[i].n;
	}
	if (leaf->entry_type == ENTRY_PRECERT) {
		tile_put_u24(out, leaf->pre_certificate.n);
		buf_put(out, leaf->pre_certificate);
	}
	tile_put_u24(out, total);
	for (size_t i = 0; i < n; i++) {
		tile_put_u24(out, issuers[i].n);
		buf_put(out, issuers[i]);
	}
	return NULL;
}

/*
 * Fuzz target: data tiles. In: any bytes, read as the leaves of a tile. Demands that
 * a leaf, put into the form of RFC 6962 and taken apart again, has the same parts.
 */
#include "ct/entry.h"
#include "ct/tile.h"
#include "tests/fuzz/judge.h"

enum { MOST_ISSUERS = 8 };

/* Puts the leaf into RFC 6962 form, with certificates of one byte as its chain. */
static void
check_entry(const struct tile_leaf *leaf)
{
	struct span issuers[MOST_ISSUERS];
	struct buf leaf_input, extra_data;
	struct span chain, cert;
	struct entry e;
	size_t n = leaf->chain.n / 32 < MOST_ISSUERS ? leaf->chain.n / 32 : MOST_ISSUERS, found = 0;

	for (size_t i = 0; i < n; i++)
		issuers[i] = SPAN("\0");
	buf_init(&leaf_input);
	buf_init(&extra_data);
	tile_put_leaf_input(&leaf_input, leaf);
	if (tile_put_extra_data(&extra_data, leaf, issuers, n) == NULL) {
		DEMAND(entry_parse(&e, buf_span(&leaf_input), buf_span(&extra_data)) == NULL);
		DEMAND(e.timestamp == leaf->timestamp && (unsigned)e.type == leaf->entry_type);
		DEMAND(span_eq(e.type == ENTRY_PRECERT ? e.tbs : e.cert, leaf->certificate));
		DEMAND(span_eq(e.issuer_key_hash, leaf->issuer_key_hash));
		DEMAND(span_eq(e.precert, leaf->pre_certificate));
		for (chain = e.chain; entry_issuer(&chain, &cert); found++)
			DEMAND(cert.n == 1);
		DEMAND(found == n);
	}
	buf_free(&leaf_input);
	buf_free(&extra_data);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct span tile = span_of(p, n);
	struct rd r = rd_of(tile), was = r;
	struct tile_leaf leaf;
	uint64_t index;

	while (!rd_done(&r) && tile_next(&r, &leaf) == NULL) {
		DEMAND(r.p > was.p);
		judge_within(leaf.entry, tile);
		judge_within(leaf.certificate, leaf.entry);
		judge_within(leaf.issuer_key_hash, leaf.entry);
		judge_within(leaf.extensions, leaf.entry);
		judge_within(leaf.pre_certificate, tile);
		judge_within(leaf.chain, tile);
		DEMAND(leaf.chain.n % 32 == 0);
		tile_leaf_index(&leaf, &index);
		check_entry(&leaf);
		was = r;
	}
	DEMAND(r.p == was.p);
	return 0;
}

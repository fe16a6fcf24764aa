/*
 * Takes apart a log entry in RFC 6962 form: leaf_input, which is a
 * MerkleTreeLeaf (section 3.4), and extra_data (section 4.6). All spans point
 * into the bytes that were given.
 */
#ifndef CT_ENTRY_H
#define CT_ENTRY_H

#include "enc/rd.h"

enum entry_type {		/* LogEntryType: RFC 6962 3.1 */
	ENTRY_X509 = 0,
	ENTRY_PRECERT = 1,
};

struct entry {
	uint64_t timestamp;		/* milliseconds since 1970 */
	enum entry_type type;
	struct span cert;		/* ENTRY_X509: the certificate */
	struct span tbs;		/* ENTRY_PRECERT: TBSCertificate without the poison */
	struct span issuer_key_hash;	/* ENTRY_PRECERT: 32 bytes */
	struct span extensions;		/* CtExtensions, empty for RFC 6962 logs */
	struct span precert;		/* ENTRY_PRECERT: the precertificate as submitted */
	struct span chain;		/* the issuers' certificates, walked with entry_issuer */
};

/*
 * Reads leaf_input and extra_data and sets all members of *e. Returns NULL, or a
 * static reason, which begins with its clause, with *e undefined. The Merkle tree
 * of the log covers leaf_input only: nothing proves that extra_data is genuine.
 */
const char *entry_parse(struct entry *e, struct span leaf_input, struct span extra_data);

/*
 * The two steps of entry_parse. entry_parse_leaf reads leaf_input and sets all
 * members of *e, with precert and chain empty. entry_parse_extra, called after it,
 * reads extra_data and sets these two. Both return NULL, or a static reason with
 * *e undefined.
 */
const char *entry_parse_leaf(struct entry *e, struct span leaf_input);
const char *entry_parse_extra(struct entry *e, struct span extra_data);

/*
 * Reads the TimestampedEntry (section 3.4) at the cursor r, which is in a leaf_input
 * or in a data tile, and sets all members of *e, with precert and chain empty.
 * Returns NULL with r moved behind it, or a static reason with *e and the place of r
 * undefined.
 */
const char *entry_take(struct entry *e, struct rd *r);

/*
 * Takes the next certificate off the front of *chain, which begins as a copy of the
 * member chain of an entry. The first one is that of the issuer. Returns true with
 * *cert set to its DER, or false when none is left.
 */
bool entry_issuer(struct span *chain, struct span *cert);

#endif

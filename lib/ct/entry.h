/*
 * A log entry in RFC 6962 form: leaf_input (MerkleTreeLeaf, section 3.4) and
 * extra_data (section 4.6). All spans point into the bytes given.
 */
#ifndef CT_ENTRY_H
#define CT_ENTRY_H

#include "base/span.h"

enum entry_type {
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
	struct span chain;		/* ASN.1Cert elements, walked with entry_issuer */
};

/*
 * Takes both apart. NULL, or the reason, beginning with its clause; then *e is
 * not to be used. Nothing in extra_data is covered by the log's tree.
 */
const char *entry_parse(struct entry *e, struct span leaf_input, struct span extra_data);

/* Its two halves: the leaf alone, then what is not in the tree. */
const char *entry_parse_leaf(struct entry *e, struct span leaf_input);
const char *entry_parse_extra(struct entry *e, struct span extra_data);

/* The next certificate of a chain, issuer first; false at the end. */
bool entry_issuer(struct span *chain, struct span *cert);

#endif

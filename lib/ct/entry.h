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
	struct span chain;		/* ASN.1Cert elements, walked with entry_issuer */
};

/*
 * Takes both apart. Returns NULL, or a static reason that begins with its
 * clause; *e is not to be used then. The log's tree covers nothing of
 * extra_data.
 */
const char *entry_parse(struct entry *e, struct span leaf_input, struct span extra_data);

/*
 * The two steps of entry_parse. entry_parse_leaf clears *e and sets what
 * leaf_input holds, which is all but precert and chain; entry_parse_extra then
 * sets these. Both return NULL or a static reason, as entry_parse does.
 */
const char *entry_parse_leaf(struct entry *e, struct span leaf_input);
const char *entry_parse_extra(struct entry *e, struct span extra_data);

/*
 * Reads the TimestampedEntry (section 3.4) at the cursor r, which stands in a
 * leaf_input or in a data tile, into *e, of which precert and chain become empty.
 * Returns NULL with r behind it, or a static reason with r anywhere.
 */
const char *entry_take(struct entry *e, struct rd *r);

/*
 * Takes the next certificate, the issuer first, off the front of *chain, which
 * begins as the member chain of an entry. Returns true with *cert set to its DER,
 * or false at the end.
 */
bool entry_issuer(struct span *chain, struct span *cert);

#endif

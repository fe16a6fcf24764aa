/*
 * Turns one certificate into the JSON object that certstream has for it, which is
 * leaf_cert and each item of chain: ct-event(5).
 */
#ifndef EVENT_LEAF_H
#define EVENT_LEAF_H

#include "base/buf.h"
#include "enc/hash.h"
#include "event/distinct.h"
#include "event/format.h"
#include "x509/cert.h"
#include "x509/ext.h"
#include "x509/name.h"

/*
 * Where the digests of one certificate belong: offsets in the buffer that its object
 * was written to. 0 means that the object has no such digest.
 */
struct leaf_blank {
	size_t sha1[2];		/* of the members fingerprint and sha1, which are equal */
	size_t sha256;		/* of the member sha256 */
};

/*
 * A certificate on its way into JSON. The owner sets format, in_chain and memo; all
 * else is zero before the first use. It is used for one certificate after the other.
 */
struct leaf {
	enum format format;
	bool in_chain;		/* an item of chain: in format calidog without all_domains */
	struct cert cert;
	struct ext ext;
	struct name name;	/* of the subject, then of the issuer */
	struct distinct distinct;	/* scratch of all_domains */
	struct memo *memo;	/* borrowed: texts that many certificates share; NULL: keep none */
	bool is_precert;	/* read by leaf_parse_precert */
	bool is_ca;		/* its basicConstraints says so */
	const char *why;	/* for parse_error: NULL, or the first thing that was not read or shown */
	const char *left_out;	/* for parse_error when why is NULL: what was too long to be written */
	struct leaf_blank blank;	/* of the object that leaf_put wrote last */
	const char *mismatch;	/* NULL, or where entry, precertificate and chain disagree */
};

/* Frees what l owns; memo stays. */
void leaf_free(struct leaf *l);

/*
 * Reads a certificate from its DER. What cannot be read stays empty; l->why is set
 * to the first thing wrong, or to NULL, and l->left_out and l->mismatch to NULL. l
 * borrows the bytes of der, which must stay until the object is written.
 */
void leaf_parse(struct leaf *l, struct span der);

/* Does what leaf_parse does with the TBSCertificate tbs of a precertificate's log entry. */
void leaf_parse_precert(struct leaf *l, struct span tbs);

/*
 * The value of as_der, a certificate to be shown as base64: text is base64 already,
 * and behind it comes the base64 of the bytes rest. Either may be empty.
 */
struct leaf_der {
	struct span text, rest;
};

/*
 * Appends to out the object of the certificate that l has read. Zeros stand in it in
 * place of the digests, and l->blank says where; the caller fills them in, perhaps
 * for many certificates at once. The digests are of the certificate, or of the
 * precertificate as submitted. as_der is the value of that member; NULL leaves it
 * out.
 */
void leaf_put(struct buf *out, struct leaf *l, const struct leaf_der *as_der);

/* Returns which digests blank has room for: SHA-1 alone, or SHA-1 and SHA-256. */
enum hash_wanted leaf_wants(const struct leaf_blank *blank);

/* Writes digests as hex into blank, which leaf_put has left in out. */
void leaf_fill(struct buf *out, const struct leaf_blank *blank, const struct hash_pair *digests);

/* Makes the digests of der with hash and writes them into blank, as leaf_fill does. */
void leaf_hash(struct buf *out, const struct leaf_blank *blank, struct hash *hash, struct span der);

/* ---- the rest is for the files that write the formats ---- */

/* Sets l->why to why, unless it is set already or why is NULL. */
void leaf_wrong(struct leaf *l, const char *why);

/* Returns the last common name in name, which is the one shown as CN, or NULL without any. */
const struct name_attribute *leaf_common_name(const struct name *name);

/* Appends seconds as a decimal number. */
void leaf_put_seconds(struct buf *out, int64_t seconds);

/*
 * Append the member of the object extensions for the extension kind, which l must
 * have; and the object issuer, without its key. What cannot be shown sets l->why.
 * Texts that an issuer repeats in all it signs are copied from l->memo, which keeps
 * them.
 */
void leaf_put_extension(struct buf *out, struct leaf *l, enum ext_kind kind);
void leaf_put_issuer(struct buf *out, struct leaf *l);

/* Appends zeros, with room for the hex pairs of n bytes. Returns the offset of the first. */
size_t leaf_put_blank(struct buf *out, size_t n);

/* Appends a comma and the member as_der, or nothing when as_der is NULL or empty. */
void leaf_put_as_der(struct buf *out, const struct leaf_der *as_der);

/*
 * Appends parse_error when l->why or l->left_out is set, and mismatch when l->mismatch is, each
 * behind a comma.
 */
void leaf_put_errors(struct buf *out, const struct leaf *l);

#endif

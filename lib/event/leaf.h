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

/* Where the digests of a certificate go: offsets in the buffer it was written to, 0 for none. */
struct leaf_blank {
	size_t sha1[2];		/* members fingerprint and sha1 */
	size_t sha256;
};

/*
 * A certificate on its way into JSON. All zero but format, in_chain and memo before
 * the first use; it is then reused for one certificate after the other.
 */
struct leaf {
	enum format format;
	bool in_chain;		/* an item of chain: CaliDog's have no all_domains */
	struct cert cert;
	struct ext ext;
	struct name name;	/* of the subject, then of the issuer */
	struct distinct distinct;	/* scratch */
	struct memo *memo;	/* borrowed: texts that many certificates share; NULL: none are kept */
	bool is_precert;	/* leaf_parse_precert has read it */
	bool is_ca;
	const char *why;	/* parse_error: NULL, or the first thing that could not be read or shown */
	struct leaf_blank blank;	/* of what leaf_put wrote last */
	const char *mismatch;	/* NULL, or where entry, precertificate and chain disagree */
};

/* Frees what the struct owns, but not memo. */
void leaf_free(struct leaf *);

/*
 * Reads a certificate from its DER. What cannot be read stays empty, and l->why is
 * set to the first thing wrong, or NULL. The bytes must stay until the object is
 * written.
 */
void leaf_parse(struct leaf *l, struct span der);

/* Reads the TBSCertificate of a precertificate's log entry, as leaf_parse reads a certificate. */
void leaf_parse_precert(struct leaf *l, struct span tbs);

/*
 * A certificate to be shown as base64. text is the base64 of its front, if the input
 * had that already, and rest are the bytes behind.
 */
struct leaf_der {
	struct span text, rest;
};

/*
 * Appends the object of what was read, with blanks in place of the digests, which a
 * caller may make for many certificates at once; l->blank says where they are. They
 * are to be those of the certificate, or of the precertificate as submitted. as_der
 * is what the member of that name shows; NULL leaves the member out.
 */
void leaf_put(struct buf *, struct leaf *l, const struct leaf_der *as_der);

/* Returns which digests a blank has room for. */
enum hash_wanted leaf_wants(const struct leaf_blank *);

/* Writes digests into a blank of the buffer in which leaf_put left it. */
void leaf_fill(struct buf *, const struct leaf_blank *, const struct hash_pair *digests);

/* Makes the digests of der and writes them into a blank, as leaf_fill does. */
void leaf_hash(struct buf *, const struct leaf_blank *, struct hash *, struct span der);

/* What follows is for the files that write the formats. */

/* Sets l->why to why, unless something was wrong before; NULL changes nothing. */
void leaf_wrong(struct leaf *l, const char *why);

/* Returns the last common name of a name, which is the one shown as CN, or NULL. */
const struct name_attribute *leaf_common_name(const struct name *);

/* Appends seconds as a decimal number. */
void leaf_put_seconds(struct buf *, int64_t seconds);

/*
 * Appends a member of the object extensions, or the object issuer. Texts that an
 * issuer repeats in all it signs (its name, its policies, where to ask about it) are
 * copied from l->memo, which keeps them.
 */
void leaf_put_extension(struct buf *, struct leaf *l, enum ext_kind kind);
void leaf_put_issuer(struct buf *, struct leaf *l);

/* Appends a blank for the hex pairs of a digest of n bytes. Returns its offset in the buffer. */
size_t leaf_put_blank(struct buf *, size_t n);

/* Appends a comma and the member as_der; nothing when as_der is NULL or empty. */
void leaf_put_as_der(struct buf *, const struct leaf_der *as_der);

/* Appends the members parse_error and mismatch, each behind a comma, if l has them. */
void leaf_put_errors(struct buf *, const struct leaf *l);

#endif

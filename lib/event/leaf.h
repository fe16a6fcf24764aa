/*
 * One certificate as certstream's JSON object (leaf_cert, and each item of
 * chain): ct-event(5).
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

/* Where the digests of a certificate go: offsets in the buffer it was written to, or 0. */
struct leaf_blank {
	size_t sha1[2];		/* members fingerprint and sha1 */
	size_t sha256;
};

/* A certificate on its way into JSON. Zero to begin with, then reused for each. */
struct leaf {
	enum format format;	/* both set by the owner, before the first use */
	bool in_chain;		/* an item of chain: CaliDog's have no all_domains */
	struct cert cert;
	struct ext ext;
	struct name name;	/* of the subject, then of the issuer */
	struct distinct distinct;	/* scratch */
	struct memo *memo;	/* texts that many certificates share; NULL: all are made anew */
	bool is_precert;	/* the entry said so: ctlPoisonByte is true */
	bool is_ca;
	const char *why;	/* NULL, or the first thing that could not be read */
	struct leaf_blank blank;	/* of what leaf_put wrote last */
	const char *mismatch;	/* NULL, or where entry, precertificate and chain disagree */
};

void leaf_free(struct leaf *);

/* Reads der, or for a precertificate the TBSCertificate of its log entry. */
void leaf_parse(struct leaf *, struct span der);
void leaf_parse_precert(struct leaf *, struct span tbs);

/* A certificate to be shown as base64: the text there is of its front, and the bytes behind that. */
struct leaf_der {
	struct span text, rest;
};

/*
 * Appends the object, all but its digests, for which it leaves blanks: they are
 * those of the certificate, or of the precertificate as submitted, and a caller
 * may have cause to hash many at once. as_der is what the member of that name
 * shows, NULL to leave it out (form lite).
 */
void leaf_put(struct buf *, struct leaf *, const struct leaf_der *as_der);

/* Which digests a blank is for; writes them into the buffer that leaf_put left it in. */
enum hash_wanted leaf_wants(const struct leaf_blank *);
void leaf_fill(struct buf *, const struct leaf_blank *, const struct hash_pair *);

/* Makes the digests that a blank is for, of this certificate, and writes them. */
void leaf_hash(struct buf *, const struct leaf_blank *, struct hash *, struct span der);

/* The rest is for the writers of the formats. */

/* Remembers the first thing that could not be read; NULL is nothing. */
void leaf_wrong(struct leaf *, const char *why);

/* The common name that counts: the last one, or NULL. */
const struct name_attribute *leaf_common_name(const struct name *);

void leaf_put_seconds(struct buf *, int64_t seconds);

/*
 * A member of extensions, and the object issuer. What an issuer repeats in all
 * it signs (its name, its policies, where to ask about it) is copied from text
 * that was made before.
 */
void leaf_put_extension(struct buf *, struct leaf *, enum ext_kind);
void leaf_put_issuer(struct buf *, struct leaf *);

/* What a digest of n bytes becomes as text, blank for now; returns where. */
size_t leaf_put_blank(struct buf *, size_t n);

/* The member as_der behind a comma, or nothing. */
void leaf_put_as_der(struct buf *, const struct leaf_der *);

/* The members parse_error and mismatch, each behind a comma, where they apply. */
void leaf_put_errors(struct buf *, const struct leaf *);

#endif

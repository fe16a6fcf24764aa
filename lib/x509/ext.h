/*
 * Certificate extensions (RFC 5280 4.2, RFC 6962 3.1 and 3.3): finding the ones
 * certstream shows, and their texts in both formats. Texts are appended as the
 * inside of a JSON string; each writer returns NULL, or why the value could not
 * be read to its end, having written what could.
 */
#ifndef X509_EXT_H
#define X509_EXT_H

#include "base/buf.h"
#include "enc/der.h"

enum ext_kind {		/* in the order of certstream-server-go's keys, then ours */
	EXT_AUTHORITY_INFO_ACCESS,
	EXT_AUTHORITY_KEY_IDENTIFIER,
	EXT_BASIC_CONSTRAINTS,
	EXT_CERTIFICATE_POLICIES,
	EXT_SCT_LIST,
	EXT_EXTENDED_KEY_USAGE,
	EXT_KEY_USAGE,
	EXT_SUBJECT_ALT_NAME,
	EXT_SUBJECT_KEY_IDENTIFIER,
	EXT_POISON,
	EXT_CRL_DISTRIBUTION_POINTS,
	EXT_ISSUER_ALT_NAME,
	EXT_KINDS,		/* also: any other, shown by its OID */
};

struct ext_item {
	enum ext_kind kind;
	struct span oid;
	struct span value;	/* contents of extnValue; p NULL when it cannot be read */
	bool split;		/* they are segments, which ext_parse joins */
};

/*
 * The extension values of one certificate (contents of extnValue), by kind.
 * Zero to begin with, then reused for each.
 */
struct ext {
	struct span value[EXT_KINDS];	/* p NULL: not there; of repeated ones the last */
	const uint8_t *oid[EXT_KINDS];	/* where it lies: tells the last from those before */
	unsigned others;		/* how many are of no kind, or cannot be read */
	unsigned repeated;		/* a bit for each kind that was there before the last */
	struct buf joined;		/* values that come in segments */
	struct buf names;		/* a subjectAltName before the last that came in segments */
};

void ext_free(struct ext *);

/*
 * The next of a walk over extensions; what is no Extension is passed over, and
 * one without a value is of no kind. *why, NULL to begin with, is set to the
 * first thing wrong. False at the end, or where the rest cannot be read.
 */
bool ext_next(struct der *extensions, struct ext_item *, const char **why);

/* extensions: contents of the SEQUENCE OF Extension. NULL, or what cannot be read. */
const char *ext_parse(struct ext *, struct span extensions);

static inline bool
ext_has(const struct ext *e, enum ext_kind kind)
{
	return e->value[kind].p != NULL;
}

/* A walk over the values of all subjectAltName extensions, of which there should be one at most. */
struct ext_names {
	struct der list;	/* the extensions from here on, if more than one has names */
	bool last_first;	/* the last of them is taken first, and the others in their order */
	bool last_taken;
};

/* Begins the walk; e is what ext_parse has read from extensions. */
struct ext_names ext_names(const struct ext *e, struct span extensions, bool last_first);

/*
 * Takes the next subjectAltName: *value is as in e->value, with segments joined,
 * and valid until the next call with this e. Returns false at the end.
 */
bool ext_next_names(struct ext *e, struct ext_names *, struct span *value);

/* cA of basicConstraints; false when absent or unreadable. */
bool ext_is_ca(const struct ext *);

/* The name of a kind as a JSON key, with its colon. */
void ext_put_key(struct buf *, enum ext_kind);

/* The member "extra": the OIDs of all that are of no kind, in their order. */
void ext_put_others(struct buf *, struct span extensions);

/* The text certstream-server-go shows for the value of a kind (not EXT_POISON). */
const char *ext_put(struct buf *, enum ext_kind, struct span value);

/* The text CaliDog's README shows, which is OpenSSL's. */
const char *ext_put_calidog(struct buf *, enum ext_kind, struct span value);

/* What ext.c hands the longer texts to, in ext_text.c; the formats share some. */
const char *ext_put_access(struct buf *, struct span value);
const char *ext_put_policies(struct buf *, struct span value);
const char *ext_put_key_usage(struct buf *, struct span value, const char *const name[9]);
const char *ext_put_extended_key_usage(struct buf *, struct span value);
const char *ext_put_alt_name(struct buf *, struct span value);
const char *ext_put_points(struct buf *, struct span value);

/* Puts ", " between items: first is cleared by the first one. */
void ext_separate(struct buf *, bool *first);

/* The names of the bits set in a BIT STRING (its contents), joined with ", ". */
void ext_put_bits(struct buf *, struct span bits, const char *const name[9]);

/* basicConstraints: false when not all could be read. path_length: n 0 when there is none. */
bool ext_basic_constraints(struct span value, bool *ca, struct span *path_length);

#endif

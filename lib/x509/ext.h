/*
 * Finds the extensions of a certificate that certstream shows, and writes their
 * texts in both formats (RFC 5280 4.2, RFC 6962 3.1 and 3.3). A text is appended as
 * the inside of a JSON string. Each writer returns NULL, or a static reason when it
 * could not read the value to its end, or had to replace bytes of it; it has then
 * written what it could.
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
	bool split;		/* value is segments, which ext_parse and ext_next_names join */
};

/* The extension values of one certificate, by kind. All zero at first; reused for each certificate. */
struct ext {
	struct span value[EXT_KINDS];	/* contents of extnValue, of several the last; p NULL: none */
	const uint8_t *oid[EXT_KINDS];	/* where its OID lies, by which the last is known */
	unsigned others;		/* how many are of no kind, or cannot be read */
	unsigned repeated;		/* a bit for each kind of which there are several */
	struct buf joined;		/* values that come in segments */
	struct buf names;		/* a subjectAltName before the last that came in segments */
};

void ext_free(struct ext *);

/*
 * Takes the next Extension off a walk over the contents of the SEQUENCE OF
 * Extension. Other elements are passed over; an Extension without a value has the
 * kind EXT_KINDS. *why becomes the first thing wrong, if it is NULL. Returns false at
 * the end, and where the rest cannot be read.
 */
bool ext_next(struct der *extensions, struct ext_item *, const char **why);

/*
 * Reads all extensions, the contents of the SEQUENCE OF Extension, which must stay.
 * Returns NULL, or a static reason when one is unreadable or there more than once.
 */
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

/* Returns cA of basicConstraints, which is false when it is absent or cannot be read. */
bool ext_is_ca(const struct ext *);

/* Appends the JSON key that a kind has, with quotes and colon. */
void ext_put_key(struct buf *, enum ext_kind);

/* Appends the member "extra": the OIDs of all extensions of kind EXT_KINDS, in their order. */
void ext_put_others(struct buf *, struct span extensions);

/* Appends the text of a value in format go; nothing for EXT_POISON and EXT_KINDS. */
const char *ext_put(struct buf *, enum ext_kind, struct span value);

/* Appends the text of a value in format calidog, which is OpenSSL's. */
const char *ext_put_calidog(struct buf *, enum ext_kind, struct span value);

/* The longer texts, which ext_text.c writes for ext_put and ext_put_calidog. */
const char *ext_put_access(struct buf *, struct span value);
const char *ext_put_policies(struct buf *, struct span value);
const char *ext_put_key_usage(struct buf *, struct span value, const char *const name[9]);
const char *ext_put_extended_key_usage(struct buf *, struct span value);
const char *ext_put_alt_name(struct buf *, struct span value);
const char *ext_put_points(struct buf *, struct span value);

/* Appends ", " unless *first is true, and clears *first: called before each item of a list. */
void ext_separate(struct buf *, bool *first);

/* Appends the names of the bits that are set in a BIT STRING, joined with ", "; bits is its contents. */
void ext_put_bits(struct buf *, struct span bits, const char *const name[9]);

/*
 * Reads basicConstraints into *ca and *path_length, the contents of an INTEGER, n 0
 * when there is none. Returns false, with both set, when not all could be read.
 */
bool ext_basic_constraints(struct span value, bool *ca, struct span *path_length);

#endif

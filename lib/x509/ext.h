/*
 * Finds the extensions of a certificate that certstream shows, and writes their texts in both
 * formats (RFC 5280 4.2, RFC 6962 3.1 and 3.3): appended to b, as the inside of a JSON string.
 * value is always the contents of extnValue. A writer that returns const char * returns NULL, or a
 * static reason when part of value could not be read or shown; the other parts are written then.
 */
#ifndef X509_EXT_H
#define X509_EXT_H

#include "base/buf.h"
#include "enc/der.h"

enum ext_kind {		/* in the order in which format go has their keys */
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
	EXT_KINDS,		/* how many there are; as a kind, all other extensions */
};

struct ext_item {
	enum ext_kind kind;	/* EXT_KINDS also when the value cannot be read */
	struct span oid;	/* contents of extnID */
	struct span value;	/* contents of extnValue; p is NULL when they cannot be read */
	bool split;		/* value is several segments that still have to be joined */
};

/* The extensions of one certificate. All bytes are zero before the first ext_parse. */
struct ext {
	struct span value[EXT_KINDS];	/* p NULL: absent; of several, the last */
	const uint8_t *oid[EXT_KINDS];	/* where the OID of the extension with that value begins */
	unsigned others;		/* how many extensions have the kind EXT_KINDS */
	unsigned repeated;		/* bit 1 << kind is set for a kind there several times */
	struct buf joined;		/* owned; values that came in segments */
	struct buf names;		/* owned; the value that ext_next_names joined last */
};

/* Frees the memory of e. */
void ext_free(struct ext *e);

/*
 * Takes the next Extension off extensions, a walk over the contents of the SEQUENCE OF Extension.
 * Elements that are not an Extension with an OID are passed over, but a SEQUENCE OF Extension or a
 * whole extensions field is opened, and the extensions in it follow. When something is wrong and *why
 * is NULL, *why becomes the reason. Returns true with *item set, or false when none is left.
 */
bool ext_next(struct der *extensions, struct ext_item *item, const char **why);

/*
 * Reads all of extensions, the contents of a SEQUENCE OF Extension, into *e, whose values are then
 * valid until the next ext_parse, as long as the bytes of extensions stay. Returns NULL, or a
 * static reason when an extension cannot be read or is there more than once.
 */
const char *ext_parse(struct ext *e, struct span extensions);

/* Returns true when there is an extension of this kind. */
static inline bool
ext_has(const struct ext *e, enum ext_kind kind)
{
	return e->value[kind].p != NULL;
}

/* A walk over the values of all subjectAltName extensions; RFC 5280 allows only one. */
struct ext_names {
	struct der list;	/* the rest of the extensions; empty when only one has names */
	bool last_first;	/* the last is taken first, then the others in their order */
	bool last_taken;	/* that last one has been taken */
};

/* Returns a walk; e is what ext_parse has read from extensions, and last_first is as above. */
struct ext_names ext_names(const struct ext *e, struct span extensions, bool last_first);

/*
 * Takes the next subjectAltName off walk. Returns true with *value set, its segments joined, valid
 * until the next call with e, or false when none is left.
 */
bool ext_next_names(struct ext *e, struct ext_names *walk, struct span *value);

/* Returns cA of basicConstraints; false when that is absent or cannot be read. */
bool ext_is_ca(const struct ext *e);

/* Appends the JSON key for kind, with quotes and a colon; kind is not EXT_KINDS. */
void ext_put_key(struct buf *b, enum ext_kind kind);

/* Appends "extra":[...], the OIDs of those in extensions that have the kind EXT_KINDS. */
void ext_put_others(struct buf *b, struct span extensions);

/* Append the text of value in format go or calidog; nothing for EXT_POISON and EXT_KINDS. */
const char *ext_put(struct buf *b, enum ext_kind kind, struct span value);
const char *ext_put_calidog(struct buf *b, enum ext_kind kind, struct span value);

/* Parts of these two, one for each kind with a longer text. name[i] is the text for bit i. */
const char *ext_put_access(struct buf *b, struct span value);
const char *ext_put_policies(struct buf *b, struct span value);
const char *ext_put_key_usage(struct buf *b, struct span value, const char *const name[9]);
const char *ext_put_extended_key_usage(struct buf *b, struct span value);
const char *ext_put_alt_name(struct buf *b, struct span value);
const char *ext_put_points(struct buf *b, struct span value);

/* Writes what stands before an item of a list: ", ", or nothing if *first; *first becomes false. */
void ext_separate(struct buf *b, bool *first);

/* Appends name[i] for each bit i set in bits, the contents of a BIT STRING, with ", " between them. */
void ext_put_bits(struct buf *b, struct span bits, const char *const name[9]);

/*
 * Reads basicConstraints. *ca becomes cA, and *path_length the contents of pathLenConstraint or
 * empty. Returns true, or false, also with both set, when value could not be read to its end.
 */
bool ext_basic_constraints(struct span value, bool *ca, struct span *path_length);

#endif

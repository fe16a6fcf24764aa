/*
 * Distinguished names (RFC 5280 4.1.2.4): the attributes certstream shows, in
 * the order of the name, over RDNs and within multi-valued ones.
 */
#ifndef X509_NAME_H
#define X509_NAME_H

#include "base/buf.h"

enum name_key {		/* in the order of certstream's keys */
	NAME_C,
	NAME_CN,
	NAME_L,
	NAME_O,
	NAME_OU,
	NAME_ST,
	NAME_EMAIL,
	NAME_KEYS,
};

enum { MAX_NAME_ATTRIBUTES = 4096 };	/* of those keys; bounds what a hostile name makes us keep */

struct name_attribute {
	uint8_t key;	/* enum name_key */
	uint8_t tag;	/* of the value; always a character string */
	struct span value;
};

/* All zero is an empty name. It is reused for one name after the other and keeps its memory. */
struct name {
	struct name_attribute *attribute;	/* owned */
	unsigned count, room;
	unsigned keys;		/* a bit for each enum name_key that is there */
	struct buf joined;	/* values that come in segments */
};

void name_free(struct name *);

/*
 * Reads a Name, given as its whole element, into *n. Returns NULL, or a static
 * reason when not all of it could be read; *n then holds what could.
 */
const char *name_parse(struct name *n, struct span name);

static inline bool
name_has(const struct name *n, enum name_key key)
{
	return n->keys >> key & 1;
}

/* The two ways in which OpenSSL prints a directoryName, depending on where it stands. */
enum name_style {
	NAME_SLASHES,	/* /C=US/O=Example */
	NAME_COMMAS,	/* C = US, O = "Ex, ample", CN = \"x\": RFC 2253's escapes */
};

/*
 * Appends all attributes of a Name, given as its whole element, as the inside of a
 * JSON string. Returns NULL, or a static reason when not all could be read or shown.
 */
const char *name_put(struct buf *, struct span name, enum name_style);

/* Appends the attributes of one RelativeDistinguishedName, given as its contents, as name_put does. */
const char *name_put_relative(struct buf *, struct span rdn, enum name_style);

#endif

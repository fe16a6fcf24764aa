/*
 * Distinguished names (RFC 5280 4.1.2.4), the issuers and subjects of certificates. A
 * Name is a sequence of RelativeDistinguishedNames (RDNs), each a set of attributes;
 * an attribute has a type, such as commonName, and a value. name_parse reads those
 * attributes that certstream shows; name_put writes all of them as OpenSSL does.
 */
#ifndef X509_NAME_H
#define X509_NAME_H

#include "base/buf.h"

enum name_key {		/* types of attributes, in the order in which certstream shows them */
	NAME_C,
	NAME_CN,
	NAME_L,
	NAME_O,
	NAME_OU,
	NAME_ST,
	NAME_EMAIL,
	NAME_KEYS,	/* how many keys there are */
};

struct name_attribute {
	uint8_t key;		/* an enum name_key */
	uint8_t tag;		/* of the value; text_is_string(tag) holds */
	struct span value;	/* contents octets of the string */
};

/*
 * The attributes of one Name that have a name_key. A struct name whose bytes are all
 * zero is empty. It may be given to name_parse again and again and keeps its memory,
 * unless a name was uncommonly large.
 */
struct name {
	struct name_attribute *attribute;	/* owned; in the order of the Name */
	unsigned count, room;	/* attributes in use, and allocated */
	unsigned keys;		/* bit 1 << key is set for each key that an attribute has */
	struct buf joined;	/* owned; values that came in segments, put together */
};

/* Frees the memory of n, which is then empty and may be used again. */
void name_free(struct name *n);

/*
 * Reads name, the whole element of a Name, into *n, in place of what n held. Values
 * point into name or n->joined and are valid until the next name_parse with n.
 * Returns NULL when all of name could be read; else a static reason, and *n holds
 * the attributes that could be read.
 */
const char *name_parse(struct name *n, struct span name);

/* Returns true when n has an attribute with this key. */
static inline bool
name_has(const struct name *n, enum name_key key)
{
	return n->keys >> key & 1;
}

/* The two forms in which OpenSSL prints a directoryName; which one depends on the extension. */
enum name_style {
	NAME_SLASHES,	/* /C=US/O=Example */
	NAME_COMMAS,	/* C = US, O = "Ex, ample", CN = \"x\" - quoted by RFC 2253 section 2.4 */
};

/*
 * Appends to b all attributes of name, the whole element of a Name, in the form that
 * style says, as the inside of a JSON string. Returns NULL, or a static reason when
 * not all of name could be read and shown.
 */
const char *name_put(struct buf *b, struct span name, enum name_style style);

/*
 * Appends one RelativeDistinguishedName, in the form that style says; rdn is the contents of its
 * SET. Returns NULL or a static reason, as name_put does.
 */
const char *name_put_relative(struct buf *b, struct span rdn, enum name_style style);

#endif

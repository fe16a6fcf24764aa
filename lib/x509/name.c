/*
 * Reads distinguished names. In: the bytes of a Name. Out: the attributes that
 * certstream shows. Standard: RFC 5280 4.1.2.4 and appendix A.1.
 */
#include "x509/name.h"

#include <stdlib.h>

#include "base/die.h"
#include "enc/ber.h"
#include "enc/text.h"

/* What a struct name keeps from one name to the next; a larger name has it freed. */
enum {
	NAME_KEPT = 4096,		/* attributes */
	NAME_JOINED_KEPT = 1 << 16,	/* bytes of joined segments */
};

/* The key of an attribute type, or NAME_KEYS for one that is not shown. */
static enum name_key
name_key(struct span oid)
{
	if (oid.n == 3 && oid.p[0] == 0x55 && oid.p[1] == 0x04) {	/* id-at */
		switch (oid.p[2]) {
		case 3:
			return NAME_CN;
		case 6:
			return NAME_C;
		case 7:
			return NAME_L;
		case 8:
			return NAME_ST;
		case 10:
			return NAME_O;
		case 11:
			return NAME_OU;
		}
	}
	if (span_eq(oid, SPAN("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01")))	/* pkcs9-emailAddress */
		return NAME_EMAIL;
	return NAME_KEYS;
}

void
name_free(struct name *n)
{
	free(n->attribute);
	buf_free(&n->joined);
	*n = (struct name){ 0 };
}

static struct name_attribute *
name_more(struct name *n)
{
	unsigned room = n->room == 0 ? 16 : n->room * 2;

	if (n->count == n->room) {
		n->attribute = realloc(n->attribute, room * sizeof(*n->attribute));
		if (n->attribute == NULL)
			die_world("out of memory for a name");
		n->room = room;
	}
	return &n->attribute[n->count++];
}

/*
 * Joins the segments of value, if it is a string in segments. Returns whether it is a string now;
 * *odd is set when a segment has a tag that is not universal.
 * Of a name that has `most` bytes no more than these can be joined, so n->joined does not move.
 */
static bool
name_join(struct name *n, struct der_item *value, size_t most, bool *odd)
{
	if (!(value->tag & DER_CONSTRUCTED) || !text_is_string(value->tag ^ DER_CONSTRUCTED))
		return false;
	if (n->joined.n == 0)
		buf_reserve(&n->joined, most);
	value->tag ^= DER_CONSTRUCTED;
	return ber_join(value->body, &n->joined, &value->body, odd);
}

/* Reads one attribute of a name that has `most` bytes. Returns NULL or the reason. */
static const char *
name_attribute(struct name *n, struct span body, size_t most)
{
	struct der d = der_of(body);
	struct der_item value;
	struct span oid;
	enum name_key key;
	bool odd = false;

	if (!der_take(&d, DER_OID, &oid) || !der_next(&d, &value))
		return "RFC 5280 4.1.2.4: an attribute of a name cannot be read";
	key = name_key(oid);
	if (key == NAME_KEYS)
		return der_is_oid(oid) ? NULL :
		    "RFC 5280 4.1.2.4: the type of an attribute of a name is not an OID";
	if (!text_is_string(value.tag) && !name_join(n, &value, most, &odd))
		return text_is_string(value.tag ^ DER_CONSTRUCTED) ?
		    "X.690 8.7: the segments of an attribute of a name cannot be joined" :
		    "RFC 5280 4.1.2.4: an attribute of a name is not a character string";
	n->keys |= 1u << key;
	*name_more(n) = (struct name_attribute){ (uint8_t)key, value.tag, value.body };
	if (!der_done(&d))
		return "RFC 5280 4.1.2.4: an attribute of a name has more than one value";
	if (odd)
		return "X.690 8.23: a segment of an attribute of a name does not have a universal tag";
	return text_flaw(value.tag, value.body);
}

static const char *
name_first(const char *why, const char *later)
{
	return why != NULL ? why : later;
}

const char *
name_parse(struct name *n, struct span whole)
{
	struct der d = der_of(whole), rdns, set;
	struct span body, rdn, attribute;
	const char *why = NULL;
	bool odd = false;

	if (n->room > NAME_KEPT)
		name_free(n);
	n->count = 0;
	n->keys = 0;
	buf_trim(&n->joined, NAME_JOINED_KEPT);
	if (!ber_find(&d, DER_SEQUENCE, &body, &odd))
		return "RFC 5280 4.1.2.4: a name is not a SEQUENCE";
	for (rdns = der_of(body); ber_find(&rdns, DER_SET, &rdn, &odd);)
		for (set = der_of(rdn); ber_find(&set, DER_SEQUENCE, &attribute, &odd);)
			why = name_first(why, name_attribute(n, attribute, whole.n));
	return !odd ? why :
	    name_first(why, "RFC 5280 4.1.2.4: a name holds an element that is not an attribute");
}

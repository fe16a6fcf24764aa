/* Distinguished names. In: a Name's bytes. Out: the attributes that count. RFC 5280 4.1.2.4, appendix A.1. */
#include "ct/name.h"

#include <stdlib.h>

#include "base/die.h"
#include "enc/der.h"
#include "enc/text.h"

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

static const char *
name_attribute(struct name *n, struct span body)
{
	struct der d = der_of(body);
	struct der_item value;
	struct span oid;
	enum name_key key;

	if (!der_take(&d, DER_OID, &oid) || !der_next(&d, &value))
		return "RFC 5280 4.1.2.4: an attribute of a name cannot be read";
	key = name_key(oid);
	if (key == NAME_KEYS)
		return NULL;
	if (!text_is_string(value.tag))
		return "RFC 5280 4.1.2.4: an attribute of a name is no character string";
	if (n->count == MAX_NAME_ATTRIBUTES)
		return "RFC 5280 4.1.2.4: a name has more than 4096 attributes";
	n->keys |= 1u << key;
	*name_more(n) = (struct name_attribute){ (uint8_t)key, value.tag, value.body };
	return NULL;
}

const char *
name_parse(struct name *n, struct span whole)
{
	struct der d = der_of(whole), rdns, set;
	const char *why = NULL, *bad;
	struct span body, rdn, attribute;

	n->count = 0;
	n->keys = 0;
	if (!der_take(&d, DER_SEQUENCE, &body))
		return "RFC 5280 4.1.2.4: a name is no SEQUENCE";
	for (rdns = der_of(body); der_take(&rdns, DER_SET, &rdn);) {
		for (set = der_of(rdn); der_take(&set, DER_SEQUENCE, &attribute);) {
			bad = name_attribute(n, attribute);
			why = why != NULL ? why : bad;
		}
		if (!der_done(&set) && why == NULL)
			why = "RFC 5280 4.1.2.4: a relative distinguished name cannot be read";
	}
	if (!der_done(&rdns) && why == NULL)
		why = "RFC 5280 4.1.2.4: a name cannot be read to its end";
	return why;
}

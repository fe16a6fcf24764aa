/* Walks extensions that hold lists. In: the inside of one. Out: its items. RFC 5280 4.2.1, 4.2.2. */
#include "ct/ext_list.h"

bool
ext_next_access(struct der *list, struct ext_access *out)
{
	struct der before = *list, d;
	struct der_item it;
	struct span body;

	if (!der_take(list, DER_SEQUENCE, &body))
		return false;
	d = der_of(body);
	if (!der_take(&d, DER_OID, &out->method) || !der_next(&d, &it)) {
		*list = before;
		return false;
	}
	/* What is no context tag is no GeneralName, and gets a type that none has. */
	out->location = (struct san){ (it.tag & 0xc0) == DER_CONTEXT ? it.tag & 0x1f : 0x1f, it.body };
	return true;
}

bool
ext_next_policy(struct der *list, struct span *oid, struct der *qualifiers)
{
	struct der before = *list, d;
	struct span body, inner;

	if (!der_take(list, DER_SEQUENCE, &body))
		return false;
	d = der_of(body);
	if (!der_take(&d, DER_OID, oid)) {
		*list = before;
		return false;
	}
	if (!der_take(&d, DER_SEQUENCE, &inner))
		inner = (struct span){ NULL, 0 };
	*qualifiers = der_of(inner);
	return true;
}

bool
ext_next_qualifier(struct der *qualifiers, struct span *oid, struct der_item *qualifier)
{
	struct der d;
	struct span body;

	if (!der_take(qualifiers, DER_SEQUENCE, &body))
		return false;
	d = der_of(body);
	memset(qualifier, 0, sizeof(*qualifier));
	if (!der_take(&d, DER_OID, oid))
		return false;
	der_next(&d, qualifier);
	return true;
}

bool
ext_next_point(struct der *list, struct ext_point *out)
{
	struct der d, name;
	struct span body, choice;

	memset(out, 0, sizeof(*out));
	if (!der_take(list, DER_SEQUENCE, &body))
		return false;
	d = der_of(body);
	if (der_take(&d, DER_CONTEXT_CONSTRUCTED | 0, &choice)) {
		name = der_of(choice);
		if (!der_take(&name, DER_CONTEXT_CONSTRUCTED | 0, &out->full_name))
			der_take(&name, DER_CONTEXT_CONSTRUCTED | 1, &out->relative);
	}
	der_take(&d, DER_CONTEXT | 1, &out->reasons);
	der_take(&d, DER_CONTEXT_CONSTRUCTED | 2, &out->issuer);
	return true;
}

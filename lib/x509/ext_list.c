/*
 * Walks extensions that hold lists. In: the value of an extension. Out: the items of
 * its list, one by one. Standard: RFC 5280 4.2.1 and 4.2.2.
 */
#include "x509/ext_list.h"

#include "enc/ber.h"

bool
ext_open(struct der *list, struct span value, bool *odd)
{
	struct der d = der_of(value);
	struct span body;

	if (!ber_find(&d, DER_SEQUENCE, &body, odd))
		return false;
	*odd |= !der_done(&d);
	*list = der_of(body);
	return true;
}

/* Takes the next SEQUENCE that begins with an OID; *rest is a walk over what follows the OID. */
static bool
ext_next_item(struct der *list, struct span *oid, struct der *rest, bool *odd)
{
	struct span body;

	while (ber_find(list, DER_SEQUENCE, &body, odd)) {
		*rest = der_of(body);
		if (der_take(rest, DER_OID, oid)) {
			*odd |= !der_is_oid(*oid);
			return true;
		}
		*odd = true;
	}
	return false;
}

bool
ext_next_access(struct der *list, struct ext_access *out, bool *odd)
{
	struct der d;

	while (ext_next_item(list, &out->method, &d, odd)) {
		if (san_next(&d, &out->location)) {
			*odd |= out->location.type > SAN_REGISTERED_ID || out->location.odd ||
			    !der_done(&d);
			return true;
		}
		*odd = true;
	}
	return false;
}

bool
ext_next_policy(struct der *list, struct span *oid, struct der *qualifiers, bool *odd)
{
	struct span inner = { NULL, 0 };
	struct der d;

	if (!ext_next_item(list, oid, &d, odd))
		return false;
	if (!der_done(&d) && !ber_find(&d, DER_SEQUENCE, &inner, odd))
		*odd = true;
	*odd |= !der_done(&d);
	*qualifiers = der_of(inner);
	return true;
}

bool
ext_next_qualifier(struct der *qualifiers, struct span *oid, struct der_item *qualifier, bool *odd)
{
	struct der d;

	memset(qualifier, 0, sizeof(*qualifier));
	if (!ext_next_item(qualifiers, oid, &d, odd))
		return false;
	ber_next(&d, qualifier, odd);
	*odd |= !der_done(&d);
	return true;
}

/* Reads choice, the contents of a DistributionPointName. */
static void
ext_point_name(struct ext_point *out, struct span choice, bool *odd)
{
	struct der d = der_of(choice);

	if (!der_take(&d, DER_CONTEXT_CONSTRUCTED | 0, &out->full_name) &&
	    !der_take(&d, DER_CONTEXT_CONSTRUCTED | 1, &out->relative))
		*odd = true;
	*odd |= !der_done(&d);
}

bool
ext_next_point(struct der *list, struct ext_point *out, bool *odd)
{
	struct span body, choice;
	struct der d;

	memset(out, 0, sizeof(*out));
	if (!ber_find(list, DER_SEQUENCE, &body, odd))
		return false;
	d = der_of(body);
	if (der_take(&d, DER_CONTEXT_CONSTRUCTED | 0, &choice))
		ext_point_name(out, choice, odd);
	der_take(&d, DER_CONTEXT | 1, &out->reasons);
	der_take(&d, DER_CONTEXT_CONSTRUCTED | 2, &out->issuer);
	*odd |= !der_done(&d);
	return true;
}

/* Takes one part. Returns false when the next element is not a part. */
static bool
ext_key_id_part(struct ext_key_id *out, struct der *d)
{
	return ber_take_string(d, DER_CONTEXT | 0, &out->key) ||
	    der_take(d, DER_CONTEXT_CONSTRUCTED | 1, &out->issuer) ||
	    der_take(d, DER_CONTEXT | 2, &out->serial);
}

bool
ext_key_id(struct ext_key_id *out, struct span value, bool *odd)
{
	struct der_item ignored;
	struct der d;

	memset(out, 0, sizeof(*out));
	if (!ext_open(&d, value, odd))
		return false;
	while (!der_done(&d)) {
		if (ext_key_id_part(out, &d))
			continue;
		*odd = true;
		if (!ber_next(&d, &ignored, odd))
			break;
	}
	*odd |= out->serial.p != NULL && out->serial.n == 0;
	return true;
}

/*
 * Compares TBSCertificates. In: the DER of a precertificate, a log entry or a
 * certificate. Out: the parts they share, or a reason why they differ. Standard: RFC
 * 6962 3.1 to 3.3.
 */
#include "ct/tbs.h"

#include "enc/der.h"

enum { TBS_EXTENSIONS = DER_CONTEXT_CONSTRUCTED | 3 };

struct span
tbs_of(struct span cert)
{
	struct der d = der_of(cert);
	struct der_item tbs;
	struct span body;

	if (!der_take(&d, DER_SEQUENCE, &body))
		return (struct span){ NULL, 0 };
	d = der_of(body);
	return der_next(&d, &tbs) ? tbs.whole : (struct span){ NULL, 0 };
}

/* Returns the OID of an Extension, or an empty span when it does not begin with one. */
static struct span
tbs_oid(struct span extension)
{
	struct der d = der_of(extension);
	struct span body, oid = { NULL, 0 };

	if (der_take(&d, DER_SEQUENCE, &body)) {
		d = der_of(body);
		der_take(&d, DER_OID, &oid);
	}
	return oid;
}

/* Returns true when oid is 1.3.6.1.4.1.11129.2.4 and then the arc last. */
static bool
tbs_is_ct(struct span oid, uint8_t last)
{
	return oid.n == 10 && oid.p[9] == last &&
	    memcmp(oid.p, "\x2b\x06\x01\x04\x01\xd6\x79\x02\x04", 9) == 0;
}

static bool
tbs_is_sct_list(struct span oid)
{
	return tbs_is_ct(oid, 2);
}

static bool
tbs_is_poison(struct span oid)
{
	return tbs_is_ct(oid, 3);
}

static bool
tbs_is_authority_key(struct span oid)
{
	return span_eq(oid, SPAN("\x55\x1d\x23"));
}

/* Splits a TBSCertificate into fields and extensions. Returns false when it cannot be read. */
static bool
tbs_split(struct span tbs, struct span *fields, struct span *extensions)
{
	struct der d = der_of(tbs), inner;
	struct der_item it;
	struct span body;

	*extensions = (struct span){ NULL, 0 };
	if (!der_take(&d, DER_SEQUENCE, &body) || !der_done(&d))
		return false;
	d = der_of(body);
	while (der_peek(&d) != TBS_EXTENSIONS && der_next(&d, &it))
		;
	*fields = span_of(body.p, (size_t)(d.p - body.p));
	if (der_done(&d))
		return true;
	if (!der_next(&d, &it) || !der_done(&d))
		return false;
	inner = der_of(it.body);
	return der_take(&inner, DER_SEQUENCE, extensions) && der_done(&inner);
}

size_t
tbs_parts(struct span tbs, struct span parts[MAX_TBS_PARTS])
{
	struct span fields, extensions, oid;
	struct der_item it;
	const uint8_t *from;
	struct der d;
	size_t n = 0;

	if (!tbs_split(tbs, &fields, &extensions)) {
		parts[0] = tbs;
		return 1;
	}
	parts[n++] = fields;
	from = extensions.p;
	for (d = der_of(extensions); n < MAX_TBS_PARTS - 1 && der_next(&d, &it);) {
		oid = tbs_oid(it.whole);
		if (!tbs_is_sct_list(oid) && !tbs_is_poison(oid))
			continue;
		parts[n++] = span_of(from, (size_t)(it.whole.p - from));
		from = d.p;
	}
	parts[n++] = span_of(from, (size_t)(d.end - from));
	return n;
}

/* Compares all fields but the issuer, the third one behind the version. */
static bool
tbs_same_fields_delegated(struct span a, struct span b)
{
	struct der x = der_of(a), y = der_of(b);
	struct der_item p, q;
	unsigned place = der_peek(&x) == DER_CONTEXT_CONSTRUCTED ? 0 : 1;

	for (; der_next(&x, &p); place++) {
		if (!der_next(&y, &q))
			return false;
		if (place != 3 && !span_eq(p.whole, q.whole))
			return false;
	}
	return der_done(&x) && der_done(&y);
}

/*
 * Returns 0 for an extension that is not the poison, and 1 for the poison. Returns 2 for a poison
 * that is not critical or whose value is not NULL, because only a sum of 1 is right.
 */
static unsigned
tbs_poisons(struct span extension)
{
	struct span poison = SPAN("\x30\x13\x06\x0a\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x03"
	    "\x01\x01\xff\x04\x02\x05\x00");

	if (!tbs_is_poison(tbs_oid(extension)))
		return 0;
	return span_eq(extension, poison) ? 1 : 2;
}

/* Takes the next extension that is not the poison. Returns false when none is left. */
static bool
tbs_next_unpoisoned(struct der *d, struct der_item *it, unsigned *poisons)
{
	unsigned n;

	while (der_next(d, it)) {
		n = tbs_poisons(it->whole);
		*poisons += n;
		if (n == 0)
			return true;
	}
	return false;
}

/* Compares all extensions but the poison, and of authorityKeyIdentifier only that both have it. */
static bool
tbs_same_extensions_delegated(struct span entry, struct span precert, unsigned *poisons)
{
	struct der x = der_of(entry), y = der_of(precert);
	struct der_item p, q;

	while (der_next(&x, &p)) {
		if (!tbs_next_unpoisoned(&y, &q, poisons))
			return false;
		if (!span_eq(p.whole, q.whole) && !(tbs_is_authority_key(tbs_oid(p.whole)) &&
		    tbs_is_authority_key(tbs_oid(q.whole))))
			return false;
	}
	return !tbs_next_unpoisoned(&y, &q, poisons) && der_done(&x) && der_done(&y);
}

/* Returns true when entry is precert with each poison cut out, byte for byte. */
static bool
tbs_same_extensions(struct span entry, struct span precert, unsigned *poisons)
{
	struct der d = der_of(precert);
	const uint8_t *from = d.p;
	struct der_item it;
	struct span run;
	unsigned n = 0;
	bool more;

	do {
		more = der_next(&d, &it);
		if (more && (n = tbs_poisons(it.whole)) == 0)
			continue;
		*poisons += more ? n : 0;
		run = span_of(from, more ? (size_t)(it.whole.p - from) : (size_t)(d.p - from));
		if (!span_starts(entry, run))
			return false;
		entry = span_from(entry, run.n);
		from = d.p;
	} while (more);
	return der_done(&d) && entry.n == 0;
}

/* Returns true when s is one element with nothing behind it. */
static bool
tbs_is_alone(struct span s)
{
	struct der d = der_of(s);
	struct der_item it;

	return der_next(&d, &it) && der_done(&d);
}

const char *
tbs_differs(struct span tbs, struct span precert, bool delegated)
{
	struct span fields, extensions, other_fields, other_extensions;
	unsigned poisons = 0;
	bool same;

	if (!tbs_split(tbs, &fields, &extensions))
		return "RFC 6962 3.2: the entry's TBSCertificate cannot be compared";
	if (!tbs_is_alone(precert) ||
	    !tbs_split(tbs_of(precert), &other_fields, &other_extensions))
		return "RFC 6962 3.2: the precertificate cannot be compared";
	if (delegated)
		same = tbs_same_fields_delegated(fields, other_fields) &&
		    tbs_same_extensions_delegated(extensions, other_extensions, &poisons);
	else
		same = span_eq(fields, other_fields) &&
		    tbs_same_extensions(extensions, other_extensions, &poisons);
	if (!same)
		return "RFC 6962 3.2: the entry's TBSCertificate differs from the precertificate's";
	return poisons == 1 ? NULL :
	    "RFC 6962 3.1: the precertificate does not have exactly one valid poison extension";
}

bool
tbs_signs_precerts(struct span extended_key_usage)
{
	struct der d = der_of(extended_key_usage);
	struct span body, oid;

	if (!der_take(&d, DER_SEQUENCE, &body))
		return false;
	d = der_of(body);
	while (der_take(&d, DER_OID, &oid))
		if (span_eq(oid, SPAN("\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x04")))
			return true;
	return false;
}

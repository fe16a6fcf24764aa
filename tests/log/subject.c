/*
 * Draws subject names in the mix that real logs have (RFC 5280 section 4.1.2.6, EV
 * Guidelines section 9.2). In: a stream of numbers. Out: a Name in DER.
 */
#include <stdio.h>
#include <string.h>

#include "tests/log/cert.h"
#include "tests/log/der.h"

#define OID_CN     "2.5.4.3"
#define OID_C      "2.5.4.6"
#define OID_L      "2.5.4.7"
#define OID_ST     "2.5.4.8"
#define OID_STREET "2.5.4.9"
#define OID_O      "2.5.4.10"
#define OID_OU     "2.5.4.11"
#define OID_EMAIL  "1.2.840.113549.1.9.1"
#define OID_DC     "0.9.2342.19200300.100.1.25"

static void
subject_put_type(struct der *d, const char *oid, int tag, const char *text)
{
	der_open(d, DER_SEQUENCE);
	der_put_oid(d, oid);
	der_put_text(d, tag, text);
	der_close(d);
}

static void
subject_put_rdn(struct der *d, const char *oid, int tag, const char *text)
{
	der_open(d, DER_SET);
	subject_put_type(d, oid, tag, text);
	der_close(d);
}

static void
subject_put_utf8(struct der *d, const char *oid, const char *text)
{
	subject_put_rdn(d, oid, DER_UTF8, text);
}

/* Most certificates have CN last. A name with a star is not a PrintableString (X.680 section 41.4). */
static void
subject_put_host(struct der *d, const char *host)
{
	if (*host != '\0')
		subject_put_rdn(d, OID_CN, *host == '*' ? DER_UTF8 : DER_PRINTABLE, host);
}

/* Appends UTF-8 text in characters of a fixed width: 1 is Latin-1, 2 is UCS-2, 4 is UCS-4. */
static void
subject_put_wide(struct der *d, const char *oid, int tag, int width, const char *utf8)
{
	const unsigned char *p = (const unsigned char *)utf8;

	der_open(d, DER_SET);
	der_open(d, DER_SEQUENCE);
	der_put_oid(d, oid);
	der_open(d, tag);
	while (*p != 0) {
		uint32_t rune = *p++;

		if (rune >= 0xe0) {
			rune = (rune & 15) << 12 | (p[0] & 63U) << 6 | (p[1] & 63U);
			p += 2;
		} else if (rune >= 0xc0) {
			rune = (rune & 31) << 6 | (*p++ & 63U);
		}
		bytes_put_uint(d->out, rune, width);
	}
	der_close(d);
	der_close(d);
	der_close(d);
}

/* Appends one RDN of two attributes, in the order of a SET OF in DER (X.690 section 11.6). */
static void
subject_put_pair(struct der *d, const char *oid1, const char *text1, const char *oid2,
    const char *text2)
{
	struct bytes part[2] = { { 0 }, { 0 } };
	struct der one;
	int first;

	der_init(&one, &part[0]);
	subject_put_type(&one, oid1, DER_UTF8, text1);
	der_init(&one, &part[1]);
	subject_put_type(&one, oid2, DER_UTF8, text2);
	first = memcmp(part[0].at, part[1].at,
	    part[0].len < part[1].len ? part[0].len : part[1].len) > 0;
	der_open(d, DER_SET);
	bytes_put(d->out, part[first].at, part[first].len);
	bytes_put(d->out, part[!first].at, part[!first].len);
	der_close(d);
	bytes_free(&part[0]);
	bytes_free(&part[1]);
}

static void
subject_put_place(struct der *d, const struct place *place)
{
	subject_put_rdn(d, OID_C, DER_PRINTABLE, place->country);
	subject_put_utf8(d, OID_ST, place->state);
	subject_put_utf8(d, OID_L, place->locality);
}

static void
subject_put_organisation(struct der *d, struct rand *r, const char *host)
{
	const char *organisation;

	subject_put_place(d, names_place(r));
	if (rand_chance(r, 250))
		organisation = names_script(r);
	else if (rand_chance(r, 200))
		organisation = names_latin(r);
	else
		organisation = names_organisation(r);
	subject_put_utf8(d, OID_O, organisation);
	if (rand_chance(r, 250))
		subject_put_utf8(d, OID_OU, names_unit(r));
	subject_put_host(d, host);
}

static void
subject_put_extended(struct der *d, struct rand *r, const char *host)
{
	const struct place *place = names_place(r);
	char serial[16];

	subject_put_rdn(d, "1.3.6.1.4.1.311.60.2.1.3", DER_PRINTABLE, place->country);
	if (rand_chance(r, 600))
		subject_put_utf8(d, "1.3.6.1.4.1.311.60.2.1.2", place->state);
	if (rand_chance(r, 300))
		subject_put_utf8(d, "1.3.6.1.4.1.311.60.2.1.1", place->locality);
	subject_put_utf8(d, "2.5.4.15",
	    rand_chance(r, 800) ? "Private Organization" : "Government Entity");
	snprintf(serial, sizeof(serial), "%07u", rand_below(r, 10000000));
	subject_put_rdn(d, "2.5.4.5", DER_PRINTABLE, serial);
	subject_put_place(d, place);
	if (rand_chance(r, 500)) {
		subject_put_utf8(d, OID_STREET, place->street);
		subject_put_rdn(d, "2.5.4.17", DER_PRINTABLE, place->postcode);
	}
	if (rand_chance(r, 100))
		subject_put_utf8(d, "2.5.4.97", "NTRXX-12345678");
	subject_put_utf8(d, OID_O, names_organisation(r));
	subject_put_host(d, host);
}

static void
subject_put_units(struct der *d, struct rand *r, const char *host)
{
	uint32_t count = 2 + rand_below(r, 3);

	subject_put_rdn(d, OID_C, DER_PRINTABLE, names_place(r)->country);
	subject_put_utf8(d, OID_O, names_organisation(r));
	while (count-- > 0)
		subject_put_utf8(d, OID_OU, names_unit(r));
	subject_put_host(d, host);
}

static void
subject_put_reversed(struct der *d, struct rand *r, const char *host)
{
	subject_put_host(d, host);
	subject_put_host(d, "second-name.example");
	subject_put_rdn(d, OID_EMAIL, DER_IA5, "hostmaster@example.com");
	subject_put_utf8(d, OID_O, names_organisation(r));
	subject_put_rdn(d, OID_C, DER_PRINTABLE, names_place(r)->country);
}

static void
subject_put_directory(struct der *d, struct rand *r, const char *host)
{
	subject_put_rdn(d, OID_DC, DER_IA5, "example");
	subject_put_rdn(d, OID_DC, DER_IA5, "corp");
	subject_put_utf8(d, "2.999.5.4", "an attribute of nobody's");
	subject_put_utf8(d, OID_OU, names_unit(r));
	subject_put_utf8(d, OID_O, "");
	subject_put_host(d, host);
}

static void
subject_put_odd(struct der *d, struct rand *r, const char *host)
{
	switch (rand_below(r, 7)) {
	case 0:
		subject_put_wide(d, OID_O, DER_BMP, 2, names_script(r));
		subject_put_wide(d, OID_CN, DER_BMP, 2, host);
		break;
	case 1:
		subject_put_wide(d, OID_O, DER_T61, 1, names_latin(r));
		subject_put_host(d, host);
		break;
	case 2:
		subject_put_wide(d, OID_O, DER_UNIVERSAL, 4, names_script(r));
		subject_put_host(d, host);
		break;
	case 3:
		subject_put_pair(d, OID_OU, names_unit(r), OID_O, names_organisation(r));
		subject_put_pair(d, OID_CN, host, OID_L, names_place(r)->locality);
		break;
	case 4:
		subject_put_units(d, r, host);
		break;
	case 5:
		subject_put_reversed(d, r, host);
		break;
	default:
		subject_put_directory(d, r, host);
	}
}

static void
subject_put_person(struct der *d, struct rand *r)
{
	char person[NAMES_MAX_HOST];

	names_person(r, person);
	subject_put_rdn(d, OID_C, DER_PRINTABLE, names_place(r)->country);
	subject_put_utf8(d, "2.5.4.4", strchr(person, ' ') + 1);
	subject_put_utf8(d, OID_CN, person);
	subject_put_rdn(d, OID_EMAIL, DER_IA5, "someone@example.org");
}

static void
subject_put_defect(struct der *d, enum defect defect)
{
	if (defect == DEFECT_SUBJECT_UTF8)
		subject_put_utf8(d, OID_O, "Caf\xe9 \xc3( \xed\xa0\x80 Ltd");
	else if (defect == DEFECT_SUBJECT_BMP)
		subject_put_rdn(d, OID_O, DER_BMP, "\1A\1B\1");
}

void
subject_put(struct bytes *out, struct rand *r, enum subject_kind kind, enum defect defect,
    const char *host)
{
	struct der d;

	der_init(&d, out);
	der_open(&d, DER_SEQUENCE);
	subject_put_defect(&d, defect);
	switch (kind) {
	case SUBJECT_EMPTY:
		break;
	case SUBJECT_HOST:
		subject_put_host(&d, host);
		break;
	case SUBJECT_ORGANISATION:
		subject_put_organisation(&d, r, host);
		break;
	case SUBJECT_EXTENDED:
		subject_put_extended(&d, r, host);
		break;
	case SUBJECT_ODD:
		subject_put_odd(&d, r, host);
		break;
	case SUBJECT_PERSON:
		subject_put_person(&d, r);
		break;
	}
	der_close(&d);
}

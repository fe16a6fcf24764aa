/*
 * Draws certificates and writes their three forms (RFC 5280, RFC 6962 section
 * 3.1, CA/Browser Forum policies). A stream of numbers in, DER out. Called by
 * log.c for each entry.
 */
#include "tests/log/cert.h"

#include <string.h>

#include "tests/log/ext.h"

/* The extensions while they are written. r is a copy: each form draws the same. */
struct draft {
	struct der d;
	const struct cert *c;
	struct rand r;
	enum cert_form form;
	const struct bytes *scts;
};

#define OID_AIA "1.3.6.1.5.5.7.1.1"

static void
draft_put_key_usage(struct draft *f)
{
	bool rsa = f->c->spki.len > 91;	/* a P-256 key's SubjectPublicKeyInfo has 91 bytes */

	if (f->c->defect == DEFECT_KEY_USAGE_PADDING) {
		ext_open(&f->d, "2.5.29.15", true);
		der_put(&f->d, DER_BIT_STRING, "\x05\xbf", 2);
		ext_close(&f->d);
	} else {
		ext_put_key_usage(&f->d, rsa ? 0xa000 : 0x8000);
	}
}

static void
draft_put_purpose(struct draft *f)
{
	static const char *const tls[] = { "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2" };
	static const char *const mail[] = { "1.3.6.1.5.5.7.3.4" };

	if (f->c->kind == SUBJECT_PERSON)
		ext_put_extended_key_usage(&f->d, mail, 1);
	else
		ext_put_extended_key_usage(&f->d, tls, rand_chance(&f->r, 500) ? 2 : 1);
}

static void
draft_put_constraints(struct draft *f)
{
	der_open(&f->d, DER_SEQUENCE);
	der_put_oid(&f->d, "2.5.29.19");
	der_put(&f->d, DER_BOOLEAN, f->c->defect == DEFECT_BOOLEAN_ONE ? "\x01" : "\xff", 1);
	der_put(&f->d, DER_OCTET_STRING, "\x30\x00", 2);
	der_close(&f->d);
}

static void
draft_put_subject_key(struct draft *f)
{
	unsigned char id[20];

	rand_fill(&f->r, id, sizeof(id));
	ext_put_subject_key_id(&f->d, id);
}

static void
draft_put_authority_key(struct draft *f)
{
	const struct issuer *issuer = f->c->issuer;
	bool signer = f->form == CERT_PRE && f->c->by_precert_ca;

	ext_put_authority_key_id(&f->d, signer ? &issuer->precert->key : &issuer->ca->key);
}

static void
draft_put_access(struct draft *f)
{
	const char *slug = f->c->issuer->ca->slug;
	bool ocsp = rand_chance(&f->r, 700);

	if (f->c->defect == DEFECT_VALUE_GARBAGE) {
		ext_open(&f->d, OID_AIA, false);
		bytes_put(f->d.out, "\xde\xad\x00\xbe\xef\xff\x30\x80", 8);
		ext_close(&f->d);
	} else if (f->c->defect == DEFECT_VALUE_CUT) {
		ext_open(&f->d, OID_AIA, false);
		bytes_put(f->d.out, "\x30\x60\x30\x2e\x06\x08\x2b\x06\x01\x05", 10);
		ext_close(&f->d);
	} else {
		ext_put_authority_access(&f->d, slug, ocsp);
	}
}

static void
draft_put_names(struct draft *f)
{
	int times = f->c->defect == DEFECT_EXTENSION_TWICE ? 2 : 1;

	while (times-- > 0) {
		/* Critical beside an empty subject: RFC 5280 section 4.2.1.6. */
		ext_open(&f->d, "2.5.29.17", f->c->subject.len == 2);
		bytes_put(f->d.out, f->c->names.at, f->c->names.len);
		ext_close(&f->d);
	}
}

static void
draft_put_qualifiers(struct draft *f)
{
	bool bmp = rand_chance(&f->r, 300);

	der_open(&f->d, DER_SEQUENCE);
	der_open(&f->d, DER_SEQUENCE);
	der_put_oid(&f->d, "1.3.6.1.5.5.7.2.1");
	der_put_text(&f->d, DER_IA5, "https://cps.larkspur.example/v1");
	der_close(&f->d);
	if (rand_chance(&f->r, 300)) {
		der_open(&f->d, DER_SEQUENCE);
		der_put_oid(&f->d, "1.3.6.1.5.5.7.2.2");
		der_open(&f->d, DER_SEQUENCE);
		if (bmp)
			der_put(&f->d, DER_BMP, "\0N\0o\0t\0i\0c\0e", 12);
		else
			der_put_text(&f->d, DER_UTF8, "Reliance is subject to the r\u00e8gles.");
		der_close(&f->d);
		der_close(&f->d);
	}
	der_close(&f->d);
}

/* The CA/Browser Forum's identifiers for domain, organisation and extended validation. */
static void
draft_put_policies(struct draft *f)
{
	const char *validated = "2.23.140.1.2.1";

	if (f->c->kind == SUBJECT_EXTENDED)
		validated = "2.23.140.1.1";
	else if (f->c->kind >= SUBJECT_ORGANISATION)
		validated = "2.23.140.1.2.2";
	ext_open(&f->d, "2.5.29.32", false);
	der_open(&f->d, DER_SEQUENCE);
	der_open(&f->d, DER_SEQUENCE);
	der_put_oid(&f->d, validated);
	der_close(&f->d);
	if (f->c->kind >= SUBJECT_ORGANISATION || rand_chance(&f->r, 200)) {
		der_open(&f->d, DER_SEQUENCE);
		der_put_oid(&f->d, "2.999.32.1");
		draft_put_qualifiers(f);
		der_close(&f->d);
	}
	der_close(&f->d);
	ext_close(&f->d);
}

static void
draft_put_crl(struct draft *f)
{
	ext_put_crl_points(&f->d, f->c->issuer->ca->slug, rand_below(&f->r, 128));
}

/* RFC 6962 sections 3.1 and 3.3: the poison and the SCT list are never both there. */
static void
draft_put_transparency(struct draft *f)
{
	if (f->form == CERT_PRE) {
		ext_open(&f->d, "1.3.6.1.4.1.11129.2.4.3", true);
		der_put_null(&f->d);
		ext_close(&f->d);
	} else if (f->form == CERT_FINAL && f->scts != NULL) {
		ext_open(&f->d, "1.3.6.1.4.1.11129.2.4.2", false);
		der_put(&f->d, DER_OCTET_STRING, f->scts->at, f->scts->len);
		ext_close(&f->d);
	}
}

static void
draft_put_rare(struct draft *f)
{
	if (rand_chance(&f->r, 20)) {	/* TLS feature: status_request (RFC 7633) */
		ext_open(&f->d, "1.3.6.1.5.5.7.1.24", false);
		bytes_put(f->d.out, "\x30\x03\x02\x01\x05", 5);
		ext_close(&f->d);
	}
	if (rand_chance(&f->r, 15)) {
		ext_open(&f->d, "2.999.7", false);
		der_put_text(&f->d, DER_UTF8, "an extension of nobody's");
		ext_close(&f->d);
	}
	if (rand_chance(&f->r, 10)) {
		ext_open(&f->d, "2.16.840.1.113730.1.13", false);
		der_put_text(&f->d, DER_IA5, "a Netscape comment");
		ext_close(&f->d);
	}
}

/* CAs differ in the order of extensions, and so in where the poison or SCT list stands. */
static void (*const orders[3][11])(struct draft *) = {
	{ draft_put_key_usage, draft_put_purpose, draft_put_constraints, draft_put_subject_key,
	    draft_put_authority_key, draft_put_access, draft_put_names, draft_put_policies,
	    draft_put_crl, draft_put_rare, draft_put_transparency },
	{ draft_put_authority_key, draft_put_subject_key, draft_put_names, draft_put_policies,
	    draft_put_key_usage, draft_put_purpose, draft_put_crl, draft_put_access,
	    draft_put_constraints, draft_put_transparency, draft_put_rare },
	{ draft_put_authority_key, draft_put_key_usage, draft_put_constraints, draft_put_purpose,
	    draft_put_policies, draft_put_crl, draft_put_access, draft_put_transparency,
	    draft_put_rare, draft_put_names, draft_put_subject_key },
};

static void
cert_put_extensions(const struct cert *c, enum cert_form form, const struct bytes *scts,
    struct bytes *out)
{
	struct draft f = { .c = c, .r = c->rand, .form = form, .scts = scts };
	size_t order = (size_t)(c->issuer - c->pki->issuer) % 3;
	size_t i;

	der_init(&f.d, out);
	der_open(&f.d, DER_CONTEXT_CONSTRUCTED | 3);
	der_open(&f.d, DER_SEQUENCE);
	for (i = 0; i < sizeof(orders[0]) / sizeof(orders[0][0]); i++)
		orders[order][i](&f);
	der_close(&f.d);
	der_close(&f.d);
}

static void
cert_put_serial(const struct cert *c, struct der *d)
{
	if (c->defect == DEFECT_SERIAL_NEGATIVE)
		der_put(d, DER_INTEGER, c->serial, c->serial_len);
	else
		der_put_positive(d, c->serial, c->serial_len);
}

static void
cert_put_validity(const struct cert *c, struct der *d)
{
	der_open(d, DER_SEQUENCE);
	if (c->defect == DEFECT_TIME_NO_ZONE)
		der_put_text(d, DER_UTC_TIME, "260101000000");
	else
		der_put_time(d, c->not_before);
	der_put_time(d, c->not_after);
	der_close(d);
}

static const struct authority *
cert_signer(const struct cert *c, enum cert_form form)
{
	return form == CERT_PRE && c->by_precert_ca ? c->issuer->precert : c->issuer->ca;
}

void
cert_put_tbs(const struct cert *c, enum cert_form form, const struct bytes *scts,
    struct bytes *out)
{
	const struct authority *signer = cert_signer(c, form);
	struct der d;

	der_init(&d, out);
	der_open(&d, DER_SEQUENCE);
	der_open(&d, DER_CONTEXT_CONSTRUCTED | 0);
	der_put_small(&d, 2);
	der_close(&d);
	cert_put_serial(c, &d);
	key_put_algorithm(&signer->key, &d);
	bytes_put(out, signer->name.at, signer->name.len);
	cert_put_validity(c, &d);
	bytes_put(out, c->subject.at, c->subject.len);
	bytes_put(out, c->spki.at, c->spki.len);
	cert_put_extensions(c, form, scts, out);
	der_close(&d);
}

void
cert_put(const struct cert *c, enum cert_form form, const struct bytes *scts, struct bytes *out)
{
	struct bytes tbs = { 0 };

	cert_put_tbs(c, form, scts, &tbs);
	key_put_signed(&cert_signer(c, form)->key, &tbs, out);
	bytes_free(&tbs);
}

const struct chain *
cert_chain(const struct cert *c, enum cert_form form)
{
	return cert_signer(c, form) == c->issuer->ca ? c->issuer->chain : c->issuer->precert_chain;
}

/* Each issuer has its own customers: rows as in pki.c, columns as in enum subject_kind. */
static void
cert_draw_issuer(struct cert *c, struct rand *r)
{
	static const uint32_t customers[PKI_ISSUERS] = { 15, 25, 36, 14, 10 };
	static const uint32_t kinds[PKI_ISSUERS][SUBJECT_PERSON + 1] = {
		{ 0, 5, 55, 30, 10, 0 },
		{ 0, 75, 20, 0, 5, 0 },
		{ 25, 75, 0, 0, 0, 0 },
		{ 5, 65, 10, 0, 20, 0 },
		{ 0, 20, 30, 0, 40, 10 },
	};
	uint32_t issuer_at = rand_below(r, 100), kind_at = rand_below(r, 100);
	int issuer = 0, kind = SUBJECT_EMPTY;

	while (issuer_at >= customers[issuer])
		issuer_at -= customers[issuer++];
	while (kind_at >= kinds[issuer][kind])
		kind_at -= kinds[issuer][kind++];
	c->issuer = &c->pki->issuer[issuer];
	c->kind = (enum subject_kind)kind;
	c->by_precert_ca = rand_chance(r, 100) && c->issuer->precert != NULL;
}

static void
cert_draw_serial(struct cert *c, struct rand *r)
{
	c->serial_len = rand_chance(r, 400) ? 18 : 16;
	if (c->defect == DEFECT_SERIAL_LONG)
		c->serial_len = sizeof(c->serial);
	rand_fill(r, c->serial, c->serial_len);
	if (c->defect == DEFECT_SERIAL_NEGATIVE)
		c->serial[0] |= 0x80;
}

/* Free ones are issued an hour back for 90 days, bought ones by whole days. */
static void
cert_draw_validity(struct cert *c, struct rand *r, int64_t when)
{
	const int64_t day = 86400;

	if (c->kind <= SUBJECT_HOST) {
		c->not_before = when - 3600 - rand_below(r, 60);
		c->not_after = c->not_before + 90 * day - 1;
	} else {
		c->not_before = when - when % day - (int64_t)rand_below(r, 3) * day;
		c->not_after = c->not_before + (199 + (int64_t)rand_below(r, 199)) * day - 1;
	}
	if (rand_chance(r, 2))
		c->not_after = 253402300799;	/* 9999-12-31, RFC 5280 section 4.1.2.5 */
}

static void
cert_draw_key(struct cert *c, struct rand *r)
{
	uint32_t p = rand_below(r, PKI_PRIMES), q = rand_below(r, PKI_PRIMES - 1);

	q += q >= p;
	bytes_reset(&c->spki);
	if (rand_chance(r, 400))
		key_put_rsa_spki(c->pki->prime[p], c->pki->prime[q], &c->spki);
	else
		key_put_ec_spki(c->pki->group, r, &c->spki);
}

void
cert_draw(struct cert *c, const struct pki *pki, const char *stream, uint64_t number,
    int64_t when, uint32_t broken)
{
	char host[NAMES_MAX_HOST];
	struct rand *r = &c->rand;
	uint32_t chance, which;

	rand_init(r, pki->seed, stream, number);
	c->pki = pki;
	chance = rand_below(r, 10000);
	which = 1 + rand_below(r, DEFECTS - 1);
	c->defect = chance < broken ? (enum defect)which : DEFECT_NONE;
	cert_draw_issuer(c, r);
	cert_draw_serial(c, r);
	cert_draw_validity(c, r, when);
	cert_draw_key(c, r);
	bytes_reset(&c->names);
	san_put(&c->names, r, c->kind, c->defect, host);
	bytes_reset(&c->subject);
	subject_put(&c->subject, r, c->kind, c->defect, host);
}

void
cert_free(struct cert *c)
{
	bytes_free(&c->subject);
	bytes_free(&c->names);
	bytes_free(&c->spki);
}

/*
 * Writes the extensions of certificates, in the mix that real ones have and with the
 * defects that were drawn (RFC 5280 section 4.2, RFC 6962 sections 3.1 and 3.3,
 * policies of the CA/Browser Forum). In: a certificate. Out: DER.
 */
#include "tests/log/cert.h"
#include "tests/log/ext.h"

/* Extensions while they are written. r is a copy, so that each form draws the same numbers. */
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
		/* The extension is critical when the subject is empty (RFC 5280 section 4.2.1.6). */
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

/* The identifiers of the CA/Browser Forum for domain, organisation and extended validation. */
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

/* Writes the poison or the SCT list, never both (RFC 6962 sections 3.1 and 3.3). */
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

/* CAs order extensions differently, so the poison or SCT list does not always stand at the same place. */
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

void
draft_put(const struct cert *c, enum cert_form form, const struct bytes *scts, struct bytes *out)
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

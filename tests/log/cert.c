/*
 * Draws certificates and writes their three forms (RFC 5280, RFC 6962 section
 * 3.1). In: a stream of numbers. Out: DER.
 */
#include "tests/log/cert.h"

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
	draft_put(c, form, scts, out);
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

/* How often each issuer (a row, in the order of pki.c) has each subject_kind (a column). */
static void
cert_draw_issuer(struct cert *c, struct rand *r)
{
	static const uint32_t customers[PKI_ISSUERS] = { 10, 27, 38, 15, 10 };
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

/* Certificates that cost nothing begin an hour before and last 90 days; others begin and end with a day. */
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

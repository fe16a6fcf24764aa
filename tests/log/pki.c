/*
 * Makes the CAs of a seed. In: the seed, and the tables below. Out: their keys, names,
 * certificates and chains.
 */
#include "tests/log/pki.h"

#include <openssl/sha.h>
#include <string.h>

#include "tests/log/ext.h"

enum { ROOT_RSA, ROOT_EC, RSA_OV, EC_DV, EC_SHORT, EC_TLS, EC_CROSS, PRE_DV, PRE_SHORT };

static const struct {
	const char *slug, *country, *organisation, *name;
	int primes;	/* RSA with prime[primes] and the next one; P-256 when less than 0 */
} people[PKI_AUTHORITIES] = {
	[ROOT_RSA] = { "larkspur", "XW", "Larkspur Trust", "Larkspur Root R1", 0 },
	[ROOT_EC] = { "tidewater", "XT", "Tidewater Trust", "Tidewater Root E1", -1 },
	[RSA_OV] = { "ov1.larkspur", "XW", "Larkspur Trust", "Larkspur RSA EV CA 1", 2 },
	[EC_DV] = { "dv2.larkspur", "XW", "Larkspur Trust", "Larkspur ECC DV CA 2", -1 },
	[EC_SHORT] = { "e5.tidewater", "XT", "Tidewater Trust", "E5", -1 },
	[EC_TLS] = { "g3.tidewater", "XT", "Tidewater Trust", "Tidewater TLS CA G3", -1 },
	[EC_CROSS] = { "meadowlark", "XM", "Meadowl\u00e4rk AG", "Meadowl\u00e4rk CA 4", -1 },
	[PRE_DV] = { "dv2.larkspur", "XW", "Larkspur Trust", "Larkspur Precert Signer", -1 },
	[PRE_SHORT] = { "e5.tidewater", "XT", "Tidewater Trust", "E5 Precert Signing", -1 },
};

/*
 * Who certifies whom; an issuer stands before its subjects. up is the certificate of the issuer
 * that chains go through, or -1 for a root. A precertificate signing CA has the same kind of key
 * as its issuer, because precertificate and certificate must name the same algorithm.
 */
static const struct {
	int subject, issuer, up;
} links[PKI_CERTIFICATES] = {
	{ ROOT_RSA, ROOT_RSA, -1 },
	{ ROOT_EC, ROOT_EC, -1 },
	{ ROOT_EC, ROOT_RSA, 0 },	/* the cross certificate */
	{ RSA_OV, ROOT_RSA, 0 },
	{ EC_DV, ROOT_RSA, 0 },
	{ EC_SHORT, ROOT_EC, 1 },
	{ EC_TLS, ROOT_EC, 1 },
	{ EC_CROSS, ROOT_EC, 2 },
	{ PRE_DV, EC_DV, 4 },
	{ PRE_SHORT, EC_SHORT, 5 },
};

/* Who issues leaves: the own certificate, and that of the precertificate signing CA, or -1. */
static const struct {
	int certificate, precert;
} issuers[PKI_ISSUERS] = { { 3, -1 }, { 4, 8 }, { 5, 9 }, { 6, -1 }, { 7, -1 } };

/* The two primes of the list key; a CA has the second one too. */
enum { LIST_P = 4, LIST_Q = 3 };

/*
 * How far the primes of the seed "ct" are above the numbers drawn. Looking for them takes longer than all else
 * that a small log needs to start, and nearly every test starts one of this seed.
 */
static const unsigned known[PKI_PRIMES] = { 476, 494, 20, 168, 186 };

static void
pki_put_attribute(struct der *d, const char *oid, int tag, const char *text)
{
	der_open(d, DER_SET);
	der_open(d, DER_SEQUENCE);
	der_put_oid(d, oid);
	der_put_text(d, tag, text);
	der_close(d);
	der_close(d);
}

static void
pki_init_authority(struct pki *pki, int i)
{
	struct authority *a = &pki->authority[i];
	struct rand r;
	struct der d;

	rand_init(&r, pki->seed, "authority", (uint64_t)i);
	if (people[i].primes < 0)
		key_init_ec(&a->key, &r);
	else
		key_init_rsa(&a->key, pki->prime[people[i].primes],
		    pki->prime[people[i].primes + 1]);
	a->slug = people[i].slug;
	der_init(&d, &a->name);
	der_open(&d, DER_SEQUENCE);
	pki_put_attribute(&d, "2.5.4.6", DER_PRINTABLE, people[i].country);
	pki_put_attribute(&d, "2.5.4.10", DER_UTF8, people[i].organisation);
	pki_put_attribute(&d, "2.5.4.3", DER_UTF8, people[i].name);
	der_close(&d);
}

static void
pki_put_basic_constraints(struct der *d, bool leafs_only)
{
	ext_open(d, "2.5.29.19", true);
	der_open(d, DER_SEQUENCE);
	der_put_true(d);
	if (leafs_only)
		der_put_small(d, 0);
	der_close(d);
	ext_close(d);
}

static void
pki_put_any_policy(struct der *d)
{
	ext_open(d, "2.5.29.32", false);
	der_open(d, DER_SEQUENCE);
	der_open(d, DER_SEQUENCE);
	der_put_oid(d, "2.5.29.32.0");
	der_close(d);
	der_close(d);
	ext_close(d);
}

static void
pki_put_extensions(struct der *d, int i, const struct authority *subject,
    const struct authority *issuer)
{
	static const char *const tls[] = { "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2" };
	static const char *const precert[] = { "1.3.6.1.4.1.11129.2.4.4" };
	bool root = links[i].subject == ROOT_RSA || links[i].subject == ROOT_EC;
	bool above_precert_ca = links[i].subject == EC_DV || links[i].subject == EC_SHORT;
	bool precert_ca = links[i].subject >= PRE_DV;

	der_open(d, DER_CONTEXT_CONSTRUCTED | 3);
	der_open(d, DER_SEQUENCE);
	ext_put_key_usage(d, 0x0600);	/* keyCertSign, cRLSign */
	pki_put_basic_constraints(d, !root && !above_precert_ca);
	if (!root)
		ext_put_extended_key_usage(d, precert_ca ? precert : tls, precert_ca ? 1 : 2);
	ext_put_subject_key_id(d, subject->key.ski);
	if (issuer != subject) {
		ext_put_authority_key_id(d, &issuer->key);
		ext_put_authority_access(d, issuer->slug, true);
		pki_put_any_policy(d);
		ext_put_crl_points(d, issuer->slug, 0);
	}
	der_close(d);
	der_close(d);
}

static void
pki_put_tbs(struct der *d, struct pki *pki, int i)
{
	const struct authority *subject = &pki->authority[links[i].subject];
	const struct authority *issuer = &pki->authority[links[i].issuer];
	unsigned char serial[16];
	struct rand r;

	rand_init(&r, pki->seed, "authority serial", (uint64_t)i);
	rand_fill(&r, serial, sizeof(serial));
	der_open(d, DER_SEQUENCE);
	der_open(d, DER_CONTEXT_CONSTRUCTED | 0);
	der_put_small(d, 2);
	der_close(d);
	der_put_positive(d, serial, sizeof(serial));
	key_put_algorithm(&issuer->key, d);
	bytes_put(d->out, issuer->name.at, issuer->name.len);
	der_open(d, DER_SEQUENCE);
	der_put_time(d, 1577836800);		/* 2020-01-01 */
	der_put_time(d, issuer == subject ? 2840140799 : 2524607999);	/* 2059, 2049 ends */
	der_close(d);
	bytes_put(d->out, subject->name.at, subject->name.len);
	bytes_put(d->out, subject->key.spki.at, subject->key.spki.len);
	pki_put_extensions(d, i, subject, issuer);
	der_close(d);
}

static void
pki_init_certificate(struct pki *pki, int i)
{
	const struct key *key = &pki->authority[links[i].issuer].key;
	struct bytes tbs = { 0 };
	struct der d;

	der_init(&d, &tbs);
	pki_put_tbs(&d, pki, i);
	key_put_signed(key, &tbs, &pki->certificate[i].der);
	bytes_free(&tbs);
}

/* Makes a chain of the certificate first and the chain above; either may be NULL. */
static void
pki_init_chain(struct chain *c, const struct bytes *first, const struct chain *above)
{
	unsigned char print[32];
	struct bytes certs = { 0 };
	size_t i;

	if (first != NULL)
		c->cert[c->count++] = first;
	for (i = 0; above != NULL && i < above->count; i++)
		c->cert[c->count++] = above->cert[i];
	bytes_put_uint(&c->prints, c->count * sizeof(print), 2);
	for (i = 0; i < c->count; i++) {
		bytes_put_uint(&certs, c->cert[i]->len, 3);
		bytes_put(&certs, c->cert[i]->at, c->cert[i]->len);
		SHA256(c->cert[i]->at, c->cert[i]->len, print);
		bytes_put(&c->prints, print, sizeof(print));
	}
	bytes_put_uint(&c->wire, certs.len, 3);
	bytes_put(&c->wire, certs.at, certs.len);
	bytes_free(&certs);
}

static void
pki_init_primes(struct pki *pki, int from, int to)
{
	bool is_known = strcmp(pki->seed, "ct") == 0;
	struct rand r;
	int i;

	for (i = from; i < to; i++) {
		rand_init(&r, pki->seed, "prime", (uint64_t)i);
		pki->prime[i] = rsa_prime(&r, is_known ? known[i] : 0);
	}
}

void
pki_init_list_key(struct pki *pki, const char *seed)
{
	memset(pki, 0, sizeof(*pki));
	pki->seed = seed;
	pki_init_primes(pki, LIST_Q, LIST_P + 1);
	key_init_rsa(&pki->list_key, pki->prime[LIST_P], pki->prime[LIST_Q]);
}

void
pki_init(struct pki *pki, const char *seed)
{
	int i;

	pki_init_list_key(pki, seed);
	pki_init_primes(pki, 0, LIST_Q);
	for (i = 0; i < PKI_AUTHORITIES; i++)
		pki_init_authority(pki, i);
	pki->group = pki->authority[ROOT_EC].key.ec.group;
	for (i = 0; i < PKI_CERTIFICATES; i++) {
		struct pki_certificate *c = &pki->certificate[i];

		pki_init_certificate(pki, i);
		pki_init_chain(&c->chain, NULL, links[i].up < 0 ? NULL : &pki->full[links[i].up]);
		pki_init_chain(&pki->full[i], &c->der, &c->chain);
	}
	for (i = 0; i < PKI_ISSUERS; i++) {
		struct issuer *issuer = &pki->issuer[i];
		int pre = issuers[i].precert;

		issuer->ca = &pki->authority[links[issuers[i].certificate].subject];
		issuer->chain = &pki->full[issuers[i].certificate];
		issuer->precert = pre < 0 ? NULL : &pki->authority[links[pre].subject];
		issuer->precert_chain = pre < 0 ? NULL : &pki->full[pre];
	}
}

int
pki_is_root(int i)
{
	return links[i].up < 0;
}

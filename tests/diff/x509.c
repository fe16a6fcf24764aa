/* Reads a certificate with OpenSSL. In: an X509. Out: a flat object with the members of format go. */
#include "tests/diff/x509.h"

#include <openssl/asn1t.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <regex.h>
#include <stdlib.h>
#include <time.h>

#include "base/die.h"

void
x509_put_text(struct buf *b, const unsigned char *p, size_t n)
{
	unsigned long c;
	int k;

	for (; n > 0; n -= (size_t)k, p += k) {
		k = UTF8_getc(p, n < 4 ? (int)n : 4, &c);
		if (k > 0 && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff)) {
			buf_put(b, span_of(p, (size_t)k));
		} else {
			buf_puts(b, "\xef\xbf\xbd");
			k = 1;
		}
	}
}

json_t *
x509_take(struct buf *b)
{
	json_t *text = json_stringn(buf_str(b), b->n);

	buf_free(b);
	return text;
}

bool
x509_put_string(struct buf *b, const ASN1_STRING *s)
{
	int type = ASN1_STRING_type(s), n;
	unsigned char *utf8;

	if (type != V_ASN1_BMPSTRING && type != V_ASN1_UNIVERSALSTRING) {
		x509_put_text(b, ASN1_STRING_get0_data(s), (size_t)ASN1_STRING_length(s));
		return true;
	}
	n = ASN1_STRING_to_UTF8(&utf8, s);
	if (n < 0)
		return false;
	if (type == V_ASN1_BMPSTRING && n > 0 && utf8[n - 1] == '\0')
		n--;
	x509_put_text(b, utf8, (size_t)n);
	OPENSSL_free(utf8);
	return true;
}

static json_t *
x509_serial(const X509 *x)
{
	BIGNUM *n = ASN1_INTEGER_to_BN(X509_get0_serialNumber(x), NULL);
	char *hex = BN_bn2hex(n), *digits = hex + (hex[0] == '-');
	json_t *serial;

	digits += strspn(digits, "0");
	if (BN_is_zero(n))
		serial = json_string("00");
	else
		serial = json_sprintf("%s%s%s", BN_is_negative(n) ? "-" : "",
		    strlen(digits) % 2 ? "0" : "", digits);
	OPENSSL_free(hex);
	BN_free(n);
	return serial;
}

static json_t *
x509_time(const ASN1_TIME *t)
{
	struct tm tm;

	return ASN1_TIME_to_tm(t, &tm) ? json_integer(timegm(&tm)) : json_object();
}

static json_t *
x509_hash(const EVP_MD *md, struct span s)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	char text[3 * EVP_MAX_MD_SIZE];
	unsigned n;

	EVP_Digest(s.p, s.n, hash, &n, md, NULL);
	for (unsigned i = 0; i < n; i++)
		snprintf(text + 3 * i, 4, "%02X:", hash[i]);
	return json_stringn(text, 3 * n - 1);
}

/* Tells whether the parameters of RSASSA-PSS name a SHA-2, MGF1 with that hash, and a salt as long as it. */
static const char *
x509_pss_text(const X509_ALGOR *algorithm)
{
	const void *value;
	int type, md;
	const char *text = "unknown";
	RSA_PSS_PARAMS *pss = NULL;
	X509_ALGOR *mask = NULL;
	long salt;

	X509_ALGOR_get0(NULL, &type, &value, algorithm);
	if (type == V_ASN1_SEQUENCE)
		pss = ASN1_item_unpack(value, ASN1_ITEM_rptr(RSA_PSS_PARAMS));
	if (pss != NULL && pss->hashAlgorithm != NULL && pss->maskGenAlgorithm != NULL &&
	    pss->maskGenAlgorithm->parameter != NULL &&
	    pss->maskGenAlgorithm->parameter->type == V_ASN1_SEQUENCE)
		mask = ASN1_item_unpack(pss->maskGenAlgorithm->parameter->value.sequence,
		    ASN1_ITEM_rptr(X509_ALGOR));
	if (mask != NULL) {
		md = OBJ_obj2nid(pss->hashAlgorithm->algorithm);
		salt = pss->saltLength != NULL ? ASN1_INTEGER_get(pss->saltLength) : 20;
		if (OBJ_obj2nid(mask->algorithm) == md &&
		    OBJ_obj2nid(pss->maskGenAlgorithm->algorithm) == NID_mgf1 &&
		    (pss->trailerField == NULL || ASN1_INTEGER_get(pss->trailerField) == 1))
			text = md == NID_sha256 && salt == 32 ? "sha256, rsa-pss" :
			    md == NID_sha384 && salt == 48 ? "sha384, rsa-pss" :
			    md == NID_sha512 && salt == 64 ? "sha512, rsa-pss" : text;
	}
	X509_ALGOR_free(mask);
	RSA_PSS_PARAMS_free(pss);
	return text;
}

/* Returns how format go writes a hash; NULL for those it has no word for. */
static const char *
x509_hash_name(int nid)
{
	switch (nid) {
	case NID_md2:
		return "md2";
	case NID_md5:
		return "md5";
	case NID_sha1:
		return "sha1";
	case NID_sha256:
		return "sha256";
	case NID_sha384:
		return "sha384";
	case NID_sha512:
		return "sha512";
	}
	return NULL;
}

static json_t *
x509_signature(const X509 *x)
{
	const X509_ALGOR *algorithm = X509_get0_tbs_sigalg(x);
	const ASN1_OBJECT *oid;
	const char *hash;
	int nid, md, key;

	X509_ALGOR_get0(&oid, NULL, NULL, algorithm);
	nid = OBJ_obj2nid(oid);
	if (nid == NID_ED25519 && algorithm->parameter == NULL)
		return json_string("ed25519");
	if (nid == NID_rsassaPss)
		return json_string(x509_pss_text(algorithm));
	hash = OBJ_find_sigid_algs(nid, &md, &key) ? x509_hash_name(md) : NULL;
	if (hash != NULL && (key == NID_rsaEncryption || key == NID_rsa))
		return json_sprintf("%s, rsa", hash);
	if (hash != NULL && key == NID_X9_62_id_ecPublicKey)
		return json_sprintf("ecdsa, %s", hash);
	if (nid == NID_dsaWithSHA1 || nid == NID_dsa_with_SHA256)
		return json_sprintf("dsa, %s", hash);
	return json_string("unknown");
}

bool
x509_is_text(const ASN1_STRING *s)
{
	switch (ASN1_STRING_type(s)) {
	case V_ASN1_UTF8STRING:
	case V_ASN1_NUMERICSTRING:
	case V_ASN1_PRINTABLESTRING:
	case V_ASN1_T61STRING:
	case V_ASN1_IA5STRING:
	case V_ASN1_VISIBLESTRING:
	case V_ASN1_UNIVERSALSTRING:
	case V_ASN1_BMPSTRING:
		return true;
	}
	return false;
}

/* Returns the values of an attribute, joined with ','; of CN only the last; null when there is none. */
static json_t *
x509_attribute(const X509_NAME *name, int nid)
{
	const ASN1_STRING *s;
	bool there = false;
	struct buf b;

	buf_init(&b);
	for (int i = -1; (i = X509_NAME_get_index_by_NID((X509_NAME *)name, nid, i)) >= 0;) {
		s = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i));
		if (!x509_is_text(s))
			continue;
		if (nid == NID_commonName)
			buf_reset(&b);
		else if (b.n > 0)
			buf_putc(&b, ',');
		if (!x509_put_string(&b, s)) {
			buf_free(&b);
			return json_object();
		}
		there = true;
	}
	return there ? x509_take(&b) : json_null();
}

/* Sets the members of a name, such as "subject.C". */
static void
x509_set_name(json_t *out, const char *which, const X509_NAME *name)
{
	static const struct {
		const char *key;
		int nid;
	} keys[] = { { "C", NID_countryName }, { "CN", NID_commonName }, { "L", NID_localityName },
		{ "O", NID_organizationName }, { "OU", NID_organizationalUnitName },
		{ "ST", NID_stateOrProvinceName }, { "email_address", NID_pkcs9_emailAddress } };
	json_t *value, *aggregated;
	bool refused = false;
	char key[64];
	struct buf b;

	buf_init(&b);
	for (unsigned i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		value = x509_attribute(name, keys[i].nid);
		refused |= json_is_object(value);
		if (json_is_string(value) && keys[i].nid != NID_pkcs9_emailAddress) {
			buf_putf(&b, "/%s=", keys[i].key);
			buf_put(&b, span_of(json_string_value(value), json_string_length(value)));
		}
		snprintf(key, sizeof(key), "%s.%s", which, keys[i].key);
		json_object_set_new(out, key, value);
	}
	aggregated = x509_take(&b);
	if (refused) {
		json_decref(aggregated);
		aggregated = json_object();
	}
	snprintf(key, sizeof(key), "%s.aggregated", which);
	json_object_set_new(out, key, aggregated);
}

bool
x509_holds(const json_t *array, const json_t *item)
{
	for (size_t i = 0; i < json_array_size(array); i++)
		if (json_equal(json_array_get(array, i), item))
			return true;
	return false;
}

#define LABEL "[-_*0-9A-Za-z\x80-\xff]+"

static bool
x509_matches(const char *text, const char *pattern)
{
	regex_t re;
	bool yes;

	if (regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB) != 0)
		die_bug("no regular expression: %s", pattern);
	yes = regexec(&re, text, 0, NULL, 0) == 0;
	regfree(&re);
	return yes;
}

/*
 * Appends the text with a '.' for each full stop beyond ASCII, and a '_', which a label may have too,
 * for each control character. So the text has no NUL, and regular expressions can tell the rest.
 */
static void
x509_put_plain(struct buf *b, struct span text)
{
	static const char *const stops[] = { "\xe2\x80\xa4", "\xe3\x80\x82", "\xef\xb9\x92", "\xef\xbc\x8e",
		"\xef\xbd\xa1" };
	size_t k;

	for (; text.n > 0; text = span_from(text, k)) {
		k = 1;
		for (unsigned i = 0; i < sizeof(stops) / sizeof(stops[0]); i++)
			if (span_starts(text, span_str(stops[i])))
				k = 3;
		if (k == 3)
			buf_putc(b, '.');
		else
			buf_putc(b, (char)(text.p[0] < 0x20 || text.p[0] == 0x7f ? '_' : text.p[0]));
	}
}

bool
x509_is_host(const json_t *name)
{
	struct buf b;
	bool yes;

	buf_init(&b);
	x509_put_plain(&b, span_of(json_string_value(name), json_string_length(name)));
	yes = x509_matches(buf_str(&b), "^ *\\.*" LABEL "(\\.+" LABEL ")+\\.* *$") &&
	    !x509_matches(buf_str(&b), "\\.[0-9]+\\.* *$");
	buf_free(&b);
	return yes;
}

void
x509_append_hosts(json_t *array, X509 *x, bool (*put)(struct buf *, const ASN1_STRING *))
{
	X509_NAME *name = X509_get_subject_name(x);
	const ASN1_STRING *s;
	json_t *text;
	struct buf b;

	buf_init(&b);
	for (int i = -1; (i = X509_NAME_get_index_by_NID(name, NID_commonName, i)) >= 0;) {
		s = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i));
		if (!x509_is_text(s) || !put(&b, s)) {
			buf_reset(&b);
			continue;
		}
		text = x509_take(&b);
		if (x509_is_host(text) && !x509_holds(array, text))
			json_array_append(array, text);
		json_decref(text);
	}
	buf_free(&b);
}

bool
x509_append_names(json_t *array, X509_EXTENSION *e, bool (*put)(struct buf *, const ASN1_STRING *),
    bool once)
{
	GENERAL_NAMES *names = e != NULL ? X509V3_EXT_d2i(e) : NULL;
	bool refused = e != NULL && names == NULL;
	GENERAL_NAME *name;
	json_t *text;
	struct buf b;

	buf_init(&b);
	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		name = sk_GENERAL_NAME_value(names, i);
		if (name->type != GEN_DNS)
			continue;
		put(&b, name->d.dNSName);
		text = x509_take(&b);
		if (!once || !x509_holds(array, text))
			json_array_append(array, text);
		json_decref(text);
	}
	GENERAL_NAMES_free(names);
	return !refused;
}

bool
x509_append_all_names(json_t *array, X509 *x, const X509_EXTENSION *but,
    bool (*put)(struct buf *, const ASN1_STRING *))
{
	X509_EXTENSION *e;
	bool ok = true;

	for (int i = -1; (i = X509_get_ext_by_NID(x, NID_subject_alt_name, i)) >= 0;) {
		e = X509_get_ext(x, i);
		if (e != but)
			ok &= x509_append_names(array, e, put, true);
	}
	return ok;
}

json_t *
x509_every_name(X509 *x)
{
	json_t *all = json_array();

	x509_append_all_names(all, x, NULL, x509_put_string);
	x509_append_hosts(all, x, x509_put_string);
	return all;
}

/*
 * Sets all_domains from the members that were set before: the dNSNames of the last subjectAltName, which
 * may repeat each other, then the common name, the other dNSNames and the other common names.
 */
static json_t *
x509_domains(X509 *x, const json_t *reading)
{
	X509_EXTENSION *last = x509_extension(x, NID_subject_alt_name);
	const json_t *cn = json_object_get(reading, "subject.CN");
	json_t *all = json_array();
	bool ok = x509_append_names(all, last, x509_put_string, false);

	if (json_string_length(cn) > 0 && !x509_holds(all, cn) &&
	    (!json_is_true(json_object_get(reading, "is_ca")) || x509_is_host(cn)))
		json_array_append(all, (json_t *)cn);
	ok &= x509_append_all_names(all, x, last, x509_put_string);
	x509_append_hosts(all, x, x509_put_string);
	if (!ok || json_is_object(cn) || json_is_object(json_object_get(reading, "is_ca"))) {
		json_decref(all);
		return json_object();
	}
	return all;
}

json_t *
x509_reading(X509 *x, struct span submitted, bool is_precert)
{
	json_t *out = json_object();

	json_object_set_new(out, "fingerprint", x509_hash(EVP_sha1(), submitted));
	json_object_set_new(out, "sha1", x509_hash(EVP_sha1(), submitted));
	json_object_set_new(out, "sha256", x509_hash(EVP_sha256(), submitted));
	json_object_set_new(out, "not_after", x509_time(X509_get0_notAfter(x)));
	json_object_set_new(out, "not_before", x509_time(X509_get0_notBefore(x)));
	json_object_set_new(out, "serial_number", x509_serial(x));
	json_object_set_new(out, "signature_algorithm", x509_signature(x));
	x509_set_name(out, "subject", X509_get_subject_name(x));
	x509_set_name(out, "issuer", X509_get_issuer_name(x));
	x509_set_extensions(out, x, is_precert);
	json_object_set_new(out, "all_domains", x509_domains(x, out));
	return out;
}

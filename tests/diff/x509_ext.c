/* Reads extensions with OpenSSL. In: an X509. Out: their texts in format go, as members of a flat object. */
#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <stdio.h>

#include "tests/diff/x509.h"

const struct x509_kind x509_kinds[X509_KINDS] = {
	{ "authorityInfoAccess", NID_info_access },
	{ "authorityKeyIdentifier", NID_authority_key_identifier },
	{ "basicConstraints", NID_basic_constraints },
	{ "certificatePolicies", NID_certificate_policies },
	{ "crlDistributionPoints", NID_crl_distribution_points },
	{ "extendedKeyUsage", NID_ext_key_usage },
	{ "issuerAltName", NID_issuer_alt_name },
	{ "keyUsage", NID_key_usage },
	{ "subjectAltName", NID_subject_alt_name },
	{ "subjectKeyIdentifier", NID_subject_key_identifier },
};

X509_EXTENSION *
x509_extension(X509 *x, int nid)
{
	X509_EXTENSION *last = NULL;

	for (int i = -1; (i = X509_get_ext_by_NID(x, nid, i)) >= 0;)
		last = X509_get_ext(x, i);
	return last;
}

/* Decodes an extension. Returns NULL when there is none, or with *refused set when OpenSSL cannot read it. */
static void *
ext_value(X509 *x, int nid, bool *refused)
{
	X509_EXTENSION *e = x509_extension(x, nid);
	void *value = e != NULL ? X509V3_EXT_d2i(e) : NULL;

	*refused = e != NULL && value == NULL;
	return value;
}

static void
put_separator(struct buf *b)
{
	if (b->n > 0)
		buf_puts(b, ", ");
}

static void
put_asn1(struct buf *b, const ASN1_STRING *s)
{
	x509_put_text(b, ASN1_STRING_get0_data(s), (size_t)ASN1_STRING_length(s));
}

static void
put_key_id(struct buf *b, const ASN1_OCTET_STRING *id)
{
	buf_puts(b, "keyid:");
	for (int i = 0; id != NULL && i < ASN1_STRING_length(id); i++)
		buf_putf(b, "%s%02x", i > 0 ? ":" : "", ASN1_STRING_get0_data(id)[i]);
}

/* Appends an OID: its long name, if a name is wanted and OpenSSL has one, or its number. */
static void
put_oid(struct buf *b, const ASN1_OBJECT *oid, bool by_name)
{
	char text[1024];
	int nid = OBJ_obj2nid(oid);

	if (by_name && nid != NID_undef) {
		buf_puts(b, OBJ_nid2ln(nid));
		return;
	}
	OBJ_obj2txt(text, sizeof(text), oid, 1);
	buf_puts(b, text);
}

static void
put_ip(struct buf *b, const ASN1_OCTET_STRING *ip)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	const unsigned char *p = ASN1_STRING_get0_data(ip);
	int n = ASN1_STRING_length(ip);
	char text[INET6_ADDRSTRLEN];

	if (n == 16 && memcmp(p, mapped, 12) == 0) {
		p += 12;
		n = 4;
	}
	if (n == 4 || n == 16) {
		buf_puts(b, inet_ntop(n == 4 ? AF_INET : AF_INET6, p, text, sizeof(text)));
		return;
	}
	for (int i = 0; i < n; i++)
		buf_putf(b, "%s%02x", i > 0 ? ":" : "", p[i]);
}

static void
put_alt_names(struct buf *b, const GENERAL_NAMES *names)
{
	static const struct {
		int type;
		const char *label;
	} order[] = { { GEN_DNS, "DNS:" }, { GEN_EMAIL, "email:" }, { GEN_IPADD, "IP Address:" },
		{ GEN_URI, "URI:" } };
	const GENERAL_NAME *name;

	for (unsigned k = 0; k < sizeof(order) / sizeof(order[0]); k++)
		for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
			name = sk_GENERAL_NAME_value(names, i);
			if (name->type != order[k].type)
				continue;
			put_separator(b);
			buf_puts(b, order[k].label);
			if (name->type == GEN_IPADD)
				put_ip(b, name->d.iPAddress);
			else
				put_asn1(b, name->d.ia5);
		}
}

static void
put_access(struct buf *b, const AUTHORITY_INFO_ACCESS *list, int method)
{
	const ACCESS_DESCRIPTION *a;

	for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(list); i++) {
		a = sk_ACCESS_DESCRIPTION_value(list, i);
		if (OBJ_obj2nid(a->method) != method || a->location->type != GEN_URI)
			continue;
		put_separator(b);
		buf_puts(b, "URI:");
		put_asn1(b, a->location->d.uniformResourceIdentifier);
	}
}

static void
put_key_usage(struct buf *b, const ASN1_BIT_STRING *bits)
{
	static const char *const name[] = { "Digital Signature", "Content Commitment",
		"Key Encipherment", "Data Encipherment", "Key Agreement", "Certificate Signing",
		"CRL Signing", "Encipher Only", "Decipher Only" };

	for (int i = 0; i < 9; i++)
		if (ASN1_BIT_STRING_get_bit(bits, i)) {
			put_separator(b);
			buf_puts(b, name[i]);
		}
}

static void
put_purposes(struct buf *b, const EXTENDED_KEY_USAGE *list)
{
	for (int i = 0; i < sk_ASN1_OBJECT_num(list); i++) {
		put_separator(b);
		put_oid(b, sk_ASN1_OBJECT_value(list, i), true);
	}
}

static void
put_policies(struct buf *b, const CERTIFICATEPOLICIES *list)
{
	for (int i = 0; i < sk_POLICYINFO_num(list); i++) {
		buf_puts(b, "Policy: ");
		put_oid(b, sk_POLICYINFO_value(list, i)->policyid, false);
		buf_putc(b, '\n');
	}
}

static void
put_points(struct buf *b, const CRL_DIST_POINTS *list)
{
	const DIST_POINT_NAME *name;
	const GENERAL_NAME *g;

	for (int i = 0; i < sk_DIST_POINT_num(list); i++) {
		name = sk_DIST_POINT_value(list, i)->distpoint;
		if (name == NULL || name->type != 0)	/* its name is relative to the issuer's */
			continue;
		for (int k = 0; k < sk_GENERAL_NAME_num(name->name.fullname); k++) {
			g = sk_GENERAL_NAME_value(name->name.fullname, k);
			if (g->type != GEN_URI)
				continue;
			put_separator(b);
			buf_puts(b, "URI:");
			put_asn1(b, g->d.uniformResourceIdentifier);
		}
	}
}

/* Returns the text of a decoded extension, and frees that. */
static void
put_value(struct buf *b, int nid, void *value)
{
	switch (nid) {
	case NID_info_access:
		put_access(b, value, NID_ad_ca_issuers);
		put_access(b, value, NID_ad_OCSP);
		AUTHORITY_INFO_ACCESS_free(value);
		break;
	case NID_authority_key_identifier:
		put_key_id(b, ((AUTHORITY_KEYID *)value)->keyid);
		AUTHORITY_KEYID_free(value);
		break;
	case NID_basic_constraints:
		buf_puts(b, ((BASIC_CONSTRAINTS *)value)->ca ? "CA:TRUE" : "CA:FALSE");
		BASIC_CONSTRAINTS_free(value);
		break;
	case NID_certificate_policies:
		put_policies(b, value);
		CERTIFICATEPOLICIES_free(value);
		break;
	case NID_crl_distribution_points:
		put_points(b, value);
		CRL_DIST_POINTS_free(value);
		break;
	case NID_ext_key_usage:
		put_purposes(b, value);
		EXTENDED_KEY_USAGE_free(value);
		break;
	case NID_key_usage:
		put_key_usage(b, value);
		ASN1_BIT_STRING_free(value);
		break;
	case NID_issuer_alt_name:
	case NID_subject_alt_name:
		put_alt_names(b, value);
		GENERAL_NAMES_free(value);
		break;
	case NID_subject_key_identifier:
		put_key_id(b, value);
		ASN1_OCTET_STRING_free(value);
		break;
	}
}

/* Finds an extension of RFC 6962, by its OID, and returns its bytes. */
static const ASN1_OCTET_STRING *
ext_bytes(X509 *x, const char *oid)
{
	ASN1_OBJECT *o = OBJ_txt2obj(oid, 1);
	X509_EXTENSION *last = NULL;

	for (int i = -1; (i = X509_get_ext_by_OBJ(x, o, i)) >= 0;)
		last = X509_get_ext(x, i);
	ASN1_OBJECT_free(o);
	return last != NULL ? X509_EXTENSION_get_data(last) : NULL;
}

/* Appends bytes in URL-safe base64, padded. */
static void
put_base64(struct buf *b, const ASN1_OCTET_STRING *s)
{
	int n = ASN1_STRING_length(s);
	unsigned char *p = buf_reserve(b, (size_t)n / 3 * 4 + 5);

	buf_commit(b, (size_t)EVP_EncodeBlock(p, ASN1_STRING_get0_data(s), n));
	for (; *p != '\0'; p++)
		*p = *p == '+' ? '-' : *p == '/' ? '_' : *p;
}

/* The names of the subjectAltNames before the last, behind its own. */
static void
put_earlier_alt_names(struct buf *b, X509 *x)
{
	X509_EXTENSION *last = x509_extension(x, NID_subject_alt_name), *e;
	GENERAL_NAMES *names;

	for (int i = -1; (i = X509_get_ext_by_NID(x, NID_subject_alt_name, i)) >= 0;) {
		e = X509_get_ext(x, i);
		names = e != last ? X509V3_EXT_d2i(e) : NULL;
		put_alt_names(b, names);
		GENERAL_NAMES_free(names);
	}
}

static void
set_extension(json_t *out, X509 *x, const char *name, int nid)
{
	bool refused;
	void *value = ext_value(x, nid, &refused);
	char key[64];
	struct buf b;

	snprintf(key, sizeof(key), "extensions.%s", name);
	buf_init(&b);
	if (value != NULL) {
		put_value(&b, nid, value);
		if (nid == NID_subject_alt_name)
			put_earlier_alt_names(&b, x);
		json_object_set_new(out, key, x509_take(&b));
	} else if (refused) {
		json_object_set_new(out, key, json_object());
	}
}

/* Sets the list of OIDs of those extensions that have no member of their own, if there are any. */
static void
set_others(json_t *out, X509 *x)
{
	json_t *others = json_array();
	struct buf b;
	int nid, k;

	for (int i = 0; i < X509_get_ext_count(x); i++) {
		buf_init(&b);
		put_oid(&b, X509_EXTENSION_get_object(X509_get_ext(x, i)), false);
		nid = OBJ_obj2nid(X509_EXTENSION_get_object(X509_get_ext(x, i)));
		for (k = 0; k < X509_KINDS && x509_kinds[k].nid != nid; k++)
			;
		if (k == X509_KINDS && strcmp(buf_str(&b), OID_SCT_LIST) != 0 &&
		    strcmp(buf_str(&b), OID_POISON) != 0)
			json_array_append_new(others, x509_take(&b));
		buf_free(&b);
	}
	if (json_array_size(others) > 0)
		json_object_set(out, "extensions.extra", others);
	json_decref(others);
}

void
x509_set_extensions(json_t *out, X509 *x, bool is_precert)
{
	const ASN1_OCTET_STRING *scts = ext_bytes(x, OID_SCT_LIST);
	const json_t *ca;
	struct buf b;

	for (int i = 0; i < X509_KINDS; i++)
		set_extension(out, x, x509_kinds[i].key, x509_kinds[i].nid);
	set_others(out, x);
	if (scts != NULL) {
		buf_init(&b);
		put_base64(&b, scts);
		json_object_set_new(out, "extensions.ctlSignedCertificateTimestamp", x509_take(&b));
	}
	if (is_precert || ext_bytes(x, OID_POISON) != NULL)
		json_object_set_new(out, "extensions.ctlPoisonByte", json_true());
	ca = json_object_get(out, "extensions.basicConstraints");
	json_object_set_new(out, "is_ca", json_is_object(ca) ? json_object() :
	    json_boolean(ca != NULL && strcmp(json_string_value(ca), "CA:TRUE") == 0));
}

/*
 * library: does the work of ct-parse with libraries alone, for comparison.
 * jansson reads the line and writes the event; libcrypto decodes the base64,
 * parses every certificate, prints every extension and hashes.
 *
 * in: entries without a source, one in each line
 * out: events, which are not byte for byte those of ct-parse
 *
 * Nothing is kept between entries, and each step is done in the way that the
 * library offers for it.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

static unsigned char *
library_decode(const char *text, size_t *n)
{
	size_t length = strlen(text);
	unsigned char *out = malloc(length + 1);
	int k = EVP_DecodeBlock(out, (const unsigned char *)text, (int)length);

	for (*n = k < 0 ? 0 : (size_t)k; length > 0 && text[length - 1] == '='; length--)
		(*n)--;
	return out;
}

/* What a BIO holds, as a JSON string. */
static json_t *
library_text(BIO *b)
{
	char *p;
	long n = BIO_get_mem_data(b, &p);
	json_t *s = json_stringn(p, (size_t)n);

	BIO_free(b);
	return s != NULL ? s : json_string("");
}

static json_t *
library_name(const X509_NAME *name)
{
	BIO *b = BIO_new(BIO_s_mem());

	X509_NAME_print_ex(b, name, 0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB);
	return library_text(b);
}

static json_t *
library_digest(const EVP_MD *md, const unsigned char *der, size_t n)
{
	unsigned char d[EVP_MAX_MD_SIZE];
	char text[3 * EVP_MAX_MD_SIZE];
	unsigned size, i;

	EVP_Digest(der, n, d, &size, md, NULL);
	for (i = 0; i < size; i++)
		snprintf(text + 3 * i, 4, "%02X:", d[i]);
	return json_stringn(text, 3 * (size_t)size - 1);
}

static json_t *
library_extensions(X509 *x)
{
	json_t *all = json_object();

	for (int i = 0; i < X509_get_ext_count(x); i++) {
		X509_EXTENSION *e = X509_get_ext(x, i);
		BIO *b = BIO_new(BIO_s_mem());
		char oid[80];

		OBJ_obj2txt(oid, sizeof(oid), X509_EXTENSION_get_object(e), 0);
		if (!X509V3_EXT_print(b, e, 0, 0))
			BIO_puts(b, "unreadable");
		json_object_set_new(all, oid, library_text(b));
	}
	return all;
}

static json_t *
library_time(const ASN1_TIME *t)
{
	struct tm tm;

	return ASN1_TIME_to_tm(t, &tm) ? json_integer((json_int_t)timegm(&tm)) : json_null();
}

static json_t *
library_domains(X509 *x)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	json_t *all = json_array();

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *g = sk_GENERAL_NAME_value(names, i);

		if (g->type == GEN_DNS)
			json_array_append_new(all, json_stringn(
			    (const char *)ASN1_STRING_get0_data(g->d.dNSName),
			    (size_t)ASN1_STRING_length(g->d.dNSName)));
	}
	GENERAL_NAMES_free(names);
	return all;
}

static json_t *
library_certificate(const unsigned char *der, size_t n)
{
	const unsigned char *p = der;
	X509 *x = d2i_X509(NULL, &p, (long)n);
	char *b64 = malloc(n * 4 / 3 + 8), *serial;
	json_t *c = json_object();
	BIGNUM *bn;

	EVP_EncodeBlock((unsigned char *)b64, der, (int)n);
	json_object_set_new(c, "as_der", json_string(b64));
	free(b64);
	json_object_set_new(c, "sha1", library_digest(EVP_sha1(), der, n));
	json_object_set_new(c, "sha256", library_digest(EVP_sha256(), der, n));
	if (x == NULL)
		return c;
	json_object_set_new(c, "all_domains", library_domains(x));
	json_object_set_new(c, "extensions", library_extensions(x));
	json_object_set_new(c, "not_after", library_time(X509_get0_notAfter(x)));
	json_object_set_new(c, "not_before", library_time(X509_get0_notBefore(x)));
	bn = ASN1_INTEGER_to_BN(X509_get0_serialNumber(x), NULL);
	serial = BN_bn2hex(bn);
	json_object_set_new(c, "serial_number", json_string(serial));
	OPENSSL_free(serial);
	BN_free(bn);
	json_object_set_new(c, "subject", library_name(X509_get_subject_name(x)));
	json_object_set_new(c, "issuer", library_name(X509_get_issuer_name(x)));
	X509_free(x);
	return c;
}

static size_t
library_u24(const unsigned char *p)
{
	return (size_t)p[0] << 16 | (size_t)p[1] << 8 | p[2];
}

/* An entry's certificate and chain, as one event; the corpus's framing is known to be right. */
static json_t *
library_event(const unsigned char *leaf, const unsigned char *extra, size_t extra_n)
{
	const unsigned char *p = extra, *end = extra + extra_n;
	json_t *event = json_object(), *chain = json_array();

	if (leaf[11] == 1) {
		json_object_set_new(event, "leaf_cert", library_certificate(p + 3, library_u24(p)));
		p += 3 + library_u24(p);
	} else {
		json_object_set_new(event, "leaf_cert",
		    library_certificate(leaf + 15, library_u24(leaf + 12)));
	}
	for (p += 3; end - p >= 3; p += 3 + library_u24(p))
		json_array_append_new(chain, library_certificate(p + 3, library_u24(p)));
	json_object_set_new(event, "chain", chain);
	return event;
}

int
main(void)
{
	char *line = NULL;
	size_t room = 0, extra_n, leaf_n;

	while (getline(&line, &room, stdin) > 0) {
		json_t *in = json_loads(line, 0, NULL), *event;
		unsigned char *leaf, *extra;

		leaf = library_decode(json_string_value(json_object_get(in, "leaf_input")), &leaf_n);
		extra = library_decode(json_string_value(json_object_get(in, "extra_data")), &extra_n);
		event = library_event(leaf, extra, extra_n);
		json_dumpf(event, stdout, JSON_COMPACT);
		putchar('\n');
		json_decref(event);
		json_decref(in);
		free(leaf);
		free(extra);
	}
	free(line);
	return fflush(stdout) == 0 ? 0 : 111;
}

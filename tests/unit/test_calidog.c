/*
 * Format calidog: the texts of its extensions, its names and numbers, and the
 * smaller forms cut out of its events. What the texts should be is what
 * OpenSSL prints, with the newlines of CaliDog's README.
 */
#include "unit.h"

#include <openssl/x509v3.h>

#include "enc/text.h"
#include "event/distinct.h"
#include "event/domains.h"
#include "event/event.h"
#include "event/leaf.h"
#include "x509/cert.h"
#include "x509/ext.h"
#include "x509/oid.h"

static struct span
extension_text(enum ext_kind kind, struct span value)
{
	static struct buf b;

	buf_reset(&b);
	ext_put_calidog(&b, kind, value);
	return buf_span(&b);
}

static void
the_texts_of_the_readme_come_out(void)
{
	CHECK_TEXT(extension_text(EXT_KEY_USAGE, SPAN("\x03\x02\x05\xa0")),
	    "Digital Signature, Key Encipherment");
	CHECK_TEXT(extension_text(EXT_KEY_USAGE, SPAN("\x03\x02\x01\x46")),
	    "Non Repudiation, Certificate Sign, CRL Sign");
	CHECK_TEXT(extension_text(EXT_BASIC_CONSTRAINTS, SPAN("\x30\x06\x01\x01\xff\x02\x01\x00")),
	    "CA:TRUE, pathlen:0");
	CHECK_TEXT(extension_text(EXT_BASIC_CONSTRAINTS, SPAN("\x30\x00")), "CA:FALSE");
	CHECK_TEXT(extension_text(EXT_SUBJECT_KEY_IDENTIFIER, SPAN("\x04\x02\xab\xcd")), "AB:CD");
	CHECK_TEXT(extension_text(EXT_AUTHORITY_KEY_IDENTIFIER, SPAN("\x30\x04\x80\x02\x0a\x0b")),
	    "keyid:0A:0B\\n");
	CHECK_TEXT(extension_text(EXT_EXTENDED_KEY_USAGE, SPAN("\x30\x0a\x06\x08\x2b\x06\x01\x05\x05"
	    "\x07\x03\x01")), "TLS Web Server Authentication");
	CHECK_TEXT(extension_text(EXT_AUTHORITY_INFO_ACCESS,
	    SPAN("\x30\x1e\x30\x0d\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x01\x86\x01o"
	    "\x30\x0d\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x02\x86\x01i")),
	    "OCSP - URI:o\\nCA Issuers - URI:i\\n");
	CHECK_TEXT(extension_text(EXT_CRL_DISTRIBUTION_POINTS,
	    SPAN("\x30\x19\x30\x0a\xa0\x08\xa0\x06\x86\x01" "a\x86\x01" "b"
	    "\x30\x0b\xa0\x05\xa0\x03\x86\x01" "c\x81\x02\x06\x40")),
	    "\\nFull Name:\\n  URI:a\\n  URI:b\\n\\nFull Name:\\n  URI:c\\nReasons:\\n  Key Compromise\\n");
}

static void
policies_keep_their_order_and_every_qualifier(void)
{
	CHECK_TEXT(extension_text(EXT_CERTIFICATE_POLICIES,
	    SPAN("\x30\x4b\x30\x08\x06\x06\x67\x81\x0c\x01\x02\x01"
	    "\x30\x3f\x06\x03\x2a\x03\x04\x30\x38"
	    "\x30\x0d\x06\x08\x2b\x06\x01\x05\x05\x07\x02\x01\x16\x01u"
	    "\x30\x20\x06\x08\x2b\x06\x01\x05\x05\x07\x02\x02\x30\x14"
	    "\x30\x0c\x0c\x02\xc3\xb6\x30\x06\x02\x01\x01\x02\x01\x02\x1e\x04\x00" "a\x00\""
	    "\x30\x05\x06\x03\x2a\x03\x05")),
	    "Policy: 2.23.140.1.2.1\\nPolicy: 1.2.3.4\\n  CPS: u\\n  User Notice:\\n"
	    "    Organization: \xc3\xb6\\n    Numbers: 1, 2\\n    Explicit Text: a\\\"\\n"
	    "    Unknown Qualifier: 1.2.3.5\\n");
	CHECK_TEXT(extension_text(EXT_CERTIFICATE_POLICIES,
	    SPAN("\x30\x08\x30\x06\x06\x04\x55\x1d\x20\x00")), "Policy: X509v3 Any Policy\\n");
}

static void
alternative_names_stand_in_certificate_order(void)
{
	CHECK_TEXT(extension_text(EXT_SUBJECT_ALT_NAME,
	    SPAN("\x30\x3d\x86\x03u:a\x82\x01" "d\x81\x01@\x87\x04\x7f\x00\x00\x01"
	    "\x87\x10\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"
	    "\x88\x02\x2a\x03\xa0\x02\x05\x00\xa4\x10\x30\x0e\x31\x0c\x30\x0a"
	    "\x06\x03\x55\x04\x03\x0c\x03" "a,b")),
	    "URI:u:a, DNS:d, email:@, IP Address:127.0.0.1, IP Address:2001:DB8:0:0:0:0:0:1, "
	    "Registered ID:1.2.3, othername:<unsupported>, DirName:/CN=a,b");
	CHECK_TEXT(extension_text(EXT_ISSUER_ALT_NAME, SPAN("\x30\x04\x82\x02\xe9\x22")),
	    "DNS:\xc3\xa9\\\"");
	CHECK_TEXT(extension_text(EXT_SUBJECT_ALT_NAME, SPAN("\x30\x00")), "");
}

static void
directory_names_print_as_openssl_prints_them_there(void)
{
	CHECK_TEXT(extension_text(EXT_CRL_DISTRIBUTION_POINTS,
	    SPAN("\x30\x2a\x30\x28\xa2\x26\xa4\x24\x30\x22\x31\x0b\x30\x09\x06\x03\x55\x04\x06\x13\x02US"
	    "\x31\x13\x30\x08\x06\x03\x55\x04\x0a\x0c\x01O\x30\x07\x06\x02\x2a\x03\x0c\x01,")),
	    "\\nCRL Issuer:\\n  DirName:C = US, O = O + 1.2.3 = \\\",\\\"\\n");
	CHECK_TEXT(extension_text(EXT_AUTHORITY_KEY_IDENTIFIER,
	    SPAN("\x30\x15\xa1\x10\xa4\x0e\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x0a\x0c\x01O"
	    "\x82\x01\x80")), "DirName:/O=O\\nserial:80\\n");
}

/* "O = ..." in the text of a CRL's issuer of this name. */
static struct span
relative_text(uint8_t tag, const char *value)
{
	static struct buf text;
	struct buf b;
	size_t n = strlen(value);
	const uint8_t head[] = { 0x31, (uint8_t)(n + 9), 0x30, (uint8_t)(n + 7), 0x06, 3, 0x55, 0x04, 0x0a,
		tag, (uint8_t)n };

	buf_init(&b);
	buf_put(&b, span_of(head, sizeof(head)));
	buf_puts(&b, value);
	buf_reset(&text);
	name_put_relative(&text, span_from(buf_span(&b), 2), NAME_COMMAS);
	buf_free(&b);
	return buf_span(&text);
}

/* What X509_NAME_print_ex writes with XN_FLAG_ONELINE for it, as a JSON string. */
static void
names_between_commas_are_quoted_as_openssl_quotes_them(void)
{
	static const char *const text[][2] = { { "A \"x\", \\ b", "\\\"A \\\\\\\"x\\\\\\\", \\\\\\\\ b\\\"" },
		{ "A \"x\"", "A \\\\\\\"x\\\\\\\"" }, { "\\", "\\\\\\\\" }, { "a b", "a b" }, { "", "" },
		{ "#", "#" }, { "#a", "\\\"#a\\\"" }, { " ", "\\\" \\\"" }, { "a ", "\\\"a \\\"" },
		{ "a;\n", "\\\"a;\\n\\\"" }, { "a<", "\\\"a<\\\"" }, { "\n\\\t", "\\n\\\\\\\\\\t" } };
	struct buf b;

	for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++) {
		buf_init(&b);
		buf_puts(&b, "O = ");
		buf_puts(&b, text[i][1]);
		CHECK_TEXT(relative_text(DER_UTF8_STRING, text[i][0]), buf_str(&b));
		buf_free(&b);
	}
	CHECK_TEXT(relative_text(DER_BIT_STRING, "\x07\x80"), "O = #03020780");
	CHECK_TEXT(relative_text(DER_UTC_TIME, "7"), "O = 7");
}

static void
unreadable_extensions_name_their_clause(void)
{
	struct buf b;

	buf_init(&b);
	for (unsigned kind = 0; kind < EXT_KINDS; kind++)
		if (kind != EXT_SCT_LIST && kind != EXT_POISON)
			CHECK(strstr(ext_put_calidog(&b, kind, SPAN("\x05\x00")), "RFC 5280 4.2."));
	buf_free(&b);
}

static struct span
signature_text(struct span signature)
{
	static struct buf b;

	buf_reset(&b);
	cert_put_signature_calidog(&b, signature);
	return buf_span(&b);
}

static void
signature_algorithms_have_names_in_the_servers_form(void)
{
	CHECK_TEXT(signature_text(SPAN("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00")), "sha256, rsa");
	CHECK_TEXT(signature_text(SPAN("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05")), "sha, rsa");
	CHECK_TEXT(signature_text(SPAN("\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03")), "sha384, ecdsa");
	CHECK_TEXT(signature_text(SPAN("\x06\x03\x2b\x65\x71")), "none, eddsa");
	CHECK_TEXT(signature_text(SPAN("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a\x30\x00")), "sha, rsa_pss");
	CHECK_TEXT(signature_text(SPAN("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a\x30\x11\xa0\x0f\x30\x0d"
	    "\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00")), "sha256, rsa_pss");
	CHECK_TEXT(signature_text(SPAN("\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x11")), "none, ml_dsa");
	CHECK_TEXT(signature_text(SPAN("\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x63")),
	    "2.16.840.1.101.3.4.3.99");
	CHECK_TEXT(signature_text(SPAN("\x05\x00")), "unknown");
}

static struct span
text_of(void (*put)(struct buf *, struct span), struct span value)
{
	static struct buf b;

	buf_reset(&b);
	put(&b, value);
	return buf_span(&b);
}

static void
numbers_print_without_padding(void)
{
	CHECK_TEXT(text_of(text_put_hex_integer, SPAN("\x0a\xbc")), "ABC");
	CHECK_TEXT(text_of(text_put_hex_integer, SPAN("\x00")), "0");
	CHECK_TEXT(text_of(text_put_hex_integer, SPAN("\xfb")), "-5");
	CHECK_TEXT(text_of(text_put_hex_integer, SPAN("\xff\x00")), "-100");
	CHECK_TEXT(text_of(text_put_serial, SPAN("\x0a\xbc")), "0ABC");
	CHECK_TEXT(text_of(text_put_hex_magnitude, SPAN("\x00\x80")), "80");
	CHECK_TEXT(text_of(text_put_hex_magnitude, SPAN("\xff\x00")), "01:00");
	CHECK_TEXT(text_of(text_put_hex_magnitude, SPAN("\x80")), "80");
	CHECK_TEXT(text_of(text_put_integer, SPAN("\x7f\xff\xff\xff\xff\xff\xff\xff")), "9223372036854775807");
	CHECK_TEXT(text_of(text_put_integer, SPAN("\xff")), "-1");
	CHECK_TEXT(text_of(text_put_integer, SPAN("\x01\0\0\0\0\0\0\0\0")), "18446744073709551616");
	CHECK_TEXT(text_of(text_put_integer, SPAN("\0\0\0\0\0\0\0\0\x80")), "128");
	CHECK_TEXT(text_of(text_put_integer, SPAN("")), "0");
}

/* An INTEGER, as OpenSSL prints it in extensions. */
static struct span
openssl_integer(struct span integer)
{
	static struct buf b;
	uint8_t *p;
	const unsigned char *at;
	ASN1_INTEGER *value;
	char *text;

	buf_reset(&b);
	buf_putc(&b, DER_INTEGER);
	buf_putc(&b, (uint8_t)integer.n);
	buf_put(&b, integer);
	at = p = b.p;
	value = d2i_ASN1_INTEGER(NULL, &at, (long)b.n);
	text = i2s_ASN1_INTEGER(NULL, value);
	CHECK(at == p + b.n && text != NULL);
	buf_reset(&b);
	buf_puts(&b, text);
	OPENSSL_free(text);
	ASN1_INTEGER_free(value);
	return buf_span(&b);
}

/* All of 1 to 20 bytes whose ends are a border, with two kinds of bytes between. */
static void
numbers_of_any_size_print_as_openssl_prints_them(void)
{
	static const uint8_t border[] = { 0x00, 0x01, 0x0f, 0x10, 0x7f, 0x80, 0x81, 0xf0, 0xfe, 0xff };
	uint8_t bytes[20];
	struct span s, theirs;

	for (unsigned i = 0; i < 20 * 10 * 10 * 2; i++) {
		s = span_of(bytes, i / 200 + 1);
		memset(bytes, i % 2 ? 0xff : 0x00, s.n);
		bytes[s.n - 1] = border[i / 2 % 10];
		bytes[0] = border[i / 20 % 10];
		if (s.n > 1 && (bytes[0] == 0 || bytes[0] == 0xff) && !((bytes[0] ^ bytes[1]) & 0x80))
			continue;	/* which OpenSSL refuses: X.690 8.3.2 */
		theirs = openssl_integer(s);
		CHECK(span_eq(text_of(text_put_integer, s), theirs));
	}
}

static void
oids_have_openssls_names(void)
{
	unsigned found = 0;
	const ASN1_OBJECT *object;
	const char *brief;
	char number[128];
	struct span oid;

	for (int nid = 1; nid < OBJ_new_nid(0); nid++) {
		object = OBJ_nid2obj(nid);
		if (object == NULL || OBJ_length(object) == 0)
			continue;
		OBJ_obj2txt(number, sizeof(number), object, 1);
		if (OBJ_txt2nid(number) != nid)	/* of two with this number the other is shown */
			continue;
		oid = span_of(OBJ_get0_data(object), OBJ_length(object));
		brief = oid_short(oid);
		if (brief == NULL)
			continue;
		found++;
		CHECK_TEXT(span_str(brief), OBJ_nid2sn(nid));
		CHECK_TEXT(text_of(oid_put, oid), OBJ_nid2ln(nid));
	}
	CHECK(found == 149);	/* a row out of order is not found */
}

/* Each place that shows an OID has them: names the short ones, all else the long ones. */
static void
oids_show_by_name_wherever_openssl_names_them(void)
{
	CHECK_TEXT(extension_text(EXT_CERTIFICATE_POLICIES,
	    SPAN("\x30\x2d\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x01\x03"
	    "\x30\x08\x06\x06\x2a\x85\x03\x64\x71\x02"
	    "\x30\x15\x06\x03\x2a\x03\x04\x30\x0e\x30\x0c\x06\x08\x2b\x06\x01\x05\x05\x07\x02\x03"
	    "\x05\x00")),
	    "Policy: qcStatements\\nPolicy: Class of Signing Tool KC2\\nPolicy: 1.2.3.4\\n"
	    "    Unknown Qualifier: textNotice\\n");
	CHECK_TEXT(extension_text(EXT_SUBJECT_ALT_NAME,
	    SPAN("\x30\x20\x88\x06\x2a\x86\x48\x86\xf7\x0d\xa4\x16\x30\x14\x31\x12\x30\x10"
	    "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x08\x13\x03" "a.b")),
	    "Registered ID:RSA Data Security, Inc., DirName:/unstructuredAddress=a.b");
	CHECK_TEXT(extension_text(EXT_AUTHORITY_INFO_ACCESS,
	    SPAN("\x30\x0f\x30\x0d\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x0d\x86\x01o")),
	    "RPKI Notify - URI:o\\n");
	CHECK_TEXT(extension_text(EXT_EXTENDED_KEY_USAGE, SPAN("\x30\x08\x06\x01\x2b\x06\x03\x2a\x03\x04")),
	    "org, 1.2.3.4");
}

/* all_domains of a certificate with this common name and these extensions. */
static struct span
domains_of(struct span subject, struct span extensions)
{
	static struct buf b;
	struct leaf l = { .format = FORMAT_CALIDOG };

	buf_reset(&b);
	l.cert.subject = subject;
	l.cert.extensions = extensions;
	ext_parse(&l.ext, extensions);
	domains_put(&b, &l);
	leaf_free(&l);
	return buf_span(&b);
}

static void
the_common_name_comes_first_and_each_name_once(void)
{
	struct span b_wide = SPAN("\x30\x0f\x31\x0d\x30\x0b\x06\x03\x55\x04\x03\x1e\x04\0b\0b");

	CHECK_TEXT(domains_of(b_wide, SPAN("\x30\x16\x06\x03\x55\x1d\x11\x04\x0f"
	    "\x30\x0d\x82\x01z\x82\x02" "bb\x82\x01" "a\x82\x01z")), "[\"bb\",\"z\",\"a\"]");
	CHECK_TEXT(domains_of(SPAN("\x30\x00"), SPAN("\x30\x0f\x06\x03\x55\x1d\x11\x04\x08"
	    "\x30\x06\x82\x01" "a\x82\x01" "A")), "[\"a\",\"A\"]");
	CHECK_TEXT(domains_of(b_wide, (struct span){ NULL, 0 }), "[\"bb\"]");
	CHECK_TEXT(domains_of(SPAN("\x30\x00"), (struct span){ NULL, 0 }), "[]");
}

static void
all_names_of_two_subject_alt_name_extensions_are_shown(void)
{
	CHECK_TEXT(domains_of(SPAN("\x30\x00"), SPAN("\x30\x0c\x06\x03\x55\x1d\x11\x04\x05"
	    "\x30\x03\x82\x01" "a" "\x30\x0f\x06\x03\x55\x1d\x11\x04\x08"
	    "\x30\x06\x82\x01" "a\x82\x01" "b")), "[\"a\",\"b\"]");
}

/* 9,000 texts of four digits, the second 3,000 and the third the same as the first. */
static void
repetitions_are_found_among_thousands(void)
{
	struct distinct d = { NULL, 0, 0 };
	size_t wrong = 0;
	struct buf b;

	buf_init(&b);
	distinct_reset(&d);
	for (unsigned i = 0; i < 9000; i++) {
		distinct_add(&d, b.n, 4);
		buf_putf(&b, "%04u", i * 7 % 3000);
	}
	distinct_find(&d, b.p);
	for (size_t i = 0; i < 9000; i++)
		wrong += d.text[i].again != (i >= 3000) || d.text[i].place != i || d.text[i].from != 4 * i;
	CHECK(wrong == 0 && d.count == 9000);
	distinct_free(&d);
	buf_free(&b);
}

/* The event of one line in a form, without its LF. */
static void
put_event(struct buf *out, const char *line, enum form form)
{
	struct event_writer *w = event_open(&(struct event_options){ .form = form,
	    .format = FORMAT_CALIDOG });
	struct raw_line entries;
	const char *why;
	struct raw raw;

	raw_open(&entries, span_str(line));
	CHECK(raw_next(&entries, &raw, &why) && why == NULL);
	CHECK(event_put(w, out, &raw) == NULL);
	out->n -= out->n > 0;
	event_free(w);
}

static bool
has(const struct buf *b, const char *text)
{
	return memmem(b->p, b->n, text, strlen(text)) != NULL;
}

#define ODD "\"leaf_input\":\"AAAAAAGLz+VoewAAAAABAAAA\",\"extra_data\":\"AAAEAAABAA==\"}"

static void
the_smaller_forms_are_cut_from_the_full_one_as_they_are_written(void)
{
	static const char line[] = "{\"index\":7,\"seen\":1700000000.50,\"source\":{\"name\":\"L\","
	    "\"url\":\"https:\\/\\/l.example\\/2026\\/\"}," ODD;
	struct buf full, form, cut;

	buf_init(&full);
	buf_init(&form);
	buf_init(&cut);
	put_event(&full, line, FORM_FULL);
	CHECK(has(&full, "\"as_der\":\"AA==\",\"all_domains\":[],"));
	CHECK(has(&full, "\"chain\":[{\"subject\":"));
	CHECK(has(&full, "\"seen\":1700000000.5,\"source\":{\"url\":\"l.example/2026\","
	    "\"name\":\"L\"}}}"));
	put_event(&form, line, FORM_LITE);
	CHECK(event_put_lite(&cut, buf_span(&full)) && span_eq(buf_span(&cut), buf_span(&form)));
	buf_reset(&form);
	buf_reset(&cut);
	put_event(&form, line, FORM_DOMAINS);
	CHECK(event_put_domains(&cut, buf_span(&full)) && span_eq(buf_span(&cut), buf_span(&form)));
	CHECK_TEXT(buf_span(&cut), "{\"data\":[],\"message_type\":\"dns_entries\"}");
	buf_free(&full);
	buf_free(&form);
	buf_free(&cut);
}

static void
seen_has_a_decimal_and_an_empty_chain_is_there(void)
{
	struct buf b;

	buf_init(&b);
	put_event(&b, "{\"seen\":1700000000," ODD, FORM_LITE);
	CHECK(has(&b, "\"seen\":1700000000.0,\"source\":{\"url\":\"\","));
	CHECK(has(&b, "\"cert_index\":0,\"cert_link\":\"\","));
	buf_reset(&b);
	put_event(&b, "{\"leaf_input\":\"AAAAAAGLz+VoewAAAAABAAAA\",\"extra_data\":\"AAAA\"}", FORM_FULL);
	CHECK(has(&b, "\"chain\":[],\"cert_index\":"));
	CHECK(has(&b, "\"seen\":0.0,"));
	buf_free(&b);
}

int
main(void)
{
	RUN(the_texts_of_the_readme_come_out);
	RUN(policies_keep_their_order_and_every_qualifier);
	RUN(alternative_names_stand_in_certificate_order);
	RUN(directory_names_print_as_openssl_prints_them_there);
	RUN(names_between_commas_are_quoted_as_openssl_quotes_them);
	RUN(unreadable_extensions_name_their_clause);
	RUN(signature_algorithms_have_names_in_the_servers_form);
	RUN(numbers_print_without_padding);
	RUN(numbers_of_any_size_print_as_openssl_prints_them);
	RUN(oids_have_openssls_names);
	RUN(oids_show_by_name_wherever_openssl_names_them);
	RUN(the_common_name_comes_first_and_each_name_once);
	RUN(all_names_of_two_subject_alt_name_extensions_are_shown);
	RUN(repetitions_are_found_among_thousands);
	RUN(the_smaller_forms_are_cut_from_the_full_one_as_they_are_written);
	RUN(seen_has_a_decimal_and_an_empty_chain_is_there);
	return unit_end();
}

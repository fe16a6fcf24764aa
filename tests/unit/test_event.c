/*
 * lib/event from the entry to the event: framing, names, extensions, events and
 * their smaller forms. The certificates are written here byte by byte.
 */
#include "unit.h"

#include <stdlib.h>

#include "ct/entry.h"
#include "enc/b64.h"
#include "enc/json_put.h"
#include "event/chain.h"
#include "event/domains.h"
#include "event/event.h"
#include "event/hostname.h"
#include "event/leaf.h"
#include "x509/cert.h"
#include "x509/ext.h"
#include "x509/name.h"

/* One DER element with a body of up to 65,535 bytes at the end of b. */
static void
put_der(struct buf *b, uint8_t tag, struct span body)
{
	buf_putc(b, (char)tag);
	if (body.n >= 0x80) {
		buf_putc(b, (char)0x82);
		buf_putc(b, (char)(body.n >> 8));
	}
	buf_putc(b, (char)body.n);
	buf_put(b, body);
}

/* What stands in b, as the body of an element that replaces it. */
static void
wrap_der(struct buf *b, uint8_t tag)
{
	struct buf outer;

	buf_init(&outer);
	put_der(&outer, tag, buf_span(b));
	buf_free(b);
	*b = outer;
}

static void
put_attribute(struct buf *name, const char *oid, uint8_t tag, struct span value)
{
	struct buf b;

	buf_init(&b);
	put_der(&b, 0x06, span_of(oid, oid[0] == 0x55 ? 3 : 9));
	put_der(&b, tag, value);
	wrap_der(&b, 0x30);
	wrap_der(&b, 0x31);
	buf_put(name, buf_span(&b));
	buf_free(&b);
}

static void
put_extension(struct buf *list, const char *oid, size_t n, struct span value)
{
	struct buf b;

	buf_init(&b);
	put_der(&b, 0x06, span_of(oid, n));
	put_der(&b, 0x04, value);
	wrap_der(&b, 0x30);
	buf_put(list, buf_span(&b));
	buf_free(&b);
}

#define CN "\x55\x04\x03"
#define OU "\x55\x04\x0b"
#define EMAIL "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01"

/* A TBSCertificate for "CN=www.example.com", which it is by too, serial 0x0102. */
static void
put_tbs_with(struct buf *b, struct buf list, bool with_cn)
{
	struct buf name;

	buf_init(&name);
	if (with_cn)
		put_attribute(&name, CN, 0x0c, SPAN("www.example.com"));
	wrap_der(&name, 0x30);
	wrap_der(&list, 0x30);
	put_der(b, 0xa0, SPAN("\x02\x01\x02"));
	put_der(b, 0x02, SPAN("\x01\x02"));
	put_der(b, 0x30, SPAN("\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"));
	buf_put(b, buf_span(&name));
	put_der(b, 0x30, SPAN("\x17\x0d" "700101000001Z" "\x18\x0f" "20500101000000Z"));
	buf_put(b, buf_span(&name));
	put_der(b, 0x30, SPAN("\x30\x00\x03\x01\x00"));
	put_der(b, 0xa3, buf_span(&list));
	wrap_der(b, 0x30);
	buf_free(&name);
	buf_free(&list);
}

static void
put_tbs(struct buf *b, struct span san, bool with_cn)
{
	struct buf list;

	buf_init(&list);
	put_extension(&list, "\x55\x1d\x11", 3, san);
	put_tbs_with(b, list, with_cn);
}

/* Signs what stands in b, so to say. */
static void
sign(struct buf *b)
{
	put_der(b, 0x30, SPAN("\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"));
	put_der(b, 0x03, SPAN("\x00\x01"));
	wrap_der(b, 0x30);
}

static void
put_certificate(struct buf *b, struct span san, bool with_cn)
{
	put_tbs(b, san, with_cn);
	sign(b);
}

#define TWO_NAMES span_of("\x30\x17\x82\x0f" "www.example.com" "\x87\x04\x7f\x00\x00\x01", 25)

static void
put_u24(struct buf *b, size_t n)
{
	buf_putc(b, (char)(n >> 16));
	buf_putc(b, (char)(n >> 8));
	buf_putc(b, (char)n);
}

/* The line of an X.509 entry with a chain, index 7 of a log "L". */
static void
put_line_with(struct buf *line, struct span der, struct span chain)
{
	struct buf leaf, extra;

	buf_init(&leaf);
	buf_init(&extra);
	buf_put(&leaf, span_of("\0\0\0\0\x01\x8b\xcf\xe5\x68\x7b\0\0", 12));
	put_u24(&leaf, der.n);
	buf_put(&leaf, der);
	buf_put(&leaf, span_of("\0\0", 2));
	put_u24(&extra, chain.n);
	buf_put(&extra, chain);
	buf_puts(line, "{\"message_type\":\"entry\",\"source\":{\"log_id\":\"x\",\"name\":\"L\","
	    "\"operator\":\"O\",\"url\":\"https://l.example/\",\"type\":\"rfc6962\"},\"index\":7,"
	    "\"seen\":1700000000.120,\"leaf_input\":\"");
	b64_put(line, buf_span(&leaf));
	buf_puts(line, "\",\"extra_data\":\"");
	b64_put(line, buf_span(&extra));
	buf_puts(line, "\"}");
	buf_free(&leaf);
	buf_free(&extra);
}

/* The line of an entry that is its own issuer. */
static void
put_line(struct buf *line, struct span der)
{
	struct buf chain;

	buf_init(&chain);
	put_u24(&chain, der.n);
	buf_put(&chain, der);
	put_line_with(line, der, buf_span(&chain));
	buf_free(&chain);
}

/* The line of a precertificate entry, whose issuer's key has this first byte in its hash. */
static void
put_precert_line(struct buf *line, uint8_t key_hash, struct span tbs, struct span precert,
    struct span chain)
{
	uint8_t hash[32] = { key_hash };
	struct buf leaf, extra;

	buf_init(&leaf);
	buf_init(&extra);
	buf_put(&leaf, span_of("\0\0\0\0\x01\x8b\xcf\xe5\x68\x7b\0\x01", 12));
	buf_put(&leaf, span_of(hash, sizeof(hash)));
	put_u24(&leaf, tbs.n);
	buf_put(&leaf, tbs);
	buf_put(&leaf, span_of("\0\0", 2));
	put_u24(&extra, precert.n);
	buf_put(&extra, precert);
	put_u24(&extra, chain.n + 3);
	put_u24(&extra, chain.n);
	buf_put(&extra, chain);
	buf_puts(line, "{\"leaf_input\":\"");
	b64_put(line, buf_span(&leaf));
	buf_puts(line, "\",\"extra_data\":\"");
	b64_put(line, buf_span(&extra));
	buf_puts(line, "\"}");
	buf_free(&leaf);
	buf_free(&extra);
}

#define POISON "\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x03"
#define PRECERT_SIGNER "\x30\x0c\x06\x0a\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x04"

static const char *event_of(struct buf *, struct span, enum form);

/* The event of a precertificate signed by a precertificate signing certificate. */
static void
put_delegated(struct buf *out, bool by_the_entrys_issuer)
{
	struct buf tbs, precert, signer, list, line;

	buf_init(&tbs);
	buf_init(&precert);
	buf_init(&signer);
	buf_init(&list);
	buf_init(&line);
	put_tbs(&tbs, TWO_NAMES, true);
	put_extension(&list, "\x55\x1d\x11", 3, TWO_NAMES);
	buf_put(&list, SPAN("\x30\x13\x06\x0a" POISON "\x01\x01\xff\x04\x02\x05\x00"));
	put_tbs_with(&precert, list, true);
	sign(&precert);
	buf_init(&list);
	put_extension(&list, "\x55\x1d\x25", 3, SPAN(PRECERT_SIGNER));
	put_tbs_with(&signer, list, by_the_entrys_issuer);
	sign(&signer);
	put_precert_line(&line, 7, buf_span(&tbs), buf_span(&precert), buf_span(&signer));
	CHECK(event_of(out, buf_span(&line), FORM_LITE) == NULL);
	buf_free(&tbs);
	buf_free(&precert);
	buf_free(&signer);
	buf_free(&line);
}

/* The first entry of a line by event_put, or its start by event_begin; the reason when refused. */
static const char *
put_first(struct buf *out, struct event_writer *w, struct span line,
    const char *(*put)(struct event_writer *, struct buf *, const struct raw *))
{
	struct raw_line entries;
	struct raw raw;
	const char *why;

	raw_open(&entries, line);
	if (raw_next(&entries, &raw, &why) && why == NULL)
		why = put(w, out, &raw);
	return why;
}

static const char *
event_of(struct buf *out, struct span line, enum form form)
{
	struct event_writer *w = event_open(&(struct event_options){ .form = form });
	const char *why = put_first(out, w, line, event_put);

	event_free(w);
	return why;
}

/* Puts the event of a certificate whose TBSCertificate stands behind this other element. */
static void
put_behind(struct buf *out, struct event_writer *w, struct span before, struct span names)
{
	struct buf der, line;

	buf_init(&der);
	buf_init(&line);
	put_tbs(&der, names, true);
	buf_put(&line, before);
	buf_put(&line, buf_span(&der));
	sign(&line);
	buf_reset(&der);
	put_line(&der, buf_span(&line));
	CHECK(put_first(out, w, buf_span(&der), event_put) == NULL);
	buf_free(&der);
	buf_free(&line);
}

static void
a_malformed_certificate_is_the_repetition_of_its_exact_copies_only(void)
{
	static const struct span before[] = { { (const uint8_t *)"\x05\x00", 2 },
		{ (const uint8_t *)"\x30\x00", 2 } };
	struct event_writer *w;
	struct event_counts counts;
	struct buf out;

	buf_init(&out);
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		w = event_open(&(struct event_options){ .form = FORM_LITE, .unique = 9 });
		put_behind(&out, w, before[i], SPAN("\x30\x05\x82\x03" "a.b"));
		put_behind(&out, w, before[i], SPAN("\x30\x05\x82\x03" "c.d"));
		event_count(w, &counts);
		CHECK(counts.dropped == 0);
		put_behind(&out, w, before[i], SPAN("\x30\x05\x82\x03" "a.b"));
		event_count(w, &counts);
		CHECK(counts.dropped == 1);
		event_free(w);
	}
	buf_free(&out);
}

/* The i-th of events whose certificates all differ, and of which some are long. */
static void
put_numbered(struct buf *out, struct event_writer *w, unsigned i,
    const char *(*put)(struct event_writer *, struct buf *, const struct raw *))
{
	uint8_t rest[200 * 100] = { (uint8_t)i };
	struct buf der, line;
	size_t was = out->n;

	buf_init(&der);
	buf_init(&line);
	put_certificate(&der, TWO_NAMES, true);
	buf_put(&der, span_of(rest, 1 + i % 3 * 200 + (i % 40 == 39) * 100 * 190));
	put_line_with(&line, buf_span(&der), SPAN(""));
	CHECK(put_first(out, w, buf_span(&line), put) == NULL && out->n > was);
	buf_free(&der);
	buf_free(&line);
}

static void
events_begun_together_and_finished_are_those_put_one_by_one(void)
{
	struct event_writer *w = event_open(&(struct event_options){ .form = FORM_FULL });
	struct buf begun, put;

	buf_init(&begun);
	buf_init(&put);
	for (unsigned n = 0; n < 200; n += 1 + n / 2) {
		for (unsigned i = 0; i < n; i++)
			put_numbered(&begun, w, i, event_begin);
		event_finish(w, &begun);
		for (unsigned i = 0; i < n; i++)
			put_numbered(&put, w, i, event_put);
		CHECK(span_eq(buf_span(&begun), buf_span(&put)));
		buf_reset(&begun);
		buf_reset(&put);
	}
	buf_free(&begun);
	buf_free(&put);
	event_free(w);
}

/* An entry that is too long for form full, between two that are not. */
static void
put_too_long(struct buf *out, struct event_writer *w, struct span line,
    const char *(*put)(struct event_writer *, struct buf *, const struct raw *))
{
	size_t was;

	put_numbered(out, w, 1, put);
	was = out->n;
	CHECK(put_first(out, w, line, put) == NULL && out->n > was);
	put_numbered(out, w, 2, put);
}

static void
an_event_written_anew_without_its_der_gets_its_own_digests(void)
{
	size_t n = 13 << 20;
	uint8_t *der = calloc(1, n);
	struct event_writer *w = event_open(&(struct event_options){ .form = FORM_FULL });
	struct buf line, begun, put;

	buf_init(&line);
	buf_init(&begun);
	buf_init(&put);
	CHECK(der != NULL);
	put_line_with(&line, span_of(der, n), SPAN(""));
	put_too_long(&begun, w, buf_span(&line), event_begin);
	event_finish(w, &begun);
	put_too_long(&put, w, buf_span(&line), event_put);
	CHECK(put.n > 0 && span_eq(buf_span(&begun), buf_span(&put)));
	free(der);
	buf_free(&line);
	buf_free(&begun);
	buf_free(&put);
	event_free(w);
}

static bool
has(const struct buf *b, const char *text)
{
	return memmem(b->p, b->n, text, strlen(text)) != NULL;
}

static void
an_entry_becomes_one_event_with_every_member(void)
{
	struct buf der, line, out;

	buf_init(&der);
	buf_init(&line);
	buf_init(&out);
	put_certificate(&der, TWO_NAMES, true);
	put_line(&line, buf_span(&der));
	CHECK(event_of(&out, buf_span(&line), FORM_FULL) == NULL);
	CHECK(has(&out, "{\"data\":{\"cert_index\":7,\"cert_link\":\"https://l.example/ct/v1/"
	    "get-entries?start=7&end=7\",\"chain\":[{\"all_domains\":[\"www.example.com\"],\"as_der\":"));
	CHECK(has(&out, "\"subjectAltName\":\"DNS:www.example.com, IP Address:127.0.0.1\""));
	CHECK(has(&out, "\"not_after\":2524608000,\"not_before\":1,\"serial_number\":\"0102\","
	    "\"signature_algorithm\":\"ecdsa, sha256\",\"subject\":{\"C\":null,\"CN\":"
	    "\"www.example.com\",\"L\":null,\"O\":null,\"OU\":null,\"ST\":null,\"aggregated\":"
	    "\"/CN=www.example.com\",\"email_address\":null},\"issuer\":"));
	CHECK(has(&out, "\"seen\":1700000000.12,\"source\":{\"name\":\"L\",\"url\":"
	    "\"https://l.example\",\"timestamp\":1700000000.123,\"type\":\"rfc6962\"},"
	    "\"update_type\":\"X509LogEntry\"},\"message_type\":\"certificate_update\"}\n"));
	CHECK(!has(&out, "parse_error"));
	buf_free(&der);
	buf_free(&line);
	buf_free(&out);
}

static void
lite_and_domains_are_cut_from_full_as_they_are_written(void)
{
	struct buf der, line, full, form, cut;

	buf_init(&der);
	buf_init(&line);
	buf_init(&full);
	buf_init(&form);
	buf_init(&cut);
	put_certificate(&der, TWO_NAMES, true);
	put_line(&line, buf_span(&der));
	event_of(&full, buf_span(&line), FORM_FULL);
	event_of(&form, buf_span(&line), FORM_LITE);
	CHECK(event_put_lite(&cut, span_of(full.p, full.n - 1)));
	CHECK(cut.n > 0 && span_eq(buf_span(&cut), span_of(form.p, form.n - 1)));
	buf_reset(&form);
	buf_reset(&cut);
	event_of(&form, buf_span(&line), FORM_DOMAINS);
	CHECK(event_put_domains(&cut, span_of(full.p, full.n - 1)));
	CHECK_TEXT(buf_span(&cut), "{\"data\":[\"www.example.com\"],\"message_type\":\"dns_entries\"}");
	CHECK(span_eq(buf_span(&cut), span_of(form.p, form.n - 1)));
	buf_free(&der);
	buf_free(&line);
	buf_free(&full);
	buf_free(&form);
	buf_free(&cut);
}

static void
each_form_is_found_by_its_name(void)
{
	enum form form = FORM_LITE;

	for (unsigned i = 0; i < FORMS; i++)
		CHECK(form_parse(form_name((enum form)i), &form) && form == (enum form)i);
	form = FORM_LITE;
	CHECK(!form_parse("status", &form) && !form_parse("", &form) && form == FORM_LITE);
}

static void
a_domains_event_is_told_by_its_first_bytes(void)
{
	CHECK(form_is_domains(SPAN("{\"data\":[\"a.example\"],\"message_type\":\"dns_entries\"}")));
	CHECK(form_is_domains(SPAN("{\"message_type\":\"dns_entries\",\"data\":[]}")));
	CHECK(!form_is_domains(SPAN("{\"data\":{\"cert_index\":0}}")));
	CHECK(!form_is_domains(SPAN("{\"message_type\":\"certificate_update\",\"data\":{}}")));
	CHECK(!form_is_domains(SPAN("")));
}

static void
a_cut_works_in_any_key_order_and_with_spaces(void)
{
	struct buf out;

	buf_init(&out);
	CHECK(event_put_lite(&out, SPAN("{\"message_type\": \"certificate_update\", \"data\": "
	    "{\"leaf_cert\": {\"all_domains\": [\"a\"], \"as_der\": \"AA\"}, \"seen\": 1, "
	    "\"chain\": [{\"as_der\":\"BB\"}]}}")));
	CHECK_TEXT(buf_span(&out), "{\"message_type\": \"certificate_update\", \"data\": "
	    "{\"leaf_cert\": {\"all_domains\": [\"a\"]}, \"seen\": 1}}");
	buf_reset(&out);
	CHECK(event_put_lite(&out, SPAN("{\"message_type\":\"certificate_update\",\"data\":"
	    "{\"chain\":[]\r\n,\"seen\":1}}")));
	CHECK_TEXT(buf_span(&out), "{\"message_type\":\"certificate_update\",\"data\":{\"seen\":1}}");
	buf_reset(&out);
	CHECK(!event_put_lite(&out, SPAN("{\"message_type\":\"heartbeat\"}")) && out.n == 0);
	CHECK(!event_put_lite(&out, SPAN("{\"data\":{\"chain\":[")) && out.n == 0);
	CHECK(!event_put_domains(&out, SPAN("[]")) && out.n == 0);
	buf_free(&out);
}

static void
a_certificate_without_common_name_has_null_and_nothing_in_aggregated(void)
{
	struct buf der, line, out;

	buf_init(&der);
	buf_init(&line);
	buf_init(&out);
	put_certificate(&der, TWO_NAMES, false);
	put_line(&line, buf_span(&der));
	CHECK(event_of(&out, buf_span(&line), FORM_LITE) == NULL);
	CHECK(has(&out, "\"subject\":{\"C\":null,\"CN\":null,\"L\":null,\"O\":null,\"OU\":null,"
	    "\"ST\":null,\"aggregated\":\"\",\"email_address\":null}"));
	CHECK(!has(&out, "chain") && !has(&out, "as_der"));
	buf_free(&der);
	buf_free(&line);
	buf_free(&out);
}

static void
the_issuer_of_a_precertificate_signer_must_be_that_of_the_entry(void)
{
	struct buf out;

	buf_init(&out);
	put_delegated(&out, true);
	CHECK(!has(&out, "\"mismatch\""));
	buf_reset(&out);
	put_delegated(&out, false);
	CHECK(has(&out, "\"mismatch\":\"RFC 6962 3.2: the entry's issuer is not"));
	buf_free(&out);
}

static void
only_the_form_domains_is_escaped_for_html_in_format_go(void)
{
	struct buf line, der, out, cut;

	buf_init(&line);
	buf_init(&der);
	buf_init(&out);
	buf_init(&cut);
	put_certificate(&der, SPAN("\x30\x08\x82\x06<a>&b\""), false);
	put_line(&line, buf_span(&der));
	CHECK(event_of(&out, buf_span(&line), FORM_DOMAINS) == NULL);
	CHECK_TEXT(buf_span(&out), "{\"data\":[\"\\u003ca\\u003e\\u0026b\\\"\"],\"message_type\":\"dns_entries\"}\n");
	out.n = 0;
	CHECK(event_of(&out, buf_span(&line), FORM_FULL) == NULL);
	CHECK(has(&out, "\"all_domains\":[\"<a>&b\\\"\"]"));
	out.n--;
	CHECK(event_put_domains(&cut, buf_span(&out)));
	CHECK_TEXT(buf_span(&cut), "{\"data\":[\"\\u003ca\\u003e\\u0026b\\\"\"],\"message_type\":\"dns_entries\"}");
	buf_free(&line);
	buf_free(&der);
	buf_free(&out);
	buf_free(&cut);
}

/* The event of an entry of a log at this URL, a JSON string, shows it as shown. */
static void
check_url(const char *url, const char *shown)
{
	struct buf line, out, wanted;

	buf_init(&line);
	buf_init(&out);
	buf_init(&wanted);
	buf_putf(&line, "{\"source\":{\"url\":%s},\"index\":1,"
	    "\"leaf_input\":\"AAAAAAGLz+VoewAAAAABAAAA\",\"extra_data\":\"AAAA\"}", url);
	CHECK(event_of(&out, buf_span(&line), FORM_LITE) == NULL);
	buf_putf(&wanted, "\"cert_link\":\"%s/ct/v1/get-entries?start=1&end=1\"", shown);
	CHECK(has(&out, buf_str(&wanted)));
	buf_reset(&wanted);
	buf_putf(&wanted, "\"url\":\"%s\"", shown);
	CHECK(has(&out, buf_str(&wanted)));
	buf_free(&line);
	buf_free(&out);
	buf_free(&wanted);
}

static void
a_url_may_have_its_slashes_escaped(void)
{
	check_url("\"https:\\/\\/l.example\\/\\u002f\"", "https://l.example");
}

static void
a_url_without_a_scheme_gets_one(void)
{
	check_url("\"l.example/log/\"", "https://l.example/log");
}

/* all_domains of a certificate with this common name and the dNSName "a.example". */
static struct span
domains_with(uint8_t tag, struct span value)
{
	static struct buf out;
	struct leaf l = { .is_ca = false };
	struct buf name;

	buf_init(&name);
	buf_reset(&out);
	put_attribute(&name, CN, tag, value);
	wrap_der(&name, 0x30);
	l.cert.subject = buf_span(&name);
	l.ext.value[EXT_SUBJECT_ALT_NAME] = SPAN("\x30\x0b\x82\x09" "a.example");
	domains_put(&out, &l);
	leaf_free(&l);
	buf_free(&name);
	return buf_span(&out);
}

static void
the_common_name_joins_the_names_once_in_whatever_type_it_is(void)
{
	CHECK_TEXT(domains_with(0x0c, SPAN("a.example")), "[\"a.example\"]");
	CHECK_TEXT(domains_with(0x0c, SPAN("A.example")), "[\"a.example\",\"A.example\"]");
	CHECK_TEXT(domains_with(0x0c, SPAN("\"")), "[\"a.example\",\"\\\"\"]");
	CHECK_TEXT(domains_with(0x1e, SPAN("\0a\0.\0e\0x\0a\0m\0p\0l\0e")), "[\"a.example\"]");
	CHECK_TEXT(domains_with(0x1e, SPAN("\0b")), "[\"a.example\",\"b\"]");
	CHECK_TEXT(domains_with(0x1e, SPAN("\0\0")), "[\"a.example\"]");
	CHECK_TEXT(domains_with(0x0c, SPAN("")), "[\"a.example\"]");
}

static void
host_names_are_told_from_other_common_names(void)
{
	static const char *const yes[] = { "a.b", "www.example.com", "*.example.com", "w*.example.com",
		"_dmarc.example.com", "EXAMPLE.com.", " a.example ", "m\xc3\xbcnchen.example",
		"a\xe3\x80\x82" "b", "a\xef\xbc\x8e" "b", "a\xef\xbd\xa1" "b", "a\\u0000b.example",
		"caf\\ufffd.example", "1.2.3.4.example", "a.b1", "localhost.localdomain",
		".a.b", "a..b", "a.b..", "a\xef\xb9\x92" "b", "a\xe2\x80\xa4" "b" };
	static const char *const no[] = { "", " ", ".", "a", "localhost", "a.", "..", ".a.", "10.0.0.1",
		"a.1", "a.1..", "John Q. Public", "Example Inc.", "a b.example", "user@a.example",
		"http://a.example/", "a.example:443", "fe80::1.2", "a\\\"b.example", "A, Inc.com" };

	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		CHECK(hostname_is(span_str(yes[i])));
		if (!hostname_is(span_str(yes[i])))
			printf("# %s is one\n", yes[i]);
	}
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		CHECK(!hostname_is(span_str(no[i])));
		if (hostname_is(span_str(no[i])))
			printf("# %s is none\n", no[i]);
	}
}

static void
a_control_character_does_not_make_a_host_name_something_else(void)
{
	static const char each[] = "\t\n\b\f\r\v\x1f\x7f";
	char name[] = "evil?.example";
	struct buf b;

	buf_init(&b);
	for (size_t i = 0; i < sizeof(each); i++) {	/* the NUL at its end too */
		name[4] = each[i];
		buf_reset(&b);
		json_put_inner(&b, span_of((const uint8_t *)name, sizeof(name) - 1));
		CHECK(hostname_is(buf_span(&b)));
	}
	CHECK(hostname_is(SPAN("evil.example\\n")));
	CHECK(!hostname_is(SPAN("evil.example\\\\")) && !hostname_is(SPAN("evil.example\\\"")));
	buf_free(&b);
}

/* The object of a certificate with these common names and these whole extensions. */
static const char *
object_of_names(enum format format, const char *const common[], struct span extensions)
{
	static struct buf out;
	struct leaf l = { .format = format };
	struct buf name;

	buf_init(&name);
	buf_reset(&out);
	for (; *common != NULL; common++)
		put_attribute(&name, CN, 0x0c, span_str(*common));
	wrap_der(&name, 0x30);
	l.cert.subject = buf_span(&name);
	l.cert.extensions = extensions;
	l.why = ext_parse(&l.ext, extensions);
	l.is_ca = ext_is_ca(&l.ext);
	leaf_put(&out, &l, NULL);
	leaf_free(&l);
	buf_free(&name);
	return buf_str(&out);
}

#define SAN_OF_A "\x30\x10\x06\x03\x55\x1d\x11\x04\x09\x30\x07\x82\x05" "a.exm"
#define SAN_OF_B "\x30\x10\x06\x03\x55\x1d\x11\x04\x09\x30\x07\x82\x05" "b.exm"
#define NO_EXTENSIONS ((struct span){ NULL, 0 })

static bool
says(const char *object, const char *text)
{
	bool yes = strstr(object, text) != NULL;

	if (!yes)
		printf("# no %s in %s\n", text, object);
	return yes;
}

static void
every_common_name_that_looks_like_a_host_name_is_among_the_names(void)
{
	const char *const common[] = { "hidden.exm", "John Doe", "a.exm", "hidden.exm", "b.exm",
		"Shown", NULL };
	const char *text = object_of_names(FORMAT_GO, common, SPAN(SAN_OF_A));

	CHECK(says(text, "\"all_domains\":[\"a.exm\",\"Shown\",\"hidden.exm\",\"b.exm\"]"));
	CHECK(says(text, "\"CN\":\"Shown\"") && says(text, "\"aggregated\":\"/CN=Shown\""));
	text = object_of_names(FORMAT_CALIDOG, common, SPAN(SAN_OF_A));
	CHECK(says(text, "\"all_domains\":[\"Shown\",\"a.exm\",\"hidden.exm\",\"b.exm\"]"));
	CHECK(says(text, "\"CN\":\"Shown\""));
	text = object_of_names(FORMAT_GO, common, NO_EXTENSIONS);
	CHECK(says(text, "\"all_domains\":[\"Shown\",\"hidden.exm\",\"a.exm\",\"b.exm\"]"));
}

/* Format calidog shows all common names in aggregated, but format go only the last. */
static void
a_common_name_that_format_go_does_not_show_is_told(void)
{
	static const char *const odd[] = { "a.exm:443", "https://a.exm/", "a.exm,www.a.exm", "<a.exm>",
		"John Doe" };
	const char *common[] = { "", "Shown", NULL };
	const char *text;

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		common[0] = odd[i];
		text = object_of_names(FORMAT_GO, common, NO_EXTENSIONS);
		CHECK(says(text, "\"all_domains\":[\"Shown\"]"));
		CHECK(says(text, "\"parse_error\":\"RFC 5280 4.1.2.6: a common name before"));
		text = object_of_names(FORMAT_CALIDOG, common, NO_EXTENSIONS);
		CHECK(says(text, odd[i]) && strstr(text, "4.1.2.6") == NULL);
	}
	for (size_t i = 0; i < 3; i++) {
		common[0] = (const char *const[]){ "", "Shown", "a.exm" }[i];
		text = object_of_names(FORMAT_GO, common, NO_EXTENSIONS);
		CHECK(strstr(text, "4.1.2.6") == NULL);
	}
}

static void
a_ca_has_its_common_name_among_the_names_if_it_looks_like_a_host_name(void)
{
	const char *const plain[] = { "Example CA", NULL }, *const host[] = { "ca.exm", NULL };
	struct span ca = SPAN("\x30\x0c\x06\x03\x55\x1d\x13\x04\x05\x30\x03\x01\x01\xff");

	CHECK(says(object_of_names(FORMAT_GO, plain, ca), "\"all_domains\":[],"));
	CHECK(says(object_of_names(FORMAT_GO, host, ca), "\"all_domains\":[\"ca.exm\"],"));
}

static void
the_names_of_every_subject_alt_name_are_shown_and_parse_error_says_there_are_several(void)
{
	const char *const common[] = { "a.exm", NULL };
	const char *text = object_of_names(FORMAT_GO, common, SPAN(SAN_OF_A SAN_OF_B SAN_OF_B));

	CHECK(says(text, "\"all_domains\":[\"b.exm\",\"a.exm\"]"));
	CHECK(says(text, "\"subjectAltName\":\"DNS:b.exm, DNS:a.exm, DNS:b.exm\""));
	CHECK(says(text, "\"parse_error\":\"RFC 5280 4.2: there is more than one subjectAltName"));
	text = object_of_names(FORMAT_CALIDOG, common, SPAN(SAN_OF_A SAN_OF_B));
	CHECK(says(text, "\"all_domains\":[\"a.exm\",\"b.exm\"]"));
	CHECK(says(text, "\"subjectAltName\":\"DNS:a.exm, DNS:b.exm\""));
	CHECK(says(text, "\"parse_error\":\"RFC 5280 4.2: there is more than one subjectAltName"));
}

/* An extension's value, its names or both may come in segments, each of them forbidden by DER. */
static void
the_names_of_an_earlier_subject_alt_name_in_segments_are_shown(void)
{
	static const struct span first[] = {
		{ (const uint8_t *)"\x30\x12\x06\x03\x55\x1d\x11\x24\x0b\x04\x02\x30\x05\x04\x05\x82\x03"
		    "a.b", 20 },
		{ (const uint8_t *)"\x30\x12\x06\x03\x55\x1d\x11\x04\x0b\x30\x09\xa2\x07\x04\x01"
		    "a\x04\x02" ".b", 20 },
		{ (const uint8_t *)"\x30\x16\x06\x03\x55\x1d\x11\x24\x0f\x04\x02\x30\x09\x04\x09\xa2\x07\x04\x01"
		    "a\x04\x02" ".b", 24 },
	};
	const char *const common[] = { NULL };
	const char *text;
	struct buf list;

	buf_init(&list);
	for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++) {
		buf_reset(&list);
		buf_put(&list, first[i]);
		buf_put(&list, SPAN(SAN_OF_B));
		text = object_of_names(FORMAT_GO, common, buf_span(&list));
		CHECK(says(text, "\"all_domains\":[\"b.exm\",\"a.b\"]"));
		CHECK(says(text, "\"subjectAltName\":\"DNS:b.exm, DNS:a.b\""));
		text = object_of_names(FORMAT_CALIDOG, common, buf_span(&list));
		CHECK(says(text, "\"all_domains\":[\"a.b\",\"b.exm\"]"));
	}
	buf_free(&list);
}

static void
parse_error_tells_of_any_extension_that_is_there_twice(void)
{
	const char *const common[] = { NULL };
	const char *text = object_of_names(FORMAT_GO, common,
	    SPAN("\x30\x0b\x06\x03\x55\x1d\x0f\x04\x04\x03\x02\x05\xa0"
	    "\x30\x0b\x06\x03\x55\x1d\x0f\x04\x04\x03\x02\x05\x80"));

	CHECK(says(text, "\"keyUsage\":\"Digital Signature\""));
	CHECK(says(text, "\"parse_error\":\"RFC 5280 4.2: an extension is there more than once"));
}

static void
an_odd_certificate_is_emitted_with_what_was_wrong(void)
{
	struct buf line, out;

	buf_init(&line);
	buf_init(&out);
	put_line(&line, SPAN("not a certificate"));
	CHECK(event_of(&out, buf_span(&line), FORM_FULL) == NULL);
	CHECK(has(&out, "\"not_after\":null,\"not_before\":null,\"serial_number\":null"));
	CHECK(has(&out, "\"is_ca\":false,\"parse_error\":\"RFC 5280 4.1: the certificate is not "
	    "a SEQUENCE\"}"));
	CHECK(has(&out, "\"as_der\":\"bm90IGEgY2VydGlmaWNhdGU=\""));
	buf_reset(&line);
	buf_reset(&out);
	put_line(&line, SPAN("\x30\x08\x30\x80\x02\x01\x01"));
	CHECK(event_of(&out, buf_span(&line), FORM_FULL) == NULL);
	CHECK(has(&out, "parse_error"));
	buf_free(&line);
	buf_free(&out);
}

static const char *
reason_of(const char *line)
{
	struct buf out;
	const char *why;

	buf_init(&out);
	why = event_of(&out, span_str(line), FORM_FULL);
	CHECK(out.n == 0);
	buf_free(&out);
	return why != NULL ? why : "accepted";
}

static void
framing_that_cannot_be_read_is_refused_with_its_clause(void)
{
	CHECK(strstr(reason_of("{\"leaf_input\":\"AA==\",\"extra_data\":\"\"}"), "RFC 6962 3.4"));
	CHECK(strstr(reason_of("{\"leaf_input\":\"A\",\"extra_data\":\"\"}"), "RFC 4648"));
	CHECK(strstr(reason_of("{\"leaf_input\":\"AAAAAAAAAAAAAAACAAAA\",\"extra_data\":\"\"}"),
	    "entry_type"));
	CHECK(strstr(reason_of("{\"leaf_input\":\"AAAAAAAAAAAAAAAAAAABMAAA\",\"extra_data\":\"AAAB\"}"),
	    "RFC 6962 4.6"));
	CHECK(strstr(reason_of("{\"leaf_input\":\"\"}"), "lacks leaf_input or extra_data"));
	CHECK(strstr(reason_of("[1]"), "not a JSON object"));
	CHECK(strstr(reason_of("{\"leaf_input\":"), "RFC 8259"));
}

static void
a_chain_too_long_for_a_line_is_left_out_and_told(void)
{
	static const uint8_t empty[3 * 50000];	/* as many certificates of no bytes */
	struct buf der, line, out;

	buf_init(&der);
	buf_init(&line);
	buf_init(&out);
	put_certificate(&der, TWO_NAMES, true);
	put_line_with(&line, buf_span(&der), span_of(empty, 3 * 1000));
	CHECK(event_of(&out, buf_span(&line), FORM_FULL) == NULL);
	CHECK(has(&out, "\"chain\":[{") && !has(&out, "ct-event(5)"));
	buf_reset(&line);
	buf_reset(&out);
	put_line_with(&line, buf_span(&der), span_of(empty, sizeof(empty)));
	CHECK(event_of(&out, buf_span(&line), FORM_FULL) == NULL);
	CHECK(!has(&out, "\"chain\":") && has(&out, "\"parse_error\":\"ct-event(5): the chain"));
	CHECK(has(&out, "\"all_domains\":[\"www.example.com\"]"));
	buf_free(&der);
	buf_free(&line);
	buf_free(&out);
}

/* Whoever submits a certificate chooses its chain, which the log does not sign. */
static void
a_chain_does_not_keep_parse_error_from_telling_of_the_certificate(void)
{
	static const uint8_t empty[3 * 50000];
	struct buf list, der, line, out;

	for (unsigned i = 0; i < 2; i++) {	/* found as it is read, and as a name of it is written */
		buf_init(&list);
		buf_init(&der);
		buf_init(&line);
		buf_init(&out);
		put_extension(&list, "\x55\x1d\x11", 3, SPAN("\x30\x05\x82\x03" "a\xe9" "b"));
		if (i == 0)
			put_extension(&list, "\x55\x1d\x11", 3, TWO_NAMES);
		put_tbs_with(&der, list, true);
		sign(&der);
		put_line_with(&line, buf_span(&der), span_of(empty, sizeof(empty)));
		CHECK(event_of(&out, buf_span(&line), FORM_FULL) == NULL);
		CHECK(!has(&out, "\"chain\":") && has(&out, i == 0 ?
		    "\"parse_error\":\"RFC 5280 4.2: there is more than one subjectAltName" :
		    "\"parse_error\":\"X.690 8.23"));
		buf_free(&der);
		buf_free(&line);
		buf_free(&out);
	}
}

/* A certificate of n bytes and some more, which only its signature makes so long. */
static void
put_long_certificate(struct buf *b, size_t n)
{
	struct buf inner;

	buf_init(&inner);
	put_tbs(&inner, TWO_NAMES, true);
	put_der(&inner, 0x30, SPAN("\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"));
	buf_put(&inner, SPAN("\x03\x83"));
	put_u24(&inner, n);
	memset(buf_reserve(&inner, n), 0, n);
	buf_commit(&inner, n);
	buf_put(b, SPAN("\x30\x83"));
	put_u24(b, inner.n);
	buf_put(b, buf_span(&inner));
	buf_free(&inner);
}

static void
no_line_is_longer_than_max_event(void)
{
	struct event_writer *w = event_open(&(struct event_options){ .form = FORM_FULL });
	struct raw raw;
	struct raw_line entries;
	struct buf der, line, out;
	const char *why;

	buf_init(&der);
	buf_init(&line);
	buf_init(&out);
	put_long_certificate(&der, 13 << 20);
	put_line_with(&line, buf_span(&der), SPAN(""));
	raw_open(&entries, buf_span(&line));
	CHECK(raw_next(&entries, &raw, &why) && why == NULL);
	CHECK(event_put(w, &out, &raw) == NULL);
	CHECK(has(&out, "\"parse_error\":\"ct-event(5): chain and as_der") && !has(&out, "\"as_der\":\""));
	buf_reset(&out);
	event_put_malformed(w, &out, &raw, "too long");
	CHECK(has(&out, "{\"name\":\"L\",\"url\":\"https://l.example/\",\"log_id\":\"x\"},"
	    "\"index\":7,\"reason\":\"too long\",\"leaf_input\":\"\""));
	CHECK(out.n < 1000);
	event_free(w);
	buf_free(&der);
	buf_free(&line);
	buf_free(&out);
}

static void
a_whole_get_entries_response_is_walked(void)
{
	struct raw_line l;
	struct raw r;
	const char *why;
	int n = 0;

	raw_open(&l, SPAN("{\"entries\":[{\"leaf_input\":\"a\",\"extra_data\":\"b\"}, "
	    "{\"extra_data\":\"d\",\"leaf_input\":\"c\",\"more\":[{}]}],\"x\":1}"));
	while (raw_next(&l, &r, &why))
		n++;
	CHECK(n == 2 && why == NULL);
	CHECK_TEXT(r.leaf_input.raw, "c");
	raw_open(&l, SPAN("{\"entries\":[]}"));
	CHECK(!raw_next(&l, &r, &why) && why == NULL);
	raw_open(&l, SPAN("{\"entries\":[{\"leaf_input\":\"a\",\"extra_data\":\"b\"}"));
	CHECK(raw_next(&l, &r, &why) && why == NULL);
	CHECK(raw_next(&l, &r, &why) && why != NULL && l.ended);
	CHECK(!raw_next(&l, &r, &why));
}

static void
an_item_that_is_not_an_entry_does_not_end_the_list(void)
{
	static const char *const items[] = { "null", "{}", "7", "[[]]", "\"\"",
		"{\"leaf_input\":1,\"extra_data\":\"b\"}" };
	struct raw_line l;
	struct raw r;
	const char *why;
	struct buf line;

	buf_init(&line);
	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
		buf_reset(&line);
		buf_putf(&line, "{\"entries\":[%s,{\"leaf_input\":\"a\",\"extra_data\":\"b\"}]}", items[i]);
		raw_open(&l, buf_span(&line));
		CHECK(raw_next(&l, &r, &why) && why != NULL && !l.ended);
		CHECK(raw_next(&l, &r, &why) && why == NULL);
		CHECK(!raw_next(&l, &r, &why));
	}
	buf_free(&line);
}

/* The items of a list that comes in two pieces, cut at every place of it. */
static void
a_list_is_read_piece_by_piece_wherever_it_is_cut(void)
{
	struct span line = SPAN("{ \"entries\": [{\"leaf_input\":\"a\",\"extra_data\":\"b\"} , 12,"
	    "{\"extra_data\":\"d\\u0041\",\"leaf_input\":\"c\"}], \"x\": {} }");
	struct raw_line l;
	struct raw r;
	const char *why;
	int entries, broken;

	for (size_t cut = 0; cut <= line.n; cut++) {
		entries = broken = 0;
		raw_open_part(&l, span_of(line.p, cut));
		while (raw_next(&l, &r, &why))
			*(why == NULL ? &entries : &broken) += 1;
		CHECK(l.list || raw_rest(&l) == cut);
		if (l.list)
			raw_more(&l, span_from(line, cut - raw_rest(&l)), true);
		else
			raw_open(&l, line);
		while (raw_next(&l, &r, &why))
			*(why == NULL ? &entries : &broken) += 1;
		CHECK(entries == 2 && broken == 1);
	}
}

static void
keys_may_be_written_with_escapes(void)
{
	struct raw_line l;
	struct raw r;
	const char *why;

	raw_open(&l, SPAN("{\"leaf\\u005finput\":\"a\",\"extra_d\\u0061ta\":\"b\"}"));
	CHECK(raw_next(&l, &r, &why) && why == NULL);
	CHECK_TEXT(r.leaf_input.raw, "a");
	raw_open(&l, SPAN("{\"leaf\\x5finput\":\"a\",\"extra_data\":\"b\"}"));
	CHECK(raw_next(&l, &r, &why) && why != NULL);
}

static void
a_repeated_attribute_is_joined_but_the_last_common_name_wins(void)
{
	struct buf der;
	struct name n = { 0 };

	buf_init(&der);
	put_attribute(&der, OU, 0x13, SPAN("one"));
	put_attribute(&der, CN, 0x0c, SPAN("first"));
	put_attribute(&der, OU, 0x13, SPAN("two"));
	put_attribute(&der, CN, 0x0c, SPAN("last"));
	put_attribute(&der, EMAIL, 0x16, SPAN("a@example.com"));
	put_attribute(&der, "\x55\x04\x05", 0x13, SPAN("serialNumber is not shown"));
	wrap_der(&der, 0x30);
	CHECK(name_parse(&n, buf_span(&der)) == NULL && n.count == 5);
	CHECK(n.attribute[2].key == NAME_OU && n.attribute[4].key == NAME_EMAIL);
	CHECK_TEXT(n.attribute[3].value, "last");
	name_free(&n);
	buf_free(&der);
}

static void
no_attribute_of_a_name_is_left_out_however_many_there_are(void)
{
	struct buf der;
	struct name n = { 0 };

	buf_init(&der);
	for (int i = 0; i < 5000; i++)
		put_attribute(&der, OU, 0x13, SPAN("x"));
	put_attribute(&der, CN, 0x0c, SPAN("evil.example"));
	wrap_der(&der, 0x30);
	CHECK(name_parse(&n, buf_span(&der)) == NULL && n.count == 5001 && name_has(&n, NAME_CN));
	CHECK_TEXT(n.attribute[n.count - 1].value, "evil.example");
	CHECK(name_parse(&n, SPAN("\x30\x00")) == NULL && n.count == 0 && n.room <= 4096);
	name_free(&n);
	buf_free(&der);
}

static struct span
extension_text(enum ext_kind kind, struct span value)
{
	static struct buf b;

	buf_reset(&b);
	ext_put(&b, kind, value);
	return buf_span(&b);
}

static void
extensions_print_as_the_go_server_prints_them(void)
{
	CHECK_TEXT(extension_text(EXT_KEY_USAGE, SPAN("\x03\x02\x05\xa0")),
	    "Digital Signature, Key Encipherment");
	CHECK_TEXT(extension_text(EXT_KEY_USAGE, SPAN("\x03\x03\x07\x06\x80")),
	    "Certificate Signing, CRL Signing, Decipher Only");
	CHECK_TEXT(extension_text(EXT_BASIC_CONSTRAINTS, SPAN("\x30\x06\x01\x01\x01\x02\x01\x00")), "CA:TRUE");
	CHECK_TEXT(extension_text(EXT_BASIC_CONSTRAINTS, SPAN("\x30\x00")), "CA:FALSE");
	CHECK_TEXT(extension_text(EXT_SUBJECT_KEY_IDENTIFIER, SPAN("\x04\x02\xab\xcd")), "keyid:ab:cd");
	CHECK_TEXT(extension_text(EXT_AUTHORITY_KEY_IDENTIFIER, SPAN("\x30\x03\x82\x01\x05")), "keyid:");
	CHECK_TEXT(extension_text(EXT_AUTHORITY_KEY_IDENTIFIER, SPAN("\x30\x04\x80\x02\x0a\x0b")),
	    "keyid:0a:0b");
	CHECK_TEXT(extension_text(EXT_CERTIFICATE_POLICIES,
	    SPAN("\x30\x0a\x30\x08\x06\x06\x67\x81\x0c\x01\x02\x01")), "Policy: 2.23.140.1.2.1\\n");
	CHECK_TEXT(extension_text(EXT_EXTENDED_KEY_USAGE,
	    SPAN("\x30\x0e\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01\x06\x02\x2a\x03")),
	    "TLS Web Server Authentication, 1.2.3");
	CHECK_TEXT(extension_text(EXT_SUBJECT_ALT_NAME,
	    SPAN("\x30\x0e\x86\x03u:a\x81\x03" "a@b" "\x82\x02" "d\"")), "DNS:d\\\", email:a@b, URI:u:a");
	CHECK_TEXT(extension_text(EXT_AUTHORITY_INFO_ACCESS,
	    SPAN("\x30\x1e\x30\x0d\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x01\x86\x01o"
	    "\x30\x0d\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x02\x86\x01i")), "URI:i, URI:o");
	CHECK_TEXT(extension_text(EXT_SCT_LIST, SPAN("\x04\x02\xff\xfe")), "BAL__g==");
}

static void
points_and_issuer_names_print_in_the_go_servers_manner(void)
{
	CHECK_TEXT(extension_text(EXT_CRL_DISTRIBUTION_POINTS,
	    SPAN("\x30\x2d\x30\x0c\xa0\x0a\xa0\x08\x86\x01" "a\x82\x00\x86\x01" "b"
	    "\x30\x09\xa0\x07\xa0\x05\x86\x03" "c\"d"
	    "\x30\x08\xa2\x06\x82\x04only\x30\x08\xa0\x06\xa1\x04\x30\x02\x05\x00")),
	    "URI:a, URI:b, URI:c\\\"d");
	CHECK_TEXT(extension_text(EXT_ISSUER_ALT_NAME, SPAN("\x30\x06\x86\x01u\x82\x01" "d")),
	    "DNS:d, URI:u");
}

/* A certificate with an extension nobody knows, twice, and one that all know. */
static void
what_has_no_key_is_shown_by_its_oid_in_certificate_order(void)
{
	struct buf list, out;
	struct ext e = { .others = 0 };

	buf_init(&list);
	buf_init(&out);
	put_extension(&list, "\x2a\x03\x04", 3, SPAN(""));
	put_extension(&list, "\x55\x1d\x11", 3, SPAN("\x30\x00"));
	put_extension(&list, "\x55\x1d\x24", 3, SPAN("\x30\x00"));
	put_extension(&list, "\x2a\x03\x04", 3, SPAN(""));
	CHECK(ext_parse(&e, buf_span(&list)) == NULL && e.others == 3);
	ext_put_others(&out, buf_span(&list));
	CHECK_TEXT(buf_span(&out), "\"extra\":[\"1.2.3.4\",\"2.5.29.36\",\"1.2.3.4\"]");
	buf_free(&list);
	buf_free(&out);
}

static void
oids_purposes_and_unused_bits_read_as_openssl_reads_them(void)
{
	CHECK_TEXT(extension_text(EXT_KEY_USAGE, SPAN("\x03\x02\x07\xff")), "Digital Signature");
	CHECK_TEXT(extension_text(EXT_KEY_USAGE, SPAN("\x03\x01\x07")), "");
	CHECK_TEXT(extension_text(EXT_EXTENDED_KEY_USAGE,
	    SPAN("\x30\x1d\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x11\x06\x07\x2b\x06\x01\x05\x02\x03\x04"
	    "\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x14")),
	    "ipsec Internet Key Exchange, PKINIT Client Auth, 1.3.6.1.5.5.7.3.20");
	/* A first arc above 2^64, and one that is zero in ten bytes. */
	CHECK_TEXT(extension_text(EXT_CERTIFICATE_POLICIES,
	    SPAN("\x30\x0f\x30\x0d\x06\x0b\xdb\xdb\xdb\xdb\xdb\xe1\xdb\xdb\xdb\x01\x02")),
	    "Policy: 2.845935728232196664625.2\\n");
	CHECK_TEXT(extension_text(EXT_CERTIFICATE_POLICIES,
	    SPAN("\x30\x0e\x30\x0c\x06\x0a\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01")),
	    "Policy: 0.80:80:80:80:80:80:80:80:80:01\\n");
}

static void
unreadable_extensions_name_their_clause(void)
{
	struct buf b;

	buf_init(&b);
	for (unsigned kind = 0; kind < EXT_KINDS; kind++)
		if (kind != EXT_SCT_LIST && kind != EXT_POISON)
			CHECK(ext_put(&b, kind, SPAN("\x05\x00")) != NULL);
	buf_free(&b);
}

static void
signature_algorithms_have_the_go_servers_names(void)
{
	CHECK(!strcmp(cert_signature_text(SPAN("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00")), "sha256, rsa"));
	CHECK(!strcmp(cert_signature_text(SPAN("\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03")), "ecdsa, sha384"));
	CHECK(!strcmp(cert_signature_text(SPAN("\x06\x03\x2b\x65\x70")), "ed25519"));
	CHECK(!strcmp(cert_signature_text(SPAN("\x06\x03\x2b\x65\x71")), "unknown"));
	CHECK(!strcmp(cert_signature_text(SPAN("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a\x30\x34"
	    "\xa0\x0f\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00"
	    "\xa1\x1c\x30\x1a\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08"
	    "\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00"
	    "\xa2\x03\x02\x01\x20")), "sha256, rsa-pss"));
	CHECK(!strcmp(cert_signature_text(SPAN("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a\x30\x00")), "unknown"));
}

static void
a_chain_certificate_is_rendered_once(void)
{
	static const char mark[] = "not read again";
	struct chain *c = chain_open();
	struct hash *h = hash_open();
	struct leaf scratch = { 0 };
	struct buf der, first, again;

	buf_init(&der);
	buf_init(&first);
	buf_init(&again);
	put_certificate(&der, TWO_NAMES, true);
	buf_put(&first, chain_find(c, &scratch, h, buf_span(&der)).json);
	scratch.why = mark;
	buf_put(&again, chain_find(c, &scratch, h, buf_span(&der)).json);
	CHECK(scratch.why == mark);	/* leaf_parse would have cleared it */
	CHECK(first.n > 0 && span_eq(buf_span(&first), buf_span(&again)));
	buf_free(&der);
	buf_free(&first);
	buf_free(&again);
	leaf_free(&scratch);
	hash_free(h);
	chain_free(c);
}

/* Certificates by the thousand that differ in their last bytes. */
static void
the_chain_store_is_right_after_it_has_gone_round(void)
{
	struct chain *c = chain_open();
	struct hash *h = hash_open();
	struct leaf scratch = { 0 };
	uint8_t der[2000] = { 0x30, 0x82, 0x07, 0xcc };
	struct buf made, kept;
	int wrong = 0;

	buf_init(&made);
	buf_init(&kept);
	for (uint32_t i = 0; i < 3000; i++) {
		memcpy(der + 1990, &i, 4);
		buf_reset(&made);
		buf_reset(&kept);
		buf_put(&made, chain_find(c, &scratch, h, span_of(der, sizeof(der))).json);
		buf_put(&kept, chain_find(c, &scratch, h, span_of(der, sizeof(der))).json);
		wrong += !span_eq(buf_span(&made), buf_span(&kept));
	}
	CHECK(wrong == 0);
	buf_free(&made);
	buf_free(&kept);
	leaf_free(&scratch);
	hash_free(h);
	chain_free(c);
}

int
main(void)
{
	RUN(an_entry_becomes_one_event_with_every_member);
	RUN(events_begun_together_and_finished_are_those_put_one_by_one);
	RUN(an_event_written_anew_without_its_der_gets_its_own_digests);
	RUN(lite_and_domains_are_cut_from_full_as_they_are_written);
	RUN(each_form_is_found_by_its_name);
	RUN(a_domains_event_is_told_by_its_first_bytes);
	RUN(a_cut_works_in_any_key_order_and_with_spaces);
	RUN(a_certificate_without_common_name_has_null_and_nothing_in_aggregated);
	RUN(the_issuer_of_a_precertificate_signer_must_be_that_of_the_entry);
	RUN(only_the_form_domains_is_escaped_for_html_in_format_go);
	RUN(a_url_may_have_its_slashes_escaped);
	RUN(a_url_without_a_scheme_gets_one);
	RUN(the_common_name_joins_the_names_once_in_whatever_type_it_is);
	RUN(host_names_are_told_from_other_common_names);
	RUN(a_control_character_does_not_make_a_host_name_something_else);
	RUN(every_common_name_that_looks_like_a_host_name_is_among_the_names);
	RUN(a_common_name_that_format_go_does_not_show_is_told);
	RUN(a_ca_has_its_common_name_among_the_names_if_it_looks_like_a_host_name);
	RUN(the_names_of_every_subject_alt_name_are_shown_and_parse_error_says_there_are_several);
	RUN(the_names_of_an_earlier_subject_alt_name_in_segments_are_shown);
	RUN(parse_error_tells_of_any_extension_that_is_there_twice);
	RUN(a_malformed_certificate_is_the_repetition_of_its_exact_copies_only);
	RUN(an_odd_certificate_is_emitted_with_what_was_wrong);
	RUN(framing_that_cannot_be_read_is_refused_with_its_clause);
	RUN(a_chain_too_long_for_a_line_is_left_out_and_told);
	RUN(a_chain_does_not_keep_parse_error_from_telling_of_the_certificate);
	RUN(no_line_is_longer_than_max_event);
	RUN(a_whole_get_entries_response_is_walked);
	RUN(an_item_that_is_not_an_entry_does_not_end_the_list);
	RUN(a_list_is_read_piece_by_piece_wherever_it_is_cut);
	RUN(keys_may_be_written_with_escapes);
	RUN(a_repeated_attribute_is_joined_but_the_last_common_name_wins);
	RUN(no_attribute_of_a_name_is_left_out_however_many_there_are);
	RUN(extensions_print_as_the_go_server_prints_them);
	RUN(points_and_issuer_names_print_in_the_go_servers_manner);
	RUN(what_has_no_key_is_shown_by_its_oid_in_certificate_order);
	RUN(oids_purposes_and_unused_bits_read_as_openssl_reads_them);
	RUN(unreadable_extensions_name_their_clause);
	RUN(signature_algorithms_have_the_go_servers_names);
	RUN(a_chain_certificate_is_rendered_once);
	RUN(the_chain_store_is_right_after_it_has_gone_round);
	return unit_end();
}

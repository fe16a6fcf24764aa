/*
 * lib/event: certificates that break the rules of DER or RFC 5280. What can be read is
 * shown, and parse_error says that something was wrong. The tests put them together
 * field by field.
 */
#include "unit.h"

#include "event/leaf.h"
#include "x509/san.h"

/* The fields of a certificate, each a whole element; NULL leaves one out. */
struct fields {
	struct span version, serial, signature, issuer, validity, subject, key, tail;
	struct span end;	/* signatureAlgorithm and signatureValue */
};

#define TEXT(literal) { (const uint8_t *)(literal), sizeof(literal) - 1 }

static const struct fields good = {
	.version = TEXT("\xa0\x03\x02\x01\x02"),
	.serial = TEXT("\x02\x01\x07"),
	.signature = TEXT("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"),
	.issuer = TEXT("\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02" "ca"),
	.validity = TEXT("\x30\x1e\x17\x0d" "700101000001Z" "\x17\x0d" "700101000002Z"),
	.subject = TEXT("\x30\x0e\x31\x0c\x30\x0a\x06\x03\x55\x04\x03\x0c\x03" "sub"),
	.key = TEXT("\x30\x05\x30\x00\x03\x01\x00"),
	.end = TEXT("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02\x03\x01\x00"),
};

/* Appends an element with this tag and body, whose length says that it has `more` bytes more. */
static void
put_long(struct buf *b, uint8_t tag, struct span body, size_t more)
{
	size_t n = body.n + more;

	buf_putc(b, (char)tag);
	if (n >= 0x80) {
		buf_putc(b, (char)0x82);
		buf_putc(b, (char)(n >> 8));
	}
	buf_putc(b, (char)n);
	buf_put(b, body);
}

static void
put_der(struct buf *b, uint8_t tag, struct span body)
{
	put_long(b, tag, body, 0);
}

static void
put_certificate(struct buf *b, const struct fields *f)
{
	const struct span *field = &f->version;
	struct buf tbs, both;

	buf_init(&tbs);
	buf_init(&both);
	for (unsigned i = 0; i < 8; i++)
		buf_put(&tbs, field[i]);
	put_der(&both, 0x30, buf_span(&tbs));
	buf_put(&both, f->end);
	put_der(b, 0x30, buf_span(&both));
	buf_free(&tbs);
	buf_free(&both);
}

/* The object of a certificate, with a NUL behind it. */
static const char *
object_of(enum format format, struct span der)
{
	static struct buf out;
	static struct leaf l;
	struct hash *h = hash_open();

	buf_reset(&out);
	l.format = format;
	leaf_parse(&l, der);
	leaf_put(&out, &l, NULL);
	leaf_hash(&out, &l.blank, h, der);
	hash_free(h);
	return buf_str(&out);
}

static const char *
object_of_fields(enum format format, const struct fields *f)
{
	const char *text;
	struct buf b;

	buf_init(&b);
	put_certificate(&b, f);
	text = object_of(format, buf_span(&b));
	buf_free(&b);
	return text;
}

/* Returns the object of a certificate with these extensions, put into a SEQUENCE in [3]. */
static const char *
object_with(enum format format, struct span extensions)
{
	struct fields f = good;
	struct buf list, tail;
	const char *text;

	buf_init(&list);
	buf_init(&tail);
	put_der(&list, 0x30, extensions);
	put_der(&tail, 0xa3, buf_span(&list));
	f.tail = buf_span(&tail);
	text = object_of_fields(format, &f);
	buf_free(&list);
	buf_free(&tail);
	return text;
}

/* Returns the object of a certificate with the extension id-ce arc and this whole extnValue. */
static const char *
object_with_value(enum format format, char arc, struct span value)
{
	const char *text;
	struct buf body, b;

	buf_init(&body);
	buf_init(&b);
	buf_put(&body, SPAN("\x06\x03\x55\x1d"));
	buf_putc(&body, arc);
	buf_put(&body, value);
	put_der(&b, 0x30, buf_span(&body));
	text = object_with(format, buf_span(&b));
	buf_free(&body);
	buf_free(&b);
	return text;
}

static bool
has(const char *object, const char *text)
{
	bool yes = strstr(object, text) != NULL;

	if (!yes)
		printf("# no %s in %s\n", text, object);
	return yes;
}

static bool
is_whole(const char *object)
{
	bool yes = strstr(object, "parse_error") == NULL;

	if (!yes)
		printf("# wrong: %s\n", object);
	return yes;
}

#define ISSUER "\"/CN=ca\""
#define SUBJECT "\"/CN=sub\""
#define TIMES "\"not_after\":2,\"not_before\":1,"
#define WRONG(clause) "\"parse_error\":\"RFC 5280 " clause

static void
a_well_formed_certificate_has_no_parse_error(void)
{
	CHECK(is_whole(object_of_fields(FORMAT_GO, &good)));
	CHECK(is_whole(object_of_fields(FORMAT_CALIDOG, &good)));
	CHECK(has(object_of_fields(FORMAT_GO, &good), TIMES "\"serial_number\":\"07\""));
}

static void
one_byte_short_is_still_read(void)
{
	struct fields f = good;
	const char *text;
	struct buf b;

	buf_init(&b);
	f.tail = SPAN("\xa3\x12\x30\x10\x30\x0e\x06\x03\x55\x1d\x11\x04\x07\x30\x05\x82\x03" "a.b");
	put_certificate(&b, &f);
	text = object_of(FORMAT_GO, span_of(b.p, b.n - 1));
	CHECK(has(text, ISSUER) && has(text, SUBJECT) && has(text, TIMES) && has(text, "[\"a.b\",\"sub\"]"));
	CHECK(has(text, WRONG("4.1: the certificate is cut off")));
	buf_free(&b);
}

static void
a_string_that_is_cut_off_is_left_out(void)
{
	struct fields f = good;
	const char *text;
	struct buf b;

	buf_init(&b);
	f.tail = SPAN("\xa3\x17\x30\x15\x30\x13\x06\x03\x55\x1d\x11\x04\x0c\x30\x0a\x82\x03" "a.b"
	    "\x82\x03" "c.d");
	f.end = SPAN("");
	put_certificate(&b, &f);
	text = object_of(FORMAT_GO, span_of(b.p, b.n - 1));
	CHECK(has(text, "[\"a.b\",\"sub\"]") && has(text, "parse_error"));
	text = object_of(FORMAT_CALIDOG, span_of(b.p, b.n - 1));
	CHECK(has(text, "\"subjectAltName\":\"DNS:a.b\"") && has(text, "parse_error"));
	buf_free(&b);
}

static void
a_field_of_another_tag_does_not_hide_the_others(void)
{
	struct fields f = good;
	const char *text;

	f.serial = SPAN("\x0a\x01\x07");
	text = object_of_fields(FORMAT_GO, &f);
	CHECK(has(text, ISSUER) && has(text, SUBJECT) && has(text, TIMES "\"serial_number\":null"));
	CHECK(has(text, WRONG("4.1.2.2")));
	f.serial = SPAN("");
	text = object_of_fields(FORMAT_GO, &f);
	CHECK(has(text, ISSUER) && has(text, SUBJECT) && has(text, TIMES "\"serial_number\":null"));
	f = good;
	f.validity = SPAN("\x31\x1e\x17\x0d" "700101000001Z" "\x17\x0d" "700101000002Z");
	text = object_of_fields(FORMAT_GO, &f);
	CHECK(has(text, ISSUER) && has(text, SUBJECT) && has(text, TIMES) && has(text, WRONG("4.1.2.5")));
	f = good;
	f.issuer = SPAN("\x05\x00\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02" "ca");
	text = object_of_fields(FORMAT_GO, &f);
	CHECK(has(text, ISSUER) && has(text, SUBJECT) && has(text, TIMES) && has(text, WRONG("4.1.2.4")));
}

static void
an_element_that_is_not_an_attribute_is_passed_over(void)
{
	struct fields f = good;
	const char *text;

	f.subject = SPAN("\x30\x10\x05\x00\x31\x0c\x30\x0a\x06\x03\x55\x04\x03\x0c\x03" "sub");
	text = object_of_fields(FORMAT_GO, &f);
	CHECK(has(text, SUBJECT) && has(text, WRONG("4.1.2.4")));
	f.subject = SPAN("\x30\x10\x31\x0e\x05\x00\x30\x0a\x06\x03\x55\x04\x03\x0c\x03" "sub");
	text = object_of_fields(FORMAT_CALIDOG, &f);
	CHECK(has(text, SUBJECT) && has(text, WRONG("4.1.2.4")));
}

/* OpenSSL reads these lists. */
static void
a_list_with_a_primitive_tag_hides_no_name(void)
{
	static const struct span subject[] = {
		TEXT("\x30\x0e\x11\x0c\x30\x0a\x06\x03\x55\x04\x03\x0c\x03" "sub"),
		TEXT("\x10\x0e\x31\x0c\x30\x0a\x06\x03\x55\x04\x03\x0c\x03" "sub"),
	};
	struct fields f = good;
	const char *text;

	for (size_t i = 0; i < sizeof(subject) / sizeof(subject[0]); i++) {
		f.subject = subject[i];
		text = object_of_fields(FORMAT_GO, &f);
		CHECK(has(text, SUBJECT) && has(text, "[\"sub\"]") && has(text, WRONG("4.1.2.")));
		text = object_of_fields(FORMAT_CALIDOG, &f);
		CHECK(has(text, SUBJECT) && has(text, "[\"sub\"]") && has(text, WRONG("4.1.2.")));
	}
}

static void
an_element_that_is_not_an_extension_is_passed_over(void)
{
	const char *text = object_with(FORMAT_GO,
	    SPAN("\x05\x00\x30\x0b\x06\x03\x55\x1d\x0f\x04\x04\x03\x02\x05\xa0"));

	CHECK(has(text, "\"keyUsage\":\"Digital Signature, Key Encipherment\"") &&
	    has(text, WRONG("4.2:")));
	text = object_with(FORMAT_GO, SPAN("\x30\x05\x06\x03\x55\x1d\x0f"));
	CHECK(has(text, "\"extensions\":{\"extra\":[\"2.5.29.15\"]}") && has(text, WRONG("4.2:")));
}

static void
an_element_with_too_large_a_length_is_read_up_to_the_end(void)
{
	struct span value = SPAN("\x04\x07\x30\x07\x82\x03" "a.b");
	const char *text = object_with_value(FORMAT_GO, 17, value);

	CHECK(has(text, "[\"a.b\",\"sub\"]") && has(text, "\"DNS:a.b\"") && has(text, WRONG("4.2.1.6")));
	text = object_with_value(FORMAT_CALIDOG, 17, value);
	CHECK(has(text, "[\"sub\",\"a.b\"]") && has(text, "\"DNS:a.b\"") && has(text, WRONG("4.2.1.6")));
}

static void
a_low_tag_number_may_come_in_the_high_form(void)
{
	struct buf b, high;

	buf_init(&b);
	buf_init(&high);
	put_certificate(&b, &good);
	buf_put(&high, SPAN("\x3f\x10"));
	buf_put(&high, span_from(buf_span(&b), 1));
	CHECK(is_whole(object_of(FORMAT_GO, buf_span(&high))));
	CHECK(has(object_of(FORMAT_GO, buf_span(&high)), SUBJECT));
	buf_free(&b);
	buf_free(&high);
}

/* OpenSSL reads the names of each of these. */
static void
a_low_tag_number_in_the_high_form_hides_no_name(void)
{
	struct fields f = good;
	const char *text;

	f.version = SPAN("\xbf\x00\x03\x02\x01\x02");
	text = object_of_fields(FORMAT_GO, &f);
	CHECK(has(text, SUBJECT) && has(text, "[\"sub\"]") && has(text, "\"07\"") && is_whole(text));
	text = object_with(FORMAT_GO,
	    SPAN("\x30\x0f\x1f\x06\x03\x55\x1d\x11\x04\x07\x30\x05\x82\x03" "a.b"));
	CHECK(has(text, "[\"a.b\",\"sub\"]") && is_whole(text));
	text = object_with_value(FORMAT_GO, 17, SPAN("\x1f\x04\x07\x30\x05\x82\x03" "a.b"));
	CHECK(has(text, "[\"a.b\",\"sub\"]") && is_whole(text));
	f = good;
	f.subject = SPAN("\x30\x0f\x31\x0d\x30\x0b\x1f\x06\x03\x55\x04\x03\x0c\x03" "sub");
	text = object_of_fields(FORMAT_CALIDOG, &f);
	CHECK(has(text, SUBJECT) && has(text, "[\"sub\"]") && is_whole(text));
}

/* Tries the value of an extension in all the forms that segments can have. */
static void
an_extension_value_may_come_in_segments(void)
{
	static const struct span value[] = {
		TEXT("\x24\x06\x04\x04\x03\x02\x05\xa0"),
		TEXT("\x24\x80\x04\x04\x03\x02\x05\xa0\x00\x00"),
		TEXT("\x24\x08\x04\x01\x03\x04\x03\x02\x05\xa0"),
		TEXT("\x24\x80\x04\x02\x03\x02\x24\x80\x04\x01\x05\x04\x01\xa0\x00\x00\x00\x00"),
	};
	const char *text;

	for (size_t i = 0; i < sizeof(value) / sizeof(value[0]); i++) {
		for (enum format f = FORMAT_GO; f <= FORMAT_CALIDOG; f++) {
			text = object_with_value(f, 15, value[i]);
			CHECK(has(text, "\"keyUsage\":\"Digital Signature, Key Encipherment\""));
			CHECK(is_whole(text));
		}
	}
	text = object_with_value(FORMAT_GO, 15, SPAN("\x24\x06\x84\x04\x03\x02\x05\xa0"));
	CHECK(has(text, "\"keyUsage\":\"Digital Signature, Key Encipherment\"") && has(text, WRONG("4.2:")));
	CHECK(has(object_with_value(FORMAT_CALIDOG, 15, SPAN("\x24\x03\x04\x04\x03")), "parse_error"));
}

static void
put_four(struct buf *b, size_t n)
{
	for (unsigned shift = 32; shift > 0; shift -= 8)
		buf_putc(b, (char)(n >> (shift - 8)));
}

/* Returns what ext_parse says of an extension whose value is two segments of n bytes. */
static const char *
reason_of_two(size_t n)
{
	struct ext e = { .others = 0 };
	const char *why;
	struct buf b;

	buf_init(&b);
	buf_put(&b, SPAN("\x30\x80\x06\x03\x55\x1d\x23\x24\x84"));
	put_four(&b, 2 * n + 12);
	for (unsigned i = 0; i < 2; i++) {
		buf_put(&b, SPAN("\x04\x84"));
		put_four(&b, n);
		memset(buf_reserve(&b, n), 0, n);
		buf_commit(&b, n);
	}
	buf_put(&b, SPAN("\x00\x00"));
	why = ext_parse(&e, buf_span(&b));
	CHECK(e.value[EXT_AUTHORITY_KEY_IDENTIFIER].n == (why == NULL ? 2 * n : 0));
	ext_free(&e);
	buf_free(&b);
	return why;
}

static void
segments_of_any_length_are_joined(void)
{
	CHECK(reason_of_two(100000) == NULL);
	CHECK(reason_of_two(400000) == NULL);
}

/* Each dNSName is in two segments, and all together are too long for a single page of memory. */
static void
names_in_segments_are_shown_however_many_there_are(void)
{
	struct span extension;
	struct ext e = { .others = 0 };
	struct san san;
	struct der names;
	struct buf b;
	bool odd = false;
	unsigned n = 0;

	buf_init(&b);
	buf_put(&b, SPAN("\x30\x80\x06\x03\x55\x1d\x11\x04\x84"));
	put_four(&b, 60000 * 9 + 4);
	buf_put(&b, SPAN("\x30\x80"));
	for (unsigned i = 0; i < 60000; i++)
		buf_put(&b, SPAN("\xa2\x07\x16\x01" "a\x16\x02" ".b"));
	buf_put(&b, SPAN("\x00\x00\x00\x00"));
	extension = buf_span(&b);
	CHECK(ext_parse(&e, extension) == NULL);
	CHECK(san_open(&names, e.value[EXT_SUBJECT_ALT_NAME], &odd) && !odd);
	while (san_next(&names, &san))
		n += san.type == SAN_DNS && span_eq(san.value, SPAN("a.b"));
	CHECK(n == 60000 && der_done(&names));
	ext_free(&e);
	buf_free(&b);
}

static void
segments_in_segments_are_joined_as_deep_as_openssl_joins_them(void)
{
	struct span value = SPAN("\x04\x13\x30\x11\xa2\x0f\x24\x0d\x24\x0b\x24\x09\x24\x07"
	    "\x24\x05\x04\x03" "a.b");

	CHECK(has(object_with_value(FORMAT_GO, 17, value), "[\"a.b\",\"sub\"]"));
	CHECK(is_whole(object_with_value(FORMAT_CALIDOG, 17, value)));
}

static void
names_may_come_in_segments(void)
{
	static const struct span value[] = {
		TEXT("\x04\x09\x30\x07\xa2\x05\x16\x03" "a.b"),
		TEXT("\x04\x0b\x30\x09\xa2\x07\x16\x01" "a\x16\x02" ".b"),
		TEXT("\x04\x0f\x30\x0d\xa2\x80\x24\x80\x04\x03" "a.b" "\x00\x00\x00\x00"),
		TEXT("\x24\x0f\x04\x02\x30\x09\x04\x09\xa2\x07\x16\x01" "a\x16\x02" ".b"),
	};

	for (size_t i = 0; i < sizeof(value) / sizeof(value[0]); i++) {
		for (enum format f = FORMAT_GO; f <= FORMAT_CALIDOG; f++) {
			const char *text = object_with_value(f, 17, value[i]);

			CHECK(has(text, f == FORMAT_GO ? "[\"a.b\",\"sub\"]" : "[\"sub\",\"a.b\"]"));
			CHECK(has(text, "\"subjectAltName\":\"DNS:a.b\"") && is_whole(text));
		}
	}
}

/* What is wrong around the names or with others of them does not hide one in segments. */
static void
names_in_segments_are_shown_and_told_where_all_else_is_wrong(void)
{
	static const struct span value[] = {
		TEXT("\x04\x0c\x30\x09\xa2\x07\x16\x01" "a\x16\x02" ".b" "\x00"),	/* a byte behind */
		TEXT("\x04\x0b\x31\x09\xa2\x07\x16\x01" "a\x16\x02" ".b"),	/* in a SET */
		TEXT("\x04\x0b\x31\x0c\xa2\x07\x16\x01" "a\x16\x02" ".b"),	/* that is cut off */
		TEXT("\x04\x09\xa2\x07\x16\x01" "a\x16\x02" ".b"),		/* in nothing */
		TEXT("\x04\x0b\x30\x0c\xa2\x07\x16\x01" "a\x16\x02" ".b"),	/* cut off */
		TEXT("\x04\x0e\x30\x0c\xa2\x07\x16\x01" "a\x16\x02" ".b\x82\x05" "c"),
		TEXT("\x04\x0b\x30\x09\x2c\x07\x0c\x01" "a\x0c\x02" ".b"),	/* a UTF8String */
		TEXT("\x24\x10\x04\x02\x30\x09\x04\x0a\xa2\x07\x16\x01" "a\x16\x02" ".b" "\x00"),
		TEXT("\x04\x0b\x30\x09\xa2\x07\x82\x01" "a\x82\x02" ".b"),	/* segments of tag 2 */
		TEXT("\x04\x0d\x30\x0b\x30\x09\xa2\x07\x16\x01" "a\x16\x02" ".b"),	/* two SEQUENCEs */
	};

	for (size_t i = 0; i < sizeof(value) / sizeof(value[0]); i++) {
		for (enum format f = FORMAT_GO; f <= FORMAT_CALIDOG; f++) {
			const char *text = object_with_value(f, 17, value[i]);

			CHECK(has(text, f == FORMAT_GO ? "[\"a.b\",\"sub\"]" : "[\"sub\",\"a.b\"]"));
			CHECK(has(text, "\"subjectAltName\":\"DNS:a.b\"") && has(text, WRONG("4.2.1.6")));
		}
	}
}

/* certstream-server-go looks at the number of a tag alone. */
static void
names_of_the_wrong_tag_are_shown_and_told(void)
{
	static const struct span value[] = {
		TEXT("\x04\x07\x30\x05\x02\x03" "a.b"),		/* universal 2 */
		TEXT("\x04\x07\x30\x05\x42\x03" "a.b"),		/* application 2 */
		TEXT("\x04\x07\x30\x05\xc2\x03" "a.b"),		/* private 2 */
		TEXT("\x04\x07\x30\x05\xa2\x03" "a.b"),		/* constructed, but no segments */
		TEXT("\x04\x07\x30\x05\x0c\x03" "a.b"),		/* a UTF8String */
		TEXT("\x04\x07\x30\x05\x16\x03" "a.b"),		/* an IA5String */
		TEXT("\x04\x07\x31\x05\x82\x03" "a.b"),		/* in a SET */
		TEXT("\x04\x05\x82\x03" "a.b"),			/* in nothing */
	};
	const char *text;

	for (size_t i = 0; i < sizeof(value) / sizeof(value[0]); i++) {
		for (enum format f = FORMAT_GO; f <= FORMAT_CALIDOG; f++) {
			text = object_with_value(f, 17, value[i]);
			CHECK(has(text, f == FORMAT_GO ? "[\"a.b\",\"sub\"]" : "[\"sub\",\"a.b\"]"));
			CHECK(has(text, "\"subjectAltName\":\"DNS:a.b\"") && has(text, WRONG("4.2.1.6")));
		}
	}
	text = object_with_value(FORMAT_GO, 17,
	    SPAN("\x04\x11\x30\x0f\x01\x03" "a@b\x07\x04\x7f\x00\x00\x01\x06\x02" "u:"));
	CHECK(has(text, "\"email:a@b, IP Address:127.0.0.1, URI:u:\"") && has(text, WRONG("4.2.1.6")));
}

/* No name is hidden by where it stands among other elements. */
static void
names_beside_and_deep_inside_a_sequence_are_shown_and_told(void)
{
	static const struct span value[] = {
		TEXT("\x04\x0c\x82\x03" "a.b\x30\x05\x82\x03" "c.d"),		/* in front of it */
		TEXT("\x04\x0c\x82\x03" "a.b\x30\x06\x82\x03" "c.d"),		/* which is cut off */
		TEXT("\x04\x0c\x30\x05\x82\x03" "a.b\x82\x03" "c.d"),		/* behind it */
		TEXT("\x04\x0e\x30\x05\x82\x03" "a.b\x30\x05\x82\x03" "c.d"),	/* in a second one */
		TEXT("\x04\x0e\x30\x0c\x82\x03" "a.b\x30\x05\x82\x03" "c.d"),	/* inside of it */
		TEXT("\x04\x10\x30\x0e\x31\x0c\x82\x03" "a.b\x30\x05\x82\x03" "c.d"),
		TEXT("\x04\x0c\x10\x0a\x82\x03" "a.b\x82\x03" "c.d"),	/* with a primitive tag */
	};
	const char *text;

	for (size_t i = 0; i < sizeof(value) / sizeof(value[0]); i++) {
		for (enum format f = FORMAT_GO; f <= FORMAT_CALIDOG; f++) {
			text = object_with_value(f, 17, value[i]);
			CHECK(has(text, f == FORMAT_GO ? "[\"a.b\",\"c.d\",\"sub\"]" :
			    "[\"sub\",\"a.b\",\"c.d\"]"));
			CHECK(has(text, "\"subjectAltName\":\"DNS:a.b, DNS:c.d\""));
			CHECK(has(text, WRONG("4.2.1.6")));
		}
	}
}

#define SAN_AB "\x30\x0e\x06\x03\x55\x1d\x11\x04\x07\x30\x05\x82\x03" "a.b"
#define SAN_CD "\x30\x0e\x06\x03\x55\x1d\x11\x04\x07\x30\x05\x82\x03" "c.d"

static void
names_of_all_extensions_are_shown_wherever_these_stand(void)
{
	static const struct span tail[] = {
		/* two fields [3], one beside the other or apart, and two lists in one field */
		TEXT("\xa3\x12\x30\x10" SAN_AB "\xa3\x12\x30\x10" SAN_CD),
		TEXT("\xa3\x12\x30\x10" SAN_AB "\x82\x01\x00\xa3\x12\x30\x10" SAN_CD),
		TEXT("\xa3\x24\x30\x10" SAN_AB "\x30\x10" SAN_CD),
		/* a list in a list, a list without one around it, and a SET in front of a list */
		TEXT("\xa3\x24\x30\x22" SAN_AB "\x30\x10" SAN_CD),
		TEXT("\xa3\x22\x30\x10" SAN_AB SAN_CD),
		TEXT("\xa3\x26\x31\x00\x30\x22" SAN_AB "\x30\x10" SAN_CD),
		/* a list with a primitive tag */
		TEXT("\xa3\x22\x10\x20" SAN_AB SAN_CD),
	};
	struct fields f = good;
	const char *text;

	for (size_t i = 0; i < sizeof(tail) / sizeof(tail[0]); i++) {
		f.tail = tail[i];
		text = object_of_fields(FORMAT_GO, &f);
		CHECK(has(text, "[\"c.d\",\"sub\",\"a.b\"]") && has(text, "parse_error"));
		CHECK(has(text, "\"subjectAltName\":\"DNS:c.d, DNS:a.b\""));
		text = object_of_fields(FORMAT_CALIDOG, &f);
		CHECK(has(text, "[\"sub\",\"a.b\",\"c.d\"]") && has(text, "parse_error"));
	}
}

static void
an_earlier_common_name_of_the_issuer_is_shown_or_told(void)
{
	struct fields f = good;
	const char *text;

	f.issuer = SPAN("\x30\x1b\x31\x0c\x30\x0a\x06\x03\x55\x04\x03\x0c\x03" "one"
	    "\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02" "ca");
	text = object_of_fields(FORMAT_GO, &f);
	CHECK(has(text, ISSUER) && has(text, WRONG("4.1.2.4")));
	text = object_of_fields(FORMAT_CALIDOG, &f);
	CHECK(has(text, "\"aggregated\":\"/CN=one/CN=ca\"") && is_whole(text));
	f.issuer = SPAN("\x30\x1a\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02" "ca"
	    "\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02" "ca");
	CHECK(is_whole(object_of_fields(FORMAT_GO, &f)));
}

static void
attributes_may_come_in_segments(void)
{
	struct fields f = good;

	f.subject = SPAN("\x30\x10\x31\x0e\x30\x0c\x06\x03\x55\x04\x03\x2c\x05\x0c\x03" "sub");
	CHECK(has(object_of_fields(FORMAT_GO, &f), SUBJECT));
	CHECK(is_whole(object_of_fields(FORMAT_CALIDOG, &f)));
	f.subject = SPAN("\x30\x12\x31\x10\x30\x0e\x06\x03\x55\x04\x03\x2c\x07\x04\x01" "s\x04\x02" "ub");
	CHECK(has(object_of_fields(FORMAT_CALIDOG, &f), SUBJECT));
	CHECK(is_whole(object_of_fields(FORMAT_GO, &f)));
	f.subject = SPAN("\x30\x12\x31\x10\x30\x0e\x06\x03\x55\x04\x03\x2c\x07\x8c\x01" "s\x8c\x02" "ub");
	CHECK(has(object_of_fields(FORMAT_GO, &f), SUBJECT));
	CHECK(has(object_of_fields(FORMAT_GO, &f), "\"parse_error\":\"X.690 8.23: "));
}

static void
a_key_id_may_come_in_a_segment(void)
{
	struct span value = SPAN("\x04\x08\x30\x06\xa0\x04\x04\x02\xab\xcd");

	CHECK(has(object_with_value(FORMAT_GO, 35, value), "\"keyid:ab:cd\""));
	CHECK(is_whole(object_with_value(FORMAT_CALIDOG, 35, value)));
	value = SPAN("\x04\x0a\x30\x08\xa0\x06\x04\x01\xab\x04\x01\xcd");
	CHECK(has(object_with_value(FORMAT_GO, 35, value), WRONG("4.2.1.1")));
	value = SPAN("\x04\x09\x30\x07\x82\x01\x05\x80\x02\xab\xcd");
	CHECK(has(object_with_value(FORMAT_CALIDOG, 35, value), "\"keyid:AB:CD\\nserial:05\\n\""));
}

/* Returns the object of a certificate whose subject has one common name, of this type. */
static const char *
object_named(char tag, struct span text)
{
	struct buf attribute, rdn, set, name;
	struct fields f = good;
	const char *object;

	buf_init(&attribute);
	buf_init(&rdn);
	buf_init(&set);
	buf_init(&name);
	buf_put(&attribute, SPAN("\x06\x03\x55\x04\x03"));
	put_der(&attribute, (uint8_t)tag, text);
	put_der(&rdn, 0x30, buf_span(&attribute));
	put_der(&set, 0x31, buf_span(&rdn));
	put_der(&name, 0x30, buf_span(&set));
	f.subject = buf_span(&name);
	object = object_of_fields(FORMAT_GO, &f);
	buf_free(&attribute);
	buf_free(&rdn);
	buf_free(&set);
	buf_free(&name);
	return object;
}

static void
strings_not_in_the_encoding_of_their_type_are_told(void)
{
	CHECK(is_whole(object_named(0x0c, SPAN("gr\xc3\xbc\xc3\x9f" "e, gr\xc3\xbc\xc3\x9f" "e"))));
	CHECK(has(object_named(0x0c, SPAN("123456789\xff")), "\"parse_error\":\"X.690 8.23: a UTF8String"));
	CHECK(is_whole(object_named(0x1e, SPAN("\xd8\x3d\xdd\x12\x00" "a"))));
	CHECK(has(object_named(0x1e, SPAN("\x00" "a\x00")), "\"parse_error\":\"X.690 8.23: a BMPString"));
	CHECK(has(object_named(0x1e, SPAN("\xd8\x3d\x00" "a")), "X.690"));
	CHECK(has(object_named(0x1e, SPAN("\xdc\x00\x00" "a")), "X.690"));
	CHECK(is_whole(object_named(0x1c, SPAN("\x00\x01\xf5\x12"))));
	CHECK(has(object_named(0x1c, SPAN("\x00\x00\x00" "a\x00")), "X.690"));
	CHECK(has(object_named(0x1c, SPAN("\x00\x11\x00\x00")), "X.690"));
}

/* The type of the string and its place in the certificate make no difference. */
static void
a_byte_that_had_to_be_replaced_is_always_told(void)
{
	static const struct {
		char arc;
		struct span value;
	} odd[] = {
		{ 17, TEXT("\x04\x07\x30\x05\x82\x03" "a\xe9" "b") },	/* dNSName */
		{ 17, TEXT("\x04\x07\x30\x05\x81\x03" "a\xe9" "b") },	/* rfc822Name */
		{ 17, TEXT("\x04\x07\x30\x05\x86\x03" "a\xe9" "b") },	/* URI */
		{ 18, TEXT("\x04\x07\x30\x05\x82\x03" "a\xe9" "b") },
		{ 31, TEXT("\x04\x0d\x30\x0b\x30\x09\xa0\x07\xa0\x05\x86\x03" "a\xe9" "b") },
	};
	static const char types[] = { 0x0c, 0x12, 0x13, 0x14, 0x16, 0x1a };
	struct fields f = good;

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		const char *text = object_with_value(FORMAT_GO, odd[i].arc, odd[i].value);

		CHECK(has(text, "a\\ufffdb") && has(text, "parse_error"));
		text = object_with_value(FORMAT_CALIDOG, odd[i].arc, odd[i].value);
		CHECK(has(text, "a\xc3\xa9" "b") && is_whole(text));
	}
	for (size_t i = 0; i < sizeof(types); i++)
		CHECK(has(object_named(types[i], SPAN("a\xe9" "b")), "\"parse_error\":\"X.690 8.23"));
	CHECK(is_whole(object_named(0x14, SPAN("a\xef\xbf\xbd" "b"))));	/* it came so */
	f.issuer = SPAN("\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x0b\x14\x02" "c\xe9");
	CHECK(has(object_of_fields(FORMAT_GO, &f), "X.690 8.23") &&
	    is_whole(object_of_fields(FORMAT_CALIDOG, &f)));
}

static void
missing_and_surplus_elements_are_told(void)
{
	struct fields f = good;
	struct buf b;

	buf_init(&b);
	put_certificate(&b, &f);
	buf_putc(&b, 0);
	CHECK(has(object_of(FORMAT_GO, buf_span(&b)), WRONG("4.1: there are bytes behind")));
	buf_free(&b);
	f.end = SPAN("");
	CHECK(has(object_of_fields(FORMAT_GO, &f), WRONG("4.1.1.2")));
	f.end = SPAN("\x30\x00");
	CHECK(has(object_of_fields(FORMAT_GO, &f), WRONG("4.1.1.3")));
	f = good;
	f.tail = SPAN("\xa3\x04\x30\x00\x05\x00");
	CHECK(has(object_of_fields(FORMAT_GO, &f), WRONG("4.1.2.9")));
	f.tail = SPAN("\xa3\x02\x30\x00\xa3\x02\x30\x00");
	CHECK(has(object_of_fields(FORMAT_GO, &f), WRONG("4.1.2.9")));
	f.tail = SPAN("\xa3\x02\x30\x00\x05\x00");
	CHECK(has(object_of_fields(FORMAT_GO, &f), WRONG("4.1: TBSCertificate holds")));
	f.tail = SPAN("\xa3\x02\x30\x00");
	CHECK(is_whole(object_of_fields(FORMAT_GO, &f)));
	f.serial = SPAN("\x02\x00");
	CHECK(has(object_of_fields(FORMAT_GO, &f), "\"serial_number\":null"));
	CHECK(has(object_of_fields(FORMAT_CALIDOG, &f), "\"serial_number\":null") &&
	    has(object_of_fields(FORMAT_CALIDOG, &f), WRONG("4.1.2.2")));
	f.serial = SPAN("\x02\x01\x00");
	CHECK(has(object_of_fields(FORMAT_GO, &f), "\"serial_number\":\"00\""));
}

static void
extensions_that_cannot_be_read_to_their_end_are_told(void)
{
	static const struct {
		char arc;
		struct span value;
		const char *why;
	} odd[] = {
		{ 17, TEXT("\x04\x08\x30\x05\x82\x03" "a.b\x00"), WRONG("4.2.1.6") },
		{ 17, TEXT("\x04\x09\x30\x07\x82\x03" "a.b\x05\x00"), WRONG("4.2.1.6") },
		{ 17, TEXT("\x04\x09\x30\x07\x82\x03" "a.b\x89\x00"), WRONG("4.2.1.6") },
		{ 17, TEXT("\x04\x07\x30\x05\x82\x03" "a.b\x05\x00"), WRONG("4.2: ") },
		{ 17, TEXT("\x01\x00\x04\x07\x30\x05\x82\x03" "a.b"), WRONG("4.2: ") },
		{ 17, TEXT("\x01\x02\xff\xff\x04\x07\x30\x05\x82\x03" "a.b"), WRONG("4.2: ") },
		{ 15, TEXT("\x04\x04\x03\x02\x08\xa0"), WRONG("4.2.1.3") },
		{ 15, TEXT("\x04\x05\x03\x02\x05\xa0\x00"), WRONG("4.2.1.3") },
		{ 14, TEXT("\x04\x04\x04\x01\xab\x00"), WRONG("4.2.1.2") },
		{ 19, TEXT("\x04\x04\x30\x02\x01\x00"), WRONG("4.2.1.9") },
		{ 19, TEXT("\x04\x06\x30\x04\x01\x02\xff\xff"), WRONG("4.2.1.9") },
		{ 37, TEXT("\x04\x04\x30\x02\x06\x00"), WRONG("4.2.1.12") },
		{ 37, TEXT("\x04\x06\x30\x04\x06\x02\x2a\x83"), WRONG("4.2.1.12") },
	};

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		for (enum format f = FORMAT_GO; f <= FORMAT_CALIDOG; f++)
			CHECK(has(object_with_value(f, odd[i].arc, odd[i].value), odd[i].why));
	CHECK(has(object_with(FORMAT_GO, SPAN("\x30\x04\x06\x00\x04\x00")), WRONG("4.2: ")));
	CHECK(has(object_with(FORMAT_GO, SPAN("\x30\x06\x06\x02\x2a\x83\x04\x00")), WRONG("4.2: ")));
	CHECK(has(object_with_value(FORMAT_CALIDOG, 32,
	    SPAN("\x04\x0c\x30\x0a\x30\x08\x06\x02\x2a\x03\x30\x02\x30\x00")), WRONG("4.2.1.4")));
}

int
main(void)
{
	RUN(a_well_formed_certificate_has_no_parse_error);
	RUN(one_byte_short_is_still_read);
	RUN(a_string_that_is_cut_off_is_left_out);
	RUN(a_field_of_another_tag_does_not_hide_the_others);
	RUN(an_element_that_is_not_an_attribute_is_passed_over);
	RUN(a_list_with_a_primitive_tag_hides_no_name);
	RUN(an_element_that_is_not_an_extension_is_passed_over);
	RUN(an_element_with_too_large_a_length_is_read_up_to_the_end);
	RUN(a_low_tag_number_may_come_in_the_high_form);
	RUN(a_low_tag_number_in_the_high_form_hides_no_name);
	RUN(an_extension_value_may_come_in_segments);
	RUN(segments_of_any_length_are_joined);
	RUN(names_in_segments_are_shown_however_many_there_are);
	RUN(segments_in_segments_are_joined_as_deep_as_openssl_joins_them);
	RUN(names_may_come_in_segments);
	RUN(names_in_segments_are_shown_and_told_where_all_else_is_wrong);
	RUN(names_of_the_wrong_tag_are_shown_and_told);
	RUN(names_beside_and_deep_inside_a_sequence_are_shown_and_told);
	RUN(names_of_all_extensions_are_shown_wherever_these_stand);
	RUN(an_earlier_common_name_of_the_issuer_is_shown_or_told);
	RUN(attributes_may_come_in_segments);
	RUN(a_key_id_may_come_in_a_segment);
	RUN(strings_not_in_the_encoding_of_their_type_are_told);
	RUN(a_byte_that_had_to_be_replaced_is_always_told);
	RUN(missing_and_surplus_elements_are_told);
	RUN(extensions_that_cannot_be_read_to_their_end_are_told);
	return unit_end();
}

/* lib/enc/der, ber, date and text: elements, times, and values as text. */
#include "unit.h"

#include "base/buf.h"
#include "enc/ber.h"
#include "enc/date.h"
#include "enc/text.h"

static void
elements_come_one_by_one_with_body_and_whole(void)
{
	struct der d = der_of(SPAN("\x02\x01\x05\x30\x00"));
	struct der_item it;

	CHECK(der_next(&d, &it) && it.tag == DER_INTEGER && it.body.n == 1 && it.whole.n == 3);
	CHECK(der_next(&d, &it) && it.tag == DER_SEQUENCE && it.body.n == 0);
	CHECK(!der_next(&d, &it) && der_done(&d));
}

static void
take_does_not_move_past_another_tag(void)
{
	struct der d = der_of(SPAN("\x02\x01\x05"));
	struct span body;

	CHECK(!der_take(&d, DER_OID, &body));
	CHECK(der_take(&d, DER_INTEGER, &body) && body.p[0] == 5);
}

static void
long_lengths_need_not_be_minimal(void)
{
	struct der d = der_of(SPAN("\x04\x81\x02hi\x04\x84\x00\x00\x00\x01x"));
	struct der_item it;

	CHECK(der_next(&d, &it));
	CHECK_TEXT(it.body, "hi");
	CHECK(der_next(&d, &it));
	CHECK_TEXT(it.body, "x");
	CHECK(der_done(&d));
}

static void
indefinite_lengths_are_followed_to_their_end(void)
{
	struct der d = der_of(SPAN("\x30\x80\x30\x80\x02\x01\x07\x00\x00\x04\x02\x00\x00\x00\x00\x02\x01\x09"));
	struct der_item it;

	CHECK(der_next(&d, &it) && it.body.n == 11 && it.whole.n == 15);
	CHECK(der_next(&d, &it) && it.body.p[0] == 9);
	CHECK(der_done(&d));
}

static void
an_element_that_is_not_whole_is_refused_without_moving(void)
{
	static const struct span bad[] = {
		{ (const uint8_t *)"\x30", 1 }, { (const uint8_t *)"\x30\x05\x00", 3 },
		{ (const uint8_t *)"\x30\x82\x01", 3 }, { (const uint8_t *)"\x30\x80\x02\x01", 4 },
		{ (const uint8_t *)"\x30\x85\x01\x00\x00\x00\x02\x05\x00", 9 },	/* 2^32 + 2 */
		{ (const uint8_t *)"\x30\x84\xff\xff\xff\xff\x00\x00", 8 },	/* 2^32 - 1 */
		{ (const uint8_t *)"\x30\x89\x01\x00\x00\x00\x00\x00\x00\x00\x00", 11 },
		{ (const uint8_t *)"\x04\x80\x00\x00", 4 }, { (const uint8_t *)"\x1f\x81\x80", 3 },
		{ (const uint8_t *)"\x30\x84\xff\xff\xff\xff", 6 },
	};
	struct der_item it;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct der d = der_of(bad[i]);

		CHECK(!der_next(&d, &it) && d.p == bad[i].p && !der_done(&d));
	}
}

static void
hostile_nesting_of_indefinite_lengths_is_bounded(void)
{
	static uint8_t deep[4000];
	struct der d = der_of(span_of(deep, sizeof(deep)));
	struct der_item it;

	for (size_t i = 0; i < sizeof(deep); i += 2) {
		deep[i] = 0x30;
		deep[i + 1] = 0x80;
	}
	CHECK(!der_next(&d, &it));
}

static void
low_tag_numbers_in_the_high_form_are_the_same_tags(void)
{
	struct der of = der_of(SPAN("\x1f\x02\x01\x05\x3f\x80\x10\x00\x1f\x1f\x00\x1f\x81\x10\x00"));
	struct der d = of;
	struct der_item it;
	struct span body;

	CHECK(der_next(&d, &it) && it.tag == DER_INTEGER && it.body.n == 1 && it.body.p[0] == 5);
	CHECK(der_next(&d, &it) && it.tag == DER_SEQUENCE && it.body.n == 0);
	CHECK(der_next(&d, &it) && it.tag == 0x1f && der_next(&d, &it) && it.tag == 0x1f);
	CHECK(der_done(&d));
	d = of;
	CHECK(!der_take(&d, DER_SEQUENCE, &body) && d.p == of.p);
	CHECK(der_take(&d, DER_INTEGER, &body) && body.n == 1 && body.p[0] == 5);
	CHECK(der_take(&d, DER_SEQUENCE, &body) && body.n == 0);
}

static void
an_element_that_is_cut_off_is_given_up_to_the_end(void)
{
	struct der d = der_of(SPAN("\x30\x05\x02\x01\x05"));
	struct der_item it;
	bool odd = false;

	CHECK(!der_next(&d, &it) && ber_next(&d, &it, &odd) && odd);
	CHECK(it.tag == DER_SEQUENCE && it.body.n == 3 && der_done(&d));
	d = der_of(SPAN("\x30\x80\x02\x01"));
	CHECK(ber_next(&d, &it, &odd) && it.body.n == 2);
	d = der_of(SPAN("\x04\x05hi"));
	CHECK(!ber_next(&d, &it, &odd) && !der_done(&d));
	CHECK(der_next_cut(&d, &it) && it.body.n == 2 && der_done(&d));
	d = der_of(SPAN("\x30\x82\x01"));
	CHECK(!ber_next(&d, &it, &odd) && !der_next_cut(&d, &it));
}

static void
a_search_passes_over_elements_of_other_tags(void)
{
	struct der d = der_of(SPAN("\x02\x01\x05\x05\x00\x02\x01\x06\x05\x00"));
	struct span body;
	bool odd = false;

	CHECK(ber_find(&d, DER_INTEGER, &body, &odd) && body.p[0] == 5 && !odd);
	CHECK(ber_find(&d, DER_INTEGER, &body, &odd) && body.p[0] == 6 && odd);
	odd = false;
	CHECK(!ber_find(&d, DER_INTEGER, &body, &odd) && odd && der_done(&d));
}

static void
segments_are_joined_where_there_is_room(void)
{
	struct buf room;
	struct span out;
	bool odd = false;

	buf_init(&room);
	CHECK(ber_join(SPAN("\x04\x02hi"), &room, &out, &odd) && room.n == 0);
	CHECK_TEXT(out, "hi");
	CHECK(ber_join(SPAN("\x04\x01h\x04\x00\x24\x03\x04\x01i"), &room, &out, &odd));
	CHECK_TEXT(out, "hi");
	CHECK(ber_join(SPAN("\x04\x01h\x04\x01i"), NULL, &out, &odd) && out.p == NULL);
	CHECK(ber_join(SPAN(""), NULL, &out, &odd) && out.p != NULL && out.n == 0);
	CHECK(!ber_join(SPAN("\x04\x01h\x04\x02i"), &room, &out, &odd) && room.n == 2);
	CHECK(!ber_join(SPAN("\x24\x0c\x24\x0a\x24\x08\x24\x06\x24\x04\x24\x02\x04\x00"), NULL,
	    &out, &odd));
	CHECK(!odd);
	CHECK(ber_join(SPAN("\x80\x01h\x41\x01i"), &room, &out, &odd) && odd);
	CHECK_TEXT(out, "hi");
	buf_free(&room);
}

static int64_t
seconds_of(uint8_t tag, const char *text)
{
	int64_t t;

	return date_parse_asn1(tag, span_str(text), &t) ? t : -1;
}

static void
times_follow_rfc_5280(void)
{
	CHECK(seconds_of(DER_UTC_TIME, "700101000001Z") == 1);
	CHECK(seconds_of(DER_UTC_TIME, "491231235959Z") == 2524607999);
	CHECK(seconds_of(DER_UTC_TIME, "500101000000Z") == -631152000);
	CHECK(seconds_of(DER_GENERALIZED_TIME, "20240229120000Z") == 1709208000);
	CHECK(seconds_of(DER_GENERALIZED_TIME, "99991231235959Z") == 253402300799);
}

static void
sloppy_times_are_still_read(void)
{
	CHECK(seconds_of(DER_UTC_TIME, "7001010001Z") == 60);
	CHECK(seconds_of(DER_UTC_TIME, "700101000001") == 1);
	CHECK(seconds_of(DER_UTC_TIME, "700101020001+0200") == 1);
	CHECK(seconds_of(DER_GENERALIZED_TIME, "19700101000001.500Z") == 1);
}

static void
invalid_times_are_refused(void)
{
	static const char *const bad[] = { "", "7001", "701301000000Z", "700230000000Z",
		"700101250000Z", "700101000000X", "700101000000+2", "70010100000aZ" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(seconds_of(DER_UTC_TIME, bad[i]) == -1);
	CHECK(seconds_of(DER_INTEGER, "700101000000Z") == -1);
}

/* The text one of the writers makes of bytes, in a static buffer. */
static struct span
text_of(void (*put)(struct buf *, struct span), struct span bytes)
{
	static struct buf b;

	buf_reset(&b);
	put(&b, bytes);
	return buf_span(&b);
}

static void
oids_are_dotted_whatever_their_size(void)
{
	CHECK_TEXT(text_of(text_put_oid, SPAN("\x2a\x86\x48\x86\xf7\x0d")), "1.2.840.113549");
	CHECK_TEXT(text_of(text_put_oid, SPAN("\x88\x37\x03")), "2.999.3");
	CHECK_TEXT(text_of(text_put_oid,
	    SPAN("\x69\x83\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f")),
	    "2.25.340282366920938463463374607431768211455");
	CHECK_TEXT(text_of(text_put_oid, SPAN("\x2a\x86")), "0.2a:86");
	CHECK_TEXT(text_of(text_put_oid, SPAN("")), "0.");
}

static void
serials_print_as_whole_bytes(void)
{
	CHECK_TEXT(text_of(text_put_serial, SPAN("\x04\x98\xbd")), "0498BD");
	CHECK_TEXT(text_of(text_put_serial, SPAN("\x00\xff\x01")), "FF01");
	CHECK_TEXT(text_of(text_put_serial, SPAN("\x0a\xbc")), "0ABC");
	CHECK_TEXT(text_of(text_put_serial, SPAN("\x00")), "00");
	CHECK_TEXT(text_of(text_put_serial, SPAN("")), "00");
}

static void
negative_serials_have_a_sign_and_whole_bytes(void)
{
	CHECK_TEXT(text_of(text_put_serial, SPAN("\x80")), "-80");
	CHECK_TEXT(text_of(text_put_serial, SPAN("\x81")), "-7F");
	CHECK_TEXT(text_of(text_put_serial, SPAN("\xff")), "-01");
	CHECK_TEXT(text_of(text_put_serial, SPAN("\xff\x00")), "-0100");
	CHECK_TEXT(text_of(text_put_serial, SPAN("\x80\x00")), "-8000");
	CHECK_TEXT(text_of(text_put_serial, SPAN("\xa4\x4c\x38\x47\xf8\xee\x71\x81")), "-5BB3C7B807118E7F");
	CHECK_TEXT(text_of(text_put_serial, SPAN("\xff\xff\xff")), "-01");	/* not minimal */
	CHECK_TEXT(text_of(text_put_serial, SPAN("\xff\xff\x80")), "-80");
	CHECK_TEXT(text_of(text_put_serial, SPAN("\xfb\xce\x99\x6c\x13")), "-04316693ED");
}

static void
addresses_print_as_rfc_5952_has_them(void)
{
	CHECK_TEXT(text_of(text_put_ip, SPAN("\xc0\x00\x02\x01")), "192.0.2.1");
	CHECK_TEXT(text_of(text_put_ip,
	    SPAN("\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01")), "2001:db8::1");
	CHECK_TEXT(text_of(text_put_ip,
	    SPAN("\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")), "::");
	CHECK_TEXT(text_of(text_put_ip,
	    SPAN("\x20\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01\x00\x01")), "2001:0:1::1:1");
	CHECK_TEXT(text_of(text_put_ip,
	    SPAN("\x00\x01\x00\x00\x00\x02\x00\x03\x00\x04\x00\x05\x00\x06\x00\x07")), "1:0:2:3:4:5:6:7");
	CHECK_TEXT(text_of(text_put_ip,
	    SPAN("\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\x0a\x00\x00\x01")), "10.0.0.1");
	CHECK_TEXT(text_of(text_put_ip, SPAN("\x01\x02\x03\x04\x05")), "01:02:03:04:05");
}

static struct span
string_of(uint8_t tag, struct span bytes)
{
	static struct buf b;

	buf_reset(&b);
	text_put_string(&b, tag, bytes);
	return buf_span(&b);
}

static void
strings_of_every_type_become_utf8(void)
{
	CHECK_TEXT(string_of(DER_UTF8_STRING, SPAN("M\xc3\xbcnchen")), "M\xc3\xbcnchen");
	CHECK_TEXT(string_of(DER_PRINTABLE_STRING, SPAN("a\"b\\c")), "a\\\"b\\\\c");
	CHECK_TEXT(string_of(DER_T61_STRING, SPAN("M\xfcnchen")), "M\\ufffdnchen");
	CHECK_TEXT(string_of(DER_BMP_STRING, SPAN("\x00M\x00\xfc\xd8\x3d\xdd\x12\x00\x00")),
	    "M\xc3\xbc\xf0\x9f\x94\x92");
	CHECK_TEXT(string_of(DER_BMP_STRING, SPAN("\xd8\x3d\x00x\x07")), "\xef\xbf\xbdx");
	CHECK_TEXT(string_of(DER_UNIVERSAL_STRING, SPAN("\x00\x01\xf5\x12\x00\x00\x00\x41\x00")),
	    "\xf0\x9f\x94\x92" "A");
}

int
main(void)
{
	RUN(elements_come_one_by_one_with_body_and_whole);
	RUN(take_does_not_move_past_another_tag);
	RUN(long_lengths_need_not_be_minimal);
	RUN(indefinite_lengths_are_followed_to_their_end);
	RUN(an_element_that_is_not_whole_is_refused_without_moving);
	RUN(hostile_nesting_of_indefinite_lengths_is_bounded);
	RUN(low_tag_numbers_in_the_high_form_are_the_same_tags);
	RUN(an_element_that_is_cut_off_is_given_up_to_the_end);
	RUN(a_search_passes_over_elements_of_other_tags);
	RUN(segments_are_joined_where_there_is_room);
	RUN(times_follow_rfc_5280);
	RUN(sloppy_times_are_still_read);
	RUN(invalid_times_are_refused);
	RUN(oids_are_dotted_whatever_their_size);
	RUN(serials_print_as_whole_bytes);
	RUN(negative_serials_have_a_sign_and_whole_bytes);
	RUN(addresses_print_as_rfc_5952_has_them);
	RUN(strings_of_every_type_become_utf8);
	return unit_end();
}

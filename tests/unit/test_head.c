/* ct/head: signed tree heads. */
#include "unit.h"

#include "ct/head.h"
#include "cut.h"
#include "hex.h"

static const char yeti_key[] =
	"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEn/jYHd77W1G1+131td5mEbCdX/1v/KiYW5hPLcOROvv+"
	"xA8Nw2BDjB7y+RGyutD2vKXStp/5XIeiffzUfdYTJg==";

/* Two tree heads that DigiCert's Yeti2022 signed in June 2021. */
static const struct {
	const char *sth, *message;
} yeti[] = {
	{
		"{\"tree_size\":65551225,\"timestamp\":1624968008035,\"sha256_root_hash\":"
		"\"QLoUSs76wgHT7RyyJDdJPbPokyQnNwsVBOMq/gIuEMk=\",\"tree_head_signature\":"
		"\"BAMASDBGAiEAgpQ9zzpRo8NZHfw/lXk0g9YvvaNtALinJoaqxK+tUosCIQDYsuAJbqiTv5/CZech"
		"rVOjk3C1SxURGlNibEKW5iQ0zA==\"}",
		"00010000017a57a411630000000003e83b7940ba144acefac201d3ed1cb22437493db3e8932427"
		"370b1504e32afe022e10c9",
	},
	{
		"{\"tree_size\":65569149,\"timestamp\":1624971609346,\"sha256_root_hash\":"
		"\"ogxKC1kdkMoDxTYnEkdHVt/UotIeRpip7x6QljoOGuY=\",\"tree_head_signature\":"
		"\"BAMASDBGAiEA7gQwSrLcn6JzY9USfUyQjzdifF6ojGztYaCvcYWZFLcCIQDMlxZitnji0l5mcclF"
		"CS0C6FpFEITWOqJYEJCnBB6rIg==\"}",
		"00010000017a57db05020000000003e8817da20c4a0b591d90ca03c5362712474756dfd4a2d21e"
		"4698a9ef1e90963a0e1ae6",
	},
};

static struct sig_key *key;

static void
the_heads_of_yeti2022_verify(void)
{
	for (size_t i = 0; i < 2; i++) {
		uint8_t message[HEAD_MESSAGE];
		struct head head;

		CHECK(head_parse_sth(span_str(yeti[i].sth), &head) == NULL);
		head_message(&head, message);
		CHECK(hex_is(span_of(message, sizeof(message)), yeti[i].message));
		CHECK(head_verify(&head, key) == NULL);
	}
}

static void
a_head_with_anything_changed_does_not_verify(void)
{
	struct head head, bad;

	CHECK(head_parse_sth(span_str(yeti[0].sth), &head) == NULL);
	bad = head;
	bad.size++;
	CHECK(head_verify(&bad, key) != NULL);
	bad = head;
	bad.timestamp++;
	CHECK(head_verify(&bad, key) != NULL);
	bad = head;
	bad.root[31] ^= 1;
	CHECK(head_verify(&bad, key) != NULL);
	bad = head;
	bad.signature_n--;
	CHECK(head_verify(&bad, key) != NULL);
	bad = head;
	bad.signature[bad.signature_n++] = 0;
	CHECK(head_verify(&bad, key) != NULL);
}

static void
a_head_is_written_as_it_was_read(void)
{
	struct head head;
	struct buf b;

	buf_init(&b);
	CHECK(head_parse_sth(span_str(yeti[0].sth), &head) == NULL);
	head_put_sth(&b, &head);
	CHECK_TEXT(buf_span(&b), yeti[0].sth);
	buf_free(&b);
}

static void
order_unknown_members_spaces_and_escapes_do_not_matter(void)
{
	struct head head;

	CHECK(head_parse_sth(SPAN(" { \"new\": {\"a\":[1,null]}, \"tree_head_signature\":\"BAMA"
	    "SDBGAiEAgpQ9zzpRo8NZHfw\\/lXk0g9YvvaNtALinJoaqxK\\u002btUosCIQDYsuAJbqiTv5\\/CZech"
	    "rVOjk3C1SxURGlNibEKW5iQ0zA==\",\n\t\"sha256_root_hash\":"
	    "\"QLoUSs76wgHT7RyyJDdJPbPokyQnNwsVBOMq\\/gIuEMk=\" , \"timestamp\":1624968008035,"
	    "\"tree_size\":65551225}\n"), &head) == NULL);
	CHECK(head_verify(&head, key) == NULL);
}

/* The first head with one piece of its text replaced. */
static const char *
parse_with(const char *from, const char *to, struct head *head)
{
	const char *at = strstr(yeti[0].sth, from);
	const char *why = NULL;
	struct buf b;

	buf_init(&b);
	CHECK(at != NULL);
	if (at != NULL) {
		buf_put(&b, span_of(yeti[0].sth, (size_t)(at - yeti[0].sth)));
		buf_puts(&b, to);
		buf_puts(&b, at + strlen(from));
		why = head_parse_sth(buf_span(&b), head);
	}
	buf_free(&b);
	return why;
}

static void
members_that_are_missing_doubled_or_wrong_are_named(void)
{
	static const struct {
		const char *from, *to, *why;
	} cases[] = {
		{ "\"tree_size\"", "\"size\"", "RFC 6962 4.3: tree_size missing" },
		{ "\"timestamp\"", "\"time\"", "RFC 6962 4.3: timestamp missing" },
		{ "\"sha256_root_hash\"", "\"root\"", "RFC 6962 4.3: sha256_root_hash missing" },
		{ "\"tree_head_signature\"", "\"sig\"",
		    "RFC 6962 4.3: tree_head_signature missing" },
		{ "65551225", "-1", "RFC 6962 4.3: tree_size is not a number of leaves" },
		{ "65551225", "9223372036854775808",
		    "RFC 6962 4.3: tree_size is not a number of leaves" },
		{ "65551225", "\"65551225\"", "RFC 6962 4.3: tree_size is not a number of leaves" },
		{ "1624968008035", "1e12", "RFC 6962 4.3: timestamp is not a number" },
		{ "EMk=", "EA==", "RFC 6962 4.3: sha256_root_hash is not base64 of 32 bytes" },
		{ "EMk=", "EMkA", "RFC 6962 4.3: sha256_root_hash is not base64 of 32 bytes" },
		{ "QLoU", "QL!U", "RFC 6962 4.3: sha256_root_hash is not base64 of 32 bytes" },
		{ "\"BAMA", "7,\"x\":\"", "RFC 6962 4.3: tree_head_signature is not base64 of a "
		    "signature" },
		{ "{", "{\"timestamp\":1,", "RFC 6962 4.3: a member of the signed tree head twice" },
		{ "{", "[", "RFC 6962 4.3: signed tree head is not a JSON object" },
		{ "}", "}x", "RFC 6962 4.3: signed tree head is not JSON" },
	};
	struct head head;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *why = parse_with(cases[i].from, cases[i].to, &head);

		CHECK_TEXT(span_str(why != NULL ? why : "(good)"), cases[i].why);
	}
	CHECK(parse_with("65551225", "9223372036854775807", &head) == NULL);
	CHECK(head.size == MAX_TREE_SIZE);
}

static void
a_web_page_is_not_a_head(void)
{
	struct head head;

	CHECK(head_parse_sth(SPAN("<html><body>Bad gateway</body></html>"), &head) != NULL);
	CHECK(head_parse_sth(SPAN(""), &head) != NULL);
	CHECK(head_parse_sth(SPAN("null"), &head) != NULL);
}

static void
refuse(struct span cut)
{
	struct head head;

	CHECK(head_parse_sth(cut, &head) != NULL);
}

static void
a_head_cut_anywhere_is_refused(void)
{
	cut_each(span_str(yeti[0].sth), refuse);
}

static void
a_signature_longer_than_any_key_makes_is_refused(void)
{
	struct head head;
	struct buf b;

	buf_init(&b);
	buf_puts(&b, "{\"tree_head_signature\":\"");
	for (int i = 0; i < 1400; i++)
		buf_putc(&b, 'A');
	buf_puts(&b, "\"}");
	CHECK_TEXT(span_str(head_parse_sth(buf_span(&b), &head)),
	    "RFC 6962 4.3: tree_head_signature is not base64 of a signature");
	buf_free(&b);
}

int
main(void)
{
	struct arena arena;

	arena_init(&arena);
	CHECK(sig_key_parse(hex_b64(&arena, span_str(yeti_key)), &key) == NULL);
	RUN(the_heads_of_yeti2022_verify);
	RUN(a_head_with_anything_changed_does_not_verify);
	RUN(a_head_is_written_as_it_was_read);
	RUN(order_unknown_members_spaces_and_escapes_do_not_matter);
	RUN(members_that_are_missing_doubled_or_wrong_are_named);
	RUN(a_web_page_is_not_a_head);
	RUN(a_head_cut_anywhere_is_refused);
	RUN(a_signature_longer_than_any_key_makes_is_refused);
	sig_key_free(key);
	arena_free(&arena);
	return unit_end();
}

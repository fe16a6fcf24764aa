/* ct-ws/filter/filter: filters as clients write them, and how they are answered. */
#include "unit.h"

#include "ct-ws/filter/filter.h"
#include "ct-ws/filter/regex.h"

static struct buf out;

/* Reads a query and shows the filter as the answer does, or what is wrong. */
static struct span
query(const char *text)
{
	struct filter f;

	buf_reset(&out);
	if (filter_parse_query(&f, span_str(text), &out))
		filter_put_json(&f, &out);
	filter_free(&f);
	return buf_span(&out);
}

static struct span
message(const char *text)
{
	struct filter f;

	buf_reset(&out);
	if (filter_parse_json(&f, span_str(text), &out))
		filter_put_json(&f, &out);
	filter_free(&f);
	return buf_span(&out);
}

static bool
has(struct span text, const char *part)
{
	return memmem(text.p, text.n, part, strlen(part)) != NULL;
}

/* What a client is answered whose filter is inside. */
#define ANSWER(inside) "{\"message_type\":\"subscribed\",\"subscribe\":{" inside "}}"

static bool
has_regexes(void)
{
	struct buf why;
	bool good;

	buf_init(&why);
	good = regex_check(SPAN("a"), &why);
	buf_free(&why);
	return good;
}

static void
a_query_without_kinds_lets_everything_through(void)
{
	struct filter f;

	buf_reset(&out);
	CHECK(filter_parse_query(&f, SPAN("stream=full&token=x%zz&precert=0&precert=1"), &out));
	CHECK(filter_is_empty(&f));
	filter_free(&f);
	CHECK(filter_parse_query(&f, SPAN("precert=0"), &out));
	CHECK(!filter_is_empty(&f));
	filter_free(&f);
	CHECK_TEXT(query(""), ANSWER(""));
}

static void
values_are_lists_or_repeated_keys(void)
{
	CHECK_TEXT(query("domain=b.com,a.com&seq=1&domain=c.com,+b.com"),
	    ANSWER("\"domain\":[\"a.com\",\"b.com\",\"c.com\"]"));
	CHECK_TEXT(query("domain=a.com%2cb.com"), ANSWER("\"domain\":[\"a.com\",\"b.com\"]"));
	CHECK_TEXT(query("issuer=GoDaddy.com%5C,+Inc.,R3&log=Argon&match=x\\y"),
	    ANSWER("\"match\":[\"x\\\\y\"],\"issuer\":[\"godaddy.com, inc.\",\"r3\"],"
	    "\"log\":[\"argon\"]"));
}

static void
precert_is_one_or_both(void)
{
	CHECK_TEXT(query("precert=1"), ANSWER("\"precert\":true"));
	CHECK_TEXT(query("precert=0"), ANSWER("\"precert\":false"));
	CHECK_TEXT(query("precert=0,1"), ANSWER(""));
	CHECK_TEXT(query("precert=yes"), "precert=yes: neither 0 nor 1");
}

static void
a_domain_has_one_spelling(void)
{
	CHECK_TEXT(query("domain=M%C3%9CNCHEN.de.,*.EXAMPLE.org,xn--mnchen-3ya.de,m%C3%BCnchen%E3%80%82de"),
	    ANSWER("\"domain\":[\"*.example.org\",\"xn--mnchen-3ya.de\"]"));
	CHECK_TEXT(query("domain=com,_dmarc.a-b.c1"), ANSWER("\"domain\":[\"_dmarc.a-b.c1\",\"com\"]"));
}

static void
a_bad_domain_is_told_what_and_where(void)
{
	CHECK_TEXT(query("domain=exa%20mple"), "domain=exa mple: a space at character 4");
	CHECK_TEXT(query("domain=m%C3%BC+n"), "domain=mü n: a space at character 3");
	CHECK_TEXT(query("domain=a.com,https://b.com/"), "domain=https://b.com/: a : at character 6");
	CHECK_TEXT(query("domain=a..b"), "domain=a..b: an empty label at character 3");
	CHECK_TEXT(query("domain=.a"), "domain=.a: an empty label at character 1");
	CHECK_TEXT(query("domain=*.a..b"), "domain=*.a..b: an empty label at character 5");
	CHECK_TEXT(query("domain=*."), "domain=*.: an empty label at character 3");
	CHECK_TEXT(query("domain=."), "domain=.: an empty label at character 1");
	CHECK_TEXT(query("domain=*"),
	    "domain=*: a * at character 1; it may only be the first label, as in *.example.org");
	CHECK_TEXT(query("domain=a.*.b"),
	    "domain=a.*.b: a * at character 3; it may only be the first label, as in *.example.org");
	CHECK_TEXT(query("domain=a,,b"), "domain=: nothing is named");
	CHECK_TEXT(query("match="), "match=: nothing is named");
	CHECK_TEXT(query("match"), "match=: nothing is named");
	CHECK_TEXT(query("domain=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.b"),
	    "domain=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...: "
	    "a label longer than 63 characters");
}

static void
bytes_that_are_no_text_are_told_in_print(void)
{
	CHECK_TEXT(query("match=a%0Ab"), "match=a\\x0ab: a control character at character 2");
	CHECK_TEXT(query("match=%C3%BCb%FF"), "match=üb\\xff: not UTF-8 at character 3");
	CHECK_TEXT(query("match=%00"), "match=\\x00: a control character at character 1");
	CHECK_TEXT(query("domain=a%4"),
	    "domain=a%4: two hex digits must follow the % at character 2");
}

static void
a_comma_belongs_to_a_regex(void)
{
	if (!has_regexes())
		SKIP("built without hyperscan");
	CHECK_TEXT(query("regex=a{2,3}b&regex=%5Ec\\."),
	    ANSWER("\"regex\":[\"^c\\\\.\",\"a{2,3}b\"]"));
}

static void
a_regex_without_the_library_is_refused(void)
{
	if (has_regexes())
		SKIP("built with hyperscan");
	CHECK_TEXT(query("regex=a"),
	    "regex=a: this server has no regexes, because it was built without hyperscan");
}

static void
a_bad_regex_is_refused(void)
{
	if (!has_regexes())
		SKIP("built without hyperscan");
	CHECK_TEXT(query("regex=(a"),
	    "regex=(a: Missing close parenthesis for group started at index 0.");
	CHECK(has(query("regex=(a)\\1"), "unsupported"));
	CHECK_TEXT(query("regex=a*"),
	    "regex=a*: it may be empty, so it would be found in every name");
	CHECK_TEXT(query("regex="), "regex=: nothing is named");
}

/* Checks that each of the n patterns is taken, or that each is refused. */
static void
check_regexes(const char *const *patterns, size_t n, bool fine)
{
	struct buf why;

	buf_init(&why);
	for (size_t i = 0; i < n; i++) {
		buf_reset(&why);
		if (regex_check(span_str(patterns[i]), &why) != fine)
			CHECK_TEXT(span_str(patterns[i]), fine ? "taken" : "refused");
	}
	buf_free(&why);
}

/* The library would take up to seconds for some of them. */
static void
a_regex_that_repeats_too_much_is_refused(void)
{
	static const char *const large[] = { "(([a-z]{1,30}){1,30}b){1,30}", "a{1,300}",
		"(.{0,64}(x|y){0,64}){4}", "[^\xc3\xbc]{80}", "((((((((((((((((((a))))))))))))))))))", "(?x)a {1,9}",
		"(?i-x:a)(?#(){9}", "\\Qa\\E", "(?:[a-z]{100}){2}", "([]a]{100}){3}", "(a|b|c){60}",
		"((a{9}){9}){9}", "a{20}{20}", "x{256}x" };
	static const char *const fine[] = { "[a-z]{1,128}x", "[^\xc3\xbc]{20}", "(?i:ab){20}", "a\\{900}",
		"[{(]{20}\\(", "(a{4}){4}", "[[:alpha:]]{100}", "(?i)a", "\\p{L}{60}", "[^a\\]{900}]", "\\x{61}b" };

	if (!has_regexes())
		SKIP("built without hyperscan");
	check_regexes(large, sizeof(large) / sizeof(*large), false);
	check_regexes(fine, sizeof(fine) / sizeof(*fine), true);
}

/* In UTF-8 each of them is hundreds of states, or tens that are repeated. */
static void
a_regex_whose_classes_are_huge_in_utf8_is_refused(void)
{
	static const char *const large[] = { "\\p{L}\xc3\xa9", "\\pL\xc3\xa9", "\\P{L}{20}\xc3\xa9", "\\p{L}{60}\xc3\xa9",
		"[\\p{L}\\p{N}]{60}\xc3\xa9", "[^\\PL]\xc3\xa9", "(*UTF8)(*UCP)\\w{30}a", "(*UTF8)\\p{L}{30}a",
		"(*UCP)[[:alpha:]]{30}\xc3\xa9", "(*UTF8)a", ".{60}\xc3\xa9", "\\W{60}\xc3\xa9", "\\H{20}\xc3\xa9",
		"[\\H]{20}\xc3\xa9", "[[:^alpha:]]{60}\xc3\xa9", "[\xc3\xa0-\xc9\x8f]{60}", "[\\x{e0}-\\x{24f}]{60}\xc3\xa9",
		"[\xc3\xa0\xc9\x8f\xc3\xb6\xc3\xbc]{20}" };
	static const char *const fine[] = { "\xc3\xa9.*\xc3\xbc", "[\xc3\xa0-\xc9\x8f]{20}", "[\xd0\xb0-\xd1\x8f]+\\.com$",
		"^[^a-z0-9.-]\xc3\xa9", "(m\xc3\xbcnchen|k\xc3\xb6ln)[0-9]{1,40}", "[\xc3\xa0\xc3\xa1\xc3\xa2]{8}",
		"\\w{60}\xc3\xa9", "[[:alpha:]]{20}\xc3\xa9", "\\W\\D\\S\xc3\xa9" };

	if (!has_regexes())
		SKIP("built without hyperscan");
	check_regexes(large, sizeof(large) / sizeof(*large), false);
	check_regexes(fine, sizeof(fine) / sizeof(*fine), true);
}

/* What comes before what looks like {n} would be repeated by the library, and was not counted. */
static void
a_regex_that_hides_a_repetition_is_refused(void)
{
	static const char *const hidden[] = { "([a-z]{20})\\E{20}", "([a-z]{100}){0000000000000000009}",
		"([a-z]{120}){0,}([a-z]{120}){0,}x", "({{{{{{{{{{{{{{{{{{{{{){20}", "[\\c]a{100}]a]{100}", "\\c((?:a{9})",
		"[\\Qa\\E]", "a\\E" };

	if (!has_regexes())
		SKIP("built without hyperscan");
	check_regexes(hidden, sizeof(hidden) / sizeof(*hidden), false);
}

static void
a_regex_that_cannot_be_measured_is_told_what_and_where(void)
{
	if (!has_regexes())
		SKIP("built without hyperscan");
	CHECK_TEXT(query("regex=\xc3\xa9[a\\p{L}]"), "regex=\xc3\xa9[a\\p{L}]: "
	    "\\p at character 4 is not supported in a pattern with characters beyond ASCII");
	CHECK_TEXT(query("regex=(*UCP)a"), "regex=(*UCP)a: (* at character 1 is not supported");
	CHECK_TEXT(query("regex=\xc3\xa9\\E"), "regex=\xc3\xa9\\E: \\E at character 2 is not supported");
	CHECK_TEXT(query("regex=b(?x)a"), "regex=b(?x)a: "
	    "(? at character 2 is not supported with # or x, which are for comments");
	CHECK_TEXT(query("regex=\xc3\xa9z{99}"), "regex=\xc3\xa9z{99}: "
	    "at character 3 it becomes too large: too much is repeated");
}

static void
a_message_has_strings_or_arrays(void)
{
	CHECK_TEXT(message("{\"subscribe\":{\"domain\":[\"example.com\",\"B.org\"],"
	    "\"match\":\"Pay\\u0050al\",\"precert\":true}}"),
	    ANSWER("\"domain\":[\"b.org\",\"example.com\"],\"match\":[\"paypal\"],\"precert\":true"));
	CHECK_TEXT(message(" {\"subscribe\" : {} } "), ANSWER(""));
	CHECK_TEXT(message("{\"subscribe\":{\"issuer\":\"GoDaddy.com, Inc.\",\"log\":[\"oak\"]}}"),
	    ANSWER("\"issuer\":[\"godaddy.com, inc.\"],\"log\":[\"oak\"]"));
}

static void
a_bad_message_is_told_what(void)
{
	CHECK_TEXT(message("{\"subscribe\":{\"domains\":\"a\"}}"),
	    "subscribe has the unknown key \"domains\"");
	CHECK_TEXT(message("{\"subscribe\":{},\"id\":1}"), "the message has the unknown key \"id\"");
	CHECK_TEXT(message("{\"subscribe\":{},\"subscribe\":{}}"),
	    "the message has \"subscribe\" twice");
	CHECK_TEXT(message("{}"), "the message has no key \"subscribe\"");
	CHECK_TEXT(message("[]"), "a message must be an object: {\"subscribe\":{...}}");
	CHECK_TEXT(message("{\"subscribe\":null}"), "the value of \"subscribe\" must be an object");
	CHECK_TEXT(message("{\"subscribe\":{\"match\":1}}"),
	    "the value of \"match\" must be a string or an array of strings");
	CHECK_TEXT(message("{\"subscribe\":{\"match\":[[\"a\"]]}}"),
	    "the value of \"match\" must be a string or an array of strings");
	CHECK_TEXT(message("{\"subscribe\":{\"match\":[]}}"),
	    "the value of \"match\" must not be empty; leave the key out to want any");
	CHECK_TEXT(message("{\"subscribe\":{\"precert\":1}}"),
	    "the value of \"precert\" must be true or false");
	CHECK_TEXT(message("{\"subscribe\":{\"domain\":\"exa mple\"}}"),
	    "domain=exa mple: a space at character 4");
	CHECK(span_starts(message("{\"subscribe\":{\"match\":\"a\"}"), SPAN("not JSON at byte 27: ")));
	CHECK(span_starts(message("{\"subscribe\":{}} x"), SPAN("not JSON at byte ")));
	CHECK_TEXT(message("hello"), "a message must be an object: {\"subscribe\":{...}}");
	CHECK_TEXT(message(""), "a message must be an object: {\"subscribe\":{...}}");
}

/* json_unescape makes U+FFFD of it, which would be in force as something that nobody asked for. */
static void
a_surrogate_without_its_other_half_is_no_value(void)
{
	CHECK_TEXT(message("{\"subscribe\":{\"domain\":\"\\ud800\"}}"),
	    "domain=\\ud800: \\ud800 is half of a surrogate pair, and no character");
	CHECK_TEXT(message("{\"subscribe\":{\"match\":[\"a\",\"b\\uDFFFc\"]}}"),
	    "match=b\\uDFFFc: \\uDFFF is half of a surrogate pair, and no character");
	CHECK_TEXT(message("{\"subscribe\":{\"issuer\":\"\\ud83d\\ud83d\\ude00\"}}"),
	    "issuer=\\ud83d\\ud83d\\ude00: \\ud83d is half of a surrogate pair, and no character");
	CHECK_TEXT(message("{\"subscribe\":{\"regex\":\"\\\\\\ude00\\ud83d\"}}"),
	    "regex=\\\\\\ude00\\ud83d: \\ude00 is half of a surrogate pair, and no character");
}

static void
a_whole_surrogate_pair_and_the_words_of_an_escape_are_values(void)
{
	CHECK_TEXT(message("{\"subscribe\":{\"match\":\"\\ud83d\\ude00\"}}"),
	    ANSWER("\"match\":[\"\xf0\x9f\x98\x80\"]"));
	CHECK_TEXT(message("{\"subscribe\":{\"match\":\"\\\\ud800\"}}"), ANSWER("\"match\":[\"\\\\ud800\"]"));
	CHECK_TEXT(message("{\"subscribe\":{\"match\":\"\\ufffd\"}}"),
	    ANSWER("\"match\":[\"\xef\xbf\xbd\"]"));
}

/* What is in force, sent back, is in force again. */
static void
the_answer_can_be_sent_back(void)
{
	static const char head[] = "{\"message_type\":\"subscribed\",";
	struct buf first, again;

	buf_init(&first);
	buf_init(&again);
	buf_put(&first, query("domain=*.a.com,M%C3%BC.de&match=%22\\,%3C&issuer=x&log=y&precert=0"));
	CHECK(span_starts(buf_span(&first), span_str(head)));
	buf_putc(&again, '{');
	buf_put(&again, span_from(buf_span(&first), strlen(head)));
	CHECK_TEXT(message(buf_str(&again)), buf_str(&first));
	buf_free(&first);
	buf_free(&again);
}

static void
limits_are_told(void)
{
	struct buf b;

	buf_init(&b);
	buf_puts(&b, "match=");
	for (unsigned i = 0; i < MAX_FILTER_VALUES; i++)
		buf_putf(&b, "%s%x", i > 0 ? "," : "", i);
	CHECK(span_starts(query(buf_str(&b)), SPAN("{")));
	buf_puts(&b, "&log=z");
	CHECK_TEXT(query(buf_str(&b)), "log=z: a filter may have 1000 values, and this is one more");
	buf_reset(&b);
	buf_puts(&b, "match=");
	for (unsigned i = 0; i < MAX_FILTER_BYTES / 256; i++)
		buf_putf(&b, "%s%0255x", i > 0 ? "," : "", i);
	CHECK(span_starts(query(buf_str(&b)), SPAN("{")));
	buf_puts(&b, ",z");
	CHECK_TEXT(query(buf_str(&b)),
	    "match=z: the values of a filter may have 8192 bytes, and this is more");
	buf_reset(&b);
	buf_putf(&b, "match=%0513x", 1u);
	CHECK(has(query(buf_str(&b)), ": longer than 512 bytes"));
	buf_free(&b);
}

int
main(void)
{
	buf_init(&out);
	RUN(a_query_without_kinds_lets_everything_through);
	RUN(values_are_lists_or_repeated_keys);
	RUN(precert_is_one_or_both);
	RUN(a_domain_has_one_spelling);
	RUN(a_bad_domain_is_told_what_and_where);
	RUN(bytes_that_are_no_text_are_told_in_print);
	RUN(a_comma_belongs_to_a_regex);
	RUN(a_regex_without_the_library_is_refused);
	RUN(a_bad_regex_is_refused);
	RUN(a_regex_that_repeats_too_much_is_refused);
	RUN(a_regex_whose_classes_are_huge_in_utf8_is_refused);
	RUN(a_regex_that_hides_a_repetition_is_refused);
	RUN(a_regex_that_cannot_be_measured_is_told_what_and_where);
	RUN(a_message_has_strings_or_arrays);
	RUN(a_bad_message_is_told_what);
	RUN(a_surrogate_without_its_other_half_is_no_value);
	RUN(a_whole_surrogate_pair_and_the_words_of_an_escape_are_values);
	RUN(the_answer_can_be_sent_back);
	RUN(limits_are_told);
	buf_free(&out);
	return unit_end();
}

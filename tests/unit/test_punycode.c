/* enc/punycode and enc/lower: names beyond ASCII. */
#include "unit.h"

#include "base/utf8.h"
#include "enc/lower.h"
#include "enc/punycode.h"

/* The samples of RFC 3492 section 7.1, with the digits of the Punycode in lower case; and others. */
static const struct {
	const char *text, *punycode;
} samples[] = {
	{ "ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn" },			/* (A) Arabic */
	{ "他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye" },			/* (B) Chinese */
	{ "他們爲什麽不說中文", "ihqwctvzc91f659drss3x8bo0yb" },			/* (C) */
	{ "Pročprostěnemluvíčesky", "Proprostnemluvesky-uyb24dma41a" },		/* (D) Czech */
	{ "למההםפשוטלאמדבריםעברית", "4dbcagdahymbxekheh6e0a7fei0b" },		/* (E) Hebrew */
	{ "यहलोगहिन्दीक्योंनहींबोलसकतेहैं",
	    "i1baa7eci9glrd9b2ae1bj0hfcgg6iyaf8o0a1dig0cd" },			/* (F) Hindi */
	{ "なぜみんな日本語を話してくれないのか",
	    "n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa" },				/* (G) Japanese */
	{ "세계의모든사람들이한국어를이해한다면얼마나좋을까",
	    "989aomsvi5e83db1d2a355cv1e0vak1dwrv93d5xbh15a0dt30a5jpsd879ccm6fea98c" },	/* (H) */
	{ "почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l" },	/* (I) Russian */
	{ "PorquénopuedensimplementehablarenEspañol",
	    "PorqunopuedensimplementehablarenEspaol-fmd56a" },			/* (J) Spanish */
	{ "TạisaohọkhôngthểchỉnóitiếngViệt",
	    "TisaohkhngthchnitingVit-kjcr8268qyxafd2f1b9g" },			/* (K) Vietnamese */
	{ "3年B組金八先生", "3B-ww4c5e180e575a65lsy2b" },			/* (L) */
	{ "安室奈美恵-with-SUPER-MONKEYS", "-with-SUPER-MONKEYS-pc58ag80a8qai00g7n9n" },	/* (M) */
	{ "Hello-Another-Way-それぞれの場所",
	    "Hello-Another-Way--fc4qua05auwb3674vfr0b" },			/* (N) */
	{ "ひとつ屋根の下2", "2-u9tlzr9756bt3uc0v" },				/* (O) */
	{ "MajiでKoiする5秒前", "MajiKoi5-783gue6qz075azm5e" },			/* (P) */
	{ "パフィーdeルンバ", "de-jg4avhby1noc0d" },				/* (Q) */
	{ "そのスピードで", "d9juau41awczczp" },					/* (R) */
	{ "-> $1.00 <-", "-> $1.00 <--" },					/* (S) */
	{ "münchen", "mnchen-3ya" },
	{ "💩", "ls8h" },
	{ "", "" },
};

static void
the_samples_of_rfc_3492_are_coded_both_ways(void)
{
	struct buf b;

	buf_init(&b);
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		buf_reset(&b);
		CHECK(punycode_encode(&b, span_str(samples[i].text)));
		CHECK_TEXT(buf_span(&b), samples[i].punycode);
		buf_reset(&b);
		CHECK(punycode_decode(&b, span_str(samples[i].punycode)));
		CHECK_TEXT(buf_span(&b), samples[i].text);
	}
	buf_free(&b);
}

static void
digits_have_either_case(void)
{
	struct buf b;

	buf_init(&b);
	CHECK(punycode_decode(&b, SPAN("mnchen-3YA")));
	CHECK_TEXT(buf_span(&b), "münchen");
	buf_free(&b);
}

static void
what_is_no_punycode_is_refused(void)
{
	static const char *const bad[] = { "mnchen-3", "a-b$", "\xc3\xbc", "99999999", "a-999999b",
		"0", "zzzzzzzzzzzzzz", "ib9b" /* U+D800 */ };
	struct buf b;
	struct span c;

	buf_init(&b);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		CHECK(!punycode_decode(&b, span_str(bad[i])));
		CHECK(b.n == 0);
	}
	c = SPAN("\xed\xa0\x80");
	CHECK(!punycode_encode(&b, c) && b.n == 0);
	buf_free(&b);
}

static void
long_labels_are_refused(void)
{
	struct buf label, b;

	buf_init(&label);
	buf_init(&b);
	for (unsigned i = 0; i < MAX_PUNYCODE; i++)
		buf_puts(&label, "\xf4\x8f\xbf\xbf");
	CHECK(punycode_encode(&b, buf_span(&label)));
	buf_reset(&b);
	buf_puts(&label, "a");
	CHECK(!punycode_encode(&b, buf_span(&label)) && b.n == 0);
	CHECK(!punycode_decode(&b, buf_span(&label)) && b.n == 0);
	buf_free(&label);
	buf_free(&b);
}

/* Every label that decodes encodes to itself, so that no two A-labels mean the same. */
static void
random_labels_come_back(void)
{
	uint32_t seed = 1;
	struct buf label, b, again;

	buf_init(&label);
	buf_init(&b);
	buf_init(&again);
	for (unsigned round = 0; round < 2000; round++) {
		buf_reset(&label);
		for (unsigned n = (seed >> 8) % 20; n > 0; n--) {
			seed = seed * 1664525 + 1013904223;
			buf_commit(&label, utf8_write(buf_reserve(&label, 4),
			    (seed >> 8) % (seed & 128 ? 0x110000 : 0x180)));
		}
		seed = seed * 1664525 + 1013904223;
		buf_reset(&b);
		buf_reset(&again);
		CHECK(punycode_encode(&b, buf_span(&label)));
		CHECK(punycode_decode(&again, buf_span(&b)));
		CHECK(span_eq(buf_span(&again), buf_span(&label)));
	}
	buf_free(&label);
	buf_free(&b);
	buf_free(&again);
}

static void
letters_of_every_script_get_lower(void)
{
	struct buf b;

	buf_init(&b);
	lower_put(&b, SPAN("AZ-09_ÄÖÜßĀŽΑΩПЁЇԱႠᎠＡǅẞİ\xff\xc3"));
	CHECK_TEXT(buf_span(&b), "az-09_äöüßāžαωпёїաⴀꭰａǆßi\xff\xc3");
	CHECK(lower_of(0x10400) == 0x10428 && lower_of('@') == '@' && lower_of(0x101) == 0x101);
	for (uint32_t c = 0; c < 0x110000; c++)
		CHECK(lower_of(lower_of(c)) == lower_of(c));
	buf_free(&b);
}

int
main(void)
{
	RUN(the_samples_of_rfc_3492_are_coded_both_ways);
	RUN(digits_have_either_case);
	RUN(what_is_no_punycode_is_refused);
	RUN(long_labels_are_refused);
	RUN(random_labels_come_back);
	RUN(letters_of_every_script_get_lower);
	return unit_end();
}

/* ct-ws/http/query: the query of a URL, member by member and decoded. */
#include "unit.h"

#include "ct-ws/http/query.h"

static void
members_come_in_order_and_empty_ones_do_not(void)
{
	struct span rest = SPAN("&a=1&&b&=c&d=e=f&"), key, value;

	CHECK(query_next(&rest, &key, &value));
	CHECK_TEXT(key, "a");
	CHECK_TEXT(value, "1");
	CHECK(query_next(&rest, &key, &value));
	CHECK_TEXT(key, "b");
	CHECK(value.n == 0);
	CHECK(query_next(&rest, &key, &value));
	CHECK(key.n == 0);
	CHECK_TEXT(value, "c");
	CHECK(query_next(&rest, &key, &value));
	CHECK_TEXT(key, "d");
	CHECK_TEXT(value, "e=f");
	CHECK(!query_next(&rest, &key, &value));
	rest = SPAN("");
	CHECK(!query_next(&rest, &key, &value));
}

static void
plus_and_percent_are_decoded(void)
{
	struct buf b;

	buf_init(&b);
	CHECK(query_decode(&b, SPAN("a+b%2Bc%2fd%00")) == 0);
	CHECK(b.n == 8 && memcmp(b.p, "a b+c/d", 8) == 0);
	buf_reset(&b);
	CHECK(query_decode_pattern(&b, SPAN("a+%2B%20")) == 0);
	CHECK_TEXT(buf_span(&b), "a++ ");
	buf_free(&b);
}

static void
a_broken_escape_is_found_and_nothing_decoded(void)
{
	struct buf b;

	buf_init(&b);
	buf_putc(&b, 'x');
	CHECK(query_decode(&b, SPAN("%41b%4")) == 5);
	CHECK(query_decode(&b, SPAN("%")) == 1);
	CHECK(query_decode(&b, SPAN("ab%g0")) == 3);
	CHECK(query_decode(&b, SPAN("%0g")) == 1);
	CHECK_TEXT(buf_span(&b), "x");
	buf_free(&b);
}

static void
a_key_is_found_however_it_is_encoded(void)
{
	struct buf b;

	buf_init(&b);
	CHECK(query_is(SPAN("s%65q"), "seq"));
	CHECK(!query_is(SPAN("se"), "seq"));
	CHECK(!query_is(SPAN("seqs"), "seq"));
	CHECK(!query_is(SPAN("se%"), "seq"));
	CHECK(query_get(SPAN("domain=a&s%65q=%31&seq=2"), "seq", &b));
	CHECK_TEXT(buf_span(&b), "1");
	CHECK(query_get(SPAN("a&seq"), "seq", &b) && b.n == 0);
	CHECK(!query_get(SPAN("since=5&xseq=1"), "seq", &b));
	CHECK(query_get(SPAN("seq=%4"), "seq", &b));
	CHECK_TEXT(buf_span(&b), "%4");
	buf_free(&b);
}

int
main(void)
{
	RUN(members_come_in_order_and_empty_ones_do_not);
	RUN(plus_and_percent_are_decoded);
	RUN(a_broken_escape_is_found_and_nothing_decoded);
	RUN(a_key_is_found_however_it_is_encoded);
	return unit_end();
}

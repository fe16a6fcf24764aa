/* ct-ws/door: ranges of addresses, what proxies say, connections counted, tokens, and who may come in. */
#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "ct-ws/door/door.h"
#include "ct-ws/door/peer.h"

static struct hash *hash;

static struct address
ip(const char *text)
{
	struct address a = { .kind = ADDRESS_UNKNOWN };

	CHECK(address_parse(span_str(text), &a));
	return a;
}

static bool
has(const char *range, const char *address)
{
	struct address a = ip(address);
	struct cidr c;

	CHECK(cidr_parse(span_str(range), &c) == NULL);
	return cidr_has(&c, &a);
}

static const char *
flaw(const char *range)
{
	struct cidr c;

	return cidr_parse(span_str(range), &c);
}

/* ---- ranges ---- */

static void
a_range_has_the_addresses_with_its_prefix(void)
{
	CHECK(has("10.0.0.0/8", "10.255.0.1") && !has("10.0.0.0/8", "11.0.0.1"));
	CHECK(has("192.0.2.128/25", "192.0.2.128") && !has("192.0.2.128/25", "192.0.2.127"));
	CHECK(has("192.0.2.7", "192.0.2.7") && !has("192.0.2.7", "192.0.2.6"));
	CHECK(has("2001:db8::/32", "2001:db8:ffff::1") && !has("2001:db8::/32", "2001:db9::1"));
	CHECK(has("::1", "::1") && !has("::1", "::2"));
}

static void
an_IPv4_address_within_IPv6_counts_as_IPv4(void)
{
	CHECK(has("10.0.0.0/8", "::ffff:10.1.2.3") && has("::ffff:10.0.0.0/104", "10.1.2.3"));
	CHECK(has("0.0.0.0/0", "255.1.2.3") && !has("0.0.0.0/0", "2001:db8::1"));
	CHECK(has("::/0", "2001:db8::1") && !has("::/0", "10.1.2.3"));
}

static void
a_range_that_is_not_well_formed_is_refused(void)
{
	static const char *const wrong[] = {
		"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08x", "10.0.0/8",
		"2001:db8::/129", "10.0.0.1/8", "2001:db8::1/64", "10.0.0.0/8 ", "localhost", "unix",
		"1.2.3.4.5", "256.0.0.1", "fe80::1%eth0", "[::1]",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		CHECK(flaw(wrong[i]) != NULL);
	CHECK(flaw("10.0.0.0/8") == NULL && flaw("0.0.0.0/0") == NULL && flaw("::/0") == NULL);
}

static void
a_list_finds_the_longest_prefix(void)
{
	struct address a = ip("10.1.2.3"), other = ip("192.0.2.1");
	struct address local = { .kind = ADDRESS_LOCAL };
	struct cidrs c = { .count = 0 };

	CHECK(cidrs_longest(&c, &a) == -1 && cidrs_longest(&c, &local) == -1);
	CHECK(cidrs_add(&c, SPAN("10.0.0.0/8,10.1.0.0/16,2001:db8::/32")) == NULL);
	CHECK(cidrs_longest(&c, &a) == 96 + 16 && cidrs_longest(&c, &other) == -1);
	CHECK(cidrs_add(&c, SPAN("unix")) == NULL && cidrs_longest(&c, &local) == 128);
	CHECK(cidrs_add(&c, SPAN("10.0.0.0/8,")) != NULL && cidrs_add(&c, SPAN("")) != NULL);
	cidrs_free(&c);
}

static void
an_address_is_shown_in_its_own_family(void)
{
	struct address a = ip("::ffff:192.0.2.1"), b = ip("2001:db8:0:0::1");
	struct buf out;

	buf_init(&out);
	address_put(&out, &a);
	buf_putc(&out, ' ');
	address_put(&out, &b);
	CHECK_TEXT(buf_span(&out), "192.0.2.1 2001:db8::1");
	buf_free(&out);
}

/* ---- proxies ---- */

static enum peer_got
header(const char *bytes, size_t n, struct peer_header *h)
{
	enum peer_got got = peer_parse(span_of(bytes, n), h);

	for (size_t i = 0; got != PEER_BAD && got != PEER_MORE && i < h->length; i++) {
		struct peer_header part;

		CHECK(peer_parse(span_of(bytes, i), &part) == PEER_MORE);
	}
	return got;
}

static void
a_PROXY_line_names_the_client(void)
{
	static const char v4[] = "PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\nGET /";
	static const char v6[] = "PROXY TCP6 2001:db8::1 ::1 1 65535\r\n";
	struct address a = ip("192.0.2.1"), b = ip("2001:db8::1");
	struct peer_header h;

	CHECK(header(v4, sizeof(v4) - 1, &h) == PEER_ADDRESS && address_eq(&h.address, &a));
	CHECK(h.length == sizeof(v4) - 1 - 5);
	CHECK(header(v6, sizeof(v6) - 1, &h) == PEER_ADDRESS && address_eq(&h.address, &b));
}

static void
a_PROXY_line_may_name_nobody(void)
{
	static const char plain[] = "PROXY UNKNOWN\r\n", more[] = "PROXY UNKNOWN x y 1 2\r\n";
	struct peer_header h;

	CHECK(header(plain, sizeof(plain) - 1, &h) == PEER_ITSELF);
	CHECK(header(more, sizeof(more) - 1, &h) == PEER_ITSELF && h.length == sizeof(more) - 1);
}

static void
a_PROXY_line_that_is_not_well_formed_is_refused(void)
{
	static const char *const wrong[] = {
		"PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n", "PROXY TCP4 ::1 ::2 1 2\r\n",
		"PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n", "PROXY TCP4 192.0.2.1 192.0.2.2 1 65536\r\n",
		"PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n", "PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3\r\n",
		"PROXY TCP4  192.0.2.1 192.0.2.2 1 2\r\n", "PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n",
		"PROXY \r\n", "GET / HTTP/1.1\r\n", "PROXx", "\r\n\r\nG",
		("PROXY TCP4 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
	};
	struct peer_header h;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		CHECK(peer_parse(span_str(wrong[i]), &h) == PEER_BAD && h.why != NULL);
}

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"

static void
a_binary_PROXY_header_names_the_client(void)
{
	static const char v4[] = SIGNATURE "\x21\x11\0\x0c\xc0\0\2\1\xc0\0\2\2\1\2\3\4GET";
	static const char v6[] = SIGNATURE "\x21\x21\0\x27\x20\1\r\xb8\0\0\0\0\0\0\0\0\0\0\0\1"
	    "\x20\1\r\xb8\0\0\0\0\0\0\0\0\0\0\0\2\0\1\0\2\4\0\0";
	struct address a = ip("192.0.2.1"), b = ip("2001:db8::1");
	struct peer_header h;

	CHECK(header(v4, sizeof(v4) - 1, &h) == PEER_ADDRESS && address_eq(&h.address, &a));
	CHECK(h.length == 28);
	CHECK(header(v6, sizeof(v6) - 1, &h) == PEER_ADDRESS && address_eq(&h.address, &b));
	CHECK(h.length == sizeof(v6) - 1);
}

static void
a_binary_PROXY_header_may_name_nobody(void)
{
	static const char local[] = SIGNATURE "\x20\0\0\0", unknown[] = SIGNATURE "\x21\0\0\1x";
	struct peer_header h;

	CHECK(header(local, sizeof(local) - 1, &h) == PEER_ITSELF && h.length == 16);
	CHECK(header(unknown, sizeof(unknown) - 1, &h) == PEER_ITSELF && h.length == 17);
}

static void
a_binary_PROXY_header_that_is_not_well_formed_is_refused(void)
{
	static const struct span wrong[] = {
		SPAN(SIGNATURE "\x31\x11\0\x0c\xc0\0\2\1\xc0\0\2\2\1\2\3\4"),	/* version 3 */
		SPAN(SIGNATURE "\x22\x11\0\x0c\xc0\0\2\1\xc0\0\2\2\1\2\3\4"),	/* command 2 */
		SPAN(SIGNATURE "\x21\x11\0\x0b\xc0\0\2\1\xc0\0\2\2\1\2\3"),	/* too short */
		SPAN(SIGNATURE "\x21\x21\0\x0c\xc0\0\2\1\xc0\0\2\2\1\2\3\4"),	/* too short for IPv6 */
		SPAN(SIGNATURE "\x21\x12\0\x0c\xc0\0\2\1\xc0\0\2\2\1\2\3\4"),	/* UDP */
		SPAN(SIGNATURE "\x21\x11\xff\xff\xc0"),				/* too long */
	};
	struct peer_header h;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		CHECK(peer_parse(wrong[i], &h) == PEER_BAD);
}

/* The client that X-Forwarded-For names on a connection from `from`, as text. */
static const char *
forwarded(const char *from, const char *first, const char *second)
{
	static char text[64];
	struct span values[2] = { span_str(first), span_str(second) };
	struct cidrs trusted = { .count = 0 };
	struct address a = ip(from);
	struct buf out;

	CHECK(cidrs_add(&trusted, SPAN("10.0.0.0/8,fd00::/8")) == NULL);
	a = peer_forwarded(values, 2, &trusted, &a);
	cidrs_free(&trusted);
	buf_init(&out);
	address_put(&out, &a);
	snprintf(text, sizeof(text), "%s", buf_str(&out));
	buf_free(&out);
	return text;
}

static void
the_last_address_that_is_not_a_trusted_proxy_is_the_client(void)
{
	CHECK(strcmp(forwarded("10.0.0.1", "203.0.113.7", ""), "203.0.113.7") == 0);
	CHECK(strcmp(forwarded("10.0.0.1", "192.0.2.66, 203.0.113.7", "10.2.2.2"), "203.0.113.7") == 0);
	CHECK(strcmp(forwarded("10.0.0.1", "192.0.2.66", "203.0.113.7,fd00::1"), "203.0.113.7") == 0);
	CHECK(strcmp(forwarded("10.0.0.1", " [2001:db8::1]:443 ", ""), "2001:db8::1") == 0);
	CHECK(strcmp(forwarded("10.0.0.1", "203.0.113.7:1234,,", ""), "203.0.113.7") == 0);
	CHECK(strcmp(forwarded("10.0.0.1", "10.0.0.9, 10.0.0.8", ""), "10.0.0.9") == 0);
}

static void
who_is_not_trusted_names_nobody(void)
{
	CHECK(strcmp(forwarded("192.0.2.5", "203.0.113.7", ""), "192.0.2.5") == 0);
	CHECK(strcmp(forwarded("10.0.0.1", "203.0.113.7, unknown", ""), "10.0.0.1") == 0);
	CHECK(strcmp(forwarded("10.0.0.1", "203.0.113.7, x, 10.0.0.2", ""), "10.0.0.2") == 0);
	CHECK(strcmp(forwarded("10.0.0.1", "[::1", "[::1]x"), "10.0.0.1") == 0);
}

/* ---- the census ---- */

static void
an_address_has_no_more_connections_than_allowed(void)
{
	struct address a = ip("192.0.2.1"), b = ip("192.0.2.2");
	struct census c;

	census_init(&c, hash, 2);
	CHECK(census_take(&c, &a) && census_take(&c, &a) && !census_take(&c, &a));
	CHECK(census_take(&c, &b) && census_count(&c, &a) == 2);
	census_drop(&c, &a);
	CHECK(census_take(&c, &a) && !census_take(&c, &a));
	census_free(&c);
}

static void
IPv6_is_counted_by_64_bits(void)
{
	struct address a = ip("2001:db8::1"), b = ip("2001:db8::ffff:1"), other = ip("2001:db8:0:1::1");
	struct address local = { .kind = ADDRESS_LOCAL };
	struct census c;

	census_init(&c, hash, 1);
	CHECK(census_take(&c, &a) && !census_take(&c, &b) && census_take(&c, &other));
	CHECK(census_take(&c, &local) && census_take(&c, &local));
	census_free(&c);
}

static void
the_census_is_right_after_many_have_come_and_gone(void)
{
	enum { MANY = 300 };
	struct address a[MANY];
	unsigned is[MANY] = { 0 }, seed = 1;
	struct census c;

	census_init(&c, hash, 3);
	for (unsigned i = 0; i < MANY; i++)
		a[i] = address_of_ipv4((const uint8_t[]){ 10, 0, (uint8_t)(i >> 8), (uint8_t)i });
	for (int turn = 0; turn < 20000; turn++) {
		unsigned i = (seed = seed * 1103515245 + 12345) >> 8 & 0xffff;

		i %= MANY;
		if (seed >> 30 & 1 && is[i] > 0) {
			census_drop(&c, &a[i]);
			is[i]--;
		} else
			is[i] += census_take(&c, &a[i]);
	}
	for (unsigned i = 0; i < MANY; i++)
		CHECK(is[i] <= 3 && census_count(&c, &a[i]) == is[i]);
	for (unsigned i = 0; i < MANY; i++)
		for (; is[i] > 0; is[i]--)
			census_drop(&c, &a[i]);
	CHECK(c.used == 0 && c.size <= 1024);
	census_free(&c);
}

/* ---- tokens ---- */

static bool
take(struct permits *t, const char *text, unsigned *line)
{
	struct permits_flaw f = { .line = 0 };
	bool taken = permits_take(t, hash, span_str(text), &f);

	CHECK(taken == (f.why == NULL));
	*line = f.line;
	return taken;
}

static void
a_token_file_says_what_each_token_may(void)
{
	static const char text[] = "# comment\n\nabc\n  d+/e==\tname=Bob streams=lite,domains max-clients=2\r\n";
	struct permits t = { .count = 0 };
	struct permit *one, *two;
	unsigned line;

	CHECK(take(&t, text, &line) && t.count == 2);
	one = permits_find(&t, hash, SPAN("abc"));
	two = permits_find(&t, hash, SPAN("d+/e=="));
	CHECK(one != NULL && one->streams == PERMIT_STREAMS && one->most == 0);
	CHECK(one != NULL && strcmp(one->name, "line 3") == 0);
	CHECK(two != NULL && two->streams == (1U << FORM_LITE | 1U << FORM_DOMAINS));
	CHECK(two != NULL && two->most == 2 && strcmp(two->name, "Bob") == 0);
	CHECK(permits_find(&t, hash, SPAN("ab")) == NULL && permits_find(&t, hash, SPAN("")) == NULL);
	CHECK(permits_find(&t, hash, SPAN("abcd")) == NULL);
	permits_free(&t);
}

static void
a_bad_token_file_keeps_the_old_tokens_and_names_the_line(void)
{
	static const struct {
		const char *text;
		unsigned line;
	} wrong[] = {
		{ "", 0 }, { "\n# only this\n", 0 }, { "abc\nname=x\n", 2 }, { "abc\n\nabc x\n", 3 },
		{ "abc streams=\n", 1 }, { "abc streams=lite,all\n", 1 }, { "abc max-clients=0\n", 1 },
		{ "abc max-clients=1x\n", 1 }, { "abc name=\n", 1 }, { "abc\n\"\"\n", 2 }, { "=\n", 1 },
		{ "abc\ndef\nabc\n", 3 }, { "abc max-clients=99999999\n", 1 },
	};
	struct permits t = { .count = 0 };
	unsigned line;

	CHECK(take(&t, "old\n", &line));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		CHECK(!take(&t, wrong[i].text, &line) && line == wrong[i].line);
		CHECK(permits_find(&t, hash, SPAN("old")) != NULL);
		CHECK(permits_find(&t, hash, SPAN("abc")) == NULL);
	}
	permits_free(&t);
}

static void
a_token_that_stays_keeps_its_count_and_one_that_goes_is_gone(void)
{
	struct permits t = { .count = 0 };
	struct permit *stays, *goes;
	unsigned line;

	CHECK(take(&t, "stays max-clients=1\ngoes\n", &line));
	stays = permit_take(permits_find(&t, hash, SPAN("stays")));
	goes = permit_take(permits_find(&t, hash, SPAN("goes")));
	CHECK(permit_enter(stays) && !permit_enter(stays));
	CHECK(take(&t, "new\nstays max-clients=2\n", &line));
	CHECK(permits_find(&t, hash, SPAN("stays")) == stays && !stays->gone && goes->gone);
	CHECK(permit_enter(stays) && !permit_enter(stays) && stays->count == 2);
	permit_drop(stays);
	permit_drop(goes);
	permits_free(&t);
}

/* ---- the door ---- */

static void
the_longest_range_decides_who_may_come_in(void)
{
	struct address in = ip("10.1.0.1"), out = ip("10.1.0.2"), far = ip("192.0.2.1");
	struct door d = { .hash = hash };
	struct door_pass pass = { .counted = false };

	census_init(&d.census, hash, 0);
	CHECK(door_enter(&d, &pass, &far) == DOOR_OPEN);
	CHECK(cidrs_add(&d.denied, SPAN("10.0.0.0/8,10.1.0.2")) == NULL);
	CHECK(door_enter(&d, &pass, &in) == DOOR_DENIED && door_enter(&d, &pass, &far) == DOOR_OPEN);
	CHECK(cidrs_add(&d.allowed, SPAN("10.1.0.0/16")) == NULL);
	CHECK(door_enter(&d, &pass, &in) == DOOR_OPEN && door_enter(&d, &pass, &out) == DOOR_DENIED);
	CHECK(door_enter(&d, &pass, &far) == DOOR_DENIED);
	door_free(&d);
}

static void
a_connection_is_counted_for_one_address_at_a_time(void)
{
	struct address proxy = ip("10.0.0.1"), a = ip("192.0.2.1"), b = ip("192.0.2.2");
	struct door d = { .hash = hash };
	struct door_pass one = { .counted = false }, two = { .counted = false };

	census_init(&d.census, hash, 1);
	CHECK(cidrs_add(&d.trusted, SPAN("10.0.0.0/8")) == NULL);
	CHECK(door_enter(&d, &one, &proxy) == DOOR_OPEN && door_enter(&d, &two, &proxy) == DOOR_OPEN);
	CHECK(door_enter(&d, &one, &a) == DOOR_OPEN && door_enter(&d, &one, &a) == DOOR_OPEN);
	CHECK(door_enter(&d, &two, &a) == DOOR_ADDRESS && door_enter(&d, &two, &b) == DOOR_OPEN);
	CHECK(census_count(&d.census, &a) == 1 && census_count(&d.census, &b) == 1);
	door_leave(&d, &one);
	door_leave(&d, &two);
	CHECK(d.census.used == 0);
	door_free(&d);
}

static enum door_why
show(struct door *d, struct door_pass *pass, const char *authorization, const char *query)
{
	return door_show_token(d, pass, span_str(authorization), span_str(query));
}

static void
a_token_comes_in_a_field_or_in_the_query(void)
{
	struct door d = { .hash = hash, .token_file = "x" };
	struct door_pass pass = { .counted = false };
	unsigned line;

	CHECK(take(&d.permits, "secret/1+=\nlite streams=lite max-clients=1\n", &line));
	CHECK(show(&d, &pass, "", "") == DOOR_NO_TOKEN && show(&d, &pass, "", "a=b") == DOOR_NO_TOKEN);
	CHECK(show(&d, &pass, "Bearer ", "token=") == DOOR_NO_TOKEN);
	CHECK(show(&d, &pass, "Bearer secret/1+=", "") == DOOR_OPEN);
	CHECK(show(&d, &pass, "bearer  lite", "") == DOOR_OPEN);
	CHECK(show(&d, &pass, "secret/1+=", "") == DOOR_OPEN);
	CHECK(show(&d, &pass, "Secret", "token=lite") == DOOR_BAD_TOKEN);
	CHECK(show(&d, &pass, "Bearer", "") == DOOR_NO_TOKEN && show(&d, &pass, "Basic x", "") == DOOR_NO_TOKEN);
	CHECK(show(&d, &pass, "Bearer secret", "token=lite") == DOOR_BAD_TOKEN && pass.permit == NULL);
	CHECK(show(&d, &pass, "Basic bGl0ZQ==", "") == DOOR_NO_TOKEN);
	CHECK(show(&d, &pass, "", "x=1&token=secret%2F1%2b%3D&y") == DOOR_OPEN);
	CHECK(show(&d, &pass, "", "token=secret/1+=") == DOOR_OPEN);
	CHECK(show(&d, &pass, "", "token=lite%") == DOOR_BAD_TOKEN);
	CHECK(show(&d, &pass, "", "token=lite") == DOOR_OPEN);
	CHECK(door_may_read(&pass, FORM_FULL) == DOOR_STREAM && door_may_read(&pass, FORM_LITE) == DOOR_OPEN);
	door_leave(&d, &pass);
	door_free(&d);
}

static void
a_token_opens_no_more_streams_than_it_may(void)
{
	struct door d = { .hash = hash, .token_file = "x" };
	struct door_pass one = { .counted = false }, two = { .counted = false };
	unsigned line;

	CHECK(take(&d.permits, "lite streams=lite max-clients=1\n", &line));
	CHECK(show(&d, &one, "", "token=lite") == DOOR_OPEN && show(&d, &two, "", "token=lite") == DOOR_OPEN);
	CHECK(door_begin_stream(&d, &one, FORM_FULL) == DOOR_STREAM);
	CHECK(door_begin_stream(&d, &one, FORM_LITE) == DOOR_OPEN);
	CHECK(door_begin_stream(&d, &two, FORM_LITE) == DOOR_TOKEN_FULL);
	CHECK(take(&d.permits, "other\n", &line) && door_revoked(&one));
	door_leave(&d, &one);
	door_leave(&d, &two);
	door_free(&d);
}

int
main(void)
{
	hash = hash_open();
	RUN(a_range_has_the_addresses_with_its_prefix);
	RUN(an_IPv4_address_within_IPv6_counts_as_IPv4);
	RUN(a_range_that_is_not_well_formed_is_refused);
	RUN(a_list_finds_the_longest_prefix);
	RUN(an_address_is_shown_in_its_own_family);
	RUN(a_PROXY_line_names_the_client);
	RUN(a_PROXY_line_may_name_nobody);
	RUN(a_PROXY_line_that_is_not_well_formed_is_refused);
	RUN(a_binary_PROXY_header_names_the_client);
	RUN(a_binary_PROXY_header_may_name_nobody);
	RUN(a_binary_PROXY_header_that_is_not_well_formed_is_refused);
	RUN(the_last_address_that_is_not_a_trusted_proxy_is_the_client);
	RUN(who_is_not_trusted_names_nobody);
	RUN(an_address_has_no_more_connections_than_allowed);
	RUN(IPv6_is_counted_by_64_bits);
	RUN(the_census_is_right_after_many_have_come_and_gone);
	RUN(a_token_file_says_what_each_token_may);
	RUN(a_bad_token_file_keeps_the_old_tokens_and_names_the_line);
	RUN(a_token_that_stays_keeps_its_count_and_one_that_goes_is_gone);
	RUN(the_longest_range_decides_who_may_come_in);
	RUN(a_connection_is_counted_for_one_address_at_a_time);
	RUN(a_token_comes_in_a_field_or_in_the_query);
	RUN(a_token_opens_no_more_streams_than_it_may);
	hash_free(hash);
	return unit_end();
}

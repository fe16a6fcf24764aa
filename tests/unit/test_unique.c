/* lib/event/unique and tbs: which certificates are the same, and which disagree. */
#include "unit.h"

#include "base/buf.h"
#include "ct/tbs.h"
#include "enc/hash.h"
#include "event/unique.h"

static void
the_last_n_are_known_and_older_ones_forgotten(void)
{
	struct unique *u = unique_open(3);

	for (uint64_t k = 1; k <= 3; k++)
		unique_put(u, k << 60);
	CHECK(unique_has(u, 1ull << 60) && unique_has(u, 2ull << 60) && unique_has(u, 3ull << 60));
	unique_put(u, 4ull << 60);
	CHECK(!unique_has(u, 1ull << 60) && unique_has(u, 2ull << 60) && unique_has(u, 4ull << 60));
	unique_free(u);
}

static void
a_set_of_one_hash_tells_a_repetition(void)
{
	struct unique *u = unique_open(1);

	unique_put(u, 7);
	CHECK(unique_has(u, 7) && !unique_has(u, 8));
	unique_put(u, 8);
	CHECK(!unique_has(u, 7) && unique_has(u, 8));
	unique_free(u);
}

/* The hash of number i; the high bits crowd together, so that searches collide. */
static uint64_t
crowded(uint64_t i)
{
	return (i * 0x9e3779b97f4a7c15ull >> 20) | (uint64_t)(i % 5) << 62;
}

static void
a_crowded_set_agrees_with_a_plain_list(void)
{
	enum { N = 50, ROUNDS = 20000 };
	struct unique *u = unique_open(N);
	uint64_t last[N] = { 0 }, hash;
	int wrong = 0, put = 0;

	for (uint64_t i = 1; i <= ROUNDS; i++) {
		bool known = false;

		hash = crowded(i % 3 == 0 ? i / 2 : i);
		for (int k = 0; k < N; k++)
			known |= last[k] == hash;
		wrong += unique_has(u, hash) != known;
		if (!known) {
			unique_put(u, hash);
			last[put++ % N] = hash;
		}
	}
	CHECK(wrong == 0 && put > N);
	unique_free(u);
}

static void
keyed_hashes_depend_on_the_bytes_and_on_the_key(void)
{
	struct hash *a = hash_open(), *b = hash_open();
	struct span whole = SPAN("abcdef"), halves[2] = { SPAN("abc"), SPAN("def") }, other = SPAN("abcdeg");

	CHECK(hash_keyed(a, &whole, 1) == hash_keyed(a, halves, 2));
	CHECK(hash_keyed(a, &whole, 1) != hash_keyed(a, &other, 1));
	CHECK(hash_keyed(a, &whole, 1) != hash_keyed(b, &whole, 1));
	hash_free(a);
	hash_free(b);
}

#define SCTS "\x30\x10\x06\x0a\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x02\x04\x02\x04\x00"
#define POISON "\x30\x13\x06\x0a\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x03\x01\x01\xff\x04\x02\x05\x00"
#define POISON_NOT_CRITICAL "\x30\x10\x06\x0a\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x03\x04\x02\x05\x00"
#define KEY_USAGE "\x30\x08\x06\x03\x55\x1d\x0f\x04\x01\x00"
#define AUTHORITY_1 "\x30\x08\x06\x03\x55\x1d\x23\x04\x01\x01"
#define AUTHORITY_2 "\x30\x08\x06\x03\x55\x1d\x23\x04\x01\x02"

static void
wrap(struct buf *b, uint8_t tag)
{
	uint8_t head[2] = { tag, (uint8_t)b->n };
	struct buf outer;

	buf_init(&outer);
	buf_put(&outer, span_of(head, 2));
	buf_put(&outer, buf_span(b));
	buf_free(b);
	*b = outer;
}

/* A TBSCertificate with serial number, issuer and extensions as given. */
static struct buf
tbs(uint8_t serial, const char *issuer, struct span extensions)
{
	struct buf b, list;

	buf_init(&list);
	buf_put(&list, extensions);
	wrap(&list, 0x30);
	wrap(&list, 0xa3);
	buf_init(&b);
	buf_put(&b, SPAN("\xa0\x03\x02\x01\x02\x02\x01"));
	buf_putc(&b, (char)serial);
	buf_put(&b, SPAN("\x30\x00\x30\x01"));
	buf_puts(&b, issuer);
	buf_put(&b, SPAN("\x30\x00\x30\x00\x30\x00"));
	buf_put(&b, buf_span(&list));
	wrap(&b, 0x30);
	buf_free(&list);
	return b;
}

static struct buf
certificate(uint8_t serial, const char *issuer, struct span extensions)
{
	struct buf b = tbs(serial, issuer, extensions);

	wrap(&b, 0x30);
	return b;
}

static uint64_t
identity(struct hash *h, struct buf b)
{
	struct span parts[MAX_TBS_PARTS];
	uint64_t v = hash_keyed(h, parts, tbs_parts(buf_span(&b), parts));

	buf_free(&b);
	return v;
}

static void
a_final_certificate_has_the_identity_of_its_precertificate(void)
{
	struct hash *h = hash_open();
	uint64_t entry = identity(h, tbs(1, "A", SPAN(KEY_USAGE AUTHORITY_1)));

	CHECK(identity(h, tbs(1, "A", SPAN(KEY_USAGE SCTS AUTHORITY_1))) == entry);
	CHECK(identity(h, tbs(1, "A", SPAN(POISON KEY_USAGE AUTHORITY_1))) == entry);
	CHECK(identity(h, tbs(2, "A", SPAN(KEY_USAGE AUTHORITY_1))) != entry);
	CHECK(identity(h, tbs(1, "B", SPAN(KEY_USAGE AUTHORITY_1))) != entry);
	CHECK(identity(h, tbs(1, "A", SPAN(KEY_USAGE AUTHORITY_2))) != entry);
	CHECK(identity(h, tbs(1, "A", SPAN(AUTHORITY_1 KEY_USAGE))) != entry);
	hash_free(h);
}

static const char *
difference(struct buf entry, struct buf precert, bool delegated)
{
	const char *why = tbs_differs(buf_span(&entry), buf_span(&precert), delegated);

	buf_free(&entry);
	buf_free(&precert);
	return why;
}

static void
an_entry_must_be_its_precertificate_without_the_poison(void)
{
	struct span plain = SPAN(KEY_USAGE AUTHORITY_1), poisoned = SPAN(KEY_USAGE POISON AUTHORITY_1);

	CHECK(difference(tbs(1, "A", plain), certificate(1, "A", poisoned), false) == NULL);
	CHECK(difference(tbs(2, "A", plain), certificate(1, "A", poisoned), false) != NULL);
	CHECK(difference(tbs(1, "A", SPAN(KEY_USAGE)), certificate(1, "A", poisoned), false) != NULL);
	CHECK(difference(tbs(1, "A", poisoned), certificate(1, "A", poisoned), false) != NULL);
	CHECK(difference(tbs(1, "A", SPAN(KEY_USAGE AUTHORITY_1 SCTS)),
	    certificate(1, "A", poisoned), false) != NULL);
}

static void
a_delegated_precertificate_may_differ_in_issuer_and_authority_key(void)
{
	struct span plain = SPAN(KEY_USAGE AUTHORITY_1), poisoned = SPAN(POISON KEY_USAGE AUTHORITY_2);

	CHECK(difference(tbs(1, "A", plain), certificate(1, "B", poisoned), true) == NULL);
	CHECK(difference(tbs(1, "A", plain), certificate(1, "B", poisoned), false) != NULL);
	CHECK(difference(tbs(2, "A", plain), certificate(1, "B", poisoned), true) != NULL);
	CHECK(difference(tbs(1, "A", SPAN(KEY_USAGE)), certificate(1, "B", poisoned), true) != NULL);
}

static void
a_precertificate_has_one_poison_and_nothing_behind_it(void)
{
	struct span plain = SPAN(KEY_USAGE);
	struct buf more = certificate(1, "A", SPAN(POISON KEY_USAGE));

	buf_putc(&more, 'x');
	CHECK(difference(tbs(1, "A", plain), more, false) != NULL);
	CHECK(difference(tbs(1, "A", plain), certificate(1, "A", plain), false) != NULL);
	CHECK(difference(tbs(1, "A", plain), certificate(1, "A", SPAN(POISON KEY_USAGE POISON)), false) != NULL);
	CHECK(difference(tbs(1, "A", plain), certificate(1, "A", SPAN(POISON_NOT_CRITICAL KEY_USAGE)), true) != NULL);
	more = tbs(1, "A", plain);
	buf_putc(&more, 'x');
	CHECK(difference(more, certificate(1, "A", SPAN(POISON KEY_USAGE)), false) != NULL);
}

static void
a_tbs_that_cannot_be_read_differs_and_is_one_part(void)
{
	struct span parts[MAX_TBS_PARTS];

	CHECK(tbs_parts(SPAN("\x30\x05junk"), parts) == 1 && parts[0].n == 6);
	CHECK(tbs_differs(SPAN("\x30\x05junk"), SPAN("\x30\x05junk"), false) != NULL);
	CHECK(tbs_of(SPAN("junk")).n == 0);
}

int
main(void)
{
	RUN(the_last_n_are_known_and_older_ones_forgotten);
	RUN(a_set_of_one_hash_tells_a_repetition);
	RUN(a_crowded_set_agrees_with_a_plain_list);
	RUN(keyed_hashes_depend_on_the_bytes_and_on_the_key);
	RUN(a_final_certificate_has_the_identity_of_its_precertificate);
	RUN(an_entry_must_be_its_precertificate_without_the_poison);
	RUN(a_delegated_precertificate_may_differ_in_issuer_and_authority_key);
	RUN(a_precertificate_has_one_poison_and_nothing_behind_it);
	RUN(a_tbs_that_cannot_be_read_differs_and_is_one_part);
	return unit_end();
}

/*
 * Ranges of addresses.
 *
 * in: text of the command line, and addresses
 * out: whether an address is in a range
 * standard: RFC 4632 section 3.1, RFC 4291 section 2.3
 */
#include "ct-ws/door/cidr.h"

#include <stdlib.h>

#include "base/die.h"

enum { CIDR_MAPPED = 96 };	/* bits in front of an IPv4 address in the form of IPv6 */

/* Returns true when a and b have the same first bits. */
static bool
cidr_match(const uint8_t a[16], const uint8_t b[16], unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	return memcmp(a, b, whole) == 0 &&
	    (rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0);
}

/* Returns true when all bits of ip behind the first ones are 0. */
static bool
cidr_ends(const uint8_t ip[16], unsigned bits)
{
	for (unsigned i = bits; i < 128; i++)
		if (ip[i / 8] >> (7 - i % 8) & 1)
			return false;
	return true;
}

/* Reads the digits behind the slash: *bits is at most `most`. */
static bool
cidr_take_bits(struct span digits, unsigned most, unsigned *bits)
{
	*bits = 0;
	if (digits.n == 0 || digits.n > 3)
		return false;
	for (size_t i = 0; i < digits.n; i++) {
		if (digits.p[i] < '0' || digits.p[i] > '9')
			return false;
		*bits = *bits * 10 + (digits.p[i] - '0');
	}
	return *bits <= most;
}

const char *
cidr_parse(struct span text, struct cidr *range)
{
	const uint8_t *slash = text.n > 0 ? memchr(text.p, '/', text.n) : NULL;
	struct span host = slash != NULL ? span_of(text.p, (size_t)(slash - text.p)) : text;
	struct address a;
	unsigned bits = 128, front;

	if (!address_parse(host, &a))
		return "this is not an address of IPv4 or IPv6";
	/* ::ffff:10.0.0.0/104 is written in IPv6, with a prefix to match. */
	front = memchr(host.p, ':', host.n) == NULL ? CIDR_MAPPED : 0;
	if (slash != NULL) {
		if (!cidr_take_bits(span_from(text, host.n + 1), 128 - front, &bits))
			return "the length of the prefix is not a number of bits that such an address has";
		bits += front;
	}
	if (!cidr_ends(a.ip, bits))
		return "the address has bits behind the prefix";
	memcpy(range->ip, a.ip, sizeof(range->ip));
	range->bits = (uint8_t)bits;
	return NULL;
}

bool
cidr_has(const struct cidr *range, const struct address *a)
{
	if (a->kind != ADDRESS_IP || (range->bits < CIDR_MAPPED && address_is_ipv4(a)))
		return false;
	return cidr_match(range->ip, a->ip, range->bits);
}

static const char *
cidrs_add_one(struct cidrs *c, struct span text)
{
	struct cidr range, *list;
	const char *why;

	if (span_eq(text, SPAN("unix"))) {
		c->local = true;
		return NULL;
	}
	why = cidr_parse(text, &range);
	if (why != NULL)
		return why;
	if (c->count == MAX_CIDRS)
		return "there are too many ranges";
	list = realloc(c->list, (c->count + 1) * sizeof(*list));
	if (list == NULL)
		die_world("out of memory for ranges of addresses");
	c->list = list;
	c->list[c->count++] = range;
	return NULL;
}

const char *
cidrs_add(struct cidrs *c, struct span text)
{
	const uint8_t *comma;
	const char *why;

	while (text.n > 0 && (comma = memchr(text.p, ',', text.n)) != NULL) {
		struct span one = span_of(text.p, (size_t)(comma - text.p));

		why = cidrs_add_one(c, one);
		if (why != NULL)
			return why;
		text = span_from(text, one.n + 1);
	}
	return cidrs_add_one(c, text);
}

int
cidrs_longest(const struct cidrs *c, const struct address *a)
{
	int longest = c->local && a->kind == ADDRESS_LOCAL ? 128 : -1;

	for (size_t i = 0; i < c->count; i++)
		if (c->list[i].bits > longest && cidr_has(&c->list[i], a))
			longest = c->list[i].bits;
	return longest;
}

void
cidrs_free(struct cidrs *c)
{
	free(c->list);
	*c = (struct cidrs){ .count = 0 };
}

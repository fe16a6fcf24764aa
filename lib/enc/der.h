/*
 * A cursor over DER (X.690), tolerant where certificates in the logs are: long
 * lengths need not be minimal, indefinite lengths are followed to their end,
 * tags of any number are passed over. Nothing is copied and nothing recurses.
 *
 * A walk ends when der_next returns false; der_done then tells a clean end
 * from bytes that are no element.
 */
#ifndef ENC_DER_H
#define ENC_DER_H

#include "base/span.h"

/* The identifier octets met in certificates (X.690 8.1.2); low tag numbers only. */
enum {
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_NULL = 0x05,
	DER_OID = 0x06,
	DER_UTF8_STRING = 0x0c,
	DER_NUMERIC_STRING = 0x12,
	DER_PRINTABLE_STRING = 0x13,
	DER_T61_STRING = 0x14,
	DER_IA5_STRING = 0x16,
	DER_UTC_TIME = 0x17,
	DER_GENERALIZED_TIME = 0x18,
	DER_VISIBLE_STRING = 0x1a,
	DER_UNIVERSAL_STRING = 0x1c,
	DER_BMP_STRING = 0x1e,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_CONTEXT = 0x80,			/* [n] IMPLICIT primitive: DER_CONTEXT | n */
	DER_CONTEXT_CONSTRUCTED = 0xa0,		/* [n] EXPLICIT, or IMPLICIT constructed */
};

struct der {
	const uint8_t *p, *end;
};

struct der_item {
	uint8_t tag;		/* identifier octet; 0x1f in the low bits: a high tag number */
	struct span body;	/* contents octets, without end-of-contents */
	struct span whole;	/* identifier, length and contents */
};

static inline struct der
der_of(struct span s)
{
	return (struct der){ s.p, s.n > 0 ? s.p + s.n : s.p };
}

/* Everything was taken: true also for an empty walk. */
static inline bool
der_done(const struct der *d)
{
	return d->p == d->end;
}

/* The identifier octet that comes next, or -1 at the end. */
static inline int
der_peek(const struct der *d)
{
	return d->p < d->end ? *d->p : -1;
}

/* The slow half of der_next: long, indefinite and high-tag forms. */
bool der_next_long(struct der *, struct der_item *);

/* The next element; false, without moving, at the end or when it does not fit. */
static inline bool
der_next(struct der *d, struct der_item *it)
{
	size_t left = (size_t)(d->end - d->p);
	const uint8_t *p = d->p;

	if (left < 2)
		return false;
	if (p[1] >= 0x80 || (p[0] & 0x1f) == 0x1f)
		return der_next_long(d, it);
	if (left - 2 < p[1])
		return false;
	it->tag = p[0];
	it->body = span_of(p + 2, p[1]);
	it->whole = span_of(p, (size_t)p[1] + 2);
	d->p = p + 2 + p[1];
	return true;
}

/*
 * The next element if it has this tag; false, without moving, otherwise. The
 * short form stands here once more, field by field: of a struct that is copied
 * whole, a processor cannot read a field before the copy is in memory.
 */
static inline bool
der_take(struct der *d, uint8_t tag, struct span *body)
{
	size_t left = (size_t)(d->end - d->p);
	const uint8_t *p = d->p;
	struct der_item it;

	if (left < 2 || p[0] != tag)
		return false;
	if (p[1] >= 0x80) {
		if (!der_next_long(d, &it))
			return false;
		*body = it.body;
		return true;
	}
	if (left - 2 < p[1])
		return false;
	body->p = p + 2;
	body->n = p[1];
	d->p = p + 2 + p[1];
	return true;
}

/* True for every value but 00: BER allows any non-zero octet for TRUE. */
static inline bool
der_is_true(struct span boolean)
{
	return boolean.n > 0 && boolean.p[0] != 0;
}

/*
 * A UTCTime or GeneralizedTime as seconds since 1970 (may be negative). Taken
 * as RFC 5280 4.1.2.5 writes them, and leniently: seconds and Z may be
 * missing, an offset +-hhmm is applied, a fraction is cut off. False for what
 * is no such time or no date of the calendar.
 */
bool der_time(uint8_t tag, struct span body, int64_t *seconds);

#endif

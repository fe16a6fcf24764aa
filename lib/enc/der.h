/*
 * A cursor over DER (X.690), tolerant where certificates in the logs are: long
 * lengths need not be minimal, indefinite lengths are followed to their end,
 * tags of any number are passed over. Nothing is copied and nothing recurses.
 * What is more than that out of shape is for enc/ber.h. A walk ends when
 * der_next returns false; der_done tells a clean end from a bad one.
 */
#ifndef ENC_DER_H
#define ENC_DER_H

#include "base/span.h"
#include "enc/tag.h"

struct der {
	const uint8_t *p, *end;
};

struct der_item {
	uint8_t tag;		/* identifier octet; 0x1f in the low bits: a tag number above 30 */
	struct span body;	/* contents octets, without end-of-contents */
	struct span whole;	/* identifier, length and contents */
};

static inline struct der
der_of(struct span s)
{
	return (struct der){ s.p, s.n > 0 ? s.p + s.n : s.p };
}

/* Everything was taken; true also for an empty walk. */
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

/* What der_next has refused, as far as it goes; false when its length cannot be read. */
bool der_next_cut(struct der *, struct der_item *);

/*
 * The next element if it has this tag; false, without moving, otherwise. The
 * short form is here field by field: a struct copied whole is slow to read from.
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

/* The contents of an OBJECT IDENTIFIER end where its last arc does (X.690 8.19.2). */
static inline bool
der_is_oid(struct span body)
{
	return body.n > 0 && body.p[body.n - 1] < 0x80;
}

/* True for every value but 00: BER allows any non-zero octet for TRUE. */
static inline bool
der_is_true(struct span boolean)
{
	return boolean.n > 0 && boolean.p[0] != 0;
}

#endif

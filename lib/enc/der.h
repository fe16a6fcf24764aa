/*
 * A cursor over the elements of DER (X.690). It also reads lengths in more bytes than needed and
 * indefinite lengths, which DER forbids and certificates in the logs have. A walk
 * (struct der) starts with der_of and takes one element after the other. The elements
 * inside one are read by a walk over its body. A walk ends when der_next returns false; der_done
 * then tells whether all bytes were taken. Spans point into the bytes given to der_of.
 */
#ifndef ENC_DER_H
#define ENC_DER_H

#include "base/span.h"
#include "enc/tag.h"

struct der {
	const uint8_t *p;	/* the next byte to take */
	const uint8_t *end;	/* behind the last byte of the walk */
};

struct der_item {
	uint8_t tag;		/* identifier octet; low five bits 11111 for tag numbers above 30 */
	struct span body;	/* contents octets, without end-of-contents (X.690 8.1.5) */
	struct span whole;	/* the whole element: identifier, length and contents */
};

/* Starts a walk over the bytes s, which must stay where they are during it. */
static inline struct der
der_of(struct span s)
{
	return (struct der){ s.p, s.n > 0 ? s.p + s.n : s.p };
}

/* Returns true when all bytes of the walk were taken. */
static inline bool
der_done(const struct der *d)
{
	return d->p == d->end;
}

/* Returns the identifier octet of the next element, without taking it, or -1 at the end. */
static inline int
der_peek(const struct der *d)
{
	return d->p < d->end ? *d->p : -1;
}

/* Do what der_next and der_take do, for long forms of length and tag. Other code uses those two. */
bool der_next_long(struct der *d, struct der_item *it);
bool der_take_high(struct der *d, uint8_t tag, struct span *body);

/*
 * Takes the next element off d. Returns true with *it set, or false with d unmoved when no bytes
 * are left or they do not begin with a whole element.
 */
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
 * Takes an element that der_next has refused because it goes on behind the end of d, where it is
 * cut off. Returns true with *it set, or false with d unmoved when its length cannot be read.
 */
bool der_next_cut(struct der *d, struct der_item *it);

/*
 * Takes the next element if it is whole and has this tag. Returns true with *body set to its
 * contents, or false with d unmoved. (Filling a struct der_item would be measurably slower.)
 */
static inline bool
der_take(struct der *d, uint8_t tag, struct span *body)
{
	size_t left = (size_t)(d->end - d->p);
	const uint8_t *p = d->p;
	struct der_item it;

	if (left < 2 || p[0] != tag)
		return left >= 2 && (p[0] & 0x1f) == 0x1f && der_take_high(d, tag, body);
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

/* Returns true when body, the contents of an OID, ends with a whole arc (X.690 8.19.2). */
static inline bool
der_is_oid(struct span body)
{
	return body.n > 0 && body.p[body.n - 1] < 0x80;
}

/* Returns the value of a BOOLEAN: true unless its contents are empty or begin with 00. */
static inline bool
der_is_true(struct span boolean)
{
	return boolean.n > 0 && boolean.p[0] != 0;
}

#endif

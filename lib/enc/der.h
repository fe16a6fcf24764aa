/*
 * A cursor over DER (X.690), and over what else certificates in the logs hold:
 * lengths in more bytes than needed, indefinite lengths, and tag numbers above 30.
 *
 * A walk starts with der_of and takes one element after the other, without those
 * inside them; der_of of a body walks what is inside. It ends when der_next
 * returns false, and der_done then tells whether all bytes were taken. Nothing
 * is copied, and no function calls itself, so that hostile nesting costs no stack.
 */
#ifndef ENC_DER_H
#define ENC_DER_H

#include "base/span.h"
#include "enc/tag.h"

struct der {
	const uint8_t *p;	/* the next byte to take */
	const uint8_t *end;	/* behind the last */
};

struct der_item {
	uint8_t tag;		/* identifier octet; its low five bits are all set for numbers above 30 */
	struct span body;	/* contents octets, without end-of-contents */
	struct span whole;	/* identifier, length and contents */
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

/* Returns the identifier octet that comes next, without taking it, or -1 at the end. */
static inline int
der_peek(const struct der *d)
{
	return d->p < d->end ? *d->p : -1;
}

/* Does what der_next says, for all forms of length and tag. */
bool der_next_long(struct der *, struct der_item *);

/* Takes the next element. Returns true with *it set, or false, without moving, when none is whole. */
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
 * Takes an element that der_next has refused, with its contents cut off at the
 * end of the walk. Returns true with *it set, or false, without moving, when its
 * identifier and length cannot be read.
 */
bool der_next_cut(struct der *, struct der_item *);

/*
 * Takes the next element if it has this tag. Returns true with *body set to its
 * contents, or false, without moving. (Short lengths are read here, not by
 * der_next, because filling a struct der_item is measurably slower.)
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

/* Returns true when the contents of an OBJECT IDENTIFIER end behind a whole arc (X.690 8.19.2). */
static inline bool
der_is_oid(struct span body)
{
	return body.n > 0 && body.p[body.n - 1] < 0x80;
}

/* Returns what the contents of a BOOLEAN mean: false for 00, and true for any other octet, as BER has it. */
static inline bool
der_is_true(struct span boolean)
{
	return boolean.n > 0 && boolean.p[0] != 0;
}

#endif

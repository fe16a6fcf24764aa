/*
 * Reads what certificates in the logs hold although DER forbids it: elements
 * that are longer than what contains them, elements where others should stand,
 * and strings in several segments, which BER allows (X.690 sections 8.7 and
 * 8.23). Where the bytes are proper DER, these functions do what those of
 * enc/der.h do, at the same cost.
 *
 * Where bytes were not as they should be, *odd is set to true; it is never set
 * to false, so one variable can collect the answer for a whole certificate.
 */
#ifndef ENC_BER_H
#define ENC_BER_H

#include "base/buf.h"
#include "enc/der.h"

/* Does what ber_next says for the case that der_next has refused. */
bool ber_next_odd(struct der *, struct der_item *, bool *odd);

/*
 * Takes the next element. One whose contents go on behind the end of the walk
 * is cut there and taken if it is constructed, because the elements in it can
 * still be read one by one; a primitive one is refused, because part of a
 * string or number would be a wrong value. Both are odd. Returns true with
 * *it set, or false, without moving, at the end of the walk and when no element
 * can be read.
 */
static inline bool
ber_next(struct der *d, struct der_item *it, bool *odd)
{
	return der_next(d, it) || (!der_done(d) && ber_next_odd(d, it, odd));
}

/* Does what ber_find says for the case that der_take has refused. */
bool ber_find_odd(struct der *, uint8_t tag, struct span *body, bool *odd);

/*
 * Takes elements until one has this tag. That it was not the first is odd, and
 * so is what ber_next calls odd. Returns true with *body set to the contents of
 * the element found. Returns false when no element with this tag is left: the
 * walk then has no element left at all.
 */
static inline bool
ber_find(struct der *d, uint8_t tag, struct span *body, bool *odd)
{
	return der_take(d, tag, body) || (!der_done(d) && ber_find_odd(d, tag, body, odd));
}

/*
 * Prepares a buffer for ber_join, which must not move what it has joined there
 * before. A buffer that is empty gets memory for at least most bytes. Returns
 * true when it can take need more bytes without moving, or false.
 */
bool ber_has_room(struct buf *room, size_t most, size_t need);

/*
 * Puts a string together whose contents octets are segments; a segment may
 * consist of segments itself, five levels deep. *out becomes the string: of one
 * segment it points into segments, several are appended to room and *out points
 * there. With room NULL a string of several segments is not put together, and
 * out->p becomes NULL. Returns true, or false with room as it was, and *out not
 * to be used, when segments holds anything else.
 */
bool ber_join(struct span segments, struct buf *room, struct span *out);

/*
 * Takes the next element if it is a string with this tag, either primitive or
 * in a single segment. Returns true with *body set to the string, or false,
 * without moving, when something else comes next.
 */
bool ber_take_string(struct der *, uint8_t tag, struct span *body);

#endif

/*
 * Reads what certificates in the logs hold although DER forbids it: elements
 * that are longer than what contains them, elements where others should stand,
 * and strings in several segments, which BER allows (X.690 sections 8.7 and
 * 8.23). Where the bytes are proper DER, these functions do what those of
 * enc/der.h do, at the same cost. A walk is a struct der; see there.
 *
 * Where the bytes break the rules, *odd is set to true. It is never set to
 * false, so one variable can collect the answer for a whole certificate.
 */
#ifndef ENC_BER_H
#define ENC_BER_H

#include "base/buf.h"
#include "enc/der.h"

/* The part of ber_next for what der_next refuses; returns what ber_next returns. Other code uses ber_next. */
bool ber_next_odd(struct der *d, struct der_item *it, bool *odd);

/*
 * Takes the next element off the walk d. When its length says that it goes on
 * behind the end of the walk, *odd is set. If such an element is constructed, its
 * contents are cut at the end of the walk and it is taken, because the elements
 * in it can still be read one by one. If it is primitive it is not taken, because
 * part of a string or number would be a wrong value. Returns true with *it set, or
 * false with d unmoved, either at the end of the walk or, with *odd set, when the
 * next element cannot be taken.
 */
static inline bool
ber_next(struct der *d, struct der_item *it, bool *odd)
{
	return der_next(d, it) || (!der_done(d) && ber_next_odd(d, it, odd));
}

/*
 * Returns true when it is a list with this tag, which is DER_SEQUENCE or DER_SET. Its
 * tag may lack the bit that says constructed, because OpenSSL does not ask for it in
 * lists of one type.
 */
static inline bool
ber_is_list(const struct der_item *it, uint8_t tag)
{
	return (it->tag | DER_CONSTRUCTED) == tag;
}

/* The part of ber_find for what der_take refuses; returns what ber_find returns. Other code uses ber_find. */
bool ber_find_odd(struct der *d, uint8_t tag, struct span *body, bool *odd);

/*
 * Takes elements off the walk d until one has this tag. Sets *odd when it had to
 * pass over others, when the one found is a list with a primitive tag, and where
 * ber_next sets it. Returns true with *body set to the
 * contents of the element found. Returns false when no element with this tag is
 * left: all elements that can be read have been taken then.
 */
static inline bool
ber_find(struct der *d, uint8_t tag, struct span *body, bool *odd)
{
	return der_take(d, tag, body) || (!der_done(d) && ber_find_odd(d, tag, body, odd));
}

/*
 * Puts together a string that comes in segments. segments is the contents octets
 * of the string: an element for each segment. A segment may itself consist of
 * segments, up to five levels deep. It may have any tag, as in OpenSSL, but *odd is
 * set when that is not a universal one. Returns true with *out set:
 *	no segment or one	*out points into segments
 *	several			the joined bytes are appended to room; *out points into room
 *	several, room NULL	nothing is joined; out->p is NULL
 * Returns false, with room unchanged and *out undefined, when segments holds
 * something that is not an element.
 */
bool ber_join(struct span segments, struct buf *room, struct span *out, bool *odd);

/*
 * Takes the next element off the walk d if it is a string with this tag, either
 * primitive or in a single segment with a universal tag. Returns true with *body set to the string, or
 * false with d unmoved when something else comes next or d is at its end.
 */
bool ber_take_string(struct der *d, uint8_t tag, struct span *body);

#endif

/*
 * What certificates hold that is no DER: elements longer than what they stand
 * in, elements where others belong, strings in segments (X.690 8.7, 8.23). The
 * inline halves are all that DER takes; the rest is out of line. odd is set,
 * and never cleared, where something was not as it should be.
 */
#ifndef ENC_BER_H
#define ENC_BER_H

#include "base/buf.h"
#include "enc/der.h"

/* The slow half of ber_next. */
bool ber_next_odd(struct der *, struct der_item *, bool *odd);

/*
 * The next element; of the last one what is there, if others are in it: half a
 * string or number is none. False at the end, or where the rest is no element.
 */
static inline bool
ber_next(struct der *d, struct der_item *it, bool *odd)
{
	return der_next(d, it) || (!der_done(d) && ber_next_odd(d, it, odd));
}

/* The slow half of ber_find. */
bool ber_find_odd(struct der *, uint8_t tag, struct span *body, bool *odd);

/* Likewise the next that has this tag; elements before it are passed over, which is odd. */
static inline bool
ber_find(struct der *d, uint8_t tag, struct span *body, bool *odd)
{
	return der_take(d, tag, body) || (!der_done(d) && ber_find_odd(d, tag, body, odd));
}

/*
 * Is there room for need more bytes? All room that room will ever have, most
 * bytes, is taken at the first, for what is joined in it must not move.
 */
bool ber_has_room(struct buf *room, size_t most, size_t need);

/*
 * The string whose segments these contents are, segments in segments too: of
 * one segment the bytes themselves, of several what is appended to room. With
 * no room (NULL) several get p NULL. False when they are no segments.
 */
bool ber_join(struct span segments, struct buf *room, struct span *out);

/* A string of this tag, which needs no room for segments, if it comes next. */
bool ber_take_string(struct der *, uint8_t tag, struct span *body);

#endif

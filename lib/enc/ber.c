/*
 * Reads elements that der_next and der_take refuse. In: bytes of a certificate.
 * Out: the parts of them that can still be read (X.690 sections 8.1.3 and 8.7.3).
 */
#include "enc/ber.h"

enum { MAX_SEGMENT_WALKS = 6 };	/* one for the string, and five for segments in it, as in OpenSSL */

bool
ber_next_odd(struct der *d, struct der_item *it, bool *odd)
{
	struct der before = *d;

	*odd = true;
	if (der_next_cut(d, it) && it->tag & DER_CONSTRUCTED)
		return true;
	*d = before;
	return false;
}

bool
ber_find_odd(struct der *d, uint8_t tag, struct span *body, bool *odd)
{
	struct der_item it;
	bool first = true;

	for (; ber_next(d, &it, odd); first = false) {
		if (it.tag == tag || ber_is_list(&it, tag)) {
			*body = it.body;
			*odd |= !first || it.tag != tag;
			return true;
		}
	}
	*odd |= !first;
	return false;
}

/*
 * Moves to the next segment that holds bytes. level[*depth] is the innermost walk; the walks over
 * the segments around it are level[0] to level[*depth - 1]. Returns true with the bytes in *out.
 * Returns false at the end, and, with *bad set, where the bytes are not segments. *odd is set at a
 * segment whose tag is not universal.
 */
static bool
ber_next_segment(struct der level[MAX_SEGMENT_WALKS], unsigned *depth, struct span *out,
    bool *bad, bool *odd)
{
	struct der_item it;

	for (;;) {
		if (der_next(&level[*depth], &it)) {
			if ((it.tag & DER_CONSTRUCTED) && *depth + 1 == MAX_SEGMENT_WALKS)
				break;
			*odd |= (it.tag & 0xc0) != 0;
			*out = it.body;
			if (it.tag & DER_CONSTRUCTED)
				level[++*depth] = der_of(it.body);
			else if (it.body.n > 0)
				return true;
			continue;
		}
		if (!der_done(&level[*depth]))
			break;
		if ((*depth)-- == 0)
			return false;
	}
	*bad = true;
	return false;
}

bool
ber_join(struct span segments, struct buf *room, struct span *out, bool *odd)
{
	struct der level[MAX_SEGMENT_WALKS] = { der_of(segments) };
	size_t from = room != NULL ? room->n : 0;
	unsigned depth = 0, count = 0;
	struct span segment;
	bool bad = false;

	*out = span_of(segments.p, 0);
	while (ber_next_segment(level, &depth, &segment, &bad, odd)) {
		if (count++ == 0) {
			*out = segment;
		} else if (room != NULL) {
			if (count == 2)
				buf_put(room, *out);
			buf_put(room, segment);
		}
	}
	if (bad) {
		if (room != NULL)
			room->n = from;
		return false;
	}
	if (count > 1)
		*out = room != NULL ? span_of(room->p + from, room->n - from) : span_of(NULL, 0);
	return true;
}

bool
ber_take_string(struct der *d, uint8_t tag, struct span *body)
{
	struct der before = *d;
	bool odd = false;

	if (der_take(d, tag, body))
		return true;
	if (der_take(d, tag | DER_CONSTRUCTED, body) && ber_join(*body, NULL, body, &odd) && !odd &&
	    body->p != NULL)
		return true;
	*d = before;
	return false;
}

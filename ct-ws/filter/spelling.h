/*
 * The two spellings of a name: with A-labels (xn--mnchen-3ya.example) and with U-labels
 * (münchen.example), as RFC 5890 calls them. Both in lower case. For most names they are equal.
 */
#ifndef CT_WS_FILTER_SPELLING_H
#define CT_WS_FILTER_SPELLING_H

#include "base/buf.h"

struct spelling {
	struct buf a;		/* all labels as A-labels */
	struct buf u;		/* all labels as U-labels; empty when a holds this spelling too */
};

/* spelling_init makes *s empty, and spelling_free frees its memory. */
void spelling_init(struct spelling *s);
void spelling_free(struct spelling *s);

/*
 * Sets both spellings of name. One full stop at its end is left out, and the three other full stops
 * of IDNA (U+3002, U+FF0E, U+FF61) become ASCII's. A label that has no other spelling, because it is
 * too long or is not Punycode, stands in both as it is, in lower case.
 */
void spelling_set(struct spelling *s, struct span name);

/* Appends text in lower case to b, with the full stops of IDNA as ASCII's. */
void spelling_put(struct buf *b, struct span text);

/* Returns the spelling with A-labels, and that with U-labels; valid until s is set again. */
struct span spelling_a(const struct spelling *s);
struct span spelling_u(const struct spelling *s);

#endif

/* GeneralNames (RFC 5280 4.2.1.6), as subjectAltName and others hold them. */
#ifndef X509_SAN_H
#define X509_SAN_H

#include "base/buf.h"
#include "enc/der.h"
#include "x509/name.h"

enum san_type {		/* the context tags of GeneralName: 0 to 30 */
	SAN_OTHER = 0,
	SAN_EMAIL = 1,
	SAN_DNS = 2,
	SAN_X400 = 3,
	SAN_DIRECTORY = 4,
	SAN_EDI_PARTY = 5,
	SAN_URI = 6,
	SAN_IP = 7,
	SAN_REGISTERED_ID = 8,
	SAN_NONE = 31,		/* an element that cannot be read as a GeneralName */
};

struct san {
	unsigned type;		/* enum san_type, or any other context tag */
	struct span value;	/* contents octets */
	bool odd;		/* the element does not have the tag that its type has in RFC 5280 */
};

/*
 * Begins a walk over the GeneralNames in extension_value, for san_next. They
 * should stand in one SEQUENCE, but those in a SET or in nothing are found too:
 * *odd is set then, and when bytes are missing or left over. Returns false, with
 * *odd set, when there is no element at all.
 */
bool san_open(struct der *names, struct span extension_value, bool *odd);

/* Reads into *out an element that is constructed or has no context tag, for san_next. */
void san_odd(struct san *out, const struct der_item *);

/*
 * Takes the next name off the walk. A name of the wrong tag class is taken for
 * that which its tag number says, and a universal character string for a
 * dNSName; both are odd. A string in several segments is SAN_NONE, which is
 * why ext_parse joins those of subjectAltName first, by san_put_plain. Returns
 * false at the end, and where the rest is not an element.
 */
static inline bool
san_next(struct der *names, struct san *out)
{
	struct der_item it;

	if (!der_next(names, &it))
		return false;
	if ((it.tag & 0xe0) == DER_CONTEXT)
		*out = (struct san){ it.tag & 0x1f, it.body, false };
	else
		san_odd(out, &it);
	return true;
}

/*
 * Tells whether a name in extension_value is a string in several segments, which
 * san_put_plain can join. False also when the value cannot be read to its end.
 */
bool san_is_split(struct span extension_value);

/*
 * Appends extension_value with each string joined into one element. That takes no
 * more bytes than extension_value has, and needs 6 more while it is written.
 */
void san_put_plain(struct buf *, struct span extension_value);

/*
 * Appends one name as OpenSSL prints it, such as "DNS:a.example"; style says how
 * a directoryName is written. Returns NULL, or a static reason when not all of
 * the name could be read and shown.
 */
const char *san_put(struct buf *, const struct san *, enum name_style style);

#endif

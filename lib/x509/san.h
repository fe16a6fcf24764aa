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
	SAN_NONE = 31,		/* what is no GeneralName at all */
};

struct san {
	unsigned type;		/* enum san_type, or any other context tag */
	struct span value;	/* contents octets */
};

/*
 * The walk over a SEQUENCE OF GeneralName, of which there may be less than its
 * length says; false when the value is no SEQUENCE.
 */
bool san_open(struct der *, struct span extension_value);

/* The slow half of san_next: constructed elements, and what is none of context. */
void san_odd(struct san *, const struct der_item *);

/* The next name; of a string in segments only if one of them holds it all, see san_put_plain. */
static inline bool
san_next(struct der *names, struct san *out)
{
	struct der_item it;

	if (!der_next(names, &it))
		return false;
	if ((it.tag & 0xe0) == DER_CONTEXT)
		*out = (struct san){ it.tag & 0x1f, it.body };
	else
		san_odd(out, &it);
	return true;
}

/* True when all can be read, and a string is in segments that must be joined. */
bool san_is_split(struct span extension_value);

/* Appends such a value with its strings joined: no more bytes than it has, and 6 on the way. */
void san_put_plain(struct buf *, struct span extension_value);

/*
 * "DNS:a.example" and so on, as OpenSSL prints it; style is for a directoryName.
 * NULL, or why not all of the name could be read.
 */
const char *san_put(struct buf *, const struct san *, enum name_style style);

#endif

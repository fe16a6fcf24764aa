/* GeneralNames (RFC 5280 4.2.1.6), as subjectAltName and others hold them. */
#ifndef CT_SAN_H
#define CT_SAN_H

#include "base/buf.h"
#include "ct/name.h"
#include "enc/der.h"

enum san_type {		/* the context tags of GeneralName */
	SAN_OTHER = 0,
	SAN_EMAIL = 1,
	SAN_DNS = 2,
	SAN_X400 = 3,
	SAN_DIRECTORY = 4,
	SAN_EDI_PARTY = 5,
	SAN_URI = 6,
	SAN_IP = 7,
	SAN_REGISTERED_ID = 8,
};

struct san {
	unsigned type;		/* enum san_type, or any other tag number below 31 */
	struct span value;	/* contents octets */
};

/* The walk over a SEQUENCE OF GeneralName; false when body is no such sequence. */
bool san_open(struct der *, struct span extension_value);

/* The next name; elements that are no GeneralName at all are passed over. */
static inline bool
san_next(struct der *names, struct san *out)
{
	struct der_item it;

	while (der_next(names, &it)) {
		if ((it.tag & 0xc0) != DER_CONTEXT || (it.tag & 0x1f) == 0x1f)
			continue;
		*out = (struct san){ it.tag & 0x1f, it.body };
		return true;
	}
	return false;
}

/* "DNS:a.example" and so on, as OpenSSL prints it; style is for a directoryName. */
void san_put(struct buf *, const struct san *, enum name_style style);

#endif

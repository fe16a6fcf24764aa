/*
 * Reads and writes GeneralNames (RFC 5280 4.2.1.6), the lists of DNS names, addresses
 * and other names that subjectAltName and some other extensions hold. san_open begins
 * a walk over the names of an extension, and san_next takes one after the other.
 */
#ifndef X509_SAN_H
#define X509_SAN_H

#include "base/buf.h"
#include "enc/der.h"
#include "x509/name.h"

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
	SAN_NONE = 31,		/* stands for an element that cannot be read as a GeneralName */
};

struct san {
	unsigned type;		/* enum san_type, or a context tag from 9 to 30 */
	struct span value;	/* contents octets; of a string in one segment, those of it */
	bool odd;		/* the element does not have the tag RFC 5280 gives the type */
};

/*
 * Begins a walk, *names, over the GeneralNames in extension_value, the contents of an
 * extnValue. RFC 5280 wants them in one SEQUENCE and nothing else. *odd is set when
 * extension_value is anything else, and all the names in it are walked over then; *odd
 * is never cleared. Returns true, or false with *odd set when extension_value does not
 * begin with an element.
 */
bool san_open(struct der *names, struct span extension_value, bool *odd);

/*
 * The part of san_next for elements that are constructed or do not have a context tag. Sets *out and
 * returns what san_next does; other code uses that.
 */
bool san_next_odd(struct der *names, struct san *out);

/*
 * Takes the next name off the walk *names. Returns true with *out set, or false when
 * the walk is at its end or the rest of it is not a whole element; der_done tells
 * which. A name whose tag is not a context tag is read too, with odd set: a universal
 * character string as a dNSName, another element by its tag number if that is the
 * number of a type that holds a string. SAN_NONE stands for all other elements, and
 * for strings in several segments. (ext_parse joins the segments of subjectAltName.)
 * Where a SEQUENCE or SET stands in place of a name, SAN_NONE stands for it, and the
 * names in it follow.
 */
static inline bool
san_next(struct der *names, struct san *out)
{
	struct der_item it;

	if ((der_peek(names) & 0xe0) != DER_CONTEXT)
		return san_next_odd(names, out);
	if (!der_next(names, &it))
		return false;
	*out = (struct san){ it.tag & 0x1f, it.body, false };
	return true;
}

/*
 * Returns true when a name in extension_value is a string in several segments, which
 * san_put_plain can join. Returns false when san_open and san_next find no such name.
 */
bool san_is_split(struct span extension_value);

/*
 * Appends the names in extension_value to b as one SEQUENCE, with the segments of each
 * string joined. When san_open sets *odd for extension_value, or its names cannot be
 * read to their end, a zero byte is appended too, for which san_open sets *odd again.
 * At most extension_value.n + 7 bytes are appended, but b must have room for 6 more if
 * it is not to move while this is written.
 */
void san_put_plain(struct buf *b, struct span extension_value);

/*
 * Appends the name san to b as OpenSSL prints it, such as "DNS:a.example", as the
 * inside of a JSON string. style is the form of a directoryName. Returns NULL, or a
 * static reason when not all of the name could be read and shown.
 */
const char *san_put(struct buf *b, const struct san *san, enum name_style style);

#endif

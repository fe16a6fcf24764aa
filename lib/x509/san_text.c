/*
 * Writes GeneralNames as OpenSSL prints them. In: one name. Out: the inside of a JSON
 * string. Standard: RFC 5280 4.2.1.6.
 */
#include "x509/san.h"

#include "enc/text.h"
#include "x509/oid.h"

static void
san_put_ip(struct buf *b, struct span s)
{
	if (s.n == 4) {
		text_put_ip(b, s);
	} else if (s.n == 16) {
		for (unsigned i = 0; i < 16; i += 2)
			buf_putf(b, i == 0 ? "%X" : ":%X", s.p[i] << 8 | s.p[i + 1]);
	} else {
		buf_put(b, SPAN("<invalid length="));
		buf_put_u64(b, s.n);
		buf_putc(b, '>');
	}
}

const char *
san_put(struct buf *b, const struct san *san, enum name_style style)
{
	static const char *const label[] = { "othername:<unsupported>", "email:", "DNS:",
		"X400Name:<unsupported>", "DirName:", "EdiPartyName:<unsupported>", "URI:",
		"IP Address:", "Registered ID:" };

	if (san->type > SAN_REGISTERED_ID) {
		buf_put(b, SPAN("<unsupported>"));
		return "RFC 5280 4.2.1.6: a name is not a GeneralName";
	}
	buf_puts(b, label[san->type]);
	switch (san->type) {
	case SAN_EMAIL:
	case SAN_DNS:
	case SAN_URI:
		return text_put_latin1(b, DER_IA5_STRING, san->value);
	case SAN_DIRECTORY:
		return name_put(b, san->value, style);
	case SAN_IP:
		san_put_ip(b, san->value);
		break;
	case SAN_REGISTERED_ID:
		oid_put(b, san->value);
		return der_is_oid(san->value) ? NULL :
		    "RFC 5280 4.2.1.6: a registeredID is not an OID";
	}
	return NULL;
}

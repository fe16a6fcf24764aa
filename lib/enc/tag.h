/* Tags of ASN.1 (X.680 section 8.6), as the identifier octets that DER writes (X.690 8.1.2). */
#ifndef ENC_TAG_H
#define ENC_TAG_H

enum {
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_NULL = 0x05,
	DER_OID = 0x06,
	DER_UTF8_STRING = 0x0c,
	DER_NUMERIC_STRING = 0x12,
	DER_PRINTABLE_STRING = 0x13,
	DER_T61_STRING = 0x14,
	DER_IA5_STRING = 0x16,
	DER_UTC_TIME = 0x17,
	DER_GENERALIZED_TIME = 0x18,
	DER_VISIBLE_STRING = 0x1a,
	DER_UNIVERSAL_STRING = 0x1c,
	DER_BMP_STRING = 0x1e,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_CONSTRUCTED = 0x20,			/* bit that is set when the contents are elements */
	DER_CONTEXT = 0x80,			/* + n: [n] IMPLICIT of a primitive type */
	DER_CONTEXT_CONSTRUCTED = 0xa0,		/* + n: [n] EXPLICIT, or of a constructed type */
};

#endif

/*
 * A DER writer (X.690 section 10): values are opened, filled and closed, and
 * the length is put in when it is known. Writes exactly what it is told, so
 * that wrong DER can be made on purpose.
 */
#ifndef LOG_DER_H
#define LOG_DER_H

#include <stddef.h>
#include <stdint.h>

#include "tests/log/bytes.h"

#define DER_DEPTH 24	/* values open at once; deeper is our bug */

enum der_tag {
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_NULL = 0x05,
	DER_OID = 0x06,
	DER_UTF8 = 0x0c,
	DER_PRINTABLE = 0x13,
	DER_T61 = 0x14,
	DER_IA5 = 0x16,
	DER_UTC_TIME = 0x17,
	DER_GENERALIZED_TIME = 0x18,
	DER_VISIBLE = 0x1a,
	DER_UNIVERSAL = 0x1c,
	DER_BMP = 0x1e,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
	DER_CONTEXT = 0x80,			/* | number: implicit, primitive */
	DER_CONTEXT_CONSTRUCTED = 0xa0		/* | number */
};

struct der {
	struct bytes *out;		/* borrowed; appended to */
	size_t mark[DER_DEPTH];		/* where the contents of each open value begin */
	int depth;
};

void der_init(struct der *, struct bytes *out);
void der_open(struct der *, int tag);
void der_open_bits(struct der *);	/* a BIT STRING of whole bytes */
void der_close(struct der *);

void der_put(struct der *, int tag, const void *from, size_t len);
void der_put_text(struct der *, int tag, const char *text);
void der_put_oid(struct der *, const char *dotted);
void der_put_true(struct der *);
void der_put_null(struct der *);
void der_put_small(struct der *, unsigned value);		/* INTEGER 0..127 */
/* A positive INTEGER from big-endian bytes. */
void der_put_positive(struct der *, const void *from, size_t len);
/* UTCTime until 2049, then GeneralizedTime (RFC 5280 section 4.1.2.5). */
void der_put_time(struct der *, int64_t seconds);
/* Named bits, bit 0 the highest of the first byte, trailing zeros cut (X.690 11.2.2). */
void der_put_named_bits(struct der *, unsigned bits16);

#endif

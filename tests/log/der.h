/*
 * A writer of DER (X.690 section 10). A value that holds others is opened, filled and
 * closed; its length is put in when it is closed. The writer checks nothing, so that
 * wrong DER can be made on purpose.
 */
#ifndef LOG_DER_H
#define LOG_DER_H

#include <stddef.h>
#include <stdint.h>

#include "tests/log/bytes.h"

#define DER_DEPTH 24	/* most values open at a time; one more ends the process with 101 */

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
	DER_CONTEXT = 0x80,			/* | n: [n] IMPLICIT of a primitive type */
	DER_CONTEXT_CONSTRUCTED = 0xa0		/* | n: [n] of a constructed type */
};

struct der {
	struct bytes *out;		/* borrowed; appended to */
	size_t mark[DER_DEPTH];		/* where the contents of each open value begin */
	int depth;
};

/* Starts to write at the end of out. */
void der_init(struct der *d, struct bytes *out);
/* Open a value with this tag, or a BIT STRING of whole bytes. */
void der_open(struct der *d, int tag);
void der_open_bits(struct der *d);
/* Closes the value opened last. */
void der_close(struct der *d);

/*
 * Append a whole value: der_put with this tag and the len bytes at from as contents, der_put_text with a C
 * string as contents, der_put_oid an OID given as "1.2.3", der_put_true TRUE, der_put_null NULL, and
 * der_put_small an INTEGER from 0 to 127.
 */
void der_put(struct der *d, int tag, const void *from, size_t len);
void der_put_text(struct der *d, int tag, const char *text);
void der_put_oid(struct der *d, const char *dotted);
void der_put_true(struct der *d);
void der_put_null(struct der *d);
void der_put_small(struct der *d, unsigned value);
/* Appends an INTEGER that is not negative, from the len big-endian bytes at from. */
void der_put_positive(struct der *d, const void *from, size_t len);
/* Appends a time, in seconds since 1970: a UTCTime until 2049, later a GeneralizedTime (RFC 5280 4.1.2.5). */
void der_put_time(struct der *d, int64_t seconds);
/* Appends a BIT STRING of named bits, bit 0 the highest of bits16, without zeros at its end (X.690). */
void der_put_named_bits(struct der *d, unsigned bits16);

#endif

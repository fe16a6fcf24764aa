/*
 * Values of ASN.1 as the text certstream shows: always appended as the inside
 * of a JSON string, valid UTF-8 whatever the bytes were.
 */
#ifndef ENC_TEXT_H
#define ENC_TEXT_H

#include "base/buf.h"

/* A character string type, by its tag: text_put_string knows how to show it. */
bool text_is_string(uint8_t tag);

/*
 * Why a character string is not what its type says: no UTF-8, half a
 * character, no character. NULL for what is, and for the types that cannot tell.
 */
const char *text_flaw(uint8_t tag, struct span body);

/*
 * UTF8String, PrintableString, IA5String, NumericString, VisibleString and
 * T61String: the bytes, each that is not UTF-8 as \ufffd. BMPString: UTF-16,
 * a lone surrogate as U+FFFD, one NUL at the end cut off. UniversalString:
 * UTF-32. An odd byte at the end of the wide ones is left out.
 */
void text_put_string(struct buf *, uint8_t tag, struct span body);

/*
 * Likewise, but where an 8-bit type is not UTF-8, all its bytes are characters
 * of ISO 8859-1, as OpenSSL reads T61String. UTF8String stays what it claims
 * to be, and so do the wide types.
 */
void text_put_latin1(struct buf *, uint8_t tag, struct span body);

/* "1.2.840.113549"; arcs of any size. What is no OID shows as "0." and its bytes in hex. */
void text_put_oid(struct buf *, struct span body);

/* Bytes as hex pairs with ':' between them. */
void text_put_hex(struct buf *, struct span bytes);		/* a1:b2 */
void text_put_hex_run(struct buf *, struct span bytes);		/* without colons */
void text_put_hex_upper(struct buf *, struct span bytes);	/* A1:B2 */
void text_write_hex_upper(uint8_t *out, struct span bytes);	/* the same at out: 3 n - 1 characters */

/* An INTEGER as upper-case hex without leading zeros: "7F", "-5", "0". */
void text_put_hex_integer(struct buf *, struct span integer);

/* The absolute value of an INTEGER as hex pairs: without a zero byte of sign. */
void text_put_hex_magnitude(struct buf *, struct span integer);	/* 7F:00 */

/* An INTEGER in decimal; one of 128 bits or more as hex pairs behind "0x", as OpenSSL has it. */
void text_put_integer(struct buf *, struct span integer);

/*
 * Appends a serial number in format go: the absolute value of integer (the contents of
 * an INTEGER, minimal or not) as an even number of upper-case hex digits, with "-" in
 * front when it is negative: "0ABC", "-01", "00". No contents at all read as zero.
 */
void text_put_serial(struct buf *, struct span integer);

/* iPAddress: dotted quad or RFC 5952 text; other lengths as hex pairs. */
void text_put_ip(struct buf *, struct span bytes);

#endif

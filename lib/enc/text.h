/*
 * Shows values of ASN.1 as the text that certstream events hold. In each function
 * the values are contents octets, not trusted. What is appended is always valid
 * UTF-8 and needs no further escapes inside a JSON string.
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

/*
 * Appends an OBJECT IDENTIFIER in dotted form: "1.2.840.113549". Arcs may have any
 * size up to 64 bytes. Contents that are not arcs are appended as "0." and their
 * bytes as text_put_hex writes them.
 */
void text_put_oid(struct buf *, struct span body);

/* Append bytes as pairs of hex digits: "a1:b2", "A1:B2" and "A1B2". */
void text_put_hex(struct buf *, struct span bytes);
void text_put_hex_upper(struct buf *, struct span bytes);
void text_put_hex_run(struct buf *, struct span bytes);

/*
 * Writes what text_put_hex_upper appends, 3 * bytes.n - 1 characters, at out.
 * bytes must not be empty.
 */
void text_write_hex_upper(uint8_t *out, struct span bytes);

/* Appends an INTEGER as upper-case hex digits without leading zeros: "7F", "-5", "0". */
void text_put_hex_integer(struct buf *, struct span integer);

/*
 * Appends the absolute value of an INTEGER as text_put_hex_upper writes bytes:
 * "7F:00". The zero byte that only says that a number is not negative is left out.
 */
void text_put_hex_magnitude(struct buf *, struct span integer);

/*
 * Appends an INTEGER as OpenSSL prints it: in decimal, or, from 128 bits on, as an
 * even number of upper-case hex digits behind "0x" ("-0x" when it is negative).
 */
void text_put_integer(struct buf *, struct span integer);

/*
 * Appends a serial number in format go: the absolute value of integer (the contents of
 * an INTEGER, minimal or not) as an even number of upper-case hex digits, with "-" in
 * front when it is negative: "0ABC", "-01", "00". No contents at all read as zero.
 */
void text_put_serial(struct buf *, struct span integer);

/*
 * Appends an iPAddress: four bytes as a dotted quad, and so the last four of an
 * IPv4-mapped address; other sixteen bytes as RFC 5952 writes them; any other
 * number of bytes as text_put_hex does.
 */
void text_put_ip(struct buf *, struct span bytes);

#endif

/*
 * Shows values of ASN.1 as the text that certstream events hold. In each function
 * the values are contents octets, not trusted. What is appended is always valid
 * UTF-8 and needs no further escapes inside a JSON string.
 */
#ifndef ENC_TEXT_H
#define ENC_TEXT_H

#include "base/buf.h"

/* Tells whether tag is that of a character string type, which text_put_string can show. */
bool text_is_string(uint8_t tag);

/*
 * Checks a UTF8String, BMPString or UniversalString, whose type says how its
 * characters are encoded. Returns NULL when body is whole characters of that
 * encoding, and for every other tag; else a static reason.
 */
const char *text_flaw(uint8_t tag, struct span body);

/*
 * Appends the characters of a string whose type is tag and whose contents are
 * body. The 8-bit types (UTF8String, PrintableString, IA5String, NumericString,
 * VisibleString, T61String) are taken for UTF-8, and each byte that is not
 * becomes \ufffd. BMPString is read as UTF-16, and one NUL at its end is left
 * out; UniversalString is read as UTF-32; what is no character in these becomes
 * U+FFFD, and bytes at the end that are less than a character are left out.
 * Returns NULL, or a static reason when anything was replaced or left out.
 */
const char *text_put_string(struct buf *, uint8_t tag, struct span body);

/*
 * Appends what text_put_string does, except that an 8-bit string other than a
 * UTF8String that is not UTF-8 is read as ISO 8859-1, all of it, as OpenSSL
 * reads a T61String; nothing needs to be replaced then. Returns NULL, or a
 * static reason when anything was replaced or left out.
 */
const char *text_put_latin1(struct buf *, uint8_t tag, struct span body);

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

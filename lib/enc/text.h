/*
 * Shows values of ASN.1 as the text that certstream events hold. Each function
 * takes the contents octets of a value, which are not trusted, and appends text to
 * b. The text is always valid UTF-8, escaped for the inside of a JSON string.
 */
#ifndef ENC_TEXT_H
#define ENC_TEXT_H

#include "base/buf.h"

/* Returns true when tag is that of a primitive character string, which text_put_string can show. */
bool text_is_string(uint8_t tag);

/*
 * Checks body, the contents of a string whose type is tag, if that type prescribes
 * an encoding: UTF-8 for UTF8String, UTF-16 for BMPString, UTF-32 for
 * UniversalString. Returns NULL when body is whole characters of that encoding, or
 * tag is another one; else a static reason.
 */
const char *text_flaw(uint8_t tag, struct span body);

/*
 * Appends the characters of a string whose type is tag and whose contents are
 * body. The 8-bit types (UTF8String, PrintableString, IA5String, NumericString,
 * VisibleString, T61String) are read as UTF-8; each byte that is not part of
 * well-formed UTF-8 becomes \ufffd. BMPString is read as UTF-16, without a NUL
 * character at its end, and UniversalString as UTF-32. In these two, lone
 * surrogates and numbers that are not characters become U+FFFD, and bytes at the
 * end that do not make up a character are left out. Returns NULL, or a static
 * reason when bytes were replaced or left out.
 */
const char *text_put_string(struct buf *b, uint8_t tag, struct span body);

/*
 * Appends a string as text_put_string does (tag and body mean the same), with one
 * exception: when body is not all UTF-8 and the type is an 8-bit one other than
 * UTF8String, body is read as ISO 8859-1, as OpenSSL reads a T61String, and nothing
 * in it is replaced. Returns NULL, or a
 * static reason when bytes were replaced or left out.
 */
const char *text_put_latin1(struct buf *b, uint8_t tag, struct span body);

/*
 * Appends an OBJECT IDENTIFIER in dotted form: "1.2.840.113549". An arc may take up
 * to 64 bytes. When body is empty, ends within an arc or has a longer one, "0."
 * and then its bytes as text_put_hex writes them are appended instead.
 */
void text_put_oid(struct buf *b, struct span body);

/*
 * Append bytes as pairs of hex digits: text_put_hex as "a1:b2", text_put_hex_upper
 * as "A1:B2" and text_put_hex_run as "A1B2".
 */
void text_put_hex(struct buf *b, struct span bytes);
void text_put_hex_upper(struct buf *b, struct span bytes);
void text_put_hex_run(struct buf *b, struct span bytes);

/*
 * Writes to out what text_put_hex_upper appends: 3 * bytes.n - 1 characters,
 * without a NUL. bytes must not be empty.
 */
void text_write_hex_upper(uint8_t *out, struct span bytes);

/* In the next three, integer is the contents octets of an INTEGER. */

/* Appends integer as upper-case hex digits without leading zeros: "7F", "-5", "0". */
void text_put_hex_integer(struct buf *b, struct span integer);

/*
 * Appends the absolute value of integer as text_put_hex_upper writes bytes:
 * "7F:00". A zero byte in front, which DER puts before a number whose first bit is
 * set, is left out.
 */
void text_put_hex_magnitude(struct buf *b, struct span integer);

/*
 * Appends integer as OpenSSL prints it: in decimal, or, from 128 bits on, as an
 * even number of upper-case hex digits behind "0x" ("-0x" when it is negative).
 */
void text_put_integer(struct buf *b, struct span integer);

/*
 * Appends a serial number in format go: the absolute value of integer (the contents of
 * an INTEGER, minimal or not) as an even number of upper-case hex digits, with "-" in
 * front when it is negative: "0ABC", "-01", "00". Empty contents are zero.
 */
void text_put_serial(struct buf *b, struct span integer);

/*
 * Appends an IP address: four bytes as "192.0.2.1"; sixteen bytes as RFC 5952
 * writes an IPv6 address, but the last four alone, as "192.0.2.1", when it is an
 * IPv4-mapped address (::ffff:192.0.2.1); any other number of bytes as
 * text_put_hex does.
 */
void text_put_ip(struct buf *b, struct span bytes);

#endif

/* Writes DER. In: tags and values. Out: bytes. */
#include "tests/log/der.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/log/fail.h"

void
der_init(struct der *d, struct bytes *out)
{
	d->out = out;
	d->depth = 0;
}

/* Writes the length octets (X.690 section 8.1.3), at most 5, at to. Returns how many there are. */
static size_t
der_length(unsigned char *to, size_t len)
{
	size_t n = 0, i;

	if (len < 128) {
		to[0] = (unsigned char)len;
		return 1;
	}
	while (n < 4 && len >> 8 * n != 0)
		n++;
	to[0] = (unsigned char)(0x80 | n);
	for (i = 0; i < n; i++)
		to[1 + i] = (unsigned char)(len >> 8 * (n - 1 - i));
	return n + 1;
}

void
der_open(struct der *d, int tag)
{
	if (d->depth == DER_DEPTH)
		fail_bug("DER nested deeper than %d", DER_DEPTH);
	bytes_put_byte(d->out, (unsigned char)tag);
	d->mark[d->depth++] = d->out->len;
}

void
der_open_bits(struct der *d)
{
	der_open(d, DER_BIT_STRING);
	bytes_put_byte(d->out, 0);
}

void
der_close(struct der *d)
{
	unsigned char head[5];
	size_t from = d->mark[--d->depth];
	size_t len = d->out->len - from;
	size_t n = der_length(head, len);

	bytes_reserve(d->out, n);
	memmove(d->out->at + from + n, d->out->at + from, len);
	memcpy(d->out->at + from, head, n);
	d->out->len += n;
}

void
der_put(struct der *d, int tag, const void *from, size_t len)
{
	unsigned char head[5];

	bytes_put_byte(d->out, (unsigned char)tag);
	bytes_put(d->out, head, der_length(head, len));
	bytes_put(d->out, from, len);
}

void
der_put_text(struct der *d, int tag, const char *text)
{
	der_put(d, tag, text, strlen(text));
}

/* Writes one arc in base 128 (X.690 section 8.19.2). Returns how many bytes it takes. */
static size_t
der_arc(unsigned char *to, unsigned long arc)
{
	size_t n = 1, i;

	while (n < 5 && arc >> 7 * n != 0)
		n++;
	for (i = 0; i < n; i++)
		to[i] = (unsigned char)((arc >> 7 * (n - 1 - i) & 127) | (i + 1 < n ? 128 : 0));
	return n;
}

void
der_put_oid(struct der *d, const char *dotted)
{
	unsigned char body[64];
	size_t len = 0;
	char *end;
	unsigned long arc = strtoul(dotted, &end, 10) * 40;

	arc += strtoul(end + 1, &end, 10);
	len += der_arc(body, arc);
	while (*end == '.' && len + 5 <= sizeof(body))
		len += der_arc(body + len, strtoul(end + 1, &end, 10));
	if (*end != '\0')
		fail_bug("not an object identifier: %s", dotted);
	der_put(d, DER_OID, body, len);
}

void
der_put_true(struct der *d)
{
	der_put(d, DER_BOOLEAN, "\xff", 1);
}

void
der_put_null(struct der *d)
{
	der_put(d, DER_NULL, NULL, 0);
}

void
der_put_small(struct der *d, unsigned value)
{
	unsigned char byte = (unsigned char)value;

	der_put(d, DER_INTEGER, &byte, 1);
}

void
der_put_positive(struct der *d, const void *from, size_t len)
{
	const unsigned char *p = from;

	while (len > 1 && *p == 0) {
		p++;
		len--;
	}
	der_open(d, DER_INTEGER);
	if (len == 0 || *p & 0x80)
		bytes_put_byte(d->out, 0);
	bytes_put(d->out, p, len);
	der_close(d);
}

void
der_put_time(struct der *d, int64_t seconds)
{
	time_t when = (time_t)seconds;
	struct tm tm;
	char text[32];

	gmtime_r(&when, &tm);
	strftime(text, sizeof(text), "%Y%m%d%H%M%SZ", &tm);
	if (tm.tm_year < 150)
		der_put_text(d, DER_UTC_TIME, text + 2);
	else
		der_put_text(d, DER_GENERALIZED_TIME, text);
}

void
der_put_named_bits(struct der *d, unsigned bits16)
{
	unsigned char body[3] = { 0, (unsigned char)(bits16 >> 8), (unsigned char)bits16 };
	size_t len = 3;

	while (len > 1 && body[len - 1] == 0)
		len--;
	while (len > 1 && body[0] < 7 && (body[len - 1] >> body[0] & 1) == 0)
		body[0]++;
	der_put(d, DER_BIT_STRING, body, len);
}

/*
 * Reads the rarer forms of DER elements, which der.h leaves to this file: long and
 * indefinite lengths and high tag numbers (X.690 section 8.1). In:
 * bytes of a certificate. Out: spans of them. No function calls itself, so that
 * hostile nesting costs no stack.
 */
#include "enc/der.h"

enum {
	MAX_LENGTH_BYTES = 126,		/* leading zeros among them are allowed */
	MAX_NESTING = 64,		/* levels of indefinite lengths; bounds the work on hostile bytes */
};

/* Returns how many of the left bytes at p are identifier octets, or 0 when they do not end. */
static size_t
der_identifier(const uint8_t *p, size_t left)
{
	size_t n = 1;

	if (left == 0)
		return 0;
	if ((p[0] & 0x1f) != 0x1f)
		return 1;
	while (n < left && p[n] & 0x80)
		n++;
	return n < left ? n + 1 : 0;
}

/*
 * Reads the identifier and the length at the front of the left bytes at p. Returns how many bytes
 * these two take, with *n set to the length (SIZE_MAX where it is indefinite), or 0 when they cannot
 * be read.
 */
static size_t
der_header(const uint8_t *p, size_t left, size_t *n)
{
	size_t k = der_identifier(p, left), bytes;
	uint64_t v = 0;

	if (k == 0 || k == left)
		return 0;
	if (p[k] < 0x80) {
		*n = p[k];
		return k + 1;
	}
	bytes = p[k++] & 0x7f;
	if (bytes == 0) {
		*n = SIZE_MAX;
		return p[0] & 0x20 ? k : 0;
	}
	if (bytes > MAX_LENGTH_BYTES || left - k < bytes)
		return 0;
	for (; bytes > 0; bytes--, k++) {
		if (v >> 32 != 0)
			return 0;
		v = v << 8 | p[k];
	}
	*n = v < SIZE_MAX ? (size_t)v : SIZE_MAX - 1;	/* more than a 32-bit machine can hold: never fits */
	return k;
}

/*
 * The tag of an identifier in the form for high numbers (X.690 section 8.1.2.4). Where the number is
 * low enough for one octet, it is that octet.
 */
static uint8_t
der_tag(const uint8_t *p)
{
	size_t i = 1;

	while (p[i] == 0x80)
		i++;
	return p[i] < 0x1f ? (uint8_t)((p[0] & 0xe0) | p[i]) : p[0];
}

/*
 * Returns how many of the left bytes at p are contents octets of an indefinite length, which two zero
 * bytes end, or SIZE_MAX when they do not end.
 */
static size_t
der_indefinite(const uint8_t *p, size_t left)
{
	size_t at = 0, depth = 0, k, n;

	while (left - at >= 2) {
		if (p[at] == 0 && p[at + 1] == 0) {
			if (depth-- == 0)
				return at;
			at += 2;
			continue;
		}
		k = der_header(p + at, left - at, &n);
		if (k == 0)
			break;
		at += k;
		if (n == SIZE_MAX) {
			if (++depth > MAX_NESTING)
				break;
		} else if (n > left - at) {
			break;
		} else {
			at += n;
		}
	}
	return SIZE_MAX;
}

/* Does what der_header does, but faster when the length octets begin with 0x81 or 0x82. */
static inline size_t
der_header_long(const uint8_t *p, size_t left, size_t *n)
{
	if (left >= 4 && (p[0] & 0x1f) != 0x1f) {
		if (p[1] == 0x82) {
			*n = (size_t)p[2] << 8 | p[3];
			return 4;
		}
		if (p[1] == 0x81) {
			*n = p[2];
			return 3;
		}
	}
	return der_header(p, left, n);
}

bool
der_next_long(struct der *d, struct der_item *it)
{
	size_t left = (size_t)(d->end - d->p), n, k = der_header_long(d->p, left, &n), tail = 0;

	if (k == 0)
		return false;
	if (n == SIZE_MAX) {
		n = der_indefinite(d->p + k, left - k);
		if (n == SIZE_MAX)
			return false;
		tail = 2;
	} else if (n > left - k) {
		return false;
	}
	it->tag = (d->p[0] & 0x1f) == 0x1f ? der_tag(d->p) : d->p[0];
	it->body = span_of(d->p + k, n);
	it->whole = span_of(d->p, k + n + tail);
	d->p += k + n + tail;
	return true;
}

bool
der_take_high(struct der *d, uint8_t tag, struct span *body)
{
	struct der before = *d;
	struct der_item it;

	if (der_next_long(d, &it) && it.tag == tag) {
		*body = it.body;
		return true;
	}
	*d = before;
	return false;
}

bool
der_next_cut(struct der *d, struct der_item *it)
{
	size_t left = (size_t)(d->end - d->p), n, k = der_header_long(d->p, left, &n);

	if (k == 0)
		return false;
	it->tag = (d->p[0] & 0x1f) == 0x1f ? der_tag(d->p) : d->p[0];
	it->body = span_of(d->p + k, left - k);
	it->whole = span_of(d->p, left);
	d->p = d->end;
	return true;
}

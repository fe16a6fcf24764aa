/*
 * The byte buffer of buf.h. In: bytes. Out: all of them, one behind the other.
 * It doubles its memory when it grows.
 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"

void
buf_init(struct buf *b)
{
	*b = (struct buf){ NULL, 0, 0 };
}

void
buf_free(struct buf *b)
{
	free(b->p);
	buf_init(b);
}

void
buf_trim(struct buf *b, size_t most)
{
	if (b->cap > most)
		buf_free(b);
	b->n = 0;
}

void
buf_grow(struct buf *b, size_t more)
{
	size_t cap = b->cap < 256 ? 256 : b->cap;
	uint8_t *p;

	if (more > SIZE_MAX / 4 || b->n > SIZE_MAX / 4)
		die_bug("buffer of %zu bytes asked to grow by %zu", b->n, more);
	while (cap - b->n <= more)
		cap *= 2;
	p = realloc(b->p, cap);
	if (p == NULL)
		die_world("out of memory for a buffer of %zu bytes", cap);
	b->p = p;
	b->cap = cap;
}

void
buf_put_u64(struct buf *b, uint64_t v)
{
	uint8_t digits[20], *p = digits + sizeof(digits);

	do
		*--p = (uint8_t)('0' + v % 10);
	while ((v /= 10) != 0);
	buf_put(b, span_of(p, (size_t)(digits + sizeof(digits) - p)));
}

void
buf_putf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		die_bug("format \"%s\" cannot be printed", fmt);
	vsnprintf((char *)buf_reserve(b, (size_t)n + 1), (size_t)n + 1, fmt, again);
	va_end(again);
	b->n += (size_t)n;
}

void
buf_drop(struct buf *b, size_t k)
{
	if (k > b->n)
		die_bug("drop of %zu from a buffer of %zu bytes", k, b->n);
	if (k > 0 && k < b->n)
		memmove(b->p, b->p + k, b->n - k);
	b->n -= k;
}

const char *
buf_str(struct buf *b)
{
	*buf_reserve(b, 1) = '\0';
	return (const char *)b->p;
}

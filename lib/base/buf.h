/*
 * A byte buffer that grows as bytes are put at its end. No function here fails:
 * when memory runs out, the process ends with 111. A pointer or span into the
 * buffer is valid until the next call that may make it grow.
 *
 * Code that must be fast writes in place:
 *	p = buf_reserve(b, most);
 *	...write k bytes at p, where k <= most...
 *	buf_commit(b, k);
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/span.h"

struct buf {
	uint8_t *p;	/* owned; NULL while cap is 0 */
	size_t n;	/* bytes in use, from p on */
	size_t cap;	/* bytes allocated */
};

/* Makes an empty buffer, which holds no memory yet. */
void buf_init(struct buf *);

/* Frees the memory of the buffer, which is then empty and may be used again. */
void buf_free(struct buf *);

/* Empties the buffer, and frees its memory if that is more than most bytes. */
void buf_trim(struct buf *, size_t most);

/* Makes room for at least more + 1 bytes behind the n in use. buf_reserve needs it. */
void buf_grow(struct buf *, size_t more);

/* Returns a place behind the bytes in use where more bytes can be written; never NULL. */
static inline uint8_t *
buf_reserve(struct buf *b, size_t more)
{
	if (b->cap - b->n <= more)	/* <= also when more is 0: NULL + 0 would be undefined */
		buf_grow(b, more);
	return b->p + b->n;
}

/* Counts k bytes as in use that were written where buf_reserve said. */
static inline void
buf_commit(struct buf *b, size_t k)
{
	b->n += k;
}

/* Empties the buffer and keeps its memory. */
static inline void
buf_reset(struct buf *b)
{
	b->n = 0;
}

/* Returns the bytes in use. */
static inline struct span
buf_span(const struct buf *b)
{
	return (struct span){ b->p, b->n };
}

/* Appends s, which must not lie in the buffer itself. */
static inline void
buf_put(struct buf *b, struct span s)
{
	uint8_t *p = buf_reserve(b, s.n);

	if (s.n > 0)
		memcpy(p, s.p, s.n);
	b->n += s.n;
}

/* Appends one byte. */
static inline void
buf_putc(struct buf *b, char c)
{
	*buf_reserve(b, 1) = (uint8_t)c;
	b->n++;
}

/* Appends the C string s without its NUL. */
static inline void
buf_puts(struct buf *b, const char *s)
{
	buf_put(b, span_str(s));
}

/* Appends v in decimal. */
void buf_put_u64(struct buf *, uint64_t v);

/* Appends what printf would write. */
void buf_putf(struct buf *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Removes the first k of the n bytes in use and moves the rest to the front. */
void buf_drop(struct buf *, size_t k);

/* Returns the bytes in use as a C string: with a NUL behind them, which n does not count. */
const char *buf_str(struct buf *);

#endif

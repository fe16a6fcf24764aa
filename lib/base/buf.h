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

/* Makes *b an empty buffer, which holds no memory yet. */
void buf_init(struct buf *b);

/* Frees the memory of b, which is then empty and may be used again. */
void buf_free(struct buf *b);

/* Empties b, and frees its memory if it has more than most bytes allocated. */
void buf_trim(struct buf *b, size_t most);

/*
 * The part of buf_reserve that allocates: makes room for at least more + 1 bytes
 * behind the bytes in use. Other code uses buf_reserve.
 */
void buf_grow(struct buf *b, size_t more);

/*
 * Returns the place right behind the bytes in use, where at least `more` bytes
 * can now be written. Never returns NULL, also when more is 0.
 */
static inline uint8_t *
buf_reserve(struct buf *b, size_t more)
{
	if (b->cap - b->n <= more)	/* <= also when more is 0: NULL + 0 would be undefined */
		buf_grow(b, more);
	return b->p + b->n;
}

/* Counts as in use the k bytes that were written at the place buf_reserve returned. */
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

/* Returns the bytes in use; they still belong to the buffer. */
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

/* Appends the byte c. */
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
void buf_put_u64(struct buf *b, uint64_t v);

/* Appends what printf would write for fmt and the arguments behind it. */
void buf_putf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Removes the first k bytes in use, k <= b->n, and moves the rest to the front. */
void buf_drop(struct buf *b, size_t k);

/* Returns the bytes in use as a C string: with a NUL behind them, which b->n does not count. */
const char *buf_str(struct buf *b);

#endif

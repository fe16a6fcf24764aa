/*
 * A growing byte buffer. Out of memory ends the process (111), so nothing
 * here fails. Pointers into the buffer die with the next call that may grow
 * it.
 *
 * The writer's pattern for hot code is reserve, write in place, commit:
 *	p = buf_reserve(b, most);  ...write k <= most bytes at p...
 *	buf_commit(b, k);
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/span.h"

struct buf {
	uint8_t *p;	/* owned; NULL while cap is 0 */
	size_t n;	/* bytes in use */
	size_t cap;
};

void buf_init(struct buf *);
void buf_free(struct buf *);	/* and makes it empty and usable again */

/* Empties it, and gives its memory back if that is more than most. */
void buf_trim(struct buf *, size_t most);

/* The slow path of buf_reserve: room for at least more bytes behind n. */
void buf_grow(struct buf *, size_t more);

static inline uint8_t *
buf_reserve(struct buf *b, size_t more)
{
	if (b->cap - b->n <= more)	/* room for nothing is a place too: NULL + 0 is undefined */
		buf_grow(b, more);
	return b->p + b->n;
}

static inline void
buf_commit(struct buf *b, size_t k)
{
	b->n += k;
}

static inline void
buf_reset(struct buf *b)
{
	b->n = 0;
}

static inline struct span
buf_span(const struct buf *b)
{
	return (struct span){ b->p, b->n };
}

static inline void
buf_put(struct buf *b, struct span s)
{
	uint8_t *p = buf_reserve(b, s.n);

	if (s.n > 0)
		memcpy(p, s.p, s.n);
	b->n += s.n;
}

static inline void
buf_putc(struct buf *b, char c)
{
	*buf_reserve(b, 1) = (uint8_t)c;
	b->n++;
}

static inline void
buf_puts(struct buf *b, const char *s)
{
	buf_put(b, span_str(s));
}

void buf_put_u64(struct buf *, uint64_t);	/* decimal */
void buf_putf(struct buf *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Drops the first k bytes and moves the rest to the front; k <= n. */
void buf_drop(struct buf *, size_t k);

/* The bytes with a NUL behind them (not counted in n), for C interfaces. */
const char *buf_str(struct buf *);

#endif

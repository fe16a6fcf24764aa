/*
 * Compresses messages. In: messages. Out: blocks of DEFLATE (RFC 1951). This file is the door to
 * isa-l, and to the compressing side of zlib, which is used when the build has not found isa-l.
 */
#include "enc/deflate.h"

#include <stdlib.h>

#ifdef HAVE_ISAL
#include <isa-l.h>
#else
#include <zlib.h>
#endif

#include "base/die.h"

enum {
	/* Bytes that are more than enough for the head of a block, and for the end of a message. */
	DEFLATE_SLACK = 512,
};

#ifdef HAVE_ISAL

enum {
	DEFLATE_AGAIN = 1 << 30,	/* bytes after which a stream begins anew: isa-l counts in 32 bits */
};

struct deflate {
	struct isal_zstream z;
	bool fixed;		/* the codes are those of RFC 1951 section 3.2.6 */
	uint8_t work[];		/* what z works in */
};

/*
 * For each level its number in isa-l and the bytes it works in. The size is that for blocks of
 * 16,384 literals and references, so that a usual message is one block.
 */
static const struct {
	unsigned level;
	uint32_t work_n;
} deflate_levels[] = {
	[DEFLATE_QUICK] = { 0, ISAL_DEF_LVL0_SMALL },
	[DEFLATE_EVEN] = { 1, ISAL_DEF_LVL1_SMALL },
	[DEFLATE_SMALL] = { 3, ISAL_DEF_LVL3_SMALL },
};

struct deflate *
deflate_open(enum deflate_level level)
{
	uint32_t n = deflate_levels[level].work_n;
	struct deflate *d = calloc(1, sizeof(*d) + n);

	if (d == NULL)
		die_world("out of memory for isa-l");
	isal_deflate_init(&d->z);
	d->z.level = deflate_levels[level].level;
	d->z.level_buf = d->work;
	d->z.level_buf_size = n;
	d->fixed = level == DEFLATE_QUICK;
	deflate_reset(d);
	return d;
}

void
deflate_close(struct deflate *d)
{
	free(d);
}

void
deflate_reset(struct deflate *d)
{
	isal_deflate_reset(&d->z);
	if (d->fixed && isal_deflate_set_hufftables(&d->z, NULL, IGZIP_HUFFTABLE_STATIC) != COMP_OK)
		die_bug("isa-l takes no fixed codes");
}

/* Gives in to the library once, with room bytes for what it writes. Returns true when there was enough. */
static bool
deflate_step(struct deflate *d, struct span *in, struct buf *out, size_t room)
{
	d->z.next_in = (uint8_t *)(uintptr_t)in->p;
	d->z.avail_in = (uint32_t)in->n;
	d->z.next_out = buf_reserve(out, room);
	d->z.avail_out = (uint32_t)room;
	d->z.flush = SYNC_FLUSH;
	if (isal_deflate(&d->z) != COMP_OK)
		die_bug("isa-l does not compress");
	buf_commit(out, room - d->z.avail_out);
	*in = span_from(*in, in->n - d->z.avail_in);
	return d->z.avail_out > 0;
}

/* Returns true when the library may not be able to count further. */
static bool
deflate_is_worn(const struct deflate *d)
{
	return d->z.total_in >= DEFLATE_AGAIN || d->z.total_out >= DEFLATE_AGAIN;
}

#else

struct deflate {
	z_stream z;
};

static const struct {
	int level, strategy;
} deflate_levels[] = {
	[DEFLATE_QUICK] = { 1, Z_FIXED },
	[DEFLATE_EVEN] = { 1, Z_DEFAULT_STRATEGY },
	[DEFLATE_SMALL] = { 6, Z_DEFAULT_STRATEGY },
};

struct deflate *
deflate_open(enum deflate_level level)
{
	struct deflate *d = calloc(1, sizeof(*d));

	if (d == NULL || deflateInit2(&d->z, deflate_levels[level].level, Z_DEFLATED, -15, 8,
	    deflate_levels[level].strategy) != Z_OK)
		die_world("out of memory for zlib");
	return d;
}

void
deflate_close(struct deflate *d)
{
	if (d == NULL)
		return;
	deflateEnd(&d->z);
	free(d);
}

void
deflate_reset(struct deflate *d)
{
	deflateReset(&d->z);
}

/* Gives in to the library once, with room bytes for what it writes. Returns true when there was enough. */
static bool
deflate_step(struct deflate *d, struct span *in, struct buf *out, size_t room)
{
	int rc;

	d->z.next_in = (Bytef *)(uintptr_t)in->p;
	d->z.avail_in = (uInt)in->n;
	d->z.next_out = buf_reserve(out, room);
	d->z.avail_out = (uInt)room;
	rc = deflate(&d->z, Z_SYNC_FLUSH);
	if (rc != Z_OK && rc != Z_BUF_ERROR)
		die_bug("zlib does not compress: %d", rc);
	buf_commit(out, room - d->z.avail_out);
	*in = span_from(*in, in->n - d->z.avail_in);
	return d->z.avail_out > 0;
}

static bool
deflate_is_worn(const struct deflate *d)
{
	(void)d;
	return false;
}

#endif

void
deflate_put(struct deflate *d, struct span in, struct buf *out)
{
	if (in.n > MAX_DEFLATE)
		die_bug("a message of %zu bytes is too long to compress", in.n);
	if (in.n == 0) {	/* the libraries write nothing then */
		buf_put(out, SPAN("\0\0\0\xff\xff"));
		return;
	}
	if (deflate_is_worn(d))
		deflate_reset(d);
	while (!deflate_step(d, &in, out, in.n + in.n / 8 + DEFLATE_SLACK))
		;
}

void
deflate_put_message(struct deflate *d, struct span in, struct buf *out)
{
	deflate_put(d, in, out);
	out->n -= DEFLATE_TAIL;
}

void
deflate_put_gzip_head(struct buf *out)
{
	/* Section 2.3.1: deflate, no flags, no time, no word on the effort, no word on the system. */
	buf_put(out, SPAN("\x1f\x8b\x08\0\0\0\0\0\0\xff"));
}

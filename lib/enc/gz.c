/*
 * Unpacks gzip, zlib and deflate (RFC 1950 to 1952). In: a body or file, in pieces or whole, not
 * trusted. Out: its content, no more than the caller allows, so that a small body cannot fill
 * memory. The framing is read here, and its checks are made here; inflate.c does what is between.
 */
#include <stdlib.h>

#include "base/die.h"
#include "enc/gz.h"
#include "enc/inflate.h"

/* Where in a stream the next byte belongs. */
enum gz_part {
	GZ_HEAD,	/* the bytes that every head has */
	GZ_EXTRA_LENGTH,	/* from here to GZ_HEAD_CRC: what flags say that a head of gzip has */
	GZ_EXTRA,
	GZ_NAME,
	GZ_COMMENT,
	GZ_HEAD_CRC,
	GZ_BLOCKS,	/* what inflate reads */
	GZ_CHECK,	/* checksum and length of the content */
	GZ_BETWEEN,	/* a member has ended, and no byte of another has come */
};

/* The flags of RFC 1952 section 2.3.1. Bit 0 says that the content may be text. */
enum {
	GZ_HAS_CRC = 2,
	GZ_HAS_EXTRA = 4,
	GZ_HAS_NAME = 8,
	GZ_HAS_COMMENT = 16,
	GZ_RESERVED = 0xe0,
};

struct gz {
	struct inflate *inflate;
	enum gz_form form;
	enum gz_part part;
	unsigned n;		/* bytes of the part that have come */
	unsigned extra;		/* bytes of GZ_EXTRA */
	uint8_t flags;
	uint8_t first;		/* of the head of zlib */
	uint32_t sum;		/* checksum of the head or the content so far */
	uint32_t length;	/* of the content so far, modulo 2^32 */
};

/* Begins a member, or a stream. */
static void
gz_begin(struct gz *gz)
{
	bool framed = gz->form == GZ_GZIP || gz->form == GZ_ZLIB;

	inflate_reset(gz->inflate);
	gz->part = framed ? GZ_HEAD : GZ_BLOCKS;
	gz->n = 0;
	gz->flags = 0;
	gz->sum = gz->length = 0;
}

struct gz *
gz_open(enum gz_form form)
{
	struct gz *gz = calloc(1, sizeof(*gz));

	if (gz == NULL)
		die_world("out of memory for a stream of gzip");
	gz->inflate = inflate_open();
	gz->form = form;
	gz_begin(gz);
	return gz;
}

void
gz_close(struct gz *gz)
{
	if (gz == NULL)
		return;
	inflate_close(gz->inflate);
	free(gz);
}

/* Returns true when a head of gzip with these flags has this part. */
static bool
gz_has(uint8_t flags, enum gz_part part)
{
	switch (part) {
	case GZ_EXTRA_LENGTH:
	case GZ_EXTRA:
		return flags & GZ_HAS_EXTRA;
	case GZ_NAME:
		return flags & GZ_HAS_NAME;
	case GZ_COMMENT:
		return flags & GZ_HAS_COMMENT;
	case GZ_HEAD_CRC:
		return flags & GZ_HAS_CRC;
	default:
		return true;
	}
}

/* Goes on to the next part that the stream has. */
static void
gz_go_on(struct gz *gz)
{
	bool framed = gz->form == GZ_GZIP || gz->form == GZ_ZLIB;

	do
		gz->part++;
	while (!gz_has(gz->flags, gz->part) || (gz->part == GZ_EXTRA && gz->extra == 0) ||
	    (gz->part == GZ_CHECK && !framed));
	gz->n = 0;
	if (gz->part == GZ_BLOCKS)
		gz->sum = gz->form == GZ_ZLIB ? 1 : 0;
}

/* Takes a byte of a head of zlib (RFC 1950 section 2.2). Returns false when it cannot be one. */
static bool
gz_take_zlib_head(struct gz *gz, uint8_t byte)
{
	if (gz->n++ == 0) {
		gz->first = byte;
		return (byte & 0x0f) == 8 && byte >> 4 <= 7;	/* deflate, and its largest window */
	}
	gz_go_on(gz);
	return (gz->first << 8 | byte) % 31 == 0 && !(byte & 0x20);	/* no dictionary is known */
}

/* Takes a byte of what every head of gzip has. Returns false when it cannot be one. */
static bool
gz_take_gzip_head(struct gz *gz, uint8_t byte)
{
	static const uint8_t begin[] = { 0x1f, 0x8b, 8 };
	unsigned at = gz->n++;

	if (at < sizeof(begin))
		return byte == begin[at];
	if (at == sizeof(begin))
		gz->flags = byte;
	if (at == 9)	/* 4 to 9: time, effort, system */
		gz_go_on(gz);
	return !(gz->flags & GZ_RESERVED);
}

/* Takes the next byte of the n bytes at want. Returns false when it is another. */
static bool
gz_take_check(struct gz *gz, uint8_t byte, const uint8_t *want, unsigned n)
{
	bool same = byte == want[gz->n];

	if (++gz->n == n)
		gz_go_on(gz);
	return same;
}

/* Takes a byte of what flags announce. Returns false when it cannot be one. */
static bool
gz_take_field(struct gz *gz, uint8_t byte)
{
	switch (gz->part) {
	case GZ_EXTRA_LENGTH:
		gz->extra = gz->n == 0 ? byte : gz->extra | (unsigned)byte << 8;
		if (++gz->n == 2)
			gz_go_on(gz);
		break;
	case GZ_EXTRA:
		if (++gz->n == gz->extra)
			gz_go_on(gz);
		break;
	default:	/* GZ_NAME, GZ_COMMENT */
		if (byte == 0)
			gz_go_on(gz);
		break;
	}
	return true;
}

/* Takes a byte of a head. Returns false when it cannot be one. */
static bool
gz_take_head(struct gz *gz, uint8_t byte)
{
	const uint8_t crc[] = { (uint8_t)gz->sum, (uint8_t)(gz->sum >> 8) };

	if (gz->form == GZ_ZLIB)
		return gz_take_zlib_head(gz, byte);
	if (gz->part == GZ_HEAD_CRC)
		return gz_take_check(gz, byte, crc, sizeof(crc));
	gz->sum = inflate_crc32(gz->sum, span_of(&byte, 1));
	return gz->part == GZ_HEAD ? gz_take_gzip_head(gz, byte) : gz_take_field(gz, byte);
}

/* Takes a byte of the checks behind the content. Returns false when it is not as it must be. */
static bool
gz_take_trailer(struct gz *gz, uint8_t byte)
{
	uint32_t s = gz->sum, n = gz->length;
	const uint8_t gzip[] = {
		(uint8_t)s, (uint8_t)(s >> 8), (uint8_t)(s >> 16), (uint8_t)(s >> 24),
		(uint8_t)n, (uint8_t)(n >> 8), (uint8_t)(n >> 16), (uint8_t)(n >> 24),
	};
	const uint8_t zlib[] = {
		(uint8_t)(s >> 24), (uint8_t)(s >> 16), (uint8_t)(s >> 8), (uint8_t)s,
	};

	if (gz->form == GZ_GZIP)
		return gz_take_check(gz, byte, gzip, sizeof(gzip));
	return gz_take_check(gz, byte, zlib, sizeof(zlib));
}

/* Takes a byte that is not of a block, the first of in. Returns false when it cannot stand there. */
static bool
gz_take(struct gz *gz, struct span *in)
{
	uint8_t byte = in->p[0];

	if (gz->part == GZ_BETWEEN) {
		/* RFC 7692 section 7.2.3.4 lets more follow the last block of a message. */
		gz_begin(gz);
		return gz->form == GZ_GZIP || gz->form == GZ_MESSAGE;
	}
	*in = span_from(*in, 1);
	return gz->part == GZ_CHECK ? gz_take_trailer(gz, byte) : gz_take_head(gz, byte);
}

/* Unpacks blocks from *in, and moves *in behind them. */
static enum inflate_got
gz_put_blocks(struct gz *gz, struct buf *out, struct span *in, size_t most)
{
	size_t was = out->n;
	enum inflate_got got = inflate_put(gz->inflate, in, out, most);
	struct span content = span_from(buf_span(out), was);

	gz->length += (uint32_t)content.n;
	if (gz->form == GZ_GZIP)
		gz->sum = inflate_crc32(gz->sum, content);
	else if (gz->form == GZ_ZLIB)
		gz->sum = inflate_adler32(gz->sum, content);
	if (got == INFLATE_END)
		gz_go_on(gz);
	return got;
}

enum gz_state
gz_put(struct gz *gz, struct buf *out, struct span in, size_t most)
{
	while (in.n > 0) {
		if (gz->part != GZ_BLOCKS) {
			if (!gz_take(gz, &in))
				return GZ_DAMAGED;
			continue;
		}
		switch (gz_put_blocks(gz, out, &in, most)) {
		case INFLATE_MORE:
			return GZ_OPEN;
		case INFLATE_END:
			break;
		case INFLATE_LONG:
			return GZ_TOO_LONG;
		case INFLATE_BAD:
			return GZ_DAMAGED;
		}
	}
	return gz->part == GZ_BETWEEN ? GZ_WHOLE : GZ_OPEN;
}

enum gz_state
gz_put_message(struct gz *gz, struct buf *out, struct span in, size_t most)
{
	enum gz_state state;

	gz_begin(gz);
	state = gz_put(gz, out, in, most);
	if (state == GZ_OPEN || state == GZ_WHOLE)
		state = gz_put(gz, out, SPAN("\0\0\xff\xff"), most);
	if (state == GZ_OPEN)
		state = inflate_is_between(gz->inflate) ? GZ_WHOLE : GZ_DAMAGED;
	return state;
}

const char *
gz_put_inflated(struct buf *out, struct span in, size_t most)
{
	static const char *const why[] = {
		[GZ_OPEN] = "RFC 1952: stream is cut",
		[GZ_WHOLE] = NULL,
		[GZ_TOO_LONG] = "RFC 1952: content longer than allowed",
		[GZ_DAMAGED] = "RFC 1952: stream is damaged, or bytes follow its end",
	};
	enum gz_state state;
	size_t was = out->n;
	struct gz *gz;

	if (!gz_is(in))
		return "RFC 1952 2.3.1: not gzip";
	gz = gz_open(GZ_GZIP);
	state = gz_put(gz, out, in, most < SIZE_MAX - was ? was + most : SIZE_MAX);
	gz_close(gz);
	if (state != GZ_WHOLE)
		out->n = was;
	return why[state];
}

/*
 * Bodies of HTTP answers.
 *
 * in: bytes as they came, in pieces of any length, and what the header Content-Encoding says
 * out: the content, up to a limit, at the end
 *
 * Whether a body is really packed is seen from its first two bytes. RFC 9110 8.4.1 is the standard;
 * what it calls deflate is RFC 1950, and some servers send RFC 1951.
 */
#include "ct-fetch/net/body.h"

#include <strings.h>

enum {
	MOST_GROWTH = 16,	/* times as long as packed: what is believed of what a body says of itself */
};

void
body_reset(struct body *b, size_t most, bool guess)
{
	struct buf bytes = b->bytes, packed = b->packed;

	gz_close(b->gz);
	buf_reset(&bytes);
	buf_reset(&packed);
	*b = (struct body){ .bytes = bytes, .packed = packed, .most = most, .guess = guess };
}

void
body_free(struct body *b)
{
	gz_close(b->gz);
	buf_free(&b->bytes);
	buf_free(&b->packed);
	*b = (struct body){ 0 };
}

/* Returns true when the two bytes at p begin a stream of RFC 1950: method 8, and its check. */
static bool
body_is_zlib(const uint8_t *p)
{
	return (p[0] & 0x0f) == 8 && (p[0] << 8 | p[1]) % 31 == 0;
}

/* Decides from the first bytes whether and how the body is packed. */
static void
body_begin(struct body *b)
{
	struct span first = span_of(b->first, b->first_n);

	b->begun = b->is_packed = true;
	if (gz_is(first) && (b->coding != BODY_PLAIN || b->guess))
		b->form = GZ_GZIP;
	else if (b->coding == BODY_DEFLATE)
		b->form = first.n == 2 && body_is_zlib(first.p) ? GZ_ZLIB : GZ_DEFLATE;
	else
		b->is_packed = false;
}

static enum body_state
body_take_plain(struct body *b, struct span bytes)
{
	size_t room = b->most - b->bytes.n;

	buf_put(&b->bytes, span_of(bytes.p, bytes.n < room ? bytes.n : room));
	return bytes.n > room ? BODY_TOO_LONG : BODY_GOOD;
}

/*
 * Returns how long a whole body of gzip is, as its last four bytes have it (RFC 1952 2.3.1), or 0 where
 * nothing says it in a way that can be believed.
 */
static size_t
body_guess_length(const struct body *b)
{
	size_t n = b->packed.n, length = 0;

	if (b->form != GZ_GZIP || n < 18)
		return 0;
	for (int i = 1; i <= 4; i++)
		length = length << 8 | b->packed.p[n - (size_t)i];
	return length <= n * MOST_GROWTH && length <= b->most ? length : 0;
}

/* Unpacks what waits. */
static enum body_state
body_unpack(struct body *b)
{
	enum gz_state state;

	if (b->gz == NULL)
		b->gz = gz_open(b->form);
	state = gz_put(b->gz, &b->bytes, buf_span(&b->packed), b->most);
	buf_reset(&b->packed);
	if (state == GZ_TOO_LONG)
		return BODY_TOO_LONG;
	return state == GZ_DAMAGED ? BODY_DAMAGED : BODY_GOOD;
}

static enum body_state
body_take(struct body *b, struct span bytes)
{
	if (!b->is_packed)
		return body_take_plain(b, bytes);
	buf_put(&b->packed, bytes);
	if (b->gz == NULL && b->packed.n <= MAX_PACKED && b->packed.n <= b->most)
		return BODY_GOOD;
	return body_unpack(b);
}

/* Takes the first bytes, which waited until it was known how the body is packed. */
static void
body_take_first(struct body *b)
{
	body_begin(b);
	b->state = body_take(b, span_of(b->first, b->first_n));
}

enum body_state
body_put(struct body *b, struct span bytes)
{
	if (b->coding == BODY_FOREIGN)
		b->state = BODY_UNKNOWN;
	while (b->state == BODY_GOOD && !b->begun && bytes.n > 0) {
		b->first[b->first_n++] = bytes.p[0];
		bytes = span_from(bytes, 1);
		if (b->first_n == sizeof(b->first))
			body_take_first(b);
	}
	if (b->state == BODY_GOOD && bytes.n > 0)
		b->state = body_take(b, bytes);
	return b->state;
}

bool
body_wants_room(const struct body *b)
{
	return b->packed.n > 0 && b->bytes.cap == 0;
}

enum body_state
body_end(struct body *b)
{
	if (b->state == BODY_GOOD && !b->begun && b->first_n > 0)
		body_take_first(b);
	if (b->state != BODY_GOOD || !b->is_packed)
		return b->state;
	if (b->gz == NULL)
		(void)buf_reserve(&b->bytes, body_guess_length(b));
	if (b->packed.n > 0)
		b->state = body_unpack(b);
	/* Of no bytes, gz_put only tells whether the stream may end here. */
	if (b->state == BODY_GOOD &&
	    gz_put(b->gz, &b->bytes, (struct span){ 0 }, b->most) != GZ_WHOLE)
		b->state = BODY_CUT;
	return b->state;
}

static bool
body_is_word(struct span word, const char *name)
{
	return word.n == strlen(name) && strncasecmp((const char *)word.p, name, word.n) == 0;
}

static enum body_coding
body_word(struct span word)
{
	if (word.n == 0 || body_is_word(word, "identity"))
		return BODY_PLAIN;
	if (body_is_word(word, "gzip") || body_is_word(word, "x-gzip"))
		return BODY_GZIP;
	return body_is_word(word, "deflate") ? BODY_DEFLATE : BODY_FOREIGN;
}

enum body_coding
body_coding(struct span value)
{
	enum body_coding coding = BODY_PLAIN;

	while (value.n > 0) {
		const char *text = (const char *)value.p;
		size_t n = 0;

		while (n < value.n && strchr(" \t,", text[n]) == NULL)
			n++;
		if (body_word(span_of(text, n)) != BODY_PLAIN)
			coding = coding == BODY_PLAIN ? body_word(span_of(text, n)) : BODY_FOREIGN;
		value = span_from(value, n < value.n ? n + 1 : n);
	}
	return coding;
}

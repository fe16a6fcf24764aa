/*
 * Punycode. In: a label in UTF-8, or its Punycode. Out: the other one.
 * Standard: RFC 3492, with the parameters of its section 5.
 */
#include "enc/punycode.h"

#include "base/utf8.h"
#include "enc/lower.h"

enum {
	PUNYCODE_BASE = 36,
	PUNYCODE_T_MIN = 1,
	PUNYCODE_T_MAX = 26,
	PUNYCODE_SKEW = 38,
	PUNYCODE_DAMP = 700,
	PUNYCODE_BIAS = 72,
	PUNYCODE_N = 128,
};

/* A label as characters, and where the coder is in it. */
struct punycode {
	uint32_t chars[MAX_PUNYCODE];
	uint32_t count;
	uint32_t n, delta, bias;
	bool first;		/* no number has been coded yet */
};

/* Section 6.1. */
static uint32_t
punycode_adapt(uint32_t delta, uint32_t points, bool first)
{
	uint32_t k = 0;

	delta = first ? delta / PUNYCODE_DAMP : delta / 2;
	delta += delta / points;
	for (; delta > (PUNYCODE_BASE - PUNYCODE_T_MIN) * PUNYCODE_T_MAX / 2; k += PUNYCODE_BASE)
		delta /= PUNYCODE_BASE - PUNYCODE_T_MIN;
	return k + (PUNYCODE_BASE - PUNYCODE_T_MIN + 1) * delta / (delta + PUNYCODE_SKEW);
}

static uint32_t
punycode_threshold(uint32_t k, uint32_t bias)
{
	if (k <= bias + PUNYCODE_T_MIN)
		return PUNYCODE_T_MIN;
	return k >= bias + PUNYCODE_T_MAX ? PUNYCODE_T_MAX : k - bias;
}

/* Appends one number as digits of variable length (section 3.3). */
static void
punycode_put(struct buf *b, uint32_t q, uint32_t bias)
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	uint32_t t;

	for (uint32_t k = PUNYCODE_BASE;; k += PUNYCODE_BASE) {
		t = punycode_threshold(k, bias);
		if (q < t)
			break;
		buf_putc(b, digits[t + (q - t) % (PUNYCODE_BASE - t)]);
		q = (q - t) / (PUNYCODE_BASE - t);
	}
	buf_putc(b, digits[q]);
}

/* Reads label into s. Appends its ASCII to b. Returns how many characters that are. */
static bool
punycode_begin(struct punycode *s, struct buf *b, struct span label, uint32_t *basic)
{
	*s = (struct punycode){ .n = PUNYCODE_N, .bias = PUNYCODE_BIAS, .first = true };
	*basic = 0;
	if (!utf8_is(label))
		return false;
	while (label.n > 0) {
		if (s->count == MAX_PUNYCODE)
			return false;
		s->chars[s->count++] = lower_take(&label);
	}
	for (uint32_t i = 0; i < s->count; i++) {
		if (s->chars[i] >= 0x80)
			continue;
		buf_putc(b, (char)s->chars[i]);
		(*basic)++;
	}
	return true;
}

/*
 * Codes all characters that are s->n. `done` have been coded before, of which basic are ASCII.
 * 256 characters and 0x10ffff code points keep every number below 2^32 (section 6.4).
 */
static uint32_t
punycode_code(struct punycode *s, struct buf *b, uint32_t done)
{
	for (uint32_t i = 0; i < s->count; i++) {
		if (s->chars[i] < s->n)
			s->delta++;
		if (s->chars[i] != s->n)
			continue;
		punycode_put(b, s->delta, s->bias);
		s->bias = punycode_adapt(s->delta, ++done, s->first);
		s->first = false;
		s->delta = 0;
	}
	return done;
}

/* Returns the least character of s that is n or more. */
static uint32_t
punycode_least(const struct punycode *s, uint32_t n)
{
	uint32_t least = UINT32_MAX;

	for (uint32_t i = 0; i < s->count; i++)
		if (s->chars[i] >= n && s->chars[i] < least)
			least = s->chars[i];
	return least;
}

/* Section 6.3. */
bool
punycode_encode(struct buf *b, struct span label)
{
	struct punycode s;
	uint32_t done, m;

	if (!punycode_begin(&s, b, label, &done))
		return false;
	if (done > 0)
		buf_putc(b, '-');
	while (done < s.count) {
		m = punycode_least(&s, s.n);
		s.delta += (m - s.n) * (done + 1);
		s.n = m;
		done = punycode_code(&s, b, done);
		s.delta++;
		s.n++;
	}
	return true;
}

static uint32_t
punycode_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0' + 26U;
	c |= 0x20;
	return c >= 'a' && c <= 'z' ? c - (uint32_t)'a' : PUNYCODE_BASE;
}

/* Takes one number off the front of *text and adds it to *i. Returns false on an error. */
static bool
punycode_take(struct span *text, uint32_t bias, uint32_t *i)
{
	uint64_t weight = 1, sum = *i;
	uint32_t digit, t;

	for (uint32_t k = PUNYCODE_BASE; text->n > 0; k += PUNYCODE_BASE) {
		digit = punycode_digit(text->p[0]);
		*text = span_from(*text, 1);
		if (digit == PUNYCODE_BASE)
			return false;
		sum += digit * weight;
		if (sum > UINT32_MAX)
			return false;
		*i = (uint32_t)sum;
		t = punycode_threshold(k, bias);
		if (digit < t)
			return true;
		weight *= PUNYCODE_BASE - t;
		if (weight > UINT32_MAX)
			return false;
	}
	return false;
}

/* Puts into s the characters of ASCII that text begins with, and moves *text behind the last '-'. */
static bool
punycode_basic(struct punycode *s, struct span *text)
{
	const uint8_t *dash = text->n == 0 ? NULL : memrchr(text->p, '-', text->n);
	size_t n = dash == NULL ? 0 : (size_t)(dash - text->p);

	*s = (struct punycode){ .n = PUNYCODE_N, .bias = PUNYCODE_BIAS, .first = true };
	for (size_t i = 0; i < text->n; i++)
		if (text->p[i] >= 0x80)
			return false;
	for (; s->count < n; s->count++)
		s->chars[s->count] = text->p[s->count];
	if (dash != NULL)
		*text = span_from(*text, n + 1);
	return true;
}

/* Section 6.2. */
bool
punycode_decode(struct buf *b, struct span text)
{
	struct punycode s;
	uint32_t i = 0, before;

	if (text.n > MAX_PUNYCODE || !punycode_basic(&s, &text))
		return false;
	for (; text.n > 0; i++) {
		before = i;
		if (!punycode_take(&text, s.bias, &i) || s.count == MAX_PUNYCODE)
			return false;
		s.bias = punycode_adapt(i - before, s.count + 1, s.first);
		s.first = false;
		if (i / (s.count + 1) > 0x10ffff - s.n)
			return false;
		s.n += i / (s.count + 1);
		i %= s.count + 1;
		if (utf8_is_surrogate(s.n))
			return false;
		memmove(s.chars + i + 1, s.chars + i, (s.count - i) * sizeof(*s.chars));
		s.chars[i] = s.n;
		s.count++;
	}
	for (i = 0; i < s.count; i++)
		buf_commit(b, utf8_write(buf_reserve(b, 4), s.chars[i]));
	return true;
}

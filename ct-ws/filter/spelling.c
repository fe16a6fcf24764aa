/*
 * Both spellings of a name.
 *
 * in: a name of a certificate, any bytes
 * out: the name in lower case, with A-labels and with U-labels
 * standard: RFC 5890 (labels), RFC 3492 (Punycode), RFC 3490 section 3.1 (full stops)
 */
#include "ct-ws/filter/spelling.h"

#include "base/utf8.h"
#include "enc/lower.h"
#include "enc/punycode.h"

void
spelling_init(struct spelling *s)
{
	buf_init(&s->a);
	buf_init(&s->u);
}

void
spelling_free(struct spelling *s)
{
	buf_free(&s->a);
	buf_free(&s->u);
}

struct span
spelling_a(const struct spelling *s)
{
	return buf_span(&s->a);
}

struct span
spelling_u(const struct spelling *s)
{
	return buf_span(s->u.n > 0 ? &s->u : &s->a);
}

void
spelling_put(struct buf *b, struct span text)
{
	size_t from = b->n;
	uint8_t *p, *q;

	lower_put(b, text);
	for (p = q = b->p + from; p < b->p + b->n; p++) {
		if (*p < 0x80 || utf8_length(span_of(p, (size_t)(b->p + b->n - p))) != 3 ||
		    (memcmp(p, "\u3002", 3) != 0 && memcmp(p, "\uff0e", 3) != 0 &&
		    memcmp(p, "\uff61", 3) != 0)) {
			*q++ = *p;
			continue;
		}
		*q++ = '.';
		p += 2;
	}
	b->n = b->n == 0 ? 0 : (size_t)(q - b->p);
}

/* Appends the ASCII of text in lower case to b. Returns false when text goes beyond ASCII. */
static bool
spelling_put_ascii(struct buf *b, struct span text)
{
	uint8_t *p = buf_reserve(b, text.n), all = 0;

	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = text.p[i];

		all |= c;
		p[i] = (uint8_t)(c - 'A') < 26 ? c | 0x20 : c;
	}
	if (all >= 0x80)
		return false;
	buf_commit(b, text.n);
	return true;
}

/* Takes the first label of *rest, and the full stop behind it. Returns false when none is left. */
static bool
spelling_label(struct span *rest, struct span *label)
{
	const uint8_t *stop;

	if (rest->n == 0)
		return false;
	stop = memchr(rest->p, '.', rest->n);
	*label = span_of(rest->p, stop == NULL ? rest->n : (size_t)(stop - rest->p));
	*rest = span_from(*rest, label->n + (stop != NULL));
	return true;
}

static bool
spelling_is_ascii(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= 0x80)
			return false;
	return true;
}

static void
spelling_put_a_label(struct buf *b, struct span label)
{
	size_t from = b->n;

	if (!spelling_is_ascii(label)) {
		buf_put(b, SPAN("xn--"));
		if (punycode_encode(b, label))
			return;
		b->n = from;
	}
	buf_put(b, label);
}

static void
spelling_put_u_label(struct buf *b, struct span label)
{
	struct buf u;

	buf_init(&u);
	/* Whoever makes a certificate may put upper case into the Punycode, or nothing beyond ASCII. */
	if (span_starts(label, SPAN("xn--")) && punycode_decode(&u, span_from(label, 4)) &&
	    !spelling_is_ascii(buf_span(&u)))
		lower_put(b, buf_span(&u));
	else
		buf_put(b, label);
	buf_free(&u);
}

/* Appends name to b with each label put by put_label. */
static void
spelling_each(struct buf *b, struct span name, void (*put_label)(struct buf *, struct span))
{
	bool stops = name.n > 0 && name.p[name.n - 1] == '.';
	struct span label;

	while (spelling_label(&name, &label)) {
		put_label(b, label);
		if (name.n > 0 || stops)
			buf_putc(b, '.');
	}
}

static void
spelling_strip(struct buf *b)
{
	if (b->n > 0 && b->p[b->n - 1] == '.')
		b->n--;
}

/* Returns true when a label of name may be an A-label. */
static bool
spelling_has_xn(struct span name)
{
	return name.n > 4 && memmem(name.p, name.n, "xn--", 4) != NULL;
}

void
spelling_set(struct spelling *s, struct span name)
{
	struct buf lower;

	buf_reset(&s->a);
	buf_reset(&s->u);
	if (spelling_put_ascii(&s->a, name)) {
		spelling_strip(&s->a);
		if (spelling_has_xn(buf_span(&s->a)))
			spelling_each(&s->u, buf_span(&s->a), spelling_put_u_label);
		return;
	}
	buf_init(&lower);
	spelling_put(&lower, name);
	spelling_strip(&lower);
	spelling_each(&s->a, buf_span(&lower), spelling_put_a_label);
	spelling_each(&s->u, buf_span(&lower), spelling_put_u_label);
	buf_free(&lower);
}

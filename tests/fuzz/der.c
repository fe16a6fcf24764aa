/*
 * Fuzz target: the DER cursor and the texts of ASN.1 values. In: any bytes. Walks all
 * elements, also those inside others, and shows each primitive one in every way that
 * enc/text.h has.
 */
#include "enc/date.h"
#include "enc/der.h"
#include "enc/text.h"
#include "tests/fuzz/judge.h"

enum { MOST_LEVELS = 32 };

static void
put_texts(struct buf *b, const struct der_item *it)
{
	int64_t seconds;

	if (date_parse_asn1(it->tag, it->body, &seconds))
		buf_putf(b, "%lld ", (long long)seconds);
	text_put_string(b, it->tag, it->body);
	text_put_oid(b, it->body);
	text_put_hex(b, it->body);
	text_put_hex_upper(b, it->body);
	text_put_serial(b, it->body);
	text_put_ip(b, it->body);
}

/* The walks: that over the elements at this level, and those it lies in. */
static void
walk(struct buf *b, struct span all)
{
	struct der level[MOST_LEVELS];
	struct der_item it;
	unsigned depth = 0;
	struct span outer;

	level[0] = der_of(all);
	for (;;) {
		outer = span_of(level[depth].p, (size_t)(level[depth].end - level[depth].p));
		if (!der_next(&level[depth], &it)) {
			DEMAND(outer.n == (size_t)(level[depth].end - level[depth].p));
			if (depth-- == 0)
				return;
			continue;
		}
		judge_within(it.whole, outer);
		judge_within(it.body, it.whole);
		DEMAND(level[depth].p == it.whole.p + it.whole.n && it.whole.n >= 2);
		if (it.tag & 0x20 && depth < MOST_LEVELS - 1)
			level[++depth] = der_of(it.body);
		else
			put_texts(b, &it);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct buf b;

	buf_init(&b);
	buf_putc(&b, '"');
	walk(&b, span_of(p, n));
	buf_putc(&b, '"');
	judge_json(buf_span(&b));
	buf_free(&b);
	return 0;
}

/*
 * Writes all_domains. In: what leaf_parse has read. Out: a JSON array, in the order
 * that ct-event(5) gives for each format. First come the names that the server from
 * which the format comes would show, in its order, and behind them the names that it
 * would leave out.
 *
 * All names are written first. Then those that repeat an earlier one are taken out
 * of the buffer again.
 */
#include "event/domains.h"

#include "enc/text.h"
#include "event/hostname.h"
#include "x509/san.h"

/*
 * Appends value, a string with this ASN.1 tag, and a comma. Remembers in l->distinct where it
 * lies.
 */
static void
domains_put_text(struct buf *b, struct leaf *l, uint8_t tag, struct span value)
{
	size_t from = b->n + 1;

	buf_putc(b, '"');
	leaf_wrong(l, l->format == FORMAT_CALIDOG ? text_put_latin1(b, tag, value) :
	    text_put_string(b, tag, value));
	distinct_add(&l->distinct, from, b->n - from);
	buf_put(b, SPAN("\","));
}

/* Appends the dNSNames of one subjectAltName, whose extnValue is value. */
static void
domains_put_names(struct buf *b, struct leaf *l, struct span value)
{
	struct der names;
	struct san san;
	bool odd = false;	/* not looked at here: leaf_put_extension reports it */

	if (!san_open(&names, value, &odd))
		return;
	while (san_next(&names, &san))
		if (san.type == SAN_DNS)
			domains_put_text(b, l, DER_IA5_STRING, san.value);
}

/*
 * Appends the common name cn, unless it is empty. Unless any is true, it must look
 * like a host name too. Returns false when it was left out for not looking like one.
 */
static bool
domains_put_common_name(struct buf *b, struct leaf *l, const struct name_attribute *cn, bool any)
{
	size_t from = b->n, count = l->distinct.count;
	struct span text;

	domains_put_text(b, l, cn->tag, cn->value);
	text = span_of(b->p + from + 1, b->n - from - 3);
	if (text.n > 0 && (any || hostname_is(text)))
		return true;
	b->n = from;
	l->distinct.count = count;
	return cn->value.n == 0;
}

/*
 * Appends the common names that look like host names, without last, which is the last of them.
 * Format go shows the others nowhere, unless they are equal to last: l->why then says so. Format
 * calidog shows them in aggregated.
 */
static void
domains_put_others(struct buf *b, struct leaf *l, const struct name_attribute *last)
{
	for (const struct name_attribute *a = l->name.attribute; a < last; a++)
		if (a->key == NAME_CN && !domains_put_common_name(b, l, a, false) &&
		    l->format == FORMAT_GO && !span_eq(a->value, last->value))
			leaf_wrong(l, "RFC 5280 4.1.2.6: a common name before the last is not shown");
}

/* Appends the names in format go. Returns how many names at the front may repeat each other. */
static size_t
domains_put_go(struct buf *b, struct leaf *l, const struct name_attribute *last)
{
	struct ext_names walk = ext_names(&l->ext, l->cert.extensions, true);
	struct span value;
	size_t kept;

	if (ext_next_names(&l->ext, &walk, &value))
		domains_put_names(b, l, value);
	kept = l->distinct.count;
	if (last != NULL)
		domains_put_common_name(b, l, last, !l->is_ca);
	while (ext_next_names(&l->ext, &walk, &value))
		domains_put_names(b, l, value);
	return kept;
}

static void
domains_put_calidog(struct buf *b, struct leaf *l, const struct name_attribute *last)
{
	struct ext_names walk = ext_names(&l->ext, l->cert.extensions, false);
	struct span value;

	if (last != NULL)
		domains_put_common_name(b, l, last, true);
	while (ext_next_names(&l->ext, &walk, &value))
		domains_put_names(b, l, value);
}

/*
 * Marks the names that repeat an earlier one. At least one name stands behind the first `kept`,
 * which are not to be taken out. If it is only one, a search for it replaces the sorting.
 */
static void
domains_find_again(struct distinct *d, size_t kept, const uint8_t *base)
{
	struct distinct_text *last = d->text + d->count - 1, *t;

	if (d->count - kept > 1) {
		distinct_find(d, base);
		return;
	}
	for (t = d->text; t < last && !last->again; t++)
		last->again = t->n == last->n && memcmp(base + t->from, base + last->from, t->n) == 0;
}

/*
 * Takes the marked names behind the first `kept` out of the buffer, with their quotes and
 * commas.
 */
static void
domains_drop_again(struct buf *b, const struct distinct *d, size_t kept)
{
	size_t to = b->n, done = b->n;	/* where what follows goes, and where that begins */

	for (size_t i = kept; i < d->count; i++) {
		const struct distinct_text *t = &d->text[i];

		if (!t->again)
			continue;
		if (to == b->n) {
			to = t->from - 1;
		} else {
			memmove(b->p + to, b->p + done, t->from - 1 - done);
			to += t->from - 1 - done;
		}
		done = t->from + t->n + 2;
	}
	memmove(b->p + to, b->p + done, b->n - done);
	b->n = to + (b->n - done);
}

void
domains_put(struct buf *b, struct leaf *l)
{
	const struct name_attribute *last;
	size_t kept = 0;

	leaf_wrong(l, name_parse(&l->name, l->cert.subject));
	last = leaf_common_name(&l->name);
	distinct_reset(&l->distinct);
	buf_putc(b, '[');
	if (l->format == FORMAT_CALIDOG)
		domains_put_calidog(b, l, last);
	else
		kept = domains_put_go(b, l, last);
	if (last != NULL)
		domains_put_others(b, l, last);
	if (l->distinct.count > kept) {
		domains_find_again(&l->distinct, kept, b->p);
		domains_drop_again(b, &l->distinct, kept);
	}
	if (b->p[b->n - 1] == ',')
		b->n--;
	buf_putc(b, ']');
}

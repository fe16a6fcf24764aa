/*
 * Walks GeneralNames. In: the value of an extension. Out: its names, one by one, or
 * the value in DER, with segments joined. Standard: RFC 5280 4.2.1.6.
 */
#include "x509/san.h"

#include "enc/ber.h"
#include "enc/text.h"

/* Returns true when a name of this type is a string, which may come in segments. */
static bool
san_is_string(unsigned type)
{
	return type == SAN_EMAIL || type == SAN_DNS || type == SAN_URI || type == SAN_IP ||
	    type == SAN_REGISTERED_ID;
}

bool
san_open(struct der *names, struct span extension_value, bool *odd)
{
	struct der d = der_of(extension_value);
	struct der_item it;
	struct span body;

	*names = d;
	if (der_take(&d, DER_SEQUENCE, &body) && der_done(&d)) {
		*names = der_of(body);
		return true;
	}
	*odd = true;
	d = *names;
	return ber_next(&d, &it, odd);
}

/*
 * Takes the next element off the walk. Of a SEQUENCE or SET, which may be cut off, it takes the
 * header alone, so that the elements in it come next. Returns false where the walk ends or no whole
 * element follows.
 */
static bool
san_element(struct der *names, struct der_item *it)
{
	struct der before = *names;
	bool whole = der_next(names, it);

	if (!whole && !der_next_cut(names, it))
		return false;
	if (ber_is_list(it, DER_SEQUENCE) || ber_is_list(it, DER_SET))
		names->p = it->body.p;
	else if (!whole)
		*names = before;
	return whole || names->p != before.p;
}

/*
 * Returns the type of an element whose tag is not a context tag. certstream-server-go
 * looks at the tag number alone, and all that it shows must be shown here too.
 */
static unsigned
san_type_odd(uint8_t tag)
{
	uint8_t number = tag & 0x1f;

	if ((tag & 0xc0) == 0 && text_is_string(number) && number != DER_BMP_STRING &&
	    number != DER_UNIVERSAL_STRING)
		return SAN_DNS;
	return san_is_string(number) ? number : SAN_NONE;
}

static unsigned
san_type(uint8_t tag)
{
	return (tag & 0xc0) == DER_CONTEXT ? tag & 0x1f : san_type_odd(tag);
}

bool
san_next_odd(struct der *names, struct san *out)
{
	struct der_item it;
	struct span joined;

	if (!san_element(names, &it))
		return false;
	*out = (struct san){ san_type(it.tag), it.body, (it.tag & 0xc0) != DER_CONTEXT };
	if (!(it.tag & DER_CONSTRUCTED) || !san_is_string(out->type))
		return true;
	if (!ber_join(it.body, NULL, &joined, &out->odd))
		out->odd = true;	/* its contents are not segments, and are shown as they are */
	else if (joined.p == NULL)
		*out = (struct san){ SAN_NONE, { NULL, 0 }, true };
	else
		out->value = joined;
	return true;
}

/* Returns true when it is a constructed element that stands for a string, as one in segments does. */
static bool
san_is_constructed_string(const struct der_item *it)
{
	return it->tag & DER_CONSTRUCTED && san_is_string(san_type(it->tag));
}

bool
san_is_split(struct span extension_value)
{
	bool constructed = false, split = false, ignored = false;
	struct der first, names;
	struct span joined;
	struct der_item it;

	if (!san_open(&first, extension_value, &ignored))
		return false;
	for (names = first; san_element(&names, &it);)
		constructed |= (it.tag & DER_CONSTRUCTED) != 0;
	if (!constructed)
		return false;
	for (names = first; san_element(&names, &it);)
		if (san_is_constructed_string(&it))
			split |= ber_join(it.body, NULL, &joined, &ignored) && joined.p == NULL;
	return split;
}

/* Appends the identifier and length octets of an element with n bytes of contents. */
static void
san_put_header(struct buf *b, uint8_t tag, size_t n)
{
	unsigned bytes = n < 0x80 ? 0 : n < 0x100 ? 1 : n < 0x10000 ? 2 : n < 0x1000000 ? 3 : 4;

	buf_putc(b, (char)tag);
	buf_putc(b, (char)(bytes == 0 ? n : 0x80 | bytes));
	while (bytes-- > 0)
		buf_putc(b, (char)(n >> 8 * bytes));
}

/* Makes the bytes of b from offset `from` on the contents of an element with this tag. */
static void
san_wrap(struct buf *b, size_t from, uint8_t tag)
{
	size_t n = b->n - from, k;
	uint8_t head[6];

	san_put_header(b, tag, n);
	k = b->n - from - n;
	memcpy(head, b->p + from + n, k);
	memmove(b->p + from + k, b->p + from, n);
	memcpy(b->p + from, head, k);
}

void
san_put_plain(struct buf *b, struct span extension_value)
{
	size_t from = b->n, name;
	struct der names;
	struct der_item it;
	struct span joined;
	bool odd = false;

	if (!san_open(&names, extension_value, &odd))
		return;
	while (san_element(&names, &it)) {
		name = b->n;
		if (ber_is_list(&it, DER_SEQUENCE) || ber_is_list(&it, DER_SET)) {
			odd = true;
			continue;
		}
		if (!san_is_constructed_string(&it) || !ber_join(it.body, b, &joined, &odd)) {
			buf_put(b, it.whole);
			continue;
		}
		if (b->n == name)	/* ber_join appends nothing for one segment or none */
			buf_put(b, joined);
		san_wrap(b, name, it.tag ^ DER_CONSTRUCTED);
	}
	san_wrap(b, from, DER_SEQUENCE);
	if (odd || !der_done(&names))
		buf_putc(b, 0);
}

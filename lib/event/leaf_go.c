/*
 * Writes one certificate as JSON in format go. In: what leaf_parse has read.
 * Out: the object, key by key in certstream-server-go's order.
 */
#include "event/leaf_go.h"

#include "enc/text.h"
#include "event/domains.h"

#define KEY(literal) { (const uint8_t *)(literal), sizeof(literal) - 1 }	/* a span among constants */

static void
leaf_go_put_extensions(struct buf *b, struct leaf *l)
{
	char before = '{';

	buf_put(b, SPAN("\"extensions\":"));
	for (unsigned kind = 0; kind < EXT_KINDS; kind++) {
		if (!ext_has(&l->ext, kind) && !(kind == EXT_POISON && l->is_precert))
			continue;
		buf_putc(b, before);
		before = ',';
		if (kind == EXT_POISON)
			buf_put(b, SPAN("\"ctlPoisonByte\":true"));
		else
			leaf_put_extension(b, l, kind);
	}
	if (l->ext.others > 0) {
		buf_putc(b, before);
		before = ',';
		ext_put_others(b, l->cert.extensions);
	}
	buf_put(b, before == '{' ? SPAN("{},") : SPAN("},"));
}

static void
leaf_go_put_hashes(struct buf *b, struct leaf_blank *blank)
{
	buf_put(b, SPAN("\"fingerprint\":\""));
	blank->sha1[0] = leaf_put_blank(b, HASH_SHA1);
	buf_put(b, SPAN("\",\"sha1\":\""));
	blank->sha1[1] = leaf_put_blank(b, HASH_SHA1);
	buf_put(b, SPAN("\",\"sha256\":\""));
	blank->sha256 = leaf_put_blank(b, HASH_SHA256);
	buf_put(b, SPAN("\","));
}

static void
leaf_go_put_time(struct buf *b, struct span key, bool known, int64_t seconds)
{
	buf_put(b, key);
	if (!known) {
		buf_put(b, SPAN("null,"));
		return;
	}
	leaf_put_seconds(b, seconds);
	buf_putc(b, ',');
}

static void
leaf_go_put_serial(struct buf *b, struct span serial)
{
	if (serial.n == 0) {
		buf_put(b, SPAN("\"serial_number\":null,"));
		return;
	}
	buf_put(b, SPAN("\"serial_number\":\""));
	text_put_serial(b, serial);
	buf_put(b, SPAN("\","));
}

/*
 * Where the value of each key lies in the buffer, inside its quotes. Only those of keys that the
 * name has are set.
 */
struct leaf_go_dn {
	size_t from[NAME_KEYS], n[NAME_KEYS];
	const char *why;	/* NULL, or the first thing wrong with a value */
};

/*
 * Appends the values that name has for key, of which there is one at least, joined
 * with ','; of CN only the last. Notes in dn where they lie, as an offset, because a
 * buffer that grows may move.
 */
static void
leaf_go_put_values(struct buf *b, const struct name *name, unsigned key, struct leaf_go_dn *dn)
{
	const struct name_attribute *a = name->attribute, *end = a + name->count;
	size_t from = b->n;
	bool first = true;
	const char *why;

	if (key == NAME_CN)
		a = leaf_common_name(name);
	for (; a < end; a++) {
		if (a->key != key)
			continue;
		if (!first && b->n > from)
			buf_putc(b, ',');
		why = text_put_string(b, a->tag, a->value);
		if (dn->why == NULL)
			dn->why = why;
		first = false;
	}
	dn->from[key] = from;
	dn->n[key] = b->n - from;
}

/* Appends one key with its value in name, or null where the name has none, and a comma. */
static void
leaf_go_put_key(struct buf *b, const struct name *name, unsigned key, struct leaf_go_dn *dn)
{
	static const struct span known[NAME_KEYS] = {
		KEY("\"C\":\""), KEY("\"CN\":\""), KEY("\"L\":\""), KEY("\"O\":\""), KEY("\"OU\":\""),
		KEY("\"ST\":\""), KEY("\"email_address\":\""),
	}, unknown[NAME_KEYS] = {
		KEY("\"C\":null,"), KEY("\"CN\":null,"), KEY("\"L\":null,"), KEY("\"O\":null,"),
		KEY("\"OU\":null,"), KEY("\"ST\":null,"), KEY("\"email_address\":null,"),
	};

	if (!name_has(name, key)) {
		buf_put(b, unknown[key]);
		return;
	}
	buf_put(b, known[key]);
	leaf_go_put_values(b, name, key, dn);
	buf_put(b, SPAN("\","));
}

const char *
leaf_go_put_name(struct buf *b, const struct name *name)
{
	static const struct span part[] = { KEY("/C="), KEY("/CN="), KEY("/L="), KEY("/O="),
		KEY("/OU="), KEY("/ST=") };
	struct leaf_go_dn dn;

	dn.why = NULL;
	buf_putc(b, '{');
	for (unsigned k = 0; k < NAME_EMAIL; k++)
		leaf_go_put_key(b, name, k, &dn);
	buf_put(b, SPAN("\"aggregated\":\""));
	for (unsigned k = 0; k < NAME_EMAIL; k++) {
		if (!name_has(name, k))
			continue;
		buf_put(b, part[k]);
		buf_reserve(b, dn.n[k]);
		buf_put(b, span_of(b->p + dn.from[k], dn.n[k]));
	}
	buf_put(b, SPAN("\","));
	leaf_go_put_key(b, name, NAME_EMAIL, &dn);
	b->p[b->n - 1] = '}';
	return dn.why;
}

void
leaf_go_put(struct buf *b, struct leaf *l, const struct leaf_der *as_der)
{
	buf_put(b, SPAN("{\"all_domains\":"));
	domains_put(b, l);
	leaf_put_as_der(b, as_der);
	buf_putc(b, ',');
	leaf_go_put_extensions(b, l);
	leaf_go_put_hashes(b, &l->blank);
	leaf_go_put_time(b, SPAN("\"not_after\":"), l->cert.has_not_after, l->cert.not_after);
	leaf_go_put_time(b, SPAN("\"not_before\":"), l->cert.has_not_before, l->cert.not_before);
	leaf_go_put_serial(b, l->cert.serial);
	buf_put(b, SPAN("\"signature_algorithm\":\""));
	buf_puts(b, cert_signature_text(l->cert.signature));
	buf_put(b, SPAN("\",\"subject\":"));
	leaf_wrong(l, leaf_go_put_name(b, &l->name));	/* domains_put has read the subject */
	buf_put(b, SPAN(",\"issuer\":"));
	leaf_put_issuer(b, l);
	buf_put(b, l->is_ca ? SPAN(",\"is_ca\":true") : SPAN(",\"is_ca\":false"));
	leaf_put_errors(b, l);
	buf_putc(b, '}');
}

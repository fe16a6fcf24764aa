/*
 * Writes one certificate as JSON in format calidog. In: what leaf_parse has
 * read. Out: the object, key by key in the order of CaliDog's README. Keys that
 * only CaliDog's later server has stand beside keys that are similar.
 */
#include "event/leaf_calidog.h"

#include "enc/text.h"
#include "event/domains.h"

/*
 * Appends the extensions that have a text, in the order of the certificate; of repeated ones the
 * last. Then come ctlPoisonByte and extra.
 */
static void
leaf_calidog_put_extensions(struct buf *b, struct leaf *l)
{
	struct der list = der_of(l->cert.extensions);
	const char *ignored = NULL;	/* leaf_parse has found it too */
	struct ext_item it;
	char before = '{';

	buf_put(b, SPAN(",\"extensions\":"));
	while (ext_next(&list, &it, &ignored)) {
		if (it.kind == EXT_KINDS || it.kind == EXT_POISON ||
		    it.oid.p != l->ext.oid[it.kind])
			continue;
		buf_putc(b, before);
		before = ',';
		leaf_put_extension(b, l, it.kind);
	}
	if (l->is_precert || ext_has(&l->ext, EXT_POISON)) {
		buf_putc(b, before);
		before = ',';
		buf_put(b, SPAN("\"ctlPoisonByte\":true"));
	}
	if (l->ext.others > 0) {
		buf_putc(b, before);
		before = ',';
		ext_put_others(b, l->cert.extensions);
	}
	buf_put(b, before == '{' ? SPAN("{}") : SPAN("}"));
}

static void
leaf_calidog_put_time(struct buf *b, struct span key, bool known, int64_t seconds)
{
	buf_put(b, key);
	if (!known) {
		buf_put(b, SPAN("null"));
		return;
	}
	leaf_put_seconds(b, seconds);
	buf_put(b, SPAN(".0"));
}

static void
leaf_calidog_put_serial(struct buf *b, struct span serial)
{
	if (serial.n == 0) {
		buf_put(b, SPAN(",\"serial_number\":null"));
		return;
	}
	buf_put(b, SPAN(",\"serial_number\":\""));
	text_put_hex_integer(b, serial);
	buf_putc(b, '"');
}

/* Appends the last value that name has for key, as CaliDog's server does, or null without any. */
static void
leaf_calidog_put_attribute(struct buf *b, const struct name *name, unsigned key)
{
	for (unsigned i = name->count; i-- > 0;) {
		if (name->attribute[i].key != key)
			continue;
		buf_putc(b, '"');
		text_put_latin1(b, name->attribute[i].tag, name->attribute[i].value);
		buf_putc(b, '"');
		return;
	}
	buf_put(b, SPAN("null"));
}

const char *
leaf_calidog_put_name(struct buf *b, const struct name *name)
{
	static const char *const part[NAME_KEYS] = { "/C=", "/CN=", "/L=", "/O=", "/OU=", "/ST=",
		"/emailAddress=" };
	static const struct {
		unsigned key;
		const char *text;
	} member[] = {
		{ NAME_C, ",\"C\":" }, { NAME_ST, ",\"ST\":" }, { NAME_L, ",\"L\":" },
		{ NAME_O, ",\"O\":" }, { NAME_OU, ",\"OU\":" }, { NAME_CN, ",\"CN\":" },
		{ NAME_EMAIL, ",\"emailAddress\":" },
	};
	const char *why = NULL, *flaw;
	const struct name_attribute *a;

	buf_put(b, SPAN("{\"aggregated\":\""));
	for (unsigned i = 0; i < name->count; i++) {
		a = &name->attribute[i];
		buf_puts(b, part[a->key]);
		flaw = text_put_latin1(b, a->tag, a->value);
		why = why != NULL ? why : flaw;
	}
	buf_putc(b, '"');
	for (unsigned i = 0; i < NAME_KEYS; i++) {
		buf_puts(b, member[i].text);
		leaf_calidog_put_attribute(b, name, member[i].key);
	}
	buf_putc(b, '}');
	return why;
}

static void
leaf_calidog_put_fingerprint(struct buf *b, struct leaf_blank *blank)
{
	buf_put(b, SPAN(",\"fingerprint\":\""));
	*blank = (struct leaf_blank){ .sha1 = { leaf_put_blank(b, HASH_SHA1) } };
	buf_putc(b, '"');
}

void
leaf_calidog_put(struct buf *b, struct leaf *l, const struct leaf_der *as_der)
{
	buf_put(b, SPAN("{\"subject\":"));
	leaf_wrong(l, name_parse(&l->name, l->cert.subject));
	leaf_wrong(l, leaf_calidog_put_name(b, &l->name));
	buf_put(b, SPAN(",\"issuer\":"));
	leaf_put_issuer(b, l);
	leaf_calidog_put_extensions(b, l);
	leaf_calidog_put_time(b, SPAN(",\"not_before\":"), l->cert.has_not_before,
	    l->cert.not_before);
	leaf_calidog_put_time(b, SPAN(",\"not_after\":"), l->cert.has_not_after, l->cert.not_after);
	leaf_calidog_put_serial(b, l->cert.serial);
	leaf_calidog_put_fingerprint(b, &l->blank);
	buf_put(b, SPAN(",\"signature_algorithm\":\""));
	cert_put_signature_calidog(b, l->cert.signature);
	buf_putc(b, '"');
	leaf_put_as_der(b, as_der);
	if (!l->in_chain) {
		buf_put(b, SPAN(",\"all_domains\":"));
		domains_put(b, l);
	}
	leaf_put_errors(b, l);
	buf_putc(b, '}');
}

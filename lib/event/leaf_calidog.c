/*
 * Writes one certificate as JSON in format calidog. In: what leaf_parse has
 * read. Out: the object, key by key in the order of CaliDog's README; the keys
 * that its later server adds stand beside their like.
 */
#include "event/leaf_calidog.h"

#include "enc/text.h"
#include "x509/san.h"

/* A walk over the names of all subjectAltNames: one that has two shows those of both. */
struct leaf_calidog_walk {
	struct der earlier;	/* extensions, where one is before the last; else nothing */
	bool last;		/* it was given too */
};

static struct leaf_calidog_walk
leaf_calidog_walk(const struct leaf *l)
{
	struct span none = { NULL, 0 };
	bool more = l->ext.repeated >> EXT_SUBJECT_ALT_NAME & 1;

	return (struct leaf_calidog_walk){ der_of(more ? l->cert.extensions : none), false };
}

static bool
leaf_calidog_next_names(struct leaf *l, struct leaf_calidog_walk *w, struct der *names)
{
	const char *ignored = NULL;	/* leaf_parse has told it */
	struct ext_item it;
	bool odd = false;

	while (ext_next(&w->earlier, &it, &ignored)) {
		if (it.kind != EXT_SUBJECT_ALT_NAME || it.oid.p == l->ext.oid[EXT_SUBJECT_ALT_NAME])
			continue;
		if (it.split || san_is_split(it.value))
			leaf_wrong(l, "RFC 5280 4.2.1.6: a subjectAltName before the last is in segments");
		if (!it.split && san_open(names, it.value, &odd))
			return true;
	}
	if (w->last || !ext_has(&l->ext, EXT_SUBJECT_ALT_NAME))
		return false;
	w->last = true;
	return san_open(names, l->ext.value[EXT_SUBJECT_ALT_NAME], &odd);
}

/* The dNSNames that are not the common name, whose text lies cn_n bytes long at from. */
static void
leaf_calidog_put_dns(struct buf *b, struct leaf *l, struct span cn, size_t from, size_t cn_n)
{
	struct leaf_calidog_walk walk = leaf_calidog_walk(l);
	struct der names;
	size_t place = 0;
	struct san san;

	while (leaf_calidog_next_names(l, &walk, &names)) {
		while (san_next(&names, &san)) {
			if (san.type != SAN_DNS || distinct_is_again(&l->distinct, place++))
				continue;
			if (cn_n > 0 && (span_eq(san.value, cn) ||
			    span_eq(san.value, span_of(b->p + from, cn_n))))
				continue;
			buf_putc(b, '"');
			text_put_latin1(b, DER_IA5_STRING, san.value);
			buf_put(b, SPAN("\","));
		}
	}
}

/* The common name in front of the dNSNames, each once. */
void
leaf_calidog_put_domains(struct buf *b, struct leaf *l)
{
	struct leaf_calidog_walk walk = leaf_calidog_walk(l);
	const struct name_attribute *cn;
	struct der names;
	struct span raw = { NULL, 0 };
	size_t from, cn_n = 0;

	leaf_wrong(l, name_parse(&l->name, l->cert.subject));
	cn = leaf_common_name(&l->name);
	distinct_reset(&l->distinct);
	while (leaf_calidog_next_names(l, &walk, &names))
		distinct_add(&l->distinct, names);
	distinct_find(&l->distinct);
	buf_put(b, SPAN("[\""));
	from = b->n;
	if (cn != NULL) {
		raw = cn->value;
		text_put_latin1(b, cn->tag, raw);
		cn_n = b->n - from;
	}
	buf_put(b, SPAN("\","));
	if (cn_n == 0)
		b->n = from - 1;
	leaf_calidog_put_dns(b, l, raw, from, cn_n);
	if (b->p[b->n - 1] == ',')
		b->n--;
	buf_putc(b, ']');
}

/* In certificate order, of repeated ones the last; then what is of no kind. */
static void
leaf_calidog_put_extensions(struct buf *b, struct leaf *l)
{
	struct der list = der_of(l->cert.extensions);
	const char *ignored = NULL;	/* leaf_parse has told it */
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

/* The last value of a key, as the server has it; null without any. */
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
		leaf_calidog_put_domains(b, l);
	}
	leaf_put_errors(b, l);
	buf_putc(b, '}');
}

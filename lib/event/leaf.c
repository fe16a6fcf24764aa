/*
 * Turns a certificate into JSON. In: its DER. Out: the parts of its object that both
 * formats have in common; leaf_go.c and leaf_calidog.c write the objects themselves.
 */
#include "event/leaf.h"

#include "base/memo.h"
#include "enc/b64.h"
#include "enc/json_put.h"
#include "enc/text.h"
#include "event/leaf_calidog.h"
#include "event/leaf_go.h"

void
leaf_free(struct leaf *l)
{
	name_free(&l->name);
	ext_free(&l->ext);
	distinct_free(&l->distinct);
}

void
leaf_wrong(struct leaf *l, const char *why)
{
	if (l->why == NULL)
		l->why = why;
}

static void
leaf_extensions(struct leaf *l, bool is_precert)
{
	l->why = l->cert.why;
	leaf_wrong(l, ext_parse(&l->ext, l->cert.extensions));
	l->is_ca = ext_is_ca(&l->ext);
	l->is_precert = is_precert;
	l->left_out = l->mismatch = NULL;
}

void
leaf_parse(struct leaf *l, struct span der)
{
	cert_parse(&l->cert, der);
	leaf_extensions(l, false);
}

void
leaf_parse_precert(struct leaf *l, struct span tbs)
{
	cert_parse_tbs(&l->cert, tbs);
	leaf_extensions(l, true);
}

const struct name_attribute *
leaf_common_name(const struct name *n)
{
	for (unsigned i = n->count; i-- > 0;)
		if (n->attribute[i].key == NAME_CN)
			return &n->attribute[i];
	return NULL;
}

/*
 * Returns true for a kind of extension whose value many certificates share. A value that differs
 * from one certificate to the next is not worth a place in the memo.
 */
static bool
leaf_is_shared(unsigned kind)
{
	return kind != EXT_SUBJECT_ALT_NAME && kind != EXT_SUBJECT_KEY_IDENTIFIER &&
	    kind != EXT_SCT_LIST;
}

/*
 * Appends the text that is kept for bytes, the value of an extension of this kind, or a name
 * where kind is EXT_KINDS. Returns false, with nothing appended, when none is kept.
 */
static bool
leaf_put_known(struct buf *b, const struct leaf *l, unsigned kind, struct span bytes)
{
	struct span text;

	if (l->memo == NULL || !leaf_is_shared(kind) || !memo_find(l->memo, kind, bytes, &text))
		return false;
	buf_put(b, text);
	return true;
}

/*
 * Keeps the text that was made of bytes, which is all of b from offset from on. With a reason
 * why, it reports that instead and keeps nothing, since the next certificate must report it too.
 */
static void
leaf_keep(struct leaf *l, unsigned kind, struct span bytes, const struct buf *b, size_t from,
    const char *why)
{
	leaf_wrong(l, why);
	if (l->memo != NULL && leaf_is_shared(kind) && why == NULL)
		memo_keep(l->memo, kind, bytes, span_of(b->p + from, b->n - from));
}

static const char *
leaf_put_text(struct buf *b, const struct leaf *l, enum ext_kind kind, struct span value)
{
	return l->format == FORMAT_CALIDOG ? ext_put_calidog(b, kind, value) :
	    ext_put(b, kind, value);
}

/*
 * Appends the names of all subjectAltNames, in the order that all_domains has. Returns NULL, or
 * the first reason why a name is not shown whole.
 */
static const char *
leaf_put_alt_names(struct buf *b, struct leaf *l)
{
	struct ext_names walk = ext_names(&l->ext, l->cert.extensions, l->format == FORMAT_GO);
	const char *why = NULL, *flaw;
	size_t from = b->n, before;
	struct span value;

	while (ext_next_names(&l->ext, &walk, &value)) {
		before = b->n;
		if (before > from)
			buf_put(b, SPAN(", "));
		flaw = leaf_put_text(b, l, EXT_SUBJECT_ALT_NAME, value);
		if (before > from && b->n == before + 2)
			b->n = before;
		why = why != NULL ? why : flaw;
	}
	return why;
}

void
leaf_put_extension(struct buf *b, struct leaf *l, enum ext_kind kind)
{
	struct span value = l->ext.value[kind];
	size_t from = b->n;
	const char *why;

	if (leaf_put_known(b, l, kind, value))
		return;
	ext_put_key(b, kind);
	buf_putc(b, '"');
	why = kind == EXT_SUBJECT_ALT_NAME ? leaf_put_alt_names(b, l) : leaf_put_text(b, l, kind, value);
	buf_putc(b, '"');
	leaf_keep(l, kind, value, b, from, why);
}

/*
 * Returns NULL, or a reason when name has a common name that format go does not show, because it
 * differs from the last.
 */
static const char *
leaf_unshown_common_name(const struct name *name)
{
	const struct name_attribute *last = leaf_common_name(name), *a;

	if (last == NULL)
		return NULL;
	for (a = name->attribute; a < last; a++)
		if (a->key == NAME_CN && a->value.n > 0 && !span_eq(a->value, last->value))
			return "RFC 5280 4.1.2.4: a common name before the last is not shown";
	return NULL;
}

void
leaf_put_issuer(struct buf *b, struct leaf *l)
{
	size_t from = b->n;
	const char *why, *flaw;

	if (leaf_put_known(b, l, EXT_KINDS, l->cert.issuer))
		return;
	why = name_parse(&l->name, l->cert.issuer);
	flaw = l->format == FORMAT_CALIDOG ? leaf_calidog_put_name(b, &l->name) :
	    leaf_go_put_name(b, &l->name);
	why = why != NULL ? why : flaw;
	if (why == NULL && l->format == FORMAT_GO)
		why = leaf_unshown_common_name(&l->name);
	leaf_keep(l, EXT_KINDS, l->cert.issuer, b, from, why);
}

void
leaf_put_seconds(struct buf *b, int64_t seconds)
{
	if (seconds < 0)
		buf_putc(b, '-');
	buf_put_u64(b, seconds < 0 ? (uint64_t)-seconds : (uint64_t)seconds);
}

void
leaf_put_as_der(struct buf *b, const struct leaf_der *as_der)
{
	if (as_der == NULL || as_der->text.n + as_der->rest.n == 0)
		return;
	buf_put(b, SPAN(",\"as_der\":\""));
	buf_put(b, as_der->text);
	b64_put(b, as_der->rest);
	buf_putc(b, '"');
}

void
leaf_put_errors(struct buf *b, const struct leaf *l)
{
	const char *why = l->why != NULL ? l->why : l->left_out;

	if (why != NULL) {
		buf_put(b, SPAN(",\"parse_error\":"));
		json_put_str(b, why);
	}
	if (l->mismatch != NULL) {
		buf_put(b, SPAN(",\"mismatch\":"));
		json_put_str(b, l->mismatch);
	}
}

size_t
leaf_put_blank(struct buf *b, size_t n)
{
	size_t at = b->n, text = 3 * n - 1;

	memset(buf_reserve(b, text), '0', text);
	buf_commit(b, text);
	return at;
}

void
leaf_put(struct buf *b, struct leaf *l, const struct leaf_der *as_der)
{
	if (l->format == FORMAT_CALIDOG)
		leaf_calidog_put(b, l, as_der);
	else
		leaf_go_put(b, l, as_der);
}

enum hash_wanted
leaf_wants(const struct leaf_blank *blank)
{
	return blank->sha256 > 0 ? HASH_BOTH : HASH_ONLY_SHA1;
}

void
leaf_fill(struct buf *b, const struct leaf_blank *blank, const struct hash_pair *digests)
{
	for (unsigned i = 0; i < 2; i++)
		if (blank->sha1[i] > 0)
			text_write_hex_upper(b->p + blank->sha1[i], span_of(digests->sha1, HASH_SHA1));
	if (blank->sha256 > 0)
		text_write_hex_upper(b->p + blank->sha256, span_of(digests->sha256, HASH_SHA256));
}

void
leaf_hash(struct buf *b, const struct leaf_blank *blank, struct hash *h, struct span der)
{
	struct hash_pair digests;

	hash_pair(h, der, leaf_wants(blank), &digests);
	leaf_fill(b, blank, &digests);
}

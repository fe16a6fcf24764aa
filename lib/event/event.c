/*
 * Turns raw entries into events. In: raw entries, whose values are strings of JSON.
 * Out: one line of JSON for each. The form domains is written here, and the forms
 * full and lite in event_update.c. Once the buffers have grown, nothing is
 * allocated.
 */
#include "event/event.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/memo.h"
#include "ct/tbs.h"
#include "enc/b64.h"
#include "enc/json_put.h"
#include "event/domains.h"
#include "event/event_update.h"

enum {
	MEMO_BYTES = 512 << 10,		/* bytes; a kept text and its key have some 200 */
	MEMO_ITEMS = 4096,
};

struct event_writer *
event_open(const struct event_options *o)
{
	struct event_writer *w = calloc(1, sizeof(*w));

	if (w == NULL)
		die_world("out of memory for the event writer");
	w->form = o->form;
	w->format = w->leaf.format = w->issuer.format = o->format;
	w->issuer.in_chain = true;
	w->memo = w->leaf.memo = memo_open(MEMO_BYTES, MEMO_ITEMS);
	w->hash = hash_open();
	w->chain = chain_open();
	w->blanks = blanks_open(w->hash);
	if (o->unique > 0) {
		w->unique = unique_open(o->unique);
		(void)hash_keyed(w->hash, NULL, 0);	/* draws the key while the system may be asked */
	}
	return w;
}

void
event_free(struct event_writer *w)
{
	if (w == NULL)
		return;
	blanks_free(w->blanks);
	hash_free(w->hash);
	chain_free(w->chain);
	unique_free(w->unique);
	leaf_free(&w->leaf);
	leaf_free(&w->issuer);
	memo_free(w->memo);
	buf_free(&w->text);
	buf_free(&w->leaf_input);
	buf_free(&w->extra_data);
	buf_free(&w->chain_text);
	free(w);
}

/* Decodes the base64 of the string s into out. Returns NULL, or what is wrong with the string. */
static const char *
event_decode(struct event_writer *w, struct buf *out, struct json_str s)
{
	buf_trim(out, EVENT_KEPT);
	if (s.escaped) {
		buf_trim(&w->text, EVENT_KEPT);
		if (!json_unescape(&w->text, s))
			return "RFC 8259 7: an invalid escape in a string";
		s.raw = buf_span(&w->text);
	}
	return b64_put_decoded(out, s.raw) ? NULL : "RFC 4648 4: not base64";
}

/*
 * Returns a hash of what a certificate and its precertificate have in common: enc/hash.h,
 * hash_keyed. A certificate in which something is wrong is hashed whole, because its first element
 * need not be what the event shows of it.
 */
static uint64_t
event_identity(struct event_writer *w, const struct entry *e)
{
	struct span parts[MAX_TBS_PARTS];
	struct cert cert;

	if (e->type == ENTRY_PRECERT)
		return hash_keyed(w->hash, parts, tbs_parts(e->tbs, parts));
	cert_parse(&cert, e->cert);
	if (cert.why != NULL)
		return hash_keyed(w->hash, &e->cert, 1);
	return hash_keyed(w->hash, parts, tbs_parts(tbs_of(e->cert), parts));
}

/*
 * Compares the chain with the entry's issuer_key_hash, which is the hash of the final issuer's
 * key. The final issuer is the first of the chain or, when that is a precertificate signing
 * certificate, the second; *delegated says which. The signing certificate must have been issued
 * by the issuer that the entry shows (RFC 6962 3.1). Returns NULL when all agrees or the chain
 * is too short to tell, else the reason.
 */
static const char *
event_issuer_differs(struct event_writer *w, const struct entry *e, bool *delegated)
{
	static const char why[] = "RFC 6962 3.2: issuer_key_hash is not of the chain's issuer";
	struct chain_issuer issuer;
	struct span chain = e->chain, der;
	struct cert signer;

	*delegated = false;
	if (!entry_issuer(&chain, &der))
		return NULL;
	issuer = chain_find(w->chain, &w->issuer, w->hash, der);
	if (memcmp(issuer.key_hash, e->issuer_key_hash.p, HASH_SHA256) == 0)
		return NULL;
	if (!issuer.signs_precerts)
		return why;
	*delegated = true;
	cert_parse(&signer, der);
	if (!span_eq(signer.issuer, w->leaf.cert.issuer))
		return "RFC 6962 3.2: the entry's issuer is not that of the precertificate's signer";
	if (!entry_issuer(&chain, &der))
		return NULL;
	issuer = chain_find(w->chain, &w->issuer, w->hash, der);
	return memcmp(issuer.key_hash, e->issuer_key_hash.p, HASH_SHA256) == 0 ? NULL : why;
}

/*
 * Returns NULL when the entry meets what RFC 6962 3.2 asks of a precertificate, else the reason.
 */
static const char *
event_mismatch(struct event_writer *w, const struct entry *e)
{
	const char *why, *issuer;
	bool delegated;

	if (e->type != ENTRY_PRECERT)
		return NULL;
	issuer = event_issuer_differs(w, e, &delegated);
	why = tbs_differs(e->tbs, e->precert, delegated);
	return why != NULL ? why : issuer;
}

/*
 * Takes the entry r apart into *e. Returns NULL, or the reason why its framing cannot be read.
 * *drop becomes true when the entry repeats a remembered one; then *e is not whole. With
 * w->unique, *identity is set to the entry's hash.
 */
static const char *
event_take(struct event_writer *w, const struct raw *r, struct entry *e, uint64_t *identity,
    bool *drop)
{
	const char *why;

	*drop = false;
	if ((why = event_decode(w, &w->leaf_input, r->leaf_input)) != NULL ||
	    (why = entry_parse_leaf(e, buf_span(&w->leaf_input))) != NULL)
		return why;
	if (w->unique != NULL) {
		*identity = event_identity(w, e);
		*drop = unique_has(w->unique, *identity);
	}
	if (*drop || (why = event_decode(w, &w->extra_data, r->extra_data)) != NULL)
		return why;
	return entry_parse_extra(e, buf_span(&w->extra_data));
}

/*
 * Reads the certificate of the entry e into w->leaf, and compares it with precertificate and
 * chain.
 */
static void
event_read(struct event_writer *w, const struct entry *e)
{
	if (e->type == ENTRY_PRECERT)
		leaf_parse_precert(&w->leaf, e->tbs);
	else
		leaf_parse(&w->leaf, e->cert);
	w->leaf.mismatch = event_mismatch(w, e);
	w->counts.mismatched += w->leaf.mismatch != NULL;
}

static void
event_put_names(struct event_writer *w, struct buf *out)
{
	size_t from = out->n;

	buf_put(out, SPAN("{\"data\":"));
	domains_put(out, &w->leaf);
	if (w->format == FORMAT_GO)
		json_escape_html(out, from);
	buf_put(out, SPAN(",\"message_type\":\"dns_entries\"}\n"));
}

/*
 * Returns true when the line that begins at offset from of out is not longer than MAX_EVENT. If
 * it is, takes it away and returns false.
 */
static bool
event_fits(struct buf *out, size_t from)
{
	if (out->n - from <= MAX_EVENT + 1)
		return true;
	out->n = from;
	return false;
}

static bool
event_put_form(struct event_writer *w, struct buf *out, const struct raw *r, const struct entry *e,
    enum form form)
{
	size_t from = out->n;

	if (form == FORM_DOMAINS) {
		event_put_names(w, out);
		return event_fits(out, from);
	}
	event_put_update(w, out, r, e, form);
	if (!event_fits(out, from))
		return false;
	blanks_add(w->blanks, out, w->leaf.blank, event_submitted(e));
	return true;
}

/*
 * Appends the event, without chain and as_der if it is too long with them. Returns false, with
 * nothing appended, when it is still longer than MAX_EVENT.
 */
static bool
event_put_fitting(struct event_writer *w, struct buf *out, const struct raw *r,
    const struct entry *e)
{
	if (event_put_form(w, out, r, e, w->form))
		return true;
	if (w->form != FORM_FULL)
		return false;
	w->leaf.left_out = "ct-event(5): chain and as_der would make the event longer than 16 MiB";
	return event_put_form(w, out, r, e, FORM_LITE);
}

const char *
event_begin(struct event_writer *w, struct buf *out, const struct raw *r)
{
	uint64_t identity = 0;
	struct entry e;
	const char *why;
	bool drop;

	blanks_check(w->blanks, out);
	why = event_take(w, r, &e, &identity, &drop);
	w->counts.dropped += drop;
	if (why != NULL || drop)
		return why;
	event_read(w, &e);
	if (!event_put_fitting(w, out, r, &e))
		return "ct-event(5): the event is longer than 16 MiB";
	if (w->unique != NULL)
		unique_put(w->unique, identity);
	return NULL;
}

void
event_finish(struct event_writer *w, struct buf *out)
{
	blanks_fill(w->blanks, out);
}

const char *
event_put(struct event_writer *w, struct buf *out, const struct raw *r)
{
	const char *why = event_begin(w, out, r);

	event_finish(w, out);
	return why;
}

void
event_count(const struct event_writer *w, struct event_counts *c)
{
	*c = w->counts;
}

static void
event_put_refused(struct event_writer *w, struct buf *out, const struct raw *r, const char *why)
{
	buf_put(out, SPAN("{\"message_type\":\"malformed\",\"source\":{\"name\":"));
	event_put_string(w, out, r->name);
	buf_put(out, SPAN(",\"url\":"));
	event_put_string(w, out, r->url);
	buf_put(out, SPAN(",\"log_id\":"));
	event_put_string(w, out, r->log_id);
	buf_put(out, SPAN("},\"index\":"));
	if (r->has_index)
		buf_put_u64(out, r->index);
	else
		buf_put(out, SPAN("null"));
	buf_put(out, SPAN(",\"reason\":"));
	json_put_str(out, why);
	buf_put(out, SPAN(",\"leaf_input\":"));
	event_put_string(w, out, r->leaf_input);
	buf_put(out, SPAN(",\"extra_data\":"));
	event_put_string(w, out, r->extra_data);
	buf_put(out, SPAN("}\n"));
}

void
event_put_malformed(struct event_writer *w, struct buf *out, const struct raw *r, const char *why)
{
	struct raw less = *r;
	size_t from = out->n;

	event_put_refused(w, out, &less, why);
	if (event_fits(out, from))
		return;
	less.leaf_input = less.extra_data = (struct json_str){ { NULL, 0 }, false };
	event_put_refused(w, out, &less, why);
	if (event_fits(out, from))
		return;
	less.name = less.url = less.log_id = less.leaf_input;
	event_put_refused(w, out, &less, why);
}

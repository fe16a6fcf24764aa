/*
 * Writes certstream events in format go. In: raw entries as JSON. Out: one
 * line of JSON each. Called by ct-parse for every entry; warm, it allocates
 * nothing.
 */
#include "ct/event.h"

#include <stdlib.h>

#include "base/die.h"
#include "ct/chain.h"
#include "ct/entry.h"
#include "ct/leaf.h"
#include "ct/tbs.h"
#include "ct/unique.h"
#include "enc/b64.h"

struct event_writer {
	enum event_form form;
	struct hash *hash;
	struct chain *chain;
	struct unique *unique;		/* NULL: all are written */
	struct event_counts counts;
	struct leaf leaf, issuer;
	struct buf text;		/* a JSON string with its escapes undone */
	struct buf leaf_input, extra_data;	/* decoded */
	struct buf as_der;
};

struct event_writer *
event_open(const struct event_options *o)
{
	struct event_writer *w = calloc(1, sizeof(*w));

	if (w == NULL)
		die_world("out of memory for the event writer");
	w->form = o->form;
	w->hash = hash_open();
	w->chain = o->form != EVENT_DOMAINS ? chain_open() : NULL;
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
	hash_free(w->hash);
	chain_free(w->chain);
	unique_free(w->unique);
	leaf_free(&w->leaf);
	leaf_free(&w->issuer);
	buf_free(&w->text);
	buf_free(&w->leaf_input);
	buf_free(&w->extra_data);
	buf_free(&w->as_der);
	free(w);
}

/* The base64 of a string member as bytes in out; NULL, or what is wrong. */
static const char *
event_decode(struct event_writer *w, struct buf *out, struct json_str s)
{
	buf_reset(out);
	if (s.escaped) {
		buf_reset(&w->text);
		if (!json_unescape(&w->text, s))
			return "RFC 8259 7: an escape that is none";
		s.raw = buf_span(&w->text);
	}
	return b64_put_decoded(out, s.raw) ? NULL : "RFC 4648 4: not base64";
}

/*
 * The base64 of der, which lies at offset at of the bytes whose base64 is
 * text. In both structures of RFC 6962 that offset is a multiple of 3, so all
 * but the last group are in the text already.
 */
static struct span
event_as_der(struct event_writer *w, struct json_str text, size_t at, struct span der)
{
	size_t whole = der.n / 3 * 3;

	buf_reset(&w->as_der);
	if (text.escaped || at % 3 != 0)
		whole = 0;
	buf_put(&w->as_der, span_of(text.raw.p + at / 3 * 4, whole / 3 * 4));
	b64_put(&w->as_der, span_from(der, whole));
	return buf_span(&w->as_der);
}

/* A string of the input with its escapes undone; valid until the next one. */
static struct span
event_text(struct event_writer *w, struct json_str s)
{
	buf_reset(&w->text);
	return s.escaped && json_unescape(&w->text, s) ? buf_span(&w->text) : s.raw;
}

/* A string of the input as one of the output; absent is "". */
static void
event_put_string(struct event_writer *w, struct buf *out, struct json_str s)
{
	json_put(out, event_text(w, s));
}

/* Milliseconds as seconds, in the shortest decimal form. */
static void
event_put_millis(struct buf *out, uint64_t ms)
{
	unsigned part = (unsigned)(ms % 1000);

	buf_put_u64(out, ms / 1000);
	if (part == 0)
		return;
	buf_putc(out, '.');
	for (unsigned unit = 100; part > 0; part %= unit, unit /= 10)
		buf_putc(out, (char)('0' + part / unit));
}

/* A number as it came, without the zeros that end a fraction; absent is 0, as Go has it. */
static void
event_put_seen(struct buf *out, struct span seen)
{
	const uint8_t *point = seen.n ? memchr(seen.p, '.', seen.n) : NULL;
	size_t n = seen.n;

	if (point != NULL && memchr(seen.p, 'e', n) == NULL && memchr(seen.p, 'E', n) == NULL) {
		while (seen.p[n - 1] == '0')
			n--;
		if (seen.p + n - 1 == point)
			n--;
	}
	buf_put(out, n > 0 ? span_of(seen.p, n) : SPAN("0"));
}

/* The log's URL without the slashes at its end, which the input may have as "\/". */
static void
event_put_url(struct event_writer *w, struct buf *out, const struct raw *r)
{
	struct span url = event_text(w, r->url);

	while (url.n > 0 && url.p[url.n - 1] == '/')
		url.n--;
	json_put(out, url);
}

static void
event_put_link(struct event_writer *w, struct buf *out, const struct raw *r)
{
	buf_put(out, SPAN(",\"cert_link\":"));
	if (!r->has_index || r->url.raw.n == 0 || json_is(r->type, "tiled")) {
		buf_put(out, SPAN("\"\""));
		return;
	}
	event_put_url(w, out, r);
	out->n--;	/* the closing quote */
	buf_put(out, SPAN("/ct/v1/get-entries?start="));
	buf_put_u64(out, r->index);
	buf_put(out, SPAN("&end="));
	buf_put_u64(out, r->index);
	buf_putc(out, '"');
}

static void
event_put_chain(struct event_writer *w, struct buf *out, struct span chain)
{
	size_t from = out->n;
	struct span der;
	char before = '[';

	if (chain.n == 0)
		return;
	buf_put(out, SPAN(",\"chain\":"));
	while (entry_issuer(&chain, &der)) {
		buf_putc(out, before);
		buf_put(out, chain_find(w->chain, &w->issuer, w->hash, der)->json);
		before = ',';
		if (out->n - from < MAX_EVENT_CHAIN)
			continue;
		out->n = from;
		if (w->leaf.why == NULL)
			w->leaf.why = "ct-event(5): the chain is longer than 8 MiB";
		return;
	}
	buf_putc(out, ']');
}

static void
event_put_source(struct event_writer *w, struct buf *out, const struct raw *r, uint64_t timestamp)
{
	buf_put(out, SPAN(",\"seen\":"));
	event_put_seen(out, r->seen);
	buf_put(out, SPAN(",\"source\":{\"name\":"));
	event_put_string(w, out, r->name);
	buf_put(out, SPAN(",\"url\":"));
	event_put_url(w, out, r);
	buf_put(out, SPAN(",\"timestamp\":"));
	event_put_millis(out, timestamp);
	buf_put(out, SPAN(",\"type\":"));
	event_put_string(w, out, r->type);
}

static void
event_put_certificate(struct event_writer *w, struct buf *out, const struct raw *r,
    const struct entry *e, struct span submitted)
{
	struct json_str text = e->type == ENTRY_PRECERT ? r->extra_data : r->leaf_input;
	const struct buf *bytes = e->type == ENTRY_PRECERT ? &w->extra_data : &w->leaf_input;
	struct span as_der = { NULL, 0 };

	buf_put(out, SPAN("{\"data\":{\"cert_index\":"));
	buf_put_u64(out, r->index);
	event_put_link(w, out, r);
	if (w->form == EVENT_FULL) {
		event_put_chain(w, out, e->chain);
		as_der = event_as_der(w, text, (size_t)(submitted.p - bytes->p), submitted);
	}
	buf_put(out, SPAN(",\"leaf_cert\":"));
	leaf_put(out, &w->leaf, w->hash, submitted, as_der);
	event_put_source(w, out, r, e->timestamp);
	buf_put(out, e->type == ENTRY_PRECERT ?
	    SPAN("},\"update_type\":\"PrecertLogEntry\"},\"message_type\":\"certificate_update\"}\n") :
	    SPAN("},\"update_type\":\"X509LogEntry\"},\"message_type\":\"certificate_update\"}\n"));
}

/* What a certificate and its precertificate have in common, as one number. */
static uint64_t
event_identity(struct event_writer *w, const struct entry *e)
{
	struct span parts[MAX_TBS_PARTS], tbs = e->type == ENTRY_PRECERT ? e->tbs : tbs_of(e->cert);

	if (tbs.n == 0)
		return hash_keyed(w->hash, &e->cert, 1);
	return hash_keyed(w->hash, parts, tbs_parts(tbs, parts));
}

/*
 * Does the chain's issuer have the key the entry names? Of a delegated
 * precertificate that is the second of the chain, behind the one that signed.
 */
static bool
event_names_issuer(struct event_writer *w, const struct entry *e, bool *delegated)
{
	const struct chain_issuer *issuer;
	struct span chain = e->chain, der;
	bool same = true;

	*delegated = false;
	if (!entry_issuer(&chain, &der))
		return true;
	issuer = chain_find(w->chain, &w->issuer, w->hash, der);
	same = memcmp(issuer->key_hash, e->issuer_key_hash.p, HASH_SHA256) == 0;
	*delegated = !same && issuer->signs_precerts;
	if (!*delegated || !entry_issuer(&chain, &der))
		return same || *delegated;
	issuer = chain_find(w->chain, &w->issuer, w->hash, der);
	return memcmp(issuer->key_hash, e->issuer_key_hash.p, HASH_SHA256) == 0;
}

/* What RFC 6962 3.2 asks of a precertificate entry, as far as its chain is there to tell. */
static const char *
event_mismatch(struct event_writer *w, const struct entry *e)
{
	const char *why;
	bool delegated, named;

	if (e->type != ENTRY_PRECERT)
		return NULL;
	named = event_names_issuer(w, e, &delegated);
	why = tbs_differs(e->tbs, e->precert, delegated);
	if (why == NULL && !named)
		why = "RFC 6962 3.2: issuer_key_hash is not of the chain's issuer";
	return why;
}

/* NULL with *drop set for one that is to be left out. */
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

static void
event_put_form(struct event_writer *w, struct buf *out, const struct raw *r, struct entry *e)
{
	if (e->type == ENTRY_PRECERT)
		leaf_parse_precert(&w->leaf, e->tbs);
	else
		leaf_parse(&w->leaf, e->cert);
	if (w->form == EVENT_DOMAINS) {
		buf_put(out, SPAN("{\"data\":"));
		leaf_put_domains(out, &w->leaf);
		buf_put(out, SPAN(",\"message_type\":\"dns_entries\"}\n"));
		return;
	}
	w->leaf.mismatch = event_mismatch(w, e);
	w->counts.mismatched += w->leaf.mismatch != NULL;
	event_put_certificate(w, out, r, e, e->type == ENTRY_PRECERT ? e->precert : e->cert);
}

const char *
event_put(struct event_writer *w, struct buf *out, const struct raw *r)
{
	uint64_t identity = 0;
	size_t from = out->n;
	struct entry e;
	const char *why;
	bool drop;

	why = event_take(w, r, &e, &identity, &drop);
	w->counts.dropped += drop;
	if (why != NULL || drop)
		return why;
	event_put_form(w, out, r, &e);
	if (out->n - from > MAX_EVENT + 1) {
		out->n = from;
		return "ct-event(5): the event is longer than 16 MiB";
	}
	if (w->unique != NULL)
		unique_put(w->unique, identity);
	return NULL;
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
	const struct raw bare = { .index = r->index, .has_index = r->has_index };
	size_t from = out->n;

	event_put_refused(w, out, r, why);
	if (out->n - from <= MAX_EVENT + 1)
		return;
	out->n = from;
	event_put_refused(w, out, &bare, why);
}

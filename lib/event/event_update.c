/*
 * Writes certificate_update events. In: a raw entry, the same entry taken apart, and
 * its certificate. Out: one line of JSON, key by key in the order of the format.
 */
#include "event/event_update.h"

#include "enc/json_put.h"

/*
 * Finds the base64 of der without encoding it: der lies at offset at of the bytes
 * whose base64 is text. In both structures of RFC 6962 that offset is a multiple of
 * 3, so text holds all groups of it but the last, which is encoded anew.
 */
static struct leaf_der
event_as_der(struct json_str text, size_t at, struct span der)
{
	size_t whole = text.escaped || at % 3 != 0 ? 0 : der.n / 3 * 3;

	return (struct leaf_der){ span_of(text.raw.p + at / 3 * 4, whole / 3 * 4),
		span_from(der, whole) };
}

/* Returns the string s of the input with its escapes undone; valid until the next call. */
static struct span
event_text(struct event_writer *w, struct json_str s)
{
	buf_reset(&w->text);
	return s.escaped && json_unescape(&w->text, s) ? buf_span(&w->text) : s.raw;
}


void
event_put_string(struct event_writer *w, struct buf *out, struct json_str s)
{
	json_put(out, event_text(w, s));
}

/* Appends ms, in milliseconds, as seconds in the shortest decimal form. */
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

/*
 * Appends the number seen as the input had it, without the zeros at the end of its fraction; 0
 * when seen is empty. In format calidog a number without fraction and exponent gets ".0".
 */
static void
event_put_seen(struct buf *out, struct span seen, enum format format)
{
	const uint8_t *point = seen.n ? memchr(seen.p, '.', seen.n) : NULL;
	bool power = seen.n > 0 && (memchr(seen.p, 'e', seen.n) || memchr(seen.p, 'E', seen.n));
	size_t n = seen.n;

	if (point != NULL && !power) {
		while (seen.p[n - 1] == '0')
			n--;
		if (seen.p + n - 1 == point)
			n--;
	}
	buf_put(out, n > 0 ? span_of(seen.p, n) : SPAN("0"));
	if (format == FORMAT_CALIDOG && !power && (point == NULL || seen.p + n == point))
		buf_put(out, SPAN(".0"));
}

/* Returns the log's URL, its escapes (such as "\/") undone, without the slashes at its end. */
static struct span
event_url(struct event_writer *w, const struct raw *r)
{
	struct span url = event_text(w, r->url);

	while (url.n > 0 && url.p[url.n - 1] == '/')
		url.n--;
	return url;
}

/*
 * Appends the URL as the inside of a JSON string, with https:// where it has no scheme, as the
 * Go server does.
 */
static void
event_put_url(struct event_writer *w, struct buf *out, const struct raw *r)
{
	struct span url = event_url(w, r);

	if (url.n > 0 && memmem(url.p, url.n, "://", 3) == NULL)
		buf_put(out, SPAN("https://"));
	json_put_inner(out, url);
}

static void
event_put_link(struct event_writer *w, struct buf *out, const struct raw *r)
{
	buf_put(out, SPAN(",\"cert_link\":\""));
	if (!r->has_index || event_url(w, r).n == 0 || json_is(r->type, "tiled")) {
		buf_putc(out, '"');
		return;
	}
	event_put_url(w, out, r);
	buf_put(out, SPAN("/ct/v1/get-entries?start="));
	buf_put_u64(out, r->index);
	buf_put(out, SPAN("&end="));
	buf_put_u64(out, r->index);
	buf_putc(out, '"');
}

/*
 * Appends a comma and the member chain; when that is too long, nothing, and sets w->leaf.left_out.
 * The log does not vouch for the chain, so what is wrong with the certificate takes precedence.
 */
static void
event_put_chain(struct event_writer *w, struct buf *out, struct span chain)
{
	size_t from = out->n;
	struct span der;

	buf_put(out, SPAN(",\"chain\":["));
	while (entry_issuer(&chain, &der)) {
		buf_put(out, chain_find(w->chain, &w->issuer, w->hash, der).json);
		buf_putc(out, ',');
		if (out->n - from < MAX_EVENT_CHAIN)
			continue;
		out->n = from;
		w->leaf.left_out = "ct-event(5): the chain is longer than 8 MiB";
		return;
	}
	if (out->p[out->n - 1] == ',')
		out->n--;
	buf_putc(out, ']');
}

struct span
event_submitted(const struct entry *e)
{
	return e->type == ENTRY_PRECERT ? e->precert : e->cert;
}

/* Appends the member leaf_cert. */
static void
event_put_leaf(struct event_writer *w, struct buf *out, const struct raw *r, const struct entry *e,
    enum form form)
{
	bool is_precert = e->type == ENTRY_PRECERT;
	struct span submitted = event_submitted(e);
	const struct buf *bytes = is_precert ? &w->extra_data : &w->leaf_input;
	struct leaf_der as_der = event_as_der(is_precert ? r->extra_data : r->leaf_input,
	    (size_t)(submitted.p - bytes->p), submitted);

	buf_put(out, SPAN("\"leaf_cert\":"));
	leaf_put(out, &w->leaf, form == FORM_FULL ? &as_der : NULL);
}

static void
event_put_go(struct event_writer *w, struct buf *out, const struct raw *r, const struct entry *e,
    enum form form)
{
	buf_put(out, SPAN("{\"data\":{\"cert_index\":"));
	buf_put_u64(out, r->index);
	event_put_link(w, out, r);
	if (form == FORM_FULL && e->chain.n > 0)
		event_put_chain(w, out, e->chain);
	buf_putc(out, ',');
	event_put_leaf(w, out, r, e, form);
	buf_put(out, SPAN(",\"seen\":"));
	event_put_seen(out, r->seen, w->format);
	buf_put(out, SPAN(",\"source\":{\"name\":"));
	event_put_string(w, out, r->name);
	buf_put(out, SPAN(",\"url\":\""));
	event_put_url(w, out, r);
	buf_put(out, SPAN("\",\"timestamp\":"));
	event_put_millis(out, e->timestamp);
	buf_put(out, SPAN(",\"type\":"));
	event_put_string(w, out, r->type);
	buf_put(out, e->type == ENTRY_PRECERT ?
	    SPAN("},\"update_type\":\"PrecertLogEntry\"},\"message_type\":\"certificate_update\"}\n") :
	    SPAN("},\"update_type\":\"X509LogEntry\"},\"message_type\":\"certificate_update\"}\n"));
}

/* Returns the URL as CaliDog's README shows it: without its scheme. */
static struct span
event_bare_url(struct event_writer *w, const struct raw *r)
{
	struct span url = event_url(w, r);

	return span_starts(url, SPAN("https://")) ? span_from(url, 8) :
	    span_starts(url, SPAN("http://")) ? span_from(url, 7) : url;
}

static void
event_put_calidog(struct event_writer *w, struct buf *out, const struct raw *r,
    const struct entry *e, enum form form)
{
	buf_trim(&w->chain_text, EVENT_KEPT);
	if (form == FORM_FULL)	/* before the leaf, whose parse_error says when it is too long */
		event_put_chain(w, &w->chain_text, e->chain);
	buf_put(out, e->type == ENTRY_PRECERT ?
	    SPAN("{\"message_type\":\"certificate_update\",\"data\":{\"update_type\":\"PrecertLogEntry\",") :
	    SPAN("{\"message_type\":\"certificate_update\",\"data\":{\"update_type\":\"X509LogEntry\","));
	event_put_leaf(w, out, r, e, form);
	buf_put(out, buf_span(&w->chain_text));
	buf_put(out, SPAN(",\"cert_index\":"));
	buf_put_u64(out, r->index);
	event_put_link(w, out, r);
	buf_put(out, SPAN(",\"seen\":"));
	event_put_seen(out, r->seen, w->format);
	buf_put(out, SPAN(",\"source\":{\"url\":"));
	json_put(out, event_bare_url(w, r));
	buf_put(out, SPAN(",\"name\":"));
	event_put_string(w, out, r->name);
	buf_put(out, SPAN("}}}\n"));
}

void
event_put_update(struct event_writer *w, struct buf *out, const struct raw *r,
    const struct entry *e, enum form form)
{
	if (w->format == FORMAT_CALIDOG)
		event_put_calidog(w, out, r, e, form);
	else
		event_put_go(w, out, r, e, form);
}

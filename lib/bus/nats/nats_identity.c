/*
 * Subjects and message ids of records. In: lines as ct-fetch and ct-parse write them. Out: texts. This
 * is done for each record, so only those places of a line are looked at where the fixed layout has what
 * is needed.
 *
 * A quote inside a JSON string is escaped. So bytes such as ,"seen": with their quotes are always a key,
 * and never part of a string, wherever they are found in a line. When several objects of a line have the
 * same key, the first or the last of them is meant, as said below.
 */
#include "bus/nats/nats_identity.h"

#include "base/digits.h"
#include "ct/record.h"

/* The bytes of s from the first occurrence of key on, behind key. Empty with p NULL when there is none. */
static struct span
nats_behind_first(struct span s, struct span key)
{
	const uint8_t *at = s.n < key.n ? NULL : memmem(s.p, s.n, key.p, key.n);

	if (at == NULL)
		return (struct span){ NULL, 0 };
	return span_from(s, (size_t)(at - s.p) + key.n);
}

/* The same for the last occurrence. */
static struct span
nats_behind_last(struct span s, struct span key)
{
	size_t n = s.n;

	while (n >= key.n) {
		const uint8_t *quote = memrchr(s.p, key.p[key.n - 1], n);

		if (quote == NULL || (size_t)(quote - s.p) + 1 < key.n)
			break;
		n = (size_t)(quote - s.p);
		if (memcmp(quote + 1 - key.n, key.p, key.n) == 0)
			return span_from(s, n + 1);
	}
	return (struct span){ NULL, 0 };
}

/* Takes text off the front of *s. Returns false when it does not begin with it. */
static bool
nats_take(struct span *s, struct span text)
{
	if (s->p == NULL || !span_starts(*s, text))
		return false;
	*s = span_from(*s, text.n);
	return true;
}

/* Takes the inside of a JSON string and its closing quote; the opening one has been taken. */
static bool
nats_take_string(struct span *s, struct span *inside)
{
	size_t i = 0;

	while (i < s->n && s->p[i] != '"')
		i += s->p[i] == '\\' ? 2 : 1;
	if (i >= s->n)
		return false;
	*inside = span_of(s->p, i);
	*s = span_from(*s, i + 1);
	return true;
}

/* Takes the member whose key, in its quotes, is next; its value is a string. */
static bool
nats_take_member(struct span *s, struct span key, struct span *value)
{
	return nats_take(s, key) && nats_take(s, SPAN(":\"")) && nats_take_string(s, value);
}

/* ---- where things lie ---- */

/* What an id is made of. */
struct nats_parts {
	const char *kind;
	struct span log;	/* URL or id, not empty */
	uint64_t index;
	struct span bytes;	/* of the certificate or entry */
};

/*
 * Format go: {"data":{"cert_index":N,"cert_link":"...",["chain":[...],]"leaf_cert":{"all_domains":[...],
 * ["as_der":"...",]"extensions":...,"sha256":"...",...},"seen":N,"source":{"name":"...","url":"...",...
 * The last sha256 is that of the leaf.
 */
static bool
nats_find_go(struct nats_parts *p, struct span line)
{
	struct span rest = line, link, source, name, leaf;
	bool full;

	if (!nats_take(&rest, SPAN("{\"data\":{\"cert_index\":")) || !digits_take(&rest, &p->index) ||
	    !nats_take(&rest, SPAN(",\"cert_link\":\"")) || !nats_take_string(&rest, &link))
		return false;
	full = span_starts(rest, SPAN(",\"chain\":["));
	if (!full) {
		leaf = nats_behind_first(rest, SPAN("\"as_der\":\""));
		full = leaf.p != NULL;
	}
	p->kind = full ? "gf" : "gl";
	source = nats_behind_last(rest, SPAN(",\"source\":{"));
	leaf = nats_behind_last(rest, SPAN(",\"sha256\":\""));
	/* Without an index, index is 0 and link empty, and so they are for entry 0 of a tiled log. */
	return (p->index > 0 || link.n > 0) && nats_take_member(&source, SPAN("\"name\""), &name) &&
	    nats_take_member(&source, SPAN(",\"url\""), &p->log) && p->log.n > 0 && leaf.p != NULL &&
	    nats_take_string(&leaf, &p->bytes);
}

/*
 * Format calidog: {"message_type":"certificate_update","data":{"update_type":"...","leaf_cert":{...,
 * "fingerprint":"...",...,["as_der":"...",]"all_domains":[...]},["chain":[...],]"cert_index":N,
 * "cert_link":"...","seen":N,"source":{"url":"...","name":"..."}}}
 * The first fingerprint is that of the leaf.
 */
static bool
nats_find_calidog(struct nats_parts *p, struct span line)
{
	struct span leaf, rest, link, source;
	bool full;

	leaf = nats_behind_first(line, SPAN("\"fingerprint\":\""));
	rest = nats_behind_last(line, SPAN(",\"cert_index\":"));
	if (leaf.p == NULL || rest.p == NULL || !nats_take_string(&leaf, &p->bytes))
		return false;
	/* The byte in front of that key ends chain, or leaf_cert when there is no chain. */
	full = rest.p[-(ptrdiff_t)sizeof(",\"cert_index\":")] == ']' ||
	    nats_behind_first(leaf, SPAN("\"as_der\":\"")).p != NULL;
	p->kind = full ? "cf" : "cl";
	if (!digits_take(&rest, &p->index) || !nats_take(&rest, SPAN(",\"cert_link\":\"")) ||
	    !nats_take_string(&rest, &link))
		return false;
	source = nats_behind_last(rest, SPAN(",\"source\":{"));
	return (p->index > 0 || link.n > 0) && nats_take_member(&source, SPAN("\"url\""), &p->log) &&
	    p->log.n > 0;
}

/* Takes the strings "name", "operator", "url", "type" and "log_id" of a source, in whatever order. */
static void
nats_take_source(struct span *s, struct span *log_id, struct span *url, struct span *name)
{
	struct span other;
	bool more = true;

	*log_id = *url = *name = SPAN("");
	while (more) {
		(void)nats_take(s, SPAN(","));
		more = nats_take_member(s, SPAN("\"log_id\""), log_id) ||
		    nats_take_member(s, SPAN("\"url\""), url) ||
		    nats_take_member(s, SPAN("\"name\""), name) ||
		    nats_take_member(s, SPAN("\"operator\""), &other) ||
		    nats_take_member(s, SPAN("\"type\""), &other);
	}
}

/* entry and malformed: {"message_type":"...","source":{...},"index":N,...,"leaf_input":"...",... */
static bool
nats_find_entry(struct nats_parts *p, struct span line, const char *kind)
{
	struct span rest = nats_behind_first(line, SPAN(",\"source\":{")), url, name, leaf;

	p->kind = kind;
	if (rest.p == NULL)
		return false;
	nats_take_source(&rest, &p->log, &url, &name);
	leaf = nats_behind_first(rest, SPAN(",\"leaf_input\":\""));
	return nats_take(&rest, SPAN("},\"index\":")) && digits_take(&rest, &p->index) && p->log.n > 0 &&
	    leaf.p != NULL && nats_take_string(&leaf, &p->bytes);
}

static bool
nats_find(struct nats_parts *p, struct span line)
{
	switch (record_kind(line)) {
	case RECORD_EVENT:
		if (span_starts(line, SPAN("{\"data\":{")))
			return nats_find_go(p, line);
		return span_starts(line, SPAN("{\"message_type\":\"certificate_update\"")) &&
		    nats_find_calidog(p, line);
	case RECORD_ENTRY:
		return nats_find_entry(p, line, "e");
	case RECORD_MALFORMED:
		return nats_find_entry(p, line, "m");
	default:
		return false;
	}
}

/* ---- what is written ---- */

/* Returns true when text can stand in a header: it has no control characters. */
static bool
nats_is_plain(struct span text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < 0x20 || text.p[i] == 0x7f)
			return false;
	return true;
}

bool
nats_identity_id(struct buf *out, struct span line)
{
	enum { MOST = 64 };	/* bytes of certificate or entry: what tells two of them apart */
	struct nats_parts p;

	if (!nats_find(&p, line) || p.log.n > MAX_NATS_ID - MOST - 32)
		return false;
	if (p.bytes.n > MOST)
		p.bytes.n = MOST;
	if (!nats_is_plain(p.log) || !nats_is_plain(p.bytes))
		return false;
	buf_puts(out, p.kind);
	buf_putc(out, ':');
	buf_put(out, p.log);
	buf_putc(out, ':');
	buf_put_u64(out, p.index);
	buf_putc(out, ':');
	for (size_t i = 0; i < p.bytes.n; i++)
		if (p.bytes.p[i] != ':')
			buf_putc(out, (char)p.bytes.p[i]);
	return true;
}

static const char *
nats_identity_type(struct span line)
{
	switch (record_kind(line)) {
	case RECORD_EVENT:
		return "event";
	case RECORD_ENTRY:
		return "entry";
	case RECORD_HEAD:
		return "head";
	case RECORD_GAP:
		return "gap";
	case RECORD_MARK:
		return "mark";
	case RECORD_MALFORMED:
		return "malformed";
	case RECORD_STATUS:
		return "status";
	default:
		return "other";
	}
}

/* The name of the log of an event; of other records, that of their source or their own. */
static struct span
nats_identity_name(struct span line, enum record_kind kind)
{
	struct span rest, id, url, name = SPAN("");

	switch (kind) {
	case RECORD_EVENT:
		rest = nats_behind_last(line, SPAN(",\"source\":{"));
		nats_take_source(&rest, &id, &url, &name);
		return name;
	case RECORD_ENTRY:
	case RECORD_MALFORMED:
		rest = nats_behind_first(line, SPAN(",\"source\":{"));
		nats_take_source(&rest, &id, &url, &name);
		return name;
	case RECORD_HEAD:
	case RECORD_GAP:
		rest = nats_behind_first(line, SPAN(",\"name\":\""));
		return rest.p != NULL && nats_take_string(&rest, &name) ? name : SPAN("");
	case RECORD_STATUS:
		rest = nats_behind_first(line, SPAN(",\"stage\":\""));
		return rest.p != NULL && nats_take_string(&rest, &name) ? name : SPAN("");
	default:
		return name;
	}
}

/* Appends name as a part of a subject, in which all behind from is not longer than MAX_NATS_LOG. */
static void
nats_put_name(struct buf *out, struct span name, size_t from)
{
	for (size_t i = 0; i < name.n && out->n - from < MAX_NATS_LOG; i++) {
		uint8_t c = name.p[i];
		bool fits = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		    c == '-';

		if (fits)
			buf_putc(out, (char)c);
		else if (out->n > from && out->p[out->n - 1] != '_')
			buf_putc(out, '_');
	}
	if (out->n > from && out->p[out->n - 1] == '_')
		out->n--;
}

/* Appends the shard of a ct-fetch, so that the newest status record of each shard can be had. */
static void
nats_put_shard(struct buf *out, struct span line, size_t from)
{
	struct span rest = nats_behind_first(line, SPAN(",\"shard\":\"")), shard;

	if (rest.p == NULL || !nats_take_string(&rest, &shard) || out->n - from >= MAX_NATS_LOG)
		return;
	buf_putc(out, '_');
	nats_put_name(out, shard, from);
}

void
nats_identity_subject(struct buf *out, struct span line)
{
	enum record_kind kind = record_kind(line);
	size_t from;

	buf_puts(out, nats_identity_type(line));
	buf_putc(out, '.');
	from = out->n;
	nats_put_name(out, nats_identity_name(line, kind), from);
	if (kind == RECORD_STATUS)
		nats_put_shard(out, line, from);
	if (out->n == from)
		buf_putc(out, '-');
}

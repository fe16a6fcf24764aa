/*
 * Fuzz target: log entries. In: the length of leaf_input in two bytes, then
 * leaf_input, then extra_data. They are taken apart and become an event in each
 * form and format. Demands that the forms lite and domains are what is cut out of
 * the full one.
 */
#include "ct/entry.h"
#include "enc/b64.h"
#include "event/event.h"
#include "tests/fuzz/judge.h"

static void
check_entry(struct span leaf_input, struct span extra_data)
{
	struct entry e;
	struct span cert, chain;

	if (entry_parse(&e, leaf_input, extra_data) != NULL)
		return;
	judge_within(e.cert, leaf_input);
	judge_within(e.tbs, leaf_input);
	judge_within(e.issuer_key_hash, leaf_input);
	judge_within(e.extensions, leaf_input);
	judge_within(e.precert, extra_data);
	judge_within(e.chain, extra_data);
	DEMAND(e.type == ENTRY_X509 || e.issuer_key_hash.n == 32);
	for (chain = e.chain; entry_issuer(&chain, &cert);)
		judge_within(cert, e.chain);
	DEMAND(chain.n == 0);
}

/* Appends the event without its LF. Returns false when the entry is refused. */
static bool
put_event(struct buf *out, struct span line, enum format format, enum form form)
{
	static struct event_writer *writers[2][3];	/* their chain stores are large */
	struct event_writer **w = &writers[format][form];
	struct raw_line entries;
	struct raw raw;
	const char *why;

	if (*w == NULL)
		*w = event_open(&(struct event_options){ .form = form, .format = format });
	raw_open(&entries, line);
	DEMAND(raw_next(&entries, &raw, &why) && why == NULL);
	why = event_put(*w, out, &raw);
	if (why != NULL) {
		DEMAND(out->n == 0);
		event_put_malformed(*w, out, &raw, why);
	}
	DEMAND(out->n > 0 && out->p[out->n - 1] == '\n');
	out->n--;
	DEMAND(memchr(out->p, '\n', out->n) == NULL);
	judge_json(buf_span(out));
	return why == NULL;
}

static void
check_events(struct span line, enum format format)
{
	struct buf full, form, cut;

	buf_init(&full);
	buf_init(&form);
	buf_init(&cut);
	if (put_event(&full, line, format, FORM_FULL)) {
		DEMAND(put_event(&form, line, format, FORM_LITE));
		DEMAND(event_put_lite(&cut, buf_span(&full)));
		DEMAND(span_eq(buf_span(&cut), buf_span(&form)));
		buf_reset(&form);
		buf_reset(&cut);
		DEMAND(put_event(&form, line, format, FORM_DOMAINS));
		DEMAND(event_put_domains(&cut, buf_span(&full)));
		DEMAND(span_eq(buf_span(&cut), buf_span(&form)));
	}
	buf_free(&full);
	buf_free(&form);
	buf_free(&cut);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct span leaf_input, extra_data = span_of(p, n);
	struct buf line;
	size_t k;

	if (n < 2)
		return 0;
	k = (size_t)p[0] << 8 | p[1];
	k = k < n - 2 ? k : n - 2;
	leaf_input = span_of(p + 2, k);
	extra_data = span_from(extra_data, k + 2);
	check_entry(leaf_input, extra_data);
	buf_init(&line);
	buf_puts(&line, "{\"leaf_input\":\"");
	b64_put(&line, leaf_input);
	buf_puts(&line, "\",\"extra_data\":\"");
	b64_put(&line, extra_data);
	buf_puts(&line, "\"}");
	check_events(buf_span(&line), FORMAT_GO);
	check_events(buf_span(&line), FORMAT_CALIDOG);
	buf_free(&line);
	return 0;
}

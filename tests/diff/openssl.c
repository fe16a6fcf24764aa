/*
 * Compares what lib/event and OpenSSL read in certificates. In: lines that have a
 * certificate as "der" in base64 (the corpus), or entries (of a log). Each becomes
 * an event as ct-parse makes it, and every certificate in it is compared, member by
 * member, with what OpenSSL reads in the same bytes. Out: a table of how many
 * members agree, and why the others do not. Exits with 1 when a difference has no
 * reason, or when too many have one.
 *
 *	zcat corpus/certs/ct.ndjson.gz | tests/diff/openssl
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "ct/entry.h"
#include "enc/b64.h"
#include "tests/diff/compare.h"
#include "tests/diff/ours.h"

enum {
	MOST_FIELDS = 64,
	MOST_TOLD = 20,		/* most differences without a reason that are shown */
	MOST_EXPLAINED = 20,	/* times a member may have a reason; above that, 5 % of all */
};

struct field {
	char name[64];
	unsigned long agree, explained, unexplained;
};

struct diff {
	struct event_writer *writer;
	struct field field[MOST_FIELDS];
	unsigned fields;
	unsigned long certificates, refused, told;
	unsigned long results[COMPARE_RESULTS];
};

static struct field *
diff_field(struct diff *d, const char *name)
{
	for (unsigned i = 0; i < d->fields; i++)
		if (strcmp(d->field[i].name, name) == 0)
			return &d->field[i];
	if (d->fields == MOST_FIELDS)
		die_bug("more than %d members", MOST_FIELDS);
	snprintf(d->field[d->fields].name, sizeof(d->field[0].name), "%s", name);
	return &d->field[d->fields++];
}

static void
diff_tell(struct diff *d, const char *name, const struct compare *c)
{
	const json_t *ours = json_object_get(c->ours, name), *theirs = json_object_get(c->theirs, name);
	char *a = json_dumps(ours, JSON_ENCODE_ANY), *b = json_dumps(theirs, JSON_ENCODE_ANY);

	if (d->told++ < MOST_TOLD)
		fprintf(stderr, "%s: ours %s, OpenSSL's %s, certificate %s\n", name, a ? a : "absent",
		    b ? b : "absent", json_string_value(json_object_get(c->ours, "sha256")));
	free(a);
	free(b);
}

static void
diff_member(struct diff *d, const char *name, const struct compare *c)
{
	struct field *f = diff_field(d, name);
	enum compare_result result = compare_member(c, name);

	d->results[result]++;
	if (result == COMPARE_AGREE) {
		f->agree++;
	} else if (result == COMPARE_UNEXPLAINED) {
		f->unexplained++;
		diff_tell(d, name, c);
	} else {
		f->explained++;
	}
}

/* Compares one certificate. OpenSSL reads der; the fingerprints are those of submitted. */
static void
diff_certificate(struct diff *d, json_t *leaf, struct span der, struct span submitted,
    bool is_precert)
{
	struct compare c;
	const char *key;
	json_t *value;

	d->certificates++;
	if (!compare_open(&c, leaf, der, submitted, is_precert)) {
		d->refused++;
		return;
	}
	json_object_foreach (c.theirs, key, value)
		diff_member(d, key, &c);
	json_object_foreach (c.ours, key, value)
		if (json_object_get(c.theirs, key) == NULL)
			diff_member(d, key, &c);
	compare_close(&c);
}

/* Appends the bytes of a member in base64 to b and returns them; dies when it is not base64. */
static struct span
diff_bytes(struct buf *b, const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	buf_reset(b);
	if (text == NULL || !b64_put_decoded(b, span_str(text)))
		die_usage("a line has no base64 \"%s\"", key);
	return buf_span(b);
}

/* Puts a TBSCertificate into a certificate, as d2i_X509 needs it, with a signature of no meaning. */
static void
diff_put_unsigned(struct buf *b, struct span tbs)
{
	struct span none = SPAN("\x30\x05\x06\x03\x2a\x03\x04\x03\x01\x00");
	size_t n = tbs.n + none.n;

	buf_putc(b, 0x30);
	buf_putc(b, (char)0x83);
	buf_putc(b, (char)(n >> 16));
	buf_putc(b, (char)(n >> 8));
	buf_putc(b, (char)n);
	buf_put(b, tbs);
	buf_put(b, none);
}

/* Compares all certificates of one event. */
static void
diff_event(struct diff *d, const json_t *line, json_t *event)
{
	json_t *update = json_object_get(event, "data"), *chain, *item;
	struct buf leaf_input, extra_data, der;
	struct entry e;
	const char *why;
	size_t i;

	buf_init(&leaf_input);
	buf_init(&extra_data);
	buf_init(&der);
	why = entry_parse(&e, diff_bytes(&leaf_input, line, "leaf_input"),
	    diff_bytes(&extra_data, line, "extra_data"));
	if (why != NULL)
		die_usage("an entry cannot be read: %s", why);
	if (e.type == ENTRY_PRECERT)
		diff_put_unsigned(&der, e.tbs);
	else
		buf_put(&der, e.cert);
	diff_certificate(d, json_object_get(update, "leaf_cert"), buf_span(&der),
	    e.type == ENTRY_PRECERT ? e.precert : e.cert, e.type == ENTRY_PRECERT);
	chain = json_object_get(update, "chain");
	json_array_foreach (chain, i, item) {
		diff_bytes(&der, item, "as_der");
		diff_certificate(d, item, buf_span(&der), buf_span(&der), false);
	}
	buf_free(&leaf_input);
	buf_free(&extra_data);
	buf_free(&der);
}

/* Returns the event that ct-parse makes of an entry; dies when there is none, or it is not JSON. */
static json_t *
diff_parse(struct diff *d, struct span entry)
{
	struct buf out;
	const char *why;
	json_error_t error;
	json_t *event;

	buf_init(&out);
	why = ours_put_event(d->writer, &out, entry);
	if (why != NULL)
		die_usage("an entry becomes no event: %s", why);
	event = json_loadb((const char *)out.p, out.n, JSON_ALLOW_NUL, &error);
	if (event == NULL)
		die_bug("an event is no JSON: %s", error.text);
	buf_free(&out);
	return event;
}

static json_t *
diff_load(struct span text)
{
	json_error_t error;
	json_t *j = json_loadb((const char *)text.p, text.n, 0, &error);

	if (j == NULL)
		die_usage("a line is no JSON: %s", error.text);
	return j;
}

static void
diff_line(struct diff *d, struct span text)
{
	json_t *line = diff_load(text), *event;
	struct buf der, entry;

	buf_init(&der);
	buf_init(&entry);
	if (json_object_get(line, "der") != NULL) {
		ours_put_line(&entry, diff_bytes(&der, line, "der"));
		text = buf_span(&entry);
		json_decref(line);
		line = diff_load(text);
	}
	if (json_object_get(line, "leaf_input") != NULL) {
		event = diff_parse(d, text);
		diff_event(d, line, event);
		json_decref(event);
	}
	json_decref(line);
	buf_free(&der);
	buf_free(&entry);
}

/*
 * Tells whether all is well: every difference has a reason, and few have one, because a parse_error in
 * all events would excuse everything.
 */
static bool
diff_field_is_fine(const struct field *f)
{
	return f->unexplained == 0 &&
	    (f->explained <= MOST_EXPLAINED || f->explained * 20 <= f->agree);
}

static bool
diff_report(const struct diff *d)
{
	bool fine = d->certificates > 0;

	printf("%lu certificates, %lu of them refused by OpenSSL\n\n", d->certificates, d->refused);
	printf("%-42s %9s %9s %11s\n", "", "agree", "explained", "unexplained");
	for (unsigned i = 0; i < d->fields; i++) {
		printf("%-42s %9lu %9lu %11lu\n", d->field[i].name, d->field[i].agree,
		    d->field[i].explained, d->field[i].unexplained);
		fine &= diff_field_is_fine(&d->field[i]);
	}
	printf("\n");
	explain_report(d->results);
	return fine;
}

int
main(void)
{
	struct diff *d = calloc(1, sizeof(*d));
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	bool ok;

	if (d == NULL)
		die_world("out of memory");
	d->writer = ours_open();
	while ((n = getline(&line, &room, stdin)) > 0)
		diff_line(d, span_of(line, (size_t)n));
	ok = diff_report(d);
	free(line);
	free(d);
	return ok ? 0 : 1;
}

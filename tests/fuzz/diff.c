/*
 * Fuzz target: certificates, compared with OpenSSL. In: any bytes. Demands, where
 * d2i_X509 accepts them, that every member is read as OpenSSL reads it or differs
 * for a reason that tests/diff knows. When several things are wrong in one
 * certificate, parse_error names only the first; so here a parse_error excuses all
 * members but the hashes. It does not excuse a name that is missing in all_domains.
 */
#include "tests/diff/compare.h"
#include "tests/diff/ours.h"
#include "tests/diff/x509.h"
#include "tests/fuzz/judge.h"

static void
check_member(const struct compare *c, const char *name)
{
	const json_t *ours = json_object_get(c->ours, name), *theirs = json_object_get(c->theirs, name);

	if (compare_member(c, name) != COMPARE_UNEXPLAINED || (c->told != NULL && !explain_is_hash(name)))
		return;
	fprintf(stderr, "%s: ours, then OpenSSL's:\n", name);
	json_dumpf(ours, stderr, JSON_ENCODE_ANY);
	fprintf(stderr, "\n");
	json_dumpf(theirs, stderr, JSON_ENCODE_ANY);
	fprintf(stderr, "\n");
	DEMAND(!"a member differs");
}

/* Demands that each name which OpenSSL reads stands in all_domains, whatever else is wrong. */
static void
check_names(const struct compare *c)
{
	const json_t *name = compare_missing_name(c);

	if (name == NULL)
		return;
	json_dumpf(name, stderr, JSON_ENCODE_ANY);
	fprintf(stderr, "\n");
	DEMAND(!"a name is missing in all_domains");
}

static void
check(json_t *leaf, struct span der)
{
	struct compare c;
	const char *name;
	json_t *value;

	if (!compare_open(&c, leaf, der, der, false))
		return;
	json_object_foreach (c.theirs, name, value)
		check_member(&c, name);
	json_object_foreach (c.ours, name, value)
		check_member(&c, name);
	check_names(&c);
	compare_close(&c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct event_writer *writer;	/* its chain store is large */
	struct buf line, out;
	json_t *event;

	if (writer == NULL)
		writer = ours_open();
	buf_init(&line);
	buf_init(&out);
	ours_put_line(&line, span_of(p, n));
	DEMAND(ours_put_event(writer, &out, buf_span(&line)) == NULL);
	event = json_loadb((const char *)out.p, out.n, JSON_ALLOW_NUL, NULL);
	DEMAND(event != NULL);
	check(json_object_get(json_object_get(event, "data"), "leaf_cert"), span_of(p, n));
	json_decref(event);
	buf_free(&line);
	buf_free(&out);
	return 0;
}

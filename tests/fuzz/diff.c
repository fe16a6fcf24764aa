/*
 * Fuzz target: certificates against OpenSSL. In: any bytes. Where d2i_X509
 * takes them, what identifies a certificate reads the same in an event, or
 * differs for a reason that tests/diff knows.
 */
#include "tests/diff/compare.h"
#include "tests/diff/ours.h"
#include "tests/fuzz/judge.h"

static const char *const members[] = { "serial_number", "not_before", "not_after", "subject.CN",
	"issuer.CN", "subject.O", "all_domains", "sha256" };

static void
check(json_t *leaf, struct span der)
{
	struct compare c;

	if (!compare_open(&c, leaf, der, der, false))
		return;
	for (unsigned i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (compare_member(&c, members[i]) == COMPARE_UNEXPLAINED) {
			fprintf(stderr, "%s differs\n", members[i]);
			json_dumpf(json_object_get(c.ours, members[i]), stderr, JSON_ENCODE_ANY);
			json_dumpf(json_object_get(c.theirs, members[i]), stderr, JSON_ENCODE_ANY);
			DEMAND(!"a member differs");
		}
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

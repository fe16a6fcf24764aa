/*
 * Fuzz target: the forms lite and domains. In: any text, taken as a full event.
 * Demands that what is cut out of valid JSON is valid JSON.
 */
#include "event/event.h"
#include "tests/fuzz/judge.h"

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct span full = span_of(p, n);
	struct buf lite, domains;
	bool is_json = judge_is_json(full);

	buf_init(&lite);
	buf_init(&domains);
	DEMAND(event_put_lite(&lite, full) == event_put_domains(&domains, full));
	DEMAND(lite.n <= n && (lite.n > 0) == (domains.n > 0));
	if (lite.n > 0 && is_json) {
		judge_json(buf_span(&lite));
		judge_json(buf_span(&domains));
	}
	buf_free(&lite);
	buf_free(&domains);
	return 0;
}

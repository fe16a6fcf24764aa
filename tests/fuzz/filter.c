/*
 * Fuzz target: filters. In: a query or a message {"subscribe":...}, then after a LF the line of an
 * event. Demands that what is refused has a reason that can be printed, that what is in force can be
 * sent back, and that names which pass are in the event.
 */
#include "base/utf8.h"
#include "ct-ws/filter/filter.h"
#include "ct-ws/filter/matcher.h"
#include "ct-ws/http/query.h"
#include "tests/fuzz/judge.h"

static void
check_reason(struct span why)
{
	DEMAND(why.n > 0 && why.n < 1000 && utf8_is(why));
	for (size_t i = 0; i < why.n; i++)
		DEMAND(why.p[i] >= 0x20 && why.p[i] != 0x7f);
}

/* Demands that the answer for f, sent back, makes f again. */
static void
check_answer(const struct filter *f)
{
	static const char head[] = "{\"message_type\":\"subscribed\",";
	struct buf answer, message, again;
	struct filter g;

	buf_init(&answer);
	buf_init(&message);
	buf_init(&again);
	filter_put_json(f, &answer);
	judge_json(buf_span(&answer));
	DEMAND(span_starts(buf_span(&answer), span_str(head)));
	buf_putc(&message, '{');
	buf_put(&message, span_from(buf_span(&answer), strlen(head)));
	DEMAND(filter_parse_json(&g, buf_span(&message), &again));
	filter_put_json(&g, &again);
	DEMAND(span_eq(buf_span(&again), buf_span(&answer)));
	DEMAND(filter_is_empty(f) == filter_is_empty(&g));
	filter_free(&g);
	buf_free(&answer);
	buf_free(&message);
	buf_free(&again);
}

static void
check_match(void *cookie, void *who, struct span name)
{
	judge_within(name, *(struct span *)who);
	++*(unsigned *)cookie;
}

static void
check_event(const struct filter *f, struct span line)
{
	struct matcher *m = matcher_open(NULL);
	struct filter all;
	const char *why = NULL;
	unsigned told = 0, most = 1;

	filter_init(&all);
	DEMAND(matcher_add(m, &all, &line, &why) != NULL);
	if (matcher_add(m, f, &line, &why) != NULL)
		most = 2;
	else
		DEMAND(why != NULL);
	if (matcher_event(m, line, check_match, &told))
		DEMAND(told >= 1 && told <= most);
	else
		DEMAND(told == 0);
	matcher_free(m);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct span text = span_of(p, n), line;
	struct filter f;
	struct buf why;
	bool good;

	buf_init(&why);
	if (!span_line(&text, &line)) {
		line = text;
		text.n = 0;
	}
	query_get(line, "seq", &why);
	buf_reset(&why);
	good = line.n > 0 && line.p[0] == '{' ? filter_parse_json(&f, line, &why) :
	    filter_parse_query(&f, line, &why);
	if (good) {
		DEMAND(why.n == 0);
		check_answer(&f);
		check_event(&f, text);
	} else {
		check_reason(buf_span(&why));
		DEMAND(filter_is_empty(&f));
	}
	filter_free(&f);
	buf_free(&why);
	return 0;
}

/* ct-fetch/mark: places, read and written. */
#include "unit.h"

#include "ct-fetch/state/mark.h"

static const uint8_t first[HASH_SHA256] = { 1 }, second[HASH_SHA256] = { 2 };

#define FIRST "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define SECOND "AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

static void
a_mark_is_written_sorted_by_log_id(void)
{
	struct mark m;
	struct buf b = { 0 };

	mark_init(&m);
	mark_set(&m, second, "b\"", 7);
	mark_set(&m, first, "a", UINT64_C(9007199254740993));
	mark_put(&m, &b);
	CHECK_TEXT(buf_span(&b), "{\"message_type\":\"mark\",\"logs\":["
	    "{\"log_id\":\"" FIRST "\",\"name\":\"a\",\"next\":9007199254740993},"
	    "{\"log_id\":\"" SECOND "\",\"name\":\"b\\\"\",\"next\":7}]}\n");
	buf_free(&b);
	mark_free(&m);
}

static void
what_was_written_is_read_back(void)
{
	struct buf b = { 0 }, again = { 0 };
	struct mark m;

	mark_init(&m);
	mark_set(&m, first, "w\303\266rld\\", 1);
	mark_set(&m, first, "w\303\266rld\\", 2);
	mark_set(&m, second, "", 0);
	mark_put(&m, &b);
	CHECK(mark_parse(&m, buf_span(&b)) == NULL);
	CHECK(m.n == 2 && mark_find(&m, first)->next == 2);
	mark_put(&m, &again);
	CHECK(span_eq(buf_span(&b), buf_span(&again)));
	buf_free(&b);
	buf_free(&again);
	mark_free(&m);
}

static void
members_of_later_versions_are_passed_over(void)
{
	struct mark m;

	mark_init(&m);
	CHECK(mark_parse(&m, SPAN("{\"message_type\":\"mark\",\"when\":{\"x\":[1]},\"logs\":["
	    "{\"nodes\":[\"q\"],\"next\":5,\"log_id\":\"" FIRST "\"}],\"more\":null}")) == NULL);
	CHECK(m.n == 1 && mark_find(&m, first)->next == 5);
	CHECK(mark_find(&m, second) == NULL);
	mark_free(&m);
}

static void
malformed_marks_are_refused(void)
{
	static const char *const bad[] = {
		"", "{}", "[]", "{\"message_type\":\"mark\"}", "{\"logs\":[]}",
		"{\"message_type\":\"entry\",\"logs\":[]}",
		"{\"message_type\":\"mark\",\"logs\":{}}",
		"{\"message_type\":\"mark\",\"logs\":[]",
		"{\"message_type\":\"mark\",\"logs\":[]}{}",
		"{\"message_type\":\"mark\",\"logs\":[{\"log_id\":\"" FIRST "\"}]}",
		"{\"message_type\":\"mark\",\"logs\":[{\"next\":1}]}",
		"{\"message_type\":\"mark\",\"logs\":[{\"log_id\":\"AQ==\",\"next\":1}]}",
		"{\"message_type\":\"mark\",\"logs\":[{\"log_id\":\"" FIRST "\",\"next\":-1}]}",
		"{\"message_type\":\"mark\",\"logs\":[{\"log_id\":\"" FIRST "\",\"next\":1.5}]}",
		"{\"message_type\":\"mark\",\"logs\":[{\"log_id\":\"" FIRST "\",\"next\":\"1\"}]}",
	};
	struct mark m;

	mark_init(&m);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CHECK(mark_parse(&m, span_str(bad[i])) != NULL);
		CHECK(m.n == 0);
	}
	mark_free(&m);
}

int
main(void)
{
	RUN(a_mark_is_written_sorted_by_log_id);
	RUN(what_was_written_is_read_back);
	RUN(members_of_later_versions_are_passed_over);
	RUN(malformed_marks_are_refused);
	return unit_end();
}

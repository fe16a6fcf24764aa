/* ct-fetch/state/mark: what is known of each log, written, read and refused. */
#include "unit.h"

#include "ct-fetch/state/mark.h"
#include "enc/b64.h"

static const uint8_t first[HASH_SHA256] = { 1 }, second[HASH_SHA256] = { 2 };

#define FIRST "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define SECOND "AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define ONE FIRST	/* base64 of one hash */
#define TWO "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
#define MARK "{\"message_type\":\"mark\",\"version\":2,\"logs\":["
#define LOG "{\"log_id\":\"" FIRST "\",\"name\":\"a\",\"next\":"

/* A log that has only what every mark has. */
static struct mark_log
place(const uint8_t id[HASH_SHA256], const char *name, uint64_t next)
{
	struct mark_log l = { .name = (char *)name, .next = next };

	memcpy(l.id, id, HASH_SHA256);
	return l;
}

static const char *
parse(struct mark *m, struct span line)
{
	size_t at;

	return mark_parse(m, line, &at);
}

/* The compact range of n leaves that are all alike. */
static struct tree
range(uint64_t n)
{
	struct hash *hash = hash_open();
	struct tree t;

	tree_init(&t);
	for (uint64_t i = 0; i < n; i++)
		tree_push(&t, hash, first, 0);
	hash_free(hash);
	return t;
}

static void
a_mark_is_written_sorted_by_log_id(void)
{
	struct mark_log a = place(first, "a", UINT64_C(9007199254740993)), b = place(second, "b\"", 7);
	struct buf text = { 0 };
	struct mark m;

	mark_init(&m);
	mark_set(&m, &b);
	mark_set(&m, &a);
	mark_put(&m, &text);
	CHECK_TEXT(buf_span(&text), MARK LOG "9007199254740993},"
	    "{\"log_id\":\"" SECOND "\",\"name\":\"b\\\"\",\"next\":7}]}\n");
	buf_free(&text);
	mark_free(&m);
}

static void
everything_that_is_known_of_a_log_is_written(void)
{
	struct mark_gap gap = { .from = 1, .to = 2, .has_tree = true, .tree = range(1), .size = 8,
	    .reason = "HTTP 404" };
	struct mark_log l = place(first, "a", 3);
	struct buf text = { 0 };
	struct mark m;

	l.has_tree = true;
	(void)tree_restore(&l.tree, 3, span_of("\001\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	    "\002\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 64));
	l.has_head = true;
	l.head = (struct head){ .size = 9, .timestamp = 1700000000000, .root = { 2 }, .signature_n = 3,
	    .signature = "abc" };
	l.unproven = true;
	memcpy(gap.root, first, TREE_HASH);
	l.gaps = &gap;
	l.gaps_n = 1;
	mark_init(&m);
	mark_set(&m, &l);
	mark_put(&m, &text);
	CHECK_TEXT(buf_span(&text), MARK LOG "3,\"nodes\":\"" TWO "\",\"head\":{\"tree_size\":9,"
	    "\"timestamp\":1700000000000,\"root\":\"" SECOND "\",\"signature\":\"YWJj\"},"
	    "\"unproven\":true,\"gaps\":[{\"from\":1,\"to\":2,\"nodes\":\"" ONE "\",\"tree_size\":8,"
	    "\"root\":\"" FIRST "\",\"reason\":\"HTTP 404\"}]}]}\n");
	buf_free(&text);
	mark_free(&m);
}

/* Fills l with as much as a log can have; gaps has room for MAX_MARK_GAPS. */
static void
fill(struct mark_log *l, struct mark_gap *gaps)
{
	*l = place(first, "w\303\266rld\\", 1000);
	l->has_tree = true;
	l->tree = range(1000);
	l->has_head = true;
	l->head = (struct head){ .size = MAX_TREE_SIZE, .timestamp = UINT64_MAX, .root = { 7 },
	    .signature_n = MAX_HEAD_SIGNATURE };
	memset(l->head.signature, 0xa5, MAX_HEAD_SIGNATURE);
	l->gaps = gaps;
	l->gaps_n = MAX_MARK_GAPS;
	for (size_t i = 0; i < MAX_MARK_GAPS; i++) {
		gaps[i] = (struct mark_gap){ .from = i * 10, .to = i * 10 + 10 - i % 2, .size = 2000,
		    .root = { 9 } };
		gaps[i].has_tree = i % 3 > 0;
		gaps[i].tree = range(gaps[i].from);
		memset(gaps[i].reason, 'x', i);
	}
}

static void
what_was_written_is_read_back(void)
{
	struct mark_gap gaps[MAX_MARK_GAPS];
	struct buf text = { 0 }, again = { 0 };
	const struct mark_log *l;
	struct mark_log full, plain = place(second, "", 0);
	struct mark m;

	fill(&full, gaps);
	mark_init(&m);
	mark_set(&m, &plain);
	mark_set(&m, &full);
	mark_put(&m, &text);
	CHECK(parse(&m, buf_span(&text)) == NULL);
	mark_put(&m, &again);
	CHECK(span_eq(buf_span(&text), buf_span(&again)));
	CHECK(m.n == 2 && mark_find(&m, second)->next == 0 && !mark_find(&m, second)->has_tree);
	l = mark_find(&m, first);
	CHECK(l->has_tree && l->tree.n == 1000 && span_eq(tree_nodes(&l->tree), tree_nodes(&full.tree)));
	CHECK(l->has_head && l->head.size == MAX_TREE_SIZE && l->head.timestamp == UINT64_MAX);
	CHECK(l->head.signature_n == MAX_HEAD_SIGNATURE && l->head.signature[MAX_HEAD_SIGNATURE - 1] == 0xa5);
	CHECK(l->gaps_n == MAX_MARK_GAPS && l->gaps[62].to == 630 && strlen(l->gaps[62].reason) == 62);
	CHECK(l->gaps[62].has_tree && l->gaps[62].tree.n == 620 && !l->gaps[63].has_tree);
	buf_free(&text);
	buf_free(&again);
	mark_free(&m);
}

static void
a_log_that_is_set_again_is_replaced_with_its_gaps(void)
{
	struct mark_gap gaps[2] = { { .from = 0, .to = 1, .size = 5 }, { .from = 2, .to = 3, .size = 5 } };
	struct mark_log l = place(first, "old", 4);
	struct mark m;

	l.gaps = gaps;
	l.gaps_n = 2;
	mark_init(&m);
	mark_set(&m, &l);
	l.name = (char *)"new";
	l.gaps_n = 1;
	l.next = 5;
	mark_set(&m, &l);
	gaps[0].to = 9;
	CHECK(m.n == 1 && mark_find(&m, first)->next == 5 && mark_find(&m, first)->gaps_n == 1);
	CHECK(mark_find(&m, first)->gaps[0].to == 1);
	CHECK(strcmp(mark_find(&m, first)->name, "new") == 0);
	CHECK(mark_find(&m, second) == NULL);
	mark_free(&m);
}

static void
what_could_not_be_read_again_is_not_set(void)
{
	struct mark_gap gaps[2] = { { .from = 1, .to = 2, .size = 5 }, { .from = 2, .to = 4, .size = 5 } };
	struct mark_log l = place(first, "a", 4);

	l.gaps = gaps;
	l.gaps_n = 2;
	CHECK(mark_check(&l) == NULL);
	gaps[1].from = 1;
	CHECK(strstr(mark_check(&l), "order") != NULL);
	gaps[1] = (struct mark_gap){ .from = 2, .to = 5, .size = 5 };
	CHECK(strstr(mark_check(&l), "beyond") != NULL);
	gaps[1].size = 4;
	CHECK(strstr(mark_check(&l), "range") != NULL);
	l.gaps_n = 1;
	gaps[0].has_tree = true;
	gaps[0].tree = range(2);
	CHECK(strstr(mark_check(&l), "another place") != NULL);
	l.gaps_n = 0;
	l.has_head = true;
	CHECK(strstr(mark_check(&l), "signed") != NULL);
	l.has_head = false;
	l.has_tree = true;
	l.tree = range(3);
	CHECK(strstr(mark_check(&l), "another place") != NULL);
}

static void
what_is_still_looked_for_is_written_and_read_back(void)
{
	struct mark_gap gap = { .from = 1, .to = 2, .size = 5, .since = { 7, 3 } };
	struct mark_log l = place(first, "a", 3);
	struct buf text = { 0 };
	struct mark m;

	l.since = (struct mark_since){ UINT64_C(1790000000123), 4 };
	l.gaps = &gap;
	l.gaps_n = 1;
	mark_init(&m);
	mark_set(&m, &l);
	mark_put(&m, &text);
	CHECK(parse(&m, buf_span(&text)) == NULL);
	CHECK(m.n == 1 && m.logs[0]->since.ms == UINT64_C(1790000000123) && m.logs[0]->since.to == 4);
	CHECK(m.n == 1 && m.logs[0]->gaps_n == 1 && m.logs[0]->gaps[0].since.ms == 7 &&
	    m.logs[0]->gaps[0].since.to == 3);
	mark_free(&m);
	buf_free(&text);
}

static void
marks_of_the_first_version_are_read(void)
{
	struct mark m;

	mark_init(&m);
	CHECK(parse(&m, SPAN("{\"message_type\":\"mark\",\"logs\":[" LOG "5}]}\n")) == NULL);
	CHECK(m.n == 1 && mark_find(&m, first)->next == 5);
	CHECK(!mark_find(&m, first)->has_tree && !mark_find(&m, first)->has_head);
	mark_free(&m);
}

static void
members_of_other_programs_are_passed_over(void)
{
	struct mark m;

	mark_init(&m);
	CHECK(parse(&m, SPAN("{\"when\":{\"x\":[1]},\"logs\":[{\"next\":5,\"log_id\":\"" FIRST "\","
	    "\"colour\":[\"q\"],\"gaps\":[]}],\"message_type\":\"mark\",\"more\":null}")) == NULL);
	CHECK(m.n == 1 && mark_find(&m, first)->next == 5);
	mark_free(&m);
}

static void
an_empty_tree_is_told_from_none(void)
{
	struct mark m;

	mark_init(&m);
	CHECK(parse(&m, SPAN(MARK LOG "0,\"nodes\":\"\"}]}")) == NULL);
	CHECK(mark_find(&m, first)->has_tree && mark_find(&m, first)->tree.n == 0);
	CHECK(parse(&m, SPAN(MARK LOG "0}]}")) == NULL);
	CHECK(!mark_find(&m, first)->has_tree);
	mark_free(&m);
}

static void
a_reason_that_is_too_long_is_cut(void)
{
	struct buf text = { 0 };
	struct mark m;

	mark_init(&m);
	buf_puts(&text, MARK LOG "9,\"gaps\":[{\"from\":1,\"to\":2,\"tree_size\":9,\"root\":\"" FIRST
	    "\",\"reason\":\"");
	for (int i = 0; i < 1000; i++)
		buf_puts(&text, "\\u0061");
	buf_puts(&text, "\"}]}]}");
	CHECK(parse(&m, buf_span(&text)) == NULL);
	CHECK(strlen(mark_find(&m, first)->gaps[0].reason) == MAX_MARK_REASON - 1);
	buf_free(&text);
	mark_free(&m);
}

/* Parses text and checks that it is refused with a reason that holds `part`. */
static void
refuse(const char *text, const char *part)
{
	struct mark m;
	const char *why;

	mark_init(&m);
	why = parse(&m, span_str(text));
	CHECK(why != NULL && m.n == 0);
	if (why == NULL || strstr(why, part) == NULL) {
		CHECK(!"the reason is the right one");
		printf("# %.200s: \"%s\", not \"%s\"\n", text, why == NULL ? "taken" : why, part);
	}
	mark_free(&m);
}

static void
what_is_not_a_whole_mark_is_refused(void)
{
	refuse("", "it is empty");
	refuse("[]", "not a JSON object");
	refuse("{}", "not a mark record");
	refuse("{\"logs\":[]}", "not a mark record");
	refuse("{\"message_type\":\"entry\",\"logs\":[]}", "not a mark record");
	refuse("{\"message_type\":\"mark\"}", "no logs");
	refuse("{\"message_type\":\"mark\",\"logs\":{}}", "not an array");
	refuse(MARK "]}{}", "follows");
	refuse(MARK "5]}", "not an object");
	refuse(MARK LOG "5},]}", "");
	refuse(MARK LOG "5}]", "");
	refuse(MARK LOG "5", "");
	refuse("\001\377garbage", "not a JSON object");
}

static void
a_newer_version_is_named_whatever_else_it_has(void)
{
	refuse("{\"logs\":5,\"message_type\":\"mark\",\"version\":3}", "up to version 2");
	refuse("{\"message_type\":\"mark\",\"version\":\"x\",\"logs\":[]}", "");
	refuse("{\"message_type\":\"mark\",\"version\":0,\"logs\":[]}", "not a number");
}

static void
it_is_told_where_the_damage_is(void)
{
	static const char text[] = MARK LOG "1}," LOG "-5},{}]}";
	struct mark m;
	size_t at;

	mark_init(&m);
	CHECK(mark_parse(&m, span_str(text), &at) != NULL);
	CHECK(at == (size_t)(strstr(text, "-5") - text));
	CHECK(mark_parse(&m, SPAN("{\"message_type\":\"mark\",\"logs\""), &at) != NULL && at == 29);
	CHECK(mark_parse(&m, SPAN(""), &at) != NULL && at == 0);
}

static void
a_log_without_a_valid_place_is_refused(void)
{
	refuse(MARK "{\"next\":1}]}", "no log_id");
	refuse(MARK "{\"log_id\":\"" FIRST "\"}]}", "no next");
	refuse(MARK "{\"log_id\":\"AQ==\",\"next\":1}]}", "no log_id");
	refuse(MARK "{\"log_id\":\"" TWO "\",\"next\":1}]}", "no log_id");
	refuse(MARK "{\"log_id\":7,\"next\":1}]}", "no log_id");
	refuse(MARK LOG "-1}]}", "no next");
	refuse(MARK LOG "1.5}]}", "no next");
	refuse(MARK LOG "\"1\"}]}", "no next");
	refuse(MARK LOG "9223372036854775808}]}", "no next");
	refuse(MARK LOG "1}," LOG "2}]}", "twice");
}

static void
nodes_that_are_not_those_of_the_place_are_refused(void)
{
	refuse(MARK LOG "3,\"nodes\":\"" ONE "\"}]}", "as many");
	refuse(MARK LOG "2,\"nodes\":\"" TWO "\"}]}", "as many");
	refuse(MARK LOG "1,\"nodes\":\"\"}]}", "as many");
	refuse(MARK LOG "1,\"nodes\":\"AQ==\"}]}", "as many");
	refuse(MARK LOG "1,\"nodes\":\"AQ\"}]}", "base64");
	refuse(MARK LOG "1,\"nodes\":[]}]}", "base64");
}

#define HEAD LOG "1,\"head\":"

static void
a_head_that_is_not_whole_is_refused(void)
{
	refuse(MARK HEAD "1}]}", "not an object");
	refuse(MARK HEAD "{\"timestamp\":1,\"root\":\"" ONE "\",\"signature\":\"YQ==\"}}]}", "not whole");
	refuse(MARK HEAD "{\"tree_size\":1,\"root\":\"" ONE "\",\"signature\":\"YQ==\"}}]}", "not whole");
	refuse(MARK HEAD "{\"tree_size\":1,\"timestamp\":1,\"signature\":\"YQ==\"}}]}", "not whole");
	refuse(MARK HEAD "{\"tree_size\":1,\"timestamp\":1,\"root\":\"" ONE "\"}}]}", "not whole");
	refuse(MARK HEAD "{\"tree_size\":1,\"timestamp\":1,\"root\":\"" ONE "\",\"signature\":\"\"}}]}",
	    "not whole");
	refuse(MARK HEAD "{\"tree_size\":9223372036854775808,\"timestamp\":1,\"root\":\"" ONE
	    "\",\"signature\":\"YQ==\"}}]}", "not whole");
	refuse(MARK HEAD "{\"tree_size\":1,\"timestamp\":1,\"root\":\"" TWO
	    "\",\"signature\":\"YQ==\"}}]}", "not whole");
}

#define GAPS LOG "9,\"gaps\":"
#define UNDER "\"tree_size\":9,\"root\":\"" ONE "\"}"

static void
gaps_that_cannot_be_are_refused(void)
{
	refuse(MARK GAPS "{}}]}", "not an array");
	refuse(MARK GAPS "[7]}]}", "not an object");
	refuse(MARK GAPS "[{\"from\":1," UNDER "]}]}", "not whole");
	refuse(MARK GAPS "[{\"to\":1," UNDER "]}]}", "not whole");
	refuse(MARK GAPS "[{\"from\":1,\"to\":2,\"root\":\"" ONE "\"}]}]}", "not whole");
	refuse(MARK GAPS "[{\"from\":1,\"to\":2,\"tree_size\":9}]}]}", "not whole");
	refuse(MARK GAPS "[{\"from\":2,\"to\":2," UNDER "]}]}", "not a range");
	refuse(MARK GAPS "[{\"from\":1,\"to\":2,\"tree_size\":1,\"root\":\"" ONE "\"}]}]}", "not a range");
	refuse(MARK GAPS "[{\"from\":3,\"to\":4,\"nodes\":\"" ONE "\"," UNDER "]}]}", "as many");
	refuse(MARK GAPS "[{\"from\":3,\"to\":5," UNDER ",{\"from\":4,\"to\":6," UNDER "]}]}", "order");
	refuse(MARK GAPS "[{\"from\":3,\"to\":4," UNDER ",{\"from\":1,\"to\":2," UNDER "]}]}", "order");
	refuse(MARK LOG "3,\"gaps\":[{\"from\":2,\"to\":4," UNDER "]}]}", "beyond");
}

static void
more_than_a_log_can_owe_is_refused(void)
{
	struct buf text = { 0 };

	buf_puts(&text, MARK LOG "999,\"gaps\":[");
	for (int i = 0; i <= MAX_MARK_GAPS; i++)
		buf_putf(&text, "%s{\"from\":%d,\"to\":%d,\"tree_size\":999,\"root\":\"" ONE "\"}",
		    i > 0 ? "," : "", i * 2, i * 2 + 1);
	buf_puts(&text, "]}]}");
	refuse(buf_str(&text), "too many gaps");
	buf_free(&text);
}

static void
more_logs_than_there_can_be_are_refused(void)
{
	struct buf text = { 0 };
	uint8_t id[HASH_SHA256] = { 0 };

	buf_puts(&text, MARK);
	for (int i = 0; i <= MAX_MARK_LOGS; i++) {
		id[0] = (uint8_t)(i >> 8);
		id[1] = (uint8_t)i;
		buf_puts(&text, i > 0 ? ",{\"log_id\":\"" : "{\"log_id\":\"");
		b64_put(&text, span_of(id, sizeof(id)));
		buf_puts(&text, "\",\"next\":0}");
	}
	buf_puts(&text, "]}");
	refuse(buf_str(&text), "too many logs");
	buf_free(&text);
}

int
main(void)
{
	RUN(a_mark_is_written_sorted_by_log_id);
	RUN(everything_that_is_known_of_a_log_is_written);
	RUN(what_was_written_is_read_back);
	RUN(a_log_that_is_set_again_is_replaced_with_its_gaps);
	RUN(what_could_not_be_read_again_is_not_set);
	RUN(what_is_still_looked_for_is_written_and_read_back);
	RUN(marks_of_the_first_version_are_read);
	RUN(members_of_other_programs_are_passed_over);
	RUN(an_empty_tree_is_told_from_none);
	RUN(a_reason_that_is_too_long_is_cut);
	RUN(what_is_not_a_whole_mark_is_refused);
	RUN(a_newer_version_is_named_whatever_else_it_has);
	RUN(it_is_told_where_the_damage_is);
	RUN(a_log_without_a_valid_place_is_refused);
	RUN(nodes_that_are_not_those_of_the_place_are_refused);
	RUN(a_head_that_is_not_whole_is_refused);
	RUN(gaps_that_cannot_be_are_refused);
	RUN(more_than_a_log_can_owe_is_refused);
	RUN(more_logs_than_there_can_be_are_refused);
	return unit_end();
}

/* ct/loglist: log lists of Google, Apple and others. */
#include "unit.h"

#include "corpus.h"
#include "ct/loglist.h"
#include "ct/loglist_key.h"
#include "ct/loglist_merge.h"
#include "ct/loglist_url.h"
#include "cut.h"
#include "enc/date.h"
#include "hex.h"

static struct hash *hash;

/* The keys of these logs are just texts: nothing here looks into them. */
#define ONE "\"key\":\"b25l\",\"log_id\":\"dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z/0Me0=\""
#define TWO "\"key\":\"dHdv\",\"log_id\":\"P8TM/nRYcOLA2Z9x8w/wZWyN7dQcwdfT03aw2+aF4vM=\""
#define LIST(logs, tiled) "{\"operators\":[{\"name\":\"Op\",\"logs\":[" logs "]," \
	"\"tiled_logs\":[" tiled "]}]}"
#define URL "\"url\":\"https://log.example.org/2026\""

static void
check_one(const char *json, const char *why)
{
	struct loglist list;

	CHECK(loglist_parse(span_str(json), 0, hash, &list) == NULL);
	CHECK(list.n + list.skipped_n == 1);
	CHECK_TEXT(span_str(list.skipped_n == 1 ? list.skipped[0].why : "(good)"), why);
	loglist_free(&list);
}

static void
a_log_has_its_operator_and_its_url(void)
{
	struct loglist list;
	const struct loglist_log *log = NULL;

	CHECK(loglist_parse(SPAN("{\"version\":\"1.2\",\"log_list_timestamp\":"
	    "\"2026-05-29T13:42:48Z\",\"operators\":[{\"name\":\"Op\",\"email\":[],\"logs\":[{"
	    "\"description\":\"Op '2026'\"," ONE "," URL ",\"mmd\":86400,\"new\":{},"
	    "\"state\":{\"usable\":{\"timestamp\":\"2024-02-29T00:00:01Z\"}},"
	    "\"temporal_interval\":{\"start_inclusive\":\"2026-01-01T00:00:00Z\","
	    "\"end_exclusive\":\"2026-07-01T00:00:00Z\"}}]}]}"), 0, hash, &list) == NULL);
	CHECK_TEXT(span_str(list.version), "1.2");
	CHECK(list.timestamp == 1780062168);
	CHECK(list.n == 1 && list.skipped_n == 0);
	if (list.n == 1)
		log = &list.logs[0];
	CHECK(log != NULL && log->type == LOGLIST_RFC6962 && log->use == LOGLIST_PROD);
	CHECK(log != NULL && log->state == LOGLIST_USABLE && log->state_time == 1709164801);
	CHECK(log != NULL && log->mmd == 86400 && !log->has_final && log->has_interval);
	CHECK(log != NULL && log->start == 1767225600 && log->end == 1782864000);
	if (log != NULL) {
		CHECK_TEXT(log->key, "one");
		CHECK_TEXT(span_str(log->description), "Op '2026'");
		CHECK_TEXT(span_str(log->operator), "Op");
		CHECK_TEXT(span_str(log->url), "https://log.example.org/2026/");
		CHECK_TEXT(span_str(log->submission_url), "https://log.example.org/2026/");
	}
	loglist_free(&list);
}

static void
a_tiled_log_is_read_at_its_monitoring_url(void)
{
	struct loglist list;

	CHECK(loglist_parse(SPAN(LIST("", "{" ONE ",\"submission_url\":\"https://a.test//\","
	    "\"monitoring_url\":\"https://b.test/x\",\"log_type\":\"monitoring_only\"}")), 0, hash,
	    &list) == NULL);
	CHECK(list.n == 1);
	if (list.n == 1) {
		CHECK(list.logs[0].type == LOGLIST_TILED);
		CHECK(list.logs[0].use == LOGLIST_MONITORING);
		CHECK(list.logs[0].state == LOGLIST_NONE);
		CHECK_TEXT(span_str(list.logs[0].url), "https://b.test/x/");
		CHECK_TEXT(span_str(list.logs[0].submission_url), "https://a.test/");
		CHECK_TEXT(span_str(list.logs[0].description), "https://b.test/x/");
	}
	loglist_free(&list);
}

static void
a_readonly_log_has_its_last_head(void)
{
	struct loglist list;

	CHECK(loglist_parse(SPAN(LIST("{" ONE "," URL ",\"state\":{\"readonly\":{\"timestamp\":"
	    "\"2026-01-01T00:00:00Z\",\"final_tree_head\":{\"tree_size\":7,\"sha256_root_hash\":"
	    "\"dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z/0Me0=\"}}}}", "")), 0, hash, &list) == NULL);
	CHECK(list.n == 1);
	if (list.n == 1) {
		CHECK(list.logs[0].state == LOGLIST_READONLY);
		CHECK(list.logs[0].has_final && list.logs[0].final_size == 7);
		CHECK(memcmp(list.logs[0].final_root, list.logs[0].id, TREE_HASH) == 0);
		CHECK_TEXT(span_str(loglist_state_name(list.logs[0].state)), "readonly");
	}
	loglist_free(&list);
}

static void
of_several_states_the_furthest_counts(void)
{
	struct loglist list;

	CHECK(loglist_parse(SPAN(LIST("{" ONE "," URL ",\"state\":{\"usable\":{\"timestamp\":"
	    "\"2026-02-01T00:00:00Z\"},\"qualified\":{\"timestamp\":\"2026-01-01T00:00:00Z\"},"
	    "\"frozen\":{}}}", "")), 0, hash, &list) == NULL);
	CHECK(list.n == 1);
	CHECK(list.n == 1 && list.logs[0].state == LOGLIST_USABLE);
	CHECK(list.n == 1 && list.logs[0].state_time == 1769904000);
	loglist_free(&list);
}

static void
a_bad_log_is_skipped_with_its_reason(void)
{
	check_one(LIST("7", ""), "log list v3: log is not an object");
	check_one(LIST("{" URL "}", ""), "log list v3: key missing or not base64");
	check_one(LIST("{" URL ",\"key\":\"!\"}", ""), "log list v3: key missing or not base64");
	check_one(LIST("{" URL ",\"key\":\"b25l\"}", ""),
	    "log list v3: log_id is not the SHA-256 of key");
	check_one(LIST("{" URL ",\"key\":\"b25l\",\"log_id\":\"b25l\"}", ""),
	    "log list v3: log_id is not the SHA-256 of key");
	check_one(LIST("{" ONE "}", ""), "log list v3: url missing");
	check_one(LIST("{" ONE ",\"url\":\"\"}", ""), "log list v3: url missing");
	check_one(LIST("", "{" ONE "," URL "}"),
	    "log list v3: submission_url or monitoring_url missing");
	check_one(LIST("{" ONE "," URL ",\"monitoring_url\":\"https://b.test/\"}", ""),
	    "log list v3: a log has the URLs of both protocols");
	check_one("{\"operators\":[{\"logs\":[{" ONE "," URL "}]}]}",
	    "log list v3: operator has no name");
}

static void
a_url_is_an_https_prefix_with_a_host(void)
{
#define WITH(url) LIST("{" ONE ",\"url\":\"" url "\"}", "")
	check_one(WITH("https://log.test"), "(good)");
	check_one(WITH("HTTPS://log.test:8443/a/b///"), "(good)");
	check_one(WITH("https://notexample.com/"), "(good)");
	check_one(WITH("http://log.test/"), "log list v3: URL is not https");
	check_one(WITH("file:///etc/"), "log list v3: URL is not https");
	check_one(WITH("log.test"), "log list v3: URL is not https");
	check_one(WITH("https://"), "log list v3: URL has no host");
	check_one(WITH("https:///x"), "log list v3: URL has no host");
	check_one(WITH("https://log.test/?a=b"),
	    "log list v3: URL holds a character that is not allowed");
	check_one(WITH("https://me@log.test/"),
	    "log list v3: URL holds a character that is not allowed");
	check_one(WITH("https://log.test/\\n"),
	    "log list v3: URL holds a character that is not allowed");
	check_one(WITH("https://l\xc3\xb6g.test/"),
	    "log list v3: URL holds a character that is not allowed");
	check_one(WITH("https://ct.example.com/bogus/"), "log list v3: placeholder under example.com");
	check_one(WITH("https://EXAMPLE.com"), "log list v3: placeholder under example.com");
	check_one(WITH("https://ct.example.com.:443/"), "log list v3: placeholder under example.com");
	check_one(WITH("https://[2001:db8::1]/"), "(good)");
	check_one(WITH("https://[2001:db8::1]:65535/x"), "(good)");
	check_one(WITH("https://log.test:65536/"), "log list v3: URL has a host or port that is none");
	check_one(WITH("https://log.test:99999999999999999999/"),
	    "log list v3: URL has a host or port that is none");
	check_one(WITH("https://log.test:0/"), "log list v3: URL has a host or port that is none");
	check_one(WITH("https://log.test:/"), "(good)");	/* RFC 3986 3.2.3 */
	check_one(WITH("https://[::1]:/"), "(good)");
	check_one(WITH("https://:/"), "log list v3: URL has a host or port that is none");
	check_one(WITH("https://[]/"), "log list v3: URL has a host or port that is none");
	check_one(WITH("https://[]:443/"), "log list v3: URL has a host or port that is none");
	check_one(WITH("https://log.test:https/"), "log list v3: URL has a host or port that is none");
	check_one(WITH("https://:443/"), "log list v3: URL has a host or port that is none");
	check_one(WITH("https://[2001:db8::1/"), "log list v3: URL has a host or port that is none");
	check_one(WITH("https://[::1]x/"), "log list v3: URL has a host or port that is none");
	check_one(WITH("https://a]b/"), "log list v3: URL has a host or port that is none");
}

static void
other_schemes_are_let_in_when_asked_for(void)
{
	struct loglist list;

	CHECK(loglist_parse(SPAN(LIST("{" ONE ",\"url\":\"http://127.0.0.1:8080\"}",
	    "{" TWO ",\"submission_url\":\"file:///srv/log\",\"monitoring_url\":\"file:///srv/log\"}")),
	    LOGLIST_ANY_SCHEME, hash, &list) == NULL);
	CHECK(list.n == 2);
	if (list.n == 2) {
		CHECK_TEXT(span_str(list.logs[0].url), "http://127.0.0.1:8080/");
		CHECK_TEXT(span_str(list.logs[1].url), "file:///srv/log/");
	}
	loglist_free(&list);
}

static void
a_bad_log_does_not_spoil_the_others(void)
{
	struct loglist list;

	CHECK(loglist_parse(SPAN("{\"operators\":[{\"name\":\"A\",\"logs\":[{" ONE "," URL "},null,{"
	    ONE "," URL ",\"description\":\"again\"}]},7,{\"name\":\"B\"},{\"name\":\"C\","
	    "\"logs\":{},\"tiled_logs\":[{" TWO ",\"submission_url\":\"https://a.test\","
	    "\"monitoring_url\":\"https://b.test\"}]}]}"), 0, hash, &list) == NULL);
	CHECK(list.n == 2 && list.skipped_n == 3);
	if (list.skipped_n == 3) {
		CHECK_TEXT(span_str(list.skipped[0].name), "log 1 of A");
		CHECK_TEXT(span_str(list.skipped[1].name), "again");
		CHECK_TEXT(span_str(list.skipped[1].why), "log list v3: log_id twice");
		CHECK_TEXT(span_str(list.skipped[2].name), "logs of C");
		CHECK_TEXT(span_str(list.skipped[2].why), "log list v3: not an array of logs");
	}
	loglist_free(&list);
}

static void
a_last_head_that_cannot_be_read_is_noted(void)
{
	static const char *const sizes[] = { "\"20\"", "-1", "null", "1.5", "9007199254740993",
		"18446744073709551616", "1e30", "{}" };
	struct loglist list;
	char json[1024];

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		snprintf(json, sizeof(json), LIST("{" ONE "," URL ",\"state\":{\"readonly\":{"
		    "\"final_tree_head\":{\"tree_size\":%s,\"sha256_root_hash\":"
		    "\"dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z/0Me0=\"}}}}", ""), sizes[i]);
		CHECK(loglist_parse(span_str(json), 0, hash, &list) == NULL);
		CHECK(list.n == 1 && list.logs[0].state == LOGLIST_READONLY && !list.logs[0].has_final &&
		    list.skipped_n == 1 && list.skipped[0].why == loglist_odd_final);
		loglist_free(&list);
	}
	check_one(LIST("{" ONE "," URL ",\"state\":{\"readonly\":{\"final_tree_head\":null}}}", ""), "(good)");
}

static void
a_state_and_a_date_that_cannot_be_read_are_noted(void)
{
	static const char *const odd[] = { "{\"frozen\":{}}", "\"usable\"", "7", "[]" };
	static const char *const none[] = { "null", "{}" };
	struct loglist list;
	char json[1024];

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		snprintf(json, sizeof(json), LIST("{" ONE "," URL ",\"state\":%s}", ""), odd[i]);
		CHECK(loglist_parse(span_str(json), 0, hash, &list) == NULL);
		CHECK(list.n == 1 && list.logs[0].state == LOGLIST_NONE && list.skipped_n == 1 &&
		    list.skipped[0].why == loglist_odd_state);
		loglist_free(&list);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		snprintf(json, sizeof(json), LIST("{" ONE "," URL ",\"state\":%s}", ""), none[i]);
		check_one(json, "(good)");
	}
	check_one("{\"log_list_timestamp\":5,\"operators\":[]}", "log list v3: a date that cannot be read");
	check_one("{\"log_list_timestamp\":\"2026-13-01T00:00:00Z\",\"operators\":[]}",
	    "log list v3: a date that cannot be read");
}

static void
a_long_name_is_cut(void)
{
	struct loglist list;
	struct buf json = { 0 };

	buf_puts(&json, "{\"operators\":[{\"name\":\"");
	for (unsigned i = 0; i < MAX_LOGLIST_NAME; i++)
		buf_puts(&json, "\xc3\xbc");
	buf_puts(&json, "\",\"logs\":[{" ONE "," URL ",\"description\":\"");
	for (unsigned i = 0; i <= MAX_LOGLIST_NAME; i++)
		buf_putc(&json, 'x');
	buf_puts(&json, "\"}]}]}");
	CHECK(loglist_parse(buf_span(&json), 0, hash, &list) == NULL);
	CHECK(list.n == 1 && strlen(list.logs[0].description) == MAX_LOGLIST_NAME &&
	    strlen(list.logs[0].operator) == MAX_LOGLIST_NAME);
	loglist_free(&list);
	buf_free(&json);
}

/* Reads two versions of a list and lets the second keep of the first; returns how many logs that were. */
static size_t
keep(struct loglist *now, const char *first, const char *second)
{
	struct loglist before;
	size_t n;

	CHECK(loglist_parse(span_str(first), 0, hash, &before) == NULL);
	CHECK(loglist_parse(span_str(second), 0, hash, now) == NULL);
	n = loglist_keep(now, &before);
	loglist_free(&before);
	return n;
}

#define USABLE(key) "{" key "," URL ",\"description\":\"a\",\"state\":{\"usable\":{}}}"
#define ONE_ID "\"log_id\":\"dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z/0Me0=\""

static void
a_log_whose_entry_is_damaged_stays_as_it_was(void)
{
	static const char *const damaged[] = {
		"{" ONE ",\"url\":5}", "{" URL "," ONE_ID "}", "{" URL "," ONE_ID ",\"key\":\"dHdv\"}",
		"{" URL ",\"key\":\"b25l\"}", "{" ONE ",\"url\":\"ftp://x/\"}",
	};
	struct loglist list;
	char json[1024];

	for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
		snprintf(json, sizeof(json), LIST("%s", ""), damaged[i]);
		CHECK(keep(&list, LIST(USABLE(ONE), ""), json) == 1);
		CHECK(list.n == 1);
		if (list.n == 1) {
			CHECK(list.logs[0].state == LOGLIST_USABLE);
			CHECK_TEXT(list.logs[0].key, "one");
			CHECK_TEXT(span_str(list.logs[0].description), "a");
			CHECK_TEXT(span_str(list.logs[0].operator), "Op");
			CHECK_TEXT(span_str(list.logs[0].url), "https://log.example.org/2026/");
			CHECK_TEXT(span_str(list.logs[0].submission_url), "https://log.example.org/2026/");
		}
		loglist_free(&list);
	}
}

static void
a_log_in_a_state_that_is_not_known_keeps_the_one_before(void)
{
	struct loglist list;

	CHECK(keep(&list, LIST(USABLE(ONE), ""), LIST("{" ONE ",\"url\":\"https://new.test/\",\"state\":"
	    "{\"frozen\":{}}}", "")) == 1);
	CHECK(list.n == 1 && list.logs[0].state == LOGLIST_USABLE);
	if (list.n == 1)
		CHECK_TEXT(span_str(list.logs[0].url), "https://new.test/");
	loglist_free(&list);
}

static void
what_is_gone_from_a_list_is_not_kept(void)
{
	static const char *const gone[] = {
		LIST("", ""), LIST(USABLE(TWO), ""), LIST("{" ONE ",\"url\":\"https://ct.example.com/\"}", ""),
		LIST("{" ONE "," URL "}", ""), LIST(USABLE(TWO) ",{" TWO "}", ""),
	};
	struct loglist list;

	for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++) {
		CHECK(keep(&list, LIST(USABLE(ONE), ""), gone[i]) == 0);
		CHECK(list.n == 0 || list.logs[0].state != LOGLIST_USABLE || list.logs[0].key.p[0] == 't');
		loglist_free(&list);
	}
	/* The second entry of a log says nothing about the first. */
	CHECK(keep(&list, LIST("{" ONE "," URL ",\"state\":{\"rejected\":{}}}", ""),
	    LIST(USABLE(ONE) ",{" ONE "," URL "}", "")) == 0);
	CHECK(list.n == 1 && list.logs[0].state == LOGLIST_USABLE);
	loglist_free(&list);
}

static void
what_is_no_json_is_told_by_its_place(void)
{
	struct loglist list;

	CHECK(loglist_parse(SPAN("{\"operators\":[],,}"), 0, hash, &list) == loglist_not_json);
	CHECK(list.broken_at >= 15 && list.broken_at <= 17);
	loglist_free(&list);
	CHECK(loglist_may_be(SPAN(" \r\n\t{")));
	CHECK(!loglist_may_be(SPAN("<html>")));
	CHECK(!loglist_may_be(SPAN("  ")));
	CHECK(!loglist_may_be(SPAN("")));
}

static void
a_kind_of_log_that_is_not_known_is_left_out_and_named(void)
{
	struct loglist list;

	CHECK(loglist_parse(SPAN("{\"operators\":[{\"name\":\"A\",\"email\":[\"a@b.test\"],"
	    "\"previous\":[{\"name\":\"B\"}],\"logs\":[{" ONE "," URL "}],\"paper_logs\":[{" TWO
	    ",\"shelf\":7}]}]}"), 0, hash, &list) == NULL);
	CHECK(list.n == 1 && list.skipped_n == 1);
	if (list.skipped_n == 1) {
		CHECK_TEXT(span_str(list.skipped[0].name), "paper_logs of A");
		CHECK_TEXT(span_str(list.skipped[0].why), "log list v3: a kind of log that is not known");
	}
	loglist_free(&list);
}

static void
only_placeholders_are_marked_as_such(void)
{
	struct loglist list;

	CHECK(loglist_parse(SPAN(LIST("{" ONE ",\"url\":\"https://ct.example.com/bogus/\"},"
	    "{" TWO ",\"url\":\"ftp://log.test/\"}", "")), 0, hash, &list) == NULL);
	CHECK(list.skipped_n == 2 && list.skipped[0].placeholder && !list.skipped[1].placeholder);
	loglist_free(&list);
}

#define NAMED(key, name, state) "{" key ",\"description\":\"" name "\",\"url\":\"https://" name \
	".test/\",\"state\":{\"" state "\":" FINAL "}}"
#define FINAL "{\"timestamp\":\"2026-01-01T00:00:00Z\",\"final_tree_head\":{\"tree_size\":7," \
	"\"sha256_root_hash\":\"dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z/0Me0=\"}}"

/* Merges two lists, whose logs are the texts first and second. */
static void
merge(struct loglist *merged, struct loglist lists[2], const char *first, const char *second)
{
	const struct loglist *const both[] = { &lists[0], &lists[1] };

	CHECK(loglist_parse(span_str(first), 0, hash, &lists[0]) == NULL);
	CHECK(loglist_parse(span_str(second), 0, hash, &lists[1]) == NULL);
	loglist_merge(merged, both, 2);
}

static void
merge_free(struct loglist *merged, struct loglist lists[2])
{
	loglist_free(merged);
	loglist_free(&lists[0]);
	loglist_free(&lists[1]);
}

static void
merged_lists_have_each_log_once_named_by_the_first(void)
{
	struct loglist lists[2], merged;

	merge(&merged, lists, LIST(NAMED(ONE, "a", "usable"), ""),
	    LIST(NAMED(TWO, "b", "usable") "," NAMED(ONE, "c", "usable"), ""));
	CHECK(merged.n == 2);
	if (merged.n == 2) {
		CHECK_TEXT(span_str(merged.logs[0].description), "a");
		CHECK_TEXT(span_str(merged.logs[0].url), "https://a.test/");
		CHECK_TEXT(span_str(merged.logs[1].description), "b");
		CHECK(loglist_find(&merged, lists[0].logs[0].id) == &merged.logs[0]);
		CHECK(loglist_find(&merged, lists[1].logs[0].id) == &merged.logs[1]);
	}
	merge_free(&merged, lists);
}

static void
a_log_in_several_lists_is_in_the_state_that_goes_on_longest(void)
{
	static const struct {
		const char *first, *second;
		enum loglist_state state;
		bool has_final;
	} cases[] = {
		{ LIST(NAMED(ONE, "a", "rejected"), ""), LIST(NAMED(ONE, "b", "usable"), ""),
		    LOGLIST_USABLE, false },
		{ LIST(NAMED(ONE, "a", "usable"), ""), LIST(NAMED(ONE, "b", "rejected"), ""),
		    LOGLIST_USABLE, false },
		{ LIST(NAMED(ONE, "a", "retired"), ""), LIST(NAMED(ONE, "b", "readonly"), ""),
		    LOGLIST_READONLY, true },
		{ LIST(NAMED(ONE, "a", "readonly"), ""), LIST(NAMED(ONE, "b", "qualified"), ""),
		    LOGLIST_QUALIFIED, false },
		{ LIST("{" ONE "," URL ",\"state\":{\"readonly\":{}}}", ""),
		    LIST(NAMED(ONE, "b", "readonly"), ""), LOGLIST_READONLY, true },
		{ LIST("{" ONE "," URL ",\"log_type\":\"test\",\"state\":{\"usable\":{}}}", ""),
		    LIST(NAMED(ONE, "b", "pending"), ""), LOGLIST_PENDING, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct loglist lists[2], merged;

		merge(&merged, lists, cases[i].first, cases[i].second);
		CHECK(merged.n == 1);
		CHECK(merged.n == 1 && merged.logs[0].state == cases[i].state);
		CHECK(merged.n == 1 && merged.logs[0].has_final == cases[i].has_final);
		CHECK(!cases[i].has_final || (merged.logs[0].final_size == 7 &&
		    memcmp(merged.logs[0].final_root, merged.logs[0].id, TREE_HASH) == 0));
		merge_free(&merged, lists);
	}
}

static void
a_long_operator_name_is_cut_between_characters(void)
{
	struct loglist list;

	CHECK(loglist_parse(SPAN("{\"operators\":[{\"name\":\"0123456789012345678901234567890"
	    "\xc3\xbcx\",\"logs\":[{}]}]}"), 0, hash, &list) == NULL);
	CHECK(list.skipped_n == 1);
	if (list.skipped_n == 1)
		CHECK_TEXT(span_str(list.skipped[0].name), "log 0 of 0123456789012345678901234567890");
	loglist_free(&list);
}

static void
text_that_is_not_a_list_gives_a_reason_and_no_logs(void)
{
	static const char *const bad[] = {
		"", "null", "[]", "{", "{}", "{\"operators\":{}}", "<html>",
		"{\"operators\":[]} x", "{\"operators\":[],\"version\":\"\\u0000\"}",
	};
	struct loglist list;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CHECK(loglist_parse(span_str(bad[i]), 0, hash, &list) != NULL);
		CHECK(list.n == 0 && list.skipped_n == 0);
		loglist_free(&list);
	}
	CHECK(loglist_parse(SPAN("{\"operators\":[]}"), 0, hash, &list) == NULL);
	CHECK(list.n == 0 && *list.version == '\0' && list.timestamp == 0);
	loglist_free(&list);
}

static void
refuse(struct span cut)
{
	struct loglist list;

	CHECK(loglist_parse(cut, 0, hash, &list) != NULL);
	loglist_free(&list);
}

static void
a_list_cut_anywhere_is_refused(void)
{
	cut_each(SPAN(LIST("{" ONE "," URL ",\"state\":{\"usable\":{\"timestamp\":"
	    "\"2026-02-01T00:00:00Z\"}}}", "")), refuse);
}

static void
dates_are_read_with_fractions_and_offsets(void)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} good[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "2000-02-29T23:59:60Z", 951868800 },
		{ "1969-12-31T23:59:59.999Z", -1 },
		{ "2025-08-11T12:33:27+01:00", 1754912007 },
		{ "2025-08-11T12:33:27-00:30", 1754917407 },
		{ "9999-12-31T23:59:59Z", 253402300799 },
	};
	static const char *const bad[] = {
		"", "2025-08-11", "2025-02-29T00:00:00Z", "2025-13-01T00:00:00Z", "0000-01-01T00:00:00Z",
		"2025-08-11T24:00:00Z", "2025-08-11T12:33:27", "2025-08-11T12:33:27ZZ",
		"2025-08-11 12:33:27Z", "2025-08-11T12:33:27+0100", "2025-08-11T12:33:27+01:60",
		"25-08-11T12:33:27Z", "2025-08-11T12:33:27.", "+025-08-11T12:33:27Z",
	};
	int64_t t = 42;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(!date_parse(span_str(bad[i]), &t) && t == 42);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		CHECK(date_parse(span_str(good[i].text), &t) && t == good[i].seconds);
}

/* How many logs of one kind a list has in each state, in the order of enum loglist_state. */
struct census {
	size_t none, pending, qualified, usable, readonly, retired, rejected;
};

static struct census
take_census(const struct loglist *list, enum loglist_type type)
{
	size_t n[LOGLIST_REJECTED + 1] = { 0 };

	for (size_t i = 0; i < list->n; i++)
		n[list->logs[i].state] += list->logs[i].type == type;
	return (struct census){ n[0], n[1], n[2], n[3], n[4], n[5], n[6] };
}

static void
check_census(const char *name, const char *kind, struct census got, struct census want)
{
	CHECK(memcmp(&got, &want, sizeof(got)) == 0);
	if (memcmp(&got, &want, sizeof(got)) != 0)
		printf("# %s: %s: { %zu, %zu, %zu, %zu, %zu, %zu, %zu }\n", name, kind, got.none,
		    got.pending, got.qualified, got.usable, got.readonly, got.retired, got.rejected);
}

static void
every_list_of_the_corpus_is_read(void)
{
	/* The counts are those of another JSON reader, less the logs that are left out. */
	static const struct {
		const char *name;
		struct census rfc6962, tiled;
		size_t skipped;
	} lists[] = {
		{ "apple-current_log_list.json", { 0, 0, 0, 27, 6, 0, 102 },
		    { 0, 1, 0, 24, 0, 0, 6 }, 0 },
		{ "bimi-v3-approved_logs_list.json", { 0, 0, 0, 1, 0, 0, 0 }, { 0 }, 0 },
		{ "crtsh-v3-active_logs_list.json", { 71, 0, 0, 0, 0, 0, 0 },
		    { 81, 0, 0, 0, 0, 0, 0 }, 0 },
		{ "crtsh-v3-all_logs_list.json", { 196, 0, 0, 0, 0, 0, 0 },
		    { 112, 0, 0, 0, 0, 0, 0 }, 1 },
		{ "google-v3-all_logs_list-50.19.json", { 28, 0, 0, 46, 1, 1, 88 },
		    { 9, 0, 0, 0, 0, 0, 1 }, 1 },
		{ "google-v3-all_logs_list-53.34.json", { 28, 10, 0, 33, 1, 3, 99 },
		    { 6, 0, 0, 0, 0, 0, 0 }, 1 },
		{ "google-v3-all_logs_list-54.12.json", { 28, 5, 5, 33, 1, 3, 99 },
		    { 6, 3, 0, 0, 0, 0, 0 }, 1 },
		{ "google-v3-all_logs_list.json", { 7, 0, 0, 21, 2, 1, 9 },
		    { 32, 16, 6, 16, 0, 0, 5 }, 2 },
		{ "google-v3-log_list-54.12.json", { 0, 0, 5, 33, 1, 3, 0 }, { 0 }, 0 },
		{ "google-v3-log_list-80.14.json", { 0, 0, 3, 33, 9, 2, 0 },
		    { 0, 0, 2, 24, 0, 0, 0 }, 2 },
		{ "google-v3-log_list-81.14.json", { 0, 0, 0, 36, 9, 2, 0 },
		    { 0, 0, 1, 25, 0, 0, 0 }, 2 },
		{ "google-v3-log_list-85.92.json", { 0, 0, 0, 27, 4, 2, 0 },
		    { 0, 0, 0, 21, 0, 0, 0 }, 2 },
		{ "mimics-log_mimics_list.json", { 0 }, { 0 }, 2 },
		{ "mozilla-v3-known_logs_list.json", { 0 }, { 0 }, 48 },
		{ "test/ct-go-loglist3.json", { 1, 0, 1, 2, 1, 1, 0 }, { 0 }, 0 },
		{ "test/log_list_no_operator_name.json", { 0, 0, 4, 12, 0, 3, 0 }, { 0 }, 10 },
		{ "test/log_list_tiled_logs.json", { 0, 0, 5, 33, 0, 3, 0 },
		    { 0, 0, 3, 0, 0, 0, 0 }, 0 },
		{ "test/log_list_valid_until.json", { 0, 0, 1, 2, 0, 1, 0 }, { 0 }, 0 },
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct loglist list;
		char name[128];
		struct buf b;

		buf_init(&b);
		snprintf(name, sizeof(name), "loglists/%s", lists[i].name);
		if (!corpus_read(&b, name))
			SKIP(NO_CORPUS);
		CHECK(loglist_parse(buf_span(&b), 0, hash, &list) == NULL);
		check_census(name, "rfc6962", take_census(&list, LOGLIST_RFC6962), lists[i].rfc6962);
		check_census(name, "tiled", take_census(&list, LOGLIST_TILED), lists[i].tiled);
		CHECK(list.skipped_n == lists[i].skipped);
		loglist_free(&list);
		buf_free(&b);
	}
}

/* Returns how many logs of list are left out for the reason why. */
static size_t
left_out(const struct loglist *list, const char *why)
{
	size_t n = 0;

	for (size_t i = 0; i < list->skipped_n; i++)
		n += strcmp(list->skipped[i].why, why) == 0;
	return n;
}

static void
each_log_left_out_of_a_list_of_the_corpus_has_its_reason(void)
{
	static const struct {
		const char *name, *why;
		size_t n;
	} lists[] = {
		{ "crtsh-v3-all_logs_list.json", "log list v3: URL is not https", 1 },
		{ "google-v3-all_logs_list-50.19.json", "log list v3: URL is not https", 1 },
		{ "google-v3-all_logs_list-53.34.json", "log list v3: URL is not https", 1 },
		{ "google-v3-all_logs_list-54.12.json", "log list v3: URL is not https", 1 },
		{ "google-v3-all_logs_list.json", loglist_url_placeholder, 2 },
		{ "google-v3-log_list-80.14.json", loglist_url_placeholder, 2 },
		{ "google-v3-log_list-81.14.json", loglist_url_placeholder, 2 },
		{ "google-v3-log_list-85.92.json", loglist_url_placeholder, 2 },
		{ "mimics-log_mimics_list.json", loglist_url_placeholder, 2 },
		{ "mozilla-v3-known_logs_list.json", "log list v3: url missing", 26 },
		{ "mozilla-v3-known_logs_list.json",
		    "log list v3: submission_url or monitoring_url missing", 22 },
		{ "test/log_list_no_operator_name.json", "log list v3: operator has no name", 10 },
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct loglist list;
		char name[128];
		struct buf b;

		buf_init(&b);
		snprintf(name, sizeof(name), "loglists/%s", lists[i].name);
		if (!corpus_read(&b, name))
			SKIP(NO_CORPUS);
		CHECK(loglist_parse(buf_span(&b), 0, hash, &list) == NULL);
		CHECK(left_out(&list, lists[i].why) == lists[i].n);
		loglist_free(&list);
		buf_free(&b);
	}
}

static void
what_is_no_list_in_the_corpus_is_refused_with_the_right_reason(void)
{
	static const struct {
		const char *name, *why;
	} files[] = {
		{ "test/log_list_incomplete.json", "log list v3: not JSON" },
		{ "apple-log_list_schema_v4.json", "log list v3: operators missing" },
		{ "google-log_list_schema.json", "log list v3: operators missing" },
		{ "google-v3-log_list-85.92.sig", "log list v3: not JSON" },
		{ "google-v3-log_list_pubkey.pem", "log list v3: not JSON" },
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct loglist list;
		char name[128];
		struct buf b;

		buf_init(&b);
		snprintf(name, sizeof(name), "loglists/%s", files[i].name);
		if (!corpus_read(&b, name))
			SKIP(NO_CORPUS);
		CHECK_TEXT(span_str(loglist_parse(buf_span(&b), 0, hash, &list)), files[i].why);
		CHECK(list.n == 0 && list.skipped_n == 0);
		loglist_free(&list);
		buf_free(&b);
	}
}

static void
each_log_of_the_list_of_may_2026_has_a_key_and_the_readonly_ones_a_last_head(void)
{
	struct loglist list;
	struct buf b;

	buf_init(&b);
	if (!corpus_read(&b, "loglists/google-v3-log_list-85.92.json"))
		SKIP(NO_CORPUS);
	CHECK(loglist_parse(buf_span(&b), 0, hash, &list) == NULL);
	CHECK_TEXT(span_str(list.version), "85.92");
	CHECK(list.timestamp == 1780062168);
	for (size_t i = 0; i < list.n; i++) {
		struct sig_key *key = NULL;

		CHECK(list.logs[i].has_final == (list.logs[i].state == LOGLIST_READONLY));
		CHECK(list.logs[i].has_interval && list.logs[i].start < list.logs[i].end);
		CHECK(sig_key_parse(list.logs[i].key, &key) == NULL);
		sig_key_free(key);
	}
	loglist_free(&list);
	buf_free(&b);
}

static void
lists_that_google_signed_verify_with_the_built_in_key(void)
{
	static const char *const names[] = {
		"google-v3-log_list-85.92", "google-v3-log_list-80.14", "google-v3-all_logs_list",
	};
	struct sig_key *key = loglist_google_key();

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct buf json, sig;
		char name[128];

		buf_init(&json);
		buf_init(&sig);
		snprintf(name, sizeof(name), "loglists/%s.json", names[i]);
		if (!corpus_read(&json, name)) {
			sig_key_free(key);
			SKIP(NO_CORPUS);
		}
		snprintf(name, sizeof(name), "loglists/%s.sig", names[i]);
		CHECK(corpus_read(&sig, name));
		CHECK(loglist_verify(buf_span(&json), buf_span(&sig), key) == NULL);
		json.p[json.n / 2] ^= 1;
		CHECK(loglist_verify(buf_span(&json), buf_span(&sig), key) != NULL);
		CHECK(loglist_verify(buf_span(&json), SPAN(""), key) != NULL);
		buf_free(&json);
		buf_free(&sig);
	}
	sig_key_free(key);
}

static void
the_built_in_key_is_the_published_one(void)
{
	struct sig_key *key = loglist_google_key();
	uint8_t id[HASH_SHA256];

	hash_sha256(hash, sig_key_der(key), id);
	CHECK(hex_is(span_of(id, sizeof(id)),
	    "f1d8b68e50210d8e73d9a3e97f571773c52d7f28c0b1a71beee81d8562e6fd85"));
	sig_key_free(key);
}

int
main(void)
{
	hash = hash_open();
	RUN(a_log_has_its_operator_and_its_url);
	RUN(a_tiled_log_is_read_at_its_monitoring_url);
	RUN(a_readonly_log_has_its_last_head);
	RUN(of_several_states_the_furthest_counts);
	RUN(a_bad_log_is_skipped_with_its_reason);
	RUN(a_url_is_an_https_prefix_with_a_host);
	RUN(other_schemes_are_let_in_when_asked_for);
	RUN(a_bad_log_does_not_spoil_the_others);
	RUN(a_last_head_that_cannot_be_read_is_noted);
	RUN(a_state_and_a_date_that_cannot_be_read_are_noted);
	RUN(a_long_name_is_cut);
	RUN(a_log_whose_entry_is_damaged_stays_as_it_was);
	RUN(a_log_in_a_state_that_is_not_known_keeps_the_one_before);
	RUN(what_is_gone_from_a_list_is_not_kept);
	RUN(what_is_no_json_is_told_by_its_place);
	RUN(a_kind_of_log_that_is_not_known_is_left_out_and_named);
	RUN(only_placeholders_are_marked_as_such);
	RUN(merged_lists_have_each_log_once_named_by_the_first);
	RUN(a_log_in_several_lists_is_in_the_state_that_goes_on_longest);
	RUN(a_long_operator_name_is_cut_between_characters);
	RUN(text_that_is_not_a_list_gives_a_reason_and_no_logs);
	RUN(a_list_cut_anywhere_is_refused);
	RUN(dates_are_read_with_fractions_and_offsets);
	RUN(every_list_of_the_corpus_is_read);
	RUN(each_log_of_the_list_of_may_2026_has_a_key_and_the_readonly_ones_a_last_head);
	RUN(each_log_left_out_of_a_list_of_the_corpus_has_its_reason);
	RUN(what_is_no_list_in_the_corpus_is_refused_with_the_right_reason);
	RUN(lists_that_google_signed_verify_with_the_built_in_key);
	RUN(the_built_in_key_is_the_published_one);
	hash_free(hash);
	return unit_end();
}

/* Fuzz target: log lists. In: any text. Demands that what a list is said to hold is whole and in range. */
#include "base/utf8.h"
#include "ct/loglist.h"
#include "tests/fuzz/judge.h"

static void
check_string(const char *s)
{
	struct span left;

	DEMAND(s != NULL);
	for (left = span_str(s); left.n > 0; left = span_from(left, utf8_length(left)))
		DEMAND(utf8_length(left) > 0);
}

static void
check_log(const struct loglist_log *log)
{
	check_string(log->description);
	check_string(log->operator);
	check_string(log->url);
	check_string(log->submission_url);
	DEMAND(log->url[0] != '\0' && log->url[strlen(log->url) - 1] == '/');
	DEMAND(loglist_state_name(log->state) != NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct hash *h = hash_open();
	struct loglist list;
	const char *why = loglist_parse(span_of(p, n), n & 1 ? LOGLIST_ANY_SCHEME : 0, h, &list);

	DEMAND(why == NULL || (list.n == 0 && list.skipped_n == 0));
	DEMAND(list.n + list.skipped_n <= MAX_LOGLIST_LOGS);
	for (size_t i = 0; i < list.n; i++)
		check_log(&list.logs[i]);
	for (size_t i = 0; i < list.skipped_n; i++)
		check_string(list.skipped[i].name);
	loglist_free(&list);
	hash_free(h);
	return 0;
}

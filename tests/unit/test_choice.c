/* ct-fetch/choice: which logs the globs of -l and their states leave. */
#include "unit.h"

#include "ct-fetch/list/choice.h"

static bool
takes(const char *globs[], size_t n, const char *name, const char *operator)
{
	struct choice c = { .globs = globs, .n = n };

	return choice_matches(&c, name, operator, "https://ct.test/logs/us1/argon2026h1/");
}

static void
without_globs_every_log_is_taken(void)
{
	CHECK(takes(NULL, 0, "anything", "anybody"));
}

static void
a_glob_matches_name_operator_or_url_in_either_case(void)
{
	CHECK(takes((const char *[]){ "*ARGON2026*" }, 1, "Google 'Argon2026h1' log", "Google"));
	CHECK(takes((const char *[]){ "google" }, 1, "Argon", "Google"));
	CHECK(takes((const char *[]){ "*/us1/*" }, 1, "Argon", "Google"));
	CHECK(takes((const char *[]){ "*/argon2026h1" }, 1, "x", "y"));
	CHECK(takes((const char *[]){ "argon2026h1" }, 1, "x", "y"));
	CHECK(!takes((const char *[]){ "argon" }, 1, "Google 'Argon2026h1' log", "Google"));
}

static void
one_matching_glob_is_enough(void)
{
	CHECK(takes((const char *[]){ "xenon*", "argon*" }, 2, "argon", "Google"));
	CHECK(!takes((const char *[]){ "xenon*", "nimbus*" }, 2, "argon", "Google"));
}

static void
an_excluding_glob_wins_wherever_it_stands(void)
{
	CHECK(!takes((const char *[]){ "!*argon*", "google" }, 2, "argon", "Google"));
	CHECK(!takes((const char *[]){ "google", "!*argon*" }, 2, "argon", "Google"));
	CHECK(takes((const char *[]){ "!*xenon*" }, 1, "argon", "Google"));
}

static bool
follows(enum loglist_state state, enum loglist_use use, bool all)
{
	struct choice c = { .all_states = all };
	struct loglist_log l = { .description = "n", .operator = "o", .url = "https://u/",
	    .state = state, .use = use };

	return choice_takes(&c, &l);
}

static void
only_live_logs_are_followed_unless_all_are_asked_for(void)
{
	CHECK(follows(LOGLIST_USABLE, LOGLIST_PROD, false));
	CHECK(follows(LOGLIST_QUALIFIED, LOGLIST_MONITORING, false));
	CHECK(follows(LOGLIST_READONLY, LOGLIST_PROD, false));
	CHECK(!follows(LOGLIST_RETIRED, LOGLIST_PROD, false));
	CHECK(!follows(LOGLIST_REJECTED, LOGLIST_PROD, false));
	CHECK(!follows(LOGLIST_PENDING, LOGLIST_PROD, false));
	CHECK(!follows(LOGLIST_NONE, LOGLIST_PROD, false));
	CHECK(!follows(LOGLIST_USABLE, LOGLIST_TEST, false));
	CHECK(follows(LOGLIST_RETIRED, LOGLIST_PROD, true));
	CHECK(follows(LOGLIST_USABLE, LOGLIST_TEST, true));
}

/* So that several machines can divide the logs among them. */
static void
each_log_is_in_exactly_one_share(void)
{
	struct loglist_log l = { .description = "n", .operator = "o", .url = "https://u/",
	    .state = LOGLIST_USABLE };

	for (unsigned id = 0; id < 200; id++) {
		unsigned shares = 0;

		l.id[7] = (uint8_t)id;
		for (unsigned k = 1; k <= 3; k++) {
			struct choice c = { .share = k, .shares = 3 };

			shares += choice_takes(&c, &l);
		}
		CHECK(shares == 1);
	}
}

int
main(void)
{
	RUN(without_globs_every_log_is_taken);
	RUN(a_glob_matches_name_operator_or_url_in_either_case);
	RUN(one_matching_glob_is_enough);
	RUN(an_excluding_glob_wins_wherever_it_stands);
	RUN(only_live_logs_are_followed_unless_all_are_asked_for);
	RUN(each_log_is_in_exactly_one_share);
	return unit_end();
}

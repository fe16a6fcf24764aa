/* ct-ws/ws/extension: which offers of permessage-deflate are taken, and with what answer. */
#include "unit.h"

#include "ct-ws/ws/extension.h"

#define DEFLATE "permessage-deflate"
#define ANSWER DEFLATE "; client_no_context_takeover"

/* Checks that offers are answered by answer, or by nothing where it is NULL. */
static void
answered(const char *offers, const char *answer)
{
	struct extension e;
	const char *why = extension_choose(span_str(offers), &e);
	bool same = answer == NULL || e.answer == NULL ? e.answer == answer :
	    strcmp(e.answer, answer) == 0;

	CHECK(why == NULL);
	CHECK((e.deflate == EXTENSION_NONE) == (e.answer == NULL));
	CHECK(same);
	if (why != NULL || !same)
		printf("# of \"%s\": %s\n", offers, why != NULL ? why : e.answer);
}

static void
refused(const char *offers)
{
	struct extension e;
	const char *why = extension_choose(span_str(offers), &e);

	CHECK(why != NULL && strncmp(why, "RFC 6455 9.1: ", 14) == 0);
	CHECK(e.deflate == EXTENSION_NONE && e.answer == NULL);
	if (why == NULL)
		printf("# of \"%s\"\n", offers);
}

static void
a_bare_offer_is_taken_with_a_shared_context(void)
{
	struct extension e;

	CHECK(extension_choose(SPAN(DEFLATE), &e) == NULL);
	CHECK(e.deflate == EXTENSION_SHARED);
	answered(DEFLATE, ANSWER);
}

static void
who_wants_no_context_gets_messages_that_stand_alone(void)
{
	struct extension e;

	CHECK(extension_choose(SPAN(DEFLATE "; server_no_context_takeover"), &e) == NULL);
	CHECK(e.deflate == EXTENSION_ALONE);
	answered(DEFLATE "; server_no_context_takeover", ANSWER "; server_no_context_takeover");
}

static void
a_client_without_context_is_what_we_want_anyway(void)
{
	answered(DEFLATE ";client_no_context_takeover", ANSWER);
}

/* What Chromium, Firefox, ws for Node, websockets for Python and gorilla/websocket send. */
static void
offers_of_usual_clients_are_taken(void)
{
	answered("permessage-deflate; client_max_window_bits", ANSWER);
	answered("permessage-deflate", ANSWER);
	answered("permessage-deflate; server_no_context_takeover; client_no_context_takeover",
	    ANSWER "; server_no_context_takeover");
	answered("permessage-deflate; server_max_window_bits=15; client_max_window_bits=12",
	    ANSWER "; server_max_window_bits=15");
}

static void
a_window_that_we_do_not_keep_to_is_declined(void)
{
	answered(DEFLATE "; server_max_window_bits=14", NULL);
	answered(DEFLATE "; server_max_window_bits=8", NULL);
	answered(DEFLATE "; server_no_context_takeover; server_max_window_bits=9", NULL);
	answered(DEFLATE "; server_max_window_bits=15; server_no_context_takeover",
	    ANSWER "; server_no_context_takeover; server_max_window_bits=15");
	answered(DEFLATE "; client_max_window_bits=8", ANSWER);
}

static void
wrong_values_are_declined(void)
{
	static const char *const wrong[] = {
		"server_no_context_takeover=1", "client_no_context_takeover=true",
		"server_max_window_bits", "server_max_window_bits=16", "server_max_window_bits=7",
		"server_max_window_bits=015", "server_max_window_bits=1", "server_max_window_bits=150",
		"client_max_window_bits=16", "client_max_window_bits=08", "client_max_window_bits=x",
		"client_max_window_bits=115", "unknown", "unknown=5",
	};
	char text[200];

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		snprintf(text, sizeof(text), DEFLATE "; %s", wrong[i]);
		answered(text, NULL);
	}
}

static void
a_parameter_that_stands_twice_is_declined(void)
{
	answered(DEFLATE "; client_max_window_bits; client_max_window_bits=9", NULL);
	answered(DEFLATE "; server_no_context_takeover; server_no_context_takeover", NULL);
}

static void
the_first_offer_that_can_be_kept_to_is_taken(void)
{
	answered(DEFLATE "; server_max_window_bits=10, " DEFLATE "; server_no_context_takeover, " DEFLATE,
	    ANSWER "; server_no_context_takeover");
	answered(DEFLATE "; mode=fast," DEFLATE, ANSWER);
	answered(DEFLATE ", " DEFLATE "; server_no_context_takeover", ANSWER);
}

static void
other_extensions_are_declined(void)
{
	answered("x-webkit-deflate-frame", NULL);
	answered("foo; bar; baz=1, bbf-usp-protocol; eid=\"7\"", NULL);
	answered("permessage-bzip2; client_max_level, " DEFLATE, ANSWER);
	answered("permessage-deflate-2", NULL);
	answered("", NULL);
	answered(" \t", NULL);
}

static void
values_may_stand_in_quotes(void)
{
	answered(DEFLATE "; server_max_window_bits=\"15\"", ANSWER "; server_max_window_bits=15");
	answered(DEFLATE "; client_max_window_bits=\"\\1\\0\"", ANSWER);
	answered("foo; bar=\"ab\", " DEFLATE, ANSWER);
}

static void
space_and_empty_members_mean_nothing(void)
{
	answered(" permessage-deflate\t;  client_max_window_bits = 10 ,", ANSWER);
	answered(",, " DEFLATE " ,,", ANSWER);
}

static void
what_is_not_a_list_of_extensions_is_refused(void)
{
	static const char *const bad[] = {
		"permessage-deflate;", "permessage-deflate; ;", "; a", "=", "a b", "a; b=",
		"a; b=\"", "a; b=\"\"", "a; b=\"x", "a; b=\"x y\"", "a; b=\"x\\", "a; b=\"x\"y",
		"a; b=,", "a; b==c", "a; =c", "a/b", "a; b=c d", "\x80", "a,b;", "a; b=\"c,d\"",
		DEFLATE ", a b",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		refused(bad[i]);
}

int
main(void)
{
	RUN(a_bare_offer_is_taken_with_a_shared_context);
	RUN(who_wants_no_context_gets_messages_that_stand_alone);
	RUN(a_client_without_context_is_what_we_want_anyway);
	RUN(offers_of_usual_clients_are_taken);
	RUN(a_window_that_we_do_not_keep_to_is_declined);
	RUN(wrong_values_are_declined);
	RUN(a_parameter_that_stands_twice_is_declined);
	RUN(the_first_offer_that_can_be_kept_to_is_taken);
	RUN(other_extensions_are_declined);
	RUN(values_may_stand_in_quotes);
	RUN(space_and_empty_members_mean_nothing);
	RUN(what_is_not_a_list_of_extensions_is_refused);
	return unit_end();
}

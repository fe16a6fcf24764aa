/* lib/bus: addresses, places, and the texts of messages and questions. */
#include "unit.h"

#include <stdlib.h>

#include "bus/bus.h"
#include "bus/sp/sp_address.h"
#include "bus/sp/sp_message.h"

static const char *why;

static void
the_address_comes_from_option_then_CT_BUS_then_XDG_RUNTIME_DIR_then_run(void)
{
	struct buf b;

	buf_init(&b);
	unsetenv("CT_BUS");
	unsetenv("XDG_RUNTIME_DIR");
	CHECK(strcmp(bus_address(&b, NULL), "ipc:///run/ct/bus") == 0);
	setenv("XDG_RUNTIME_DIR", "/run/user/7", 1);
	CHECK(strcmp(bus_address(&b, NULL), "ipc:///run/user/7/ct/bus") == 0);
	setenv("CT_BUS", "tcp://127.0.0.1:7000", 1);
	CHECK(strcmp(bus_address(&b, NULL), "tcp://127.0.0.1:7000") == 0);
	CHECK(strcmp(bus_address(&b, "ipc:///x"), "ipc:///x") == 0);
	unsetenv("CT_BUS");
	unsetenv("XDG_RUNTIME_DIR");
	buf_free(&b);
}

static void
an_address_names_three_sockets(void)
{
	struct sp_address a;

	CHECK(sp_address_parse(&a, "ipc:///run/ct/bus", SP_RECORDS, &why) && strcmp(a.path, "/run/ct/bus") == 0);
	CHECK(sp_address_parse(&a, "ipc:///run/ct/bus", SP_QUESTIONS, &why));
	CHECK(strcmp(a.path, "/run/ct/bus.ask") == 0);
	CHECK(sp_address_parse(&a, "ipc:///run/ct/bus", SP_LINES, &why) && strcmp(a.path, "/run/ct/bus.in") == 0);
	CHECK(sp_address_parse(&a, "tcp://[::1]:7000", SP_RECORDS, &why));
	CHECK(a.tcp && strcmp(a.host, "::1") == 0 && a.port == 7000);
	CHECK(sp_address_parse(&a, "tcp://localhost:7000", SP_LINES, &why));
	CHECK(strcmp(a.host, "localhost") == 0 && a.port == 7002);
}

static void
a_path_has_103_characters_at_most(void)
{
	char text[6 + 105];
	struct sp_address a;

	memcpy(text, "ipc:///", 7);
	memset(text + 7, 'a', sizeof(text) - 7);
	for (size_t n = 102; n <= 104; n++) {
		struct sp_sockaddr found[1];
		char cut[6 + 105];

		snprintf(cut, sizeof(cut), "%.*s", (int)(6 + n), text);
		CHECK(bus_address_is(cut, &why) == (n <= 103));
		if (n <= 103 && sp_address_parse(&a, cut, SP_QUESTIONS, &why))
			CHECK(sp_address_find(&a, true, false, found, 1) == 1 && strlen(a.path) == n + 4);
	}
}

static void
a_text_that_is_not_an_address_is_refused_with_a_reason(void)
{
	static const char *const bad[] = {
		"", "/run/ct/bus", "ipc://", "ipc://run/bus", "tcp://", "tcp://host", "tcp://host:",
		"tcp://:7000", "tcp://host:0", "tcp://host:65534", "tcp://host:70x", "tcp://host:-1",
		"tcp://host:99999999999999999999", "tcp://[]:7000", "http://host:80",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		why = NULL;
		CHECK(!bus_address_is(bad[i], &why) && why != NULL);
		if (why == NULL)
			printf("# taken: %s\n", bad[i]);
	}
}

static void
a_message_is_an_epoch_a_number_and_whole_lines(void)
{
	static const char *const bad[] = {
		"", "17", "17\n", "17\na\n", "0 5\na\n", "7 \na\n", "7 17", "7 17 \na\n", "7 17\na", " 7 17\n",
		"18446744073709551616 1\na\n", "7 18446744073709551616\na\n", "+7 17\n", "7  17\n", "7 17\r\n",
	};
	struct sp_message m;

	CHECK(sp_message_parse(&m, SPAN("7 17\na\nb\n")));
	CHECK(m.place.epoch == 7 && m.place.seq == 17);
	CHECK_TEXT(m.lines, "a\nb\n");
	CHECK(sp_message_parse(&m, SPAN("1 18446744073709551615\n")));
	CHECK(m.place.seq == UINT64_MAX && m.lines.n == 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(!sp_message_parse(&m, span_str(bad[i])));
}

static void
a_head_of_the_largest_numbers_reads_back(void)
{
	char head[SP_PLACE + 1];
	struct sp_message m;
	size_t n = sp_message_head(head, (struct bus_place){ UINT64_MAX, UINT64_MAX });

	CHECK(n == SP_PLACE);
	CHECK(sp_message_parse(&m, span_of(head, n)) && m.place.epoch == UINT64_MAX && m.place.seq == UINT64_MAX);
}

static void
questions_are_told_apart(void)
{
	static const struct {
		const char *text;
		enum sp_asks asks;
		struct bus_place place;
		uint64_t number;
	} all[] = {
		{ "latest", SP_ASKS_LATEST, { 0, 0 }, 0 },
		{ "latest 25", SP_ASKS_LATEST, { 0, 0 }, 25 },
		{ "latest 0 7", SP_ASKS_LATEST, { 0, 7 }, 0 },
		{ "latest 18446744073709551615", SP_ASKS_LATEST, { 0, 0 }, UINT64_MAX },
		{ "since 3 17", SP_ASKS_SINCE, { 3, 17 }, 0 },
		{ "since 0 0", SP_ASKS_SINCE, { 0, 0 }, 0 },
		{ "push 3 17\na\n", SP_ASKS_PUSH, { 3, 0 }, 17 },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct sp_question q = sp_message_question(span_str(all[i].text));

		CHECK(q.asks == all[i].asks && q.number == all[i].number);
		CHECK(q.place.epoch == all[i].place.epoch && q.place.seq == all[i].place.seq);
	}
	CHECK_TEXT(sp_message_question(SPAN("push 3 17\na\nb\n")).lines, "a\nb\n");
}

static void
a_text_that_is_no_question_with_numbers_is_another_one(void)
{
	static const char *const bad[] = {
		"", "latest ", "latest x", "latest 5 ", "latest5", "latest -1", "latest 18446744073709551616",
		"since", "since ", "since 3", "since 3 ", "since 3 17 ", "since 3 17\n", "since x 1", "since 3 x",
		"lost 3 17", "lives", "push 3", "push 3 17\na", "push 3\na\n", "status", "Latest",
		" latest",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct sp_question q = sp_message_question(span_str(bad[i]));

		CHECK(q.asks == SP_ASKS_OTHER && q.number == 0 && q.place.epoch == 0 && q.lines.n == 0);
	}
}

static void
a_question_reads_back_as_it_was_written(void)
{
	struct bus_place place = { UINT64_MAX, UINT64_MAX - 1 };
	struct sp_question q;
	struct buf b;

	buf_init(&b);
	sp_message_since(&b, place);
	q = sp_message_question(buf_span(&b));
	CHECK(q.asks == SP_ASKS_SINCE && q.place.epoch == place.epoch && q.place.seq == place.seq);
	buf_reset(&b);
	sp_message_lost(&b, place);
	CHECK_TEXT(buf_span(&b), "lost 18446744073709551615 18446744073709551614");
	buf_free(&b);
}

static void
a_place_reads_back_and_what_is_none_is_refused(void)
{
	static const char *const bad[] = { "", "-", "3", "3-", "-3", "0-1", "3-x", "3-1 ", "3 1", "18446744073709551616-1" };
	struct bus_place place = { UINT64_MAX, UINT64_MAX }, again = { 0, 0 };
	char out[BUS_PLACE + 1];

	bus_place_write(out, &place);
	CHECK(bus_place_parse(&again, span_str(out)) && again.epoch == UINT64_MAX && again.seq == UINT64_MAX);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(!bus_place_parse(&again, span_str(bad[i])));
}

static void
epochs_are_random_and_fit_a_double(void)
{
	uint64_t all = 0, before = 0;

	for (int i = 0; i < 1000; i++) {
		uint64_t e = bus_place_epoch();

		CHECK(e > 0 && e < (uint64_t)1 << 53 && e != before);
		before = e;
		all |= e;
	}
	CHECK(all == ((uint64_t)1 << 53) - 1);
}

int
main(void)
{
	RUN(the_address_comes_from_option_then_CT_BUS_then_XDG_RUNTIME_DIR_then_run);
	RUN(an_address_names_three_sockets);
	RUN(a_path_has_103_characters_at_most);
	RUN(a_text_that_is_not_an_address_is_refused_with_a_reason);
	RUN(a_message_is_an_epoch_a_number_and_whole_lines);
	RUN(a_head_of_the_largest_numbers_reads_back);
	RUN(questions_are_told_apart);
	RUN(a_text_that_is_no_question_with_numbers_is_another_one);
	RUN(a_question_reads_back_as_it_was_written);
	RUN(a_place_reads_back_and_what_is_none_is_refused);
	RUN(epochs_are_random_and_fit_a_double);
	return unit_end();
}

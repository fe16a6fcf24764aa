/* ct-ws/stream/journal: where a client that comes back goes on, and what it is told is missing. */
#include "unit.h"

#include "ct-ws/stream/journal.h"

static void
put(struct journal *j, uint64_t epoch, uint64_t seq)
{
	char line[32];

	snprintf(line, sizeof(line), "%u.%u", (unsigned)epoch, (unsigned)seq);
	journal_put(j, (struct bus_place){ epoch, seq }, span_str(line));
}

/* Checks what comes behind the place: the lines, and -N for N lost ones, with a space behind each. */
static void
check_behind(const struct journal *j, uint64_t epoch, uint64_t seq, uint64_t missing,
    const char *lines)
{
	struct journal_record record;
	struct journal_at at;
	struct buf got, copy;
	uint64_t lost;
	bool more = true;

	buf_init(&got);
	buf_init(&copy);
	CHECK(journal_find(j, (struct bus_place){ epoch, seq }, &at) == missing);
	CHECK(journal_skip(j, &at) == 0);
	while (more) {
		more = journal_next(j, &at, &record, &lost, &copy);
		if (lost > 0)
			buf_putf(&got, "-%u ", (unsigned)lost);
		if (!more)
			break;
		buf_put(&got, record.line);
		buf_putc(&got, ' ');
	}
	CHECK_TEXT(buf_span(&got), lines);
	buf_free(&got);
	buf_free(&copy);
}

static void
a_hole_among_old_records_is_lost_and_one_before_them_is_not(void)
{
	struct journal j;

	journal_init(&j, 4096);
	journal_reach(&j, (struct bus_place){ 1, 5 });
	put(&j, 1, 5);
	journal_reach(&j, (struct bus_place){ 1, 6 });
	put(&j, 1, 6);
	journal_reach(&j, (struct bus_place){ 1, 9 });
	put(&j, 1, 9);
	journal_reach(&j, (struct bus_place){ 1, 12 });
	put(&j, 1, 12);
	check_behind(&j, 1, 4, 0, "1.5 1.6 -2 1.9 -2 1.12 ");
	check_behind(&j, 1, 2, 2, "1.5 1.6 -2 1.9 -2 1.12 ");
	check_behind(&j, 1, 6, 0, "-2 1.9 -2 1.12 ");
	journal_reach(&j, (struct bus_place){ 2, 4 });
	put(&j, 2, 4);
	check_behind(&j, 1, 12, 0, "2.4 ");
	journal_free(&j);
}

static void
a_client_goes_on_behind_the_record_it_names(void)
{
	struct journal j;

	journal_init(&j, 4096);
	for (uint64_t seq = 5; seq < 9; seq++)
		put(&j, 1, seq);
	check_behind(&j, 1, 4, 0, "1.5 1.6 1.7 1.8 ");
	check_behind(&j, 1, 6, 0, "1.7 1.8 ");
	check_behind(&j, 1, 8, 0, "");
	check_behind(&j, 1, 99, 0, "");
	check_behind(&j, 1, UINT64_MAX, 0, "");
	journal_free(&j);
}

static void
records_that_are_not_events_leave_no_hole(void)
{
	struct journal j;

	journal_init(&j, 4096);
	put(&j, 1, 5);
	put(&j, 1, 9);
	check_behind(&j, 1, 5, 0, "1.9 ");
	check_behind(&j, 1, 7, 0, "1.9 ");
	journal_free(&j);
}

static void
what_is_older_than_the_journal_is_told_as_missing(void)
{
	struct journal j;

	journal_init(&j, 4096);
	put(&j, 1, 5);
	put(&j, 1, 6);
	check_behind(&j, 1, 2, 2, "1.5 1.6 ");
	journal_free(&j);
}

static void
a_client_of_an_earlier_life_of_the_hub_gets_the_rest_of_both(void)
{
	struct journal j;

	journal_init(&j, 4096);
	put(&j, 1, 5);
	put(&j, 1, 6);
	put(&j, 2, 1);
	check_behind(&j, 1, 5, 0, "1.6 2.1 ");
	check_behind(&j, 1, 6, 0, "2.1 ");
	check_behind(&j, 2, 1, 0, "");
	journal_free(&j);
}

static void
of_an_unknown_life_of_the_hub_nobody_knows_what_is_missing(void)
{
	struct journal j;

	journal_init(&j, 4096);
	put(&j, 2, 1);
	check_behind(&j, 1, 6, JOURNAL_UNKNOWN, "2.1 ");
	journal_free(&j);
}

static void
a_journal_that_is_full_keeps_the_newest_and_tells_what_it_dropped(void)
{
	struct journal_record record;
	struct journal_at at;
	struct buf copy;
	struct journal j;
	uint64_t lost;

	buf_init(&copy);
	journal_init(&j, 344);
	for (uint64_t seq = 1; seq <= 5; seq++)
		put(&j, 1, seq);
	CHECK(journal_find(&j, (struct bus_place){ 1, 2 }, &at) == 0);
	for (uint64_t seq = 6; seq <= 100; seq++)
		put(&j, 1, seq);
	CHECK(journal_skip(&j, &at) == 89);
	CHECK(journal_next(&j, &at, &record, &lost, &copy));
	CHECK(lost == 0 && record.place.epoch == 1 && record.place.seq == 92);
	CHECK_TEXT(record.line, "1.92");
	check_behind(&j, 1, 60, 31, "1.92 1.93 1.94 1.95 1.96 1.97 1.98 1.99 1.100 ");
	buf_free(&copy);
	journal_free(&j);
}

static void
a_journal_that_shrinks_keeps_the_newest(void)
{
	struct journal j;

	journal_init(&j, 4096);
	for (uint64_t seq = 1; seq <= 50; seq++)
		put(&j, 1, seq);
	journal_resize(&j, 108);
	check_behind(&j, 1, 40, 7, "1.48 1.49 1.50 ");
	journal_resize(&j, 4096);
	put(&j, 1, 51);
	check_behind(&j, 1, 49, 0, "1.50 1.51 ");
	journal_free(&j);
}

static void
what_was_lost_on_the_bus_is_told_where_it_is_missing(void)
{
	struct journal j;

	journal_init(&j, 4096);
	put(&j, 1, 5);
	journal_miss(&j, 3);
	put(&j, 1, 9);
	put(&j, 1, 10);
	journal_miss(&j, 2);
	check_behind(&j, 1, 4, 0, "1.5 -3 1.9 1.10 -2 ");
	check_behind(&j, 1, 5, 0, "-3 1.9 1.10 -2 ");
	check_behind(&j, 1, 9, 0, "1.10 -2 ");
	journal_pass(&j, (struct bus_place){ 1, 14 });
	check_behind(&j, 1, 10, 0, "-2 ");
	journal_free(&j);
}

static void
who_has_had_from_elsewhere_what_was_lost_is_told_only_the_rest(void)
{
	struct journal j;

	journal_init(&j, 4096);
	put(&j, 1, 5);
	journal_miss(&j, 3);
	put(&j, 1, 9);
	check_behind(&j, 1, 7, 0, "-1 1.9 ");
	check_behind(&j, 1, 8, 0, "1.9 ");
	journal_miss(&j, 4);
	journal_pass(&j, (struct bus_place){ 1, 14 });
	check_behind(&j, 1, 12, 0, "-1 ");
	check_behind(&j, 1, 13, 0, "");
	journal_free(&j);
}

/* Records 2 and 3 were lost, 4 to 9 are no events: who names one of these knows of all that was lost. */
static void
what_was_lost_before_the_place_that_is_named_is_not_told(void)
{
	struct journal j;

	journal_init(&j, 4096);
	put(&j, 1, 1);
	journal_miss(&j, 2);
	journal_pass(&j, (struct bus_place){ 1, 5 });
	journal_pass(&j, (struct bus_place){ 1, 10 });
	check_behind(&j, 1, 1, 0, "-2 ");
	check_behind(&j, 1, 2, 0, "-1 ");
	check_behind(&j, 1, 3, 0, "");
	check_behind(&j, 1, 6, 0, "");
	put(&j, 1, 10);
	check_behind(&j, 1, 1, 0, "-2 1.10 ");
	check_behind(&j, 1, 2, 0, "-1 1.10 ");
	check_behind(&j, 1, 6, 0, "1.10 ");
	/* The same where the loss comes last. */
	journal_pass(&j, (struct bus_place){ 1, 15 });
	journal_miss(&j, 2);
	put(&j, 1, 17);
	check_behind(&j, 1, 10, 0, "-2 1.17 ");
	check_behind(&j, 1, 12, 0, "-2 1.17 ");
	check_behind(&j, 1, 15, 0, "-1 1.17 ");
	check_behind(&j, 1, 16, 0, "1.17 ");
	journal_free(&j);
}

static void
what_was_lost_with_a_hub_is_told_between_the_two(void)
{
	struct journal j;

	journal_init(&j, 4096);
	put(&j, 1, 5);
	journal_miss(&j, 2);
	put(&j, 2, 3);
	check_behind(&j, 1, 5, 0, "-2 2.3 ");
	check_behind(&j, 2, 2, 0, "2.3 ");
	check_behind(&j, 2, 1, 0, "-1 2.3 ");
	journal_free(&j);
}

static void
a_server_that_has_just_begun_knows_what_it_has_not_heard(void)
{
	struct journal j;

	journal_init(&j, 4096);
	check_behind(&j, 1, 5, JOURNAL_UNKNOWN, "");
	journal_pass(&j, (struct bus_place){ 1, 9 });
	check_behind(&j, 1, 8, 0, "");
	check_behind(&j, 1, 5, 3, "");
	put(&j, 1, 12);
	check_behind(&j, 1, 8, 0, "1.12 ");
	check_behind(&j, 1, 5, 3, "1.12 ");
	journal_free(&j);
}

static void
a_life_of_the_hub_of_which_nothing_is_left_is_not_taken_for_known(void)
{
	struct journal j;

	journal_init(&j, 352);
	for (uint64_t seq = 1; seq <= 9; seq++)
		put(&j, 1, seq);
	for (uint64_t seq = 1; seq <= 10; seq++)
		put(&j, 2, seq);
	check_behind(&j, 1, 3, JOURNAL_UNKNOWN, "2.1 2.2 2.3 2.4 2.5 2.6 2.7 2.8 2.9 2.10 ");
	journal_free(&j);
}

static void
an_event_that_is_larger_than_the_journal_is_told_as_missing(void)
{
	static char large[300];
	struct journal j;

	memset(large, 'x', sizeof(large) - 1);
	journal_init(&j, 272);
	put(&j, 1, 1);
	journal_put(&j, (struct bus_place){ 1, 2 }, span_str(large));
	put(&j, 1, 3);
	check_behind(&j, 1, 1, 0, "-1 1.3 ");
	journal_free(&j);
}

static void
a_place_is_known_when_the_journal_has_begun_and_its_life_is_here_or_the_hub_has_told_all(void)
{
	const struct bus_place here = { 3, 5 }, elsewhere = { 9, 5 };
	struct journal j;

	journal_init(&j, 4096);
	CHECK(!journal_knows(&j, here) && !journal_knows(&j, elsewhere));
	put(&j, 3, 4);
	CHECK(!journal_knows(&j, here));	/* older ones may still come */
	journal_begin(&j);
	CHECK(journal_knows(&j, here) && !journal_knows(&j, elsewhere));
	journal_learn(&j, NULL, 0);
	CHECK(journal_knows(&j, here) && journal_knows(&j, elsewhere));
	journal_part(&j);
	CHECK(journal_knows(&j, here) && !journal_knows(&j, elsewhere));
	journal_free(&j);
}

/* Life 5 ended at 21, life 6 at 50; of life 7 the journal has all from number 3 on. */
static void
what_is_missing_since_a_life_that_only_the_hub_knows_is_counted(void)
{
	static const struct bus_place lives[] = { { 7, 5 }, { 6, 50 }, { 5, 21 } };
	struct journal j;

	journal_init(&j, 4096);
	journal_reach(&j, (struct bus_place){ 7, 3 });
	put(&j, 7, 3);
	put(&j, 7, 4);
	journal_begin(&j);
	journal_learn(&j, lives, 3);
	check_behind(&j, 6, 49, 2, "7.3 7.4 ");
	check_behind(&j, 6, 40, 9 + 2, "7.3 7.4 ");
	check_behind(&j, 5, 20, 49 + 2, "7.3 7.4 ");
	check_behind(&j, 5, 11, 9 + 49 + 2, "7.3 7.4 ");
	check_behind(&j, 5, 30, 39 + 2, "7.3 7.4 ");	/* ten of life 5 came again in life 6 */
	check_behind(&j, 5, 90, 0 + 2, "7.3 7.4 ");
	check_behind(&j, 6, 70, 0 + 2, "7.3 7.4 ");
	check_behind(&j, 4, 1, JOURNAL_UNKNOWN, "7.3 7.4 ");
	journal_free(&j);
}

/* The journal knows life 6 since its number 11; the hub has begun life 7, and then tells of all. */
static void
what_the_journal_has_of_lives_between_is_not_counted_as_missing(void)
{
	static const struct bus_place lives[] = { { 7, 2 }, { 6, 13 }, { 5, 21 } };
	struct journal j;

	journal_init(&j, 4096);
	journal_reach(&j, (struct bus_place){ 6, 11 });
	put(&j, 6, 11);
	put(&j, 6, 12);
	put(&j, 7, 1);
	journal_begin(&j);
	journal_learn(&j, lives, 3);
	check_behind(&j, 5, 18, 2 + 10, "6.11 6.12 7.1 ");
	check_behind(&j, 6, 11, 0, "6.12 7.1 ");
	journal_free(&j);
}

static void
an_event_that_has_come_before_is_left_out(void)
{
	struct journal j;

	journal_init(&j, 4096);
	put(&j, 7, 3);
	put(&j, 7, 4);
	journal_pass(&j, (struct bus_place){ 7, 6 });
	put(&j, 7, 4);
	put(&j, 7, 5);
	journal_begin(&j);
	put(&j, 7, 6);
	check_behind(&j, 7, 3, 0, "7.4 7.6 ");
	journal_free(&j);
}

static void
a_life_that_no_hub_can_have_is_not_believed(void)
{
	static const struct bus_place lives[] = { { 7, 2 }, { 6, 0 }, { 5, 21 } };
	struct journal j;

	journal_init(&j, 4096);
	journal_reach(&j, (struct bus_place){ 7, 1 });
	put(&j, 7, 1);
	journal_begin(&j);
	journal_learn(&j, lives, 3);
	check_behind(&j, 6, 1, JOURNAL_UNKNOWN, "7.1 ");
	check_behind(&j, 5, 1, JOURNAL_UNKNOWN, "7.1 ");
	journal_free(&j);
}

int
main(void)
{
	RUN(a_hole_among_old_records_is_lost_and_one_before_them_is_not);
	RUN(a_client_goes_on_behind_the_record_it_names);
	RUN(records_that_are_not_events_leave_no_hole);
	RUN(what_is_older_than_the_journal_is_told_as_missing);
	RUN(a_client_of_an_earlier_life_of_the_hub_gets_the_rest_of_both);
	RUN(of_an_unknown_life_of_the_hub_nobody_knows_what_is_missing);
	RUN(a_journal_that_is_full_keeps_the_newest_and_tells_what_it_dropped);
	RUN(a_journal_that_shrinks_keeps_the_newest);
	RUN(what_was_lost_on_the_bus_is_told_where_it_is_missing);
	RUN(who_has_had_from_elsewhere_what_was_lost_is_told_only_the_rest);
	RUN(what_was_lost_before_the_place_that_is_named_is_not_told);
	RUN(what_was_lost_with_a_hub_is_told_between_the_two);
	RUN(a_server_that_has_just_begun_knows_what_it_has_not_heard);
	RUN(a_life_of_the_hub_of_which_nothing_is_left_is_not_taken_for_known);
	RUN(an_event_that_is_larger_than_the_journal_is_told_as_missing);
	RUN(a_place_is_known_when_the_journal_has_begun_and_its_life_is_here_or_the_hub_has_told_all);
	RUN(what_is_missing_since_a_life_that_only_the_hub_knows_is_counted);
	RUN(what_the_journal_has_of_lives_between_is_not_counted_as_missing);
	RUN(an_event_that_has_come_before_is_left_out);
	RUN(a_life_that_no_hub_can_have_is_not_believed);
	return unit_end();
}

/* ct-ws/crew/slots and ct-ws/site/share: what several workers amount to. */
#include "unit.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ct-ws/crew/slots.h"
#include "ct-ws/site/share.h"

static void
what_workers_have_is_summed_up_and_what_they_see_is_not(void)
{
	static struct slots_numbers n, sum;
	struct slots *s = slots_open(2);

	n.now[3] = 5;
	n.ever[127] = 10;
	n.seen[0] = 100;
	slots_write(s, 0, &n);
	n.now[3] = 2;
	n.ever[127] = 1;
	n.seen[0] = 90;
	slots_write(s, 1, &n);
	slots_sum(s, &sum);
	CHECK(sum.now[3] == 7 && sum.ever[127] == 11 && sum.seen[0] == 100);
	CHECK(sum.now[0] == 0 && sum.ever[0] == 0);
	slots_close(s);
}

static void
an_ended_worker_leaves_its_counters_and_takes_what_it_had(void)
{
	static struct slots_numbers n, sum;
	struct slots *s = slots_open(2);

	n.now[0] = 5;
	n.ever[0] = 10;
	n.seen[0] = 100;
	slots_write(s, 0, &n);
	slots_connect(s, 0, 7);
	slots_connect(s, 1, 1);
	slots_retire(s, 0, false);
	slots_sum(s, &sum);
	CHECK(sum.now[0] == 0 && sum.ever[0] == 10 && sum.seen[0] == 100);
	CHECK(slots_deaths(s) == 1 && slots_connections(s) == 1);
	n.ever[0] = 4;
	n.seen[0] = 3;
	slots_write(s, 0, &n);
	slots_retire(s, 0, true);
	slots_sum(s, &sum);
	CHECK(sum.ever[0] == 14 && sum.seen[0] == 100 && slots_deaths(s) == 1);
	slots_close(s);
}

static void
named_counters_are_found_by_their_key_in_any_order(void)
{
	static struct slots_numbers n, sum;
	struct slots *s = slots_open(2);

	n.named[0] = (struct slots_named){ 7, { 1, 20, 3 } };
	n.named[1] = (struct slots_named){ 9, { 5, 0, 0 } };
	slots_write(s, 0, &n);
	n.named[0] = (struct slots_named){ 9, { 4, 1, 0 } };
	n.named[1] = (struct slots_named){ 7, { 2, 10, 3 } };
	slots_write(s, 1, &n);
	slots_sum(s, &sum);
	CHECK(sum.named[0].key == 7 && sum.named[0].seen[0] == 2 && sum.named[0].seen[1] == 20);
	CHECK(sum.named[1].key == 9 && sum.named[1].seen[0] == 5 && sum.named[1].seen[1] == 1);
	CHECK(sum.named[2].key == 0);
	slots_close(s);
}

static void
what_a_forked_process_writes_is_seen_here(void)
{
	static struct slots_numbers n, sum;
	struct slots *s = slots_open(1);
	pid_t pid = fork();

	if (pid == 0) {
		n.ever[1] = 8;
		slots_write(s, 0, &n);
		_exit(0);
	}
	CHECK(pid > 0 && waitpid(pid, NULL, 0) == pid);
	slots_sum(s, &sum);
	CHECK(sum.ever[1] == 8);
	slots_close(s);
}

/* The report of a worker with these numbers of clients and events. */
static void
report_of(struct report *r, struct metrics *m, struct tally *t, struct logs *l, uint64_t clients,
    uint64_t events)
{
	*m = (struct metrics){ .regular = events, .connections = clients, .requests = clients + 1,
		.closed = { 2 }, .turned_away = { [DOOR_TLS] = 3 } };
	*t = (struct tally){ .count = 2, .rows = { { "lite", "sse", clients, 1, 0, clients, 9, 100, 4 },
		{ "full", "sse", 0, 0, 0, 0, 0, 0, 0 } } };
	*r = (struct report){ .counted = m, .tally = t, .logs = l, .events = events, .bytes_rate = 50 };
	for (uint64_t i = 0; i < events; i++)
		logs_take_event(l, &(struct seen){ .kind = SEEN_REGULAR, .has_source = true,
			.name = { SPAN("L"), false }, .url = { SPAN("https://l.example"), false } });
}

static void
the_report_of_one_worker_becomes_that_of_all(void)
{
	struct slots *s = slots_open(2);
	struct metrics m;
	struct tally t;
	struct logs first = { .count = 0 }, second = { .count = 0 };
	struct report r;

	report_of(&r, &m, &t, &first, 3, 10);
	share_write(s, 0, &r);
	report_of(&r, &m, &t, &second, 4, 8);
	share_write(s, 1, &r);
	share_read(s, &t, &r);
	CHECK(r.events == 10 && r.counted->regular == 10);
	CHECK(r.counted->connections == 7 && r.counted->requests == 9 && r.counted->closed[0] == 4);
	CHECK(r.counted->turned_away[DOOR_TLS] == 6 && r.bytes_rate == 100);
	CHECK(t.rows[0].clients == 7 && t.rows[0].filtered == 2 && t.rows[0].bytes == 200);
	CHECK(t.rows[1].clients == 0 && r.workers == 2);
	CHECK(r.logs->count == 1 && r.logs->list[0].events == 10 && second.list[0].events == 8);
	free(r.all_logs.list);
	logs_free(&first);
	logs_free(&second);
	slots_close(s);
}

int
main(void)
{
	RUN(what_workers_have_is_summed_up_and_what_they_see_is_not);
	RUN(an_ended_worker_leaves_its_counters_and_takes_what_it_had);
	RUN(named_counters_are_found_by_their_key_in_any_order);
	RUN(what_a_forked_process_writes_is_seen_here);
	RUN(the_report_of_one_worker_becomes_that_of_all);
	return unit_end();
}

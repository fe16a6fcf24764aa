/* ct-fetch/net/host: when a host is asked, and when it is left alone. */
#include "unit.h"

#include <stdlib.h>

#include "base/span.h"
#include "ct-fetch/net/host.h"

/* ---- a server, its clients and the time between, made up ---- */

enum {
	SECOND = 1000,
	MINUTE = 60 * 1000,
	MAX_LOGS = 8,
	MAX_RUNNING = 64,
	MAX_SERVED = 200000,
};

/* A request that is under way. */
struct flight {
	struct host_request request;
	uint64_t ends;
	enum host_outcome outcome;
	unsigned log;
};

/* What one log wants all the time, and what it got. */
struct wish {
	bool wants[HOST_CLASSES];
	unsigned got[HOST_CLASSES];
};

struct sim {
	struct hosts *hosts;
	struct host *host;
	uint64_t now, latency;

	/* The server grants `limit` requests in a window of so many ms; 0: all. */
	unsigned limit;
	uint64_t window;
	enum { SLIDING, CALENDAR, BUCKET } kind;	/* of window: any, each, or refilled evenly */
	double bucket;
	bool counts;			/* a refused request counts too */
	bool ill;			/* it refuses all */
	uint64_t served[MAX_SERVED];	/* when the requests came that count */
	size_t served_n;
	unsigned granted, refused;

	struct wish wish[MAX_LOGS];
	unsigned logs, front;
	struct flight flights[MAX_RUNNING];
	unsigned flights_n, most_running;
};

static struct sim *
sim_open(const char *url, unsigned limit, uint64_t window)
{
	struct sim *s = calloc(1, sizeof(*s));

	s->hosts = hosts_open(11);
	s->host = host_find(s->hosts, url);
	s->now = 1000000;
	s->latency = 50;
	s->limit = limit;
	s->window = window;
	s->bucket = limit;
	s->logs = 1;
	s->wish[0].wants[HOST_PAGE] = true;
	return s;
}

static void
sim_free(struct sim *s)
{
	hosts_free(s->hosts);
	free(s);
}

/* Returns true when the server has no more to grant at this time. */
static bool
sim_is_full(struct sim *s)
{
	uint64_t from = s->now - s->window + 1;

	if (s->kind == BUCKET)
		return s->bucket < 1;
	if (s->kind == CALENDAR)
		from = s->now / s->window * s->window;
	return s->served_n >= s->limit && s->served[s->served_n - s->limit] >= from;
}

static enum host_outcome
sim_serve(struct sim *s)
{
	bool full = s->ill || (s->limit > 0 && sim_is_full(s));

	s->granted += !full;
	s->refused += full;
	s->bucket -= !full;
	if (s->served_n < MAX_SERVED && (!full || s->counts))
		s->served[s->served_n++] = s->now;
	return full ? HOST_LIMITED : HOST_GOOD;
}

static void
sim_ends(struct sim *s)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < s->flights_n; i++) {
		struct flight *f = &s->flights[i];

		if (s->now < f->ends) {
			s->flights[kept++] = *f;
			continue;
		}
		host_end(s->host, &f->request, s->now, f->outcome, 0);
		if (f->outcome == HOST_GOOD)
			s->wish[f->log].got[f->request.class]++;
	}
	s->flights_n = kept;
}

/* Lets a log start what it wants, the less urgent classes first, which should not help them. */
static void
sim_turn(struct sim *s, unsigned log)
{
	uint64_t again;

	for (int c = HOST_CLASSES - 1; c >= 0; c--) {
		struct flight f = { .log = log };

		f.request = (struct host_request){ .class = (enum host_class)c, .who = &s->wish[log] };
		if (!s->wish[log].wants[c] || s->flights_n == MAX_RUNNING ||
		    !host_may(s->host, &f.request, s->now, &again))
			continue;
		host_start(s->host, &f.request, s->now);
		f.ends = s->now + s->latency;
		f.outcome = sim_serve(s);
		s->flights[s->flights_n++] = f;
		if (s->flights_n > s->most_running)
			s->most_running = s->flights_n;
	}
}

static void
sim_run(struct sim *s, uint64_t ms)
{
	for (uint64_t until = s->now + ms; s->now < until; s->now++) {
		sim_ends(s);
		for (unsigned i = 0; i < s->logs; i++)
			sim_turn(s, (s->front + i) % s->logs);
		s->front++;
		s->bucket += (double)s->limit / (double)(s->window + 1);
		s->bucket = s->bucket < s->limit ? s->bucket : s->limit;
	}
}

/* Runs for ten minutes. Prints and returns how many requests a minute were granted. */
static double
sim_ten_minutes(struct sim *s)
{
	unsigned granted = s->granted, refused = s->refused;

	sim_run(s, 10 * MINUTE);
	granted = s->granted - granted;
	refused = s->refused - refused;
	printf("# 10 minutes: %u granted, %u refused\n", granted, refused);
	return granted / 10.0;
}

/* ---- the rate ---- */

/* A server on this machine allows 35 requests a minute; at least so many are used in the end. */
static void
learns_35_a_minute(struct sim *s, double least)
{
	s->limit = 35;
	s->window = MINUTE;
	sim_run(s, 4 * MINUTE);
	printf("# learned in 4 minutes: %u refused\n", s->refused);
	CHECK(s->refused < 40);
	s->refused = 0;
	CHECK(sim_ten_minutes(s) >= least);
	CHECK(s->refused <= 2);
	sim_free(s);
}

static void
a_limit_of_35_in_any_minute_is_learned_and_used(void)
{
	learns_35_a_minute(sim_open("http://127.0.0.1:80/", 0, 0), 33);
}

static void
a_limit_of_35_in_each_minute_is_learned_and_used(void)
{
	for (unsigned i = 0; i < 6; i++) {
		struct sim *s = sim_open("http://127.0.0.1:80/", 0, 0);

		s->kind = CALENDAR;
		s->now += i * 10 * SECOND;
		learns_35_a_minute(s, 33);
	}
}

static void
a_bucket_of_35_that_is_refilled_within_a_minute_is_learned_and_used(void)
{
	struct sim *s = sim_open("http://127.0.0.1:80/", 0, 0);

	s->kind = BUCKET;
	s->bucket = 35;
	learns_35_a_minute(s, 33);
}

static void
it_is_learned_too_when_refused_requests_count(void)
{
	struct sim *s = sim_open("http://127.0.0.1:80/", 0, 0);

	s->counts = true;
	learns_35_a_minute(s, 33);
}

static void
it_is_learned_too_when_a_log_asks_for_little_more(void)
{
	for (uint64_t every = 500; every < 1700; every += 100) {
		struct sim *s = sim_open("http://127.0.0.1:80/", 35, MINUTE);

		s->counts = true;
		for (uint64_t ms = 0; ms < 2 * MINUTE; ms += every) {
			s->wish[0].wants[HOST_PAGE] = true;
			sim_run(s, 1);
			s->wish[0].wants[HOST_PAGE] = false;
			sim_run(s, every - 1);
		}
		s->wish[0].wants[HOST_PAGE] = true;
		learns_35_a_minute(s, 33);
	}
}

/* Asks for n pages every ten seconds, which is how a log that is polled grows. */
static void
sim_run_bursts(struct sim *s, unsigned n, uint64_t ms)
{
	for (uint64_t until = s->now + ms; s->now < until;) {
		unsigned got = s->wish[0].got[HOST_PAGE];

		for (uint64_t end = s->now + 10 * SECOND; s->now < end;) {
			s->wish[0].wants[HOST_PAGE] = s->wish[0].got[HOST_PAGE] + s->flights_n < got + n;
			sim_run(s, 1);
		}
	}
}

/* Asks for a page every so many ms, until the time ms has passed. */
static void
sim_run_steadily(struct sim *s, uint64_t every, uint64_t ms)
{
	for (uint64_t until = s->now + ms; s->now < until;) {
		s->wish[0].wants[HOST_PAGE] = true;
		sim_run(s, 1);
		s->wish[0].wants[HOST_PAGE] = false;
		sim_run(s, every - 1);
	}
}

static void
it_is_learned_at_once_when_requests_come_in_bursts(void)
{
	for (unsigned i = 0; i < 4; i++) {
		struct sim *s = sim_open("http://127.0.0.1:80/", 35, MINUTE);

		s->counts = i & 1;
		if (i & 2)	/* when these are over, the next burst is refused again */
			sim_run_bursts(s, 2, 10 * SECOND);
		sim_run_bursts(s, 8, 40 * SECOND);
		sim_run_bursts(s, 10, 10 * SECOND);
		CHECK(s->refused > 0);
		s->wish[0].wants[HOST_PAGE] = true;
		sim_run(s, 140 * SECOND);
		printf("# 3 minutes: %u granted, %u refused\n", s->granted, s->refused);
		CHECK(s->granted >= 95);
		CHECK(s->refused <= 12);
		s->refused = 0;
		CHECK(sim_ten_minutes(s) >= 34);
		CHECK(s->refused == 0);
		sim_free(s);
	}
}

static void
a_host_that_refused_all_for_a_while_is_not_taken_for_one_with_a_small_limit(void)
{
	struct sim *s = sim_open("https://ct.test/", 0, 0);
	struct host_report report;

	sim_run_bursts(s, 6, 2 * MINUTE);
	s->ill = true;
	sim_run_bursts(s, 6, 30 * SECOND);
	s->ill = false;
	sim_run_bursts(s, 6, MINUTE);
	host_report(s->host, s->now, &report);
	printf("# %u refused, then %.2f a second\n", s->refused, report.rate);
	CHECK(s->refused > 0);
	CHECK(report.rate >= 2);
	sim_free(s);
}

static void
nor_is_one_that_was_asked_now_and_then_and_refused_all_for_some_seconds(void)
{
	for (unsigned i = 0; i < 40; i++) {
		struct sim *s = sim_open("https://ct.test/", 0, 0);
		struct host_report report;

		s->now += i * 70;
		sim_run_steadily(s, 2000 + i % 3 * 500, 5 * MINUTE);
		s->ill = true;
		sim_run_steadily(s, 2000 + i % 3 * 500, (8 + i % 2 * 4) * SECOND);
		s->ill = false;
		sim_run_steadily(s, 2000 + i % 3 * 500, 2 * MINUTE);
		host_report(s->host, s->now, &report);
		CHECK(s->refused > 0);
		CHECK(report.rate >= 1.9);
		sim_free(s);
	}
}

static void
a_step_of_growth_that_is_refused_is_taken_back(void)
{
	for (int counts = 0; counts < 2; counts++) {
		struct sim *s = sim_open("http://127.0.0.1:80/", 35, MINUTE);
		struct host_report before, after;

		s->counts = counts;
		sim_run(s, 5 * MINUTE);
		host_report(s->host, s->now, &before);
		s->granted = s->refused = 0;
		sim_run(s, 15 * MINUTE);
		host_report(s->host, s->now, &after);
		CHECK(s->refused == 1);
		CHECK(s->granted >= 34 * 15);
		CHECK(after.rate == before.rate);
		sim_free(s);
	}
}

static void
requests_are_scarce_while_a_host_refuses_them_and_right_after(void)
{
	struct sim *s = sim_open("http://127.0.0.1:80/", 35, MINUTE);
	uint64_t end = s->now + 2 * MINUTE;

	sim_run_bursts(s, 10, 30 * SECOND);
	while (s->refused == 0 && s->now < end) {
		CHECK(host_load(s->host, s->now) < HOST_SCARCE);
		sim_run_bursts(s, 10, 10 * SECOND);
	}
	CHECK(s->refused > 0);
	s->wish[0].wants[HOST_PAGE] = true;
	for (; s->now < end; sim_run(s, SECOND))
		CHECK(host_load(s->host, s->now) >= HOST_SCARCE);
	s->wish[0].wants[HOST_PAGE] = false;
	sim_run_bursts(s, 1, MINUTE);
	CHECK(host_load(s->host, s->now) < HOST_SCARCE);
	sim_free(s);
}

static void
it_is_learned_too_when_answers_take_seconds(void)
{
	struct sim *s = sim_open("http://127.0.0.1:80/", 35, MINUTE);

	s->counts = true;
	s->latency = 4 * SECOND;
	sim_run(s, 5 * MINUTE);
	s->refused = 0;
	CHECK(sim_ten_minutes(s) >= 33);
	CHECK(s->refused <= 1);
	sim_free(s);
}

static void
what_was_learned_holds_for_hours(void)
{
	struct sim *s = sim_open("http://127.0.0.1:80/", 35, MINUTE);

	s->counts = true;
	sim_run(s, 5 * MINUTE);
	s->granted = s->refused = 0;
	sim_run(s, 240 * MINUTE);
	printf("# 4 hours: %u granted, %u refused\n", s->granted, s->refused);
	CHECK(s->granted >= 33 * 240);
	CHECK(s->refused <= 12);
	sim_free(s);
}

static void
a_limit_by_the_second_is_learned(void)
{
	struct sim *s = sim_open("http://127.0.0.1:80/", 10, SECOND);

	sim_run(s, 25 * MINUTE);
	printf("# %u refused at first\n", s->refused);
	s->refused = 0;
	CHECK(sim_ten_minutes(s) >= 540);
	CHECK(s->refused <= 6);
	sim_free(s);
}

static void
digicert_is_never_asked_more_than_35_times_in_a_minute(void)
{
	struct sim *s = sim_open("https://wyvern.ct.digicert.com/2026h1/", 35, MINUTE);

	s->counts = true;
	CHECK(sim_ten_minutes(s) >= 34);
	CHECK(s->refused == 0);
	sim_run(s, 120 * MINUTE);
	CHECK(s->refused == 0);
	sim_free(s);
}

static void
a_rate_grows_slowly_up_to_what_is_known_of_the_host(void)
{
	struct sim *s = sim_open("https://ct.test/", 0, 0);
	struct host_report report;

	CHECK(sim_ten_minutes(s) < 4 * 60 * 1.6);
	host_report(s->host, s->now, &report);
	CHECK(report.rate > 5 && report.rate < 7);
	sim_run(s, 40 * MINUTE);
	host_report(s->host, s->now, &report);
	CHECK(report.rate == 20);
	sim_free(s);
}

static void
a_rate_that_is_not_used_does_not_grow(void)
{
	struct sim *s = sim_open("https://ct.test/", 0, 0);
	struct host_report report;

	s->wish[0].wants[HOST_PAGE] = false;
	for (int i = 0; i < 20; i++) {
		s->wish[0].wants[HOST_HEAD] = true;
		sim_run(s, 1);
		s->wish[0].wants[HOST_HEAD] = false;
		sim_run(s, MINUTE);
	}
	host_report(s->host, s->now, &report);
	CHECK(report.rate == 4);
	sim_free(s);
}

static void
a_host_on_this_machine_has_no_limit(void)
{
	struct sim *s = sim_open("http://127.0.0.1:80/", 0, 0);

	s->latency = 1;
	s->wish[0].wants[HOST_HEAD] = s->wish[0].wants[HOST_GAP] = true;
	sim_run(s, 10 * SECOND);
	CHECK(s->granted > 20000);
	CHECK(host_load(s->host, s->now) == 0);
	sim_free(s);
}

static void
the_rate_of_the_user_is_kept_even_when_the_host_grants_more(void)
{
	static const struct preset mine = { .host = "127.0.0.1", .host_n = 9, .start = 2, .most = 2 };
	struct sim *s = sim_open("file:///", 0, 0);
	struct host_report report;

	hosts_limit(s->hosts, &mine, 1);
	s->host = host_find(s->hosts, "http://127.0.0.1:8000/log/");
	CHECK(host_budget(s->host) == NULL);
	sim_run(s, 10 * MINUTE);
	CHECK(s->granted >= 1190 && s->granted <= 1202);
	host_report(s->host, s->now, &report);
	CHECK(report.rate == 2);
	CHECK(host_load(s->host, s->now) > 0.9);
	sim_free(s);
}

static void
a_host_that_refuses_more_than_before_is_asked_less(void)
{
	struct sim *s = sim_open("https://wyvern.ct.digicert.com/2026h1/", 35, MINUTE);

	sim_run(s, 5 * MINUTE);
	s->limit = 10;
	sim_run(s, 10 * MINUTE);
	s->refused = 0;
	CHECK(sim_ten_minutes(s) >= 7);
	CHECK(s->refused <= 4);
	sim_free(s);
}

/* ---- width ---- */

static void
width_follows_latency_and_does_not_raise_the_rate(void)
{
	static const struct preset mine = { .host = "ct.test", .host_n = 7, .start = 2, .most = 2 };
	static const struct { uint64_t latency; unsigned width; } want[] = {
		{ 10, 2 }, { 600, 3 }, { 1400, 4 }, { 3000, 7 }, { 9000, 10 },
	};

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		struct sim *s = sim_open("file:///", 0, 0);
		struct host_report report;

		hosts_limit(s->hosts, &mine, 1);
		s->host = host_find(s->hosts, "https://ct.test/");
		s->latency = want[i].latency;
		sim_run(s, 3 * MINUTE);
		host_report(s->host, s->now, &report);
		CHECK(report.width == want[i].width);
		CHECK(s->most_running <= want[i].width);
		CHECK(s->granted <= 2 * 180 + 2);
		CHECK(s->granted >= 2 * 180 - 30 || want[i].width == 10);
		sim_free(s);
	}
}

/* ---- classes and fairness ---- */

static void
what_is_more_urgent_goes_first(void)
{
	struct sim *s = sim_open("https://wyvern.ct.digicert.com/2026h1/", 35, MINUTE);
	struct wish *w = s->wish;

	sim_run(s, SECOND);
	w->wants[HOST_GAP] = w->wants[HOST_ISSUER] = true;
	sim_run(s, 5 * MINUTE);
	CHECK(w->got[HOST_PAGE] >= 170);
	CHECK(w->got[HOST_ISSUER] == 0 && w->got[HOST_GAP] == 0);
	w->wants[HOST_PAGE] = false;
	sim_run(s, 5 * MINUTE);
	CHECK(w->got[HOST_ISSUER] >= 170);
	CHECK(w->got[HOST_GAP] == 0);
	sim_free(s);
}

static void
a_page_is_not_put_off_for_ever_by_heads(void)
{
	struct sim *s = sim_open("https://wyvern.ct.digicert.com/2026h1/", 35, MINUTE);

	s->wish[0].wants[HOST_HEAD] = true;
	sim_run(s, 10 * MINUTE);
	CHECK(s->wish[0].got[HOST_HEAD] >= 240);
	CHECK(s->wish[0].got[HOST_PAGE] >= 80);
	sim_free(s);
}

static void
what_live_pages_leave_goes_to_gaps(void)
{
	struct sim *s = sim_open("https://wyvern.ct.digicert.com/2026h1/", 35, MINUTE);
	struct wish *w = s->wish;

	w->wants[HOST_GAP] = true;
	for (int i = 0; i < 300; i++) {	/* 30 live pages a minute, each at once, for ten minutes */
		unsigned got = w->got[HOST_PAGE];

		w->wants[HOST_PAGE] = true;
		for (int ms = 0; ms < 2 * SECOND; ms++) {
			sim_run(s, 1);
			if (w->got[HOST_PAGE] + s->flights_n > got)
				w->wants[HOST_PAGE] = false;
		}
	}
	printf("# pages %u, gaps %u\n", w->got[HOST_PAGE], w->got[HOST_GAP]);
	CHECK(w->got[HOST_PAGE] >= 290);
	CHECK(w->got[HOST_GAP] >= 40);
	sim_free(s);
}

static void
each_log_of_a_host_has_its_share(void)
{
	struct sim *s = sim_open("https://wyvern.ct.digicert.com/2026h1/", 35, MINUTE);

	s->logs = 3;
	for (unsigned i = 0; i < s->logs; i++)
		s->wish[i].wants[HOST_PAGE] = true;
	s->wish[0].wants[HOST_GAP] = s->wish[0].wants[HOST_ISSUER] = true;
	sim_run(s, 10 * MINUTE);
	for (unsigned i = 0; i < s->logs; i++)
		CHECK(s->wish[i].got[HOST_PAGE] >= 112 && s->wish[i].got[HOST_PAGE] <= 118);
	sim_free(s);
}

static void
a_log_that_has_lost_interest_does_not_block_the_others(void)
{
	struct sim *s = sim_open("https://wyvern.ct.digicert.com/2026h1/", 0, 0);
	struct host_request head = { .class = HOST_HEAD, .who = s };
	struct host_request gap = { .class = HOST_GAP, .who = &s->host };
	uint64_t again, due;

	sim_run(s, 1);
	s->wish[0].wants[HOST_PAGE] = false;
	sim_run(s, 100);
	CHECK(!host_may(s->host, &head, s->now, &again));
	CHECK(!host_may(s->host, &gap, s->now, &due) && due == again);
	CHECK(!host_may(s->host, &gap, due, &again) && again == due + 100);
	CHECK(host_may(s->host, &gap, again, &due));
	sim_free(s);
}

/* ---- trouble ---- */

/* A host, and two logs on it that start and end one request at a time. */
struct two {
	struct hosts *hosts;
	struct host *host;
	struct host_request a, b;
};

static void
two_open(struct two *t)
{
	*t = (struct two){ .hosts = hosts_open(1) };
	t->host = host_find(t->hosts, "https://ct.test/");
	t->a = (struct host_request){ .class = HOST_PAGE, .who = &t->a };
	t->b = (struct host_request){ .class = HOST_PAGE, .who = &t->b };
}

static void
two_ask(struct two *t, struct host_request *r, uint64_t now, enum host_outcome outcome, uint64_t wait)
{
	host_start(t->host, r, now);
	host_end(t->host, r, now + 10, outcome, wait);
}

static void
a_limited_host_is_left_alone_and_then_probed_by_one_request(void)
{
	struct two t;
	struct host_request probe;
	uint64_t again;

	two_open(&t);
	host_start(t.host, &t.a, 1000);
	host_start(t.host, &t.b, 1000);
	host_end(t.host, &t.a, 1000, HOST_LIMITED, 5000);
	CHECK(host_pause(t.host, 1000) == 5000);
	CHECK(!host_may(t.host, &t.a, 1000, &again) && again == 6000);
	host_end(t.host, &t.b, 1001, HOST_GOOD, 0);	/* had started before */
	CHECK(host_pause(t.host, 1001) == 4999);
	probe = t.a;
	CHECK(host_may(t.host, &probe, 6000, &again));
	host_start(t.host, &probe, 6000);
	CHECK(!host_may(t.host, &t.b, 9000, &again) && again == HOST_NEVER);
	host_end(t.host, &probe, 9100, HOST_GOOD, 0);
	CHECK(host_may(t.host, &t.b, 9100, &again));
	hosts_free(t.hosts);
}

static void
many_refusals_at_once_count_as_one(void)
{
	struct sim *s = sim_open("https://ct.test/", 0, 0);
	struct host_request r[4];
	struct host_report report;

	for (int i = 0; i < 4; i++) {
		r[i] = (struct host_request){ .class = HOST_PAGE, .who = s };
		host_start(s->host, &r[i], s->now);
	}
	for (int i = 0; i < 4; i++)
		host_end(s->host, &r[i], s->now + (unsigned)i, HOST_LIMITED, 0);
	CHECK(host_pause(s->host, s->now) <= 1000);
	host_report(s->host, s->now, &report);
	CHECK(report.rate == 2);
	CHECK(report.outcomes[HOST_LIMITED] == 4);
	CHECK_TEXT(span_str(report.paused_why), "HTTP 429");
	sim_free(s);
}

static void
a_503_of_one_shard_does_not_silence_its_neighbour(void)
{
	struct two t;
	uint64_t again;

	two_open(&t);
	two_ask(&t, &t.b, 1000, HOST_GOOD, 0);
	two_ask(&t, &t.a, 2000, HOST_BUSY, 120000);
	CHECK(host_pause(t.host, 2010) == 0);
	CHECK(host_may(t.host, &t.b, 3000, &again));
	hosts_free(t.hosts);
}

static void
a_log_that_was_told_to_wait_waits_while_others_on_its_host_do_not(void)
{
	struct two t;
	struct host_request head;
	uint64_t again;

	two_open(&t);
	two_ask(&t, &t.b, 1000, HOST_GOOD, 0);
	two_ask(&t, &t.a, 2000, HOST_BUSY, 120000);
	CHECK(!host_may(t.host, &t.a, 3000, &again) && again == 122010);
	CHECK(host_may(t.host, &t.b, 3000, &again));
	head = (struct host_request){ .class = HOST_HEAD, .who = &t.a };
	CHECK(host_may(t.host, &head, 4000, &again));
	CHECK(host_may(t.host, &t.a, 122010, &again));
	hosts_free(t.hosts);
}

static void
a_503_of_all_shards_speaks_for_the_host(void)
{
	struct two t;
	struct host_report report;

	two_open(&t);
	two_ask(&t, &t.b, 1000, HOST_GOOD, 0);
	two_ask(&t, &t.a, 2000, HOST_BUSY, 120000);
	two_ask(&t, &t.b, 3000, HOST_BUSY, 20000);
	CHECK(host_pause(t.host, 3010) == 20000);
	host_report(t.host, 3010, &report);
	CHECK(report.rate == 2);
	hosts_free(t.hosts);
}

static void
a_page_that_is_refused_or_broken_off_is_no_trouble_of_the_host(void)
{
	static const enum host_outcome outcomes[] = { HOST_REFUSED, HOST_CUT };
	struct two t;

	two_open(&t);
	for (size_t i = 0; i < 200; i++) {
		two_ask(&t, &t.a, 1000 + i * 1000, outcomes[i % 2], 0);
		CHECK(host_pause(t.host, 1010 + i * 1000) == 0);
	}
	hosts_free(t.hosts);
}

static void
a_page_that_always_breaks_does_not_hold_up_heads(void)
{
	struct two t;

	two_open(&t);
	t.b = (struct host_request){ .class = HOST_HEAD, .who = &t.a };
	for (uint64_t now = 1000; now < 600000; now += 5000) {
		two_ask(&t, &t.b, now, HOST_GOOD, 0);
		two_ask(&t, &t.a, now + 100, HOST_BROKEN, 0);
		CHECK(host_pause(t.host, now + 110) == 0);
	}
	hosts_free(t.hosts);
}

static void
a_time_out_while_others_are_answered_is_no_trouble_of_the_host(void)
{
	struct two t;

	two_open(&t);
	host_start(t.host, &t.a, 1000);
	two_ask(&t, &t.b, 20000, HOST_GOOD, 0);
	host_end(t.host, &t.a, 31000, HOST_FAILED, 0);
	CHECK(host_pause(t.host, 31000) == 0);
	two_ask(&t, &t.a, 40000, HOST_FAILED, 0);
	CHECK(host_pause(t.host, 40010) > 0);
	hosts_free(t.hosts);
}

static void
a_host_that_is_gone_is_asked_less_and_less_and_at_once_when_it_is_back(void)
{
	struct two t;
	uint64_t now = 1000, again, longest = 0;

	two_open(&t);
	for (int i = 0; i < 40; i++) {
		two_ask(&t, &t.a, now, HOST_FAILED, 0);
		CHECK(host_pause(t.host, now + 10) <= 128000);
		if (host_pause(t.host, now + 10) > longest)
			longest = host_pause(t.host, now + 10);
		now += 10 + host_pause(t.host, now + 10);
	}
	CHECK(longest > 32000);
	two_ask(&t, &t.a, now, HOST_GOOD, 0);
	CHECK(host_may(t.host, &t.b, now + 10, &again));
	host_start(t.host, &t.b, now + 10);
	CHECK(host_pause(t.host, now + 10) == 0);
	hosts_free(t.hosts);
}

static void
pauses_are_anything_up_to_a_limit_that_doubles(void)
{
	struct hosts *hs = hosts_open(7);
	uint64_t least = UINT64_MAX, most = 0;

	for (unsigned n = 1; n < 40; n++) {
		uint64_t whole = (uint64_t)1000 << (n - 1 < 7 ? n - 1 : 7);
		uint64_t pause = hosts_backoff(hs, n, 7);

		CHECK(pause >= 100 && pause <= whole);
	}
	for (int i = 0; i < 1000; i++) {
		uint64_t pause = hosts_backoff(hs, 5, 7);

		least = pause < least ? pause : least;
		most = pause > most ? pause : most;
	}
	CHECK(least < 1000 && most > 15000);
	hosts_free(hs);
}

/* ---- names ---- */

static void
a_host_is_told_by_scheme_name_and_port(void)
{
	struct hosts *hs = hosts_open(1);
	struct host *a = host_find(hs, "https://ct.test/logs/a/");

	CHECK(host_find(hs, "https://CT.test/logs/b/") == a);
	CHECK(host_find(hs, "https://ct.test") == a);
	CHECK(host_find(hs, "https://ct.test:444/") != a);
	CHECK(host_find(hs, "http://ct.test/") != a);
	CHECK(!host_is_local(a));
	CHECK(host_is_local(host_find(hs, "http://127.0.0.1:8000/x/")));
	CHECK(host_is_local(host_find(hs, "file:///srv/log/")));
	hosts_free(hs);
}

int
main(void)
{
	RUN(a_limit_of_35_in_any_minute_is_learned_and_used);
	RUN(a_limit_of_35_in_each_minute_is_learned_and_used);
	RUN(a_bucket_of_35_that_is_refilled_within_a_minute_is_learned_and_used);
	RUN(it_is_learned_too_when_refused_requests_count);
	RUN(it_is_learned_too_when_a_log_asks_for_little_more);
	RUN(it_is_learned_at_once_when_requests_come_in_bursts);
	RUN(a_host_that_refused_all_for_a_while_is_not_taken_for_one_with_a_small_limit);
	RUN(nor_is_one_that_was_asked_now_and_then_and_refused_all_for_some_seconds);
	RUN(a_step_of_growth_that_is_refused_is_taken_back);
	RUN(requests_are_scarce_while_a_host_refuses_them_and_right_after);
	RUN(it_is_learned_too_when_answers_take_seconds);
	RUN(what_was_learned_holds_for_hours);
	RUN(a_limit_by_the_second_is_learned);
	RUN(digicert_is_never_asked_more_than_35_times_in_a_minute);
	RUN(a_rate_grows_slowly_up_to_what_is_known_of_the_host);
	RUN(a_rate_that_is_not_used_does_not_grow);
	RUN(a_host_on_this_machine_has_no_limit);
	RUN(the_rate_of_the_user_is_kept_even_when_the_host_grants_more);
	RUN(a_host_that_refuses_more_than_before_is_asked_less);
	RUN(width_follows_latency_and_does_not_raise_the_rate);
	RUN(what_is_more_urgent_goes_first);
	RUN(a_page_is_not_put_off_for_ever_by_heads);
	RUN(what_live_pages_leave_goes_to_gaps);
	RUN(each_log_of_a_host_has_its_share);
	RUN(a_log_that_has_lost_interest_does_not_block_the_others);
	RUN(a_limited_host_is_left_alone_and_then_probed_by_one_request);
	RUN(many_refusals_at_once_count_as_one);
	RUN(a_503_of_one_shard_does_not_silence_its_neighbour);
	RUN(a_log_that_was_told_to_wait_waits_while_others_on_its_host_do_not);
	RUN(a_503_of_all_shards_speaks_for_the_host);
	RUN(a_page_that_is_refused_or_broken_off_is_no_trouble_of_the_host);
	RUN(a_page_that_always_breaks_does_not_hold_up_heads);
	RUN(a_time_out_while_others_are_answered_is_no_trouble_of_the_host);
	RUN(a_host_that_is_gone_is_asked_less_and_less_and_at_once_when_it_is_back);
	RUN(pauses_are_anything_up_to_a_limit_that_doubles);
	RUN(a_host_is_told_by_scheme_name_and_port);
	return unit_end();
}

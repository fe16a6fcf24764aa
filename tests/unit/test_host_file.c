/* ct-fetch/net/host_file: rates of hosts that outlive a run. */
#include "unit.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ct-fetch/net/host_file.h"
#include "os/store.h"

/* Lets a host on this machine refuse a request at the time now, so that a rate is learned. */
static void
refuse(struct hosts *hosts, const char *url, uint64_t now)
{
	struct host *h = host_find(hosts, url);
	struct host_request r = { .class = HOST_PAGE, .who = hosts };

	host_start(h, &r, now);
	host_end(h, &r, now, HOST_LIMITED, 0);
}

static double
rate_of(struct hosts *hosts, const char *url)
{
	struct host_report report;

	host_report(host_find(hosts, url), 1, &report);
	return report.rate;
}

static void
a_learned_rate_is_written_and_read(void)
{
	struct hosts *before = hosts_open(1), *after = hosts_open(1);
	struct buf text = { 0 };

	(void)host_find(before, "https://other.test/");
	refuse(before, "http://127.0.0.1:80/log/", 1000);
	hosts_write(before, &text);
	CHECK_TEXT(buf_span(&text), "{\"hosts\":[\n"
	    "{\"host\":\"http://127.0.0.1:80\",\"per_hour\":14400,\"ceiling\":27360}\n]}\n");
	CHECK(hosts_read(after, buf_span(&text), 1000) == NULL);
	CHECK(rate_of(after, "http://127.0.0.1:80/") == 4);
	CHECK(rate_of(after, "http://127.0.0.1:81/") == 0);
	buf_free(&text);
	hosts_free(before);
	hosts_free(after);
}

static void
a_rate_read_does_not_exceed_what_is_known_of_the_host(void)
{
	struct hosts *hosts = hosts_open(1);

	CHECK(hosts_read(hosts, SPAN("{\"hosts\":[{\"host\":\"https://wyvern.ct.digicert.com\","
	    "\"per_hour\":360000}]}"), 0) == NULL);
	CHECK(rate_of(hosts, "https://wyvern.ct.digicert.com/2026h1/") * 60 < 35);
	hosts_free(hosts);
}

static void
the_rate_of_the_user_goes_before_one_that_was_learned(void)
{
	static const struct preset mine = { .host = "ct.test", .host_n = 7, .start = 2, .most = 2 };
	struct hosts *hosts = hosts_open(1);
	struct buf text = { 0 };

	hosts_limit(hosts, &mine, 1);
	CHECK(hosts_read(hosts, SPAN("{\"hosts\":[{\"host\":\"https://ct.test\",\"per_hour\":360}]}"),
	    0) == NULL);
	CHECK(rate_of(hosts, "https://ct.test/") == 2);
	hosts_write(hosts, &text);
	CHECK_TEXT(buf_span(&text), "{\"hosts\":[\n]}\n");
	buf_free(&text);
	hosts_free(hosts);
}

static void
members_of_a_later_version_are_skipped(void)
{
	struct hosts *hosts = hosts_open(1);

	CHECK(hosts_read(hosts, SPAN("{\"version\":9,\"hosts\":[{\"since\":{},\"per_hour\":3600,"
	    "\"host\":\"http:\\/\\/localhost\"}],\"more\":[]}"), 0) == NULL);
	CHECK(rate_of(hosts, "http://localhost/") == 1);
	hosts_free(hosts);
}

static void
garbage_is_refused_with_a_reason(void)
{
	static const char *const garbage[] = {
		"", "[]", "{}", "{\"hosts\":{}}", "{\"hosts\":[1]}", "{\"hosts\":[{}]}", "{\"hosts\":[",
		"{\"hosts\":[{\"host\":\"https://ct.test\"}]}",
		"{\"hosts\":[{\"per_hour\":5}]}",
		"{\"hosts\":[{\"host\":\"ct.test\",\"per_hour\":5}]}",
		"{\"hosts\":[{\"host\":\"https://ct.test\",\"per_hour\":-5}]}",
		"{\"hosts\":[{\"host\":\"https://ct.test\",\"per_hour\":99999999999}]}",
		"{\"hosts\":[{\"host\":\"https://ct.test\",\"per_hour\":5",
		"{\"hosts\":[]} {}",
	};

	for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
		struct hosts *hosts = hosts_open(1);

		CHECK(hosts_read(hosts, span_str(garbage[i]), 0) != NULL);
		hosts_free(hosts);
	}
}

static void
the_file_is_written_once_a_minute_and_at_the_end(void)
{
	char dir[] = "/tmp/test_host_file.XXXXXX", path[64];
	struct hosts *hosts = hosts_open(1);
	struct host_file *file;
	struct stat st;

	CHECK(mkdtemp(dir) != NULL);
	snprintf(path, sizeof(path), "%s/hosts", dir);
	file = host_file_open(hosts, dir, 1000);
	host_file_tick(file, 1000);
	CHECK(stat(path, &st) < 0);	/* nothing has been learned */
	refuse(hosts, "http://127.0.0.1:80/", 1000);
	host_file_tick(file, 2000);
	CHECK(unlink(path) == 0);
	refuse(hosts, "http://127.0.0.1:81/", 3000);
	host_file_tick(file, 61000);
	CHECK(stat(path, &st) < 0);	/* it is not a minute yet */
	host_file_tick(file, 62000);
	CHECK(unlink(path) == 0);
	host_file_tick(file, 200000);
	CHECK(stat(path, &st) < 0);	/* nothing has changed */
	refuse(hosts, "http://127.0.0.1:82/", 201000);
	host_file_tick(file, 201000);
	refuse(hosts, "http://127.0.0.1:83/", 202000);
	host_file_close(file);
	hosts_free(hosts);

	hosts = hosts_open(1);
	file = host_file_open(hosts, dir, 1000);
	for (unsigned port = 80; port < 84; port++) {
		char url[64];

		snprintf(url, sizeof(url), "http://127.0.0.1:%u/", port);
		CHECK(rate_of(hosts, url) == 4);
	}
	host_file_close(file);
	CHECK(unlink(path) == 0 && rmdir(dir) == 0);
	hosts_free(hosts);
}

static void
without_a_folder_nothing_is_kept(void)
{
	struct hosts *hosts = hosts_open(1);
	struct host_file *file = host_file_open(hosts, NULL, 0);

	CHECK(file == NULL);
	host_file_tick(file, 0);
	host_file_close(file);
	hosts_free(hosts);
}

int
main(void)
{
	RUN(a_learned_rate_is_written_and_read);
	RUN(a_rate_read_does_not_exceed_what_is_known_of_the_host);
	RUN(the_rate_of_the_user_goes_before_one_that_was_learned);
	RUN(members_of_a_later_version_are_skipped);
	RUN(garbage_is_refused_with_a_reason);
	RUN(the_file_is_written_once_a_minute_and_at_the_end);
	RUN(without_a_folder_nothing_is_kept);
	return unit_end();
}

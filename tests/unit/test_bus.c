/* os/bus: addresses, framing, and one hub with its readers over real sockets. */
#include "unit.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bus/bus.h"
#include "bus/engine.h"

static char folder[] = "/tmp/ct-bus-XXXXXX";
static char path[64], address[80];	/* of a bus in a folder that the hub has to make */
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
an_address_names_three_places(void)
{
	const struct bus_engine *e;
	struct bus_names n;

	CHECK(bus_names_parse(&n, "ipc:///run/ct/bus", &e, &why));
	CHECK(strcmp(n.pub, "ipc:///run/ct/bus") == 0);
	CHECK(strcmp(n.ask, "ipc:///run/ct/bus.ask") == 0);
	CHECK(strcmp(n.in, "ipc:///run/ct/bus.in") == 0);
	CHECK(bus_names_parse(&n, "tcp://[::1]:7000", &e, &why));
	CHECK(strcmp(n.pub, "tcp://[::1]:7000") == 0);
	CHECK(strcmp(n.ask, "tcp://[::1]:7001") == 0);
	CHECK(strcmp(n.in, "tcp://[::1]:7002") == 0);
}

static void
what_is_no_address_is_refused_with_a_reason(void)
{
	static const char *const bad[] = {
		"", "/run/ct/bus", "ipc://", "ipc://run/bus", "tcp://", "tcp://host", "tcp://host:",
		"tcp://:7000", "tcp://host:0", "tcp://host:65534", "tcp://host:70x", "tcp://host:-1",
		"http://host:80", "nats://host:4222",
		("ipc:///aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
	};
	const struct bus_engine *e;
	struct bus_names n;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		why = NULL;
		CHECK(!bus_names_parse(&n, bad[i], &e, &why) && why != NULL);
	}
	CHECK(bus_sub_open("nats://host:4222", &why) == NULL);
	CHECK(strcmp(why, "nats:// is not built in") == 0);
}

static void
a_message_is_a_number_and_whole_lines(void)
{
	struct span lines;
	uint64_t seq;

	CHECK(bus_message(SPAN("17\na\nb\n"), &seq, &lines) && seq == 17);
	CHECK_TEXT(lines, "a\nb\n");
	CHECK(bus_message(SPAN("18446744073709551615\n"), &seq, &lines) && seq == UINT64_MAX);
	CHECK(lines.n == 0);
	CHECK(!bus_message(SPAN(""), &seq, &lines));
	CHECK(!bus_message(SPAN("17"), &seq, &lines));
	CHECK(!bus_message(SPAN("\na\n"), &seq, &lines));
	CHECK(!bus_message(SPAN("17 \na\n"), &seq, &lines));
	CHECK(!bus_message(SPAN("17\na"), &seq, &lines));
	CHECK(!bus_message(SPAN("18446744073709551616\na\n"), &seq, &lines));
}

static void
a_report_is_a_reader_and_its_place(void)
{
	uint64_t id, seq;

	CHECK(bus_report(SPAN("seen 5 17"), &id, &seq) && id == 5 && seq == 17);
	CHECK(!bus_report(SPAN("seen 5"), &id, &seq));
	CHECK(!bus_report(SPAN("seen 5 17 "), &id, &seq));
	CHECK(!bus_report(SPAN("seen x 17"), &id, &seq));
	CHECK(!bus_report(SPAN("latest"), &id, &seq));
}

/* Waits for a descriptor to be readable; false after five seconds. */
static bool
readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 5000) == 1;
}

static bool
connected(struct bus_sub *s)
{
	for (int i = 0; i < 500 && !bus_sub_connected(s); i++)
		poll(NULL, 0, 10);
	poll(NULL, 0, 50);	/* the hub's side may be a moment later */
	return bus_sub_connected(s);
}

static void
subscribers_get_what_is_published_with_its_numbers(void)
{
	struct bus_hub *h = bus_hub_open(address, false, &why);
	struct bus_sub *s = bus_sub_open(address, &why);
	struct span lines;
	uint64_t seq;

	CHECK(h != NULL && s != NULL && connected(s));
	CHECK(bus_sub_next(s, &seq, &lines, &why) == 0);
	CHECK(bus_hub_publish(h, 5, SPAN("a\nb\n"), &why) == 0);
	CHECK(bus_hub_publish(h, 7, SPAN(""), &why) == 0);
	CHECK(readable(bus_sub_fd(s)));
	CHECK(bus_sub_next(s, &seq, &lines, &why) == 1 && seq == 5);
	CHECK_TEXT(lines, "a\nb\n");
	CHECK(readable(bus_sub_fd(s)));
	CHECK(bus_sub_next(s, &seq, &lines, &why) == 1 && seq == 7 && lines.n == 0);
	CHECK(bus_sub_next(s, &seq, &lines, &why) == 0);
	bus_sub_free(s);
	bus_hub_free(h);
}

static void
a_subscriber_reports_its_first_message_and_then_every_32nd(void)
{
	struct bus_hub *h = bus_hub_open(address, false, &why);
	struct bus_sub *s = bus_sub_open(address, &why);
	struct span lines, question;
	uint64_t seq, id, first;

	CHECK(h != NULL && s != NULL && connected(s));
	for (uint64_t i = 1; i <= BUS_REPORT + 1; i++)
		CHECK(bus_hub_publish(h, i, SPAN("x\n"), &why) == 0);
	for (uint64_t i = 1; i <= BUS_REPORT + 1; i++) {
		CHECK(readable(bus_sub_fd(s)));
		CHECK(bus_sub_next(s, &seq, &lines, &why) == 1 && seq == i);
		if (i != 1 && i != BUS_REPORT + 1)
			continue;
		CHECK(readable(bus_hub_ask_fd(h)));
		CHECK(bus_hub_question(h, &question, &why) == 1);
		CHECK(bus_report(question, &id, &seq) && seq == i);
		CHECK(i == 1 || id == first);
		first = id;
		CHECK(bus_hub_answer(h, SPAN(""), &why) == 0);
	}
	CHECK(bus_hub_question(h, &question, &why) == 0);
	bus_sub_free(s);
	bus_hub_free(h);
}

static void
a_question_is_answered_and_an_absent_hub_told(void)
{
	struct bus_hub *h = bus_hub_open(address, false, &why);
	struct span question;
	struct buf answer;
	int status;
	pid_t asker;

	CHECK(h != NULL);
	fflush(stdout);
	asker = fork();
	if (asker == 0) {
		execl("/proc/self/exe", "test_bus", "ask", address, (char *)NULL);
		_exit(9);
	}
	CHECK(readable(bus_hub_ask_fd(h)));
	CHECK(bus_hub_question(h, &question, &why) == 1);
	CHECK_TEXT(question, "latest");
	CHECK(bus_hub_answer(h, SPAN("12\nx\n"), &why) == 0);
	CHECK(waitpid(asker, &status, 0) == asker && WIFEXITED(status) && WEXITSTATUS(status) == 0);
	bus_hub_free(h);
	buf_init(&answer);
	CHECK(bus_ask(address, "latest", 2000, &answer, &why) < 0);
	CHECK(strcmp(why, "no hub serves it") == 0);
	CHECK(answer.n == 0);
	buf_free(&answer);
}

static int
ask_as_a_process(const char *at)
{
	struct buf answer;
	bool ok;

	buf_init(&answer);
	ok = bus_ask(at, "latest", 5000, &answer, &why) == 0 &&
	    span_eq(buf_span(&answer), SPAN("12\nx\n"));
	buf_free(&answer);
	return ok ? 0 : 1;
}

static void
a_hub_that_lingers_loses_nothing_of_what_is_queued(void)
{
	enum { MESSAGES = 300 };
	struct bus_hub *h = bus_hub_open(address, false, &why);
	struct bus_sub *s = bus_sub_open(address, &why);
	struct span lines;
	struct buf big;
	uint64_t seq;

	CHECK(h != NULL && s != NULL && connected(s));
	buf_init(&big);
	memset(buf_reserve(&big, BUS_BATCH), 'x', BUS_BATCH);
	buf_commit(&big, BUS_BATCH - 1);
	buf_putc(&big, '\n');
	for (uint64_t i = 1; i <= MESSAGES; i++)
		CHECK(bus_hub_publish(h, i, buf_span(&big), &why) == 0);
	bus_hub_linger(h, 10000);
	bus_hub_free(h);
	for (uint64_t i = 1; i <= MESSAGES; i++) {
		CHECK(bus_sub_next(s, &seq, &lines, &why) == 1 && seq == i);
		CHECK(lines.n == BUS_BATCH);
	}
	buf_free(&big);
	bus_sub_free(s);
}

static void
a_second_hub_at_an_address_is_refused(void)
{
	struct bus_hub *h = bus_hub_open(address, true, &why);

	CHECK(h != NULL);
	CHECK(bus_hub_open(address, true, &why) == NULL);
	CHECK(strcmp(why, "it is served already") == 0);
	bus_hub_free(h);
	h = bus_hub_open(address, true, &why);
	CHECK(h != NULL && bus_hub_ingest_fd(h) >= 0);
	bus_hub_free(h);
}

static void
a_stale_socket_is_replaced_but_a_file_is_not(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct bus_hub *h;
	FILE *file;

	strcpy(at.sun_path, path);
	CHECK(bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0);
	close(fd);
	h = bus_hub_open(address, false, &why);
	CHECK(h != NULL);
	bus_hub_free(h);
	file = fopen(path, "w");
	CHECK(file != NULL);
	fclose(file);
	CHECK(bus_hub_open(address, false, &why) == NULL);
	CHECK(strcmp(why, "a file that is not a socket stands there") == 0);
	CHECK(unlink(path) == 0);
}

static void
the_socket_is_for_owner_and_group_and_its_folder_too(void)
{
	struct bus_hub *h = bus_hub_open(address, false, &why);
	char of[80];
	struct stat s;

	CHECK(h != NULL);
	CHECK(stat(path, &s) == 0 && S_ISSOCK(s.st_mode) && (s.st_mode & 0777) == 0660);
	snprintf(of, sizeof(of), "%s/ct", folder);
	CHECK(stat(of, &s) == 0 && (s.st_mode & 0027) == 0);
	bus_hub_free(h);
	CHECK(stat(path, &s) < 0);
}

int
main(int argc, char **argv)
{
	char name[80];

	if (argc == 3)
		return ask_as_a_process(argv[2]);
	CHECK(mkdtemp(folder) != NULL);
	snprintf(path, sizeof(path), "%s/ct/bus", folder);
	snprintf(address, sizeof(address), "ipc://%s", path);
	RUN(the_address_comes_from_option_then_CT_BUS_then_XDG_RUNTIME_DIR_then_run);
	RUN(an_address_names_three_places);
	RUN(what_is_no_address_is_refused_with_a_reason);
	RUN(a_message_is_a_number_and_whole_lines);
	RUN(a_report_is_a_reader_and_its_place);
	RUN(subscribers_get_what_is_published_with_its_numbers);
	RUN(a_subscriber_reports_its_first_message_and_then_every_32nd);
	RUN(a_question_is_answered_and_an_absent_hub_told);
	RUN(a_hub_that_lingers_loses_nothing_of_what_is_queued);
	RUN(a_second_hub_at_an_address_is_refused);
	RUN(a_stale_socket_is_replaced_but_a_file_is_not);
	RUN(the_socket_is_for_owner_and_group_and_its_folder_too);
	snprintf(name, sizeof(name), "%s/ct", folder);
	rmdir(name);
	rmdir(folder);
	return unit_end();
}

/* ct-ws/endpoint: which sockets are listened on, and what is left of Unix sockets. */
#include "unit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "ct-ws/net/address.h"
#include "ct-ws/net/endpoint.h"

static char folder[] = "/tmp/test_endpoint.XXXXXX", path[64], address[80];

static int
open_on(struct endpoints *e, const char *one, const char *two, struct endpoint_flaw *flaw)
{
	const char *both[2] = { one, two };

	*e = (struct endpoints){ .count = 0 };
	return endpoints_open(e, both, one == NULL ? 0 : two == NULL ? 1 : 2, "0", flaw);
}

/* Connects to 127.0.0.1. Returns true when somebody listens there. */
static bool
answers(unsigned port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	bool got = connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0;

	close(fd);
	return got;
}

static void
a_port_that_is_free_is_the_same_for_all_addresses(void)
{
	struct endpoint_flaw flaw;
	struct endpoints e;
	unsigned port;

	CHECK(open_on(&e, "127.0.0.1", "127.0.0.2", &flaw) == 0 && e.count == 2);
	port = endpoints_port(&e);
	CHECK(port != 0 && answers(port));
	e.list[0].local = true;		/* look at the second */
	CHECK(endpoints_port(&e) == port);
	endpoints_close(&e);
	CHECK(!answers(port));
}

static void
without_addresses_all_are_listened_on(void)
{
	struct endpoint_flaw flaw;
	struct endpoints e;

	CHECK(open_on(&e, NULL, NULL, &flaw) == 0 && e.count == 1);
	CHECK(answers(endpoints_port(&e)));
	endpoints_close(&e);
}

static void
localhost_stands_for_all_its_addresses(void)
{
	struct endpoint_flaw flaw;
	struct endpoints e;

	CHECK(open_on(&e, "localhost", NULL, &flaw) == 0 && e.count >= 1);
	CHECK(answers(endpoints_port(&e)));
	endpoints_close(&e);
}

static void
IPv6_and_IPv4_can_be_listened_on_apart(void)
{
	struct endpoint_flaw flaw;
	struct endpoints e;

	if (open_on(&e, "::1", NULL, &flaw) < 0) {
		endpoints_close(&e);
		SKIP("no IPv6 here");
	}
	endpoints_close(&e);
	CHECK(open_on(&e, "::", "0.0.0.0", &flaw) == 0 && e.count == 2);
	endpoints_close(&e);
}

static void
an_address_that_is_not_ours_or_taken_is_told(void)
{
	struct endpoint_flaw flaw;
	struct endpoints e, taken;
	const char *at = "127.0.0.1";
	char port[8];

	CHECK(open_on(&e, "192.0.2.1", NULL, &flaw) == -1 && errno == EADDRNOTAVAIL);
	CHECK(flaw.why == NULL && strcmp(flaw.address, "192.0.2.1") == 0);
	CHECK(open_on(&e, "no.such.host.invalid", NULL, &flaw) == -1 && flaw.why != NULL);
	CHECK(open_on(&taken, at, NULL, &flaw) == 0);
	snprintf(port, sizeof(port), "%u", endpoints_port(&taken));
	e = (struct endpoints){ .count = 0 };
	CHECK(endpoints_open(&e, &at, 1, port, &flaw) == -1 && errno == EADDRINUSE);
	endpoints_close(&taken);
}

static void
a_Unix_socket_has_mode_0666_without_the_umask_and_goes_with_its_server(void)
{
	mode_t mask = umask(0027);
	struct endpoint_flaw flaw;
	struct endpoints e;
	struct stat is;

	CHECK(open_on(&e, address, NULL, &flaw) == 0 && e.count == 1 && e.list[0].local);
	CHECK(stat(path, &is) == 0 && S_ISSOCK(is.st_mode) && (is.st_mode & 0777) == 0640);
	CHECK(umask(mask) == 0027);
	endpoints_close(&e);
	CHECK(stat(path, &is) < 0 && errno == ENOENT);
}

static void
a_Unix_socket_that_nobody_serves_is_replaced(void)
{
	struct endpoint_flaw flaw;
	struct endpoints dead, e, other;

	CHECK(open_on(&dead, address, NULL, &flaw) == 0);
	close(dead.list[0].fd);		/* as if it had been killed */
	CHECK(open_on(&e, address, NULL, &flaw) == 0);
	CHECK(open_on(&other, address, NULL, &flaw) == -1 && errno == EADDRINUSE);
	endpoints_close(&other);
	CHECK(access(path, F_OK) == 0);
	endpoints_close(&e);
}

static void
a_file_that_is_not_a_socket_is_left_alone(void)
{
	struct endpoint_flaw flaw;
	struct endpoints e;

	close(open(path, O_CREAT | O_WRONLY, 0600));
	CHECK(open_on(&e, address, NULL, &flaw) == -1 && errno == EADDRINUSE);
	CHECK(access(path, F_OK) == 0 && unlink(path) == 0);
	CHECK(open_on(&e, "unix:", NULL, &flaw) == -1 && flaw.why != NULL);
}

static void
a_Unix_socket_of_another_server_is_not_removed(void)
{
	struct endpoint_flaw flaw;
	struct endpoints e, other;

	CHECK(open_on(&e, address, NULL, &flaw) == 0 && unlink(path) == 0);
	CHECK(open_on(&other, address, NULL, &flaw) == 0);
	endpoints_close(&e);
	CHECK(access(path, F_OK) == 0);
	endpoints_close(&other);
}

static void
a_client_of_a_Unix_socket_is_local(void)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	struct sockaddr_storage from;
	socklen_t n = sizeof(from);
	struct endpoint_flaw flaw;
	struct address a;
	struct endpoints e;
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), got;

	CHECK(open_on(&e, address, NULL, &flaw) == 0);
	snprintf(to.sun_path, sizeof(to.sun_path), "%s", path);
	CHECK(connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0);
	got = accept(e.list[0].fd, (struct sockaddr *)&from, &n);
	a = address_of(&from, n);
	CHECK(got >= 0 && a.kind == ADDRESS_LOCAL);
	close(got);
	close(fd);
	endpoints_close(&e);
}

/* ---- sockets that are passed on ---- */

static int
inherit(struct endpoints *e, int fd, const char *count, struct endpoint_flaw *flaw)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", count, 1);
	if (fd != 3) {
		dup2(fd, 3);
		close(fd);
	}
	*e = (struct endpoints){ .count = 0 };
	return endpoints_inherit(e, flaw);
}

static void
a_socket_that_is_passed_on_is_listened_on(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct endpoint_flaw flaw;
	struct endpoints e;

	CHECK(bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0 && listen(fd, 1) == 0);
	CHECK(inherit(&e, fd, "1", &flaw) == 1 && e.count == 1 && e.list[0].fd == 3);
	CHECK(!e.list[0].local && answers(endpoints_port(&e)));
	CHECK(fcntl(3, F_GETFD) == FD_CLOEXEC && (fcntl(3, F_GETFL) & O_NONBLOCK));
	CHECK(getenv("LISTEN_FDS") == NULL && getenv("LISTEN_PID") == NULL);
	endpoints_close(&e);
}

static void
what_is_passed_on_to_another_process_is_left_alone(void)
{
	struct endpoint_flaw flaw;
	struct endpoints e = { .count = 0 };

	setenv("LISTEN_PID", "1", 1);
	setenv("LISTEN_FDS", "1", 1);
	CHECK(endpoints_inherit(&e, &flaw) == 0 && e.count == 0);
	CHECK(endpoints_inherit(&e, &flaw) == 0);
}

static void
a_descriptor_that_does_not_listen_is_refused(void)
{
	struct endpoint_flaw flaw;
	struct endpoints e;

	CHECK(inherit(&e, socket(AF_INET, SOCK_STREAM, 0), "1", &flaw) == -1 && flaw.why != NULL);
	close(3);
	CHECK(inherit(&e, socket(AF_INET, SOCK_STREAM, 0), "9999", &flaw) == -1 && flaw.why != NULL);
	close(3);
}

/* Returns true when a connection to 127.0.0.1 at the port can be accepted on fd. */
static bool
gets(int fd, unsigned port)
{
	int got = answers(port) ? accept(fd, NULL, NULL) : -1;

	if (got >= 0)
		close(got);
	return got >= 0;
}

static void
repeated_sockets_share_a_port_that_nobody_else_gets(void)
{
	struct endpoints first = { .many = true }, second = { .count = 0 }, third = { .many = true };
	struct endpoint_flaw flaw;
	const char *at = "127.0.0.1";
	bool one = false, two = false;
	char port[8];

	CHECK(endpoints_open(&first, &at, 1, "0", &flaw) == 0);
	CHECK(endpoints_repeat(&second, &first) == 0 && second.count == 1);
	snprintf(port, sizeof(port), "%u", endpoints_port(&first));
	CHECK(endpoints_port(&second) == endpoints_port(&first));
	for (int i = 0; i < 1000 && !(one && two); i++) {
		bool got = gets(first.list[0].fd, endpoints_port(&first));

		one |= got;
		two |= !got && accept(second.list[0].fd, NULL, NULL) >= 0;
	}
	CHECK(one && two);
	CHECK(endpoints_open(&third, &at, 1, port, &flaw) == -1 && errno == EADDRINUSE);
	endpoints_close(&second);
	endpoints_close(&first);
}

static void
a_repeated_Unix_socket_is_the_same_and_stays_until_the_first_is_closed(void)
{
	struct endpoints first = { .many = true }, second = { .count = 0 };
	struct endpoint_flaw flaw;
	const char *at = address;

	CHECK(endpoints_open(&first, &at, 1, "0", &flaw) == 0);
	CHECK(endpoints_repeat(&second, &first) == 0 && second.list[0].fd == first.list[0].fd);
	endpoints_close(&second);
	CHECK(access(path, F_OK) == 0 && fcntl(first.list[0].fd, F_GETFD) >= 0);
	endpoints_close(&first);
	CHECK(access(path, F_OK) < 0);
}

static void
who_picks_a_set_closes_the_sockets_of_the_others(void)
{
	struct endpoints sets[2] = { { .many = true }, { .count = 0 } };
	struct endpoint_flaw flaw;
	const char *both[] = { "127.0.0.1", address };
	int unix_fd;

	CHECK(endpoints_open(&sets[0], both, 2, "0", &flaw) == 0);
	CHECK(endpoints_repeat(&sets[1], &sets[0]) == 0);
	unix_fd = sets[0].list[1].fd;
	endpoints_pick(sets, 2, 1);
	CHECK(fcntl(sets[0].list[0].fd, F_GETFD) < 0 && fcntl(unix_fd, F_GETFD) >= 0);
	endpoints_close(&sets[1]);
	CHECK(fcntl(unix_fd, F_GETFD) < 0 && access(path, F_OK) == 0);
	unlink(path);
}

int
main(void)
{
	if (mkdtemp(folder) == NULL)
		return 111;
	snprintf(path, sizeof(path), "%s/socket", folder);
	snprintf(address, sizeof(address), "unix:%s", path);
	RUN(a_port_that_is_free_is_the_same_for_all_addresses);
	RUN(without_addresses_all_are_listened_on);
	RUN(localhost_stands_for_all_its_addresses);
	RUN(IPv6_and_IPv4_can_be_listened_on_apart);
	RUN(an_address_that_is_not_ours_or_taken_is_told);
	RUN(a_Unix_socket_has_mode_0666_without_the_umask_and_goes_with_its_server);
	RUN(a_Unix_socket_that_nobody_serves_is_replaced);
	RUN(a_file_that_is_not_a_socket_is_left_alone);
	RUN(a_Unix_socket_of_another_server_is_not_removed);
	RUN(a_client_of_a_Unix_socket_is_local);
	RUN(a_socket_that_is_passed_on_is_listened_on);
	RUN(what_is_passed_on_to_another_process_is_left_alone);
	RUN(a_descriptor_that_does_not_listen_is_refused);
	RUN(repeated_sockets_share_a_port_that_nobody_else_gets);
	RUN(a_repeated_Unix_socket_is_the_same_and_stays_until_the_first_is_closed);
	RUN(who_picks_a_set_closes_the_sockets_of_the_others);
	rmdir(folder);
	return unit_end();
}

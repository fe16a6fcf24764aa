/* lib/os/watchdog: signs of life, read from the socket that a service manager would have. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/tell.h"
#include "os/watchdog.h"

static struct loop *loop;
static int manager;	/* a socket; -1: there is none */
static char path[64];

/* Begins a test with these in the environment; NULL is none. */
static void
begin(const char *usec, const char *pid)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	snprintf(path, sizeof(path), "/tmp/ct-watchdog-%ld", (long)getpid());
	strcpy(at.sun_path, path);
	manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	CHECK(manager >= 0 && bind(manager, (struct sockaddr *)&at, sizeof(at)) == 0);
	setenv("NOTIFY_SOCKET", path, 1);
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	if (usec != NULL)
		setenv("WATCHDOG_USEC", usec, 1);
	if (pid != NULL)
		setenv("WATCHDOG_PID", pid, 1);
	loop = loop_open();
	CHECK(loop != NULL);
}

static void
end(void)
{
	loop_free(loop);
	close(manager);
	unlink(path);
}

static void
stop(void *cookie)
{
	(void)cookie;
	loop_stop(loop);
}

/* Lets the loop turn for so many ms. */
static void
turn(unsigned ms)
{
	struct loop_timer until = { .due = stop };

	loop_after(loop, &until, ms);
	CHECK(loop_run(loop) == 0);
}

/* Returns how many signs of life have come, and checks that nothing else has. */
static unsigned
signs(void)
{
	unsigned count = 0;
	char got[64];
	ssize_t n;

	while ((n = recv(manager, got, sizeof(got), 0)) >= 0) {
		CHECK(n == 10 && memcmp(got, "WATCHDOG=1", 10) == 0);
		count++;
	}
	CHECK(errno == EAGAIN);
	return count;
}

static void
signs_come_three_times_within_the_limit(void)
{
	struct watchdog w;
	unsigned got;

	begin("300000", NULL);
	CHECK(watchdog_limit() == 300);
	watchdog_start(&w, loop, NULL, NULL);
	CHECK(signs() == 1);	/* one at once */
	turn(1050);
	got = signs();		/* every 100 ms; a busy machine may be late */
	CHECK(got >= 4 && got <= 10);	/* a socket takes ten, where nobody reads it */
	watchdog_stop(&w);
	end();
}

static bool
works(void *cookie)
{
	return *(bool *)cookie;
}

static void
no_sign_comes_while_the_tool_does_not_work(void)
{
	bool yes = true, no = false;
	struct watchdog w;

	begin("60000", NULL);
	watchdog_start(&w, loop, works, &no);
	turn(200);
	CHECK(signs() == 0);
	w.cookie = &yes;
	turn(200);
	CHECK(signs() > 0);
	watchdog_stop(&w);
	end();
}

static void
no_sign_comes_after_the_end(void)
{
	struct watchdog w;

	begin("60000", NULL);
	watchdog_start(&w, loop, NULL, NULL);
	watchdog_stop(&w);
	(void)signs();
	turn(100);
	CHECK(signs() == 0);
	end();
}

/* Returns whether any sign comes with these in the environment. */
static bool
comes(const char *usec, const char *pid)
{
	struct watchdog w;
	unsigned got;

	begin(usec, pid);
	watchdog_start(&w, loop, NULL, NULL);
	turn(5);
	got = signs();
	watchdog_stop(&w);
	end();
	return got > 0;
}

static void
the_environment_says_whether_signs_are_wanted_and_from_whom(void)
{
	char own[32], other[32];

	snprintf(own, sizeof(own), "%ld", (long)getpid());
	snprintf(other, sizeof(other), "%ld", (long)getppid());
	CHECK(comes("3000000", own));
	CHECK(comes("3000000", ""));
	CHECK(comes("1", NULL));
	CHECK(!comes("3000000", other));
	CHECK(!comes("3000000", "me"));
	CHECK(!comes(NULL, own));
	CHECK(!comes("", own));
	CHECK(!comes("0", own));
	CHECK(!comes("-5", own));
	CHECK(!comes("3s", own));
	CHECK(!comes("99999999999999999999999", own));
}

static void
a_limit_beyond_all_numbers_of_ms_is_the_largest(void)
{
	begin("18446744073709551615", NULL);
	CHECK(watchdog_limit() == UINT32_MAX);
	end();
}

static void
a_manager_that_has_gone_does_not_stop_the_tool(void)
{
	struct watchdog w;

	begin("30000", NULL);
	unlink(path);
	tell_quieter();
	watchdog_start(&w, loop, NULL, NULL);
	turn(100);
	CHECK(w.failed);
	watchdog_stop(&w);
	end();
}

static void
a_manager_that_reads_nothing_does_not_stop_the_tool(void)
{
	struct watchdog w;

	begin("3000", NULL);
	tell_quieter();
	watchdog_start(&w, loop, NULL, NULL);
	turn(1500);
	CHECK(w.failed);
	CHECK(signs() >= 10);
	turn(5);
	CHECK(signs() > 0 && !w.failed);	/* there is room again */
	watchdog_stop(&w);
	end();
}

int
main(void)
{
	RUN(signs_come_three_times_within_the_limit);
	RUN(no_sign_comes_while_the_tool_does_not_work);
	RUN(no_sign_comes_after_the_end);
	RUN(the_environment_says_whether_signs_are_wanted_and_from_whom);
	RUN(a_limit_beyond_all_numbers_of_ms_is_the_largest);
	RUN(a_manager_that_has_gone_does_not_stop_the_tool);
	RUN(a_manager_that_reads_nothing_does_not_stop_the_tool);
	return unit_end();
}

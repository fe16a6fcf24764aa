/* os/out: standard output that does not hold up the loop and stays as it was found. */
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/out.h"

enum { MANY = 3 << 20 };	/* bytes, more than a pipe or socket takes at once */

static struct loop *loop;
static unsigned moves;

static void
moved(void *cookie)
{
	struct out *o = cookie;

	moves++;
	if (out_is_empty(o))
		loop_stop(loop);
}

static bool
blocks(int fd)
{
	return (fcntl(fd, F_GETFL) & O_NONBLOCK) == 0;
}

static void
append(struct out *o, size_t n)
{
	memset(buf_reserve(&o->bytes, n), 'x', n);
	buf_commit(&o->bytes, n);
}

/* Reads from fd in a process of its own: n bytes, then the end. */
static void
read_away(int fd, size_t n)
{
	char bytes[4096];
	ssize_t k;

	if (fork() != 0)
		return;
	while (n > 0 && (k = read(fd, bytes, sizeof(bytes))) > 0)
		n -= (size_t)k < n ? (size_t)k : n;
	_exit(0);
}

/* What waits leaves through the loop; out must not wait and fd must go on to block. */
static void
check_sending(struct out *o, int reader, int writer)
{
	moves = 0;
	append(o, MANY);
	out_send(o);
	CHECK(!out_is_empty(o) && !out_has_room(o) && blocks(writer));
	CHECK(out_end(o) == MANY && out_sent(o) < MANY);
	read_away(reader, MANY);
	CHECK(loop_run(loop) == 0);
	CHECK(moves > 0 && out_is_empty(o) && out_sent(o) == MANY && blocks(writer));
	out_free(o);
	CHECK(blocks(writer));
}

static void
a_pipe_is_not_waited_for_and_goes_on_to_block_for_others(void)
{
	struct out o;
	int fd[2];

	CHECK(pipe(fd) == 0);
	out_init(&o, loop, fd[1], moved, &o);
	CHECK(o.way == OUT_OWN);
	check_sending(&o, fd[0], fd[1]);
	close(fd[0]);
	close(fd[1]);
}

static void
a_pipe_that_cannot_be_opened_anew_is_not_waited_for_either(void)
{
	struct rlimit found, none = { 0, 0 };
	struct out o;
	int fd[2];

	CHECK(pipe(fd) == 0 && getrlimit(RLIMIT_NOFILE, &found) == 0);
	none.rlim_max = found.rlim_max;
	CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
	out_init(&o, loop, fd[1], moved, &o);
	CHECK(setrlimit(RLIMIT_NOFILE, &found) == 0);
	CHECK(o.way == OUT_PIPE);
	check_sending(&o, fd[0], fd[1]);
	close(fd[0]);
	close(fd[1]);
}

static void
a_socket_is_not_waited_for_and_goes_on_to_block_for_others(void)
{
	struct out o;
	int fd[2];

	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, fd) == 0);
	out_init(&o, loop, fd[1], moved, &o);
	CHECK(o.way == OUT_SOCKET);
	check_sending(&o, fd[0], fd[1]);
	close(fd[0]);
	close(fd[1]);
}

static void
a_reader_that_leaves_is_noticed_with_nothing_to_write(void)
{
	struct out o;
	int fd[2];

	CHECK(pipe(fd) == 0);
	out_init(&o, loop, fd[1], moved, &o);
	moves = 0;
	close(fd[0]);
	CHECK(loop_run(loop) == 0);
	CHECK(moves == 1 && out_is_gone(&o) && !out_has_room(&o) && out_is_empty(&o));
	append(&o, 1);
	out_send(&o);
	CHECK(o.bytes.n == 0);
	out_free(&o);
	close(fd[1]);
}

static void
the_end_waits_for_a_reader_as_long_as_it_is_told(void)
{
	struct out o;
	int fd[2];

	CHECK(pipe(fd) == 0);
	out_init(&o, loop, fd[1], moved, &o);
	append(&o, MANY);
	out_finish(&o, 20);
	CHECK(!out_is_empty(&o));
	read_away(fd[0], MANY);
	out_finish(&o, 60 * 1000);
	CHECK(out_is_empty(&o) && out_sent(&o) == MANY);
	out_free(&o);
	close(fd[0]);
	close(fd[1]);
}

static void
a_write_outside_the_loop_waits_though_the_descriptor_does_not(void)
{
	static uint8_t bytes[MANY];
	int fd[2];

	CHECK(pipe(fd) == 0 && fcntl(fd[1], F_SETFL, O_NONBLOCK) == 0);
	read_away(fd[0], MANY);
	close(fd[0]);
	CHECK(out_write(fd[1], span_of(bytes, MANY)) == 0);
	close(fd[1]);
}

int
main(void)
{
	loop = loop_open();
	CHECK(loop != NULL && signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	RUN(a_pipe_is_not_waited_for_and_goes_on_to_block_for_others);
	RUN(a_pipe_that_cannot_be_opened_anew_is_not_waited_for_either);
	RUN(a_socket_is_not_waited_for_and_goes_on_to_block_for_others);
	RUN(a_reader_that_leaves_is_noticed_with_nothing_to_write);
	RUN(the_end_waits_for_a_reader_as_long_as_it_is_told);
	RUN(a_write_outside_the_loop_waits_though_the_descriptor_does_not);
	loop_free(loop);
	return unit_end();
}

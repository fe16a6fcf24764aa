/* lib/os/loop: descriptors, timers and signals in one thread; and lib/os/ready. */
#include "unit.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "os/loop.h"
#include "os/ready.h"

static struct loop *loop;
static struct buf trace;	/* what happened, a letter each */

static void
started(void)
{
	loop = loop_open();
	CHECK(loop != NULL);
	buf_init(&trace);
}

static void
ended(void)
{
	loop_free(loop);
	buf_free(&trace);
}

static void
put_letter(void *cookie)
{
	buf_puts(&trace, cookie);
}

static void
put_letter_and_stop(void *cookie)
{
	buf_puts(&trace, cookie);
	loop_stop(loop);
}

static void
timers_come_due_in_order_of_time_then_of_start(void)
{
	struct loop_timer a = { .due = put_letter, .cookie = "a" };
	struct loop_timer b = { .due = put_letter, .cookie = "b" };
	struct loop_timer c = { .due = put_letter, .cookie = "c" };
	struct loop_timer d = { .due = put_letter_and_stop, .cookie = "d" };

	started();
	loop_after(loop, &d, 30);
	loop_after(loop, &c, 10);
	loop_after(loop, &a, 0);
	loop_after(loop, &b, 0);
	CHECK(loop_run(loop) == 0);
	CHECK_TEXT(buf_span(&trace), "abcd");
	ended();
}

static void
a_stopped_or_restarted_timer_does_not_come_at_its_old_time(void)
{
	struct loop_timer a = { .due = put_letter, .cookie = "a" };
	struct loop_timer b = { .due = put_letter, .cookie = "b" };
	struct loop_timer c = { .due = put_letter_and_stop, .cookie = "c" };

	started();
	loop_after(loop, &a, 1);
	loop_after(loop, &b, 1);
	loop_after(loop, &c, 20);
	loop_stop_timer(loop, &a);
	loop_stop_timer(loop, &a);
	loop_after(loop, &b, 10);
	CHECK(loop_run(loop) == 0);
	CHECK_TEXT(buf_span(&trace), "bc");
	ended();
}

enum { MANY = 1000 };
static uint64_t last_at;
static int fired, backwards;

static void
check_order(void *cookie)
{
	struct loop_timer *t = cookie;

	if (t->at < last_at)
		backwards++;
	last_at = t->at;
	if (++fired == MANY - MANY / 3 - 1)
		loop_stop(loop);
}

static void
a_thousand_timers_a_third_of_them_stopped_stay_in_order(void)
{
	static struct loop_timer t[MANY];

	started();
	srand(1);
	fired = backwards = 0;
	last_at = 0;
	for (int i = 0; i < MANY; i++) {
		t[i] = (struct loop_timer){ .due = check_order, .cookie = &t[i] };
		loop_after(loop, &t[i], (unsigned)(rand() % 50));
	}
	for (int i = 0; i < MANY; i += 3)
		loop_stop_timer(loop, &t[i]);
	CHECK(loop_run(loop) == 0);
	CHECK(backwards == 0);
	CHECK(fired == MANY - MANY / 3 - 1);
	ended();
}

static struct loop_timer again;

static void
start_again(void *cookie)
{
	(void)cookie;
	loop_after(loop, &again, 0);
}

static void
read_letter_and_stop(void *cookie, unsigned events)
{
	struct loop_fd *f = cookie;
	char c;

	CHECK(events & LOOP_READ);
	CHECK(read(f->fd, &c, 1) == 1);
	buf_putc(&trace, c);
	loop_stop(loop);
}

static void
a_timer_that_starts_itself_again_leaves_descriptors_their_turn(void)
{
	struct loop_fd f = { .ready = read_letter_and_stop, .cookie = &f };
	int ends[2];

	started();
	CHECK(pipe(ends) == 0);
	f.fd = ends[0];
	again = (struct loop_timer){ .due = start_again };
	loop_after(loop, &again, 0);
	CHECK(loop_add(loop, &f, LOOP_READ) == 0);
	CHECK(write(ends[1], "x", 1) == 1);
	CHECK(loop_run(loop) == 0);
	CHECK_TEXT(buf_span(&trace), "x");
	close(ends[0]);
	close(ends[1]);
	ended();
}

static struct loop_fd two[2];

/* Whichever of the two comes first deletes the other. */
static void
delete_other(void *cookie, unsigned events)
{
	int me = cookie == &two[1];

	(void)events;
	buf_putc(&trace, 'x');
	loop_del(loop, &two[!me]);
	loop_want(loop, &two[me], 0);
}

static void
a_descriptor_deleted_in_a_callback_is_not_heard_of_again(void)
{
	struct loop_timer stop = { .due = put_letter_and_stop, .cookie = "." };
	int a[2], b[2];

	started();
	CHECK(pipe(a) == 0 && pipe(b) == 0);
	CHECK(write(a[1], "a", 1) == 1 && write(b[1], "b", 1) == 1);
	two[0] = (struct loop_fd){ .fd = a[0], .ready = delete_other, .cookie = &two[0] };
	two[1] = (struct loop_fd){ .fd = b[0], .ready = delete_other, .cookie = &two[1] };
	CHECK(loop_add(loop, &two[0], LOOP_READ) == 0);
	CHECK(loop_add(loop, &two[1], LOOP_READ) == 0);
	loop_after(loop, &stop, 20);
	CHECK(loop_run(loop) == 0);
	CHECK_TEXT(buf_span(&trace), "x.");
	close(a[0]);
	close(a[1]);
	close(b[0]);
	close(b[1]);
	ended();
}

static void
note_events(void *cookie, unsigned events)
{
	(void)cookie;
	buf_putf(&trace, "%u ", events);
	if (events & LOOP_READ)
		loop_stop(loop);
}

static void
a_hang_up_is_told_once_while_nothing_is_wanted_and_as_readable_when_wanted(void)
{
	struct loop_fd f = { .ready = note_events };
	struct loop_timer stop = { .due = put_letter_and_stop, .cookie = "| " };
	int ends[2];

	started();
	CHECK(pipe(ends) == 0);
	f.fd = ends[0];
	CHECK(loop_add(loop, &f, 0) == 0);
	close(ends[1]);
	loop_after(loop, &stop, 20);
	CHECK(loop_run(loop) == 0);
	loop_want(loop, &f, LOOP_READ);
	CHECK(loop_run(loop) == 0);
	CHECK_TEXT(buf_span(&trace), "4 | 5 ");
	loop_del(loop, &f);
	close(ends[0]);
	ended();
}

static void
a_regular_file_is_refused_with_EPERM(void)
{
	struct loop_fd f = { .ready = note_events };
	FILE *file = tmpfile();

	started();
	CHECK(file != NULL);
	f.fd = fileno(file);
	CHECK(loop_add(loop, &f, LOOP_READ) < 0 && errno == EPERM);
	fclose(file);
	ended();
}

static void
note_signal(void *cookie, int signo)
{
	buf_putf(&trace, "%s%d", (const char *)cookie, signo == SIGTERM);
	loop_stop(loop);
}

static void
a_signal_that_was_asked_for_arrives_as_a_call(void)
{
	started();
	CHECK(loop_signals(loop, note_signal, "usr1 ") == 0);
	CHECK(loop_hear(SIGUSR1) == 0);
	CHECK(raise(SIGUSR1) == 0);
	CHECK(loop_run(loop) == 0);
	CHECK_TEXT(buf_span(&trace), "usr1 0");
	signal(SIGUSR1, SIG_DFL);
	ended();
}

static void
signals_arrive_as_calls_and_a_broken_pipe_as_an_error(void)
{
	int ends[2];

	started();
	CHECK(loop_signals(loop, note_signal, "term ") == 0);
	CHECK(raise(SIGTERM) == 0);
	CHECK(loop_run(loop) == 0);
	CHECK_TEXT(buf_span(&trace), "term 1");
	CHECK(pipe(ends) == 0);
	close(ends[0]);
	CHECK(write(ends[1], "x", 1) < 0 && errno == EPIPE);
	close(ends[1]);
	ended();
}

static void
a_stop_before_the_run_ends_it_at_once(void)
{
	struct loop_timer a = { .due = put_letter, .cookie = "a" };

	started();
	loop_after(loop, &a, 0);
	loop_stop(loop);
	CHECK(loop_run(loop) == 0);
	CHECK(trace.n == 0);
	ended();
}

static void
the_service_manager_is_told_through_its_socket(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	char path[] = "/tmp/ct-ready-XXXXXX", got[64];
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0), file = mkstemp(path);
	ssize_t n;

	CHECK(fd >= 0 && file >= 0);
	unsetenv("NOTIFY_SOCKET");
	CHECK(ready_tell("READY=1") == 0);
	close(file);
	unlink(path);
	strcpy(at.sun_path, path);
	CHECK(bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0);
	setenv("NOTIFY_SOCKET", path, 1);
	CHECK(ready_tell("READY=1") == 0);
	n = recv(fd, got, sizeof(got), MSG_DONTWAIT);
	CHECK(n == 7 && memcmp(got, "READY=1", 7) == 0);
	unlink(path);
	CHECK(ready_tell("READY=1") < 0);
	setenv("NOTIFY_SOCKET", "relative", 1);
	CHECK(ready_tell("READY=1") < 0 && errno == EINVAL);
	close(fd);
}

int
main(void)
{
	RUN(timers_come_due_in_order_of_time_then_of_start);
	RUN(a_stopped_or_restarted_timer_does_not_come_at_its_old_time);
	RUN(a_thousand_timers_a_third_of_them_stopped_stay_in_order);
	RUN(a_timer_that_starts_itself_again_leaves_descriptors_their_turn);
	RUN(a_descriptor_deleted_in_a_callback_is_not_heard_of_again);
	RUN(a_hang_up_is_told_once_while_nothing_is_wanted_and_as_readable_when_wanted);
	RUN(a_regular_file_is_refused_with_EPERM);
	RUN(a_signal_that_was_asked_for_arrives_as_a_call);
	RUN(signals_arrive_as_calls_and_a_broken_pipe_as_an_error);
	RUN(a_stop_before_the_run_ends_it_at_once);
	RUN(the_service_manager_is_told_through_its_socket);
	return unit_end();
}

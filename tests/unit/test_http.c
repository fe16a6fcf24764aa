/* ct-fetch/net/http: transfers from a small server of our own, which numbers its connections. */
#include "unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ct-fetch/net/http.h"

static struct loop *loop;
static struct http *http;
static unsigned port;
static pid_t server;
static struct http_answer answer;	/* the newest; its body is ours */

/* ---- the server, a process for each connection ---- */

static void
say(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		_exit(0);
}

/* Sends 66,000 times "x" as gzip that packs nothing. */
static void
say_stored(int fd)
{
	static const uint8_t head[] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0, 0xe8, 0x80, 0x17, 0x7f };
	static const uint8_t next[] = { 1, 0xe8, 0x80, 0x17, 0x7f };	/* 33000 bytes, the last block */
	static const uint8_t tail[] = { 0xe1, 0x01, 0x98, 0xf9, 0xd0, 0x01, 0x01, 0 };
	char block[33000];

	memset(block, 'x', sizeof(block));
	if (write(fd, head, sizeof(head)) < 0 || write(fd, block, sizeof(block)) < 0 ||
	    write(fd, next, sizeof(next)) < 0 || write(fd, block, sizeof(block)) < 0 ||
	    write(fd, tail, sizeof(tail)) < 0)
		_exit(0);
}

/* Answers the request for path on connection n. */
static void
serve(int fd, int n, const char *path)
{
	char text[128];

	if (strcmp(path, "/number") == 0) {
		snprintf(text, sizeof(text), "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n%02d", n);
		say(fd, text);
	} else if (strcmp(path, "/trickle") == 0) {
		say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
		sleep(60);
	} else if (strcmp(path, "/refused") == 0) {
		say(fd, "HTTP/1.1 404 No\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\n<pre>");
	} else if (strcmp(path, "/flood") == 0) {
		say(fd, "HTTP/1.1 503 No\r\nRetry-After: 7\r\n\r\n");
		for (;;)
			say(fd, "0123456789012345678901234567890123456789");
	} else if (strcmp(path, "/packed") == 0) {
		say(fd, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 66028\r\n\r\n");
		say_stored(fd);
	} else if (strcmp(path, "/odd") == 0) {
		say(fd, "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\nabc");
	} else if (strcmp(path, "/there") == 0) {
		say(fd, "HTTP/1.1 301 No\r\nLocation: number\r\nContent-Length: 0\r\n\r\n");
	} else if (strcmp(path, "/away") == 0) {
		say(fd, "HTTP/1.1 301 No\r\nLocation: http://\x1b.test/\r\nContent-Length: 0\r\n\r\n");
	}	/* nothing is said to any other */
}

/* Answers the requests that come on connection n. */
static void
serve_all(int fd, int n)
{
	char line[4096], path[64];
	ssize_t got;

	while ((got = read(fd, line, sizeof(line) - 1)) > 0) {
		line[got] = '\0';
		if (sscanf(line, "GET %63s", path) == 1)
			serve(fd, n, path);
	}
	_exit(0);
}

static void
accept_all(int fd)
{
	signal(SIGCHLD, SIG_IGN);
	for (int n = 1;; n++) {
		int c = accept(fd, NULL, NULL);

		if (c >= 0 && fork() == 0)
			serve_all(c, n);
		close(c);
	}
}

static void
started(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t n = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, n) < 0 || listen(fd, 16) < 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &n) < 0)
		abort();
	port = ntohs(at.sin_port);
	server = fork();
	if (server == 0) {
		setpgid(0, 0);
		accept_all(fd);
	}
	setpgid(server, server);
	close(fd);
	loop = loop_open();
	http = http_open(loop, "test");
}

static void
ended(void)
{
	http_free(http);
	loop_free(loop);
	buf_free(&answer.body);
	kill(-server, SIGKILL);
	waitpid(server, NULL, 0);
}

/* ---- the client ---- */

static void
take(void *cookie, struct http_answer *a)
{
	(void)cookie;
	buf_free(&answer.body);
	answer = *a;
	a->body = (struct buf){ 0 };
	loop_stop(loop);
}

/* Gets path as ask says, which needs no url, most and done. answer is what came. */
static void
get(const char *path, struct http_ask ask)
{
	char url[128];

	snprintf(url, sizeof(url), "http://127.0.0.1:%u%s", port, path);
	ask.url = url;
	ask.most = ask.most > 0 ? ask.most : 1000;
	ask.done = take;
	http_start(http, &ask);
	CHECK(loop_run(loop) == 0);
}

static void
a_connection_is_used_again_unless_a_fresh_one_is_wanted(void)
{
	started();
	get("/number", (struct http_ask){ 0 });
	CHECK_TEXT(buf_span(&answer.body), "01");
	get("/number", (struct http_ask){ 0 });
	CHECK_TEXT(buf_span(&answer.body), "01");
	get("/number", (struct http_ask){ .fresh = true });
	CHECK_TEXT(buf_span(&answer.body), "02");
	ended();
}

static void
after_a_time_out_no_connection_is_used_again(void)
{
	started();
	get("/number", (struct http_ask){ 0 });
	get("/number", (struct http_ask){ .fresh = true });
	get("/trickle", (struct http_ask){ .deadline = 300 });
	get("/number", (struct http_ask){ 0 });
	CHECK_TEXT(buf_span(&answer.body), "03");
	ended();
}

static void
a_deadline_cuts_an_answer_and_keeps_what_came(void)
{
	started();
	get("/trickle", (struct http_ask){ .deadline = 300 });
	CHECK(answer.status == 200 && answer.cut);
	CHECK(strstr(answer.why, "timed out") != NULL);
	CHECK_TEXT(buf_span(&answer.body), "abc");
	get("/never", (struct http_ask){ .deadline = 300 });
	CHECK(answer.status == 0 && !answer.cut && answer.why[0] != '\0');
	ended();
}

static void
a_body_that_is_too_long_is_no_answer(void)
{
	started();
	get("/number", (struct http_ask){ .most = 1 });
	CHECK(answer.status == 0 && answer.too_long);
	CHECK_TEXT(span_str(answer.why), "the body is longer than 1 bytes");
	get("/odd", (struct http_ask){ 0 });
	CHECK(answer.status == 0 && !answer.too_long && answer.body.n == 0);
	ended();
}

static void
a_refusal_is_one_whatever_its_body_is_like(void)
{
	started();
	get("/refused", (struct http_ask){ 0 });
	CHECK(answer.status == 404 && !answer.cut);
	CHECK_TEXT(span_str(answer.why), "");
	CHECK_TEXT(buf_span(&answer.body), "<pre>");
	get("/flood", (struct http_ask){ 0 });
	CHECK(answer.status == 503 && !answer.cut);
	CHECK_TEXT(span_str(answer.retry_after), "7");
	CHECK(answer.body.n == MAX_REFUSAL);
	ended();
}

static void
a_redirect_is_followed_here_and_told_escaped_elsewhere(void)
{
	started();
	get("/there", (struct http_ask){ 0 });
	CHECK(answer.status == 200);
	CHECK_TEXT(buf_span(&answer.body), "01");
	get("/away", (struct http_ask){ 0 });
	CHECK(answer.status == 301);
	CHECK_TEXT(span_str(answer.why), "HTTP 301 leads to http://\\x1b.test/");
	ended();
}

static void
the_memory_of_a_body_that_is_given_back_is_used_for_the_next_one(void)
{
	uint8_t *memory;

	started();
	get("/packed", (struct http_ask){ .most = 100000 });
	CHECK(answer.status == 200 && !answer.cut && answer.body.n == 66000);
	memory = answer.body.p;
	http_give_back(http, &answer.body);
	CHECK(answer.body.p == NULL);
	free(malloc(answer.body.cap));	/* a block that malloc would hand out first */
	get("/packed", (struct http_ask){ .most = 100000 });
	CHECK(answer.body.n == 66000 && answer.body.p == memory);
	http_give_back(http, &answer.body);
	http_trim(http);
	ended();
}

/* ---- several answers at a time ---- */

static struct loop_timer turn;
static unsigned came, turns;
static bool in_turn;	/* each answer came after the turn that the one before had asked for */

static void
take_one(void *cookie, struct http_answer *a)
{
	(void)cookie;
	(void)a;
	in_turn = in_turn && turns == came;
	came++;
	loop_after(loop, &turn, 0);
}

static void
take_turn(void *cookie)
{
	(void)cookie;
	turns++;
	if (came == 3)
		loop_stop(loop);
}

static void
sleep_long(void *cookie)
{
	(void)cookie;
	usleep(300 * 1000);
}

static void
answers_that_come_at_once_are_handed_over_one_at_a_time(void)
{
	struct loop_timer pause = { .due = sleep_long };
	char url[128];

	started();
	turn = (struct loop_timer){ .due = take_turn };
	in_turn = true;
	for (int i = 0; i < 3; i++) {
		snprintf(url, sizeof(url), "http://127.0.0.1:%u/number", port);
		http_start(http, &(struct http_ask){ .url = url, .most = 10, .done = take_one });
	}
	loop_after(loop, &pause, 20);	/* the requests are on their way, and all answers come meanwhile */
	CHECK(loop_run(loop) == 0);
	CHECK(came == 3 && turns == 3 && in_turn);
	ended();
}

int
main(void)
{
	RUN(a_connection_is_used_again_unless_a_fresh_one_is_wanted);
	RUN(after_a_time_out_no_connection_is_used_again);
	RUN(a_deadline_cuts_an_answer_and_keeps_what_came);
	RUN(a_body_that_is_too_long_is_no_answer);
	RUN(a_refusal_is_one_whatever_its_body_is_like);
	RUN(a_redirect_is_followed_here_and_told_escaped_elsewhere);
	RUN(the_memory_of_a_body_that_is_given_back_is_used_for_the_next_one);
	RUN(answers_that_come_at_once_are_handed_over_one_at_a_time);
	return unit_end();
}

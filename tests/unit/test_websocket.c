/* ct-ws/websocket: what a client asks for is answered, and bounded where it does not read the answers. */
#include "unit.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ct-ws/websocket.h"
#include "enc/deflate.h"

static struct site site;
static struct reader reader;
static struct websocket ws;

static void
reader_blocked(struct reader *r, bool on)
{
	(void)r;
	(void)on;
}

static void
reader_over(struct reader *r, bool ended)
{
	(void)ended;
	renditions_leave(&site.renditions, r);
}

static const struct rendition_calls calls = { reader_blocked, reader_over };

/* Puts a text message of a client into out; its mask is 0. */
static void
put_message(struct buf *out, struct span text)
{
	const uint8_t head[] = { 0x81, 0xfe, (uint8_t)(text.n >> 8), (uint8_t)text.n };
	const uint8_t mask[4] = { 0 }, small[] = { 0x81, (uint8_t)(0x80 | text.n) };

	buf_put(out, text.n < 126 ? span_of(small, sizeof(small)) : span_of(head, sizeof(head)));
	buf_put(out, span_of(mask, sizeof(mask)));
	buf_put(out, text);
}

static struct sock sock;

/* Opens ws with compression where gz is not NULL. Returns the client's end. */
static int
open_websocket(struct gz *gz)
{
	struct renditions_wish wish = { .kind = { .form = FORM_LITE } };
	const char *why;
	int fd[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd) < 0)
		abort();
	site_init(&site, &(struct renditions_sizes){ 1 << 20, 1 << 20, 1 << 20 }, &calls, 0);
	sock_open(&sock, fd[0], SOCK_ROOM_LEAST);
	reader = (struct reader){ .sock = &sock };
	CHECK(renditions_join(&site.renditions, &reader, &wish, &why));
	websocket_open(&ws, &site, &reader, gz, SPAN(""));
	return fd[1];
}

static void
close_websocket(int fd)
{
	renditions_leave(&site.renditions, &reader);
	websocket_free(&ws);
	sock_close(&sock, true);
	close(fd);
	site_free(&site);
}

static void
who_changes_filters_and_reads_no_answers_is_ended(void)
{
	struct buf filter, message;
	int fd = open_websocket(NULL);

	buf_init(&filter);
	buf_init(&message);
	buf_puts(&filter, "{\"subscribe\":{\"match\":[\"a\"");
	for (int i = 0; i < 15; i++)
		buf_putf(&filter, ",\"%0400d\"", i);
	buf_puts(&filter, "]}}");
	put_message(&message, buf_span(&filter));
	for (int i = 0; i < 200 && !ws.ending; i++) {
		websocket_second(&ws);
		websocket_take(&ws, buf_span(&message));
	}
	CHECK(ws.ending);
	CHECK(reader.out.own.n <= (MAX_WEBSOCKET_ANSWERS + 1) * message.n);
	close_websocket(fd);
	buf_free(&filter);
	buf_free(&message);
}

/* Checks that the answer to text has want in it; or, where want is "", that there is none. */
static void
check_answer(int fd, struct span text, const char *want)
{
	char got[4096];
	struct buf message;
	ssize_t n;

	buf_init(&message);
	put_message(&message, text);
	websocket_second(&ws);
	websocket_take(&ws, buf_span(&message));
	n = recv(fd, got, sizeof(got) - 1, 0);
	got[n > 0 ? n : 0] = '\0';
	CHECK(want[0] == '\0' ? n < 0 : n > 0 && memmem(got, (size_t)n, want, strlen(want)) != NULL);
	buf_free(&message);
}

static void
an_object_that_names_subscribe_is_answered_and_others_are_not(void)
{
	int fd = open_websocket(NULL);

	check_answer(fd, SPAN("{\"subscribe\":{\"domain\":\"a\"}}"), "[\"a\"]");
	check_answer(fd, SPAN("{\"id\":7,\"subscribe\":{\"domain\":\"b\"}}"), "unknown key \\\"id\\\"");
	check_answer(fd, SPAN("{\"id\":[{}],\"s\\u0075bscribe\":{}}"), "unknown key");
	check_answer(fd, SPAN("{\"subscribe\""), "not JSON");
	check_answer(fd, SPAN("{\"type\":\"subscribe\"}"), "");
	check_answer(fd, SPAN("{\"a\":{\"subscribe\":{}}}"), "");
	check_answer(fd, SPAN("{\"a\":,\"subscribe\":{}}"), "");
	check_answer(fd, SPAN("[\"subscribe\"]"), "");
	check_answer(fd, SPAN("hello"), "");
	check_answer(fd, SPAN(""), "");
	close_websocket(fd);
}

static void
a_filter_that_is_too_long_is_told(void)
{
	struct buf text;
	int fd = open_websocket(NULL);

	buf_init(&text);
	buf_puts(&text, "{\"subscribe\":{\"domain\":[\"a0.example.com\"");
	for (int i = 1; i < 1000; i++)
		buf_putf(&text, ",\"a%d.example.com\"", i);
	buf_puts(&text, "]}}");
	CHECK(text.n > MAX_MESSAGE_KEPT);
	check_answer(fd, buf_span(&text), "16 KiB");
	text.p[3] = 'x';
	check_answer(fd, buf_span(&text), "");
	buf_free(&text);
	close_websocket(fd);
}

static void
a_filter_that_unpacks_to_too_much_is_told(void)
{
	struct deflate *d = deflate_open(DEFLATE_SMALL);
	struct gz *gz = gz_open(GZ_MESSAGE);
	struct buf text, packed, message;
	int fd = open_websocket(gz);
	char got[200];

	buf_init(&text);
	buf_init(&packed);
	buf_init(&message);
	buf_puts(&text, "{\"subscribe\":{\"match\":\"");
	while (text.n <= MAX_MESSAGE_KEPT)
		buf_putc(&text, 'a');
	deflate_put_message(d, buf_span(&text), &packed);
	put_message(&message, buf_span(&packed));
	message.p[0] |= FRAME_DEFLATED;
	websocket_take(&ws, buf_span(&message));
	CHECK(recv(fd, got, sizeof(got), 0) > 0 && memmem(got, sizeof(got), "16 KiB", 6) != NULL);
	deflate_close(d);
	gz_close(gz);
	buf_free(&text);
	buf_free(&packed);
	buf_free(&message);
	close_websocket(fd);
}

int
main(void)
{
	RUN(who_changes_filters_and_reads_no_answers_is_ended);
	RUN(an_object_that_names_subscribe_is_answered_and_others_are_not);
	RUN(a_filter_that_is_too_long_is_told);
	RUN(a_filter_that_unpacks_to_too_much_is_told);
	return unit_end();
}

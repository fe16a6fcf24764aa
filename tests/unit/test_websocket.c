/* ct-ws/websocket: what a client asks for and does not read the answers to is bounded. */
#include "unit.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ct-ws/websocket.h"

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
	const uint8_t head[8] = { 0x81, 0xfe, (uint8_t)(text.n >> 8), (uint8_t)text.n };

	buf_put(out, span_of(head, sizeof(head)));
	buf_put(out, text);
}

static void
who_changes_filters_and_reads_no_answers_is_ended(void)
{
	struct renditions_wish wish = { .kind = { .form = FORM_LITE } };
	struct buf filter, message;
	struct sock sock;
	const char *why;
	int fd[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd) < 0)
		abort();
	site_init(&site, 1 << 20, 1 << 20, &calls, 0);
	sock_open(&sock, fd[0], SOCK_ROOM_LEAST);
	reader = (struct reader){ .sock = &sock };
	CHECK(renditions_join(&site.renditions, &reader, &wish, &why));
	websocket_open(&ws, &site, &reader, NULL, SPAN("HTTP/1.1 101\r\n\r\n"));
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
	renditions_leave(&site.renditions, &reader);
	websocket_free(&ws);
	sock_close(&sock, true);
	close(fd[1]);
	site_free(&site);
	buf_free(&filter);
	buf_free(&message);
}

int
main(void)
{
	RUN(who_changes_filters_and_reads_no_answers_is_ended);
	return unit_end();
}

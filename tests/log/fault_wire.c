/*
 * Sends responses as broken networks and servers do. In: a header, a body and what is to
 * go wrong. Out: bytes on a socket. http.c sends every response through here.
 */
#include "tests/log/fault_wire.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define FAULT_CHUNK 4096	/* bytes of a chunk */

static void
fault_wire_sleep(unsigned ms)
{
	struct timespec left = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };

	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		;
}

void
fault_wire_wait(const struct fault_wire *w)
{
	if (w->latency > 0)
		fault_wire_sleep(w->latency);
}

static bool
fault_wire_put(int fd, const void *from, size_t len)
{
	const unsigned char *at = from;

	while (len > 0) {
		ssize_t n = send(fd, at, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

/* Waits until the client has closed its side. */
static void
fault_wire_hang(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLRDHUP };

	while (poll(&p, 1, -1) < 0 && errno == EINTR)
		;
}

static void
fault_wire_reset(int fd)
{
	const struct linger now = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

static bool
fault_wire_put_chunk(int fd, const void *from, size_t len)
{
	struct bytes chunk = { 0 };
	bool sent;

	bytes_printf(&chunk, "%zx\r\n", len);
	bytes_put(&chunk, from, len);
	bytes_put_text(&chunk, "\r\n");
	sent = fault_wire_put(fd, chunk.at, chunk.len);
	bytes_free(&chunk);
	return sent;
}

/* Sends the first len bytes of the body, in the pieces that the fault asks for. */
static bool
fault_wire_put_body(int fd, const struct fault_wire *w, const struct bytes *body, size_t len,
    uint64_t *sent)
{
	size_t piece = w->drip > 0 ? w->drip : w->chunked ? FAULT_CHUNK : len;

	while (*sent < len) {
		const unsigned char *at = body->at + *sent;
		size_t n = len - *sent < piece ? (size_t)(len - *sent) : piece;

		if (!(w->chunked ? fault_wire_put_chunk(fd, at, n) : fault_wire_put(fd, at, n)))
			return false;
		*sent += n;
		if (w->drip > 0)
			fault_wire_sleep(w->drip_pause);
	}
	return true;
}

static void
fault_wire_put_endless(int fd, uint64_t *sent)
{
	char noise[FAULT_CHUNK];

	memset(noise, '.', sizeof(noise));
	while (fault_wire_put_chunk(fd, noise, sizeof(noise)))
		*sent += sizeof(noise);
}

/* What the usual response takes: one call for header and body. */
static bool
fault_wire_put_whole(int fd, const struct bytes *header, const struct bytes *body, uint64_t *sent)
{
	struct bytes all = { 0 };
	bool done;

	bytes_reserve(&all, header->len + body->len);
	bytes_put(&all, header->at, header->len);
	bytes_put(&all, body->at, body->len);
	done = fault_wire_put(fd, all.at, all.len);
	bytes_free(&all);
	*sent = body->len;
	return done;
}

static size_t
fault_wire_length(const struct fault_wire *w, const struct bytes *body)
{
	uint64_t keep = w->percent > 0 ? (uint64_t)body->len * w->percent / 100 : w->keep;

	if ((w->end != FAULT_END_CUT && w->end != FAULT_END_STALL) || keep > body->len)
		return body->len;
	return (size_t)keep;
}

bool
fault_wire_send(int fd, const struct fault_wire *w, const struct bytes *header,
    const struct bytes *body, uint64_t *sent)
{
	*sent = 0;
	if (w->end == FAULT_END_RESET) {
		fault_wire_reset(fd);
		return false;
	}
	if (w->end == FAULT_END_MUTE) {
		fault_wire_hang(fd);
		return false;
	}
	if (w->end == FAULT_END_WHOLE && w->drip == 0 && !w->chunked)
		return fault_wire_put_whole(fd, header, body, sent);
	if (!fault_wire_put(fd, header->at, header->len) ||
	    !fault_wire_put_body(fd, w, body, fault_wire_length(w, body), sent))
		return false;
	if (w->end == FAULT_END_STALL)
		fault_wire_hang(fd);
	if (w->end == FAULT_END_ENDLESS)
		fault_wire_put_endless(fd, sent);
	if (w->end != FAULT_END_WHOLE)
		return false;
	return !w->chunked || fault_wire_put(fd, "0\r\n\r\n", 5);
}

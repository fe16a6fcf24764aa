/*
 * Closes connections that were refused.
 *
 * in: descriptors, and the time
 * out: what a client sends meanwhile is read and dropped; then the descriptor is closed
 */
#include "ct-ws/net/farewell.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FAREWELL_READS = 16 };	/* of 4 KiB each, from one connection at once */

/* Drops what the client has sent. Returns false when the client has closed its side, or is gone. */
static bool
farewell_drain(int fd)
{
	uint8_t dropped[4096];
	ssize_t n = 1;

	for (int i = 0; i < FAREWELL_READS && n > 0; i++)
		n = recv(fd, dropped, sizeof(dropped), MSG_DONTWAIT);
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

/* Closes the connection with this index. */
static void
farewell_close(struct farewell *f, size_t i)
{
	(void)farewell_drain(f->one[i].fd);
	(void)close(f->one[i].fd);
	f->count--;
	memmove(&f->one[i], &f->one[i + 1], (f->count - i) * sizeof(f->one[0]));
}

void
farewell_put(struct farewell *f, int fd, uint64_t now)
{
	if (f->count == FAREWELL_MOST)
		farewell_close(f, 0);
	(void)shutdown(fd, SHUT_WR);
	f->one[f->count++] = (struct farewell_one){ fd, now };
}

void
farewell_check(struct farewell *f, uint64_t now)
{
	for (size_t i = f->count; i-- > 0;)
		if (!farewell_drain(f->one[i].fd) || now - f->one[i].began >= FAREWELL_MS)
			farewell_close(f, i);
}

void
farewell_free(struct farewell *f)
{
	while (f->count > 0)
		farewell_close(f, f->count - 1);
}

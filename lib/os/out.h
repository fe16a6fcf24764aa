/*
 * A writer of standard output, or of another descriptor, that does not hold up the loop. The
 * caller appends whole records to a buffer, and they leave as fast as the reader takes them. A
 * pipe or socket is never waited for; a file or a terminal is written to at once, even where
 * that takes time.
 *
 * The descriptor stays as it was found. O_NONBLOCK holds for all processes that share a pipe, and
 * stays set when one of them is killed, so it is never set on a descriptor that others have too.
 */
#ifndef OS_OUT_H
#define OS_OUT_H

#include "base/buf.h"
#include "os/loop.h"

enum {
	OUT_ROOM = 2 << 20,		/* bytes that may wait in the buffer before out_has_room says no */
	OUT_KEPT = 256 << 10,		/* bytes of an empty buffer that out_trim leaves as they are */
	OUT_WIDE_PIPE = 1 << 20,	/* what out_widen asks for, in bytes */
};

/* How the descriptor can be written to without waiting. */
enum out_way {
	OUT_FILE,	/* a file or a terminal: write waits until it has taken all */
	OUT_OWN,	/* a pipe, opened anew with O_NONBLOCK for this process alone */
	OUT_PIPE,	/* a pipe that could not be opened anew: poll, then at most PIPE_BUF bytes */
	OUT_SOCKET,	/* send with MSG_DONTWAIT */
};

struct out {
	struct buf bytes;	/* the caller appends records here, whole, and then calls out_send */

	/* The rest belongs to out.c. */
	struct loop *loop;
	struct loop_fd fd;
	enum out_way way;
	bool watched;		/* fd is in the loop */
	bool gone;		/* the reader has closed its end */
	size_t from;		/* offset in bytes of the first that has not been written */
	uint64_t sent;		/* bytes that have been written since out_init */
	void (*moved)(void *cookie);
	void *cookie;
};

/*
 * Prepares out for writing to fd, which stays the caller's and must not be closed before
 * out_free. The loop calls moved(cookie) when bytes that had to wait have left and
 * out_has_room is true, and when the reader is found to be gone. Ends the process with 111 when
 * fd cannot be written to.
 */
void out_init(struct out *out, struct loop *loop, int fd, void (*moved)(void *cookie), void *cookie);

/* Frees what out_init took. Bytes that have not left are lost. */
void out_free(struct out *out);

/*
 * Makes a pipe hold OUT_WIDE_PIPE bytes, which triples the throughput of a busy one. Where that
 * is not allowed, and for what is not a pipe, nothing happens.
 */
void out_widen(struct out *out);

/*
 * Returns true when fewer than OUT_ROOM bytes wait and the reader is there. The caller asks
 * before it appends a record.
 */
bool out_has_room(const struct out *out);

/*
 * Writes as much of out->bytes as the reader takes now; the loop sends the rest. Drops all of
 * it when the reader is gone.
 */
void out_send(struct out *out);

/*
 * Writes what waits, outside the loop, until all has left, the reader is gone or ms
 * milliseconds have passed.
 */
void out_finish(struct out *out, unsigned ms);

/*
 * Frees the memory of the buffer when no byte waits in it and it has grown beyond OUT_KEPT bytes, as
 * after a time in which much went out. The next byte takes memory anew.
 */
void out_trim(struct out *out);

/* Returns true once the reader has closed its end. What is appended from then on is dropped. */
bool out_is_gone(const struct out *out);

/* Returns true when no byte waits to be written, as is always so when the reader is gone. */
bool out_is_empty(const struct out *out);

/*
 * out_end returns how many bytes have been appended since out_init, and out_sent how many of
 * them have been written. So what is appended now has left when out_sent has come to what
 * out_end returns now.
 */
uint64_t out_end(const struct out *out);
uint64_t out_sent(const struct out *out);

/*
 * Writes all of s to fd, without an out or a loop, and waits for the reader as long as that
 * takes, also when fd does not block. Returns 0, or -1 with errno.
 */
int out_write(int fd, struct span s);

#endif

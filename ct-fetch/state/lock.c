/*
 * Locking a state folder.
 *
 * in: the folder
 * out: a lock of POSIX (fcntl) on DIR/lock. The kernel says who holds such a lock, so that no
 * number of a process that has ended long ago is ever told.
 *
 * A process loses a lock of this kind when it closes any descriptor of the file. Nothing else in
 * ct-fetch opens it.
 */
#include "ct-fetch/state/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"

enum { LOCK_STEP = 50 };	/* ms between tries */

/* Returns 0, or -1 with errno and, when another process has the lock, *owner. */
static int
lock_try(int fd, pid_t *owner)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct flock other = lock;

	if (fcntl(fd, F_SETLK, &lock) == 0)
		return 0;
	if (errno != EAGAIN && errno != EACCES)
		return -1;
	if (fcntl(fd, F_GETLK, &other) == 0)
		*owner = other.l_type == F_UNLCK ? 0 : other.l_pid;
	errno = EAGAIN;
	return -1;
}

static int
lock_take(int fd, pid_t *owner)
{
	for (int waited = 0; lock_try(fd, owner) < 0; waited += LOCK_STEP) {
		if (errno != EAGAIN || waited >= LOCK_WAIT)
			return -1;
		(void)poll(NULL, 0, LOCK_STEP);
	}
	return 0;
}

/* Writes the process id into the file. Returns 0, or -1 with errno. */
static int
lock_sign(int fd)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

	if (ftruncate(fd, 0) < 0)
		return -1;
	return pwrite(fd, text, (size_t)n, 0) == n ? 0 : -1;
}

int
lock_open(const char *dir, pid_t *owner)
{
	struct buf path = { 0 };
	int fd, saved;

	*owner = 0;
	buf_putf(&path, "%s/lock", dir);
	fd = open(buf_str(&path), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	buf_free(&path);
	if (fd < 0)
		return -1;
	if (lock_take(fd, owner) == 0 && lock_sign(fd) == 0)
		return fd;
	saved = errno;
	(void)close(fd);
	errno = saved;
	return -1;
}

void
lock_close(int fd)
{
	(void)close(fd);
}

/*
 * Replaces and reads small files. In: a path, and the bytes that the file is to
 * have. Out: a file with these bytes; or the bytes of a file that is there.
 */
#include "os/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STORE_READ = 64 * 1024 };	/* bytes asked for at a time */

/* Closes fd. Returns result, with its errno, or -1 when only the closing failed. */
static int
store_close(int fd, int result)
{
	int saved = errno;

	if (close(fd) < 0 && result == 0)
		return -1;
	if (result != 0)
		errno = saved;
	return result;
}

/* Writes all bytes and syncs. Returns 0, or -1 with errno. */
static int
store_put(int fd, struct span bytes)
{
	ssize_t n;

	while (bytes.n > 0) {
		n = write(fd, bytes.p, bytes.n);
		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0)
			bytes = span_from(bytes, (size_t)n);
	}
	return fsync(fd);
}

/*
 * Syncs the folder of path. A file system that cannot do so answers EINVAL, which is no failure
 * here.
 */
static int
store_sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct buf folder;
	int fd, result;

	buf_init(&folder);
	if (slash == NULL)
		buf_putc(&folder, '.');
	else
		buf_put(&folder, span_of(path, (size_t)(slash - path) + 1));
	fd = open(buf_str(&folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	buf_free(&folder);
	if (fd < 0)
		return -1;
	result = fsync(fd);
	if (result < 0 && errno == EINVAL)
		result = 0;
	return store_close(fd, result);
}

void
store_make_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct buf folder;

	if (slash == NULL || slash == path)
		return;
	buf_init(&folder);
	buf_put(&folder, span_of(path, (size_t)(slash - path)));
	(void)mkdir(buf_str(&folder), 0777);
	buf_free(&folder);
}

static int
store_replace(const char *path, const char *beside, struct span bytes)
{
	int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	int saved;

	if (fd < 0)
		return -1;
	if (store_close(fd, store_put(fd, bytes)) == 0 && rename(beside, path) == 0)
		return store_sync_folder(path);
	saved = errno;
	unlink(beside);
	errno = saved;
	return -1;
}

int
store_write(const char *path, struct span bytes)
{
	struct buf beside;
	int result;

	buf_init(&beside);
	buf_puts(&beside, path);
	buf_puts(&beside, ".tmp");
	result = store_replace(path, buf_str(&beside), bytes);
	buf_free(&beside);
	return result;
}

static int
store_get(int fd, size_t most, struct buf *out)
{
	size_t before = out->n;
	ssize_t n;

	do {
		n = read(fd, buf_reserve(out, STORE_READ), STORE_READ);
		if (n > 0)
			buf_commit(out, (size_t)n);
		if (out->n - before > most) {
			errno = EFBIG;
			n = -1;
			break;
		}
	} while (n > 0 || (n < 0 && errno == EINTR));
	if (n == 0)
		return 0;
	out->n = before;
	return -1;
}

int
store_read(const char *path, size_t most, struct buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -1 : store_close(fd, store_get(fd, most, out));
}

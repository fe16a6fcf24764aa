/*
 * Listens for connections. In: an address. Out: connected sockets. A local socket gets its
 * permissions before anybody can connect to it.
 */
#include "bus/sp/sp_server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "base/tell.h"

enum {
	SP_FOLDER_MODE = 0750,	/* the group reads, others stay out */
	SP_SERVER_QUEUE = 128,	/* connections that wait to be accepted */
	SP_SERVER_TURN = 32,	/* connections accepted in one turn of the loop */
	SP_SERVER_AGAIN_MS = 500,	/* after which to accept again when there was no descriptor */
	SP_SERVER_SPARE = 16,		/* descriptors that connections leave, for marks */
	SP_SERVER_FOUND = 8,	/* addresses of a name that are tried */
	SP_SERVER_LOCK_MS = 2000,	/* to wait for the lock, which is held for less than a millisecond */
	SP_SERVER_LOCK_LOOK_MS = 5,	/* between two attempts at it */
};

static const char *
sp_server_why(int error)
{
	switch (error) {
	case EADDRINUSE:
		return "it is served already";
	case EACCES:
	case EPERM:
		return "permission denied";
	case EADDRNOTAVAIL:
		return "this machine does not have that address";
	default:
		return strerror(error);
	}
}

/* Makes the folder that path is in. Returns false with *why when that is not possible. */
static bool
sp_server_make_folder(const char *path, const char **why)
{
	size_t n = (size_t)(strrchr(path, '/') - path);
	char folder[SP_PATH];

	memcpy(folder, path, n);
	folder[n] = '\0';
	if (n == 0 || mkdir(folder, SP_FOLDER_MODE) == 0 || errno == EEXIST)
		return true;
	*why = errno == EACCES ? "its folder cannot be made: permission denied" :
	    "its folder cannot be made";
	return false;
}

/*
 * Locks the folder that path is in, so that no two hubs look for a socket file there, remove one or
 * make one at the same time: one of them would remove the other's, which it takes for that of a dead
 * hub. Returns the lock, to be closed, or -1 with *why when another one holds it for too long. Where
 * a folder cannot be locked, as on some network file systems, it returns -1 with *why NULL.
 */
static int
sp_server_lock(const char *path, const char **why)
{
	size_t n = (size_t)(strrchr(path, '/') - path);
	uint64_t end = loop_clock() + SP_SERVER_LOCK_MS;
	char folder[SP_PATH];
	int fd;

	memcpy(folder, path, n);
	strcpy(folder + n, n == 0 ? "/" : "");
	*why = NULL;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno == EWOULDBLOCK && loop_clock() < end) {
			poll(NULL, 0, SP_SERVER_LOCK_LOOK_MS);
			continue;
		}
		*why = errno == EWOULDBLOCK ? "another program keeps its folder locked" : NULL;
		close(fd);
		return -1;
	}
	return fd;
}

/* Removes the socket file at path when nobody serves it. Returns false with *why when it has to stay. */
static bool
sp_server_clear(const struct sp_address *a, const struct sp_sockaddr *at, const char **why)
{
	struct stat s;
	int fd, error;

	if (lstat(a->path, &s) < 0)
		return true;
	if (!S_ISSOCK(s.st_mode)) {
		*why = "a file that is not a socket stands there";
		return false;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	error = fd < 0 ? errno : connect(fd, (const struct sockaddr *)&at->at, at->n) < 0 ? errno : 0;
	if (fd >= 0)
		close(fd);
	if (error == ECONNREFUSED && unlink(a->path) == 0)
		return true;
	*why = sp_server_why(error == 0 || error == EAGAIN ? EADDRINUSE : error);
	return false;
}

/* Sets who may connect, and begins to listen. Returns 0 or an errno. */
static int
sp_server_listen(struct sp_server *s, int fd, struct sp_access access)
{
	struct stat file;

	if (!s->address.tcp) {
		if (lstat(s->address.path, &file) < 0)
			return errno;
		s->file = file.st_ino;
		if (chmod(s->address.path, access.mode) < 0)
			return errno;
		if (access.group != (gid_t)-1 && chown(s->address.path, (uid_t)-1, access.group) < 0)
			return errno;
	}
	return listen(fd, SP_SERVER_QUEUE) < 0 ? errno : 0;
}

/* Makes a socket that listens at one address. Returns it, or -1 with *error, an errno. */
static int
sp_server_socket(struct sp_server *s, const struct sp_sockaddr *at, struct sp_access access, int *error)
{
	int on = 1, fd = socket(at->at.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0) {
		*error = errno;
		return -1;
	}
	if (s->address.tcp)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	*error = bind(fd, (const struct sockaddr *)&at->at, at->n) < 0 ? errno :
	    sp_server_listen(s, fd, access);
	if (*error == 0)
		return fd;
	if (s->file != 0)
		unlink(s->address.path);
	s->file = 0;
	close(fd);
	return -1;
}

/* Returns true when fd is one of the last descriptors that the process can have. */
static bool
sp_server_is_last(int fd)
{
	struct rlimit files;

	return getrlimit(RLIMIT_NOFILE, &files) == 0 && (rlim_t)fd + SP_SERVER_SPARE >= files.rlim_cur;
}

/* Takes one connection. Returns 0, or an errno when there is none or no descriptor for it. */
static int
sp_server_take(struct sp_server *s)
{
	int fd = accept4(s->fd.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return errno;
	if (sp_server_is_last(fd)) {
		close(fd);
		return EMFILE;
	}
	s->came(s->cookie, fd);
	return 0;
}

static void
sp_server_ready(void *cookie, unsigned events)
{
	struct sp_server *s = cookie;

	(void)events;
	for (int i = 0; i < SP_SERVER_TURN; i++) {
		int error = sp_server_take(s);

		if (error == 0)
			continue;
		if (error != EMFILE && error != ENFILE && error != ENOMEM && error != ENOBUFS)
			return;
		loop_want(s->loop, &s->fd, 0);
		loop_after(s->loop, &s->again, SP_SERVER_AGAIN_MS);
		return;
	}
}

static void
sp_server_again(void *cookie)
{
	struct sp_server *s = cookie;

	loop_want(s->loop, &s->fd, LOOP_READ);
}

/* Makes a socket that listens at the first address that can be had. Returns it, or -1 with *why. */
static int
sp_server_bind(struct sp_server *s, struct sp_access access, const char **why)
{
	struct sp_sockaddr found[SP_SERVER_FOUND];
	size_t n = sp_address_find(&s->address, true, true, found, SP_SERVER_FOUND);
	int fd = -1, error = 0;

	if (!s->address.tcp && !sp_server_clear(&s->address, &found[0], why))
		return -1;
	for (size_t i = 0; i < n && fd < 0; i++)
		fd = sp_server_socket(s, &found[i], access, &error);
	if (fd < 0)
		*why = n == 0 ? "its host is not known" : sp_server_why(error);
	return fd;
}

/* Is sp_server_bind for a local socket, whose file nobody else makes or removes meanwhile. */
static int
sp_server_bind_locked(struct sp_server *s, struct sp_access access, const char **why)
{
	int lock, fd;

	if (!sp_server_make_folder(s->address.path, why))
		return -1;
	lock = sp_server_lock(s->address.path, why);
	fd = lock < 0 && *why != NULL ? -1 : sp_server_bind(s, access, why);
	if (lock >= 0)
		close(lock);
	return fd;
}

bool
sp_server_open(struct sp_server *s, struct loop *loop, const struct sp_address *address,
    struct sp_access access, void (*came)(void *cookie, int fd), void *cookie, const char **why)
{
	int fd;

	*s = (struct sp_server){ .loop = loop, .address = *address, .came = came, .cookie = cookie };
	s->fd.fd = -1;
	fd = address->tcp ? sp_server_bind(s, access, why) : sp_server_bind_locked(s, access, why);
	if (fd < 0)
		return false;
	s->again = (struct loop_timer){ .due = sp_server_again, .cookie = s };
	s->fd = (struct loop_fd){ .fd = fd, .ready = sp_server_ready, .cookie = s };
	if (loop_add(loop, &s->fd, LOOP_READ) < 0)
		die_world("cannot wait for the bus:");
	return true;
}

/*
 * Removes the socket file, unless it has been replaced. While its socket is open no other file has its
 * number, and nobody takes it for that of a dead hub.
 */
static void
sp_server_remove(const struct sp_server *s)
{
	struct stat file;

	if (lstat(s->address.path, &file) == 0 && file.st_ino == s->file && unlink(s->address.path) < 0)
		tell(TELL_DEBUG, "%s cannot be removed:", s->address.path);
}

void
sp_server_close(struct sp_server *s)
{
	if (s->fd.fd < 0)
		return;
	loop_stop_timer(s->loop, &s->again);
	loop_del(s->loop, &s->fd);
	if (s->file != 0)
		sp_server_remove(s);
	close(s->fd.fd);
	s->fd.fd = -1;
}

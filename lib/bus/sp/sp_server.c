/*
 * Listens for connections. In: an address. Out: connected sockets. A local socket gets its
 * permissions before anybody can connect to it.
 */
#include "bus/sp/sp_server.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "base/tell.h"

enum {
	SP_FOLDER_MODE = 0750,	/* the group reads, others stay out */
	SP_SERVER_QUEUE = 128,	/* connections that wait to be accepted */
	SP_SERVER_TURN = 32,	/* connections accepted in one turn of the loop */
	SP_SERVER_AGAIN_MS = 500,	/* after which to accept again when there was no descriptor */
	SP_SERVER_FOUND = 8,	/* addresses of a name that are tried */
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
		if (chmod(s->address.path, access.mode) < 0 || lstat(s->address.path, &file) < 0)
			return errno;
		if (access.group != (gid_t)-1 && chown(s->address.path, (uid_t)-1, access.group) < 0)
			return errno;
		s->file = file.st_ino;
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
	close(fd);
	return -1;
}

static void
sp_server_ready(void *cookie, unsigned events)
{
	struct sp_server *s = cookie;

	(void)events;
	for (int i = 0; i < SP_SERVER_TURN; i++) {
		int fd = accept4(s->fd.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd >= 0) {
			s->came(s->cookie, fd);
			continue;
		}
		if (errno != EMFILE && errno != ENFILE && errno != ENOMEM && errno != ENOBUFS)
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

bool
sp_server_open(struct sp_server *s, struct loop *loop, const struct sp_address *address,
    struct sp_access access, void (*came)(void *cookie, int fd), void *cookie, const char **why)
{
	struct sp_sockaddr found[SP_SERVER_FOUND];
	size_t n = sp_address_find(address, true, true, found, SP_SERVER_FOUND);
	int fd = -1, error = 0;

	*s = (struct sp_server){ .loop = loop, .address = *address, .came = came, .cookie = cookie };
	s->fd.fd = -1;
	if (!address->tcp &&
	    (!sp_server_make_folder(address->path, why) || !sp_server_clear(address, &found[0], why)))
		return false;
	for (size_t i = 0; i < n && fd < 0; i++)
		fd = sp_server_socket(s, &found[i], access, &error);
	if (fd < 0) {
		*why = n == 0 ? "its host is not known" : sp_server_why(error);
		return false;
	}
	s->again = (struct loop_timer){ .due = sp_server_again, .cookie = s };
	s->fd = (struct loop_fd){ .fd = fd, .ready = sp_server_ready, .cookie = s };
	if (loop_add(loop, &s->fd, LOOP_READ) < 0)
		die_world("cannot wait for the bus:");
	return true;
}

void
sp_server_close(struct sp_server *s)
{
	struct stat file;

	if (s->fd.fd < 0)
		return;
	loop_stop_timer(s->loop, &s->again);
	loop_del(s->loop, &s->fd);
	close(s->fd.fd);
	s->fd.fd = -1;
	if (s->file != 0 && lstat(s->address.path, &file) == 0 && file.st_ino == s->file &&
	    unlink(s->address.path) < 0)
		tell(TELL_DEBUG, "%s cannot be removed:", s->address.path);
}

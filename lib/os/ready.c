/*
 * Tells the service manager the state of the tool. In: the state. Out: one datagram to a Unix
 * socket.
 */
#include "os/ready.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/tell.h"

/* Sends state with these flags of sendto. */
static int
ready_send(const char *state, int flags)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	const char *path = getenv("NOTIFY_SOCKET");
	size_t n;
	ssize_t sent;
	int fd, saved;

	if (path == NULL || *path == '\0')
		return 0;
	n = strlen(path);
	if ((*path != '/' && *path != '@') || n >= sizeof(to.sun_path)) {
		errno = EINVAL;
		return -1;
	}
	memcpy(to.sun_path, path, n);
	if (*path == '@')
		to.sun_path[0] = '\0';	/* the abstract namespace, unix(7) */
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	sent = sendto(fd, state, strlen(state), MSG_NOSIGNAL | flags, (const struct sockaddr *)&to,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
	saved = errno;
	close(fd);
	errno = saved;
	return sent < 0 ? -1 : 0;
}

int
ready_tell(const char *state)
{
	return ready_send(state, 0);
}

void
ready_announce(const char *state)
{
	if (ready_tell(state) < 0)
		tell(TELL_WARNING, "cannot tell the service manager %s:", state);
}

int
ready_try(const char *state)
{
	return ready_send(state, MSG_DONTWAIT);
}

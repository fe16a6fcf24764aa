/*
 * Tells the service manager, such as systemd, that the tool is ready or stops. The
 * protocol is that of sd_notify(3); libsystemd is not needed.
 */
#ifndef OS_READY_H
#define OS_READY_H

/*
 * Sends state, which is written as in sd_notify(3) ("READY=1", "STOPPING=1",
 * "STATUS=..."), to the socket that the environment variable NOTIFY_SOCKET names.
 * Returns 0, also when there is no such variable, or -1 with errno set when the
 * socket cannot be reached.
 */
int ready_tell(const char *state);

/* Is ready_tell, but warns the user when it fails. */
void ready_announce(const char *state);

/* The same as ready_tell, but does not wait for a manager that takes nothing: fails with EAGAIN. */
int ready_try(const char *state);

#endif

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

/* Sends state as ready_tell does, and warns the user when that fails. */
void ready_announce(const char *state);

/*
 * Sends state as ready_tell does, but never waits. Returns what ready_tell returns; errno is EAGAIN
 * when the manager does not take it now.
 */
int ready_try(const char *state);

#endif

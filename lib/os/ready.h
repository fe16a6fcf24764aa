/*
 * Tells the service manager how the tool is, by the protocol of sd_notify(3) but
 * without libsystemd.
 */
#ifndef OS_READY_H
#define OS_READY_H

/*
 * Sends state, which is written as in sd_notify(3) ("READY=1", "STOPPING=1",
 * "STATUS=..."), to the socket that the environment variable NOTIFY_SOCKET names.
 * Returns 0, also when there is no such variable, or -1 with errno set.
 */
int ready_tell(const char *state);

#endif

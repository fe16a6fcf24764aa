/*
 * Telling the service manager, by the protocol of sd_notify(3) over
 * $NOTIFY_SOCKET, without libsystemd. Without the variable nothing happens.
 */
#ifndef OS_READY_H
#define OS_READY_H

/* state as in sd_notify(3): "READY=1", "STOPPING=1", "STATUS=...". -1 with errno. */
int ready_tell(const char *state);

#endif

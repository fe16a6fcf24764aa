/*
 * The lock on a state folder. Two processes that stored marks in one folder would overwrite each
 * other's places, and entries would be lost. The lock ends with the process, however that ends, so
 * none is ever left behind.
 */
#ifndef CT_FETCH_LOCK_H
#define CT_FETCH_LOCK_H

#include <sys/types.h>

enum { LOCK_WAIT = 1000 };	/* ms in which a process that is just being killed can end */

/*
 * Locks the file DIR/lock for this process and writes the process id into it, for people; dir is
 * DIR. A file that is not there is made. When another process has the lock, waits up to LOCK_WAIT
 * for its end.
 *
 * Returns a descriptor that holds the lock until lock_close. Returns -1 with errno set otherwise:
 * EAGAIN when another process has the lock, with *owner set to its process id, or to 0 when that
 * is not known, as with a process in another container; any other error when the file cannot be
 * written or locked.
 */
int lock_open(const char *dir, pid_t *owner);

/* Gives up the lock that lock_open returned. The file stays. */
void lock_close(int fd);

#endif

/*
 * Giving up what a process does not need, for good, after it has opened what
 * it does. A process that then does something else is killed (SIGSYS).
 */
#ifndef OS_SANDBOX_H
#define OS_SANDBOX_H

/*
 * From now on this process may read and write what it has open, wait for that,
 * take and give back memory, be interrupted by signals it handles, and exit:
 * no file, no connection, no process, no clock but those without a system
 * call. 0, or -1 with errno when the kernel or the build has no such filter
 * (ENOSYS) or refuses it. Built with a sanitizer it does nothing: those need
 * more.
 */
int sandbox_filter(void);

#endif

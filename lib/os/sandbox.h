/*
 * Lets a process give up, for good, what it no longer needs once it has opened
 * its files. Whatever it is made to do afterwards, by a hostile certificate for
 * example, the kernel kills it (SIGSYS) before it can open a file, connect or
 * start a program.
 */
#ifndef OS_SANDBOX_H
#define OS_SANDBOX_H

/*
 * Confines the calling process. From then on it may read and write the
 * descriptors it has, wait for them, take and give back memory, handle
 * signals, set an alarm and exit; any other system call kills it. It may read
 * a clock only where the C library does so without a system call.
 *
 * Returns 0 when the process is confined. Returns 1, with nothing changed, in a
 * program that was built with a sanitizer, because a sanitizer opens files to
 * make its report. Returns -1 with errno set when there is no confinement:
 * ENOSYS when this build has no libseccomp, else why the kernel refuses.
 */
int sandbox_filter(void);

#endif

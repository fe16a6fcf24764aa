/*
 * Confines the process, by seccomp(2). In: nothing. Out: a filter on the calling
 * process, which allows the system calls of the table below and kills the process at
 * any other. Door to libseccomp.
 */
#include "os/sandbox.h"

#include <errno.h>
#include <stddef.h>

/*
 * Every sanitizer of gcc and clang brings this function. Without one the
 * address is NULL: no macro of gcc tells of UBSan or of clang's sanitizers.
 */
extern void __sanitizer_set_report_fd(void *fd) __attribute__((weak));

#ifdef HAVE_SECCOMP

#include <seccomp.h>

/*
 * Calls that one machine lacks have a negative number there, which
 * seccomp_rule_add takes and passes over. Where time_t once had 32 bits there
 * are two of each call that takes a time, and the C library picks.
 */
static const int sandbox_calls[] = {
	SCMP_SYS(read),
	SCMP_SYS(write),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(ppoll_time64),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigreturn),		/* 32-bit: from a handler without SA_SIGINFO */
	SCMP_SYS(restart_syscall),
	SCMP_SYS(alarm),		/* where there is none, alarm(3) takes setitimer */
	SCMP_SYS(setitimer),
	SCMP_SYS(clock_gettime),	/* of stop.c, where the vDSO does not read the clock */
	SCMP_SYS(clock_gettime64),
	SCMP_SYS(brk),
	SCMP_SYS(mmap),
	SCMP_SYS(mmap2),		/* 32-bit */
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(futex),		/* locks of libcrypto */
	SCMP_SYS(futex_time64),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

static int
sandbox_load(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int e = ctx == NULL ? -ENOSYS : 0;

	for (size_t i = 0; e == 0 && i < sizeof(sandbox_calls) / sizeof(sandbox_calls[0]); i++)
		e = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, sandbox_calls[i], 0);
	if (e == 0)
		e = seccomp_load(ctx);
	if (ctx != NULL)
		seccomp_release(ctx);
	if (e == 0)
		return 0;
	errno = -e;
	return -1;
}

#else

static int
sandbox_load(void)
{
	errno = ENOSYS;
	return -1;
}

#endif

int
sandbox_filter(void)
{
	return __sanitizer_set_report_fd != NULL ? 1 : sandbox_load();
}

/* Confinement by seccomp; door to libseccomp. Called by ct-parse before its first line. */
#include "os/sandbox.h"

#include <errno.h>

#if defined(HAVE_SECCOMP) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

#include <seccomp.h>
#include <stddef.h>

static const int sandbox_calls[] = {
	SCMP_SYS(read),
	SCMP_SYS(write),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(alarm),	/* stop.c's two seconds; glibc takes the other where there is none */
	SCMP_SYS(setitimer),
	SCMP_SYS(brk),
	SCMP_SYS(mmap),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(futex),	/* libcrypto's locks */
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

int
sandbox_filter(void)
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

#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

int
sandbox_filter(void)
{
	return 0;
}

#else

int
sandbox_filter(void)
{
	errno = ENOSYS;
	return -1;
}

#endif

/* In: a line of text each second, by main.c. Out: the terminal behind stderr. */
#include "ct-fetch/progress.h"

#include <unistd.h>

#include "base/tell.h"

bool
progress_is_wanted(void)
{
	return tell_is_on(TELL_INFO) && isatty(STDERR_FILENO);
}

/* A terminal that takes nothing costs the line, nothing else. */
static void
progress_write(struct span s)
{
	ssize_t n = write(STDERR_FILENO, s.p, s.n);

	(void)n;
}

void
progress_show(struct span line)
{
	struct buf b = { 0 };

	buf_put(&b, line);
	buf_puts(&b, "\033[K\r");
	progress_write(buf_span(&b));
	buf_free(&b);
}

void
progress_clear(void)
{
	progress_write(SPAN("\033[K"));
}

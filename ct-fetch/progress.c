/*
 * The live line of a run.
 *
 * in: lines of text
 * out: the terminal behind standard error
 */
#include "ct-fetch/progress.h"

#include <unistd.h>

#include "base/tell.h"

bool
progress_is_wanted(void)
{
	return tell_is_on(TELL_INFO) && isatty(STDERR_FILENO);
}

/* What cannot be written is lost: the next line replaces it anyway. */
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

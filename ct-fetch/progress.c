/*
 * The live lines of a run.
 *
 * in: lines of text
 * out: the terminal behind standard error, with the control sequences of ECMA-48 and, for the
 * margin, of the VT100, which all terminals of today know
 */
#include "ct-fetch/progress.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/tell.h"

bool
progress_is_wanted(void)
{
	const char *term = getenv("TERM");

	return tell_is_on(TELL_INFO) && isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO) &&
	    term != NULL && term[0] != '\0' && strcmp(term, "dumb") != 0;
}

bool
progress_size(unsigned *width, unsigned *height)
{
	struct winsize size = { 0 };

	if (!isatty(STDERR_FILENO))
		return false;
	(void)ioctl(STDERR_FILENO, TIOCGWINSZ, &size);
	*width = size.ws_col > 0 ? size.ws_col : 80;
	*height = size.ws_row > 0 ? size.ws_row : 24;
	return true;
}

/* What cannot be written is lost: the next lines replace it anyway. */
static void
progress_write(struct span s)
{
	struct pollfd p = { .fd = STDERR_FILENO, .events = POLLOUT };
	ssize_t n;

	if (poll(&p, 1, 0) != 1)
		return;
	n = write(STDERR_FILENO, s.p, s.n);
	(void)n;
}

/*
 * Each line is written over the one that stood there, which flickers less than to remove all of
 * them first. What stood there is erased before it: behind it, that would take the character in
 * the last column along. Lines do not wrap at the right margin, in case the terminal has just
 * become narrower.
 */
void
progress_show(struct span lines)
{
	struct buf b = { 0 };
	struct span line;
	unsigned down = 0;

	buf_puts(&b, "\r\033[?7l");
	while (span_line(&lines, &line)) {
		buf_puts(&b, "\033[K");
		buf_put(&b, line);
		buf_puts(&b, "\r\n");
		down++;
	}
	buf_puts(&b, "\033[J");
	buf_put(&b, lines);
	if (down > 0)
		buf_putf(&b, "\033[%uA", down);
	buf_puts(&b, "\r\033[?7h");
	progress_write(buf_span(&b));
	buf_free(&b);
	tell_over("\r\033[J");
}

void
progress_clear(void)
{
	progress_write(SPAN("\r\033[J"));
	tell_over("");
}

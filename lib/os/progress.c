/*
 * Lines that are written in place.
 *
 * in: lines of text
 * out: a terminal, with the control sequences of ECMA-48 and, for the
 * margin, of the VT100, which all terminals of today know
 */
#include "os/progress.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/tell.h"

bool
progress_is_possible(int fd)
{
	const char *term = getenv("TERM");

	return isatty(fd) && term != NULL && term[0] != '\0' && strcmp(term, "dumb") != 0;
}

bool
progress_size(int fd, unsigned *width, unsigned *height)
{
	struct winsize size = { 0 };

	if (!isatty(fd))
		return false;
	(void)ioctl(fd, TIOCGWINSZ, &size);
	*width = size.ws_col > 0 ? size.ws_col : 80;
	*height = size.ws_row > 0 ? size.ws_row : 24;
	return true;
}

/* What cannot be written is lost: the next lines replace it anyway. */
static void
progress_write(int fd, struct span s)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	ssize_t n;

	if (poll(&p, 1, 0) != 1)
		return;
	n = write(fd, s.p, s.n);
	(void)n;
}

/* What stands in front of a message must reach a terminal only, and no file. */
static void
progress_tell_over(const char *text)
{
	tell_over(isatty(STDERR_FILENO) ? text : "");
}

/*
 * Each line is written over the one that stood there, which flickers less than to remove all of
 * them first. What stood there is erased before it: behind it, that would take the character in
 * the last column along. Lines do not wrap at the right margin, in case the terminal has just
 * become narrower.
 */
static void
progress_put(struct buf *b, struct span lines, bool stays)
{
	struct span line;
	unsigned down = 0;

	buf_puts(b, "\r\033[?7l");
	while (span_line(&lines, &line)) {
		buf_puts(b, "\033[K");
		buf_put(b, line);
		buf_puts(b, "\r\n");
		down++;
	}
	buf_puts(b, "\033[J");
	buf_put(b, lines);
	if (stays)
		buf_puts(b, "\r\n");
	else if (down > 0)
		buf_putf(b, "\033[%uA", down);
	buf_puts(b, "\r\033[?7h");
}

void
progress_show(int fd, struct span lines)
{
	struct buf b = { 0 };

	progress_put(&b, lines, false);
	progress_write(fd, buf_span(&b));
	buf_free(&b);
	progress_tell_over("\r\033[J");
}

void
progress_clear(int fd)
{
	progress_write(fd, SPAN("\r\033[J"));
	progress_tell_over("");
}

void
progress_leave(int fd, struct span lines)
{
	struct buf b = { 0 };

	progress_put(&b, lines, true);
	progress_write(fd, buf_span(&b));
	buf_free(&b);
	progress_tell_over("");
}

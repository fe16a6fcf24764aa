/*
 * Writes facts for the user. In: a printf format and its arguments. Out: one
 * escaped line on stderr, in one write, so that the lines of several processes
 * do not mix.
 */
#include "base/tell.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/utf8.h"

enum {
	MAX_LINE = 4096,	/* so that a line is one write, and a hostile text stays short */
	MAX_PREFIX = 256,	/* of it for the name of the tool and the word */
	MAX_REASON = 256,	/* of it for strerror and the LF */
};

static const char *tell_tool = "ct";	/* set once, by tell_name */
static enum tell_level tell_max = TELL_INFO;
static const char *tell_front = "";	/* set by tell_over */

void
tell_name(const char *name)
{
	tell_tool = name;
}

void
tell_over(const char *text)
{
	tell_front = text;
}

void
tell_quieter(void)
{
	tell_max = TELL_WARNING;
}

void
tell_louder(void)
{
	if (tell_max < TELL_TRACE)
		tell_max++;
}

bool
tell_is_on(enum tell_level level)
{
	return level <= tell_max;
}

/* Writes text at out, escaped and at most room bytes of it. Returns how many bytes were written. */
static size_t
tell_escape(char *out, size_t room, struct span text)
{
	size_t n = 0, k;

	for (; text.n > 0 && n + 5 < room; text = span_from(text, k)) {
		k = utf8_length(text);
		if (k != 0 && !utf8_is_control(text.p)) {
			memcpy(out + n, text.p, k);
			n += k;
			continue;
		}
		k = 1;
		n += (size_t)snprintf(out + n, room - n, "\\x%02x", text.p[0]);
	}
	return n;
}

void
tell_line(const char *word, const char *fmt, va_list ap)
{
	char text[MAX_LINE / 2], line[MAX_LINE];
	size_t n, len = strlen(fmt);
	int saved = errno;
	ssize_t written;

	vsnprintf(text, sizeof(text), fmt, ap);
	n = (size_t)snprintf(line, MAX_PREFIX, "%s%s: %s", tell_front, tell_tool, word);
	if (n > MAX_PREFIX - 1)
		n = MAX_PREFIX - 1;
	n += tell_escape(line + n, sizeof(line) - n - MAX_REASON, span_str(text));
	if (len > 0 && fmt[len - 1] == ':')
		n += (size_t)snprintf(line + n, MAX_REASON - 1, " %s", strerror(saved));
	line[n++] = '\n';
	written = write(STDERR_FILENO, line, n);
	(void)written;	/* nobody is left to be told that stderr is gone */
	errno = saved;
}

void
tell(enum tell_level level, const char *fmt, ...)
{
	static const char *const word[] = { "error: ", "warning: ", "", "", "" };
	va_list ap;

	if (level > tell_max)
		return;
	va_start(ap, fmt);
	tell_line(word[level], fmt, ap);
	va_end(ap);
}

/*
 * In: facts as printf formats. Out: one escaped line each on stderr, in one
 * write, so that the lines of several processes do not mix.
 */
#include "base/tell.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MAX_LINE = 4096 };	/* keeps one line one write, and a hostile text short */

static const char *tell_tool = "ct";	/* set once by main */
static enum tell_level tell_max = TELL_INFO;

void
tell_name(const char *name)
{
	tell_tool = name;
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

int
tell_is_on(enum tell_level level)
{
	return level <= tell_max;
}

/*
 * The length of the well-formed, printable UTF-8 sequence at s, or 0. C1
 * controls (U+0080..U+009F) can steer a terminal, so they do not count.
 */
static size_t
tell_utf8(const unsigned char *s)
{
	if (s[0] >= 0x20 && s[0] < 0x7f)
		return 1;
	if (s[0] >= 0xc2 && s[0] <= 0xdf && (s[1] & 0xc0) == 0x80)
		return s[0] == 0xc2 && s[1] < 0xa0 ? 0 : 2;
	if (s[0] >= 0xe1 && s[0] <= 0xec && (s[1] & 0xc0) == 0x80 && (s[2] & 0xc0) == 0x80)
		return 3;
	return 0;
}

static size_t
tell_escape(char *out, size_t room, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t n = 0, k;

	for (; *s != '\0' && n + 5 < room; s += k) {
		k = tell_utf8(s);
		if (k != 0) {
			memcpy(out + n, s, k);
			n += k;
			continue;
		}
		k = 1;
		n += (size_t)snprintf(out + n, room - n, "\\x%02x", *s);
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
	n = (size_t)snprintf(line, 256, "%s: %s", tell_tool, word);
	if (n > 255)
		n = 255;
	n += tell_escape(line + n, sizeof(line) - n - 256, text);
	if (len > 0 && fmt[len - 1] == ':')
		n += (size_t)snprintf(line + n, 255, " %s", strerror(saved));
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

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
 * C1 controls (U+0080..U+009F) steer a terminal; U+2028..U+202E and
 * U+2066..U+2069 break or turn round the line they stand in.
 */
static int
tell_is_control(const unsigned char *s)
{
	if (s[0] == 0xc2)
		return s[1] < 0xa0;
	if (s[0] != 0xe2)
		return 0;
	return (s[1] == 0x80 && s[2] >= 0xa8 && s[2] <= 0xae) ||
	    (s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9);
}

/* The length of the well-formed, printable UTF-8 sequence at s (RFC 3629), or 0. */
static size_t
tell_utf8(const unsigned char *s)
{
	size_t k = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;

	if (s[0] >= 0x20 && s[0] < 0x7f)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	for (size_t i = 1; i < k; i++)	/* the NUL at the end stops it */
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return tell_is_control(s) ? 0 : k;
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

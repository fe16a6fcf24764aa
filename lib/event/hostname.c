/*
 * Recognizes host names. In: the text of a common name. Out: whether it looks
 * like a host name. Standard: RFC 1123 2.1 and RFC 3490 3.1, but more characters
 * and more full stops are taken than these allow.
 */
#include "event/hostname.h"

static struct span
hostname_trim(struct span s)
{
	while (s.n > 0 && s.p[s.n - 1] == ' ')
		s.n--;
	while (s.n > 0 && s.p[0] == ' ')
		s = span_from(s, 1);
	return s;
}

/*
 * Returns the length in bytes of the full stop at the front of s, or 0 when something else is
 * there.
 */
static size_t
hostname_stop(struct span s)
{
	static const char stops[][4] = { "\xe2\x80\xa4", "\xe3\x80\x82", "\xef\xb9\x92", "\xef\xbc\x8e",
		"\xef\xbd\xa1" };

	if (s.p[0] == '.')
		return 1;
	if (s.n < 3 || s.p[0] < 0xe2)
		return 0;
	for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++)
		if (memcmp(s.p, stops[i], 3) == 0)
			return 3;
	return 0;
}

static bool
hostname_is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/*
 * Returns the length in bytes of the escape at the front of s that stands for a control character,
 * or 0 when something else is there. A quote and a backslash have escapes too, which do not count.
 */
static size_t
hostname_control(struct span s)
{
	if (s.n < 2 || s.p[0] != '\\')
		return 0;
	if (s.p[1] == 'u')
		return s.n >= 6 ? 6 : 0;
	return s.p[1] != '\0' && strchr("bfnrt", s.p[1]) != NULL ? 2 : 0;
}

/*
 * Returns how many bytes at the front of s belong to a label: those of a character or of a part of
 * one. Returns 0 when what is there cannot stand in a label.
 */
static size_t
hostname_char(struct span s)
{
	uint8_t c = s.p[0];

	if (c >= 0x7f || hostname_is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
	    c == '-' || c == '_' || c == '*')
		return 1;
	return hostname_control(s);
}

bool
hostname_is(struct span text)
{
	size_t labels = 0, n = 0, k;	/* labels that have begun, and bytes of the last one */
	bool number = false;

	for (text = hostname_trim(text); text.n > 0; text = span_from(text, k)) {
		k = hostname_stop(text);
		if (k > 0) {
			n = 0;
			continue;
		}
		k = hostname_char(text);
		if (k == 0)
			return false;
		number = (n == 0 || number) && hostname_is_digit(text.p[0]);
		labels += n == 0;
		n += k;
	}
	return labels >= 2 && !number;
}

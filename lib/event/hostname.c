/*
 * Recognizes host names. In: the text of a common name. Out: whether it looks
 * like a host name. Standard: RFC 1123 2.1 and RFC 3490 3.1, but more characters
 * are taken than these allow.
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
	if (s.p[0] == '.')
		return 1;
	return span_starts(s, SPAN("\xe3\x80\x82")) || span_starts(s, SPAN("\xef\xbc\x8e")) ||
	    span_starts(s, SPAN("\xef\xbd\xa1")) ? 3 : 0;
}

static bool
hostname_is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/*
 * Returns how many bytes at the front of s belong to a label: those of a character or of a part of
 * one. Returns 0 when what is there cannot stand in a label.
 */
static size_t
hostname_char(struct span s)
{
	uint8_t c = s.p[0];

	if (c >= 0x80 || hostname_is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
	    c == '-' || c == '_' || c == '*')
		return 1;
	return span_starts(s, SPAN("\\u")) && s.n >= 6 ? 6 : 0;	/* a control character's escape */
}

bool
hostname_is(struct span text)
{
	size_t labels = 0, n = 0, k;	/* labels that are complete, and bytes of the next */
	bool number = false;

	for (text = hostname_trim(text); text.n > 0; text = span_from(text, k)) {
		k = hostname_stop(text);
		if (k > 0) {
			if (n == 0)
				return false;
			labels++;
			n = 0;
			continue;
		}
		k = hostname_char(text);
		if (k == 0)
			return false;
		number = (n == 0 || number) && hostname_is_digit(text.p[0]);
		n += k;
	}
	return labels + (n > 0) >= 2 && !number;
}

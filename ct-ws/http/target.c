/*
 * Reads the targets of requests.
 *
 * in: the target as it stands in the first line of a request, or the value of Host
 * out: path and query, or the reason why they are refused
 * standard: RFC 9112 section 3.2, RFC 3986 sections 3 and 6.2.2
 */
#include "ct-ws/http/target.h"

#include <strings.h>

#include "base/digits.h"
#include "enc/token.h"

static int
target_hex(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Returns the byte that the escape at the front of s stands for, or -1 when there is none. */
static int
target_escape(struct span s)
{
	if (s.n < 3 || s.p[0] != '%' || target_hex(s.p[1]) < 0 || target_hex(s.p[2]) < 0)
		return -1;
	return target_hex(s.p[1]) * 16 + target_hex(s.p[2]);
}

/* RFC 3986 section 2.3. */
static bool
target_is_unreserved(int c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    c == '-' || c == '.' || c == '_' || c == '~';
}

static bool
target_escapes_are_whole(struct span s)
{
	for (; s.n > 0; s = span_from(s, 1))
		if (s.p[0] == '%' && target_escape(s) < 0)
			return false;
	return true;
}

/* RFC 3986 section 3.2.2: what is in the brackets of an IP-literal, without a check of its groups. */
static bool
target_is_literal(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != ':' && s.p[i] != '%' && !target_is_unreserved(s.p[i]))
			return false;
	return s.n >= 2;
}

/* RFC 3986 section 3.2.2: reg-name, of which an IPv4 address is one too. */
static bool
target_is_name(struct span s)
{
	static const char marks[] = "!$&'()*+,;=%";

	for (size_t i = 0; i < s.n; i++)
		if (!target_is_unreserved(s.p[i]) && (s.p[i] == 0 || strchr(marks, s.p[i]) == NULL))
			return false;
	return target_escapes_are_whole(s);
}

/* RFC 3986 section 3.2.3; an empty port is one. */
static bool
target_is_port(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!digits_has(span_from(s, i)))
			return false;
	return s.n <= 5;
}

bool
target_is_host(struct span text)
{
	struct span host, port = text;

	if (text.n == 0 || text.p[0] != '[') {
		host = token_cut(&port, ':');
		return target_is_name(host) && target_is_port(port);
	}
	if (memchr(text.p, ']', text.n) == NULL)
		return false;
	host = token_cut(&port, ']');
	if (port.n > 0 && port.p[0] != ':')
		return false;
	return target_is_literal(span_from(host, 1)) &&
	    (port.n == 0 || target_is_port(span_from(port, 1)));
}

/* Takes scheme and host off the front of *text, and leaves what begins with "/" or "?", or nothing. */
static bool
target_take_host(struct span *text, size_t scheme)
{
	struct span host = span_from(*text, scheme);
	size_t n = 0;

	while (n < host.n && host.p[n] != '/' && host.p[n] != '?')
		n++;
	*text = span_from(host, n);
	host.n = n;
	return n > 0 && target_is_host(host);
}

const char *
target_parse(struct span text, struct target *t)
{
	bool http = text.n >= 7 && strncasecmp((const char *)text.p, "http://", 7) == 0;
	bool https = text.n >= 8 && strncasecmp((const char *)text.p, "https://", 8) == 0;

	*t = (struct target){ .path = SPAN("*") };
	if (span_eq(text, SPAN("*")))
		return NULL;
	if ((http || https) && !target_take_host(&text, http ? 7 : 8))
		return "RFC 9112 3.2.2: the host in the request target is not one";
	if (!http && !https && (text.n == 0 || text.p[0] != '/'))
		return "RFC 9112 3.2: the request target is not a path";
	if (text.n > 0 && memchr(text.p, '#', text.n) != NULL)
		return "RFC 9112 3.2: a fragment in the request target";
	t->query = text;
	t->path = token_cut(&t->query, '?');
	if (t->path.n == 0)
		t->path = SPAN("/");
	return target_escapes_are_whole(t->path) ? NULL :
	    "RFC 3986 2.1: a % in the path without two hexadecimal digits behind it";
}

struct span
target_normal(struct span path, uint8_t room[MAX_TARGET_PATH])
{
	size_t n = 0;

	if (path.n > MAX_TARGET_PATH || path.n == 0 || memchr(path.p, '%', path.n) == NULL)
		return path;
	while (path.n > 0) {
		int c = target_escape(path);
		bool undone = c >= 0 && target_is_unreserved(c);

		room[n++] = undone ? (uint8_t)c : path.p[0];
		path = span_from(path, undone ? 3 : 1);
	}
	return span_of(room, n);
}

/* Reads URL queries and numbers. In: text. Out: values. */
#include "tests/log/query.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool
query_decimal(const char *text, uint64_t *out)
{
	size_t len = strlen(text);

	if (len == 0 || len > 20 || strspn(text, "0123456789") != len || (*text == '0' && len > 1))
		return false;
	errno = 0;
	*out = strtoull(text, NULL, 10);
	return errno == 0;
}

static int
query_hex(char c)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	if (at == NULL)
		return -1;
	return at - digits < 16 ? (int)(at - digits) : (int)(at - digits) - 6;
}

/* Undoes the escapes %XX and '+'. */
static bool
query_unescape(const char *from, size_t len, char *out, size_t size)
{
	size_t i, n = 0;

	for (i = 0; i < len; i++) {
		char c = from[i];

		if (c == '%') {
			if (len - i < 3 || query_hex(from[i + 1]) < 0 || query_hex(from[i + 2]) < 0)
				return false;
			c = (char)(query_hex(from[i + 1]) << 4 | query_hex(from[i + 2]));
			i += 2;
		} else if (c == '+') {
			c = ' ';
		}
		if (c == '\0' || n + 1 >= size)
			return false;
		out[n++] = c;
	}
	out[n] = '\0';
	return true;
}

bool
query_text(const char *query, const char *name, char *out, size_t size)
{
	size_t len = strlen(name);

	while (*query != '\0') {
		size_t end = strcspn(query, "&");

		if (strncmp(query, name, len) == 0 && query[len] == '=')
			return query_unescape(query + len + 1, end - len - 1, out, size);
		query += end + (query[end] == '&');
	}
	return false;
}

bool
query_number(const char *query, const char *name, uint64_t *out)
{
	char text[32];

	return query_text(query, name, text, sizeof(text)) && query_decimal(text, out);
}

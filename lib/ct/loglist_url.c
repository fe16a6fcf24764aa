/*
 * URLs of logs (RFC 3986).
 *
 * in: the URL that a log list gives
 * out: a prefix to append paths to, or the reason why it is not one
 */
#include <strings.h>

#include "ct/loglist_url.h"

const char loglist_url_placeholder[] = "log list v3: placeholder under example.com";

/* Returns what follows the scheme and its two slashes, or NULL when the scheme is not allowed. */
static const char *
loglist_url_rest(const char *url, bool any)
{
	static const char *const schemes[] = { "https://", "http://", "file://" };

	for (size_t i = 0; i < (any ? 3 : 1); i++) {
		size_t n = strlen(schemes[i]);

		if (strncasecmp(url, schemes[i], n) == 0)
			return url + n;
	}
	return NULL;
}

/* Returns true when the host of n bytes is example.com or lies under it (RFC 2606). */
static bool
loglist_url_bogus(const char *host, size_t n)
{
	static const char name[] = "example.com";
	size_t k = sizeof(name) - 1;

	if (n > 0 && host[n - 1] == '.')
		n--;		/* of a name that is complete */
	if (n < k || strncasecmp(host + n - k, name, k) != 0)
		return false;
	return n == k || host[n - k - 1] == '.';
}

/*
 * Returns true when n bytes of authority are a host, or an IPv6 address in brackets, and a port or none;
 * there may be a colon before none.
 */
static bool
loglist_url_has_host(const char *authority, size_t n)
{
	size_t host = authority[0] == '[' ? strcspn(authority, "]/") + 1 : strcspn(authority, ":/[]");
	unsigned long port = 0;

	if (host == 0 || host > n || (authority[0] == '[' && (authority[host - 1] != ']' || host == 2)))
		return false;
	if (host == n || (host + 1 == n && authority[host] == ':'))
		return true;
	for (size_t i = host + 1; i < n && port <= UINT16_MAX; i++) {
		if (authority[i] < '0' || authority[i] > '9')
			return false;
		port = port * 10 + (unsigned long)(authority[i] - '0');
	}
	return authority[host] == ':' && port > 0 && port <= UINT16_MAX;
}

const char *
loglist_url(struct arena *a, const char *url, bool any, const char **out)
{
	const char *rest = loglist_url_rest(url, any);
	size_t n = strlen(url);
	char *copy;

	if (rest == NULL)
		return "log list v3: URL is not https";
	if (n > MAX_LOGLIST_URL)
		return "log list v3: URL too long";
	for (const char *p = rest; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~' || strchr("?#@\"<>\\^`{|}", *p) != NULL)
			return "log list v3: URL holds a character that is not allowed";
	if (*rest == '\0' || (*rest == '/' && strncasecmp(url, "file:", 5) != 0))
		return "log list v3: URL has no host";
	if (*rest != '/' && !loglist_url_has_host(rest, strcspn(rest, "/")))
		return "log list v3: URL has a host or port that is none";
	if (loglist_url_bogus(rest, strcspn(rest, "/:")))
		return loglist_url_placeholder;
	while (url + n > rest && url[n - 1] == '/')
		n--;
	copy = arena_take(a, n + 2);
	memcpy(copy, url, n);
	memcpy(copy + n, "/", 2);
	*out = copy;
	return NULL;
}

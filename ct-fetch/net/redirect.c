/*
 * Where redirects lead; door to libcurl, with http.c.
 *
 * in: the URL that was asked for, and the value of a header Location, which is not trusted
 * out: the URL to ask for next, and whether it is at the same place
 */
#include "ct-fetch/net/redirect.h"

#include <curl/curl.h>
#include <strings.h>

/* Returns true when that part of both URLs is the same, in upper or lower case, or missing. */
static bool
redirect_same(CURLU *a, CURLU *b, CURLUPart part)
{
	char *x = NULL, *y = NULL;
	bool same;

	curl_url_get(a, part, &x, CURLU_DEFAULT_PORT);
	curl_url_get(b, part, &y, CURLU_DEFAULT_PORT);
	same = x == NULL || y == NULL ? x == y : strcasecmp(x, y) == 0;
	curl_free(x);
	curl_free(y);
	return same;
}

char *
redirect_open(const char *from, const char *location, bool *same)
{
	static const CURLUPart parts[] = {
		CURLUPART_SCHEME, CURLUPART_HOST, CURLUPART_PORT, CURLUPART_USER, CURLUPART_PASSWORD,
	};
	CURLU *was = curl_url(), *to = curl_url();
	char *url = NULL;

	if (was != NULL && to != NULL && curl_url_set(was, CURLUPART_URL, from, 0) == CURLUE_OK &&
	    curl_url_set(to, CURLUPART_URL, from, 0) == CURLUE_OK &&
	    curl_url_set(to, CURLUPART_URL, location, 0) == CURLUE_OK)
		curl_url_get(to, CURLUPART_URL, &url, 0);
	*same = url != NULL;
	for (size_t i = 0; *same && i < sizeof(parts) / sizeof(parts[0]); i++)
		*same = redirect_same(was, to, parts[i]);
	curl_url_cleanup(was);
	curl_url_cleanup(to);
	return url;
}

void
redirect_free(char *url)
{
	curl_free(url);
}

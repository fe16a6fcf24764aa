/*
 * What all requests have in common; door to libcurl, with http.c.
 *
 * in: the name of this client, $SSL_CERT_FILE, and what a request has of its own
 * out: handles of libcurl with all options set, except those that say where the answer goes
 */
#include "ct-fetch/net/client.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"

#define CLIENT_ENCODINGS "Accept-Encoding: gzip, identity"

struct client {
	char *agent;
	char *authorities;		/* $SSL_CERT_FILE, or NULL: those of the system */
	struct curl_slist *plain;	/* the headers of most requests */
};

struct client *
client_open(const char *agent)
{
	const char *authorities = getenv("SSL_CERT_FILE");
	struct client *c = calloc(1, sizeof(*c));

	if (c == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		die_world("libcurl does not start");
	c->agent = strdup(agent);
	c->authorities = authorities != NULL ? strdup(authorities) : NULL;
	c->plain = curl_slist_append(NULL, CLIENT_ENCODINGS);
	if (c->agent == NULL || c->plain == NULL || (authorities != NULL && c->authorities == NULL))
		die_world("libcurl does not start");
	return c;
}

void
client_close(struct client *c)
{
	curl_slist_free_all(c->plain);
	curl_global_cleanup();
	free(c->agent);
	free(c->authorities);
	free(c);
}

static void
client_set_protocols(CURL *easy)
{
#if LIBCURL_VERSION_NUM >= 0x075500
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https,file");
#else
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS,
	    (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS | CURLPROTO_FILE));
#endif
}

/* Returns the headers of a request that is answered with 304 when the body still has this etag. */
static struct curl_slist *
client_unless(const char *etag)
{
	struct curl_slist *headers = curl_slist_append(NULL, CLIENT_ENCODINGS), *both;
	struct buf line = { 0 };

	buf_putf(&line, "If-None-Match: %s", etag);
	both = curl_slist_append(headers, buf_str(&line));
	if (headers == NULL || both == NULL)
		die_world("out of memory");
	buf_free(&line);
	return both;
}

static void
client_set_connection(CURL *easy, const struct client_request *r)
{
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
	    (long)(r->two ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
	/*
	 * Not without TLS: there it waits for an answer, and one that hangs would hold back the
	 * others.
	 */
	curl_easy_setopt(easy, CURLOPT_PIPEWAIT, r->two ? 1L : 0L);
	curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, r->fresh ? 1L : 0L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)r->connect);
}

void
client_prepare(const struct client *c, CURL *easy, const struct client_request *r,
    struct curl_slist **headers)
{
	curl_slist_free_all(*headers);
	*headers = r->unless != NULL ? client_unless(r->unless) : NULL;
	curl_easy_reset(easy);
	client_set_protocols(easy);
	client_set_connection(easy, r);
	curl_easy_setopt(easy, CURLOPT_URL, r->url);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, c->agent);
	/*
	 * What encodings are accepted is said here and not by CURLOPT_ACCEPT_ENCODING, so that
	 * libcurl unpacks nothing: it would fail over a refusal whose header is wrong, and cannot
	 * tell how much comes out.
	 */
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, *headers != NULL ? *headers : c->plain);
	if (c->authorities != NULL)
		curl_easy_setopt(easy, CURLOPT_CAINFO, c->authorities);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);	/* it would follow to other hosts */
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 64L * 1024);
	/* Without this, a transfer that ends during the look-up of its host name waits for it. */
#if LIBCURL_VERSION_NUM >= 0x075700
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
}

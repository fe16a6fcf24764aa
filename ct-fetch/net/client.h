/*
 * A client: what all requests of this process have in common, such as the User-Agent and the
 * authorities that are trusted. It is a part of the door to libcurl: only http.c uses it.
 */
#ifndef CT_FETCH_CLIENT_H
#define CT_FETCH_CLIENT_H

#include <curl/curl.h>
#include <stdbool.h>

struct client;

/* What one request has of its own. */
struct client_request {
	const char *url;	/* copied */
	const char *unless;	/* an etag, sent as If-None-Match, copied; NULL: none */
	unsigned connect;	/* ms to a connection */
	bool two;		/* HTTP/2 may be used when the server offers it */
	bool fresh;		/* over a new connection */
};

/*
 * Starts libcurl, and returns the client. agent, which is copied, is sent as User-Agent. Ends the
 * process with 111 when libcurl does not start.
 */
struct client *client_open(const char *agent);

/* Frees client and ends libcurl; all handles of libcurl must have been freed. */
void client_close(struct client *client);

/*
 * Forgets what easy was used for before and prepares it for a request. *headers, which is NULL or
 * what an earlier call has put there, becomes what the caller frees with curl_slist_free_all when
 * easy is not used any more.
 */
void client_prepare(const struct client *client, CURL *easy, const struct client_request *request,
    struct curl_slist **headers);

#endif

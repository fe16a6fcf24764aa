/*
 * A host that issuers are wanted from. Whatever one host makes us want, fetch and hold has bounds of its
 * own, so that what a hostile log names is at the cost of no other host's logs.
 */
#ifndef CT_FETCH_LOG_ISSUER_HOST_H
#define CT_FETCH_LOG_ISSUER_HOST_H

#include <stddef.h>

#include "ct-fetch/log/alarm.h"

struct host;
struct issuer_source;

/* The URL of a log. It stands for the log where its host compares who asks. */
struct issuer_log {
	char *url;
	bool refused;			/* in this turn it may not be asked */
	struct issuer_log *next;
};

struct issuer_host {
	struct host *host;
	struct issuer_log *logs;	/* those on it that have named issuers */
	struct issuer_source *first, *last;	/* the row of what is to be asked for */
	unsigned wanted;		/* how many are in the row or being asked for */
	size_t bytes;			/* of DER that has come from here and that pages hold */
	uint64_t again;			/* loop ms: nothing in the row can be asked for before */
	struct alarm full;		/* that it names too many */
	uint64_t hour;			/* loop ms when the hour began in which ... */
	unsigned told;			/* ... so many issuers were told as given up */
	struct issuer_host *next;
};

/* Returns what *hosts has of host, added when it is new. */
struct issuer_host *issuer_host_find(struct issuer_host **hosts, struct host *host);

/* Frees all that *hosts has. */
void issuer_host_free(struct issuer_host **hosts);

/*
 * Returns true when no more issuers are to be wanted from the host. The first time, and once an hour, that
 * is told with the url of the log that names one more. now is in loop ms.
 */
bool issuer_host_is_full(struct issuer_host *at, const char *url, uint64_t now);

/* Returns true when people may be told now that one more issuer of the host is given up. */
bool issuer_host_may_tell(struct issuer_host *at, uint64_t now);

/* Returns the log with this url on the host, added when it is new. It lives as long as the host. */
struct issuer_log *issuer_host_log(struct issuer_host *at, const char *url);

#endif

/*
 * The hosts that issuers are wanted from.
 *
 * in: hosts, and URLs of logs on them
 * out: what each host has been asked, and whether it may make us want more
 */
#include "ct-fetch/log/issuer_host.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-fetch/log/issuer.h"

enum {
	MAX_TOLD = 64,		/* issuers of one host that are told as given up in an hour */
	HOUR = 3600 * 1000,
};

struct issuer_host *
issuer_host_find(struct issuer_host **hosts, struct host *host)
{
	struct issuer_host *at = *hosts;

	while (at != NULL && at->host != host)
		at = at->next;
	if (at != NULL)
		return at;
	at = calloc(1, sizeof(*at));
	if (at == NULL)
		die_world("out of memory");
	at->host = host;
	at->next = *hosts;
	*hosts = at;
	return at;
}

void
issuer_host_free(struct issuer_host **hosts)
{
	struct issuer_host *at;

	while ((at = *hosts) != NULL) {
		struct issuer_log *log;

		*hosts = at->next;
		while ((log = at->logs) != NULL) {
			at->logs = log->next;
			free(log->url);
			free(log);
		}
		free(at);
	}
}

bool
issuer_host_is_full(struct issuer_host *at, const char *url, uint64_t now)
{
	if (at->wanted < MAX_ISSUERS_WANTED && at->bytes < MAX_ISSUERS_HELD)
		return false;
	if (alarm_rings(&at->full, now, HOUR))
		tell(TELL_WARNING, "%s: it names more issuers than can be waited for; chains go out "
		    "without them", url);
	return true;
}

bool
issuer_host_may_tell(struct issuer_host *at, uint64_t now)
{
	if (at->told == 0 || now - at->hour >= HOUR) {
		at->hour = now;
		at->told = 0;
	}
	return at->told < MAX_TOLD && ++at->told > 0;
}

struct issuer_log *
issuer_host_log(struct issuer_host *at, const char *url)
{
	struct issuer_log *log = at->logs;

	while (log != NULL && strcmp(log->url, url) != 0)
		log = log->next;
	if (log != NULL)
		return log;
	log = calloc(1, sizeof(*log));
	if (log == NULL || (log->url = strdup(url)) == NULL)
		die_world("out of memory");
	log->next = at->logs;
	at->logs = log;
	return log;
}

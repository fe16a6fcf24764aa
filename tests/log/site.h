/*
 * What a server offers: /log_list.json, /log_list.sig, and each log below /NAME/.
 */
#ifndef LOG_SITE_H
#define LOG_SITE_H

#include "tests/log/fault.h"
#include "tests/log/http.h"
#include "tests/log/list.h"
#include "tests/log/log.h"

#define SITE_LOGS 128	/* most logs of a site */

struct site {
	struct log *logs;	/* borrowed */
	size_t count;
	uint64_t page;		/* most entries that get-entries gives */
	struct faults *faults;	/* borrowed */
	const struct key *list_key;	/* borrowed */

	pthread_mutex_t lock;	/* over what follows */
	struct listing listed[SITE_LOGS];	/* what the list says */
	uint64_t listed_at;	/* ms since 1970 */
	struct bytes list;
	struct bytes list_signature;
};

/* Makes list and list_signature. The caller has set the members before the lock. */
void site_init_list(struct site *s);
/* Fills response with the answer to request, as the member answer of struct http_site; arg is the site. */
void site_answer(void *arg, const struct http_request *request, struct http_response *response);

#endif

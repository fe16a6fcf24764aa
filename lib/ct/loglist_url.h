/*
 * The URLs that logs are found under: prefixes, to which paths such as
 * "ct/v1/get-sth" are appended.
 */
#ifndef CT_LOGLIST_URL_H
#define CT_LOGLIST_URL_H

#include "base/arena.h"

enum {
	MAX_LOGLIST_URL = 2048,		/* bytes, as written in the list */
};

/*
 * Checks a prefix and copies it, with exactly one slash behind it, into the
 * arena. NULL, or a static reason: not https (any allows http and file too),
 * no host, user names, queries, fragments, anything but printable ASCII, or a
 * host under example.com, where placeholders are listed.
 */
const char *loglist_url(struct arena *, const char *url, bool any, const char **out);

#endif

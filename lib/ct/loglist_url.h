/*
 * The URL of a log, as lists give it: a prefix, to which paths such as "ct/v1/get-sth" are
 * appended. Here it is checked and made uniform.
 */
#ifndef CT_LOGLIST_URL_H
#define CT_LOGLIST_URL_H

#include "base/arena.h"

enum {
	MAX_LOGLIST_URL = 2048,		/* bytes, as written in the list */
};

/* The reason for which loglist_url refuses a placeholder; only its address matters. */
extern const char loglist_url_placeholder[];

/*
 * Checks url and copies it into arena, with exactly one slash at its end. When any is true, the
 * schemes http and file are allowed besides https. Returns NULL with *out set to the copy, which
 * lives as long as arena. Returns a static reason, with *out left alone, when the scheme is not
 * allowed; the host is missing, is not one, or lies under example.com (then it is
 * loglist_url_placeholder); the port is neither empty nor a number from 1 to 65535; the URL has a user
 * name, a query, a fragment or a character that URLs may not have; or it is longer than MAX_LOGLIST_URL.
 */
const char *loglist_url(struct arena *arena, const char *url, bool any, const char **out);

#endif

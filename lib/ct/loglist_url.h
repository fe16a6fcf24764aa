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

/*
 * Checks url and copies it into arena, with exactly one slash at its end. any allows the schemes
 * http and file besides https. Returns NULL with *out set to the copy, or a static reason: the
 * scheme is not allowed; there is no host, or one under example.com, where lists put their
 * placeholders; there is a user name, query or fragment, or a character that is not printable
 * ASCII.
 */
const char *loglist_url(struct arena *arena, const char *url, bool any, const char **out);

#endif

/*
 * A redirect: where the Location of an answer leads. It is a part of the door to libcurl, whose
 * reading of URLs must be the one that decides, because libcurl connects to what it has read.
 */
#ifndef CT_FETCH_REDIRECT_H
#define CT_FETCH_REDIRECT_H

#include <stdbool.h>

/*
 * Returns the absolute URL to which location, found at the URL from, leads, and sets *same to
 * whether its scheme, host name and port are those of from and it names no user. The caller frees
 * it with redirect_free. Returns NULL when location is not a URL or its scheme is not known.
 */
char *redirect_open(const char *from, const char *location, bool *same);

/* Frees what redirect_open has returned. NULL is allowed. */
void redirect_free(char *url);

#endif

/* Answers a request to a CGI program (RFC 3875): the newest events, as /latest.json of ct-ws has them. */
#ifndef CT_LATEST_CGI_H
#define CT_LATEST_CGI_H

#include "base/buf.h"

/*
 * Appends to out the answer to the request that the environment describes: headers, an empty line
 * and a body, as RFC 3875 section 6 says. QUERY_STRING may have stream=, REQUEST_METHOD may be HEAD,
 * and HTTP_IF_NONE_MATCH may have tags, as in RFC 9110 section 13.1.2. The body has at most `most` of
 * the newest events of the bus at address. Blocks for a few seconds at most.
 */
void cgi_put(struct buf *out, const char *address, unsigned most);

#endif

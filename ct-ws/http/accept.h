/*
 * What a client says that it can take, in the fields Accept and Accept-Encoding
 * (RFC 9110 section 12.5): lists whose members may have a weight from 0 to 1, "q=0.5".
 */
#ifndef CT_WS_HTTP_ACCEPT_H
#define CT_WS_HTTP_ACCEPT_H

#include "base/span.h"

enum { ACCEPT_FULL = 1000 };	/* the weight of a member that gives none */

/*
 * Returns the weight, in thousandths, that list gives to the coding or media type name, in upper or lower
 * case. When list does not have name, returns the weight of the member "*", or 0 when it has neither. When
 * version is not NULL, a member with a parameter "version" counts only if that has this value. A weight
 * that cannot be read is 0.
 */
unsigned accept_weight(struct span list, const char *name, const char *version);

#endif

/*
 * A made-up event in the form full, which says in each of its names that it is made up. Clients that
 * ask for an example before any certificate has come get it in place of an error.
 */
#ifndef CT_WS_SITE_EXAMPLE_H
#define CT_WS_SITE_EXAMPLE_H

#include "base/span.h"

extern const struct span example_event;	/* one line in format go, without its LF */

#endif

/*
 * The array all_domains of an event: every name by which the certificate can be
 * used, wherever in the certificate that name stands (ct-event(5)).
 */
#ifndef EVENT_DOMAINS_H
#define EVENT_DOMAINS_H

#include "event/leaf.h"

/*
 * Appends to out the JSON array of the names of the certificate that leaf_parse or
 * leaf_parse_precert has read into l, in the order of l->format. On the way it reads the subject
 * into l->name. When bytes of a name had to be replaced, or the subject cannot be read, l->why
 * is set, unless it says something already.
 *
 * The names are: every dNSName of every subjectAltName; the last common name, whatever it is (a
 * CA's, in format go, only if hostname_is is true for it); and every other common name for which
 * hostname_is is true. A name that is there already is not repeated, with two exceptions: format
 * go keeps the repetitions inside the last subjectAltName, and names behind the first
 * MAX_DISTINCT are not compared.
 */
void domains_put(struct buf *out, struct leaf *l);

#endif

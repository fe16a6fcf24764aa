/*
 * The array all_domains: every name by which a certificate can be used, so that
 * whoever searches it for a name finds that name wherever the certificate has it.
 */
#ifndef EVENT_DOMAINS_H
#define EVENT_DOMAINS_H

#include "event/leaf.h"

/*
 * Reads the subject into l->name and appends the array of names of the
 * certificate that leaf_parse or leaf_parse_precert has read into l, in l's
 * format. l->why is set when a name is shown with bytes replaced.
 *
 * It holds all dNSNames of all subjectAltNames; the last common name, whatever it
 * is, except a CA's in format go; and every other common name for which
 * hostname_is is true. Each text is there once, but what the last subjectAltName
 * itself repeats stays repeated in format go.
 */
void domains_put(struct buf *, struct leaf *l);

#endif

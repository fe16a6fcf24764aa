/* Writes one certificate in format calidog. Only leaf.c needs this; others use event/leaf.h. */
#ifndef EVENT_LEAF_CALIDOG_H
#define EVENT_LEAF_CALIDOG_H

#include "event/leaf.h"

/* Appends to out the object of the certificate in l, with as_der, as leaf_put in event/leaf.h says. */
void leaf_calidog_put(struct buf *out, struct leaf *l, const struct leaf_der *as_der);

/*
 * Appends name as the object that subject and issuer have. Returns NULL, or a static
 * reason when a character of it was replaced or left out.
 */
const char *leaf_calidog_put_name(struct buf *out, const struct name *name);

#endif

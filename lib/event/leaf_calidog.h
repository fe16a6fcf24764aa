/* Writes one certificate as CaliDog's READMEs show it. event/leaf.h is the way in. */
#ifndef EVENT_LEAF_CALIDOG_H
#define EVENT_LEAF_CALIDOG_H

#include "event/leaf.h"

/* Appends the object of what l has read, as leaf_put describes. */
void leaf_calidog_put(struct buf *, struct leaf *l, const struct leaf_der *as_der);

/*
 * Appends the object subject or issuer. Returns NULL, or a static reason when a
 * character of it was replaced or left out.
 */
const char *leaf_calidog_put_name(struct buf *, const struct name *);

#endif

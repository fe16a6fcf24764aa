/* Writes one certificate as certstream-server-go writes it. event/leaf.h is the way in. */
#ifndef EVENT_LEAF_GO_H
#define EVENT_LEAF_GO_H

#include "event/leaf.h"

/* Appends the object of what l has read, as leaf_put describes. */
void leaf_go_put(struct buf *, struct leaf *l, const struct leaf_der *as_der);

/*
 * Appends the object subject or issuer. Returns NULL, or a static reason when a
 * character of it was replaced or left out.
 */
const char *leaf_go_put_name(struct buf *, const struct name *);

#endif

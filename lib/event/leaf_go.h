/* One certificate as certstream-server-go writes it. Called by leaf.c alone, whose header says the rest. */
#ifndef EVENT_LEAF_GO_H
#define EVENT_LEAF_GO_H

#include "event/leaf.h"

void leaf_go_put(struct buf *, struct leaf *, const struct leaf_der *as_der);
/*
 * Appends the object subject or issuer. Returns NULL, or a static reason when a
 * character of it was replaced or left out.
 */
const char *leaf_go_put_name(struct buf *, const struct name *);

#endif

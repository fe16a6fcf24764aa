/*
 * The inside of the event writer, which event.c and event_update.c share: the
 * first takes entries and decides what is written, the second writes a
 * certificate_update.
 */
#ifndef EVENT_EVENT_UPDATE_H
#define EVENT_EVENT_UPDATE_H

#include "ct/entry.h"
#include "event/blanks.h"
#include "event/chain.h"
#include "event/event.h"
#include "event/unique.h"

enum { EVENT_KEPT = 1 << 20 };	/* bytes of scratch memory that are kept from one entry to the next */

struct event_writer {
	enum form form;
	enum format format;
	struct hash *hash;
	struct chain *chain;
	struct blanks *blanks;		/* of the events that were begun */
	struct unique *unique;		/* NULL: all are written */
	struct event_counts counts;
	struct leaf leaf, issuer;
	struct memo *memo;		/* of leaf */
	struct buf text;		/* a JSON string with its escapes undone */
	struct buf leaf_input, extra_data;	/* decoded */
	struct buf chain_text;		/* format calidog has it behind the leaf */
};

/* Appends a string of the input as a JSON string; "" when the input has none. */
void event_put_string(struct event_writer *, struct buf *out, struct json_str);

/*
 * Appends the event of the entry raw, with its LF, in form full or lite. Before
 * that, w->leaf must have read the certificate in entry, which is raw taken apart.
 * The fingerprints stay blank, and w->leaf.blank says where.
 */
void event_put_update(struct event_writer *w, struct buf *out, const struct raw *raw,
    const struct entry *entry, enum form form);

/* Returns the certificate or precertificate that was submitted, of which the fingerprints are. */
struct span event_submitted(const struct entry *);

#endif

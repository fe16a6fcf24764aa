/*
 * The event writer, and the certificate_update it writes. Only event.c and
 * event_update.c see inside.
 */
#ifndef EVENT_EVENT_UPDATE_H
#define EVENT_EVENT_UPDATE_H

#include "ct/entry.h"
#include "event/blanks.h"
#include "event/chain.h"
#include "event/event.h"
#include "event/unique.h"

enum { EVENT_KEPT = 1 << 20 };	/* bytes of scratch memory, when a large entry is done */

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

/* A string of the input as one of the output; absent is "". */
void event_put_string(struct event_writer *, struct buf *out, struct json_str);

/*
 * The event of an entry that is in w->leaf, in form full or lite, with its LF.
 * The digests of its certificate are still blank.
 */
void event_put_update(struct event_writer *, struct buf *out, const struct raw *,
    const struct entry *, enum form);

/* What the digests are of: the certificate as the log was given it. */
struct span event_submitted(const struct entry *);

#endif

/*
 * The inside of the event writer, for event.c and event_update.c only. event.c takes
 * entries and decides what is written of them; event_update.c writes a
 * certificate_update. Others use event/event.h.
 */
#ifndef EVENT_EVENT_UPDATE_H
#define EVENT_EVENT_UPDATE_H

#include "ct/entry.h"
#include "event/blanks.h"
#include "event/chain.h"
#include "event/event.h"
#include "event/unique.h"

enum { EVENT_KEPT = 1 << 20 };	/* bytes of scratch memory kept between entries */

struct event_writer {
	enum form form;
	enum format format;
	struct hash *hash;
	struct chain *chain;
	struct blanks *blanks;		/* of the events that were begun and not finished */
	struct unique *unique;		/* NULL: repetitions are written too */
	struct event_counts counts;
	struct leaf leaf;		/* the certificate at hand */
	struct leaf issuer;		/* the certificate of its chain that is read */
	struct memo *memo;		/* what leaf.memo points to */
	struct buf text;		/* a JSON string with its escapes undone */
	struct buf leaf_input, extra_data;	/* those of the entry, as bytes */
	struct buf chain_text;		/* the member chain, for format calidog */
};

/*
 * Appends to out the string s of the input as a JSON string; "" when the input does
 * not have it (s is empty). Overwrites w->text.
 */
void event_put_string(struct event_writer *w, struct buf *out, struct json_str s);

/*
 * Appends to out the event of the entry raw, with its LF. form is FORM_FULL or
 * FORM_LITE. Before that, entry must have been filled from raw, and w->leaf must have
 * read the certificate in it. The fingerprints stay blank, and w->leaf.blank says
 * where they go.
 */
void event_put_update(struct event_writer *w, struct buf *out, const struct raw *raw,
    const struct entry *entry, enum form form);

/*
 * Returns what was submitted to the log: the certificate, or the whole precertificate.
 * as_der and the fingerprints are made from it. It lies where entry's spans lie.
 */
struct span event_submitted(const struct entry *e);

#endif

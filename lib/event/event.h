/*
 * certstream events: writing them (ct-parse) and cutting the smaller forms
 * out of the full one (ct-ws, ct-latest). ct-event(5) is the contract.
 */
#ifndef EVENT_EVENT_H
#define EVENT_EVENT_H

#include "base/buf.h"
#include "ct/raw.h"
#include "event/form.h"
#include "event/format.h"

/*
 * Bytes of a line without its LF: what a reader of records takes. A chain is
 * outside the log's tree and may be anything, so that its text (200 times its
 * size, if it is of empty certificates) must leave room for the leaf.
 */
enum {
	MAX_EVENT = 16 << 20,
	MAX_EVENT_CHAIN = MAX_EVENT / 2,
};

/* Everything kept between entries: scratch memory, digests, rendered issuers. */
struct event_writer;

struct event_options {
	enum form form;
	enum format format;
	size_t unique;	/* leave out what the last so many events had already; 0: never */
};

/* Since the start. */
struct event_counts {
	uint64_t dropped;	/* entries left out as not unique */
	uint64_t mismatched;	/* events with "mismatch" */
};

struct event_writer *event_open(const struct event_options *);
void event_free(struct event_writer *);
void event_count(const struct event_writer *, struct event_counts *);

/*
 * Appends the event of one raw entry, with its LF. NULL; or, with nothing
 * appended, the reason why the entry's framing cannot be read, or that the
 * event would be longer than MAX_EVENT. A chain of more than MAX_EVENT_CHAIN
 * is left out, and so are chain and as_der of an event that without them is
 * short enough, which parse_error says. An entry that is not unique appends
 * nothing and is no failure; a final certificate is not unique either when its
 * precertificate has been there.
 *
 * A precertificate is held against its entry and the chain against
 * issuer_key_hash (RFC 6962 3.2): when they do not agree it is counted, and
 * "mismatch" says so in the forms with certificates.
 */
const char *event_put(struct event_writer *, struct buf *out, const struct raw *);

/*
 * The same in two steps, for many events at once: one that was begun has no
 * digests yet, and event_finish gives them to all. Up to then the writer writes
 * to no other out, and out only grows.
 */
const char *event_begin(struct event_writer *, struct buf *out, const struct raw *);
void event_finish(struct event_writer *, struct buf *out);

/*
 * Appends the malformed record of an entry that event_put refused, with its
 * LF. One that were too long otherwise is without leaf_input and extra_data,
 * and where that is still too long without its source.
 */
void event_put_malformed(struct event_writer *, struct buf *out, const struct raw *,
    const char *why);

/*
 * full is one certificate_update without its LF, in format go or calidog.
 * Appends to out the lite form: the same bytes without "chain" in data and
 * without "as_der" in data.leaf_cert. A lite event comes out as it is. False,
 * with nothing appended, when full is not such an event.
 */
bool event_put_lite(struct buf *out, struct span full);

/* Likewise {"data":[...all_domains...],"message_type":"dns_entries"}. */
bool event_put_domains(struct buf *out, struct span full);

#endif

/*
 * certstream events: writing them from entries, and cutting the smaller forms out
 * of a full one. ct-event(5) describes what events hold.
 */
#ifndef EVENT_EVENT_H
#define EVENT_EVENT_H

#include "base/buf.h"
#include "ct/raw.h"
#include "event/form.h"
#include "event/format.h"

/*
 * Limits in bytes, without the LF: of a line, which readers of records rely on, and
 * of the chain in it. No log proves the chain, so it may be anything; its text,
 * which is 200 times its size when it is made of empty certificates, must leave
 * room for the leaf.
 */
enum {
	MAX_EVENT = 16 << 20,
	MAX_EVENT_CHAIN = MAX_EVENT / 2,
};

/* Writes events. It holds all that is kept between entries: scratch memory and issuers. */
struct event_writer;

struct event_options {
	enum form form;
	enum format format;
	size_t unique;	/* how many events are remembered, to leave out what repeats one; 0: none */
};

/* Since event_open. */
struct event_counts {
	uint64_t dropped;	/* entries left out because they repeat one */
	uint64_t mismatched;	/* events with "mismatch" */
};

/* Makes a writer; the options are copied. Ends the process when memory is out. */
struct event_writer *event_open(const struct event_options *);

/* Frees the writer; NULL is allowed. */
void event_free(struct event_writer *);

void event_count(const struct event_writer *, struct event_counts *);

/*
 * Appends to out the event of the entry raw, with its LF. Returns NULL, or a static
 * reason, with nothing appended, when the framing of the entry cannot be read or
 * the event would be longer than MAX_EVENT.
 *
 * A chain longer than MAX_EVENT_CHAIN is left out. So are chain and as_der when the
 * event is too long with them; "parse_error" then says so. With options.unique, an
 * entry whose certificate or precertificate was in a remembered event appends
 * nothing, and NULL is returned.
 *
 * A precertificate is compared with its entry, and the chain with the entry's
 * issuer_key_hash (RFC 6962 3.2). When they disagree, that is counted, and
 * "mismatch" says so in the forms full and lite.
 */
const char *event_put(struct event_writer *, struct buf *out, const struct raw *raw);

/*
 * Does what event_put does in two steps, which is faster for many events:
 * event_begin appends an event whose fingerprints are blank and returns what
 * event_put returns; event_finish then fills the blanks of all events begun. In
 * between the writer must be given no other out, and out may only grow.
 */
const char *event_begin(struct event_writer *, struct buf *out, const struct raw *raw);
void event_finish(struct event_writer *, struct buf *out);

/*
 * Appends the malformed record, with its LF, of an entry for which event_put
 * returned why. When the record would be longer than MAX_EVENT, leaf_input and
 * extra_data in it are empty, and if that is not enough its source too.
 */
void event_put_malformed(struct event_writer *, struct buf *out, const struct raw *raw,
    const char *why);

/*
 * Cuts the form lite out of full, one certificate_update of either format without
 * its LF: appends the same bytes without "chain" in data and "as_der" in
 * data.leaf_cert. An event that is lite already is appended as it is. Returns true,
 * or false, with nothing appended, when full is not a certificate_update.
 */
bool event_put_lite(struct buf *out, struct span full);

/*
 * Cuts the form domains out of full, a certificate_update of either format in form
 * full or lite without its LF: appends
 * {"data":[...all_domains...],"message_type":"dns_entries"}. Returns true, or false,
 * with nothing appended, when full is not a certificate_update.
 */
bool event_put_domains(struct buf *out, struct span full);

#endif

/*
 * certstream events: writing them from log entries, and cutting the forms lite and
 * domains out of a full event. ct-event(5) describes what events hold.
 */
#ifndef EVENT_EVENT_H
#define EVENT_EVENT_H

#include "base/buf.h"
#include "ct/raw.h"
#include "event/form.h"
#include "event/format.h"

enum {
	MAX_EVENT = 16 << 20,	/* bytes of a line, without its LF: what readers rely on */

	/*
	 * Bytes of the member chain, so that it leaves room for the leaf. No log proves the chain,
	 * and one made of empty certificates becomes a text of 200 times its size.
	 */
	MAX_EVENT_CHAIN = MAX_EVENT / 2,
};

/* Writes events. It holds all that is kept between entries: scratch memory and issuers. */
struct event_writer;

struct event_options {
	enum form form;
	enum format format;
	size_t unique;	/* in how many of the newest events repetitions are looked for; 0: in none */
};

/* What a writer has counted since event_open. */
struct event_counts {
	uint64_t dropped;	/* entries left out because they repeat a remembered event */
	uint64_t mismatched;	/* entries that did not agree with their chain: see event_put */
};

/*
 * Returns a writer, which event_free frees; options are copied. When memory runs out, the process
 * ends with 111.
 */
struct event_writer *event_open(const struct event_options *options);

/* Frees the writer; NULL is allowed. Events that were begun and not finished stay blank. */
void event_free(struct event_writer *w);

/* Sets *counts to what the writer has counted so far. */
void event_count(const struct event_writer *w, struct event_counts *counts);

/*
 * Appends to out the event of the entry raw, with its LF. Returns NULL when that is
 * done, and also when nothing is appended because options.unique is set and the
 * entry's certificate or precertificate was in a remembered event. Returns a static
 * reason, with nothing appended, when the framing of the entry cannot be read or the
 * event would be longer than MAX_EVENT.
 *
 * A chain longer than MAX_EVENT_CHAIN is left out. Both chain and as_der are left
 * out when the event is too long with them. "parse_error" then says so.
 *
 * A precertificate is compared with its entry, and the chain with the entry's
 * issuer_key_hash (RFC 6962 3.2). When they disagree, counts.mismatched rises by
 * one, and in the forms full and lite the event has "mismatch".
 */
const char *event_put(struct event_writer *w, struct buf *out, const struct raw *raw);

/*
 * Does what event_put does in two steps, which is faster for many events.
 * event_begin appends to out the event of the entry raw, with blanks in place of its
 * fingerprints, and returns what event_put would return. event_finish fills in the
 * fingerprints of all events that were begun. Between the two calls, out must be the
 * same and may only grow.
 */
const char *event_begin(struct event_writer *w, struct buf *out, const struct raw *raw);
void event_finish(struct event_writer *w, struct buf *out);

/*
 * Appends to out the malformed record, with its LF, of the entry raw, for which
 * event_put returned the reason why. When the record would be longer than MAX_EVENT,
 * its leaf_input and extra_data are empty, and where it still would be, the strings
 * of its source are empty too.
 */
void event_put_malformed(struct event_writer *w, struct buf *out, const struct raw *raw,
    const char *why);

/*
 * Cuts the form lite out of full, one certificate_update of either format without
 * its LF: appends to out the bytes of full without the members "chain" of data and
 * "as_der" of data.leaf_cert. An event that is lite already is appended as it is.
 * Returns true, or false, with nothing appended, when full is not a
 * certificate_update.
 */
bool event_put_lite(struct buf *out, struct span full);

/*
 * Cuts the form domains out of full, one certificate_update of either format, full
 * or lite, without its LF: appends to out
 * {"data":[...all_domains...],"message_type":"dns_entries"} without LF. Returns
 * true, or false, with nothing appended, when full is not a certificate_update.
 */
bool event_put_domains(struct buf *out, struct span full);

#endif

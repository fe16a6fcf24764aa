/*
 * The kinds of line that travel between the tools; ct-entry(5) and
 * ct-event(5) say what each holds. A line is told by its first bytes, never
 * parsed: everything that is not a certificate starts {"message_type":".
 */
#ifndef CT_RECORD_H
#define CT_RECORD_H

#include "base/buf.h"

enum record_kind {
	RECORD_EVENT,		/* certificate_update or dns_entries, of either format */
	RECORD_ENTRY,
	RECORD_HEAD,
	RECORD_GAP,
	RECORD_MARK,
	RECORD_MALFORMED,
	RECORD_STATUS,
	RECORD_HEARTBEAT,
	RECORD_CONTROL,		/* starts like a control record, of a type not known here */
	RECORD_OTHER,		/* anything else, such as a bare {"leaf_input":...} */
};

/* Tells the kind of line; whether it has its LF does not matter. */
enum record_kind record_kind(struct span line);

/*
 * Appends the record that tells a reader of a stream how many records it has missed,
 * {"message_type":"skipped","count":N}, without an LF.
 */
void record_put_skipped(struct buf *out, uint64_t count);

#endif

/*
 * The kinds of lines (records) that travel between the tools; ct-entry(5) and
 * ct-event(5) say what each holds. The kind is known by the first bytes of the
 * line, so that nothing has to be parsed: all records that the tools make begin
 * with {"message_type":", but for events of format go, which begin with {"data":.
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
	RECORD_CONTROL,		/* begins with {"message_type":" and another type */
	RECORD_OTHER,		/* any other line, such as {"leaf_input":...} */
};

/* Returns the kind of line, which may have its LF or not. */
enum record_kind record_kind(struct span line);

/*
 * Appends to out the record {"message_type":"skipped","count":N}, without an LF. It
 * tells a reader of a stream that it has missed count records.
 */
void record_put_skipped(struct buf *out, uint64_t count);

#endif

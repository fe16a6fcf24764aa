/*
 * What a record is called in a stream: the subject that its message has, and the message id by which
 * the server removes repetitions. Both are found by looking at a few places of the line, whose layout
 * is that of ct-entry(5) and ct-event(5); nothing is parsed whole. Nothing here does I/O.
 */
#ifndef BUS_NATS_NATS_IDENTITY_H
#define BUS_NATS_NATS_IDENTITY_H

#include "base/buf.h"

enum {
	MAX_NATS_LOG = 64,	/* characters of the name of a log in a subject */
	MAX_NATS_ID = 512,	/* bytes of a message id: the server keeps each for some time */
};

/*
 * Appends to out TYPE.LOG, the last two tokens of the subject of line, which has no LF. TYPE is event,
 * entry, head, gap, mark, malformed or status, or other for any other line. LOG is the name of the log
 * (of a status record, of its stage) with '_' in place of each character that is not a letter, a digit
 * or '-'; it is '-' when the line names none.
 */
void nats_identity_subject(struct buf *out, struct span line);

/*
 * Appends to out the message id of line, which has no LF. Two lines have the same id only if they say
 * the same of the same entry of a log: it is made of the kind and form of the record, the URL or id of
 * the log, the index, and the bytes of the certificate or of the entry, but not of the time when it was
 * seen. It has no control characters. Returns true. Returns false, with nothing appended, when line has
 * no id: it is neither an event nor an entry, is an event in the form domains, names no log or index,
 * or does not have the layout that these tools write.
 */
bool nats_identity_id(struct buf *out, struct span line);

#endif

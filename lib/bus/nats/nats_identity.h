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
 * entry, head, gap, mark, malformed, status, or other for all else. LOG is the name of the log with
 * '_' for all that is no letter, digit or '-', the stage of a status record, and '-' without one.
 */
void nats_identity_subject(struct buf *out, struct span line);

/*
 * Appends to out a text that is equal for two lines only if they tell the same of the same entry of a
 * log: kind and form of the record, URL or id of the log, index, and bytes of the certificate or its
 * entry. When they were seen is no part of it. Returns false, with nothing appended, when line, which
 * has no LF, has no such text: it is no event and no entry, is an event in the form domains, names no
 * log or no index, or has not the layout that these tools write. The text has no control characters.
 */
bool nats_identity_id(struct buf *out, struct span line);

#endif

/*
 * Tells records apart. In: a line. Out: its kind. Only the first bytes are looked at,
 * because every line of a stream passes here. The records are those of ct-entry(5)
 * and ct-event(5).
 */
#include "ct/record.h"

enum record_kind
record_kind(struct span line)
{
	static const struct {
		const char *type;
		enum record_kind kind;
	} known[] = {
		{ "entry\"", RECORD_ENTRY },
		{ "certificate_update\"", RECORD_EVENT },
		{ "dns_entries\"", RECORD_EVENT },
		{ "mark\"", RECORD_MARK },
		{ "head\"", RECORD_HEAD },
		{ "gap\"", RECORD_GAP },
		{ "malformed\"", RECORD_MALFORMED },
		{ "status\"", RECORD_STATUS },
		{ "heartbeat\"", RECORD_HEARTBEAT },
	};
	struct span prefix = SPAN("{\"message_type\":\"");

	if (span_starts(line, SPAN("{\"data\":")))
		return RECORD_EVENT;
	if (!span_starts(line, prefix))
		return RECORD_OTHER;
	line = span_from(line, prefix.n);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (span_starts(line, span_str(known[i].type)))
			return known[i].kind;
	return RECORD_CONTROL;
}

void
record_put_skipped(struct buf *out, uint64_t count)
{
	buf_puts(out, "{\"message_type\":\"skipped\",\"count\":");
	buf_put_u64(out, count);
	buf_putc(out, '}');
}

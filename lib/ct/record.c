/* Tells records apart by their first bytes. Called for every line by ct-parse, ct-hub, readers of the bus. */
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

/*
 * What filters ask about an event: its names, its issuer, its log, and its type of entry. They are
 * found by reading the line as JSON, so nothing that stands in a certificate can pass for them.
 */
#ifndef CT_WS_FILTER_FACTS_H
#define CT_WS_FILTER_FACTS_H

#include "enc/json.h"

/* What the event lacks is empty. Everything points into the line. */
struct facts {
	struct span names;		/* the array of names, as JSON */
	struct json_str issuer_cn, issuer_o;
	struct json_str log_name, log_url;
	bool has_type;			/* update_type is there: the event is not in the form domains */
	bool precert;			/* of an entry for a precertificate */
};

/*
 * Reads line, an event of either format in any form without its LF. Returns true with *facts set, or
 * false when it is not an event or not JSON. Where a member is there twice the last one counts.
 */
bool facts_read(struct facts *facts, struct span line);

#endif

/* Counts records. In: lines. Out: counts, and calls for records that are no events. */
#include "ct-hub/tally.h"

#include "base/tell.h"
#include "os/lines.h"

void
tally_line(struct tally *t, struct publisher_lines *piece, struct span line, uint64_t first)
{
	enum record_kind kind = record_kind(line);

	piece->n += line.n;
	piece->records++;
	t->records++;
	t->bytes += line.n;
	if (kind == RECORD_EVENT) {
		piece->events++;
		t->events++;
		return;
	}
	t->marks += kind == RECORD_MARK;
	t->found(t->cookie, kind, line, first + piece->records);
}

void
tally_too_long(struct tally *t, uint64_t number)
{
	t->broken++;
	if (number > 0)
		tell(TELL_ERROR, "line %llu: longer than %d MiB; it is left out",
		    (unsigned long long)number, MAX_LINE >> 20);
	else
		tell(TELL_ERROR, "a pushed line: longer than %d MiB; it is left out", MAX_LINE >> 20);
}

/* In: a record of the bus. Out: the form of it that is wanted. latest.c and follow.c call it. */
#include "ct-latest/form.h"

#include "ct/record.h"
#include "event/event.h"

bool
form_parse(const char *name, enum form *form)
{
	static const char *const names[] = { "full", "lite", "domains", "status" };

	for (unsigned i = 0; i < 4; i++) {
		if (strcmp(name, names[i]) == 0) {
			*form = (enum form)i;
			return true;
		}
	}
	return false;
}

/* ct-parse -s domains made it: there is nothing else in it. */
static bool
form_is_domains(struct span line)
{
	return span_starts(line, SPAN("{\"data\":[")) ||
	    span_starts(line, SPAN("{\"message_type\":\"dns_entries\""));
}

bool
form_put(enum form form, struct buf *out, struct span line)
{
	enum record_kind kind = record_kind(line);

	if (kind != (form == FORM_STATUS ? RECORD_STATUS : RECORD_EVENT))
		return false;
	if (form == FORM_LITE)
		return event_put_lite(out, line);
	if (form == FORM_DOMAINS && !form_is_domains(line))
		return event_put_domains(out, line);
	buf_put(out, line);
	return true;
}

bool
form_next(struct span *lines, struct span *line)
{
	const uint8_t *lf = lines->n == 0 ? NULL : memchr(lines->p, '\n', lines->n);

	if (lf == NULL)
		return false;
	*line = span_of(lines->p, (size_t)(lf - lines->p));
	*lines = span_from(*lines, line->n + 1);
	return true;
}

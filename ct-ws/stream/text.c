/*
 * Brings events into the form that a client has asked for.
 *
 * in: event lines
 * out: texts in the forms full, lite and domains
 */
#include "ct-ws/stream/text.h"

#include "event/event.h"

const char *
text_form_name(enum form form)
{
	return form == FORM_DOMAINS ? "domain" : form_name(form);
}

bool
text_has_lf(enum form form)
{
	return form != FORM_DOMAINS;
}

bool
text_make(enum form form, struct span line, struct buf *made, struct span *text)
{
	bool is_domains = form_is_domains(line);

	*text = line;
	if (is_domains || form == FORM_FULL)
		return is_domains == (form == FORM_DOMAINS);
	buf_reset(made);
	if (form == FORM_DOMAINS ? !event_put_domains(made, line) : !event_put_lite(made, line))
		return false;
	*text = buf_span(made);
	return true;
}

/*
 * Chooses and cuts what is shown. In: a record of the bus. Out: the record in
 * the form that was asked for, or nothing.
 */
#include "ct-latest/view.h"

#include "ct/record.h"
#include "event/event.h"

bool
view_parse(const char *name, struct view *view)
{
	*view = (struct view){ .status = strcmp(name, "status") == 0 };
	return view->status || form_parse(name, &view->form);
}

bool
view_put(struct view view, struct buf *out, struct span line)
{
	if (record_kind(line) != (view.status ? RECORD_STATUS : RECORD_EVENT))
		return false;
	if (!view.status && view.form == FORM_LITE)
		return event_put_lite(out, line);
	if (!view.status && view.form == FORM_DOMAINS && !form_is_domains(line))
		return event_put_domains(out, line);
	buf_put(out, line);
	return true;
}

/*
 * The names of the forms. In: the word a user typed, or the first bytes of an
 * event. Out: the form it names or has.
 */
#include "event/form.h"

const char *
form_name(enum form form)
{
	static const char *const names[FORMS] = { "full", "lite", "domains" };

	return names[form];
}

bool
form_parse(const char *name, enum form *form)
{
	for (unsigned i = 0; i < FORMS; i++) {
		if (strcmp(name, form_name((enum form)i)) == 0) {
			*form = (enum form)i;
			return true;
		}
	}
	return false;
}

bool
form_parse_stream(struct span stream, enum form *form)
{
	static const struct {
		const char *name;
		enum form form;
	} names[] = {
		{ "lite", FORM_LITE }, { "full", FORM_FULL }, { "full-stream", FORM_FULL },
		{ "domains", FORM_DOMAINS }, { "domains-only", FORM_DOMAINS },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (span_eq(stream, span_str(names[i].name))) {
			*form = names[i].form;
			return true;
		}
	}
	return false;
}

bool
form_is_domains(struct span line)
{
	return span_starts(line, SPAN("{\"data\":[")) ||
	    span_starts(line, SPAN("{\"message_type\":\"dns_entries\""));
}

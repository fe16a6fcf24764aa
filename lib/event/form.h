/*
 * The three forms in which events are offered to readers: full, lite and
 * domains. ct-event(5) describes what each holds.
 */
#ifndef EVENT_FORM_H
#define EVENT_FORM_H

#include "base/span.h"

enum form {
	FORM_FULL,	/* everything */
	FORM_LITE,	/* without "chain" and "as_der" */
	FORM_DOMAINS,	/* the names of all_domains alone, as a dns_entries record */
	FORMS,		/* how many forms there are */
};

/* Returns the word by which users choose the form, a static text: "full", "lite" or "domains". */
const char *form_name(enum form form);

/*
 * Finds the form that name stands for. Returns true with *form set, or false for any other name.
 */
bool form_parse(const char *name, enum form *form);

/*
 * Finds the form that stream names, as users of any certstream server know it: "lite", "full" or
 * "full-stream", "domains" or "domains-only". Returns true with *form set, or false for any other name.
 */
bool form_parse_stream(struct span stream, enum form *form);

/*
 * Returns true when line, an event of either format, is in the form domains, and false when it
 * is in the form full or lite. Looks only at the first bytes of line. (Of an event in the form
 * domains no other form can be made.)
 */
bool form_is_domains(struct span line);

#endif

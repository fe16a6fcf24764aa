/* The values of a filter: checked, brought into one spelling, and put into it. */
#ifndef CT_WS_FILTER_FILTER_VALUE_H
#define CT_WS_FILTER_FILTER_VALUE_H

#include "ct-ws/filter/filter.h"

/* Returns the word for kind in queries and messages, a static text. */
const char *filter_word(enum filter_kind kind);

/*
 * Adds value to those of kind, behind the others. Returns true; or false, with a line for people
 * appended to why, when value is not one of that kind or f has no room for it.
 */
bool filter_add(struct filter *f, enum filter_kind kind, struct span value, struct buf *why);

/*
 * Takes word, "0" or "1", as a value of precert. *wanted, at first 0, gathers both: bit 0 for
 * certificates, bit 1 for precertificates. Returns true, or false with a line appended to why.
 */
bool filter_add_precert(unsigned *wanted, struct span word, struct buf *why);

/*
 * Ends the filter f, whose values have been added: puts them in order, each once, and sets its type from
 * wanted, as filter_add_precert has left it.
 */
void filter_end(struct filter *f, unsigned wanted);

/*
 * Appends to why a line: key=value, made printable and cut, then ": ", then what printf makes of fmt and
 * its arguments. Always returns false, for callers to return.
 */
bool filter_wrong(struct buf *why, const char *key, struct span value, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Appends text to why: at most 60 characters, without control characters, as UTF-8. */
void filter_put_text(struct buf *why, struct span text);

#endif

/* Points in time as JSON documents write them. */
#ifndef ENC_DATE_H
#define ENC_DATE_H

#include "base/span.h"

/*
 * A date-time of RFC 3339 section 5.6 ("2026-05-29T13:42:48.5+01:00"), as
 * seconds since 1970; a fraction is cut off. False, with *seconds unchanged,
 * for anything else.
 */
bool date_parse(struct span text, int64_t *seconds);

/* Is there such a day in the Gregorian calendar? year is 0 to 9999. */
bool date_exists(int year, int month, int day);

/* Days from 1970-01-01 to one that exists; negative before. */
int64_t date_days(int year, int month, int day);

#endif

/*
 * Reads points in time as JSON documents and certificates write them. Results are
 * seconds since 1970-01-01T00:00:00Z, negative before it. The calendar is the
 * Gregorian one, for all years.
 */
#ifndef ENC_DATE_H
#define ENC_DATE_H

#include "base/span.h"

/*
 * Reads a date-time of RFC 3339 section 5.6 ("2026-05-29T13:42:48.5+01:00").
 * A fraction of a second is cut off. Returns true with *seconds set, or false
 * with *seconds left alone when text is anything else.
 */
bool date_parse(struct span text, int64_t *seconds);

/*
 * Reads body, the contents octets of a UTCTime or a GeneralizedTime; tag says
 * which (RFC 5280 section 4.1.2.5). It accepts more than DER allows: the seconds
 * and the Z may be missing, an offset +hhmm or -hhmm is applied, and a fraction
 * of a second is cut off. Returns true with *seconds set. Returns false with
 * *seconds left alone when tag is neither of the two, body does not have their
 * form, or the day or time of day does not exist.
 */
bool date_parse_asn1(uint8_t tag, struct span body, int64_t *seconds);

/* Returns true when the calendar has that day. year is 0 to 9999, month and day are any number. */
bool date_exists(int year, int month, int day);

/*
 * Returns the number of days from 1970-01-01 to the given day, negative before it. month and day
 * are counted from 1, and the day must exist.
 */
int64_t date_days(int year, int month, int day);

#endif

/*
 * The pause that a Retry-After header asks for.
 *
 * in: the value of the header, from the network
 * out: ms
 *
 * Skylight writes the date with Go's time.RFC1123 in the zone of its server: "... UTC", "... CET"
 * and, where a zone has no name, "... +03".
 */
#include "ct-fetch/net/retry.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "enc/date.h"

enum {
	LEAST = 1,		/* seconds */
	MOST = 3600,
	HOUR = 3600,
	QUARTER = 900,		/* the offset of every zone in use is a multiple of it */
	WEST = 12 * HOUR,	/* of Greenwich, at most */
	EAST = 14 * HOUR,
	SKEW = 30,		/* by which a date may be past because clocks differ */
};

/* A date as it is written. */
struct retry_date {
	int year, month, day, hour, minute, second;
	const char *zone;	/* the rest of the text, from the zone on */
};

/* Returns the month that s begins with, 1 to 12, or 0. */
static int
retry_month(const char *s)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (int i = 0; i < 12; i++)
		if (strncasecmp(s, &names[i * 3], 3) == 0)
			return i + 1;
	return 0;
}

/* Returns the year whose last two digits are these: at most 50 years ahead (RFC 9110 5.6.7). */
static int
retry_century(int year, int64_t now)
{
	int this_year = (int)(1970 + now / 31556952);

	year += this_year / 100 * 100;
	if (year > this_year + 50)
		return year - 100;
	return year <= this_year - 50 ? year + 100 : year;
}

/* Takes a date in any of the three forms apart. Returns false when it has none of them. */
static bool
retry_read(const char *value, int64_t now, struct retry_date *d)
{
	const char *comma = strchr(value, ',');
	char month[4] = "";
	int n = 0;

	if (comma == NULL) {	/* asctime: Sun Nov  6 08:49:37 1994 */
		(void)sscanf(value, "%*3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d %4d%n", month, &d->day,
		    &d->hour, &d->minute, &d->second, &d->year, &n);
		d->zone = value + n;
	} else {		/* Sun, 06 Nov 1994 08:49:37 GMT, or Sunday, 06-Nov-94 ... */
		(void)sscanf(comma + 1, " %2d%*1[ -]%3[A-Za-z]%*1[ -]%4d %2d:%2d:%2d%n", &d->day,
		    month, &d->year, &d->hour, &d->minute, &d->second, &n);
		d->zone = comma + 1 + n;
	}
	if (n == 0)
		return false;
	if (d->year >= 0 && d->year < 100)
		d->year = retry_century(d->year, now);
	d->month = retry_month(month);
	return d->month > 0 && d->hour >= 0 && d->hour < 24 && d->minute >= 0 && d->minute < 60 &&
	    d->second >= 0 && d->second <= 60 && date_exists(d->year, d->month, d->day);
}

/* Reads the offset from UTC in s, such as +0200, +02:00 or +02, as seconds. */
static bool
retry_offset(const char *s, int *offset)
{
	int hours = 0, minutes = 0;
	char sign = s[0];

	if ((sign != '+' && sign != '-') || !isdigit((unsigned char)s[1]) ||
	    !isdigit((unsigned char)s[2]))
		return false;
	hours = (s[1] - '0') * 10 + s[2] - '0';
	s += s[3] == ':' ? 4 : 3;
	if (isdigit((unsigned char)s[0]) && isdigit((unsigned char)s[1]))
		minutes = (s[0] - '0') * 10 + s[1] - '0';
	*offset = (hours * 60 + minutes) * 60;
	if (sign == '-')
		*offset = -*offset;
	return true;
}

static bool
retry_is_utc(const char *zone)
{
	static const char *const names[] = { "", "GMT", "UTC", "UT", "Z" };
	size_t n = strcspn(zone, " ");

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (n == strlen(names[i]) && strncasecmp(zone, names[i], n) == 0)
			return true;
	return false;
}

/* Returns the seconds from now to a date that is `ahead` away by a clock with an unknown offset. */
static int64_t
retry_modulo(int64_t ahead)
{
	int64_t rest;

	if (ahead < -WEST - SKEW || ahead > EAST + MOST)
		return ahead;
	rest = (ahead % QUARTER + QUARTER) % QUARTER;
	return rest >= QUARTER - SKEW ? 0 : rest;
}

static bool
retry_seconds(const char *value, int64_t now, int64_t *seconds)
{
	struct retry_date d = { 0 };
	int offset;

	if (!retry_read(value, now, &d))
		return false;
	/* Not timegm: where time_t has 32 bits it knows no date after January 2038. */
	*seconds = date_days(d.year, d.month, d.day) * 86400 + d.hour * HOUR + d.minute * 60 +
	    d.second - now;
	d.zone += strspn(d.zone, " ");
	if (retry_offset(d.zone, &offset))
		*seconds -= offset;
	else if (!retry_is_utc(d.zone))
		*seconds = retry_modulo(*seconds);
	return true;
}

uint64_t
retry_after(const char *value, int64_t now)
{
	int64_t seconds = 0;
	size_t digits;

	value += strspn(value, " \t");
	digits = strspn(value, "0123456789");
	if (digits > 0) {
		if (value[digits + strspn(value + digits, " \t")] != '\0')
			return 0;
		for (size_t i = 0; i < digits && seconds < MOST; i++)
			seconds = seconds * 10 + value[i] - '0';
	} else if (!retry_seconds(value, now, &seconds)) {
		return 0;
	}
	seconds = seconds < LEAST ? LEAST : seconds < MOST ? seconds : MOST;
	return (uint64_t)seconds * 1000;
}

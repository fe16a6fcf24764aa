/*
 * Reads times. In: text from JSON documents (RFC 3339), or contents octets from
 * certificates (X.690 sections 11.7 and 11.8, RFC 5280 section 4.1.2.5). Out:
 * seconds since 1970.
 */
#include "enc/date.h"

#include "base/digits.h"
#include "enc/tag.h"

/* As they were read; -1 where digits were missing. */
struct date {
	int year, month, day, hour, minute, second;
	int offset;		/* seconds east of UTC */
};

int64_t
date_days(int year, int month, int day)
{
	int y = month <= 2 ? year - 1 : year;
	int era = (y >= 0 ? y : y - 399) / 400;
	int yoe = y - era * 400;
	int doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return (int64_t)era * 146097 + (yoe * 365 + yoe / 4 - yoe / 100 + doy) - 719468;
}

bool
date_exists(int year, int month, int day)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month >= 1 && month <= 12 && day >= 1 &&
	    day <= days[month - 1] + (month == 2 && leap);
}

/* Returns false where a field is not in its range; 60 is a leap second. */
static bool
date_join(const struct date *d, int64_t *seconds)
{
	if (d->year < 0 || !date_exists(d->year, d->month, d->day) || d->hour < 0 ||
	    d->hour > 23 || d->minute < 0 || d->minute > 59 || d->second < 0 || d->second > 60)
		return false;
	*seconds = date_days(d->year, d->month, d->day) * 86400 + d->hour * 3600 +
	    d->minute * 60 + d->second - d->offset;
	return true;
}

/* Takes mark and the two digits behind it off *s. Returns them, or -1 when they are not there. */
static int
date_take_behind(struct span *s, char mark)
{
	if (s->n == 0 || s->p[0] != (uint8_t)mark)
		return -1;
	*s = span_from(*s, 1);
	return digits_take_few(s, 2);
}

static bool
date_offset(int sign, int hours, int minutes, int *offset)
{
	*offset = sign * (hours * 3600 + minutes * 60);
	return hours >= 0 && hours <= 23 && minutes >= 0 && minutes <= 59;
}

/* time-offset of RFC 3339, which ends the text. */
static bool
date_take_offset(struct span s, int *offset)
{
	int sign = s.n > 0 && s.p[0] == '-' ? -1 : 1;
	int hours, minutes;

	*offset = 0;
	if (span_eq(s, SPAN("Z")) || span_eq(s, SPAN("z")))
		return true;
	hours = date_take_behind(&s, sign < 0 ? '-' : '+');
	minutes = date_take_behind(&s, ':');
	return s.n == 0 && date_offset(sign, hours, minutes, offset);
}

bool
date_parse(struct span s, int64_t *seconds)
{
	struct date d;

	d.year = digits_take_few(&s, 4);
	d.month = date_take_behind(&s, '-');
	d.day = date_take_behind(&s, '-');
	d.hour = date_take_behind(&s, s.n > 0 && s.p[0] == 't' ? 't' : 'T');
	d.minute = date_take_behind(&s, ':');
	d.second = date_take_behind(&s, ':');
	if (s.n > 1 && s.p[0] == '.') {
		s = span_from(s, 1);
		digits_skip(&s);
	}
	return d.year > 0 && date_take_offset(s, &d.offset) && date_join(&d, seconds);
}

/* What may stand behind the seconds: a fraction, then Z, nothing, or +hhmm or -hhmm. */
static bool
date_take_zone(struct span s, int *offset)
{
	int sign, hours, minutes;

	*offset = 0;
	if (s.n > 0 && (s.p[0] == '.' || s.p[0] == ',')) {
		s = span_from(s, 1);
		digits_skip(&s);
	}
	if (s.n == 0 || span_eq(s, SPAN("Z")))
		return true;
	sign = s.p[0] == '+' ? 1 : s.p[0] == '-' ? -1 : 0;
	s = span_from(s, 1);
	hours = digits_take_few(&s, 2);
	minutes = digits_take_few(&s, 2);
	return sign != 0 && s.n == 0 && date_offset(sign, hours, minutes, offset);
}

bool
date_parse_asn1(uint8_t tag, struct span s, int64_t *seconds)
{
	struct date d;

	if (tag == DER_UTC_TIME) {
		d.year = digits_take_few(&s, 2);
		d.year += d.year < 0 ? 0 : d.year >= 50 ? 1900 : 2000;
	} else if (tag == DER_GENERALIZED_TIME) {
		d.year = digits_take_few(&s, 4);
	} else {
		return false;
	}
	d.month = digits_take_few(&s, 2);
	d.day = digits_take_few(&s, 2);
	d.hour = digits_take_few(&s, 2);
	d.minute = digits_take_few(&s, 2);
	d.second = digits_has(s) ? digits_take_few(&s, 2) : 0;
	return date_take_zone(s, &d.offset) && date_join(&d, seconds);
}

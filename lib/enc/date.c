/*
 * The calendar, and RFC 3339 date-times. In: dates, or text from log lists.
 * Out: days or seconds since 1970. Called by enc/der.c and ct/loglist.c.
 */
#include "enc/date.h"

/* Takes a mark and two or four digits behind it off *s; -1 when they are not there. */
static int
date_take(struct span *s, char mark, unsigned width)
{
	unsigned from = mark != '\0';
	int v = 0;

	if (s->n < from + width || (from != 0 && s->p[0] != (uint8_t)mark))
		return -1;
	for (unsigned i = from; i < from + width; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return -1;
		v = v * 10 + (s->p[i] - '0');
	}
	*s = span_from(*s, from + width);
	return v;
}

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

/* time-offset, to the end of the text: seconds east of UTC. */
static bool
date_offset(struct span s, int64_t *offset)
{
	int sign = s.n > 0 && s.p[0] == '-' ? -1 : 1;
	int hours, minutes;

	*offset = 0;
	if (span_eq(s, SPAN("Z")) || span_eq(s, SPAN("z")))
		return true;
	hours = date_take(&s, sign < 0 ? '-' : '+', 2);
	minutes = date_take(&s, ':', 2);
	*offset = sign * (hours * 3600 + minutes * 60);
	return s.n == 0 && hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60;
}

bool
date_parse(struct span s, int64_t *seconds)
{
	int year = date_take(&s, '\0', 4);
	int month = date_take(&s, '-', 2);
	int day = date_take(&s, '-', 2);
	int hour = date_take(&s, s.n > 0 && s.p[0] == 't' ? 't' : 'T', 2);
	int minute = date_take(&s, ':', 2);
	int second = date_take(&s, ':', 2);
	int64_t offset;

	if (year < 1 || !date_exists(year, month, day) || hour < 0 || hour > 23 || minute < 0 ||
	    minute > 59 || second < 0 || second > 60)
		return false;
	if (s.n > 1 && s.p[0] == '.') {
		s = span_from(s, 1);
		while (s.n > 0 && s.p[0] >= '0' && s.p[0] <= '9')
			s = span_from(s, 1);
	}
	if (!date_offset(s, &offset))
		return false;
	*seconds = date_days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second -
	    offset;
	return true;
}

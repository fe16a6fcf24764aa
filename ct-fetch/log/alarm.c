/*
 * Trouble that lasts. Pure.
 *
 * in: when something is wrong, and when it is right again
 * out: whether to tell it now
 */
#include "ct-fetch/log/alarm.h"

bool
alarm_rings(struct alarm *a, uint64_t now, uint64_t every)
{
	if (!a->on)
		a->since = now;
	else if (now - a->told < every)
		return false;
	a->on = true;
	a->told = now;
	return true;
}

bool
alarm_ends(struct alarm *a)
{
	bool was = a->on;

	a->on = false;
	return was;
}

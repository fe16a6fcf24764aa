/*
 * An alarm: something is wrong and stays so. It is told when it begins, and told again with its age
 * as long as it lasts, but not every time it is noticed.
 *
 * All times are in loop ms (loop_now). A zeroed struct alarm is one that is off.
 */
#ifndef CT_FETCH_ALARM_H
#define CT_FETCH_ALARM_H

#include <stdbool.h>
#include <stdint.h>

struct alarm {
	bool on;
	uint64_t since;		/* when it was first noticed */
	uint64_t told;		/* when it was told last */
};

/*
 * Notes that at the time now the trouble is there. Returns true when it is to be told: when it is
 * new, or was told `every` ms ago or earlier.
 */
bool alarm_rings(struct alarm *alarm, uint64_t now, uint64_t every);

/* Notes that the trouble is over. Returns true when there was trouble before. */
bool alarm_ends(struct alarm *alarm);

#endif

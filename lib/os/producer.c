/*
 * Names a run.
 *
 * in: random numbers of the system
 * out: 16 hexadecimal digits, for the member producer of status records (ct-entry(5))
 */
#include "os/producer.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/random.h>

#include "base/die.h"

void
producer_name(char out[PRODUCER_NAME + 1])
{
	uint64_t r;

	if (getrandom(&r, sizeof(r), 0) != (ssize_t)sizeof(r))
		die_world("no random number from the system:");
	snprintf(out, PRODUCER_NAME + 1, "%016" PRIx64, r);
}

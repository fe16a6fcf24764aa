/*
 * The time of day.
 *
 * in: the system's clock
 * out: milliseconds since 1970, and seconds as records have them (ct-entry(5))
 */
#include "os/wall.h"

#include <time.h>

#include "base/buf.h"

uint64_t
wall_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void
wall_put(struct buf *out, uint64_t ms)
{
	buf_put_u64(out, ms / 1000);
	buf_putf(out, ".%03u", (unsigned)(ms % 1000));
}

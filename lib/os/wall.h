/* The wall clock: the time of day, as logs and records use it. */
#ifndef OS_WALL_H
#define OS_WALL_H

#include <stdint.h>

struct buf;

/* Returns the time of day now, in ms since 1970. It may jump in either direction. */
uint64_t wall_now(void);

/* Appends ms milliseconds as seconds with three decimals to out, as "1790000000.123". */
void wall_put(struct buf *out, uint64_t ms);

#endif

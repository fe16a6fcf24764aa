/* What a Retry-After header says (RFC 9110 10.2.3), in every form in which servers send it. */
#ifndef CT_FETCH_RETRY_H
#define CT_FETCH_RETRY_H

#include <stdint.h>

/*
 * Reads value, the text of a Retry-After header: a number of seconds, or a date in one of the three
 * forms of RFC 9110 5.6.7. now is the time of day in seconds since 1970. Returns the pause in ms, at
 * least 1 s and at most an hour, or 0 when value cannot be read.
 *
 * The zone of a date may also be an offset ("+0200"), which is applied, or any name. GMT, UTC, UT, Z
 * and none at all mean UTC. What other names mean depends on who uses them, but all zones differ
 * from UTC by a multiple of a quarter of an hour. Such a date is therefore taken to be less than a
 * quarter of an hour away, unless it is further away than every zone could explain.
 */
uint64_t retry_after(const char *value, int64_t now);

#endif

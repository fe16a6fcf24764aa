/*
 * Which producer each log comes from. Two that follow the same log send every entry twice, which
 * nobody means to do, so the hub says so.
 */
#ifndef CT_HUB_SOURCES_H
#define CT_HUB_SOURCES_H

#include "base/span.h"

enum {
	MAX_SOURCES = 512,	/* logs that are remembered; all log lists together have some 200 */
	SOURCE_BEFORE = 4,	/* producers of a log that are remembered beside the one heard last */
};

struct sources {
	size_t count;
	struct source {
		uint8_t log_id[44];	/* in base64 */
		uint64_t producer;	/* of the last head */
		uint64_t before[SOURCE_BEFORE];	/* those before it, the first `count`, the newest first */
		size_t count;
		bool told;
	} logs[MAX_SOURCES];
};

/*
 * Takes note that head, a head record, came from this producer; 0 is standard input. Tells a
 * warning, once for each log, when a producer is heard again after another one. One that is only
 * followed by another has ended: a program that is begun anew has another name.
 */
void sources_put(struct sources *, struct span head, uint64_t producer);

#endif

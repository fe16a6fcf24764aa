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
		uint64_t producer;	/* that the last head came from */
		uint64_t before[SOURCE_BEFORE];	/* the first `count`: producers before that, newest first */
		size_t count;
		bool told;		/* the warning about this log has been given */
	} logs[MAX_SOURCES];
};

/*
 * Notes in sources that the record head, of type head, came from producer; 0 stands for standard input.
 * Warns, once for each log, when a producer of a log is heard again after another one. A producer that is
 * only followed by another one has probably ended: a program that is begun anew has a new number.
 */
void sources_put(struct sources *sources, struct span head, uint64_t producer);

#endif

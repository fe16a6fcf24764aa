/*
 * The newest status record of each program in front of the hub, for those who ask how all of them
 * are.
 */
#ifndef CT_HUB_STAGES_H
#define CT_HUB_STAGES_H

#include "base/buf.h"

enum {
	MAX_STAGES = 64,		/* programs that are remembered; of more, those heard last */
	MAX_STAGE_RECORD = 256 << 10,	/* bytes of a record; a longer one is not remembered */
};

struct stages {
	size_t count;
	uint64_t puts;	/* records kept so far */
	struct stage {
		uint64_t producer;	/* that has sent the record; 0: standard input */
		uint64_t put;		/* number of that record among those kept */
		struct span name;	/* the value of its member "stage", in record */
		struct buf record;	/* owned, with its LF */
	} stages[MAX_STAGES];
};

/* Keeps a copy of record, a status record with its LF that came from this producer. */
void stages_put(struct stages *s, struct span record, uint64_t producer);

/* Appends the records that are kept to out. */
void stages_write(const struct stages *s, struct buf *out);

/* Frees the records. */
void stages_free(struct stages *s);

#endif

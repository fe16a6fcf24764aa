/*
 * Lines that are longer than the server takes in one message, and so travel in parts. The publisher
 * cuts them; here they are joined again. The parts of several lines may come mixed, in any order and
 * more than once. Nothing here does I/O.
 */
#ifndef BUS_NATS_NATS_PARTS_H
#define BUS_NATS_NATS_PARTS_H

#include "base/buf.h"

#define NATS_PART "Ct-Part"	/* header of a part: K/N, from 1/N to N/N */
#define NATS_RECORD "Ct-Record"	/* header of a part: the same for all parts of a line, and no other line */

enum {
	MAX_NATS_LINE = 16 << 20,	/* bytes of a joined line: what readers of the bus rely on */
	MAX_NATS_PARTS = 16384,		/* of a line: 16 MiB in parts of 1 KiB */
	NATS_OPEN = 8,			/* lines at a time that may lack parts */
	NATS_PARTS_MS = 120000,		/* for how long a line may lack a part */
};

enum nats_parted {
	NATS_PART_MORE,		/* the line is not whole yet, or this part is a repetition */
	NATS_PART_WHOLE,	/* the line is whole */
	NATS_PART_BROKEN,	/* this line will never be whole; returned once for each such line */
};

struct nats_parts;	/* the lines of which some parts have come */

/* Returns one without lines, to be freed by nats_parts_free. */
struct nats_parts *nats_parts_open(void);

/* Frees p with all its lines. NULL is allowed. */
void nats_parts_free(struct nats_parts *p);

/*
 * Takes one part of a line. record and part are its two headers, NULL when it lacks them, and body is
 * its bytes. counts says whether the line is to be counted as lost if it has to be given up. now is in
 * ms. Returns what the part has led to; with NATS_PART_WHOLE, *line is the whole line, valid until the
 * next call.
 */
enum nats_parted nats_parts_take(struct nats_parts *p, const char *record, const char *part,
    struct span body, bool counts, uint64_t now, struct span *line);

/*
 * Gives up lines that have lacked a part for NATS_PARTS_MS at the time now, in ms. Returns how many
 * lines that count have been given up, here or by nats_parts_take, since the last call of this.
 */
unsigned nats_parts_expire(struct nats_parts *p, uint64_t now);

/* Returns a hash of text; that two texts have the same is very unlikely. */
uint64_t nats_parts_hash(struct span text);

#endif

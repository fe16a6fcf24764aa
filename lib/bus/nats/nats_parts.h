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
	NATS_OPEN = 8,			/* lines that may be waited for at a time */
	NATS_PARTS_MS = 120000,		/* how long a line may miss a part */
};

enum nats_parted {
	NATS_PART_MORE,		/* the line is not whole yet, or this part is a repetition */
	NATS_PART_WHOLE,	/* the line is whole */
	NATS_PART_BROKEN,	/* this line will never be whole; told once */
};

struct nats_parts;

struct nats_parts *nats_parts_open(void);

/* NULL is allowed. */
void nats_parts_free(struct nats_parts *p);

/*
 * Takes one part, whose headers are record and part, NULL when missing. now is in ms. Returns what it
 * brings; *line is then the whole line, valid until the next call. counts says whether the line is to
 * be counted if it has to be given up.
 */
enum nats_parted nats_parts_take(struct nats_parts *p, const char *record, const char *part,
    struct span body, bool counts, uint64_t now, struct span *line);

/* Gives lines up that miss a part for too long. Returns how many that count were given up so far. */
unsigned nats_parts_expire(struct nats_parts *p, uint64_t now);

/* Returns a number that hardly any other text has. */
uint64_t nats_parts_hash(struct span text);

#endif

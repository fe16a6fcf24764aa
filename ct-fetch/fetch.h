/*
 * What all logs of one run share. main makes it and wires it up; nothing
 * here is owned by the logs.
 */
#ifndef CT_FETCH_FETCH_H
#define CT_FETCH_FETCH_H

#include "enc/hash.h"
#include "os/loop.h"

struct buf;
struct hosts;
struct http;
struct issuers;
struct out;

struct fetch_count {
	uint64_t entries;	/* put out */
	uint64_t bytes;		/* of answers, decoded */
	uint64_t requests;
	uint64_t errors;	/* requests that brought nothing */
	uint64_t limited;	/* 429 and 503 among them */
	uint64_t issuers;	/* fetched and checked */
	uint64_t issuers_missing;	/* given up */
};

struct fetch {
	struct loop *loop;
	struct http *http;
	struct hosts *hosts;
	struct issuers *issuers;
	struct out *out;
	struct hash *hash;
	struct buf *scratch;	/* for one call's use */

	/* as asked for */
	bool once;
	bool has_start;
	uint64_t start;
	uint64_t end;		/* exclusive; UINT64_MAX: none */
	unsigned poll;		/* ms between heads, 0: as the log's growth suggests */

	bool stopping;
	size_t waiting;		/* bytes of pages received and not put out yet */
	unsigned asked;		/* pages under way */
	struct fetch_count count;
	struct loop_timer turn;	/* lets every log take its next step */
};

/* Keep memory bounded however many logs there are. */
enum {
	MAX_WAITING = 64 << 20,	/* of fetch.waiting, beyond which each log asks for its next page only */
	MAX_ASKED = 64,		/* of fetch.asked */
};

/* Something happened: each log gets a turn soon. */
static inline void
fetch_wake(struct fetch *f)
{
	loop_after(f->loop, &f->turn, 0);
}

#endif

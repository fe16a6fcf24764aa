/*
 * A fetch: what all logs of one run share, such as the event loop, standard output, the options
 * that matter to them, counters, and the limits on memory. main.c makes it, owns what it points
 * to, and keeps it until all logs have been freed.
 */
#ifndef CT_FETCH_FETCH_H
#define CT_FETCH_FETCH_H

#include "enc/hash.h"
#include "os/loop.h"

struct buf;
struct evidence;
struct hash_many;
struct hosts;
struct http;
struct issuers;
struct out;

/* Requests since the start, of the whole run or of one log. The five outcomes exclude each other. */
struct fetch_asks {
	uint64_t started;
	uint64_t good;		/* ended with status 200 and a whole answer */
	uint64_t cut;		/* ended inside the body */
	uint64_t limited;	/* refused with HTTP 429 or 503 */
	uint64_t refused;	/* refused with another status */
	uint64_t failed;	/* ended without an answer */
	uint64_t bytes;		/* received in answers, after decoding */
	uint64_t good_at;	/* loop ms of the newest good one; 0: none yet */
};

/* What a run has done since its start. */
struct fetch_count {
	struct fetch_asks asks;
	uint64_t entries;	/* records of entries that have been put out */
	uint64_t chains_missing;	/* of them, those with a chain that is not whole */
	uint64_t issuers;	/* fetched and checked */
	uint64_t issuers_missing;	/* given up */
};

struct fetch {
	struct loop *loop;
	struct http *http;
	struct hosts *hosts;
	struct issuers *issuers;
	struct out *out;
	struct evidence *evidence;	/* against logs that contradict what they have signed */
	struct hash *hash;
	struct hash_many *many;
	struct buf *scratch;	/* for any function to use until it returns */
	struct buf *text;	/* for leaves on their way to their hashes; free in between */

	/* From the options. */
	bool once;		/* each log ends at its first head */
	bool has_start;
	uint64_t start;		/* index of the first entry, for logs that have no place yet */
	uint64_t since;		/* ms since 1970: the first entry as of then instead; 0: no such wish */
	uint64_t end;		/* index behind the last entry wanted; UINT64_MAX: no limit */
	unsigned poll;		/* ms between heads; 0: as often as the log grows */
	uint64_t backlog;	/* entries behind, beyond which a log goes on at its head; 0: never */
	uint64_t hold;		/* entries that wait for a proof before one is asked for; 0: by the host */
	unsigned partial;	/* ms that an incomplete tile is left alone; UINT_MAX: by the host */
	uint64_t patience;	/* ms that a page may fail before it is left out */
	bool unproven;		/* entries that a log does not prove go out too */

	bool stopping;		/* nothing more is asked for or put out */
	size_t waiting;		/* bytes of pages that have come and have not been put out */
	unsigned asked;		/* pages whose requests are under way */
	struct fetch_count count;
	struct loop_timer turn;	/* when it comes due, every log takes its next steps */
};

/* Both limits bound the memory of a run, however many logs there are. */
enum {
	MAX_WAITING = 64 << 20,	/* of fetch.waiting, in bytes: beyond it a log asks for its next page only */
	MAX_ASKED = 64,		/* of fetch.asked, in pages */
};

/* Gives each log a turn as soon as the loop gets to it. */
static inline void
fetch_wake(struct fetch *f)
{
	loop_after(f->loop, &f->turn, 0);
}

#endif

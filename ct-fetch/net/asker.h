/*
 * The askers of one host: the logs that want something of it. When not all of them can have it at
 * once, the more urgent class goes first, and within a class the log that has waited longest.
 */
#ifndef CT_FETCH_ASKER_H
#define CT_FETCH_ASKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a request is for, the most urgent first. */
enum host_class {
	HOST_HEAD,	/* a tree head */
	HOST_PROOF,	/* hashes that prove entries which have come */
	HOST_PAGE,	/* entries at the end of a log */
	HOST_ISSUER,	/* an issuer of entries which have come */
	HOST_GAP,	/* entries that are owed from an earlier time */
	HOST_CLASSES
};

/*
 * One log on the host. A want is a request that was refused: it keeps its place in front of less
 * urgent ones until it is served, or until nobody has come back for it.
 */
struct asker {
	const void *who;			/* stands for the log; only compared */
	uint64_t served[HOST_CLASSES];		/* the number of the request that was last, or 0 */
	uint64_t wanted[HOST_CLASSES];		/* loop ms since when it wants one; 0: it wants none */
	uint64_t heard[HOST_CLASSES];		/* loop ms of the last outcome; 0: none yet */
	bool failing[HOST_CLASSES];		/* that outcome was a failure */
	uint64_t until[HOST_CLASSES];		/* loop ms up to which it was told to wait, or 0 */
};

struct askers {
	struct asker *list;		/* owned */
	size_t n, cap;
	uint64_t served;		/* requests so far */
	unsigned passed;		/* requests in a row that were let go before a page that waits */
};

/* Frees what askers owns. */
void asker_free(struct askers *askers);

/*
 * Returns the asker that stands for who, added if it is new. It is valid until the next call. now is
 * the present time in loop ms, here and in all functions below.
 */
struct asker *asker_find(struct askers *askers, const void *who, uint64_t now);

/*
 * Returns how many wants (requests that were refused) go before a request of this class by asker. since
 * is the loop ms from which on requests have been possible: a want ends when its owner has not come back
 * within 100 ms after that, or after it was refused last. *again becomes the loop ms at which the first of
 * these wants ends that way, or UINT64_MAX when there is none.
 */
unsigned asker_ahead(struct askers *askers, const struct asker *asker, enum host_class class,
    uint64_t since, uint64_t now, uint64_t *again);

/* Remembers that asker was refused a request of this class, so that it comes before others. */
void asker_want(struct asker *asker, enum host_class class, uint64_t now);

/* Takes note that a request of this class by asker starts. */
void asker_serve(struct askers *askers, struct asker *asker, enum host_class class);

/*
 * Takes note that a request of this class by asker has ended; failed says how. wait is for how many ms
 * the server asked it not to send another of this class, or 0.
 */
void asker_hear(struct asker *asker, enum host_class class, bool failed, uint64_t wait,
    uint64_t now);

/*
 * Returns true when whatever has been asked for lately has failed: for every asker and every class
 * of requests that ended in the last 90 s, the last of them was a failure.
 */
bool asker_all_fail(const struct askers *askers, uint64_t now);

#endif

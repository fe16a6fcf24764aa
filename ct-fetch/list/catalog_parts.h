/* How the files that make a catalog (catalog.h) work together: catalog.c and catalog_judge.c. */
#ifndef CT_FETCH_LIST_CATALOG_PARTS_H
#define CT_FETCH_LIST_CATALOG_PARTS_H

#include "ct-fetch/log/alarm.h"
#include "ct-fetch/list/catalog.h"

enum {
	CATALOG_DAY = 24,	/* refreshes of an hour */
};

struct catalog_list {
	struct catalog *catalog;
	const char *where;
	bool has_key;			/* it is signed */
	struct roster *roster;
	struct buf path;		/* of its copy; empty: none is kept */
	struct loglist *now;		/* the one in use; NULL: none is known */
	struct loglist *before;		/* the one before, until listed has been called; else NULL */
	bool came;			/* there has been news, good or bad */
	bool is_copy;			/* now was read from the copy, and nothing better has come */
	int64_t current;		/* seconds since 1970: when now was last known to be current */
	bool wanted;			/* HUP: what comes is taken, whatever it drops */
	size_t kept;			/* logs of now that came damaged, and are in it as they were before */
	unsigned failures;		/* in a row */
	unsigned refused;		/* times in a row that the list was not taken for what it drops */
	uint64_t due;			/* loop ms of the next get */
	struct alarm failure, refusal, stale;
	bool copy_failed;		/* the copy could not be written, and that has been told */
};

struct catalog {
	struct fetch *fetch;
	struct catalog_ask ask;
	struct catalog_list *lists;
	bool began;			/* listed has been called */
	uint64_t chance;		/* a random number */
	struct loop_timer look, patience;
	void (*listed)(void *cookie, const struct loglist *now, const struct loglist *before);
	void *cookie;
};

/* Which list of each roster catalog_merge takes. */
enum catalog_which {
	CATALOG_NOW,
	CATALOG_BEFORE,		/* where there is none, the one of now */
};

/* Merges into *out the lists that which says, with `instead` in place of that of l; l may be NULL. */
void catalog_merge(const struct catalog *catalog, enum catalog_which which, const struct catalog_list *l,
    const struct loglist *instead, struct loglist *out);

/* Returns true when the list that has come is not to be taken, which is told (catalog_judge.c). */
bool catalog_refuses(struct catalog_list *list);

/* Appends for how long the trouble of alarm has lasted, or nothing when it is new. */
void catalog_put_lasting(struct buf *out, const struct catalog *catalog, const struct alarm *alarm);

/* Tells that a list is too old to be true, at most once a day. */
void catalog_tell_stale(struct catalog_list *list);

/* Tells when the date of the list in use lies in the future. */
void catalog_tell_future(const struct catalog_list *list);

/* Tells what the list in use leaves out, and what of it stays as it was. */
void catalog_tell_skipped(const struct catalog_list *list);

#endif

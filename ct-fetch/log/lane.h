/*
 * A lane: a range of one log's entries that is fetched in order, proven and put out. A log has one
 * live lane, which follows its head, and one for each range that is owed from an earlier time (a
 * gap). Within a lane, entries leave in order of their index, and none leaves before it is proven
 * to be in a tree that the log has signed.
 *
 * Each lane carries the compact range of the entries that have come in order. They are proven as soon
 * as that range has the size of a signed head, and its root. Where no head is near, the log is asked for
 * a proof of what has come (proof/proof.h), or for the hashes of what comes next (proof/known.h).
 */
#ifndef CT_FETCH_LOG_LANE_H
#define CT_FETCH_LOG_LANE_H

#include "ct-fetch/log/hole.h"
#include "ct-fetch/log/page.h"
#include "ct-fetch/proof/heads.h"
#include "ct-fetch/proof/proof.h"
#include "ct-fetch/state/mark.h"

/* What a lane tells its log. */
enum lane_news {
	LANE_CAME,	/* entries have come */
	LANE_TROUBLE,	/* a request brought nothing: what and why say which and what for */
	LANE_WANTS_HEAD,	/* a newer head would help */
	LANE_PROVEN,	/* more entries have been proven under lane->head */
	LANE_UNPROVEN,	/* the log gives no proof: why; the lane waits, or goes on without */
	LANE_MISFIT,	/* entries do not fit the signed tree; they are fetched again */
	LANE_FORKED,	/* two heads that the log signed exclude each other: lane->head and others */
	LANE_REJOINED,	/* entries are proven again */
	LANE_HOLE,	/* the lane leaves out lane->hole, and goes on behind it */
};

struct lane {
	const struct source *source;
	struct heads *heads;
	bool live;		/* follows the best of heads; else its end and head are fixed */
	bool unproven, may_be_unproven;	/* entries go out without proof; they may where none comes */
	uint64_t prove_at;	/* loop ms: no proof is asked for before; unproven, no range */
	bool rejoins;		/* rejoin is set; the lane goes on with it when all before it is out */
	struct tree rejoin;	/* a proven range, by which an unproven lane is proven again */
	enum host_class class;
	uint64_t begin;		/* index of the first entry, or behind a hole in a gap */
	uint64_t next;		/* index of the entry that goes out next */
	uint64_t skip;		/* entries before this index are fetched but not put out */
	struct mark_since since;	/* nor those in front of the first one as late as this */
	uint64_t end;		/* index behind the last entry that is wanted */
	uint64_t asked;		/* first index that no page covers yet */
	struct page *first;	/* in order of index */
	unsigned depth;		/* pages that may be on their way: grows when they come whole */

	struct tree out;	/* the range at the beginning of the first page; without pages, at next */
	struct tree tree;	/* the range of all that has come in order */
	struct tree proven;	/* the part of it that is proven */
	struct head head;	/* a gap's head; for a live lane, the one it was proven under last */
	struct known known;	/* hashes of entries behind proven, proven under known_head */
	struct head known_head;
	struct tree ahead;	/* the range at the end of known */
	struct proof proof;
	bool proves_ahead;	/* the question of proof is about ahead; else about tree */
	bool older;		/* the best head gave no proof: an older one ahead is asked for instead */
	bool refused;		/* no proof has come since one was last asked for: a head must do */

	unsigned misfits, careful;	/* misfits in a row; pages to be proven alone since */
	bool fresh;		/* pages are asked for over new connections */
	uint64_t not_before;	/* loop ms: nothing is asked for before */
	bool waits;		/* not_before is so far away that a run with --once ends without it */
	char reason[MAX_MARK_REASON];	/* why a gap is owed */
	uint64_t tail_since;	/* loop ms: since when an incomplete page is owed; 0: none is */
	struct hole hole;
	uint64_t hole_end, hole_size;	/* of the hole before */
	char hole_why[MAX_WHY];		/* why it is one */
	void (*told)(void *cookie, struct lane *lane, enum lane_news news, const char *what,
	    const char *why);
	void *cookie;
	struct lane *other;	/* the log's next lane */
};

/*
 * Returns a lane of source that begins behind range, which is proven, and ends before `end`
 * (UINT64_MAX: never). Both source and heads must outlive it. gap is NULL for the live lane, else
 * the head that the entries up to `end` are proven under, of at least `end` leaves. told(cookie,
 * lane, news, what, why) is called for all news; what and why are valid during the call.
 */
struct lane *lane_open(const struct source *source, struct heads *heads, const struct tree *range,
    uint64_t end, const struct head *gap,
    void (*told)(void *cookie, struct lane *lane, enum lane_news news, const char *what,
    const char *why), void *cookie);

void lane_free(struct lane *lane);	/* cancels its requests, too */

/*
 * Takes every step that is possible now. wait is for how many ms an incomplete page at the end of
 * the tree is left alone. patience is for how many ms a page may fail before it is left out; one right
 * behind such a page, which fails for the same reason, gets a sixteenth of that. now is in
 * loop ms. Returns the loop ms at which to call again, or HOST_NEVER when only an answer or room on
 * standard output brings more to do.
 */
uint64_t lane_turn(struct lane *lane, uint64_t wait, uint64_t patience, uint64_t now);

void lane_grown(struct lane *lane);	/* takes note that there is a larger head */
void lane_shrink(struct lane *lane);	/* takes note that the best head is smaller now */
bool lane_is_done(const struct lane *lane);	/* returns true when all entries before the end are out */

/* Returns true when there is room to keep what comes up to the next head, whose root proves it. */
bool lane_may_reach(const struct lane *lane);

/* Returns the head that entries are to be proven under, or NULL when none has come yet. */
const struct head *lane_head(const struct lane *lane);
uint64_t lane_limit(const struct lane *lane);	/* returns the index behind the last wanted entry under it */
uint64_t lane_come(const struct lane *lane);	/* returns the index behind the last entry that has come */
void lane_range(const struct lane *lane, struct tree *range);	/* sets *range to the range at next */

/* Returns true when the live lane can become a gap: its range is known, and nothing is looked for in it. */
bool lane_may_jump(const struct lane *lane);

/* Makes the live lane a gap that ends before `end` and is proven under head. Another lane goes on there. */
void lane_become_gap(struct lane *lane, uint64_t end, const struct head *head);

#endif

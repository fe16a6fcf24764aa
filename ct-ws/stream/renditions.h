/*
 * All renditions of the events, by kind. One is made when its first reader joins, and given back when nobody
 * has read it for a second. An event is brought into each form once, and only into those that somebody wants.
 */
#ifndef CT_WS_STREAM_RENDITIONS_H
#define CT_WS_STREAM_RENDITIONS_H

#include "ct-ws/filter/matcher.h"
#include "ct-ws/filter/ticket.h"
#include "ct-ws/stream/journal.h"
#include "ct-ws/stream/rendition.h"

/* Renditions that compress at once: bounds their memory, 250 KiB each, and the time for an event. */
enum { MAX_RENDITIONS_PACKED = 12 };

/* How many bytes the events may take. */
struct renditions_sizes {
	size_t ring;		/* the ring of a rendition, at most; a quarter of it in the form domains */
	size_t journal;		/* the journal while there are readers, and for some minutes after */
	size_t journal_alone;	/* the journal otherwise; at most `journal` */
};

struct renditions {
	struct rendition *of[KINDS];	/* owned; by kind_index, NULL where nobody reads */
	struct rendition *open[KINDS];	/* the first `count`: those that are there, in any order */
	size_t count;
	size_t packed;			/* how many of them compress */
	struct kind_totals totals[KINDS];
	const struct rendition_calls *calls;
	struct renditions_sizes sizes;
	size_t spare;			/* bytes by which all rings together may still grow */
	struct journal journal;
	unsigned alone;			/* seconds without a reader */
	struct compiler *compiler;	/* owned; of the expressions in filters */
	struct matcher *matcher;	/* owned; the filters of all picky readers */
	struct buf made[FORMS];		/* the text of the event at hand */
};

/* What the readers of one form and one wire form amount to. */
struct renditions_sum {
	uint64_t readers, filtered, blocked;	/* now */
	uint64_t opened, texts, skipped, sent;	/* ever */
};

/* Begins without readers. calls must live until renditions_free. */
void renditions_init(struct renditions *all, const struct renditions_sizes *sizes,
    const struct rendition_calls *calls);

/* Frees everything. All readers must have left. */
void renditions_free(struct renditions *all);

/*
 * How a reader joins. PACK_SHARED in kind becomes PACK_SINGLE where there is a filter, and either
 * PACK_PLAIN where that would be one more than MAX_RENDITIONS_PACKED.
 */
struct renditions_wish {
	struct kind kind;
	const struct filter *filter;	/* borrowed; NULL or an empty one: everything */
	struct bus_place since;	/* the last record that the client has had; epoch 0: it names none */
};

/*
 * Begins to compile the expressions of filter. resumes says that its reader is sent older records. Returns
 * TICKET_READY when renditions_join or renditions_filter can be called without waiting; *t, NULL at first,
 * is to be dropped (ticket_drop) after that call.
 */
enum ticket_got renditions_prepare(struct renditions *all, struct ticket **t,
    const struct filter *filter, bool resumes);

/*
 * renditions_join adds r to the rendition that wish asks for. It returns true, or false with *why set to a
 * static text for the client when there is no room for its filter. renditions_leave takes r out again.
 */
bool renditions_join(struct renditions *all, struct reader *r, const struct renditions_wish *wish,
    const char **why);
void renditions_leave(struct renditions *all, struct reader *r);

/*
 * Puts filter in force for r, which has joined; NULL ends the filter that r has. r is first sent what has
 * come so far; when that ends its connection, r leaves, and the result is true. Returns true, or false with
 * *why set, as renditions_join does, and the filter unchanged.
 */
bool renditions_filter(struct renditions *all, struct reader *r, const struct filter *filter,
    const char **why);

/* Takes line, the event at this place of the bus, and puts it into each rendition that is wanted. */
void renditions_put(struct renditions *all, struct bus_place place, struct span line);

/* Notes that the next record will have this place, because the one before was no event. */
void renditions_pass(struct renditions *all, struct bus_place place);

/*
 * renditions_put_old takes line, an event at this place of the bus that is older than the first one that
 * was put; only clients that come back are sent it. renditions_reach notes that the next record, new or
 * old, will have this place, and that those between are lost.
 */
void renditions_put_old(struct renditions *all, struct bus_place place, struct span line);
void renditions_reach(struct renditions *all, struct bus_place place);

/* Lets readers that have waited for journal_begin or journal_learn go on in the next round. */
void renditions_resume(struct renditions *all);

/* Tells all readers, and clients that come back, that this many records are missing. */
void renditions_miss(struct renditions *all, uint64_t records);

/* rendition_begin and rendition_go_on for all renditions; `most` is a number of readers of all of them. */
void renditions_begin(struct renditions *all);
bool renditions_go_on(struct renditions *all, size_t most);

/* Sends what there is for few readers, `few` in all renditions. Returns true when others have news, too. */
bool renditions_settle(struct renditions *all, size_t few);

/* To be called once a second: calls rendition_second with unix_ms, and closes those without readers. */
void renditions_second(struct renditions *all, uint64_t unix_ms);

/* Sets *sum to what all renditions of this form and wire form amount to. */
void renditions_sum(const struct renditions *all, enum form form, enum wire_form wire,
    struct renditions_sum *sum);

#endif

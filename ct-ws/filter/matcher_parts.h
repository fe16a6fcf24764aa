/*
 * What a matcher is made of; only its own files include this.
 *
 * Each value of any filter, such as a domain, is there once, in a dictionary. Filters that are equal
 * are one group. A group is entered with the values of one of its kinds, its driver, so that an event
 * touches only groups of which it has met that kind; the other kinds are then looked at. Where one of
 * these keeps failing it is rarer than the driver, and becomes the driver itself.
 */
#ifndef CT_WS_FILTER_MATCHER_PARTS_H
#define CT_WS_FILTER_MATCHER_PARTS_H

#include "ct-ws/filter/dict.h"
#include "ct-ws/filter/facts.h"
#include "ct-ws/filter/matcher.h"
#include "ct-ws/filter/needle.h"
#include "ct-ws/filter/pattern.h"
#include "ct-ws/filter/spelling.h"

/* What is in the dictionary: values by kind, and besides: */
enum {
	MATCHER_BELOW = FILTER_KINDS,	/* a domain of which only what is below is wanted, without "*." */
	MATCHER_GROUP,			/* a group, by the bytes of its filter */
};

struct matcher_group;

/* A value of one kind, in any number of groups. */
struct matcher_value {
	struct dict_item item;		/* owns its key */
	enum filter_kind kind;
	struct needle needle;		/* of match, issuer and log */
	struct pattern *pattern;	/* of regex */
	size_t uses;			/* how many groups have it */
	struct matcher_group **groups;	/* owned array: the groups of which it drives */
	size_t group_n, group_room;
	uint64_t met;			/* the number of the last event that has it */
	struct span name;		/* the name in that event */
};

/* All clients with the same filter. */
struct matcher_group {
	struct dict_item item;			/* owns its key */
	enum filter_type type;
	unsigned driver;			/* a kind, or FILTER_KINDS: it has no values */
	struct matcher_value **values;		/* owned array, by kind, and in each by address */
	size_t from[FILTER_KINDS + 1];		/* values of kind k: from[k] to from[k + 1] */
	uint32_t *at;		/* owned array: the group's place in each value of the driver */
	uint32_t failed[FILTER_KINDS];		/* looks at which a kind was not met, since entering */
	struct matcher_client **clients;	/* owned array */
	size_t client_n, client_room;
	uint64_t passed;			/* the number of the last event it was told of */
};

struct matcher_client {
	void *who;
	struct matcher_group *group;
	size_t at;			/* its place in group->clients */
};

/* The values of one kind that the event has. */
struct matcher_met {
	struct matcher_value **values;	/* owned array */
	size_t n, room;
};

struct matcher {
	struct dict dict;
	struct needle_set needles[FILTER_KINDS];	/* of match, issuer and log */
	struct pattern_set *patterns;
	struct compiler *own;		/* owned; NULL when it uses that of another */
	struct matcher_group **plain;	/* owned array: the groups without values; three at most */
	size_t plain_n, plain_room;
	size_t used[FILTER_KINDS];	/* how many values of each kind are in use */
	size_t bytes;			/* of memory that all groups and their values take */
	size_t clients;
	uint64_t looks;			/* groups looked at, ever; for tests and measurements */

	uint64_t event;			/* the number of the event */
	struct matcher_met met[FILTER_KINDS];
	enum filter_kind kind;		/* of the needles that are being looked for */
	struct span name;		/* the name that is being looked at, or nothing */
	struct spelling spelling;
	struct buf text, lower;		/* scratch */
};

/* What a value and a group take beside what their texts do, with what malloc adds: see MAX_MATCHER_BYTES. */
enum {
	MATCHER_VALUE = sizeof(struct matcher_value) + sizeof(struct matcher_group *) + 64,
	MATCHER_GROUP_SIZE = sizeof(struct matcher_group) + 96,
	MATCHER_LINK = sizeof(struct matcher_value *) + sizeof(uint32_t) + sizeof(struct matcher_group *),
	MATCHER_CLIENT = sizeof(struct matcher_client) + sizeof(struct matcher_client *) + 16,
};

/*
 * matcher_enter enters g, which is entered nowhere, with the values of the kind driver, or among the
 * plain groups when that is FILTER_KINDS. matcher_leave undoes it.
 */
void matcher_enter(struct matcher *m, struct matcher_group *g, unsigned driver);
void matcher_leave(struct matcher *m, struct matcher_group *g);

/*
 * Notes that a look at g, of which the event has met the driver, was in vain because it has not met
 * the kind k. Returns true when g is entered with the values of k from now on.
 */
bool matcher_fail(struct matcher *m, struct matcher_group *g, unsigned k);

/* Makes room for one more of size bytes in the array p, of which n are in use; returns the array. */
void *matcher_grow(void *p, size_t n, size_t *room, size_t size);

#endif

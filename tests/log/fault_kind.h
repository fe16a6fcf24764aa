/* The kinds of faults. fault_kind.c has the table of them; the other files carry them out. */
#ifndef LOG_FAULT_KIND_H
#define LOG_FAULT_KIND_H

#include "tests/log/fault.h"

struct fault_kind {
	const char *name;
	/* Of its arguments: n is a number, w a word; those behind ? may be missing, + repeats the last. */
	const char *form;
	const char *help;	/* arguments and meaning, a line for ct-log faults */
	bool answers;		/* before may make the answer */
	/* Acts before the answer is made. Returns true when it has made the answer. Or NULL. */
	bool (*before)(struct fault *, struct fault_case *);
	/* Acts on the answer. Or NULL. */
	void (*after)(struct fault *, struct fault_case *);
	/* Returns why the arguments are wrong, or NULL when they are right. Or is NULL. */
	const char *(*check)(const struct fault *);
};

/* Returns the kind with that name, or NULL. */
const struct fault_kind *fault_kind_find(const char *name);
/* Appends the table as text. */
void fault_kind_list(struct bytes *out);

/* In fault_rule.c: makes a fault of a rule. Returns it, or NULL with *why set. */
struct fault *fault_rule_parse(const char *text, const char **why);

/*
 * What follows are the members before, after and check of the kinds in the table, and has the parameters
 * and results described there: f is the rule, and c the request that it acts on.
 *
 * In fault_bend.c: heads, pages and issuers that depart from the truth.
 */
bool fault_bend_behind(struct fault *f, struct fault_case *c);
bool fault_bend_future(struct fault *f, struct fault_case *c);
bool fault_bend_stale(struct fault *f, struct fault_case *c);
bool fault_bend_key(struct fault *f, struct fault_case *c);
bool fault_bend_signature(struct fault *f, struct fault_case *c);
bool fault_bend_page(struct fault *f, struct fault_case *c);
bool fault_bend_short(struct fault *f, struct fault_case *c);
bool fault_bend_more(struct fault *f, struct fault_case *c);
bool fault_bend_empty(struct fault *f, struct fault_case *c);
bool fault_bend_elsewhere(struct fault *f, struct fault_case *c);
bool fault_bend_reverse(struct fault *f, struct fault_case *c);
bool fault_bend_cached_tiles(struct fault *f, struct fault_case *c);
const char *fault_bend_extra_check(const struct fault *f);
bool fault_bend_extra(struct fault *f, struct fault_case *c);
bool fault_bend_issuer(struct fault *f, struct fault_case *c);

/* In fault_send.c: how an answer is sent. */

bool fault_send_latency(struct fault *f, struct fault_case *c);
const char *fault_send_cut_check(const struct fault *f);
bool fault_send_cut(struct fault *f, struct fault_case *c);
bool fault_send_cut_walk(struct fault *f, struct fault_case *c);
const char *fault_send_stall_check(const struct fault *f);
bool fault_send_stall(struct fault *f, struct fault_case *c);
bool fault_send_drip(struct fault *f, struct fault_case *c);
bool fault_send_reset(struct fault *f, struct fault_case *c);
bool fault_send_endless(struct fault *f, struct fault_case *c);
bool fault_send_chunked(struct fault *f, struct fault_case *c);
const char *fault_send_gzip_check(const struct fault *f);
bool fault_send_gzip(struct fault *f, struct fault_case *c);
bool fault_send_coding(struct fault *f, struct fault_case *c);
void fault_send_plain(struct fault *f, struct fault_case *c);
void fault_send_type(struct fault *f, struct fault_case *c);

/* In fault_status.c: answers that are no answers. */

bool fault_status(struct fault *f, struct fault_case *c);
const char *fault_status_check(const struct fault *f);
bool fault_limit(struct fault *f, struct fault_case *c);
const char *fault_limit_check(const struct fault *f);
bool fault_limiter(struct fault *f, struct fault_case *c);
const char *fault_limiter_check(const struct fault *f);

/* In fault_body.c: bodies that were changed, kept or blown up. */

bool fault_bomb(struct fault *f, struct fault_case *c);
bool fault_cache(struct fault *f, struct fault_case *c);
void fault_cache_keep(struct fault *f, struct fault_case *c);
const char *fault_cache_check(const struct fault *f);
void fault_trailing(struct fault *f, struct fault_case *c);

/* In fault_tree.c: logs with other entries or another tree. */

bool fault_tree(struct fault *f, struct fault_case *c);
const char *fault_tree_check(const struct fault *f);

/* Returns the time, in ms, of a clock that never is set back. */
uint64_t fault_clock(void);

#endif

/* Faults that bend an answer. In: a rule. Out: members of struct bend, which bend.h explains. */
#include <string.h>

#include "tests/log/fault_kind.h"

bool
fault_bend_behind(struct fault *f, struct fault_case *c)
{
	c->bend.behind = f->number[0];
	return false;
}

bool
fault_bend_future(struct fault *f, struct fault_case *c)
{
	c->bend.skew = (int64_t)f->number[0] * 1000;
	return false;
}

bool
fault_bend_stale(struct fault *f, struct fault_case *c)
{
	c->bend.skew = -(int64_t)f->number[0] * 1000;
	return false;
}

bool
fault_bend_key(struct fault *f, struct fault_case *c)
{
	(void)f;
	c->bend.foreign_key = true;
	return false;
}

bool
fault_bend_signature(struct fault *f, struct fault_case *c)
{
	(void)f;
	c->bend.bad_signature = true;
	return false;
}

bool
fault_bend_page(struct fault *f, struct fault_case *c)
{
	if (f->number[0] > 0)
		c->bend.page = f->number[0];
	return false;
}

bool
fault_bend_short(struct fault *f, struct fault_case *c)
{
	c->bend.most = f->number[0];
	return false;
}

bool
fault_bend_more(struct fault *f, struct fault_case *c)
{
	c->bend.more = f->number[0];
	return false;
}

bool
fault_bend_empty(struct fault *f, struct fault_case *c)
{
	(void)f;
	c->bend.empty = true;
	return false;
}

bool
fault_bend_elsewhere(struct fault *f, struct fault_case *c)
{
	c->bend.elsewhere = true;
	c->bend.start = f->count > 0 ? f->number[0] : 0;
	return false;
}

bool
fault_bend_reverse(struct fault *f, struct fault_case *c)
{
	(void)f;
	c->bend.reverse = true;
	return false;
}

bool
fault_bend_cached_tiles(struct fault *f, struct fault_case *c)
{
	c->bend.cached_tiles = true;
	c->bend.uncached = f->count > 0 ? f->number[0] : 0;
	return false;
}

const char *
fault_bend_extra_check(const struct fault *f)
{
	if (strcmp(f->word[0], "null") != 0 && strcmp(f->word[0], "missing") != 0 &&
	    strcmp(f->word[0], "garbage") != 0)
		return "extra-data is null, missing or garbage";
	return NULL;
}

bool
fault_bend_extra(struct fault *f, struct fault_case *c)
{
	c->bend.extra = *f->word[0] == 'n' ? BEND_EXTRA_NULL
	    : *f->word[0] == 'm' ? BEND_EXTRA_MISSING : BEND_EXTRA_GARBAGE;
	c->bend.extra_first = f->first;
	c->bend.extra_last = f->last;
	return false;
}

bool
fault_bend_issuer(struct fault *f, struct fault_case *c)
{
	(void)f;
	c->bend.swap_issuer = true;
	return false;
}

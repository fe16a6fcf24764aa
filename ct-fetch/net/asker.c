/*
 * Who asks one host, and who goes first.
 *
 * in: requests that start, are refused, or end
 * out: the order of those that wait
 */
#include "ct-fetch/net/asker.h"

#include <stdlib.h>

#include "base/die.h"

enum {
	PATIENCE = 100,			/* ms in which a want must be taken up */
	RECENT = 90 * 1000,		/* ms for which an outcome tells how an asker is */
	FORGET = 600 * 1000,		/* ms without an outcome, then an asker gives up its place */
	MAX_PASSED = 3,			/* requests in a row that may go before a page which waits */
};

void
asker_free(struct askers *s)
{
	free(s->list);
	*s = (struct askers){ 0 };
}

/* Returns the time of the last outcome of any class, or a later one up to which it must wait. */
static uint64_t
asker_last(const struct asker *a)
{
	uint64_t last = 0;

	for (unsigned c = 0; c < HOST_CLASSES; c++) {
		last = a->heard[c] > last ? a->heard[c] : last;
		last = a->until[c] > last ? a->until[c] : last;
	}
	return last;
}

/* Forgets askers that have not been heard of for long: their logs may be gone. */
static void
asker_sweep(struct askers *s, uint64_t now)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->n; i++)
		if (now < asker_last(&s->list[i]) + FORGET)
			s->list[kept++] = s->list[i];
	s->n = kept;
}

static void
asker_grow(struct askers *s)
{
	size_t cap = s->cap > 0 ? s->cap * 2 : 8;
	struct asker *list = realloc(s->list, cap * sizeof(*list));

	if (list == NULL)
		die_world("out of memory");
	s->list = list;
	s->cap = cap;
}

struct asker *
asker_find(struct askers *s, const void *who, uint64_t now)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->list[i].who == who)
			return &s->list[i];
	if (s->n == s->cap)
		asker_sweep(s, now);
	if (s->n == s->cap)
		asker_grow(s);
	s->list[s->n] = (struct asker){ .who = who };
	return &s->list[s->n++];
}

/* Returns the place of class: smaller goes first. A page that was passed by too often is first. */
static int
asker_rank(const struct askers *s, enum host_class class)
{
	return class == HOST_PAGE && s->passed >= MAX_PASSED ? -1 : (int)class;
}

unsigned
asker_ahead(struct askers *s, const struct asker *a, enum host_class class, uint64_t since,
    uint64_t now, uint64_t *again)
{
	int mine = asker_rank(s, class);
	unsigned ahead = 0;

	*again = UINT64_MAX;
	for (size_t i = 0; i < s->n * HOST_CLASSES; i++) {
		struct asker *b = &s->list[i / HOST_CLASSES];
		enum host_class c = (enum host_class)(i % HOST_CLASSES);
		uint64_t until = (b->wanted[c] > since ? b->wanted[c] : since) + PATIENCE;
		int rank = asker_rank(s, c);

		if (b->wanted[c] != 0 && now >= until)
			b->wanted[c] = 0;
		if (b->wanted[c] == 0 || rank > mine ||
		    (rank == mine && b->served[c] >= a->served[c]))
			continue;
		ahead++;
		*again = until < *again ? until : *again;
	}
	return ahead;
}

void
asker_want(struct asker *a, enum host_class class, uint64_t now)
{
	a->wanted[class] = now > 0 ? now : 1;
}

void
asker_serve(struct askers *s, struct asker *a, enum host_class class)
{
	bool waits = false;

	for (size_t i = 0; i < s->n; i++)
		waits = waits || s->list[i].wanted[HOST_PAGE] != 0;
	s->passed = class < HOST_PAGE && waits ? s->passed + 1 : 0;
	a->served[class] = ++s->served;
	a->wanted[class] = 0;
}

void
asker_hear(struct asker *a, enum host_class class, bool failed, uint64_t wait, uint64_t now)
{
	if (wait > 0 && now + wait > a->until[class])
		a->until[class] = now + wait;
	a->heard[class] = now > 0 ? now : 1;
	a->failing[class] = failed;
}

bool
asker_all_fail(const struct askers *s, uint64_t now)
{
	for (size_t i = 0; i < s->n * HOST_CLASSES; i++) {
		const struct asker *a = &s->list[i / HOST_CLASSES];
		unsigned c = i % HOST_CLASSES;

		if (a->heard[c] != 0 && now < a->heard[c] + RECENT && !a->failing[c])
			return false;
	}
	return true;
}

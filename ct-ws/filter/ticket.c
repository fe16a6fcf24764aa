/*
 * Waits for expressions to be compiled.
 *
 * in: filters
 * out: whether they can be put into force at once
 */
#include "ct-ws/filter/ticket.h"

#include <stdlib.h>

#include "base/die.h"

struct ticket {
	struct compiler *compiler;
	struct compiled *of[MAX_FILTER_REGEXES];
	size_t n;
};

static struct ticket *
ticket_open(struct compiler *compiler)
{
	struct ticket *t = calloc(1, sizeof(*t));

	if (t == NULL)
		die_world("out of memory for regexes");
	t->compiler = compiler;
	return t;
}

void
ticket_drop(struct ticket **t)
{
	if (*t == NULL)
		return;
	for (size_t i = 0; i < (*t)->n; i++)
		compiler_drop((*t)->compiler, (*t)->of[i]);
	free(*t);
	*t = NULL;
}

bool
ticket_is_ready(const struct ticket *t)
{
	for (size_t i = 0; t != NULL && i < t->n; i++)
		if (!compiler_is_done(t->compiler, t->of[i]))
			return false;
	return true;
}

enum ticket_got
ticket_take(struct ticket **t, struct compiler *compiler, const struct filter *f,
    const struct matcher *m)
{
	struct ticket *before = *t;
	enum ticket_got got = TICKET_READY;
	struct span rest = buf_span(&f->values[FILTER_REGEX]), value;

	*t = NULL;
	while (got != TICKET_FULL && filter_next(&rest, &value)) {
		struct compiled *x;

		if (m != NULL && matcher_has(m, FILTER_REGEX, value))
			continue;
		x = compiler_take(compiler, value);
		if (x == NULL) {
			got = TICKET_FULL;
			break;
		}
		if (*t == NULL)
			*t = ticket_open(compiler);
		(*t)->of[(*t)->n++] = x;
		if (!compiler_is_done(compiler, x))
			got = TICKET_WAITS;
	}
	ticket_drop(&before);	/* not sooner, so that nothing is compiled anew */
	return got;
}

/*
 * Many texts found in one pass.
 *
 * in: the texts in order, then any text
 * out: which of them are part of it
 *
 * States are numbered level by level, so the children of a state have consecutive numbers and need
 * no table: they are the states from first[s] to first[s + 1]. A state's label is the byte that
 * leads to it; among siblings the labels ascend.
 */
#include "ct-ws/filter/automaton.h"

#include <stdlib.h>

#include "base/die.h"

enum { AUTOMATON_FEW = 8 };	/* children that are tried one by one */

struct automaton {
	uint32_t states;
	uint32_t *first;	/* the first child; one more than there are states */
	uint32_t *fail;		/* the state of the longest proper suffix that is one */
	uint32_t *text;		/* 1 + the number of the text that ends here, or 0 */
	uint32_t *also;		/* the next state on the way of fail that has a text, or 0 */
	uint8_t *label;
	uint32_t root[256];	/* the child of the root by label, or 0 */
};

/* The texts of a state while it is built: those that begin with its bytes. */
struct automaton_part {
	uint32_t from, to;
	uint32_t depth;
};

static void *
automaton_memory(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (p == NULL)
		die_world("out of memory for filters");
	return p;
}

static void *
automaton_shrink(void *p, size_t n, size_t size)
{
	void *smaller = realloc(p, n * size);

	return smaller != NULL ? smaller : p;
}

/* Returns the child of state s by c, or 0. */
static uint32_t
automaton_child(const struct automaton *a, uint32_t s, uint8_t c)
{
	uint32_t low = a->first[s], high = a->first[s + 1], middle;

	if (s == 0)
		return a->root[c];
	while (high - low > AUTOMATON_FEW) {
		middle = low + (high - low) / 2;
		if (a->label[middle] <= c)
			low = middle;
		else
			high = middle;
	}
	for (; low < high; low++)
		if (a->label[low] == c)
			return low;
	return 0;
}

/* Returns where the automaton is when it was at s and c comes. */
static uint32_t
automaton_step(const struct automaton *a, uint32_t s, uint8_t c)
{
	uint32_t child;

	while ((child = automaton_child(a, s, c)) == 0 && s != 0)
		s = a->fail[s];
	return child;
}

/*
 * Makes the children of state s, whose texts are part. Those that s->fail may lead to were made
 * before, because they are on higher levels.
 */
static void
automaton_split(struct automaton *a, struct automaton_part *parts, uint32_t s,
    const struct span *texts)
{
	struct automaton_part part = parts[s];
	uint32_t i = part.from, child;
	uint8_t c;

	a->first[s] = a->states;
	if (texts[i].n == part.depth)
		a->text[s] = ++i;
	while (i < part.to) {
		child = a->states++;
		a->first[s + 1] = a->states;
		c = texts[i].p[part.depth];
		parts[child] = (struct automaton_part){ i, i, part.depth + 1 };
		while (i < part.to && texts[i].p[part.depth] == c)
			i++;
		parts[child].to = i;
		a->label[child] = c;
		a->fail[child] = s == 0 ? 0 : automaton_step(a, a->fail[s], c);
		if (s == 0)
			a->root[c] = child;
	}
}

struct automaton *
automaton_build(const struct span *texts, size_t count)
{
	struct automaton *a = automaton_memory(1, sizeof(*a));
	struct automaton_part *parts;
	size_t most = 1;
	uint32_t f;

	for (size_t i = 0; i < count; i++)
		most += texts[i].n;
	a->first = automaton_memory(most + 1, sizeof(*a->first));
	a->fail = automaton_memory(most, sizeof(*a->fail));
	a->text = automaton_memory(most, sizeof(*a->text));
	a->also = automaton_memory(most, sizeof(*a->also));
	a->label = automaton_memory(most, sizeof(*a->label));
	parts = automaton_memory(most, sizeof(*parts));
	a->states = 1;
	parts[0].to = (uint32_t)count;
	for (uint32_t s = 0; s < a->states && count > 0; s++) {
		automaton_split(a, parts, s, texts);
		f = a->fail[s];
		a->also[s] = a->text[f] != 0 ? f : a->also[f];
	}
	a->first[a->states] = a->states;
	free(parts);
	a->first = automaton_shrink(a->first, a->states + 1, sizeof(*a->first));
	a->fail = automaton_shrink(a->fail, a->states, sizeof(*a->fail));
	a->text = automaton_shrink(a->text, a->states, sizeof(*a->text));
	a->also = automaton_shrink(a->also, a->states, sizeof(*a->also));
	a->label = automaton_shrink(a->label, a->states, sizeof(*a->label));
	return a;
}

void
automaton_free(struct automaton *a)
{
	if (a == NULL)
		return;
	free(a->first);
	free(a->fail);
	free(a->text);
	free(a->also);
	free(a->label);
	free(a);
}

void
automaton_scan(const struct automaton *a, struct span in,
    void (*hit)(void *cookie, size_t number), void *cookie)
{
	uint32_t s = 0;

	for (size_t i = 0; i < in.n; i++) {
		s = automaton_step(a, s, in.p[i]);
		for (uint32_t t = a->text[s] != 0 ? s : a->also[s]; t != 0; t = a->also[t])
			hit(cookie, a->text[t] - 1);
	}
}

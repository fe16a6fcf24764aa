/*
 * Counts the references to bodies.
 *
 * in: references taken and given back
 * out: a body that lives as long as somebody has one
 */
#include "ct-ws/net/body.h"

#include <stdlib.h>

#include "base/die.h"

struct body *
body_open(void)
{
	struct body *b = malloc(sizeof(*b));

	if (b == NULL)
		die_world("out of memory for a body");
	b->refs = 1;
	buf_init(&b->bytes);
	return b;
}

struct body *
body_take(struct body *b)
{
	b->refs++;
	return b;
}

void
body_drop(struct body *b)
{
	if (b == NULL || --b->refs > 0)
		return;
	buf_free(&b->bytes);
	free(b);
}

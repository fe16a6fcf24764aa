/*
 * In: references taken and dropped. Out: the bytes, as long as there is one.
 * latest.c and route.c make bodies, connections send them.
 */
#include "ct-ws/body.h"

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

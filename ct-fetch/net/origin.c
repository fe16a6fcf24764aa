/*
 * What is known of the connections to one scheme, host name and port.
 *
 * in: answers and failures of transfers
 * out: when to make new connections, and which version of HTTP to use for them
 */
#include "ct-fetch/net/origin.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/die.h"

struct origin *
origin_find(struct origin **list, const char *url)
{
	const char *name = strstr(url, "://");
	size_t n = name != NULL ? (size_t)(name - url) + 3 : 0;
	struct origin *o;

	n += strcspn(url + n, "/?#");
	for (o = *list; o != NULL; o = o->next)
		if (strncasecmp(o->name, url, n) == 0 && o->name[n] == '\0')
			return o;
	o = calloc(1, sizeof(*o));
	if (o == NULL || (o->name = strndup(url, n)) == NULL)
		die_world("out of memory");
	o->next = *list;
	*list = o;
	return o;
}

void
origin_free(struct origin **list)
{
	struct origin *o = *list;

	*list = o->next;
	free(o->name);
	free(o);
}

bool
origin_is_stale(const struct origin *o, uint64_t now)
{
	return o->pool == NULL || o->left || o->uses >= ORIGIN_USES ||
	    now - o->since >= ORIGIN_LIFE;
}

void
origin_renew(struct origin *o, struct pool *pool, uint64_t now)
{
	o->pool = pool;
	o->since = now;
	o->uses = 0;
	o->left = false;
}

struct pool *
origin_use(struct origin *o)
{
	o->uses++;
	return o->pool;
}

bool
origin_may_two(const struct origin *o, uint64_t now)
{
	return now >= o->one_until;
}

void
origin_answered(struct origin *o, bool two)
{
	if (two)
		o->breaks = 0;
}

void
origin_failed(struct origin *o, const struct pool *pool, bool two, uint64_t now)
{
	if (pool != o->pool || o->left)
		return;
	o->left = true;
	if (!two || ++o->breaks < ORIGIN_BREAKS)
		return;
	o->one_until = now + ORIGIN_ONE;
	o->breaks = ORIGIN_BREAKS - 1;	/* when it is tried again, one failure is enough */
}

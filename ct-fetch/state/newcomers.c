/*
 * Logs that are new in a list, until a mark has them.
 *
 * in: DIR/newcomers and the stored mark at the start, then log IDs
 * out: DIR/newcomers
 *
 * The file is text: the line of NEWCOMERS_TITLE, and then a log ID in base64 on each line.
 */
#include "ct-fetch/state/newcomers.h"

#include <errno.h>
#include <stdlib.h>

#include "base/die.h"
#include "enc/b64.h"
#include "os/store.h"

#define NEWCOMERS_TITLE "ct-fetch newcomers 1\n"

enum {
	ID_TEXT = (HASH_SHA256 + 2) / 3 * 4,	/* characters of an ID in base64 */
	TITLE_TEXT = sizeof(NEWCOMERS_TITLE) - 1,
	MAX_FILE = TITLE_TEXT + MAX_NEWCOMERS * (ID_TEXT + 1),
};

struct newcomers {
	struct buf path;	/* DIR/newcomers */
	struct buf ids;		/* HASH_SHA256 bytes each, one behind the other */
	bool changed;		/* since they were stored */
};

/* Returns a static reason when the rest of the file, behind its title, is not lines of IDs. */
static const char *
newcomers_parse(struct newcomers *n, struct span rest)
{
	if (rest.n % (ID_TEXT + 1) != 0)
		return "it is damaged";
	for (; rest.n > 0; rest = span_from(rest, ID_TEXT + 1)) {
		size_t before = n->ids.n;

		if (rest.p[ID_TEXT] != '\n' || !b64_put_decoded(&n->ids, span_of(rest.p, ID_TEXT)) ||
		    n->ids.n - before != HASH_SHA256)
			return "it is damaged";
	}
	return NULL;
}

static void
newcomers_read(struct newcomers *n)
{
	const char *path = buf_str(&n->path), *why;
	struct buf bytes = { 0 };

	if (store_read(path, MAX_FILE, &bytes) < 0) {
		if (errno != ENOENT)
			die_world("%s: cannot be read:", path);
		return;
	}
	if (span_starts(buf_span(&bytes), SPAN(NEWCOMERS_TITLE)))
		why = newcomers_parse(n, span_from(buf_span(&bytes), TITLE_TEXT));
	else
		why = "it was not written by this version of ct-fetch";
	if (why != NULL)
		die_world("%s: %s; put a good copy in its place, or move it away and begin the logs that "
		    "were new when the last run ended at their present end", path, why);
	buf_free(&bytes);
}

/* Forgets the logs that places has. */
static void
newcomers_settle(struct newcomers *n, const struct places *places)
{
	size_t kept = 0;

	for (size_t at = 0; at < n->ids.n; at += HASH_SHA256) {
		if (places_find(places, n->ids.p + at) != NULL)
			continue;
		memmove(n->ids.p + kept, n->ids.p + at, HASH_SHA256);
		kept += HASH_SHA256;
	}
	n->changed = kept < n->ids.n;
	n->ids.n = kept;
}

struct newcomers *
newcomers_open(const char *dir, const struct places *places)
{
	struct newcomers *n = calloc(1, sizeof(*n));

	if (n == NULL)
		die_world("out of memory");
	buf_putf(&n->path, "%s/newcomers", dir);
	newcomers_read(n);
	newcomers_settle(n, places);
	(void)newcomers_store(n);	/* one too many in it does no harm */
	return n;
}

void
newcomers_free(struct newcomers *n)
{
	if (n == NULL)
		return;
	buf_free(&n->path);
	buf_free(&n->ids);
	free(n);
}

bool
newcomers_has(const struct newcomers *n, const uint8_t id[HASH_SHA256])
{
	for (size_t at = 0; at < n->ids.n; at += HASH_SHA256)
		if (memcmp(n->ids.p + at, id, HASH_SHA256) == 0)
			return true;
	return false;
}

void
newcomers_add(struct newcomers *n, const uint8_t id[HASH_SHA256])
{
	if (newcomers_has(n, id))
		return;
	buf_put(&n->ids, span_of(id, HASH_SHA256));
	n->changed = true;
}

int
newcomers_store(struct newcomers *n)
{
	struct buf b = { 0 };
	int result;

	if (!n->changed)
		return 0;
	if (n->ids.n > (size_t)MAX_NEWCOMERS * HASH_SHA256) {
		errno = EFBIG;
		return -1;
	}
	buf_puts(&b, NEWCOMERS_TITLE);
	for (size_t at = 0; at < n->ids.n; at += HASH_SHA256) {
		b64_put(&b, span_of(n->ids.p + at, HASH_SHA256));
		buf_putc(&b, '\n');
	}
	result = store_write(buf_str(&n->path), buf_span(&b));
	n->changed = result < 0;
	buf_free(&b);
	return result;
}

/*
 * In: places, noted by follow.c each second. Out: DIR/mark, or mark records.
 * One mark at a time waits for the bytes before it to leave; the next is made
 * when it is stored.
 */
#include "ct-fetch/places.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-fetch/log.h"
#include "os/out.h"
#include "os/store.h"

struct places {
	struct mark mark;
	struct buf path;	/* DIR/mark; empty: nothing is stored */
	bool external;
	struct buf last;	/* the mark made last */
	bool waits;		/* it is not stored yet */
	uint64_t behind;	/* bytes that must have left before it is */
	bool failed;		/* the last store did, and that was told */
};

struct places *
places_open(const char *dir, bool external)
{
	struct places *k = calloc(1, sizeof(*k));
	struct buf bytes = { 0 };
	const char *why = NULL;

	if (k == NULL)
		die_world("out of memory");
	k->external = external;
	if (dir == NULL) {
		mark_put(&k->mark, &k->last);	/* one without logs says nothing new */
		return k;
	}
	if (mkdir(dir, 0777) < 0 && errno != EEXIST)
		die_world("%s:", dir);
	buf_putf(&k->path, "%s/mark", dir);
	if (store_read(buf_str(&k->path), MAX_MARK, &bytes) == 0)
		why = mark_parse(&k->mark, buf_span(&bytes));
	else if (errno != ENOENT)
		die_world("%s:", buf_str(&k->path));
	if (why != NULL)
		die_world("%s: %s; move it away to begin anew", buf_str(&k->path), why);
	buf_free(&bytes);
	mark_put(&k->mark, &k->last);
	return k;
}

void
places_free(struct places *k)
{
	mark_free(&k->mark);
	buf_free(&k->path);
	buf_free(&k->last);
	free(k);
}

const struct mark_log *
places_find(const struct places *k, const uint8_t id[HASH_SHA256])
{
	return mark_find(&k->mark, id);
}

void
places_note(struct places *k, const struct log *l)
{
	if (l->placed)
		mark_set(&k->mark, l->source.id, l->source.name, l->next);
}

void
places_store(struct places *k, const struct out *out)
{
	if (!k->waits || out_sent(out) < k->behind)
		return;
	if (store_write(buf_str(&k->path), buf_span(&k->last)) == 0) {
		k->waits = false;
		k->failed = false;
		return;
	}
	if (!k->failed)
		tell(TELL_WARNING, "%s: the places cannot be stored:", buf_str(&k->path));
	k->failed = true;
}

void
places_tick(struct places *k, struct out *out)
{
	struct buf text = { 0 };

	places_store(k, out);
	if (k->waits || (!k->external && k->path.n == 0) || out_is_gone(out))
		return;
	mark_put(&k->mark, &text);
	if (span_eq(buf_span(&text), buf_span(&k->last)) || (k->external && !out_has_room(out))) {
		buf_free(&text);
		return;
	}
	buf_free(&k->last);
	k->last = text;
	if (k->external) {
		buf_put(&out->bytes, buf_span(&text));
		out_send(out);
	} else {
		k->waits = true;
		k->behind = out_end(out);
		places_store(k, out);
	}
}

bool
places_is_done(const struct places *k)
{
	return !k->waits || k->failed;
}

bool
places_has_failed(const struct places *k)
{
	return k->failed;
}

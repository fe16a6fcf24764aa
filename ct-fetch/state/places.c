/*
 * Keeping the places of logs.
 *
 * in: DIR/mark at the start, then the places of the logs
 * out: DIR/mark, or mark records in the stream
 *
 * One mark at a time waits for the bytes before it to leave; the next is made after it has been
 * stored.
 */
#include "ct-fetch/state/places.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/die.h"
#include "base/tell.h"
#include "os/out.h"
#include "os/store.h"

struct places {
	struct mark mark;
	struct buf path;	/* DIR/mark; empty: nothing is stored */
	bool external;
	struct buf last;	/* the mark made last */
	bool waits;		/* last is not stored yet */
	uint64_t behind;	/* bytes that must have left standard output before it is */
	bool failed;		/* the last attempt to store failed, and that has been told */
};

struct places *
places_open(const char *dir, bool external)
{
	struct places *p = calloc(1, sizeof(*p));
	struct buf bytes = { 0 };
	const char *why = NULL;

	if (p == NULL)
		die_world("out of memory");
	p->external = external;
	if (dir == NULL) {
		mark_put(&p->mark, &p->last);	/* so that a mark without logs is not written */
		return p;
	}
	if (mkdir(dir, 0777) < 0 && errno != EEXIST)
		die_world("%s:", dir);
	buf_putf(&p->path, "%s/mark", dir);
	if (store_read(buf_str(&p->path), MAX_MARK, &bytes) == 0)
		why = mark_parse(&p->mark, buf_span(&bytes));
	else if (errno != ENOENT)
		die_world("%s:", buf_str(&p->path));
	if (why != NULL)
		die_world("%s: %s; move it away to begin anew", buf_str(&p->path), why);
	buf_free(&bytes);
	mark_put(&p->mark, &p->last);
	return p;
}

void
places_free(struct places *p)
{
	mark_free(&p->mark);
	buf_free(&p->path);
	buf_free(&p->last);
	free(p);
}

const struct mark_log *
places_find(const struct places *p, const uint8_t id[HASH_SHA256])
{
	return mark_find(&p->mark, id);
}

void
places_note(struct places *p, const struct mark_log *l)
{
	mark_set(&p->mark, l);
}

void
places_store(struct places *p, const struct out *out)
{
	if (!p->waits || out_sent(out) < p->behind)
		return;
	if (store_write(buf_str(&p->path), buf_span(&p->last)) == 0) {
		p->waits = false;
		p->failed = false;
		return;
	}
	if (!p->failed)
		tell(TELL_WARNING, "%s: the places cannot be stored:", buf_str(&p->path));
	p->failed = true;
}

void
places_tick(struct places *p, struct out *out)
{
	struct buf text = { 0 };

	places_store(p, out);
	if (p->waits || (!p->external && p->path.n == 0) || out_is_gone(out))
		return;
	mark_put(&p->mark, &text);
	if (span_eq(buf_span(&text), buf_span(&p->last)) || (p->external && !out_has_room(out))) {
		buf_free(&text);
		return;
	}
	buf_free(&p->last);
	p->last = text;
	if (p->external) {
		buf_put(&out->bytes, buf_span(&text));
		out_send(out);
	} else {
		p->waits = true;
		p->behind = out_end(out);
		places_store(p, out);
	}
}

bool
places_is_done(const struct places *p)
{
	return !p->waits || p->failed;
}

bool
places_has_failed(const struct places *p)
{
	return p->failed;
}

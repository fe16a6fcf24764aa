/*
 * Keeping what is known of the logs.
 *
 * in: DIR/mark at the start, then what is known of each log
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
#include "ct-fetch/state/lock.h"
#include "os/out.h"
#include "os/store.h"
#include "os/watchdog.h"

enum {
	TRY_AGAIN = 1000,	/* ms until storing is tried again after it has failed */
	TELL_AGAIN = 3600 * 1000,	/* ms until it is told again that it fails */
	SIGNS = 3,		/* marks within the limit of the service manager */
};

struct places {
	struct mark mark;
	int lock;		/* holds the lock on the folder; -1: there is no folder */
	struct buf path;	/* DIR/mark; empty: nothing is stored */
	bool external;
	unsigned sign;		/* ms after which a mark is written though nothing is new; 0: never */
	uint64_t sign_at;	/* when that is */
	struct buf last;	/* the mark made last */
	uint64_t due;		/* when the next one may be made */
	bool too_long;		/* what is known does not fit into a mark, and that has been told */
	bool waits;		/* last is not stored yet */
	uint64_t behind;	/* bytes that must have left standard output before it is */
	bool failed;		/* the last attempt to store failed */
	uint64_t failed_at;	/* when the first of the failures in a row was */
	uint64_t try_at, tell_at;	/* when the next try is due, and its failure to be told */
};

/* ---- the start ---- */

/* Makes the folder if need be, and locks it; ends the process when that is not possible. */
static int
places_lock(const char *dir)
{
	pid_t owner;
	int lock;

	if (mkdir(dir, 0777) < 0 && errno != EEXIST)
		die_world("%s: the folder cannot be made; choose another one with -d:", dir);
	lock = lock_open(dir, &owner);
	if (lock < 0 && errno == EAGAIN && owner > 0)
		die_usage("%s is used by ct-fetch, process %ld; end that one, or choose another folder "
		    "with -d", dir, (long)owner);
	if (lock < 0 && errno == EAGAIN)
		die_usage("%s is used by another ct-fetch; end that one, or choose another folder with -d",
		    dir);
	if (lock < 0)
		die_world("%s: nothing can be stored there; let this user write in it, make room on its "
		    "disk, or choose another folder with -d:", dir);
	return lock;
}

/* Reads the stored mark; ends the process when there is one that is not whole. */
static void
places_read(struct places *p)
{
	const char *path = buf_str(&p->path), *why;
	struct buf bytes = { 0 };
	size_t at;

	if (store_read(path, MAX_MARK, &bytes) < 0) {
		if (errno != ENOENT)
			die_world("%s: cannot be read:", path);
		tell(TELL_INFO, "%s: not there yet, so every log begins anew", path);
		return;
	}
	why = mark_parse(&p->mark, buf_span(&bytes), &at);
	if (why != NULL)
		die_world("%s: at byte %zu of %zu: %s; put a good copy in its place, or move it away "
		    "and lose what has been logged since", path, at, bytes.n, why);
	buf_free(&bytes);
}

struct places *
places_open(const char *dir, bool external)
{
	struct places *p = calloc(1, sizeof(*p));

	if (p == NULL)
		die_world("out of memory");
	p->external = external;
	p->sign = external ? watchdog_limit() / SIGNS : 0;
	p->lock = -1;
	if (dir != NULL) {
		p->lock = places_lock(dir);
		buf_putf(&p->path, "%s/mark", dir);
		places_read(p);
	}
	mark_put(&p->mark, &p->last);	/* so that a mark in which nothing is new is not written */
	return p;
}

void
places_free(struct places *p)
{
	if (p->lock >= 0)
		lock_close(p->lock);
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

/* ---- storing ---- */

static void
places_stored(struct places *p)
{
	p->waits = false;
	if (p->failed)
		tell(TELL_INFO, "%s: the places are stored again", buf_str(&p->path));
	p->failed = false;
}

static void
places_not_stored(struct places *p, uint64_t now)
{
	const char *path = buf_str(&p->path);

	p->try_at = now + TRY_AGAIN;
	if (!p->failed)
		p->failed_at = now;
	if (!p->failed)
		tell(TELL_WARNING, "%s: the places cannot be stored, so what goes out from now on would "
		    "come again in the next run:", path);
	else if (now >= p->tell_at)
		tell(TELL_WARNING, "%s: the places cannot be stored since %llu minutes:", path,
		    (unsigned long long)(now - p->failed_at) / 60000);
	else
		return;
	p->failed = true;
	p->tell_at = now + TELL_AGAIN;
}

void
places_store(struct places *p, const struct out *out, uint64_t now)
{
	if (!p->waits || out_sent(out) < p->behind || (p->failed && now < p->try_at))
		return;
	if (store_write(buf_str(&p->path), buf_span(&p->last)) == 0)
		places_stored(p);
	else
		places_not_stored(p, now);
}

/* ---- making marks ---- */

/*
 * Makes *text the mark of what is known now. Returns true when it is to be written. Under a service
 * manager that wants to hear that the service works, one of the programs behind this one tells it so,
 * as long as marks come (ct-hub(1)).
 */
static bool
places_make(struct places *p, struct buf *text, uint64_t now)
{
	mark_put(&p->mark, text);
	if (text->n > MAX_MARK) {
		if (!p->too_long)
			tell(TELL_ERROR, "the mark would be longer than a record may be, so none is written");
		p->too_long = true;
		return false;
	}
	p->too_long = false;
	return !span_eq(buf_span(text), buf_span(&p->last)) || (p->sign > 0 && now >= p->sign_at);
}

void
places_finish(struct places *p, struct out *out, uint64_t now)
{
	struct buf text = { 0 };

	places_store(p, out, now);
	if (p->waits || (!p->external && p->path.n == 0) || out_is_gone(out))
		return;
	if ((p->external && !out_has_room(out)) || !places_make(p, &text, now)) {
		buf_free(&text);
		return;
	}
	buf_free(&p->last);
	p->last = text;
	p->due = now + text.n * 1000 / PLACES_RATE;
	p->sign_at = now + p->sign;
	if (p->external) {
		buf_put(&out->bytes, buf_span(&text));
		out_send(out);
	} else {
		p->waits = true;
		p->behind = out_end(out);
		places_store(p, out, now);
	}
}

void
places_tick(struct places *p, struct out *out, uint64_t now)
{
	if (now >= p->due)
		places_finish(p, out, now);
	else
		places_store(p, out, now);
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

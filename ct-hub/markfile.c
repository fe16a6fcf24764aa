/*
 * Stores marks. In: the mark records that the hub publishes. Out: the file from which ct-fetch
 * resumes.
 */
#include "ct-hub/markfile.h"

#include "base/tell.h"
#include "os/store.h"

enum { MARKFILE_MS = 1000 };	/* from published to stored */

/* Stores the mark that waits. A newer one then takes its place, even if storing has failed. */
static void
markfile_store(struct markfile *m)
{
	struct buf spare = m->waiting;
	bool ok;

	lives_store(m->lives, m->waiting_seq);
	ok = store_write(m->path, buf_span(&m->waiting)) == 0;
	if (!ok && !m->failed)
		tell(TELL_ERROR, "the mark cannot be stored in %s:", m->path);
	if (ok && m->failed)
		tell(TELL_INFO, "marks are stored in %s again", m->path);
	m->failed = !ok;
	m->stored += ok;
	if (!ok && m->newest.n == 0)
		return;		/* the same mark is tried again, as there is no newer one */
	m->waiting = m->newest;
	m->waiting_seq = m->newest_seq;
	m->newest = spare;
	buf_reset(&m->newest);
}

static void
markfile_due(void *cookie)
{
	struct markfile *m = cookie;

	markfile_store(m);
	if (m->waiting.n > 0)
		loop_after(m->loop, &m->timer, MARKFILE_MS);
}

void
markfile_init(struct markfile *m, struct loop *loop, const char *path, struct lives *lives)
{
	*m = (struct markfile){ .path = path, .lives = lives, .loop = loop };
	m->timer = (struct loop_timer){ .due = markfile_due, .cookie = m };
	buf_init(&m->waiting);
	buf_init(&m->newest);
}

void
markfile_free(struct markfile *m)
{
	loop_stop_timer(m->loop, &m->timer);
	buf_free(&m->waiting);
	buf_free(&m->newest);
}

void
markfile_put(struct markfile *m, struct span line, uint64_t seq)
{
	struct buf *to = m->waiting.n == 0 ? &m->waiting : &m->newest;

	if (m->path == NULL)
		return;
	if (to == &m->waiting)
		loop_after(m->loop, &m->timer, MARKFILE_MS);
	*(to == &m->waiting ? &m->waiting_seq : &m->newest_seq) = seq;
	buf_reset(to);
	buf_put(to, line);
}

void
markfile_flush(struct markfile *m)
{
	struct buf spare = m->waiting;

	loop_stop_timer(m->loop, &m->timer);
	if (m->newest.n > 0) {
		m->waiting = m->newest;
		m->waiting_seq = m->newest_seq;
		m->newest = spare;
		buf_reset(&m->newest);
	}
	if (m->waiting.n > 0)
		markfile_store(m);
}

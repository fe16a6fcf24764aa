/*
 * Stores marks. In: the mark records that the hub publishes, and how far these have left. Out: the
 * file from which ct-fetch resumes.
 */
#include "ct-hub/markfile.h"

#include <errno.h>

#include "base/tell.h"
#include "os/store.h"

enum { MARKFILE_MS = 1000 };	/* between two marks: storing one makes the disk write */

/* Lets the newest mark, if there is one, be the one that waits. */
static void
markfile_next(struct markfile *m)
{
	struct buf spare = m->waiting;

	m->sure = false;
	m->waiting = m->newest;
	m->waiting_seq = m->newest_seq;
	m->newest = spare;
	buf_reset(&m->newest);
	if (m->waiting.n > 0)
		m->watch(m->cookie, m->waiting_seq);
}

/*
 * Stores the mark that waits, with which this life would end at waiting_seq. When that fails, it is
 * stored again where it ends with the mark before. Returns true, or false with errno.
 */
static bool
markfile_write(struct markfile *m)
{
	int error;

	if (store_write(m->path, buf_span(&m->waiting)) == 0) {
		m->stored_seq = m->waiting_seq;
		return true;
	}
	error = errno;
	(void)lives_store(m->lives, m->stored_seq);	/* ct-fetch resumes from the mark before */
	errno = error;
	return false;
}

/*
 * Stores the mark that waits, once it is stored that this life would end there: else readers would be
 * told wrong what they lost. A newer mark then takes its place, even if storing has failed.
 */
static void
markfile_store(struct markfile *m)
{
	bool knows = lives_store(m->lives, m->waiting_seq);
	bool ok = knows && markfile_write(m);

	if (!ok && !m->failed)
		tell(TELL_ERROR, "the mark cannot be stored in %s:", knows ? m->path : m->lives->file);
	if (ok && m->failed)
		tell(TELL_INFO, "marks are stored in %s again", m->path);
	m->failed = !ok;
	m->stored += ok;
	m->stored_at = loop_clock();
	if (ok || m->newest.n > 0)
		markfile_next(m);
	else
		loop_after(m->loop, &m->timer, MARKFILE_MS);	/* the same mark is tried again */
}

static void
markfile_due(void *cookie)
{
	markfile_store(cookie);
}

void
markfile_init(struct markfile *m, struct loop *loop, const char *path, struct lives *lives,
    void (*watch)(void *cookie, uint64_t seq), void *cookie)
{
	*m = (struct markfile){ .path = path, .lives = lives, .loop = loop, .watch = watch,
		.cookie = cookie, .stored_seq = lives->begin.seq };
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
	if (m->path == NULL)
		return;
	m->newest_seq = seq;
	buf_reset(&m->newest);
	buf_put(&m->newest, line);
	if (m->waiting.n == 0)
		markfile_next(m);
}

void
markfile_left(struct markfile *m, uint64_t seq)
{
	uint64_t passed = loop_now(m->loop) - m->stored_at;

	if (m->waiting.n == 0 || m->sure || seq < m->waiting_seq)
		return;
	m->sure = true;
	loop_after(m->loop, &m->timer, passed < MARKFILE_MS ? MARKFILE_MS - (unsigned)passed : 0);
}

void
markfile_flush(struct markfile *m, uint64_t seq)
{
	loop_stop_timer(m->loop, &m->timer);
	if (m->newest.n > 0 && m->newest_seq <= seq)
		markfile_next(m);
	if (m->waiting.n > 0 && m->waiting_seq <= seq)
		markfile_store(m);
	loop_stop_timer(m->loop, &m->timer);
}

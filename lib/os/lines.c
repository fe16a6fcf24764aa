/*
 * Reading lines.
 *
 * in: a descriptor
 * out: its lines, one or many at a time, as spans into one buffer, which grows to the longest line
 */
#include "os/lines.h"

#include <fcntl.h>
#include <unistd.h>

enum {
	LINES_READ = 256 * 1024,	/* bytes asked for at once */
	LINES_PIPE = 1 << 20,		/* bytes in a pipe: triples the throughput of 64 KiB */
	LINES_KEPT = 1 << 20,		/* bytes of buffer kept after a long line */
};

void
lines_init(struct lines *l, int fd)
{
	*l = (struct lines){ .fd = fd };
	buf_init(&l->bytes);
	fcntl(fd, F_SETPIPE_SZ, LINES_PIPE);	/* fails where fd is not a pipe, which does no harm */
}

void
lines_free(struct lines *l)
{
	buf_free(&l->bytes);
}

/*
 * Finds the line that begins at l->from. Returns LINES_LINE with *next set to the offset where the
 * following line begins, or another value. l->scanned stays at the LF, so that looking again costs
 * nothing.
 */
static enum lines_got
lines_find(struct lines *l, size_t *next)
{
	size_t left = l->bytes.n - l->scanned;
	const uint8_t *lf = left == 0 ? NULL : memchr(l->bytes.p + l->scanned, '\n', left);

	if (lf == NULL) {
		l->scanned = l->bytes.n;
		if (l->bytes.n - l->from > MAX_LINE)
			l->skipping = true;
		if (l->skipping)
			l->from = l->bytes.n;
		return l->ended ? LINES_END : LINES_NONE;
	}
	l->scanned = (size_t)(lf - l->bytes.p);
	*next = l->scanned + 1;
	return l->skipping || l->scanned - l->from > MAX_LINE ? LINES_LONG : LINES_LINE;
}

static void
lines_take(struct lines *l, size_t next)
{
	l->number++;
	l->from = l->scanned = next;
	l->skipping = l->cut = false;
}

enum lines_got
lines_next(struct lines *l, struct span *line)
{
	size_t start, next;
	enum lines_got got = lines_find(l, &next);

	if (got != LINES_LINE && got != LINES_LONG)
		return got;
	start = l->from;
	lines_take(l, next);
	if (got == LINES_LONG)
		return got;
	*line = span_of(l->bytes.p + start, next - 1 - start);
	if (line->n > 0 && line->p[line->n - 1] == '\r')
		line->n--;
	return LINES_LINE;
}

enum lines_got
lines_batch(struct lines *l, size_t most, struct span *batch, unsigned *count)
{
	size_t start = l->from, next;
	enum lines_got got;

	*count = 0;
	while ((got = lines_find(l, &next)) == LINES_LINE) {
		if (*count > 0 && next - start > most)
			break;
		lines_take(l, next);
		++*count;
	}
	if (*count > 0) {
		*batch = span_of(l->bytes.p + start, l->from - start);
		return LINES_LINE;
	}
	if (got == LINES_LONG)
		lines_take(l, next);
	return got;
}

size_t
lines_waiting(const struct lines *l)
{
	return l->bytes.n - l->from;
}

struct span
lines_part(const struct lines *l)
{
	return l->skipping || l->bytes.n == 0 ? (struct span){ NULL, 0 } :
	    span_from(buf_span(&l->bytes), l->from);
}

void
lines_cut(struct lines *l, size_t n)
{
	l->from += n;
	l->cut |= n > 0;
}

ptrdiff_t
lines_fill(struct lines *l)
{
	return lines_fill_up_to(l, LINES_READ);
}

ptrdiff_t
lines_fill_up_to(struct lines *l, size_t most)
{
	ssize_t n;

	buf_drop(&l->bytes, l->from);
	l->scanned -= l->from;
	l->from = 0;
	if (l->bytes.n == 0)
		buf_trim(&l->bytes, LINES_KEPT);
	n = read(l->fd, buf_reserve(&l->bytes, most), most);
	if (n > 0) {
		buf_commit(&l->bytes, (size_t)n);
	} else if (n == 0 && !l->ended) {
		l->ended = true;
		if (l->skipping || l->cut || (l->bytes.n > 0 && l->bytes.p[l->bytes.n - 1] != '\n'))
			buf_putc(&l->bytes, '\n');
	}
	return n;
}

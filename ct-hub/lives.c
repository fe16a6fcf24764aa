/*
 * Keeps the ends of the hub's lives. In: the end of this life, and the file of before. Out: a file
 * with a line "EPOCH SEQ" for each life, newest first, and the losses of readers.
 */
#include "ct-hub/lives.h"

#include <errno.h>

#include "base/digits.h"
#include "base/tell.h"
#include "os/store.h"

enum { MAX_LIVES_FILE = MAX_LIVES * (2 * BUS_NUMBER + 2) };	/* bytes */

/* Reads one line "EPOCH SEQ", given without its LF. Returns true with *end set, or false. */
static bool
lives_parse(struct span line, struct bus_place *end)
{
	if (!digits_take(&line, &end->epoch) || line.n == 0 || line.p[0] != ' ')
		return false;
	line = span_from(line, 1);
	return digits_take(&line, &end->seq) && line.n == 0 && end->seq > 0;
}

static void
lives_read(struct lives *l)
{
	struct span text, line;
	struct buf b;

	buf_init(&b);
	if (store_read(l->file, MAX_LIVES_FILE, &b) < 0 && errno != ENOENT)
		tell(TELL_WARNING, "%s cannot be read:", l->file);
	text = buf_span(&b);
	while (l->count < MAX_LIVES - 1 && span_line(&text, &line)) {
		if (!lives_parse(line, &l->earlier[l->count])) {
			tell(TELL_WARNING, "%s: a line is not EPOCH and SEQ; the rest is left out", l->file);
			break;
		}
		l->count++;
	}
	buf_free(&b);
}

void
lives_init(struct lives *l, const char *marks, uint64_t epoch)
{
	*l = (struct lives){ .epoch = epoch };
	buf_init(&l->name);
	if (marks == NULL)
		return;
	buf_putf(&l->name, "%s.lives", marks);
	l->file = buf_str(&l->name);
	lives_read(l);
}

void
lives_free(struct lives *l)
{
	buf_free(&l->name);
}

void
lives_store(struct lives *l, uint64_t seq)
{
	struct buf b;
	bool ok;

	if (l->file == NULL)
		return;
	buf_init(&b);
	buf_putf(&b, "%llu %llu\n", (unsigned long long)l->epoch, (unsigned long long)seq);
	for (size_t i = 0; i < l->count; i++)
		buf_putf(&b, "%llu %llu\n", (unsigned long long)l->earlier[i].epoch,
		    (unsigned long long)l->earlier[i].seq);
	ok = store_write(l->file, buf_span(&b)) == 0;
	if (!ok && !l->failed)
		tell(TELL_WARNING, "%s cannot be stored; readers may not learn what they lost:", l->file);
	l->failed = !ok;
	buf_free(&b);
}

bool
lives_lost(const struct lives *l, struct bus_place place, uint64_t *count)
{
	uint64_t between = 0, had;
	size_t i = 0;

	for (; i < l->count && l->earlier[i].epoch != place.epoch; i++)
		between += l->earlier[i].seq - 1;
	if (i == l->count)
		return false;
	if (l->earlier[i].seq >= place.seq) {
		*count = between + (l->earlier[i].seq - place.seq);
		return true;
	}
	had = place.seq - l->earlier[i].seq;
	*count = between > had ? between - had : 0;
	return true;
}

/*
 * Keeps the ends of the hub's lives. In: the end of this life, and the file that the hub before has
 * left. Out: a file with a line "EPOCH SEQ" for each life, newest first, and the losses of readers. The
 * first line ends in " end" when the next hub can go on with that life.
 */
#include "ct-hub/lives.h"

#include <errno.h>

#include "os/store.h"

enum { MAX_LIVES_FILE = (MAX_LIVES + 1) * (2 * BUS_NUMBER + 2 + sizeof(" end")) };	/* bytes */

/*
 * Reads one line "EPOCH SEQ", perhaps with " end", given without its LF. Returns true with *end
 * and *in_order set, or false.
 */
static bool
lives_parse(struct span line, struct bus_place *end, bool *in_order)
{
	if (!bus_place_take(end, &line) || end->epoch == 0 || end->seq == 0)
		return false;
	*in_order = span_eq(line, SPAN(" end"));
	return *in_order || line.n == 0;
}

/* Reads the content of the file. Returns NULL, or what is wrong with it. */
static const char *
lives_take(struct lives *l, struct span text)
{
	struct bus_place end;
	struct span line;
	bool in_order;

	if (text.n == 0)
		return "it is empty";
	while (l->count < MAX_LIVES - 1 && span_line(&text, &line)) {
		if (!lives_parse(line, &end, &in_order))
			return "a line is not EPOCH and SEQ";
		if (in_order && l->count == 0 && l->begin.epoch == 0)
			l->begin = end;
		else
			l->earlier[l->count++] = end;
	}
	return l->count < MAX_LIVES - 1 && text.n > 0 ? "its last line has no end" : NULL;
}

static const char *
lives_read(struct lives *l)
{
	const char *why = NULL;
	struct buf b;

	buf_init(&b);
	if (store_read(l->file, MAX_LIVES_FILE, &b) == 0)
		why = lives_take(l, buf_span(&b));
	else if (errno != ENOENT)
		why = strerror(errno);
	buf_free(&b);
	return why;
}

const char *
lives_init(struct lives *l, const char *marks)
{
	const char *why = NULL;

	*l = (struct lives){ .count = 0 };
	buf_init(&l->name);
	if (marks != NULL) {
		buf_putf(&l->name, "%s.lives", marks);
		l->file = buf_str(&l->name);
		store_make_folder(l->file);
		why = lives_read(l);
	}
	if (l->begin.epoch == 0)
		l->begin = (struct bus_place){ bus_place_epoch(), 1 };
	return why;
}

void
lives_free(struct lives *l)
{
	buf_free(&l->name);
}

/* Appends the lines of all lives; behind that of this one, which ends at seq, stands word. */
static void
lives_put(const struct lives *l, uint64_t seq, const char *word, struct buf *out)
{
	buf_putf(out, "%llu %llu%s\n", (unsigned long long)l->begin.epoch, (unsigned long long)seq, word);
	for (size_t i = 0; i < l->count; i++)
		buf_putf(out, "%llu %llu\n", (unsigned long long)l->earlier[i].epoch,
		    (unsigned long long)l->earlier[i].seq);
}

void
lives_show(const struct lives *l, uint64_t next, struct buf *out)
{
	lives_put(l, next, "", out);
}

/* Stores seq as the end of this life, with the word behind it. */
static bool
lives_write(struct lives *l, uint64_t seq, const char *word)
{
	struct buf b;
	int error;

	if (l->file == NULL)
		return true;
	buf_init(&b);
	lives_put(l, seq, word, &b);
	error = store_write(l->file, buf_span(&b)) < 0 ? errno : 0;
	buf_free(&b);
	errno = error;
	return error == 0;
}

bool
lives_store(struct lives *l, uint64_t seq)
{
	return lives_write(l, seq, "");
}

bool
lives_end(struct lives *l, uint64_t seq)
{
	return lives_write(l, seq, " end");
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

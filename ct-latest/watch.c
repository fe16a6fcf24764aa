/*
 * The board on a terminal.
 *
 * in: answers to the question "status" (ct-bus(5)), and the size of the terminal
 * out: the terminal at standard output
 */
#include "ct-latest/watch.h"

#include <unistd.h>

#include "bus/bus.h"
#include "bus/question.h"
#include "ct-latest/board.h"
#include "ct-latest/latest.h"
#include "os/age.h"
#include "os/columns.h"
#include "os/out.h"
#include "os/progress.h"
#include "os/wall.h"

enum { WATCH_MS = 1000 };

/* Returns the time of day in seconds since 1970. */
static double
watch_now(void)
{
	return (double)wall_now() / 1000;
}

/* Sets *room to that of the terminal, but for the line on which the cursor is left. */
static bool
watch_room(struct board_room *room)
{
	if (!progress_size(STDOUT_FILENO, &room->width, &room->height))
		return false;
	if (room->height > 1)
		room->height--;
	return true;
}

int
watch_put_once(struct span records)
{
	struct buf out = { 0 };
	struct board_room room;
	int result;

	if (!watch_room(&room))
		return -1;
	board_put(records, room, watch_now(), &out);
	buf_putc(&out, '\n');
	result = out_write(STDOUT_FILENO, buf_span(&out));
	buf_free(&out);
	return result;
}

/* Writes why there is no answer, and how old the last one is. */
static void
watch_put_trouble(const struct watch *w, unsigned width, struct buf *out)
{
	struct buf line = { 0 }, shown = { 0 };
	char age[MAX_AGE_TEXT];

	buf_putf(&line, "%s: %s; waiting for it", bus_shown(&shown, w->address), w->why);
	if (w->answered_at > 0)
		buf_putf(&line, "; what was heard %s ago:",
		    age_write(age, loop_clock() - w->answered_at));
	columns_put_text(out, buf_span(&line), width);
	buf_free(&line);
	buf_free(&shown);
}

/* Writes what is to be seen now. Returns false when the terminal is gone. */
static bool
watch_put(const struct watch *w, struct buf *out)
{
	struct board_room room;

	if (!watch_room(&room))
		return false;
	if (w->why != NULL) {
		watch_put_trouble(w, room.width, out);
		room.height--;
	}
	if (w->answered_at == 0 || room.height == 0)
		return true;
	if (w->why != NULL)
		buf_putc(out, '\n');
	board_put(buf_span(&w->records), room, watch_now(), out);
	return true;
}

static void
watch_show(struct watch *w)
{
	struct buf lines = { 0 };

	if (!watch_put(w, &lines))
		loop_stop(w->loop);
	else if (lines.n > 0)
		progress_show(STDOUT_FILENO, buf_span(&lines));
	buf_free(&lines);
}

static void
watch_answered(void *cookie, struct span answer, const char *why)
{
	struct watch *w = cookie;

	w->why = why;
	if (why == NULL) {
		buf_reset(&w->records);
		buf_put(&w->records, answer);
		w->answered_at = loop_clock();
	}
	question_free(w->question);
	w->question = NULL;
	watch_show(w);
	loop_after(w->loop, &w->timer, WATCH_MS);
}

static void
watch_ask(void *cookie)
{
	struct watch *w = cookie;
	const char *why;

	w->question = question_open(w->loop, w->address, SPAN("status"), LATEST_ASK_MS, watch_answered,
	    w, &why);
	if (w->question != NULL)
		return;
	w->why = why;
	watch_show(w);
	loop_after(w->loop, &w->timer, WATCH_MS);
}

void
watch_open(struct watch *w, struct loop *loop, const char *address)
{
	*w = (struct watch){ .loop = loop, .address = address };
	w->timer = (struct loop_timer){ .due = watch_ask, .cookie = w };
	loop_after(loop, &w->timer, 0);
}

void
watch_resize(struct watch *w)
{
	watch_show(w);
}

void
watch_free(struct watch *w)
{
	struct buf lines = { 0 };

	loop_stop_timer(w->loop, &w->timer);
	question_free(w->question);
	if (watch_put(w, &lines) && lines.n > 0)
		progress_leave(STDOUT_FILENO, buf_span(&lines));
	buf_free(&lines);
	buf_free(&w->records);
}

/*
 * The table of all logs, at a terminal or on demand.
 *
 * in: the logs of the watch, once a second
 * out: standard error
 */
#include "ct-fetch/sight.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-fetch/log/log_view.h"
#include "ct-fetch/panel.h"
#include "os/out.h"
#include "os/progress.h"

/* Lines of records on the same terminal would run through the table. */
static bool
sight_is_wanted(void)
{
	return tell_is_on(TELL_INFO) && progress_is_possible(STDERR_FILENO) && !isatty(STDOUT_FILENO);
}

void
sight_init(struct sight *s, const struct fetch *f, const struct watch *w)
{
	*s = (struct sight){ .fetch = f, .watch = w, .live = sight_is_wanted() };
}

/* Appends the table to out, in at most so many columns and lines; 0 is no limit. */
static void
sight_put(const struct sight *s, unsigned width, unsigned height, struct buf *out)
{
	struct panel panel = {
		.entries = s->fetch->count.entries, .rate = s->rate.per_second,
		.width = width, .height = height,
	};
	struct log *const *logs = watch_logs(s->watch, &panel.n);
	struct log_view *views = calloc(panel.n + 1, sizeof(*views));

	if (views == NULL)
		die_world("out of memory");
	for (size_t i = 0; i < panel.n; i++)
		log_view(logs[i], &views[i]);
	panel.logs = views;
	panel_put(&panel, out);
	free(views);
}

/*
 * One line of the terminal stays free, so that the newest message can be read above the table,
 * unless there are so few that the table takes them all.
 */
static void
sight_show(const struct sight *s)
{
	unsigned width, height;
	struct buf lines = { 0 };

	if (!s->live || !progress_size(STDERR_FILENO, &width, &height))
		return;
	sight_put(s, width, height > MIN_PANEL ? height - 1 : height, &lines);
	progress_show(STDERR_FILENO, buf_span(&lines));
	buf_free(&lines);
}

void
sight_tick(struct sight *s)
{
	rate_take(&s->rate, s->fetch->count.entries, loop_now(s->fetch->loop));
	sight_show(s);
}

void
sight_resize(const struct sight *s)
{
	sight_show(s);
}

void
sight_print(const struct sight *s)
{
	unsigned width = 0, height;
	struct buf lines = { 0 };

	(void)progress_size(STDERR_FILENO, &width, &height);
	sight_put(s, width, 0, &lines);
	buf_putc(&lines, '\n');
	if (s->live)
		progress_clear(STDERR_FILENO);
	if (out_write(STDERR_FILENO, buf_span(&lines)) < 0)
		tell(TELL_DEBUG, "the table cannot be written:");
	buf_free(&lines);
	sight_show(s);
}

void
sight_end(struct sight *s)
{
	if (s->live)
		progress_clear(STDERR_FILENO);
	s->live = false;
}

/*
 * In: the hub's answer (ct-bus(5)). Out: its newest records, as lines or as
 * the one object that certstream servers have at /latest.json. main.c and
 * follow.c call it.
 */
#include "ct-latest/latest.h"

#include "bus/bus.h"

void
latest_init(struct latest *l)
{
	*l = (struct latest){ .count = 0 };
	buf_init(&l->shown);
}

void
latest_free(struct latest *l)
{
	buf_free(&l->shown);
}

static void
latest_take(struct latest *l, struct view view, struct span lines)
{
	struct span line;

	while (span_line(&lines, &line)) {
		if (!view_put(view, &l->shown, line))
			continue;
		buf_putc(&l->shown, '\n');
		l->count++;
	}
}

static void
latest_cut(struct latest *l, unsigned most)
{
	struct span rest = buf_span(&l->shown), line;

	for (; l->count > most; l->count--)
		span_line(&rest, &line);
	buf_drop(&l->shown, l->shown.n - rest.n);
}

int
latest_ask(struct latest *l, const char *address, struct view view, unsigned most,
    const char **why)
{
	const char *question = view.status ? "status" : "latest";
	struct span lines;
	struct buf answer;
	int result = 0;

	buf_reset(&l->shown);
	l->count = 0;
	buf_init(&answer);
	if (bus_ask(address, question, LATEST_ASK_MS, &answer, why) < 0) {
		result = -1;
	} else if (view.status) {
		latest_take(l, view, buf_span(&answer));
	} else if (bus_message(buf_span(&answer), &l->next, &lines)) {
		latest_take(l, view, lines);
	} else {
		*why = "its answer is not one of a hub";
		result = -1;
	}
	buf_free(&answer);
	latest_cut(l, most);
	return result;
}

void
latest_put_json(const struct latest *l, struct buf *out)
{
	struct span rest = buf_span(&l->shown);
	const uint8_t *lf;
	size_t start;

	buf_puts(out, "{\"messages\":[");
	while (rest.n > 0) {
		rest.n--;	/* the LF of the last line */
		lf = rest.n == 0 ? NULL : memrchr(rest.p, '\n', rest.n);
		start = lf == NULL ? 0 : (size_t)(lf - rest.p) + 1;
		buf_put(out, span_from(rest, start));
		if (start > 0)
			buf_putc(out, ',');
		rest.n = start;
	}
	buf_puts(out, "]}\n");
}

/*
 * Shows the newest records. In: the hub's answer (ct-bus(5)). Out: its records, as
 * lines or as the one object that certstream servers have at /latest.json.
 */
#include "ct-latest/latest.h"

#include "bus/question.h"

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
latest_cut(struct latest *l, unsigned most)
{
	struct span rest = buf_span(&l->shown), line;

	for (; l->count > most; l->count--)
		span_line(&rest, &line);
	buf_drop(&l->shown, l->shown.n - rest.n);
}

void
latest_take(struct latest *l, struct view view, unsigned most, struct span lines)
{
	struct span line;

	buf_reset(&l->shown);
	l->count = 0;
	while (span_line(&lines, &line)) {
		if (!view_put(view, &l->shown, line))
			continue;
		buf_putc(&l->shown, '\n');
		l->count++;
	}
	latest_cut(l, most);
}

bool
latest_take_place(struct span *answer, struct bus_place *place)
{
	struct span head;

	return span_line(answer, &head) && bus_place_take(place, &head) && head.n == 0;
}

int
latest_ask(struct latest *l, const char *address, struct view view, unsigned most,
    const char **why)
{
	struct buf question, answer;
	struct bus_place next;
	struct span lines;
	int result;

	buf_init(&question);
	buf_init(&answer);
	if (view.status)
		buf_puts(&question, "status");
	else
		buf_putf(&question, "latest %u", most);
	result = question_ask(address, buf_span(&question), LATEST_ASK_MS, &answer, why);
	lines = buf_span(&answer);
	if (result == 0 && !view.status && !latest_take_place(&lines, &next)) {
		*why = LATEST_NO_PLACE;
		result = -1;
	}
	if (result == 0)
		latest_take(l, view, most, lines);
	buf_free(&question);
	buf_free(&answer);
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

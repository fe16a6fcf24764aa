/*
 * In: event lines. Out: bodies for /latest.json and /example.json in each
 * form, as CaliDog's and the Go server's clients know them. server.c puts,
 * route.c asks.
 */
#include "ct-ws/latest.h"

void
latest_init(struct latest *l)
{
	*l = (struct latest){ .count = 0 };
}

void
latest_free(struct latest *l)
{
	for (size_t i = 0; i < LATEST_KEEP; i++)
		buf_free(&l->events[i]);
	for (size_t i = 0; i < STREAM_FORMS; i++) {
		body_drop(l->all[i].body);
		body_drop(l->newest[i].body);
	}
	latest_init(l);
}

void
latest_put(struct latest *l, struct span event)
{
	struct buf *b = &l->events[l->count++ % LATEST_KEEP];

	buf_reset(b);
	buf_put(b, event);
}

static bool
latest_is_fresh(const struct latest *l, const struct latest_page *p, uint64_t now)
{
	return p->body != NULL && (p->count == l->count || now - p->at < LATEST_MS);
}

static void
latest_replace(const struct latest *l, struct latest_page *p, struct body *b, uint64_t now)
{
	body_drop(p->body);
	*p = (struct latest_page){ .body = b, .at = now, .count = l->count };
}

/* Appends event number i without its end of line. */
static bool
latest_put_form(const struct latest *l, uint64_t i, enum stream_form form, struct buf *out)
{
	if (!stream_form_put(form, out, buf_span(&l->events[i % LATEST_KEEP])))
		return false;
	if (out->p[out->n - 1] == '\n')
		out->n--;
	return true;
}

static uint64_t
latest_oldest(const struct latest *l)
{
	return l->count > LATEST_KEEP ? l->count - LATEST_KEEP : 0;
}

struct body *
latest_all(struct latest *l, enum stream_form form, uint64_t now)
{
	struct latest_page *p = &l->all[form];
	struct body *b;

	if (latest_is_fresh(l, p, now))
		return p->body;
	b = body_open();
	buf_puts(&b->bytes, "{\"messages\":[");
	for (uint64_t i = l->count; i-- > latest_oldest(l);)
		if (latest_put_form(l, i, form, &b->bytes))
			buf_putc(&b->bytes, ',');
	if (b->bytes.p[b->bytes.n - 1] == ',')
		b->bytes.n--;
	buf_puts(&b->bytes, "]}\n");
	latest_replace(l, p, b, now);
	return b;
}

struct body *
latest_newest(struct latest *l, enum stream_form form, uint64_t now)
{
	struct latest_page *p = &l->newest[form];
	struct body *b;

	if (latest_is_fresh(l, p, now))
		return p->body;
	b = body_open();
	for (uint64_t i = l->count; i-- > latest_oldest(l);)
		if (latest_put_form(l, i, form, &b->bytes)) {
			buf_putc(&b->bytes, '\n');
			latest_replace(l, p, b, now);
			return b;
		}
	body_drop(b);
	return NULL;
}

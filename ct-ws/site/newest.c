/*
 * Keeps the newest events and makes documents of them.
 *
 * in: event lines
 * out: the bodies of /latest.json and /example.json in each form, as the
 *      servers of CaliDog and certstream-server-go send them
 */
#include "ct-ws/site/newest.h"

#include "ct-ws/site/example.h"
#include "ct-ws/stream/text.h"

void
newest_init(struct newest *l)
{
	*l = (struct newest){ .count = 0 };
}

void
newest_free(struct newest *l)
{
	for (size_t i = 0; i < NEWEST_KEEP; i++)
		buf_free(&l->events[i]);
	for (size_t i = 0; i < FORMS; i++) {
		body_drop(l->all[i].body);
		body_drop(l->one[i].body);
		body_drop(l->made_up[i]);
	}
	newest_init(l);
}

void
newest_put(struct newest *l, struct bus_place place, struct span event)
{
	struct buf *b = &l->events[l->count++ % NEWEST_KEEP];

	buf_reset(b);
	buf_put(b, event);
	l->place = place;
}

static bool
newest_is_fresh(const struct newest *l, const struct newest_page *p, uint64_t now)
{
	return p->body != NULL && (p->count == l->count || now - p->at < NEWEST_MS);
}

static void
newest_replace(const struct newest *l, struct newest_page *p, struct body *b, uint64_t now)
{
	body_drop(p->body);
	*p = (struct newest_page){ .body = b, .at = now, .count = l->count,
		.place = l->place };
}

/* Appends event in the form. Returns false when it does not have that form. */
static bool
newest_put_text(enum form form, struct buf *out, struct span event)
{
	struct span text;
	struct buf made;
	bool has;

	buf_init(&made);
	has = text_make(form, event, &made, &text);
	if (has)
		buf_put(out, text);
	buf_free(&made);
	return has;
}

static bool
newest_put_form(const struct newest *l, uint64_t i, enum form form, struct buf *out)
{
	return newest_put_text(form, out, buf_span(&l->events[i % NEWEST_KEEP]));
}

static uint64_t
newest_oldest(const struct newest *l)
{
	return l->count > NEWEST_KEEP ? l->count - NEWEST_KEEP : 0;
}

struct body *
newest_all(struct newest *l, enum form form, uint64_t now, struct bus_place *place)
{
	struct newest_page *p = &l->all[form];
	struct body *b;

	*place = p->place;
	if (newest_is_fresh(l, p, now))
		return p->body;
	b = body_open();
	buf_puts(&b->bytes, "{\"messages\":[");
	for (uint64_t i = l->count; i-- > newest_oldest(l);)
		if (newest_put_form(l, i, form, &b->bytes))
			buf_putc(&b->bytes, ',');
	if (b->bytes.p[b->bytes.n - 1] == ',')
		b->bytes.n--;
	buf_puts(&b->bytes, "]}\n");
	newest_replace(l, p, b, now);
	*place = p->place;
	return b;
}

struct body *
newest_one(struct newest *l, enum form form, uint64_t now)
{
	struct newest_page *p = &l->one[form];
	struct body *b;

	if (newest_is_fresh(l, p, now))
		return p->body;
	b = body_open();
	for (uint64_t i = l->count; i-- > newest_oldest(l);)
		if (newest_put_form(l, i, form, &b->bytes)) {
			buf_putc(&b->bytes, '\n');
			newest_replace(l, p, b, now);
			return b;
		}
	body_drop(b);
	return NULL;
}

struct body *
newest_made_up(struct newest *l, enum form form)
{
	struct body *b = l->made_up[form];

	if (b != NULL)
		return b;
	b = l->made_up[form] = body_open();
	newest_put_text(form, &b->bytes, example_event);
	if (b->bytes.p[b->bytes.n - 1] != '\n')
		buf_putc(&b->bytes, '\n');
	return b;
}

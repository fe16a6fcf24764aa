/*
 * Filters: what one client wants.
 *
 * in: values that have been checked
 * out: the filter in one form, and as JSON
 */
#include "ct-ws/filter/filter.h"

#include <stdlib.h>

#include "base/die.h"
#include "ct-ws/filter/filter_value.h"
#include "enc/json_put.h"

void
filter_init(struct filter *f)
{
	for (unsigned k = 0; k < FILTER_KINDS; k++)
		buf_init(&f->values[k]);
	f->type = FILTER_BOTH;
}

void
filter_free(struct filter *f)
{
	for (unsigned k = 0; k < FILTER_KINDS; k++)
		buf_free(&f->values[k]);
	f->type = FILTER_BOTH;
}

bool
filter_is_empty(const struct filter *f)
{
	for (unsigned k = 0; k < FILTER_KINDS; k++)
		if (f->values[k].n > 0)
			return false;
	return f->type == FILTER_BOTH;
}

bool
filter_next(struct span *rest, struct span *value)
{
	const uint8_t *nul = rest->n == 0 ? NULL : memchr(rest->p, '\0', rest->n);

	if (nul == NULL)
		return false;
	*value = span_of(rest->p, (size_t)(nul - rest->p));
	*rest = span_from(*rest, value->n + 1);
	return true;
}

const char *
filter_word(enum filter_kind kind)
{
	static const char *const words[FILTER_KINDS] = { "domain", "match", "regex", "issuer", "log" };

	return words[kind];
}

static int
filter_order(const void *a, const void *b)
{
	return span_cmp(*(const struct span *)a, *(const struct span *)b);
}

/* Puts the values of one kind in order and leaves out what repeats the one before it. */
static void
filter_sort(struct buf *values)
{
	struct span rest = buf_span(values), *all;
	struct buf sorted;
	size_t count = 0;

	if (values->n == 0)
		return;
	all = calloc(MAX_FILTER_VALUES, sizeof(*all));
	if (all == NULL)
		die_world("out of memory for a filter");
	while (count < MAX_FILTER_VALUES && filter_next(&rest, &all[count]))
		count++;
	qsort(all, count, sizeof(*all), filter_order);
	buf_init(&sorted);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && span_eq(all[i], all[i - 1]))
			continue;
		buf_put(&sorted, all[i]);
		buf_putc(&sorted, '\0');
	}
	free(all);
	buf_free(values);
	*values = sorted;
}

void
filter_end(struct filter *f, unsigned wanted)
{
	for (unsigned k = 0; k < FILTER_KINDS; k++)
		filter_sort(&f->values[k]);
	f->type = wanted == 1 ? FILTER_CERTS : wanted == 2 ? FILTER_PRECERTS : FILTER_BOTH;
}

/* Appends "key": and what is behind it may follow; a comma first unless b ends in a brace. */
static void
filter_put_key(struct buf *b, const char *key)
{
	if (b->p[b->n - 1] != '{')
		buf_putc(b, ',');
	json_put_str(b, key);
	buf_putc(b, ':');
}

void
filter_put_json(const struct filter *f, struct buf *b)
{
	struct span rest, value;

	buf_puts(b, "{\"message_type\":\"subscribed\",\"subscribe\":{");
	for (unsigned k = 0; k < FILTER_KINDS; k++) {
		rest = buf_span(&f->values[k]);
		if (rest.n == 0)
			continue;
		filter_put_key(b, filter_word((enum filter_kind)k));
		buf_putc(b, '[');
		while (filter_next(&rest, &value)) {
			json_put(b, value);
			if (rest.n > 0)
				buf_putc(b, ',');
		}
		buf_putc(b, ']');
	}
	if (f->type != FILTER_BOTH) {
		filter_put_key(b, "precert");
		buf_puts(b, f->type == FILTER_PRECERTS ? "true" : "false");
	}
	buf_puts(b, "}}");
}

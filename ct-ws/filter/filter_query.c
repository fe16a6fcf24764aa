/*
 * Filters in the query of a URL.
 *
 * in: what stands behind the '?'
 * out: a filter, or what is wrong
 */
#include "ct-ws/filter/filter_value.h"
#include "ct-ws/http/query.h"

/* A filter being read. */
struct filter_reader {
	struct filter *filter;
	unsigned wanted;	/* what precert has named, as filter_add_precert sets it */
	struct buf text;	/* a member's value, decoded */
	struct buf one;		/* one of the values in it */
	struct buf *why;
};

static bool
filter_take_one(struct filter_reader *r, unsigned kind, struct span value)
{
	while (value.n > 0 && value.p[0] == ' ')
		value = span_from(value, 1);
	while (value.n > 0 && value.p[value.n - 1] == ' ')
		value.n--;
	return kind == FILTER_KINDS ? filter_add_precert(&r->wanted, value, r->why) :
	    filter_add(r->filter, (enum filter_kind)kind, value, r->why);
}

/* Takes the values of a list: a comma ends one, and is part of it behind a backslash. */
static bool
filter_take_list(struct filter_reader *r, unsigned kind)
{
	struct span text = buf_span(&r->text);
	bool last;

	for (size_t i = 0;; i++) {
		last = i == text.n;
		if (last || text.p[i] == ',') {
			if (!filter_take_one(r, kind, buf_span(&r->one)))
				return false;
			buf_reset(&r->one);
			if (last)
				return true;
			continue;
		}
		i += text.p[i] == '\\' && i + 1 < text.n && text.p[i + 1] == ',';
		buf_putc(&r->one, (char)text.p[i]);
	}
}

/* Takes one member of the query; a key that is no kind's is passed over. */
static bool
filter_take_member(struct filter_reader *r, struct span key, struct span value)
{
	unsigned kind = 0;
	const char *word;
	size_t at;

	while (kind < FILTER_KINDS && !query_is(key, filter_word((enum filter_kind)kind)))
		kind++;
	if (kind == FILTER_KINDS && !query_is(key, "precert"))
		return true;
	word = kind == FILTER_KINDS ? "precert" : filter_word((enum filter_kind)kind);
	buf_reset(&r->text);
	buf_reset(&r->one);
	at = kind == FILTER_REGEX ? query_decode_pattern(&r->text, value) :
	    query_decode(&r->text, value);
	if (at > 0)
		return filter_wrong(r->why, word, value,
		    "two hex digits must follow the %% at character %zu", at);
	if (kind == FILTER_REGEX)
		return filter_add(r->filter, FILTER_REGEX, buf_span(&r->text), r->why);
	return filter_take_list(r, kind);
}

bool
filter_parse_query(struct filter *f, struct span query, struct buf *why)
{
	struct filter_reader r = { .filter = f, .why = why };
	struct span key, value;
	bool good = true;

	filter_init(f);
	while (good && query_next(&query, &key, &value))
		good = filter_take_member(&r, key, value);
	buf_free(&r.text);
	buf_free(&r.one);
	if (good)
		filter_end(f, r.wanted);
	else
		filter_free(f);
	return good;
}

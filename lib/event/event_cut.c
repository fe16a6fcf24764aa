/*
 * Cuts the forms lite and domains out of a full event. In: one line, as ct-parse or
 * another server wrote it. Out: the line without two of its members, or its names
 * alone.
 */
#include "event/event.h"

#include "enc/json_put.h"

/* Where the members lie that a cut needs. The span of a member that the event lacks is empty. */
struct event_parts {
	struct span chain, as_der;	/* from the key's quote to the end of the value */
	struct span all_domains;	/* the value */
	bool certificate;		/* message_type says certificate_update */
};

/*
 * Returns one span of the member key, from its quote to the end of its value, which j has just
 * read.
 */
static struct span
event_member(struct json_str key, const struct json *j)
{
	const uint8_t *from = key.raw.p - 1;

	return span_of(from, (size_t)(j->p - from));
}

static void
event_find_in_leaf(struct json *j, struct event_parts *parts)
{
	struct json_str key;

	json_enter(j);
	while (json_key(j, &key)) {
		if (json_is(key, "all_domains") && json_peek(j) == JSON_ARRAY) {
			json_skip(j, &parts->all_domains);
		} else {
			json_skip(j, NULL);
			if (json_is(key, "as_der"))
				parts->as_der = event_member(key, j);
		}
	}
}

static void
event_find_in_data(struct json *j, struct event_parts *parts)
{
	struct json_str key;

	json_enter(j);
	while (json_key(j, &key)) {
		if (json_is(key, "leaf_cert") && json_peek(j) == JSON_OBJECT) {
			event_find_in_leaf(j, parts);
		} else {
			json_skip(j, NULL);
			if (json_is(key, "chain"))
				parts->chain = event_member(key, j);
		}
	}
}

static bool
event_find(struct span full, struct event_parts *parts)
{
	struct json_str key, type;
	struct json j;

	memset(parts, 0, sizeof(*parts));
	json_init(&j, full);
	if (json_peek(&j) != JSON_OBJECT)
		return false;
	json_enter(&j);
	while (json_key(&j, &key)) {
		if (json_is(key, "data") && json_peek(&j) == JSON_OBJECT)
			event_find_in_data(&j, parts);
		else if (json_is(key, "message_type") && json_take_string(&j, &type))
			parts->certificate = json_is(type, "certificate_update");
		else
			json_skip(&j, NULL);
	}
	return parts->certificate && json_done(&j);
}

static bool
event_is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/*
 * Leaves member out of a copy: appends the bytes from *from up to member, and moves *from behind
 * it. One comma goes with it: that behind the member, or that before it when it is the last one.
 * The whole text ends at end.
 */
static void
event_cut(struct buf *out, const uint8_t **from, const uint8_t *end, struct span member)
{
	const uint8_t *p = member.p, *q = member.p + member.n;

	while (q < end && event_is_space(*q))
		q++;
	if (q < end && *q == ',') {
		q++;
	} else {
		while (p > *from && p[-1] != ',' && p[-1] != '{')
			p--;
		if (p > *from && p[-1] == ',')
			p--;
	}
	buf_put(out, span_of(*from, (size_t)(p - *from)));
	*from = q;
}

bool
event_put_lite(struct buf *out, struct span full)
{
	const uint8_t *from = full.p, *end = full.p + full.n;
	struct event_parts parts;
	struct span first, second;

	if (!event_find(full, &parts))
		return false;
	first = parts.chain;
	second = parts.as_der;
	if (first.n == 0 || (second.n > 0 && second.p < first.p)) {
		first = parts.as_der;
		second = parts.chain;
	}
	if (first.n > 0)
		event_cut(out, &from, end, first);
	if (second.n > 0)
		event_cut(out, &from, end, second);
	buf_put(out, span_of(from, (size_t)(end - from)));
	return true;
}

bool
event_put_domains(struct buf *out, struct span full)
{
	struct event_parts parts;
	size_t from = out->n;

	if (!event_find(full, &parts))
		return false;
	buf_put(out, SPAN("{\"data\":"));
	buf_put(out, parts.all_domains.n > 0 ? parts.all_domains : SPAN("[]"));
	if (span_starts(full, SPAN("{\"data\":")))	/* format go */
		json_escape_html(out, from);
	buf_put(out, SPAN(",\"message_type\":\"dns_entries\"}"));
	return true;
}

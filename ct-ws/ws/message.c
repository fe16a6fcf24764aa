/*
 * Checks and keeps the messages of clients.
 *
 * in: the payload of text frames, unmasked
 * out: texts that are short, and what is wrong with a message
 * standard: RFC 6455 sections 5.6 and 8.1, RFC 7692 section 7.2.2
 */
#include "ct-ws/ws/message.h"

void
message_begin(struct message *m, bool is_text, bool is_deflated)
{
	*m = (struct message){ .is_open = true, .is_text = is_text, .is_deflated = is_deflated };
}

enum message_got
message_announce(struct message *m, uint64_t n)
{
	if (n > MAX_MESSAGE_IN - m->n)
		return MESSAGE_TOO_BIG;
	m->n += (uint32_t)n;
	return MESSAGE_GOOD;
}

/* Keeps no more of a text than how it begins, which tells what it was meant for, and gives back the rest. */
static void
message_shorten(struct message *m, struct span bytes)
{
	struct buf first;

	buf_init(&first);
	if (!m->is_deflated) {
		buf_put(&m->kept, bytes.n > MESSAGE_FIRST ? span_of(bytes.p, MESSAGE_FIRST) : bytes);
		buf_put(&first, span_of(m->kept.p, m->kept.n < MESSAGE_FIRST ? m->kept.n : MESSAGE_FIRST));
	}
	buf_free(&m->kept);
	m->kept = first;
}

/* Keeps bytes, or none of them any more when there are too many. */
static void
message_keep(struct message *m, struct span bytes)
{
	if (m->is_long)
		return;
	m->is_long = bytes.n > MAX_MESSAGE_KEPT - m->kept.n;
	if (m->is_long)
		message_shorten(m, bytes);
	else
		buf_put(&m->kept, bytes);
}

enum message_got
message_put(struct message *m, struct span bytes)
{
	if (!m->is_deflated && !utf8_take(&m->end, bytes))
		return MESSAGE_NOT_UTF8;
	message_keep(m, bytes);
	return MESSAGE_GOOD;
}

/* Unpacks what is kept, a whole message, and keeps the text instead. */
static enum message_got
message_inflate(struct message *m, struct gz *gz)
{
	enum gz_state state;
	struct buf text;
	bool is_utf8;

	buf_init(&text);
	state = gz_put_message(gz, &text, buf_span(&m->kept), MAX_MESSAGE_INFLATED);
	is_utf8 = utf8_is(buf_span(&text));
	buf_free(&m->kept);
	m->is_deflated = false;
	message_keep(m, buf_span(&text));
	buf_free(&text);
	if (state != GZ_WHOLE)
		return state == GZ_TOO_LONG ? MESSAGE_TOO_BIG : MESSAGE_DAMAGED;
	return is_utf8 ? MESSAGE_GOOD : MESSAGE_NOT_UTF8;
}

enum message_got
message_end(struct message *m, struct gz *gz)
{
	m->is_open = false;
	if (m->is_text && m->is_deflated && !m->is_long)
		return message_inflate(m, gz);
	return m->end.n == 0 ? MESSAGE_GOOD : MESSAGE_NOT_UTF8;
}

void
message_free(struct message *m)
{
	buf_free(&m->kept);
	*m = (struct message){ .n = 0 };
}

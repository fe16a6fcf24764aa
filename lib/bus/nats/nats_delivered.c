/*
 * What the reply subject of a message from a consumer says. In: the subject. Out: its numbers. It is a
 * file of its own because it needs no connection, and so no library.
 */
#include "bus/nats/nats_stream.h"

#include "base/digits.h"

/*
 * $JS.ACK.STREAM.CONSUMER.DELIVERED.STREAM_SEQ.CONSUMER_SEQ.TIME.PENDING, or with DOMAIN.ACCOUNT behind
 * ACK and a token at the end.
 */
bool
nats_delivered_parse(struct nats_delivered *d, const char *reply)
{
	const char *token[12];
	unsigned count = 0, at;
	uint64_t *into[] = { &d->stream_seq, &d->consumer_seq, NULL, &d->pending };

	if (reply == NULL || strncmp(reply, "$JS.ACK.", 8) != 0)
		return false;
	for (const char *p = reply; p != NULL && count < 12; p = strchr(p, '.')) {
		p += count > 0;
		token[count++] = p;
	}
	if (count != 9 && count < 11)
		return false;
	at = count == 9 ? 5 : 7;
	for (unsigned i = 0; i < 4; i++) {
		struct span text = span_str(token[at + i]);

		if (into[i] != NULL && !digits_take(&text, into[i]))
			return false;
	}
	return true;
}

/*
 * Streams and consumers of JetStream. In: what the address asks for. Out: the requests of the NATS
 * JetStream API ($JS.API.STREAM.*, $JS.API.CONSUMER.*) and what came of them.
 */
#include "bus/nats/nats_stream.h"

#include <stdio.h>

#include "base/digits.h"
#include "bus/nats/nats_answer.h"
#include "enc/date.h"

#define NATS_SECOND 1000000000ull

enum {
	NATS_ASK_MS = 2000,
	NATS_NO_STREAM = 10059,		/* err_code of JetStream: stream not found */
	NATS_NO_MEMORY = 10028,		/* insufficient memory resources available */
	NATS_NO_STORAGE = 10047,	/* insufficient storage resources available */
	NATS_HEARTBEAT_S = 5,		/* of consumers: a third of SUBSCRIBER_SILENCE_MS */
};

/* What a stream gets that the address does not set. */
static const struct nats_settings nats_usual = {
	.replicas = 1,
	.max_age = 24 * 3600 * NATS_SECOND,
	.max_bytes = (uint64_t)8 << 30,
	.duplicates = 600 * NATS_SECOND,
	.discard = "old",
	.storage = "file",
};

/* Asks the API something about the stream. Returns true with the answer, or false with why filled. */
static bool
nats_ask(struct nats *n, const struct nats_address *a, const char *verb, const char *more,
    struct span body, struct buf *answer, char *why)
{
	struct buf subject;
	bool answered;

	buf_init(&subject);
	buf_puts(&subject, "$JS.");
	if (a->domain[0] != '\0')
		buf_putf(&subject, "%s.", a->domain);
	buf_putf(&subject, "API.%s.%s", verb, a->stream);
	if (more != NULL)
		buf_putf(&subject, ".%s", more);
	answered = nats_request(n, buf_str(&subject), body, NATS_ASK_MS, answer, why);
	buf_free(&subject);
	return answered;
}

/* The fraction of a second in an RFC 3339 time, in microseconds. */
static uint64_t
nats_fraction(struct span text)
{
	const uint8_t *dot = text.n == 0 ? NULL : memchr(text.p, '.', text.n);
	uint64_t us = 0, unit = 100000;

	if (dot == NULL)
		return 0;
	for (text = span_from(text, (size_t)(dot - text.p) + 1); digits_has(text) && unit > 0; unit /= 10) {
		us += (uint64_t)(text.p[0] - '0') * unit;
		text = span_from(text, 1);
	}
	return us;
}

static bool
nats_stream_read(struct nats_stream *s, struct span answer)
{
	struct span created, size;
	int64_t seconds;
	uint64_t most = 0;

	if (!nats_answer_text(answer, "created", &created) ||
	    !date_parse(created, &seconds) || seconds <= 0 ||
	    !nats_answer_number(answer, "state.first_seq", &s->first) ||
	    !nats_answer_number(answer, "state.last_seq", &s->last) ||
	    !nats_answer_number(answer, "state.messages", &s->messages) ||
	    !nats_answer_number(answer, "state.bytes", &s->bytes))
		return false;
	s->epoch = (uint64_t)seconds * 1000000 + nats_fraction(created);
	if (s->messages == 0)
		s->first = s->last + 1;
	s->max_message = SIZE_MAX;
	if (nats_answer_find(answer, "config.max_msg_size", &size) && digits_take(&size, &most) && most > 0)
		s->max_message = (size_t)most;
	return true;
}

/*
 * Adds to the reason for which the servers do not make the stream how it asks for less, when they
 * lack the room that it reserves: a server that is told no limits gives streams a part of what is
 * free where it stores them.
 */
static void
nats_stream_ask_less(uint64_t code, char *why)
{
	size_t n = strlen(why);

	if (code == NATS_NO_STORAGE || code == NATS_NO_MEMORY)
		snprintf(why + n, NATS_WHY - n, "; max-bytes= in the address lets the stream reserve less");
}

/* What an answer about the stream says. */
static enum nats_found
nats_stream_take(struct nats_stream *s, struct span answer, char *why)
{
	uint64_t code;

	if (nats_answer_failed(answer, &code, why, NATS_WHY)) {
		nats_stream_ask_less(code, why);
		return code == NATS_NO_STREAM ? NATS_MISSING : NATS_UNKNOWN;
	}
	if (nats_stream_read(s, answer))
		return NATS_FOUND;
	snprintf(why, NATS_WHY, "the answer about the stream cannot be read");
	return NATS_UNKNOWN;
}

enum nats_found
nats_stream_find(struct nats *n, const struct nats_address *a, struct nats_stream *s, char *why)
{
	struct buf answer;
	enum nats_found found = NATS_UNKNOWN;

	buf_init(&answer);
	if (nats_ask(n, a, "STREAM.INFO", NULL, SPAN(""), &answer, why))
		found = nats_stream_take(s, buf_span(&answer), why);
	buf_free(&answer);
	return found;
}

/* ---- making it ---- */

static uint64_t
nats_or(uint64_t given, uint64_t usual)
{
	return given != 0 ? given : usual;
}

static void
nats_stream_write(struct buf *out, const struct nats_address *a)
{
	const struct nats_settings *s = &a->settings, *u = &nats_usual;
	uint64_t age = nats_or(s->max_age, u->max_age), twice = nats_or(s->duplicates, u->duplicates);

	buf_putf(out, "{\"name\":\"%s\",\"subjects\":[\"%s.>\"],\"retention\":\"limits\","
	    "\"max_consumers\":-1,\"max_msgs\":-1,\"max_msg_size\":-1,\"max_bytes\":", a->stream, a->prefix);
	buf_put_u64(out, nats_or(s->max_bytes, u->max_bytes));
	buf_puts(out, ",\"max_age\":");
	buf_put_u64(out, age);
	buf_puts(out, ",\"duplicate_window\":");
	buf_put_u64(out, s->duplicates == 0 && twice > age ? age : twice);
	buf_puts(out, ",\"num_replicas\":");
	buf_put_u64(out, nats_or(s->replicas, u->replicas));
	buf_putf(out, ",\"discard\":\"%s\",\"storage\":\"%s\"}", s->discard != NULL ? s->discard : u->discard,
	    s->storage != NULL ? s->storage : u->storage);
}

static void
nats_differs(char *differs, const char *name, struct span is, const char *asked)
{
	size_t n = strlen(differs);

	snprintf(differs + n, NATS_WHY - n, "%s%s is %.*s, not %s", n > 0 ? "; " : "", name, (int)is.n,
	    (const char *)is.p, asked);
}

static void
nats_compare_number(struct span answer, const char *path, const char *name, uint64_t asked, uint64_t unit,
    const char *words, char *differs)
{
	char is[40], want[40];
	uint64_t value = 0;

	(void)nats_answer_number(answer, path, &value);
	if (asked == 0 || value == asked)
		return;
	snprintf(is, sizeof(is), value == 0 ? "unlimited" : "%llu%s", (unsigned long long)(value / unit),
	    words);
	snprintf(want, sizeof(want), "%llu%s", (unsigned long long)(asked / unit), words);
	nats_differs(differs, name, span_str(is), want);
}

static void
nats_compare_text(struct span answer, const char *path, const char *name, const char *asked, char *differs)
{
	struct span value = SPAN("");

	(void)nats_answer_text(answer, path, &value);
	if (asked != NULL && !span_eq(value, span_str(asked)))
		nats_differs(differs, name, value, asked);
}

/* Names the settings that the address asks for and the stream has not. */
static void
nats_stream_compare(struct span answer, const struct nats_address *a, char *differs)
{
	const struct nats_settings *s = &a->settings;
	char subjects[MAX_NATS_STREAM + 8], escaped[MAX_NATS_STREAM + 16];
	struct span list = SPAN("[]");

	differs[0] = '\0';
	snprintf(subjects, sizeof(subjects), "\"%s.>\"", a->prefix);
	snprintf(escaped, sizeof(escaped), "\"%s.\\u003e\"", a->prefix);
	(void)nats_answer_find(answer, "config.subjects", &list);
	if (memmem(list.p, list.n, subjects, strlen(subjects)) == NULL &&
	    memmem(list.p, list.n, escaped, strlen(escaped)) == NULL)
		nats_differs(differs, "subjects", list, subjects);
	nats_compare_number(answer, "config.num_replicas", "replicas", s->replicas, 1, "", differs);
	nats_compare_number(answer, "config.max_age", "max-age", s->max_age, NATS_SECOND, " s", differs);
	nats_compare_number(answer, "config.max_bytes", "max-bytes", s->max_bytes, 1, " bytes", differs);
	nats_compare_number(answer, "config.duplicate_window", "duplicates", s->duplicates, NATS_SECOND, " s",
	    differs);
	nats_compare_text(answer, "config.discard", "discard", s->discard, differs);
	nats_compare_text(answer, "config.storage", "storage", s->storage, differs);
}

enum nats_found
nats_stream_make(struct nats *n, const struct nats_address *a, struct nats_stream *s, char *differs,
    char *why)
{
	struct buf answer, body;
	enum nats_found found = NATS_UNKNOWN;

	buf_init(&answer);
	buf_init(&body);
	if (nats_ask(n, a, "STREAM.INFO", NULL, SPAN(""), &answer, why))
		found = nats_stream_take(s, buf_span(&answer), why);
	if (found == NATS_MISSING) {
		found = NATS_UNKNOWN;
		nats_stream_write(&body, a);
		if (nats_ask(n, a, "STREAM.CREATE", NULL, buf_span(&body), &answer, why))
			found = nats_stream_take(s, buf_span(&answer), why);
	}
	if (found == NATS_FOUND)
		nats_stream_compare(buf_span(&answer), a, differs);
	buf_free(&answer);
	buf_free(&body);
	return found;
}

/* ---- consumers ---- */

static void
nats_consumer_write(struct buf *out, const struct nats_address *a, const struct nats_wanted *w)
{
	buf_putf(out, "{\"stream_name\":\"%s\",\"config\":{\"replay_policy\":\"instant\",\"num_replicas\":1,"
	    "\"mem_storage\":true,", a->stream);
	if (w->from > 0) {
		buf_puts(out, "\"deliver_policy\":\"by_start_sequence\",\"opt_start_seq\":");
		buf_put_u64(out, w->from);
	} else {
		buf_puts(out, "\"deliver_policy\":\"last_per_subject\"");
	}
	if (w->filter != NULL)
		buf_putf(out, ",\"filter_subject\":\"%s\"", w->filter);
	if (w->to != NULL)
		buf_putf(out, ",\"ack_policy\":\"none\",\"max_deliver\":1,\"deliver_subject\":\"%s\","
		    "\"flow_control\":true,\"idle_heartbeat\":%d000000000}}", w->to, NATS_HEARTBEAT_S);
	else
		buf_puts(out, ",\"ack_policy\":\"explicit\"}}");
}

bool
nats_consumer_open(struct nats *n, const struct nats_address *a, const struct nats_wanted *wanted,
    struct buf *name, uint64_t *pending, char *why)
{
	struct buf body, answer;
	struct span text;
	uint64_t code;
	bool made;

	buf_init(&body);
	buf_init(&answer);
	nats_consumer_write(&body, a, wanted);
	made = nats_ask(n, a, "CONSUMER.CREATE", NULL, buf_span(&body), &answer, why) &&
	    !nats_answer_failed(buf_span(&answer), &code, why, NATS_WHY);
	if (made && !(nats_answer_text(buf_span(&answer), "name", &text) &&
	    nats_answer_number(buf_span(&answer), "num_pending", pending))) {
		snprintf(why, NATS_WHY, "the answer about the consumer cannot be read");
		made = false;
	}
	buf_reset(name);
	if (made)
		buf_put(name, text);
	buf_free(&body);
	buf_free(&answer);
	return made;
}

void
nats_consumer_free(struct nats *n, const struct nats_address *a, struct buf *name)
{
	char why[NATS_WHY];
	struct buf answer;

	buf_init(&answer);
	if (name->n > 0 && nats_connected(n))
		(void)nats_ask(n, a, "CONSUMER.DELETE", buf_str(name), SPAN(""), &answer, why);
	buf_free(&answer);
	buf_reset(name);
}

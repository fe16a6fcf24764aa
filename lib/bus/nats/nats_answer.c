/*
 * Answers of JetStream, as NATS documents them (schemas io.nats.jetstream.api.v1). In: JSON. Out:
 * single values.
 */
#include "bus/nats/nats_answer.h"

#include <stdio.h>

#include "base/digits.h"
#include "enc/json.h"

/* Sets *value to the member of the object whose key is the n bytes at key. */
static bool
nats_answer_member(struct span object, const char *key, size_t n, struct span *value)
{
	struct json_str name;
	struct json j;
	struct span all;

	json_init(&j, object);
	if (json_peek(&j) != JSON_OBJECT || !json_enter(&j))
		return false;
	while (json_key(&j, &name)) {
		if (!json_skip(&j, &all))
			return false;
		if (span_eq(name.raw, span_of(key, n))) {
			*value = all;
			return true;
		}
	}
	return false;
}

bool
nats_answer_find(struct span answer, const char *path, struct span *value)
{
	struct span at = answer;

	while (*path != '\0') {
		size_t n = strcspn(path, ".");

		if (!nats_answer_member(at, path, n, &at))
			return false;
		path += n + (path[n] == '.');
	}
	*value = at;
	return true;
}

bool
nats_answer_number(struct span answer, const char *path, uint64_t *value)
{
	struct span text;

	return nats_answer_find(answer, path, &text) && digits_take(&text, value);
}

bool
nats_answer_text(struct span answer, const char *path, struct span *value)
{
	struct span text;

	if (!nats_answer_find(answer, path, &text) || text.n < 2 || text.p[0] != '"')
		return false;
	*value = span_of(text.p + 1, text.n - 2);
	return true;
}

bool
nats_answer_failed(struct span answer, uint64_t *code, char *why, size_t most)
{
	struct span error, text;

	if (!nats_answer_find(answer, "error", &error))
		return false;
	*code = 0;
	(void)nats_answer_number(error, "err_code", code);
	if (!nats_answer_text(error, "description", &text))
		text = error;
	snprintf(why, most, "%.*s", (int)(text.n < most ? text.n : most), (const char *)text.p);
	return true;
}

static const uint8_t *
nats_answer_has(struct span answer, struct span text)
{
	return answer.n < text.n ? NULL : memmem(answer.p, answer.n, text.p, text.n);
}

struct nats_stored
nats_answer_stored(struct span answer)
{
	struct nats_stored s = { .stored = false };
	struct span key = SPAN("\"seq\":"), rest;
	const uint8_t *at = nats_answer_has(answer, key);

	if (at == NULL || nats_answer_has(answer, SPAN("\"error\":")) != NULL)
		return s;
	rest = span_from(answer, (size_t)(at - answer.p) + key.n);
	if (rest.n > 0 && rest.p[0] == ' ')
		rest = span_from(rest, 1);
	s.stored = digits_take(&rest, &s.seq);
	s.repeated = nats_answer_has(answer, SPAN("\"duplicate\":")) != NULL;
	return s;
}

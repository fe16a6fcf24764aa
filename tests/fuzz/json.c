/*
 * Fuzz target: the JSON reader and writer. In: any text. Demands that the reader
 * accepts what jansson accepts, and that a text it accepts is still valid JSON when
 * its strings have been unescaped and written again.
 */
#include "enc/json.h"
#include "enc/json_put.h"
#include "tests/fuzz/judge.h"

enum { MOST_LEVELS = 500 };	/* the reader takes 512 */

static void
put_string(struct buf *b, struct buf *scratch, struct json_str s)
{
	buf_reset(scratch);
	json_put(b, json_unescape(scratch, s) ? buf_span(scratch) : s.raw);
}

/* Copies a value that is not an object or array. */
static void
put_scalar(struct buf *b, struct buf *scratch, struct json *j)
{
	struct json_str s;
	struct span all;

	if (json_peek(j) == JSON_STRING) {
		DEMAND(json_take_string(j, &s));
		put_string(b, scratch, s);
		return;
	}
	DEMAND(json_skip(j, &all));
	buf_put(b, all);
}

/* Copies the text of j, which json_skip has accepted. Returns false when it nests too deep. */
static bool
copy(struct buf *b, struct buf *scratch, struct json *j)
{
	bool is_object[MOST_LEVELS];
	struct json_str key;
	enum json_type type;
	unsigned depth = 0;

	for (;;) {
		type = json_peek(j);
		if (type == JSON_OBJECT || type == JSON_ARRAY) {
			if (depth == MOST_LEVELS)
				return false;
			is_object[depth++] = type == JSON_OBJECT;
			buf_putc(b, type == JSON_OBJECT ? '{' : '[');
			DEMAND(json_enter(j));
		} else {
			put_scalar(b, scratch, j);
		}
		while (depth > 0 && !(is_object[depth - 1] ? json_key(j, &key) : json_item(j)))
			buf_putc(b, is_object[--depth] ? '}' : ']');
		DEMAND(j->why == NULL);
		if (depth == 0)
			return true;
		if (b->p[b->n - 1] != '{' && b->p[b->n - 1] != '[')
			buf_putc(b, ',');
		if (is_object[depth - 1]) {
			put_string(b, scratch, key);
			buf_putc(b, ':');
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct span text = span_of(p, n), all;
	struct buf b, scratch;
	struct json j;
	bool taken;

	buf_init(&b);
	buf_init(&scratch);
	json_init(&j, text);
	taken = json_skip(&j, &all) && json_done(&j);
	if (taken) {
		judge_within(all, text);
		json_init(&j, text);
		if (copy(&b, &scratch, &j))
			judge_json(buf_span(&b));
	} else if (j.why == NULL || strstr(j.why, "too deep") == NULL) {
		DEMAND(!judge_is_json(text));
	}
	buf_reset(&b);
	json_put(&b, text);
	judge_json(buf_span(&b));
	buf_free(&b);
	buf_free(&scratch);
	return 0;
}

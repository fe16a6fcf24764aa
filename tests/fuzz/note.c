/*
 * Fuzz target: tree heads. In: any text, read as a checkpoint and as the answer to
 * get-sth. Demands that a head that was read is the same when it is written and
 * read again.
 */
#include "ct/note.h"
#include "tests/fuzz/judge.h"

static void
check_note(struct hash *h, struct span text)
{
	static const uint8_t log_id[HASH_SHA256] = { 1 };
	struct note note;
	struct head head;

	if (note_parse(text, &note) != NULL)
		return;
	judge_within(note.origin, text);
	judge_within(note.signatures, text);
	DEMAND(note.size <= MAX_TREE_SIZE);
	if (note_head(&note, h, log_id, &head) == NULL)
		DEMAND(head.size == note.size && head.signature_n <= sizeof(head.signature));
}

static void
check_sth(struct span text)
{
	struct head head, again;
	struct buf b;

	if (head_parse_sth(text, &head) != NULL)
		return;
	DEMAND(head.size <= MAX_TREE_SIZE && head.signature_n <= sizeof(head.signature));
	buf_init(&b);
	head_put_sth(&b, &head);
	judge_json(buf_span(&b));
	DEMAND(head_parse_sth(buf_span(&b), &again) == NULL);
	DEMAND(again.size == head.size && again.timestamp == head.timestamp);
	DEMAND(memcmp(again.root, head.root, sizeof(head.root)) == 0);
	DEMAND(span_eq(span_of(again.signature, again.signature_n),
	    span_of(head.signature, head.signature_n)));
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct hash *h = hash_open();

	check_note(h, span_of(p, n));
	check_sth(span_of(p, n));
	hash_free(h);
	return 0;
}

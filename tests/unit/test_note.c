/* ct/note: checkpoints of static-ct-api. */
#include "unit.h"

#include "corpus.h"
#include "ct/note.h"
#include "cut.h"
#include "enc/json.h"
#include "hex.h"

static const char rome_key[] =
	"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEPIcer7RB32jt4bTEbhgUKLKvOctFD+I2hoDItFxUBlJi"
	"GFvftBuRk3fO7e1T7gC2ekyfL7XoO2oN/ObcZyc4EA==";

#define ORIGIN "rome2026h1.example.org"
#define BODY ORIGIN "\n300\nlCkHUpkmVBEms2r2T1K6Og69+wUuuN3MIEW1/ezu2v0=\n"
#define DASH "\xe2\x80\x94 "
#define BY_ROME DASH ORIGIN " kVB1JgAAAZtxtEwABAMARzBFAiEAi+mTa2xjL1IdWpH82OeciGsGvwRAP+f1WkfKaS" \
	"ZCfFECIHoNPZ/Q3y6UNzvKOO9cuLr6V16vPNfhwhle9f6r5H/Z\n"
/*
 * FORGED has the right key ID and a wrong signature. GREASE has the right name, a key ID that
 * nobody has, and one more byte; logs add such lines so that readers learn to ignore them.
 */
#define FORGED DASH ORIGIN " kVB1JgAAAZtxtEwABAMABDACAgA=\n"
#define GREASE DASH ORIGIN " kgUpF30=\n"

static struct hash *hash;
static struct sig_key *key;

/* Parses and verifies by the key of rome2026h1. */
static const char *
open_note(struct span text, struct note *note, struct head *head)
{
	const char *why = note_parse(text, note);

	return why != NULL ? why : note_verify(note, hash, key, head);
}

static void
check_refused(struct span text, const char *why)
{
	struct note note;
	struct head head;
	const char *got = open_note(text, &note, &head);

	CHECK_TEXT(span_str(got != NULL ? got : "(good)"), why);
}

static void
a_checkpoint_becomes_a_tree_head(void)
{
	uint8_t message[HEAD_MESSAGE];
	struct note note;
	struct head head;

	CHECK(open_note(SPAN(BODY "\n" BY_ROME), &note, &head) == NULL);
	CHECK_TEXT(note.origin, ORIGIN);
	CHECK(note.size == 300 && head.size == 300);
	CHECK(head.timestamp == 1767139200000);
	head_message(&head, message);
	CHECK(hex_is(span_of(message, sizeof(message)), "00010000019b71b44c00000000000000012c9429"
	    "07529926541126b36af64f52ba3a0ebdfb052eb8ddcc2045b5fdeceedafd"));
	CHECK(head_verify(&head, key) == NULL);
}

static void
the_key_id_is_made_of_name_type_and_log_id(void)
{
	uint8_t log_id[HASH_SHA256], id[NOTE_KEY_ID];

	hash_sha256(hash, sig_key_der(key), log_id);
	note_key_id(hash, SPAN(ORIGIN), log_id, id);
	CHECK(hex_is(span_of(id, sizeof(id)), "91507526"));
}

static void
lines_of_others_are_ignored_wherever_they_stand(void)
{
	static const struct span texts[] = {
		SPAN(BODY "\n" GREASE BY_ROME),
		SPAN(BODY "\n" BY_ROME GREASE),
		SPAN(BODY "\n" DASH "grease.invalid 6PiRCcvuZmG7\n" BY_ROME),
		SPAN(BODY "\n" DASH ORIGIN " kVB1\n" BY_ROME),		/* shorter than a key ID */
		SPAN(BODY "\n" DASH ORIGIN " !\n" BY_ROME),
		SPAN(BODY "\n" DASH ORIGIN "\n" BY_ROME),
		SPAN(BODY "\n" DASH ORIGIN "x kVB1JgAA\n" BY_ROME),
		SPAN(BODY "\n" DASH "\n" BY_ROME),
		SPAN(BODY "\n" BY_ROME BY_ROME),
	};
	struct note note;
	struct head head;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		CHECK(open_note(texts[i], &note, &head) == NULL);
}

static void
a_line_of_the_log_that_does_not_verify_spoils_the_note(void)
{
	check_refused(SPAN(BODY "\n" FORGED), "RFC 6962 2.1.4: signature does not verify");
	check_refused(SPAN(BODY "\n" FORGED BY_ROME), "RFC 6962 2.1.4: signature does not verify");
	check_refused(SPAN(BODY "\n" BY_ROME FORGED), "RFC 6962 2.1.4: signature does not verify");
	check_refused(SPAN(BODY "\n" DASH ORIGIN " kVB1Jg==\n"),
	    "static-ct-api: RFC6962NoteSignature is cut");
	check_refused(SPAN(BODY "\n" DASH ORIGIN " kVB1JgAAAZtxtEwA\n"),
	    "static-ct-api: RFC6962NoteSignature is cut");
}

static void
a_note_without_a_line_of_the_log_is_refused(void)
{
	check_refused(SPAN(BODY "\n" GREASE), "static-ct-api: no signature by the log");
	check_refused(SPAN("other.example.org\n300\nlCkHUpkmVBEms2r2T1K6Og69+wUuuN3MIEW1/ezu2v0=\n"
	    "\n" BY_ROME), "static-ct-api: no signature by the log");
}

static void
a_body_that_is_not_a_checkpoint_is_refused(void)
{
#define ROOT "lCkHUpkmVBEms2r2T1K6Og69+wUuuN3MIEW1/ezu2v0=\n"
	static const struct {
		struct span text;
		const char *why;
	} cases[] = {
		{ SPAN(""), "signed-note: empty or longer than 64 KiB" },
		{ SPAN("\n"), "signed-note: no blank line before the signatures" },
		{ SPAN(BODY), "signed-note: no blank line before the signatures" },
		{ SPAN(BODY BY_ROME), "signed-note: no blank line before the signatures" },
		{ SPAN(BODY "\n"), "signed-note: no signature line" },
		{ SPAN(BODY "\n" BY_ROME "x"), "signed-note: not lines of UTF-8 text" },
		{ SPAN(BODY "\n- " ORIGIN " kVB1JgAA\n"),
		    "signed-note: signature line does not start with a dash" },
		{ SPAN("\n\n" BY_ROME), "tlog-checkpoint: origin missing" },
		{ SPAN("\n300\n" ROOT "\n" BY_ROME), "tlog-checkpoint: origin missing" },
		{ SPAN(ORIGIN "\n\n" BY_ROME),
		    "tlog-checkpoint: tree size is not a decimal number" },
		{ SPAN(ORIGIN "\n0300\n" ROOT "\n" BY_ROME),
		    "tlog-checkpoint: tree size is not a decimal number" },
		{ SPAN(ORIGIN "\n+300\n" ROOT "\n" BY_ROME),
		    "tlog-checkpoint: tree size is not a decimal number" },
		{ SPAN(ORIGIN "\n9223372036854775808\n" ROOT "\n" BY_ROME),
		    "tlog-checkpoint: tree size is not a decimal number" },
		{ SPAN(ORIGIN "\n99999999999999999999999\n" ROOT "\n" BY_ROME),
		    "tlog-checkpoint: tree size is not a decimal number" },
		{ SPAN(ORIGIN "\n300\nlCkHUpkmVBEms2r2T1K6Og69\n\n" BY_ROME),
		    "tlog-checkpoint: root hash is not base64 of 32 bytes" },
		{ SPAN(ORIGIN "\n300\n" ROOT " \n\n" BY_ROME),
		    "static-ct-api: checkpoint has extension lines" },
		{ SPAN(BODY "an extension\n\n" BY_ROME),
		    "static-ct-api: checkpoint has extension lines" },
		{ SPAN(BODY "\n\n" BY_ROME), "static-ct-api: checkpoint has extension lines" },
		{ SPAN(ORIGIN "\r\n300\n" ROOT "\n" BY_ROME), "signed-note: not lines of UTF-8 text" },
		{ SPAN("\xff" BODY "\n" BY_ROME), "signed-note: not lines of UTF-8 text" },
		{ SPAN(BODY "\n" BY_ROME DASH "\xc0\x80 AAAA\n"),
		    "signed-note: not lines of UTF-8 text" },
		{ SPAN(BODY "\n" BY_ROME DASH "\0 AAAA\n"), "signed-note: not lines of UTF-8 text" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_refused(cases[i].text, cases[i].why);
}

static void
the_largest_tree_and_the_empty_one_have_a_size(void)
{
	struct note note;

	CHECK(note_parse(SPAN(ORIGIN "\n0\n" ROOT "\n" BY_ROME), &note) == NULL);
	CHECK(note.size == 0);
	CHECK(note_parse(SPAN(ORIGIN "\n9223372036854775807\n" ROOT "\n" BY_ROME), &note) == NULL);
	CHECK(note.size == MAX_TREE_SIZE);
}

static void
sixty_four_signature_lines_are_read_and_no_more(void)
{
	struct note note;
	struct head head;
	struct buf b;

	buf_init(&b);
	buf_puts(&b, BODY "\n");
	for (int i = 0; i < MAX_NOTE_SIGNATURES - 1; i++)
		buf_puts(&b, GREASE);
	buf_puts(&b, BY_ROME);
	CHECK(open_note(buf_span(&b), &note, &head) == NULL);
	buf_puts(&b, GREASE);
	check_refused(buf_span(&b), "signed-note: too many signature lines");
	buf_free(&b);
}

static void
a_note_above_64_kib_is_refused(void)
{
	struct buf b;

	buf_init(&b);
	buf_puts(&b, BODY "\n" BY_ROME DASH "witness.example.org ");
	while (b.n < MAX_NOTE)
		buf_putc(&b, 'A');
	buf_putc(&b, '\n');
	check_refused(buf_span(&b), "signed-note: empty or longer than 64 KiB");
	buf_free(&b);
}

static void
refuse(struct span cut)
{
	struct note note;
	struct head head;

	CHECK(open_note(cut, &note, &head) != NULL);
}

static void
a_checkpoint_cut_anywhere_is_refused(void)
{
	cut_each(SPAN(BODY "\n" GREASE BY_ROME), refuse);
}

/* A line of checkpoints.ndjson; texts live in the arena. */
struct sample {
	struct span text, key, log_id, origin, root;
	bool parses, verifies, fails, expected;
	uint64_t size, timestamp;
};

static struct span
take_text(struct json *j, struct arena *a)
{
	struct json_str s;
	struct buf b;
	struct span text = { NULL, 0 };

	buf_init(&b);
	if (json_take_string(j, &s) && json_unescape(&b, s)) {
		uint8_t *p = arena_take(a, b.n + 1);

		if (b.n > 0)
			memcpy(p, b.p, b.n);
		text = span_of(p, b.n);
	}
	buf_free(&b);
	return text;
}

static void
take_expected(struct json *j, struct arena *a, struct sample *s)
{
	struct json_str name;

	s->expected = json_enter(j);
	while (json_key(j, &name)) {
		if (json_is(name, "origin"))
			s->origin = take_text(j, a);
		else if (json_is(name, "root_hash"))
			s->root = hex_b64(a, take_text(j, a));
		else if (json_is(name, "tree_size"))
			json_u64(j, &s->size);
		else if (json_is(name, "timestamp"))
			json_u64(j, &s->timestamp);
		else
			json_skip(j, NULL);
	}
}

static void
take_sample(struct span line, struct arena *a, struct sample *s)
{
	struct json_str name;
	struct span word;
	struct json j;

	json_init(&j, line);
	json_enter(&j);
	while (json_key(&j, &name)) {
		if (json_is(name, "expected")) {
			take_expected(&j, a, s);
		} else if (json_is(name, "text")) {
			s->text = take_text(&j, a);
		} else if (json_is(name, "key")) {
			s->key = hex_b64(a, take_text(&j, a));
		} else if (json_is(name, "log_id")) {
			s->log_id = hex_b64(a, take_text(&j, a));
		} else if (json_is(name, "parse")) {
			s->parses = span_eq(take_text(&j, a), SPAN("ok"));
		} else if (json_is(name, "signature")) {
			word = take_text(&j, a);
			s->verifies = span_eq(word, SPAN("verifies"));
			s->fails = span_eq(word, SPAN("fails"));
		} else {
			json_skip(&j, NULL);
		}
	}
	CHECK(json_done(&j));
}

static void
check_expected(const struct sample *s, const struct head *head, const struct note *note)
{
	CHECK(span_eq(note->origin, s->origin));
	CHECK(note->size == s->size && head->size == s->size);
	CHECK(s->timestamp == 0 || head->timestamp == s->timestamp);
	CHECK(span_eq(span_of(head->root, TREE_HASH), s->root));
}

static void
check_sample(const struct sample *s)
{
	uint8_t log_id[HASH_SHA256];
	struct sig_key *k = NULL;
	struct note note;
	struct head head;
	const char *why = note_parse(s->text, &note);

	if (s->key.n > 0) {
		CHECK(sig_key_parse(s->key, &k) == NULL);
		hash_sha256(hash, s->key, log_id);
	} else {
		CHECK(s->log_id.n == HASH_SHA256);
		memcpy(log_id, s->log_id.p, HASH_SHA256);
	}
	if (why == NULL)
		why = note_head(&note, hash, log_id, &head);
	CHECK((why == NULL) == s->parses);
	if (why == NULL && s->expected)
		check_expected(s, &head, &note);
	if (why == NULL && s->verifies)
		CHECK(note_verify(&note, hash, k, &head) == NULL);
	if (why == NULL && s->fails)
		CHECK(note_verify(&note, hash, k, &head) != NULL);
	sig_key_free(k);
}

static void
checkpoints_of_the_corpus_are_what_it_says_they_are(void)
{
	struct arena a;
	struct span rest;
	struct buf b;
	int n = 0;

	buf_init(&b);
	if (!corpus_read(&b, "static-ct/checkpoints.ndjson"))
		SKIP(NO_CORPUS);
	arena_init(&a);
	for (rest = buf_span(&b); rest.n > 0; n++) {
		const uint8_t *lf = memchr(rest.p, '\n', rest.n);
		struct sample s = { .size = 0 };
		size_t len = lf != NULL ? (size_t)(lf - rest.p) : rest.n;

		take_sample(span_of(rest.p, len), &a, &s);
		check_sample(&s);
		rest = span_from(rest, lf != NULL ? len + 1 : len);
	}
	CHECK(n == 20);
	arena_free(&a);
	buf_free(&b);
}

int
main(void)
{
	struct arena arena;

	arena_init(&arena);
	hash = hash_open();
	CHECK(sig_key_parse(hex_b64(&arena, span_str(rome_key)), &key) == NULL);
	RUN(a_checkpoint_becomes_a_tree_head);
	RUN(the_key_id_is_made_of_name_type_and_log_id);
	RUN(lines_of_others_are_ignored_wherever_they_stand);
	RUN(a_line_of_the_log_that_does_not_verify_spoils_the_note);
	RUN(a_note_without_a_line_of_the_log_is_refused);
	RUN(a_body_that_is_not_a_checkpoint_is_refused);
	RUN(the_largest_tree_and_the_empty_one_have_a_size);
	RUN(sixty_four_signature_lines_are_read_and_no_more);
	RUN(a_note_above_64_kib_is_refused);
	RUN(a_checkpoint_cut_anywhere_is_refused);
	RUN(checkpoints_of_the_corpus_are_what_it_says_they_are);
	sig_key_free(key);
	hash_free(hash);
	arena_free(&arena);
	return unit_end();
}

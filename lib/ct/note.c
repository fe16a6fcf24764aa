/*
 * Checkpoints: C2SP signed-note and tlog-checkpoint, signed as static-ct-api says
 * (RFC6962NoteSignature).
 *
 * in: the body of a checkpoint, which is not trusted
 * out: what it claims, and a tree head when the log signed it
 *
 * Logs shuffle their signature lines and add random ones. Therefore a line is chosen by its name
 * and key ID before anything else in it is read.
 */
#include "ct/note.h"

#include "base/digits.h"
#include "base/utf8.h"
#include "enc/b64.h"
#include "enc/rd.h"

static bool
note_is_text(struct span s)
{
	while (s.n > 0) {
		unsigned k = utf8_length(s);

		if (k == 0 || (s.p[0] < 0x20 && s.p[0] != '\n'))
			return false;
		s = span_from(s, k);
	}
	return true;
}

/* Reads a decimal number without leading zeros, at most MAX_TREE_SIZE. */
static bool
note_size(struct span s, uint64_t *size)
{
	bool padded = s.n > 1 && s.p[0] == '0';

	return !padded && digits_take(&s, size) && s.n == 0 && *size <= MAX_TREE_SIZE;
}

static bool
note_root(struct span s, uint8_t root[TREE_HASH])
{
	uint8_t raw[TREE_HASH + 1];

	if (s.n != b64_encoded(TREE_HASH) || b64_take(raw, s) != TREE_HASH)
		return false;
	memcpy(root, raw, TREE_HASH);
	return true;
}

/* Reads the lines of a checkpoint up to the blank line. */
static const char *
note_parse_text(struct span text, struct note *note)
{
	struct span line;

	if (!span_line(&text, &note->origin) || note->origin.n == 0)
		return "tlog-checkpoint: origin missing";
	if (!span_line(&text, &line) || !note_size(line, &note->size))
		return "tlog-checkpoint: tree size is not a decimal number";
	if (!span_line(&text, &line) || !note_root(line, note->root))
		return "tlog-checkpoint: root hash is not base64 of 32 bytes";
	note->extended = text.n > 0;
	return NULL;
}

/* U+2014 and a space */
#define NOTE_DASH SPAN("\xe2\x80\x94 ")

static const char *
note_parse_signatures(struct span lines)
{
	struct span line;
	unsigned n = 0;

	while (span_line(&lines, &line)) {
		if (!span_starts(line, NOTE_DASH))
			return "signed-note: signature line does not start with a dash";
		if (++n > MAX_NOTE_SIGNATURES)
			return "signed-note: too many signature lines";
	}
	return n > 0 ? NULL : "signed-note: no signature line";
}

/* Returns the last LF that stands alone on its line, which is a blank line, or NULL. */
static const uint8_t *
note_blank(struct span text)
{
	for (size_t i = text.n; i-- > 1; )
		if (text.p[i] == '\n' && text.p[i - 1] == '\n')
			return text.p + i;
	return NULL;
}

const char *
note_parse(struct span text, struct note *note)
{
	const uint8_t *blank;
	const char *why;

	if (text.n == 0 || text.n > MAX_NOTE)
		return "signed-note: empty or longer than 64 KiB";
	if (text.p[text.n - 1] != '\n' || !note_is_text(text))
		return "signed-note: not lines of UTF-8 text";
	blank = note_blank(text);
	if (blank == NULL)
		return "signed-note: no blank line before the signatures";
	note->signatures = span_from(text, (size_t)(blank + 1 - text.p));
	why = note_parse_text(span_of(text.p, (size_t)(blank - text.p)), note);
	return why != NULL ? why : note_parse_signatures(note->signatures);
}

void
note_key_id(struct hash *h, struct span origin, const uint8_t log_id[HASH_SHA256],
    uint8_t out[NOTE_KEY_ID])
{
	/* signed-note: name, LF, signature type; 0x05 is RFC6962NoteSignature */
	const struct span parts[] = { origin, SPAN("\n\x05"), span_of(log_id, HASH_SHA256) };
	uint8_t full[HASH_SHA256];

	hash_sha256_parts(h, parts, 3, full);
	memcpy(out, full, NOTE_KEY_ID);
}

/*
 * Decodes the next signature with this name and key ID into raw, which then begins with the key
 * ID. Returns false when no more follows. A line that is not "dash name base64" cannot be the
 * log's, and is passed over like the lines of witnesses.
 */
static bool
note_next(struct span *lines, struct span name, const uint8_t id[NOTE_KEY_ID], struct buf *raw)
{
	struct span line;

	while (span_line(lines, &line)) {
		line = span_from(line, NOTE_DASH.n);
		if (!span_starts(line, name) || line.n <= name.n || line.p[name.n] != ' ')
			continue;
		buf_reset(raw);
		if (b64_put_decoded(raw, span_from(line, name.n + 1)) && raw->n >= NOTE_KEY_ID &&
		    memcmp(raw->p, id, NOTE_KEY_ID) == 0)
			return true;
	}
	return false;
}

/* Reads what follows the key ID in an RFC6962NoteSignature: timestamp and DigitallySigned. */
static const char *
note_fill(const struct note *note, struct span raw, struct head *head)
{
	struct rd r = rd_of(span_from(raw, NOTE_KEY_ID));

	if (!rd_uint(&r, 8, &head->timestamp) || rd_done(&r))
		return "static-ct-api: RFC6962NoteSignature is cut";
	if (rd_left(&r) > sizeof(head->signature))
		return "static-ct-api: RFC6962NoteSignature too long";
	head->size = note->size;
	memcpy(head->root, note->root, TREE_HASH);
	head->signature_n = rd_left(&r);
	memcpy(head->signature, r.p, head->signature_n);
	return NULL;
}

static const char *const note_unsigned = "static-ct-api: no signature by the log";

const char *
note_head(const struct note *note, struct hash *h, const uint8_t log_id[HASH_SHA256],
    struct head *head)
{
	struct span lines = note->signatures;
	const char *why = note_unsigned;
	uint8_t id[NOTE_KEY_ID];
	struct buf raw;

	note_key_id(h, note->origin, log_id, id);
	buf_init(&raw);
	if (note_next(&lines, note->origin, id, &raw))
		why = note_fill(note, buf_span(&raw), head);
	buf_free(&raw);
	return why;
}

const char *
note_verify(const struct note *note, struct hash *h, const struct sig_key *key,
    struct head *head)
{
	struct span lines = note->signatures;
	const char *why = note_unsigned;
	uint8_t log_id[HASH_SHA256], id[NOTE_KEY_ID];
	struct head other;
	struct buf raw;

	if (note->extended)
		return "static-ct-api: checkpoint has extension lines";
	hash_sha256(h, sig_key_der(key), log_id);
	note_key_id(h, note->origin, log_id, id);
	buf_init(&raw);
	for (struct head *to = head; note_next(&lines, note->origin, id, &raw); to = &other) {
		why = note_fill(note, buf_span(&raw), to);
		if (why == NULL)
			why = head_verify(to, key);
		if (why != NULL)
			break;
	}
	buf_free(&raw);
	return why;
}

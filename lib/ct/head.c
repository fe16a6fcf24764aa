/*
 * Signed tree heads of RFC 6962 sections 3.5 and 4.3.
 *
 * in: the body of a get-sth answer, which is not trusted
 * out: a struct head, and whether the log signed it
 */
#include "ct/head.h"
#include "enc/b64.h"
#include "enc/json.h"

enum {
	MAX_HEAD_TEXT = 6 * 1500,	/* the longest signature in base64, as \u00xx */
};

/* Decodes a base64 string into out, which has room for most bytes. Returns how many, or -1. */
static ptrdiff_t
head_take_b64(struct json *j, uint8_t *out, size_t most)
{
	struct json_str s;
	struct buf text, raw;
	ptrdiff_t n = -1;

	if (!json_take_string(j, &s) || s.raw.n > MAX_HEAD_TEXT)
		return -1;
	buf_init(&text);
	buf_init(&raw);
	if (json_unescape(&text, s) && b64_put_decoded(&raw, buf_span(&text)) && raw.n <= most) {
		n = (ptrdiff_t)raw.n;
		if (raw.n > 0)
			memcpy(out, raw.p, raw.n);
	}
	buf_free(&text);
	buf_free(&raw);
	return n;
}

enum {
	HEAD_SIZE = 1,
	HEAD_TIMESTAMP = 2,
	HEAD_ROOT = 4,
	HEAD_SIGNATURE = 8,
};

/* Returns the bit that stands for a member of get-sth, or 0 for any other member. */
static unsigned
head_member(struct json_str key)
{
	return json_is(key, "tree_size") ? HEAD_SIZE :
	    json_is(key, "timestamp") ? HEAD_TIMESTAMP :
	    json_is(key, "sha256_root_hash") ? HEAD_ROOT :
	    json_is(key, "tree_head_signature") ? HEAD_SIGNATURE : 0;
}

static const char *
head_take_member(struct json *j, unsigned member, struct head *head)
{
	ptrdiff_t n;

	switch (member) {
	case HEAD_SIZE:
		if (!json_u64(j, &head->size) || head->size > MAX_TREE_SIZE)
			return "RFC 6962 4.3: tree_size is not a number of leaves";
		return NULL;
	case HEAD_TIMESTAMP:
		if (!json_u64(j, &head->timestamp))
			return "RFC 6962 4.3: timestamp is not a number";
		return NULL;
	case HEAD_ROOT:
		if (head_take_b64(j, head->root, TREE_HASH) != TREE_HASH)
			return "RFC 6962 4.3: sha256_root_hash is not base64 of 32 bytes";
		return NULL;
	case HEAD_SIGNATURE:
		n = head_take_b64(j, head->signature, sizeof(head->signature));
		if (n <= 0)
			return "RFC 6962 4.3: tree_head_signature is not base64 of a signature";
		head->signature_n = (size_t)n;
		return NULL;
	}
	json_skip(j, NULL);
	return NULL;
}

static const char *
head_missing(unsigned seen)
{
	if ((seen & HEAD_SIZE) == 0)
		return "RFC 6962 4.3: tree_size missing";
	if ((seen & HEAD_TIMESTAMP) == 0)
		return "RFC 6962 4.3: timestamp missing";
	if ((seen & HEAD_ROOT) == 0)
		return "RFC 6962 4.3: sha256_root_hash missing";
	if ((seen & HEAD_SIGNATURE) == 0)
		return "RFC 6962 4.3: tree_head_signature missing";
	return NULL;
}

const char *
head_parse_sth(struct span json, struct head *head)
{
	struct json j;
	struct json_str key;
	unsigned seen = 0;

	json_init(&j, json);
	if (json_peek(&j) != JSON_OBJECT || !json_enter(&j))
		return "RFC 6962 4.3: signed tree head is not a JSON object";
	while (json_key(&j, &key)) {
		unsigned member = head_member(key);
		const char *why;

		if ((seen & member) != 0)
			return "RFC 6962 4.3: a member of the signed tree head twice";
		why = head_take_member(&j, member, head);
		if (why != NULL)
			return why;
		seen |= member;
	}
	if (!json_done(&j))
		return "RFC 6962 4.3: signed tree head is not JSON";
	return head_missing(seen);
}

void
head_put_sth(struct buf *out, const struct head *head)
{
	buf_puts(out, "{\"tree_size\":");
	buf_put_u64(out, head->size);
	buf_puts(out, ",\"timestamp\":");
	buf_put_u64(out, head->timestamp);
	buf_puts(out, ",\"sha256_root_hash\":\"");
	b64_put(out, span_of(head->root, TREE_HASH));
	buf_puts(out, "\",\"tree_head_signature\":\"");
	b64_put(out, span_of(head->signature, head->signature_n));
	buf_puts(out, "\"}");
}

static uint8_t *
head_put_u64(uint8_t *p, uint64_t v)
{
	for (int shift = 56; shift >= 0; shift -= 8)
		*p++ = (uint8_t)(v >> shift);
	return p;
}

void
head_message(const struct head *head, uint8_t out[HEAD_MESSAGE])
{
	uint8_t *p = out;

	*p++ = 0;	/* version v1 */
	*p++ = 1;	/* signature_type tree_hash */
	p = head_put_u64(p, head->timestamp);
	p = head_put_u64(p, head->size);
	memcpy(p, head->root, TREE_HASH);
}

const char *
head_verify(const struct head *head, const struct sig_key *key)
{
	uint8_t message[HEAD_MESSAGE];

	head_message(head, message);
	return sig_verify_tls(key, span_of(message, sizeof(message)),
	    span_of(head->signature, head->signature_n));
}

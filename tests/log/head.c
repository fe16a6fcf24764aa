/*
 * Signs tree heads (RFC 6962 section 3.5) and writes them as checkpoints
 * (c2sp.org/tlog-checkpoint, c2sp.org/signed-note, static-ct-api). In: size, time,
 * root and key. Out: a signature, or a note.
 */
#include <openssl/sha.h>
#include <string.h>

#include "tests/log/log.h"

#define NOTE_RFC6962 0x05	/* signature type of the log's own line (static-ct-api) */

static void
head_put_message(const struct head *h, struct bytes *out)
{
	bytes_put_byte(out, 0);
	bytes_put_byte(out, 1);
	bytes_put_uint(out, h->timestamp, 8);
	bytes_put_uint(out, h->size, 8);
	bytes_put(out, h->root, sizeof(h->root));
}

void
head_sign(struct head *h, const struct key *key)
{
	struct bytes message = { 0 }, signature = { 0 };

	head_put_message(h, &message);
	key_sign_tls(key, message.at, message.len, &signature);
	memcpy(h->signature, signature.at, signature.len);
	h->signature_len = signature.len;
	bytes_free(&message);
	bytes_free(&signature);
}

/* The key ID of a line: the first four bytes of SHA-256(name, LF, type, log ID). */
static void
head_put_key_id(const struct key *key, const char *origin, struct bytes *out)
{
	struct bytes text = { 0 };
	unsigned char digest[32];

	bytes_put_text(&text, origin);
	bytes_put_byte(&text, '\n');
	bytes_put_byte(&text, NOTE_RFC6962);
	bytes_put(&text, key->id, sizeof(key->id));
	SHA256(text.at, text.len, digest);
	bytes_put(out, digest, 4);
	bytes_free(&text);
}

static void
head_put_line(const char *name, const struct bytes *signature, struct bytes *out)
{
	bytes_printf(out, "\u2014 %s ", name);
	bytes_put_base64(out, signature->at, signature->len);
	bytes_put_byte(out, '\n');
}

static void
head_put_own(const struct head *h, const struct key *key, const char *origin, struct bytes *out)
{
	struct bytes signature = { 0 };

	head_put_key_id(key, origin, &signature);
	bytes_put_uint(&signature, h->timestamp, 8);
	bytes_put(&signature, h->signature, h->signature_len);
	head_put_line(origin, &signature, out);
	bytes_free(&signature);
}

/* Appends a line that readers must pass over, because its key is unknown; it may have any length. */
static void
head_put_grease(struct rand *r, const char *name, struct bytes *out)
{
	unsigned char noise[104];
	struct bytes signature = { 0 };

	rand_fill(r, noise, sizeof(noise));
	bytes_put(&signature, noise, 5 + rand_below(r, sizeof(noise) - 4));
	head_put_line(name, &signature, out);
	bytes_free(&signature);
}

/* A head gets two such lines and the log's own, in an order that changes each time, as Sunlight does it. */
void
head_put_checkpoint(const struct head *h, const struct key *key, const char *origin,
    const char *seed, struct bytes *out)
{
	struct rand r;
	uint32_t own, line;

	rand_init(&r, seed, "checkpoint", h->timestamp);
	own = rand_below(&r, 3);
	bytes_printf(out, "%s\n%llu\n", origin, (unsigned long long)h->size);
	bytes_put_base64(out, h->root, sizeof(h->root));
	bytes_put_text(out, "\n\n");
	for (line = 0; line < 3; line++) {
		if (line == own)
			head_put_own(h, key, origin, out);
		else
			head_put_grease(&r, line == (own + 1) % 3 ? origin : "grease.invalid", out);
	}
}

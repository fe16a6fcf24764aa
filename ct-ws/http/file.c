/*
 * Answers with files that do not change.
 *
 * in: the bytes of a file, and requests for it
 * out: answers that have its tag
 * standard: RFC 9110 sections 8.8.3, 13.1.2 and 15.4.5
 */
#include "ct-ws/http/file.h"

#include "enc/token.h"

enum { FILE_TAG_BYTES = 12 };	/* of the SHA-256: two files of a site never have the same */

void
file_open(struct file *f, const char *type, const char *fields, struct span content,
    struct hash *hash)
{
	static const char hex[] = "0123456789abcdef";
	uint8_t digest[HASH_SHA256];
	size_t n = 0;

	*f = (struct file){ .type = type, .fields = fields, .body = body_open() };
	buf_put(&f->body->bytes, content);
	hash_sha256(hash, content, digest);
	f->tag[n++] = '"';
	for (size_t i = 0; i < FILE_TAG_BYTES; i++) {
		f->tag[n++] = hex[digest[i] >> 4];
		f->tag[n++] = hex[digest[i] & 15];
	}
	f->tag[n] = '"';
}

void
file_close(struct file *f)
{
	body_drop(f->body);
	*f = (struct file){ .body = NULL };
}

struct answer
file_answer(const struct file *f, const struct request *r)
{
	struct answer a = { .status = 200, .type = f->type, .fields = f->fields, .tag = f->tag };
	struct span rest = r->fields, list;

	while (a.status == 200 && request_next(&rest, "if-none-match", &list))
		if (token_list_has_tag(list, span_str(f->tag)) || token_list_has(list, "*"))
			a.status = 304;
	a.body = a.status == 200 ? body_take(f->body) : body_open();
	return a;
}

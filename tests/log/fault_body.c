/* Faults of bodies: kept too long, with something behind, or blown up. In: answers. Out: worse ones. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "tests/log/fail.h"
#include "tests/log/fault_kind.h"
#include "tests/log/query.h"

/* An answer that was kept. */
struct kept {
	struct kept *next;
	char *key;		/* path, and query unless it is ignored */
	uint64_t until;		/* ms */
	int status;
	const char *type;
	enum http_coding coding;
	uint64_t entries;
	struct bytes body;
};

const char *
fault_cache_check(const struct fault *f)
{
	if (f->count == 2 && strcmp(f->word[1], "path") != 0)
		return "a cache takes SECS [path]";
	return NULL;
}

static void
fault_cache_put_key(const struct fault *f, const struct fault_case *c, struct bytes *out)
{
	bytes_put_text(out, c->request->path);
	if (f->count < 2)
		bytes_printf(out, "?%s", c->request->query);
	bytes_put_byte(out, 0);
}

/* Returns what is kept for the request, in date or not, or NULL. The caller holds the fault's lock. */
static struct kept *
fault_cache_find(const struct fault *f, const struct fault_case *c)
{
	struct bytes key = { 0 };
	struct kept *k = f->state;

	fault_cache_put_key(f, c, &key);
	while (k != NULL && strcmp(k->key, (const char *)key.at) != 0)
		k = k->next;
	bytes_free(&key);
	return k;
}

bool
fault_cache(struct fault *f, struct fault_case *c)
{
	struct http_response *r = c->response;
	const struct kept *k;
	bool found;

	pthread_mutex_lock(&f->lock);
	k = fault_cache_find(f, c);
	found = k != NULL && fault_clock() < k->until;
	if (found) {
		bytes_put(&r->body, k->body.at, k->body.len);
		r->status = k->status;
		r->type = k->type;
		r->cache = "public, max-age=60";
		r->coding = k->coding;
		r->entries = k->entries;
	}
	pthread_mutex_unlock(&f->lock);
	return found;
}

void
fault_cache_keep(struct fault *f, struct fault_case *c)
{
	const struct http_response *r = c->response;
	struct bytes key = { 0 };
	struct kept *k;

	pthread_mutex_lock(&f->lock);
	k = fault_cache_find(f, c);
	if (k == NULL) {
		k = calloc(1, sizeof(*k));
		if (k == NULL)
			fail_world("out of memory for a cache");
		fault_cache_put_key(f, c, &key);
		k->key = (char *)key.at;
		k->next = f->state;
		f->state = k;
	}
	if (fault_clock() >= k->until) {
		k->until = fault_clock() + f->number[0] * 1000;
		k->status = r->status;
		k->type = r->type;
		k->coding = r->coding;
		k->entries = r->entries;
		bytes_reset(&k->body);
		bytes_put(&k->body, r->body.at, r->body.len);
	}
	pthread_mutex_unlock(&f->lock);
}

void
fault_trailing(struct fault *f, struct fault_case *c)
{
	uint64_t i;

	for (i = 0; i < f->number[0]; i++)
		bytes_put_byte(&c->response->body, 0xff);
}

/* Appends so many MB of blanks, compressed, behind what may be the beginning of a page. */
static void
fault_bomb_put(uint64_t mb, struct bytes *out)
{
	static const char begin[] = "{\"entries\":[";
	unsigned char *blanks = malloc(1 << 20);
	z_stream z = { 0 };

	if (blanks == NULL || deflateInit2(&z, 9, Z_DEFLATED, 16 + 15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		fail_world("cannot start zlib");
	memset(blanks, ' ', 1 << 20);
	memcpy(blanks, begin, sizeof(begin) - 1);
	bytes_reserve(out, (size_t)(mb + 1) * 4096);
	z.next_out = out->at;
	z.avail_out = (uInt)out->cap;
	for (; mb > 0; mb--) {
		z.next_in = blanks;
		z.avail_in = 1 << 20;
		if (deflate(&z, mb == 1 ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_ERROR)
			fail_bug("zlib did not go on");
		memset(blanks, ' ', sizeof(begin) - 1);
	}
	out->len = z.total_out;
	deflateEnd(&z);
	free(blanks);
}

/* The bomb is made once, when it is first asked for. */
bool
fault_bomb(struct fault *f, struct fault_case *c)
{
	struct http_response *r = c->response;
	struct bytes *bomb;

	pthread_mutex_lock(&f->lock);
	if (f->state == NULL) {
		bomb = calloc(1, sizeof(*bomb));
		if (bomb == NULL)
			fail_world("out of memory for a body");
		fault_bomb_put(f->number[0] == 0 ? 1 : f->number[0], bomb);
		f->state = bomb;
	}
	bomb = f->state;
	pthread_mutex_unlock(&f->lock);
	bytes_put(&r->body, bomb->at, bomb->len);
	r->status = 200;
	r->type = "application/json";
	r->cache = "no-store";
	r->wire.coding = "gzip";
	return true;
}

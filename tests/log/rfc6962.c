/*
 * Answers the requests of RFC 6962 section 4 that read a log. In: a path and query. Out:
 * a response. get-entries gives at most a page of entries, and when a page or more is
 * asked for it ends at a multiple of the page, as servers in use do. What a test wants
 * untrue is in struct bend.
 */
#include <openssl/evp.h>
#include <string.h>

#include "tests/log/api.h"
#include "tests/log/query.h"

/* A request while it is answered, with the log's lock held. */
struct question {
	struct log *log;
	const char *query;
	const struct bend *bend;
	struct http_response *response;
};

static void
rfc6962_put_quoted(struct bytes *out, const void *from, size_t len)
{
	bytes_put_byte(out, '"');
	bytes_put_base64(out, from, len);
	bytes_put_byte(out, '"');
}

static void
rfc6962_put_hashes(struct bytes *out, const struct bytes *hashes)
{
	size_t i;

	bytes_put_byte(out, '[');
	for (i = 0; i < hashes->len; i += TREE_HASH) {
		bytes_put_text(out, i == 0 ? "" : ",");
		rfc6962_put_quoted(out, hashes->at + i, TREE_HASH);
	}
	bytes_put_byte(out, ']');
}

static void
rfc6962_sth(const struct question *q)
{
	struct bytes *out = &q->response->body;
	struct head head;
	const struct head *h = &head;

	bend_head(q->bend, q->log, &head);
	bytes_printf(out, "{\"tree_size\":%llu,\"timestamp\":%llu,\"sha256_root_hash\":",
	    (unsigned long long)h->size, (unsigned long long)h->timestamp);
	rfc6962_put_quoted(out, h->root, sizeof(h->root));
	bytes_put_text(out, ",\"tree_head_signature\":");
	rfc6962_put_quoted(out, h->signature, h->signature_len);
	bytes_put_byte(out, '}');
}

static void
rfc6962_put_extra_data(struct bytes *out, const struct entry *e, enum bend_extra bend)
{
	struct bytes extra = { 0 };

	bytes_put_text(out, ",\"extra_data\":");
	if (bend == BEND_EXTRA_NULL) {
		bytes_put_text(out, "null");
		return;
	}
	log_put_extra_data(e, &extra);
	if (bend == BEND_EXTRA_GARBAGE)
		memset(extra.at, 0xff, extra.len);
	rfc6962_put_quoted(out, extra.at, extra.len);
	bytes_free(&extra);
}

static void
rfc6962_put_entry(const struct question *q, uint64_t index)
{
	const struct entry *e = q->log->entry[index];
	enum bend_extra extra = bend_extra_of(q->bend, index);
	struct bytes *out = &q->response->body;

	bytes_put_text(out, "\"leaf_input\":");
	rfc6962_put_quoted(out, e->at, e->leaf_len);
	if (extra != BEND_EXTRA_MISSING)
		rfc6962_put_extra_data(out, e, extra);
}

/* Returns the last index that start, end and the page allow; start <= end. */
static uint64_t
rfc6962_last(uint64_t start, uint64_t end, uint64_t page)
{
	if (end - start < page - 1)
		return end;
	end = start + (page - 1);
	return (end + 1) % page == 0 ? end : end - (end + 1) % page;
}

/*
 * Sectigo's CF_CTile cuts the answer out of one cached tile, and gives no entry where the
 * tile has not been cached that far.
 */
static uint64_t
rfc6962_cached_end(const struct question *q, uint64_t start, uint64_t size)
{
	uint64_t tile_end = (start / TILE_WIDTH + 1) * TILE_WIDTH;
	uint64_t cached = size > q->bend->uncached ? size - q->bend->uncached : 0;

	if (tile_end > size && tile_end > cached)
		return cached > start ? cached : start;
	return tile_end;
}

static void
rfc6962_put_entries(const struct question *q, const struct bend_range *r)
{
	struct bytes *out = &q->response->body;
	uint64_t i;

	bytes_put_text(out, "{\"entries\":[");
	for (i = 0; i < r->count; i++) {
		bytes_put_text(out, i == 0 ? "{" : ",{");
		rfc6962_put_entry(q, bend_index(q->bend, r, i));
		bytes_put_byte(out, '}');
	}
	bytes_put_text(out, "]}");
	q->response->entries = r->count;
}

static void
rfc6962_entries(const struct question *q)
{
	uint64_t start, end, stop, size = bend_size(q->bend, q->log);
	struct bend_range r;

	if (!query_number(q->query, "start", &start) ||
	    !query_number(q->query, "end", &end) || start > end) {
		http_fail(q->response, 400, "need numbers start <= end");
		return;
	}
	if (start >= size) {
		http_fail(q->response, 400, "need tree size beyond start");
		return;
	}
	stop = rfc6962_last(start, end, q->bend->page) + 1;
	if (q->bend->cached_tiles && stop > rfc6962_cached_end(q, start, size))
		stop = rfc6962_cached_end(q, start, size);
	if (stop > size)
		stop = size;
	r = (struct bend_range){ start, stop - start };
	q->response->cache = r.count == q->bend->page ? "public, max-age=86400"
	    : "public, max-age=60";
	bend_range(q->bend, size, &r);
	rfc6962_put_entries(q, &r);
}

static void
rfc6962_proof_by_hash(const struct question *q)
{
	unsigned char hash[64];
	struct bytes path = { 0 };
	uint64_t size, index;
	char text[64];

	/* libcrypto decodes 44 characters of base64 to 33 bytes; the last is there for the padding. */
	if (!query_number(q->query, "tree_size", &size) || size > bend_size(q->bend, q->log) ||
	    !query_text(q->query, "hash", text, sizeof(text)) || strlen(text) != 44 ||
	    text[43] != '=' || EVP_DecodeBlock(hash, (unsigned char *)text, 44) != 33) {
		http_fail(q->response, 400, "need hash, in base64, and tree_size");
		return;
	}
	if (!tree_find(&q->log->tree, hash, size, &index)) {
		http_fail(q->response, 404, "no leaf has that hash");
		return;
	}
	tree_put_path(&q->log->tree, index, size, &path);
	bytes_printf(&q->response->body, "{\"leaf_index\":%llu,\"audit_path\":",
	    (unsigned long long)index);
	rfc6962_put_hashes(&q->response->body, &path);
	bytes_put_byte(&q->response->body, '}');
	bytes_free(&path);
}

static void
rfc6962_consistency(const struct question *q)
{
	struct bytes proof = { 0 };
	uint64_t first, second;

	if (!query_number(q->query, "first", &first) ||
	    !query_number(q->query, "second", &second) || first == 0 || first > second ||
	    second > bend_size(q->bend, q->log)) {
		http_fail(q->response, 400, "need 0 < first <= second <= tree size");
		return;
	}
	tree_put_consistency(&q->log->tree, first, second, &proof);
	bytes_put_text(&q->response->body, "{\"consistency\":");
	rfc6962_put_hashes(&q->response->body, &proof);
	bytes_put_byte(&q->response->body, '}');
	bytes_free(&proof);
}

static void
rfc6962_entry_and_proof(const struct question *q)
{
	struct bytes path = { 0 };
	uint64_t index, size;

	if (!query_number(q->query, "leaf_index", &index) ||
	    !query_number(q->query, "tree_size", &size) || index >= size ||
	    size > bend_size(q->bend, q->log)) {
		http_fail(q->response, 400, "need leaf_index < tree_size <= tree size");
		return;
	}
	bytes_put_byte(&q->response->body, '{');
	rfc6962_put_entry(q, index);
	q->response->entries = 1;
	bytes_put_text(&q->response->body, ",\"audit_path\":");
	tree_put_path(&q->log->tree, index, size, &path);
	rfc6962_put_hashes(&q->response->body, &path);
	bytes_put_byte(&q->response->body, '}');
	bytes_free(&path);
}

static void
rfc6962_roots(const struct question *q)
{
	struct bytes *out = &q->response->body;
	int i, count = 0;

	bytes_put_text(out, "{\"certificates\":[");
	for (i = 0; i < PKI_CERTIFICATES; i++) {
		const struct bytes *der = &q->log->pki->certificate[i].der;

		if (!pki_is_root(i))
			continue;
		bytes_put_text(out, count++ == 0 ? "" : ",");
		rfc6962_put_quoted(out, der->at, der->len);
	}
	bytes_put_text(out, "]}");
}

/* A log that is only tiled has none of these but get-roots (static-ct-api, Submission APIs). */
static const struct {
	const char *path;
	bool tiled_too;
	void (*answer)(const struct question *);
} questions[] = {
	{ "ct/v1/get-sth", false, rfc6962_sth },
	{ "ct/v1/get-entries", false, rfc6962_entries },
	{ "ct/v1/get-proof-by-hash", false, rfc6962_proof_by_hash },
	{ "ct/v1/get-sth-consistency", false, rfc6962_consistency },
	{ "ct/v1/get-entry-and-proof", false, rfc6962_entry_and_proof },
	{ "ct/v1/get-roots", true, rfc6962_roots },
};

bool
rfc6962_answer(struct log *l, const char *path, const char *query, const struct bend *bend,
    struct http_response *response)
{
	const struct question q = { l, query, bend, response };
	size_t i;

	for (i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		if (strcmp(path, questions[i].path) != 0)
			continue;
		if (l->type == LOG_TILED && !questions[i].tiled_too)
			return false;
		response->status = 200;
		response->type = "application/json";
		response->cache = "no-store";
		response->coding = HTTP_MAY_GZIP;
		log_read_lock(l);
		questions[i].answer(&q);
		log_unlock(l);
		return true;
	}
	return false;
}

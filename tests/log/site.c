/*
 * Finds the response that belongs to a path. In: a request. Out: a response. Many threads
 * run this at once. A fault of a log or an endpoint that a test needs belongs here.
 */
#include "tests/log/site.h"

#include <string.h>

#include "tests/log/api.h"
#include "tests/log/list.h"

void
site_init_list(struct site *s, const struct key *list_key)
{
	list_put(s->logs, s->count, s->base, log_clock(), &s->list);
	key_sign(list_key, s->list.at, s->list.len, &s->list_signature);
}

static void
site_copy(const struct bytes *from, const char *type, struct http_response *response)
{
	bytes_put(&response->body, from->at, from->len);
	response->status = 200;
	response->type = type;
	response->cache = "no-store";
}

static void
site_metadata(const struct site *s, const struct log *l, struct http_response *response)
{
	struct bytes url = { 0 };

	bytes_printf(&url, "%s%s/", s->base, l->name);
	bytes_put_byte(&url, 0);
	list_put_metadata(l, (const char *)url.at, &response->body);
	bytes_free(&url);
	response->status = 200;
	response->type = "application/json";
	response->cache = "no-store";
}

static bool
site_log(const struct site *s, struct log *l, const char *path, const char *query,
    struct http_response *response)
{
	if (rfc6962_answer(l, path, query, s->page, response))
		return true;
	if (!(l->type & LOG_TILED))
		return false;
	if (strcmp(path, "log.v3.json") == 0) {
		site_metadata(s, l, response);
		return true;
	}
	return tiled_answer(l, path, response);
}

static bool
site_find(const struct site *s, const struct http_request *request,
    struct http_response *response)
{
	const char *name = request->path + 1;
	size_t len = strcspn(name, "/"), i;

	for (i = 0; i < s->count && name[len] == '/'; i++)
		if (strlen(s->logs[i].name) == len && memcmp(s->logs[i].name, name, len) == 0)
			return site_log(s, &s->logs[i], name + len + 1, request->query, response);
	return false;
}

void
site_answer(void *arg, const struct http_request *request, struct http_response *response)
{
	const struct site *s = arg;

	if (strcmp(request->path, "/log_list.json") == 0)
		site_copy(&s->list, "application/json", response);
	else if (strcmp(request->path, "/log_list.sig") == 0)
		site_copy(&s->list_signature, "application/octet-stream", response);
	else if (!site_find(s, request, response))
		http_fail(response, 404, "no such thing here");
}

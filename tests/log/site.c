/*
 * Finds the response that belongs to a path. In: a request. Out: a response. Many threads
 * run this at once. Every request passes through site_answer, where faults act on it.
 */
#include "tests/log/site.h"

#include <string.h>

#include "tests/log/api.h"

/* Says of each log what the rules now say. Returns whether that is news. */
static bool
site_read_states(struct site *s)
{
	struct listing now[SITE_LOGS];
	size_t i;

	memset(now, 0, sizeof(now));
	for (i = 0; i < s->count; i++) {
		const struct fault *f = faults_state(s->faults, s->logs[i].name);

		if (f == NULL || *f->word[0] == 'u')
			continue;
		now[i].state = *f->word[0] == 'g' ? LIST_GONE
		    : strcmp(f->word[0], "retired") == 0 ? LIST_RETIRED : LIST_READONLY;
		if (now[i].state != LIST_READONLY)
			continue;
		log_read_lock(&s->logs[i]);
		now[i].final_head.size = s->logs[i].head.size;
		memcpy(now[i].final_head.root, s->logs[i].head.root, TREE_HASH);
		log_unlock(&s->logs[i]);
		if (f->count == 2)
			now[i].final_head.root[0] ^= 1;
	}
	if (memcmp(now, s->listed, sizeof(now)) == 0)
		return false;
	memcpy(s->listed, now, sizeof(now));
	return true;
}

/* A new list is dated later than the one before, whatever the clock does: lists are dated to the second. */
static void
site_make_list(struct site *s)
{
	uint64_t now = log_clock();

	s->listed_at = now < s->listed_at + 1000 ? s->listed_at + 1000 : now;
	bytes_reset(&s->list);
	bytes_reset(&s->list_signature);
	list_put(s->logs, s->listed, s->count, s->listed_at, &s->list);
	key_sign(s->list_key, s->list.at, s->list.len, &s->list_signature);
}

void
site_init_list(struct site *s)
{
	pthread_mutex_init(&s->lock, NULL);
	site_read_states(s);
	site_make_list(s);
}

static void
site_list(struct site *s, bool signature, struct http_response *response)
{
	const struct bytes *from = signature ? &s->list_signature : &s->list;

	pthread_mutex_lock(&s->lock);
	if (site_read_states(s))
		site_make_list(s);
	bytes_put(&response->body, from->at, from->len);
	pthread_mutex_unlock(&s->lock);
	response->status = 200;
	response->type = signature ? "application/octet-stream" : "application/json";
	response->cache = "no-store";
}

static void
site_metadata(const struct log *l, struct http_response *response)
{
	list_put_metadata(l, l->url, &response->body);
	response->status = 200;
	response->type = "application/json";
	response->cache = "no-store";
}

static bool
site_log(const struct fault_case *c)
{
	const struct target *t = c->target;

	if (rfc6962_answer(c->log, t->path, t->query, &c->bend, c->response))
		return true;
	if (!(c->log->type & LOG_TILED))
		return false;
	if (t->endpoint == ENDPOINT_METADATA) {
		site_metadata(c->target->log, c->response);
		return true;
	}
	return tiled_answer(c->log, t->path, &c->bend, c->response);
}

static void
site_find(struct site *s, const struct fault_case *c)
{
	if (c->target->endpoint == ENDPOINT_LIST)
		site_list(s, false, c->response);
	else if (c->target->endpoint == ENDPOINT_LIST_SIG)
		site_list(s, true, c->response);
	else if (c->log == NULL || !site_log(c))
		http_fail(c->response, 404, "no such thing here");
}

void
site_answer(void *arg, const struct http_request *request, struct http_response *response)
{
	struct site *s = arg;
	struct fault_case c = { .request = request, .response = response };
	struct target target;

	target_read(s->logs, s->count, request, &target);
	response->endpoint = target_name(target.endpoint);
	c.target = &target;
	c.log = target.log;
	c.bend.page = s->page;
	if (!faults_before(s->faults, &c))
		site_find(s, &c);
	faults_after(&c);
}

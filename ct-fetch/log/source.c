/*
 * What is known of a log before and after it has answered.
 *
 * in: a log's identity, from a list or the command line, and its protocol, once that is certain
 * out: struct source, with the beginning of each entry record (ct-entry(5))
 */
#include "ct-fetch/log/source.h"

#include <stdlib.h>

#include "base/die.h"
#include "ct-fetch/net/host.h"
#include "ct-fetch/log/protocol.h"
#include "enc/b64.h"
#include "enc/json_put.h"

static char *
source_copy(const char *text)
{
	char *copy = strdup(text);

	if (copy == NULL)
		die_world("out of memory");
	return copy;
}

/* Leaves exactly one slash at the end. */
static char *
source_copy_url(const char *url)
{
	struct buf b = { 0 };
	size_t n = strlen(url);
	char *copy;

	while (n > 0 && url[n - 1] == '/')
		n--;
	buf_put(&b, span_of(url, n));
	buf_putc(&b, '/');
	copy = source_copy(buf_str(&b));
	buf_free(&b);
	return copy;
}

const char *
source_init(struct source *s, struct fetch *f, const struct source_identity *who)
{
	struct sig_key *key;
	const char *why = sig_key_parse(who->key, &key);

	if (why != NULL)
		return why;
	*s = (struct source){ .fetch = f, .key = key, .count = calloc(1, sizeof(*s->count)) };
	if (s->count == NULL)
		die_world("out of memory");
	hash_sha256(f->hash, who->key, s->id);
	s->name = source_copy(who->name);
	s->operator = source_copy(who->operator);
	s->url = source_copy_url(who->url);
	s->protocol = who->protocol != NULL ? who->protocol : &protocol_tiled;
	s->host = host_find(f->hosts, s->url);
	return NULL;
}

void
source_free(struct source *s)
{
	sig_key_free(s->key);
	buf_free(&s->record);
	free(s->learned);
	free(s->count);
	free(s->name);
	free(s->operator);
	free(s->url);
}

void
source_settle(struct source *s)
{
	struct buf *b = &s->record;

	s->learned = calloc(1, s->protocol->log_bytes);
	if (s->learned == NULL)
		die_world("out of memory");
	buf_puts(b, "{\"message_type\":\"entry\",\"source\":{\"log_id\":\"");
	b64_put(b, span_of(s->id, sizeof(s->id)));
	buf_puts(b, "\",\"name\":");
	json_put_str(b, s->name);
	buf_puts(b, ",\"operator\":");
	json_put_str(b, s->operator);
	buf_puts(b, ",\"url\":");
	json_put_str(b, s->url);
	buf_putf(b, ",\"type\":\"%s\"},\"index\":", s->protocol->name);
}

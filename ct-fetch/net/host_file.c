/*
 * The rates of hosts, kept from one run to the next.
 *
 * in: DIR/hosts at the start, and the rates that are learned
 * out: DIR/hosts
 */
#include "ct-fetch/net/host_file.h"

#include <errno.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/tell.h"
#include "enc/json.h"
#include "enc/json_put.h"
#include "os/store.h"

enum {
	BETWEEN = 60 * 1000,		/* ms between two times that it is written */
	MAX_FILE = 1 << 20,		/* bytes */
	MAX_HOSTS = 1000,		/* in the file: bounds the memory it can take */
	MAX_NAME = 300,			/* bytes of scheme, name and port */
	HOUR = 3600,			/* seconds */
	MAX_PER_HOUR = 10000 * HOUR,	/* no host is sent more */
};

struct host_file {
	struct hosts *hosts;
	struct buf path;
	uint64_t due;		/* loop ms from which on it may be written */
	bool failed;		/* the last attempt failed, and that has been told */
};

/* Takes one item of the file. Returns a static reason when it is no host with its rate. */
static const char *
hosts_read_one(struct hosts *hosts, struct json *j, uint64_t now)
{
	struct json_str key, name = { .raw = SPAN("") };
	uint64_t per_hour = MAX_PER_HOUR + 1, ceiling = 0;
	struct budget *b;
	struct buf url = { 0 };
	bool named;

	if (json_peek(j) != JSON_OBJECT || !json_enter(j))
		return "a host in it is not an object";
	while (json_key(j, &key)) {
		if (json_is(key, "host"))
			(void)json_take_string(j, &name);
		else if (json_is(key, "per_hour"))
			(void)json_u64(j, &per_hour);
		else if (json_is(key, "ceiling"))
			(void)json_u64(j, &ceiling);
		else
			(void)json_skip(j, NULL);
	}
	if (j->why != NULL)
		return j->why;
	if (per_hour > MAX_PER_HOUR || ceiling > MAX_PER_HOUR)
		return "a host in it has no rate, or an impossible one";
	named = name.raw.n > 0 && name.raw.n <= MAX_NAME && json_unescape(&url, name) &&
	    strstr(buf_str(&url), "://") != NULL;
	b = named ? host_budget(host_find(hosts, buf_str(&url))) : NULL;
	if (b != NULL)
		budget_learn(b, (double)per_hour / HOUR, (double)ceiling / HOUR, now);
	buf_free(&url);
	return named ? NULL : "a host in it has no name with a scheme";
}

static const char *
hosts_read_list(struct hosts *hosts, struct json *j, uint64_t now)
{
	const char *why = NULL;
	unsigned n = 0;

	if (json_peek(j) != JSON_ARRAY || !json_enter(j))
		return "its hosts are not an array";
	while (why == NULL && json_item(j))
		why = n++ < MAX_HOSTS ? hosts_read_one(hosts, j, now) : "it has too many hosts";
	return why;
}

const char *
hosts_read(struct hosts *hosts, struct span text, uint64_t now)
{
	const char *why = NULL;
	struct json_str key;
	bool has = false;
	struct json j;

	json_init(&j, text);
	if (json_peek(&j) != JSON_OBJECT || !json_enter(&j))
		return "it is not a JSON object";
	while (why == NULL && json_key(&j, &key)) {
		if (json_is(key, "hosts")) {
			why = hosts_read_list(hosts, &j, now);
			has = true;
		} else {
			(void)json_skip(&j, NULL);
		}
	}
	if (why != NULL)
		return why;
	if (!json_done(&j))
		return j.why != NULL ? j.why : "something follows the object";
	return has ? NULL : "it has no hosts";
}

void
hosts_write(const struct hosts *hosts, struct buf *out)
{
	const char *before = "";

	buf_puts(out, "{\"hosts\":[");
	for (struct host *h = hosts_next(hosts, NULL); h != NULL; h = hosts_next(hosts, h)) {
		const struct budget *b = host_budget(h);

		if (b == NULL || !b->learned)
			continue;
		buf_puts(out, before);
		buf_puts(out, "\n{\"host\":");
		json_put_str(out, host_name(h));
		buf_puts(out, ",\"per_hour\":");
		buf_put_u64(out, (uint64_t)(b->per_s * HOUR + 0.5));
		buf_puts(out, ",\"ceiling\":");
		buf_put_u64(out, (uint64_t)(b->ceiling * HOUR + 0.5));
		buf_putc(out, '}');
		before = ",";
	}
	buf_puts(out, "\n]}\n");
}

struct host_file *
host_file_open(struct hosts *hosts, const char *dir, uint64_t now)
{
	struct host_file *f;
	struct buf text = { 0 };
	const char *why = NULL;

	if (dir == NULL)
		return NULL;
	f = calloc(1, sizeof(*f));
	if (f == NULL)
		die_world("out of memory");
	f->hosts = hosts;
	buf_putf(&f->path, "%s/hosts", dir);
	if (store_read(buf_str(&f->path), MAX_FILE, &text) == 0)
		why = hosts_read(hosts, buf_span(&text), now);
	else if (errno != ENOENT)
		why = strerror(errno);
	if (why != NULL)
		tell(TELL_WARNING, "%s: %s; how often hosts may be asked is learned anew",
		    buf_str(&f->path), why);
	buf_free(&text);
	return f;
}

/* Returns true when a rate has been learned since the last call, or writing has failed since. */
static bool
host_file_is_old(struct host_file *f)
{
	bool old = f->failed;

	for (struct host *h = hosts_next(f->hosts, NULL); h != NULL; h = hosts_next(f->hosts, h)) {
		struct budget *b = host_budget(h);

		if (b != NULL && b->changed) {
			b->changed = false;
			old = true;
		}
	}
	return old;
}

void
host_file_tick(struct host_file *f, uint64_t now)
{
	struct buf text = { 0 };
	bool failed;

	if (f == NULL || now < f->due || !host_file_is_old(f))
		return;
	f->due = now < UINT64_MAX - BETWEEN ? now + BETWEEN : now;
	hosts_write(f->hosts, &text);
	failed = store_write(buf_str(&f->path), buf_span(&text)) < 0;
	if (failed && !f->failed)
		tell(TELL_WARNING, "%s: how often hosts may be asked cannot be stored:",
		    buf_str(&f->path));
	f->failed = failed;
	buf_free(&text);
}

void
host_file_close(struct host_file *f)
{
	if (f == NULL)
		return;
	host_file_tick(f, UINT64_MAX);
	buf_free(&f->path);
	free(f);
}

/*
 * Serves growing logs. In: options. Out: a site on a port. Each log has a thread that
 * makes its entries and publishes its heads; one more thread accepts connections, and
 * the first thread waits for the signal to end.
 */
#include "tests/log/serve.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/log/fail.h"
#include "tests/log/file.h"
#include "tests/log/site.h"

#define SERVE_LOGS    64
#define SERVE_TICK    200	/* ms after which a log looks again at what is due */
#define SERVE_REFRESH 5000	/* ms after which a head is signed again although no entry came */
#define SERVE_BATCH   512	/* most entries of a head, so that heads keep coming when entries are late */

struct grower {
	struct log *log;
	const struct serve *serve;
	pthread_barrier_t *filled;
};

struct listener {
	int socket;
	struct http_site site;
};

static uint64_t
serve_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Returns how many entries the log should have after so many milliseconds. */
static uint64_t
serve_due(const struct serve *s, uint64_t elapsed)
{
	double due = (double)s->size + s->rate * (double)elapsed / 1000;

	return due < (double)s->most ? (uint64_t)due : s->most;
}

static _Noreturn void
serve_grow(struct log *l, const struct serve *s)
{
	const struct timespec tick = { .tv_nsec = SERVE_TICK * 1000000L };
	uint64_t start = serve_clock(), signed_at = start;

	for (;;) {
		uint64_t now = serve_clock(), due = serve_due(s, now - start);

		if (due > l->tree.size + SERVE_BATCH)
			due = l->tree.size + SERVE_BATCH;
		if (due > l->tree.size || now - signed_at >= SERVE_REFRESH) {
			log_grow(l, due);
			log_publish(l, log_clock());
			signed_at = now;
		}
		nanosleep(&tick, NULL);
	}
}

static void *
serve_log(void *arg)
{
	struct grower *g = arg;

	log_grow(g->log, g->serve->size);
	log_publish(g->log, log_clock());
	pthread_barrier_wait(g->filled);
	serve_grow(g->log, g->serve);
}

static void *
serve_listen(void *arg)
{
	const struct listener *listener = arg;

	http_serve(listener->socket, &listener->site);
}

static void
serve_start(void *(*run)(void *), void *arg)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, run, arg) != 0)
		fail_world("cannot start a thread");
	pthread_detach(thread);
}

static enum log_type
serve_type(const char *name)
{
	static const struct {
		const char *name;
		enum log_type type;
	} types[] = { { "rfc6962", LOG_RFC6962 }, { "tiled", LOG_TILED }, { "both", LOG_BOTH } };
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(name, types[i].name) == 0)
			return types[i].type;
	fail_usage("a log is rfc6962, tiled or both, not '%s'", name);
}

/* Makes each log that "NAME=TYPE,..." names. Returns how many there are. */
static size_t
serve_make_logs(const struct serve *s, const struct pki *pki, struct log *logs)
{
	char *spec = strdup(s->logs), *rest = spec, *name;
	size_t count = 0, i;

	if (spec == NULL)
		fail_world("out of memory");
	while ((name = strsep(&rest, ",")) != NULL) {
		char *type = strchr(name, '=');

		if (type == NULL || count == SERVE_LOGS)
			fail_usage("logs are given as NAME=TYPE, at most %d of them", SERVE_LOGS);
		*type++ = '\0';
		log_check_name(name);
		for (i = 0; i < count; i++)
			if (strcmp(logs[i].name, name) == 0)
				fail_usage("two logs named '%s'", name);
		log_init(&logs[count++], pki, name, serve_type(type), s->broken);
	}
	free(spec);
	return count;
}

/* Writes the keys of the logs and of the list, and the list with its signature, to files. */
static void
serve_write_files(const struct serve *s, const struct site *site, const struct pki *pki)
{
	struct bytes pem = { 0 }, path = { 0 };
	size_t i;

	key_put_pem(&pki->list_key, &pem);
	file_write(s->dir, "list-key.pem", &pem);
	file_write(s->dir, "log_list.json", &site->list);
	file_write(s->dir, "log_list.sig", &site->list_signature);
	for (i = 0; i < site->count; i++) {
		bytes_reset(&pem);
		bytes_reset(&path);
		key_put_pem(&site->logs[i].key, &pem);
		bytes_printf(&path, "%s.pem", site->logs[i].name);
		bytes_put_byte(&path, 0);
		file_write(s->dir, (const char *)path.at, &pem);
	}
	bytes_free(&pem);
	bytes_free(&path);
}

/* Starts the thread of each log, and waits until each has its first entries. */
static void
serve_fill(const struct serve *s, struct log *logs, size_t count)
{
	static pthread_barrier_t filled;
	static struct grower growers[SERVE_LOGS];
	size_t i;

	pthread_barrier_init(&filled, NULL, (unsigned)count + 1);
	for (i = 0; i < count; i++) {
		growers[i] = (struct grower){ &logs[i], s, &filled };
		serve_start(serve_log, &growers[i]);
	}
	pthread_barrier_wait(&filled);
}

/* Waits for the signal, which all threads block, and ends by _exit, because threads are still at work. */
static _Noreturn void
serve_wait(const sigset_t *ends)
{
	int number;

	while (sigwait(ends, &number) != 0)
		;
	_exit(0);
}

void
serve_run(const struct serve *s)
{
	static struct log logs[SERVE_LOGS];
	static struct pki pki;
	static char base[64];
	unsigned port = s->port;
	struct site site = { .logs = logs, .page = s->page, .base = base };
	struct listener listener = { .site = { site_answer, &site } };
	sigset_t ends;
	size_t i;

	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	pthread_sigmask(SIG_BLOCK, &ends, NULL);
	listener.socket = http_listen(&port);
	snprintf(base, sizeof(base), "http://127.0.0.1:%u/", port);
	pki_init(&pki, s->seed);
	site.count = serve_make_logs(s, &pki, logs);
	for (i = 0; i < site.count; i++)
		snprintf(logs[i].origin, sizeof(logs[i].origin), "127.0.0.1:%u/%.*s", port,
		    LOG_NAME_MAX, logs[i].name);
	serve_fill(s, logs, site.count);
	site_init_list(&site, &pki.list_key);
	if (s->dir != NULL)
		serve_write_files(s, &site, &pki);
	serve_start(serve_listen, &listener);
	printf("ready %s\n", base);
	if (fflush(stdout) != 0)
		fail_world("cannot write to stdout");
	serve_wait(&ends);
}

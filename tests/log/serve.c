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

#include "tests/log/access.h"
#include "tests/log/fail.h"
#include "tests/log/file.h"
#include "tests/log/query.h"
#include "tests/log/site.h"

#define SERVE_TICK    200	/* ms after which a log looks again at what is due */
#define SERVE_REFRESH 5000	/* ms after which a head is signed again although no entry came */
#define SERVE_BATCH   512	/* most entries of a head, so that heads keep coming when entries are late */

struct grower {
	struct log *log;
	struct log *leader;	/* whose entries it holds, or NULL for its own */
	uint64_t size, most;	/* entries at the start and at the end */
	double rate;		/* entries a second */
	pthread_barrier_t *led, *filled;	/* all leaders have their first entries; all logs have */
};

struct listener {
	int socket;
	const struct http_site *site;
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
serve_due(const struct grower *g, uint64_t elapsed)
{
	double due = (double)g->size + g->rate * (double)elapsed / 1000;

	return due < (double)g->most ? (uint64_t)due : g->most;
}

static void
serve_make(const struct grower *g, uint64_t size)
{
	if (g->leader == NULL)
		log_grow(g->log, size);
	else
		log_copy(g->log, g->leader, size);
}

static _Noreturn void
serve_grow(const struct grower *g)
{
	struct log *l = g->log;
	const struct timespec tick = { .tv_nsec = SERVE_TICK * 1000000L };
	uint64_t start = serve_clock(), signed_at = start;

	for (;;) {
		uint64_t now = serve_clock(), due = serve_due(g, now - start);

		if (due > l->tree.size + SERVE_BATCH)
			due = l->tree.size + SERVE_BATCH;
		if (due > l->tree.size || now - signed_at >= SERVE_REFRESH) {
			serve_make(g, due);
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

	if (g->leader == NULL)
		serve_make(g, g->size);
	pthread_barrier_wait(g->led);
	if (g->leader != NULL)
		serve_make(g, g->size);
	log_publish(g->log, log_clock());
	pthread_barrier_wait(g->filled);
	serve_grow(g);
}

static void *
serve_listen(void *arg)
{
	const struct listener *listener = arg;

	http_serve(listener->socket, listener->site);
}

static void
serve_start(void *(*run)(void *), void *arg)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, run, arg) != 0)
		fail_world("cannot start a thread");
	pthread_detach(thread);
}

/* Reads ":SIZE:RATE" behind a type, both of which may be missing, and ends the type there. */
static void
serve_read_growth(char *type, struct grower *g)
{
	char *size = strchr(type, ':'), *rate, *end;

	if (size == NULL)
		return;
	*size++ = '\0';
	rate = strchr(size, ':');
	if (rate != NULL)
		*rate++ = '\0';
	if (!query_decimal(size, &g->size) || g->size > UINT32_MAX)
		fail_usage("a log's size is a number, not '%s'", size);
	if (rate == NULL)
		return;
	g->rate = strtod(rate, &end);
	if (end == rate || *end != '\0' || !(g->rate >= 0 && g->rate <= 1e6))
		fail_usage("a log's rate is a number, not '%s'", rate);
}

static void
serve_make_log(const struct serve *s, const struct pki *pki, char *spec, struct log *l,
    struct grower *g)
{
	char *type = strchr(spec, '=');

	if (type == NULL)
		fail_usage("a log is given as NAME=TYPE, not '%s'", spec);
	*type++ = '\0';
	log_check_name(spec);
	*g = (struct grower){ .log = l, .size = s->size, .rate = s->rate };
	serve_read_growth(type, g);
	g->most = s->most < g->size ? g->size : s->most;
	log_init(l, pki, spec, log_type_parse(type), s->broken);
}

/* Makes each log that "NAME=TYPE,..." names. Returns how many there are. */
static size_t
serve_make_logs(const struct serve *s, const struct pki *pki, struct log *logs,
    struct grower *growers)
{
	char *spec = strdup(s->logs), *rest = spec, *one;
	size_t count = 0, i;

	if (spec == NULL)
		fail_world("out of memory");
	while ((one = strsep(&rest, ",")) != NULL) {
		if (count == SITE_LOGS)
			fail_usage("at most %d logs are served", SITE_LOGS);
		serve_make_log(s, pki, one, &logs[count], &growers[count]);
		for (i = 0; i < count; i++)
			if (strcmp(logs[i].name, logs[count].name) == 0)
				fail_usage("two logs named '%s'", logs[i].name);
		for (i = 0; s->same && i < count && growers[count].leader == NULL; i++)
			if (logs[i].type == logs[count].type)
				growers[count].leader = &logs[i];
		count++;
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
serve_fill(struct grower *growers, size_t count)
{
	static pthread_barrier_t led, filled;
	size_t i;

	pthread_barrier_init(&led, NULL, (unsigned)count);
	pthread_barrier_init(&filled, NULL, (unsigned)count + 1);
	for (i = 0; i < count; i++) {
		growers[i].led = &led;
		growers[i].filled = &filled;
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

/* Makes the logs and the list of them. Log i is served on address i modulo the number of them. */
static void
serve_make_site(const struct serve *s, unsigned port, struct site *site)
{
	static struct log logs[SITE_LOGS];
	static struct grower growers[SITE_LOGS];
	static struct pki pki;
	static struct faults faults;
	size_t i;

	pki_init(&pki, s->seed);
	site->logs = logs;
	site->count = serve_make_logs(s, &pki, logs, growers);
	for (i = 0; i < site->count; i++) {
		snprintf(logs[i].origin, sizeof(logs[i].origin), "127.0.0.%u:%u/%.*s",
		    1 + (unsigned)i % s->hosts, port, LOG_NAME_MAX, logs[i].name);
		snprintf(logs[i].url, sizeof(logs[i].url), "http://%.80s/", logs[i].origin);
	}
	serve_fill(growers, site->count);
	faults_init(&faults, s->rule, s->rules, s->rules_file);
	site->faults = &faults;
	site->list_key = &pki.list_key;
	site_init_list(site);
	if (s->dir != NULL)
		serve_write_files(s, site, &pki);
}

/* Listens on all addresses; the port of the first, which is set, is that of the others too. */
static void
serve_open(const struct serve *s, unsigned *port, struct listener *listeners)
{
	unsigned i;

	*port = s->port;
	for (i = 0; i < s->hosts; i++)
		listeners[i].socket = http_listen(1 + i, port);
}

void
serve_run(const struct serve *s)
{
	static struct site site;
	static struct listener listeners[SERVE_HOSTS];
	struct http_site http = { .answer = site_answer, .arg = &site, .requests = -1 };
	unsigned port, i;
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	pthread_sigmask(SIG_BLOCK, &ends, NULL);
	serve_open(s, &port, listeners);
	if (s->requests != NULL)
		http.requests = access_open(s->requests);
	site.page = s->page;
	serve_make_site(s, port, &site);
	for (i = 0; i < s->hosts; i++) {
		listeners[i].site = &http;
		serve_start(serve_listen, &listeners[i]);
	}
	printf("ready http://127.0.0.1:%u/\n", port);
	if (fflush(stdout) != 0)
		fail_world("cannot write to stdout");
	serve_wait(&ends);
}

/*
 * ct-fetch: follows Certificate Transparency logs and writes their entries as records.
 *
 * in: the command line, the log list, and the logs
 * out: records on standard output (ct-entry(5)), messages on standard error, the stored places
 *
 * This file joins the parts of the tool to one event loop: options.c reads the command line,
 * catalog.c gets the log lists, watch.c follows the logs, and places.c keeps where they are.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-fetch/net/host.h"
#include "ct-fetch/net/host_file.h"
#include "ct-fetch/net/http.h"
#include "ct-fetch/log/issuer.h"
#include "ct-fetch/options.h"
#include "ct-fetch/list/catalog.h"
#include "ct-fetch/state/evidence.h"
#include "ct-fetch/state/newcomers.h"
#include "ct-fetch/sight.h"
#include "ct-fetch/status.h"
#include "ct-fetch/list/table.h"
#include "ct-fetch/watch.h"
#include "ct/loglist_key.h"
#include "enc/hash_many.h"
#include "os/heap.h"
#include "os/out.h"
#include "os/ready.h"
#include "os/store.h"
#include "os/watchdog.h"

enum {
	TICK = 1000,		/* ms between marks, and until the table of logs is shown anew */
	TRIM = 1000,		/* ms after which memory that is free is given back */
	END_WITHIN = 1500,	/* ms after a signal, in which what is buffered can be written */
	MAX_KEY_FILE = 64 << 10,
};

struct run {
	struct options options;
	struct fetch fetch;
	struct buf scratch, text;
	struct out out;
	struct watch *watch;
	struct places *places;
	struct newcomers *newcomers;	/* NULL: nothing is stored */
	struct host_file *rates;	/* NULL: nothing is stored */
	struct catalog *catalog;	/* NULL: only the logs of -u */
	bool listed;			/* the lists have come once */
	bool ending;			/* nothing more is fetched: the rest is written, then it ends */
	struct loop_timer tick, deadline;
	struct watchdog watchdog;
	uint64_t status_due, trim_due;	/* loop ms */
	struct status status;
	struct sight sight;		/* once there is a watch */
};

/* ---- the end ---- */

static void
run_finish(struct run *r)
{
	struct out *out = r->fetch.out;

	watch_note(r->watch);
	places_finish(r->places, out, loop_now(r->fetch.loop));
	if (out_is_gone(out) || (out_is_empty(out) && places_is_done(r->places)))
		loop_stop(r->fetch.loop);
}

static void
run_end(void *cookie)
{
	struct run *r = cookie;

	r->ending = true;
	(void)ready_tell("STOPPING=1");
	watch_stop(r->watch);
	run_finish(r);
}

static void
run_deadline(void *cookie)
{
	struct run *r = cookie;

	loop_stop(r->fetch.loop);
}

static void
run_moved(void *cookie)
{
	struct run *r = cookie;

	if (r->ending) {
		run_finish(r);
		return;
	}
	places_store(r->places, r->fetch.out, loop_now(r->fetch.loop));
	fetch_wake(&r->fetch);
}

static void
run_signal(void *cookie, int signo)
{
	struct run *r = cookie;

	if (signo == SIGHUP) {
		if (r->catalog != NULL && !r->ending)
			catalog_get(r->catalog);
	} else if (signo == SIGUSR1 || signo == SIGWINCH) {
		if (r->watch != NULL && signo == SIGUSR1)
			sight_print(&r->sight);
		else if (r->watch != NULL)
			sight_resize(&r->sight);
	} else if (r->watch == NULL) {
		loop_stop(r->fetch.loop);
	} else {
		loop_after(r->fetch.loop, &r->deadline, END_WITHIN);
		if (!r->ending)
			run_end(r);
	}
}

/* ---- every second ---- */

static void
run_status(struct run *r)
{
	struct log *const *logs;
	uint64_t now = loop_now(r->fetch.loop);
	size_t n;

	if (r->options.status == 0 || now < r->status_due || !out_has_room(r->fetch.out))
		return;
	r->status_due = now + (uint64_t)r->options.status * 1000;
	logs = watch_logs(r->watch, &n);
	r->status.catalog = r->catalog;
	status_put(&r->fetch.out->bytes, &r->status, logs, n);
	out_send(r->fetch.out);
}

/* Gives back what a time with much to do has left behind, so that quiet ones need little. */
static void
run_trim(struct run *r)
{
	uint64_t now = loop_now(r->fetch.loop);

	if (now < r->trim_due)
		return;
	r->trim_due = now + TRIM;
	out_trim(r->fetch.out);
	http_trim(r->fetch.http);
	heap_trim();
}

static void
run_tick(void *cookie)
{
	struct run *r = cookie;

	if (r->ending)
		return;
	watch_note(r->watch);
	places_tick(r->places, r->fetch.out, loop_now(r->fetch.loop));
	watch_measure(r->watch);
	run_status(r);
	sight_tick(&r->sight);
	run_trim(r);
	loop_after(r->fetch.loop, &r->tick, TICK);
}

/* ---- the beginning ---- */

/* Reads a public key from a file in PEM or DER; ends the process when that is not possible. */
static struct sig_key *
run_key(const char *path)
{
	struct buf bytes = { 0 };
	struct sig_key *key = NULL;
	const char *why;

	if (store_read(path, MAX_KEY_FILE, &bytes) < 0)
		die_world("%s:", path);
	if (memmem(bytes.p, bytes.n, "-----BEGIN", 10) != NULL)
		why = sig_key_parse_pem(buf_span(&bytes), &key);
	else
		why = sig_key_parse(buf_span(&bytes), &key);
	if (why != NULL)
		die_usage("%s: %s", path, why);
	buf_free(&bytes);
	return key;
}

static void
run_add(struct run *r, const struct options_log *o)
{
	struct sig_key *key = run_key(o->key_file);
	const char *rest = strstr(o->url, "://");
	struct log_identity who = {
		.source = {
			.name = rest + 3, .operator = "", .url = o->url, .protocol = o->protocol,
			.key = sig_key_der(key),
		},
		.final_size = UINT64_MAX,
		.given = true,
	};
	const char *why = watch_add(r->watch, &who);

	if (why != NULL)
		die_usage("-u %s: %s", o->url, why);
	sig_key_free(key);
}

/* Begins the run: all logs are known now. */
static void
run_begin(struct run *r)
{
	size_t n;

	for (size_t i = 0; i < r->options.logs_n; i++)
		run_add(r, &r->options.logs[i]);
	(void)watch_logs(r->watch, &n);
	if (n == 0)
		die_usage("no list has a log that was asked for; see ct-fetch --list");
	if (!r->options.has_contact && watch_has_remote(r->watch))
		tell(TELL_WARNING, "there is no contact in the User-Agent, so some logs give less; "
		    "-c EMAIL or CT_CONTACT sets one");
	tell(TELL_INFO, "following %zu log%s", n, n == 1 ? "" : "s");
	(void)ready_tell("READY=1");
	r->status_due = loop_now(r->fetch.loop) + (uint64_t)r->options.status * 1000;
	run_tick(r);
}

/* Returns the log IDs of the logs of -u with -v, else NULL. The caller frees them. */
static uint8_t (*run_ids(struct run *r))[HASH_SHA256]
{
	const struct options *o = &r->options;
	uint8_t (*ids)[HASH_SHA256];

	if (!tell_is_on(TELL_DEBUG))
		return NULL;
	ids = calloc(o->logs_n + 1, sizeof(*ids));
	if (ids == NULL)
		die_world("out of memory");
	for (size_t i = 0; i < o->logs_n; i++) {
		struct sig_key *key = run_key(o->logs[i].key_file);

		hash_sha256(r->fetch.hash, sig_key_der(key), ids[i]);
		sig_key_free(key);
	}
	return ids;
}

static void
run_print_table(struct run *r, const struct loglist *list)
{
	struct buf table = { 0 };
	uint8_t (*ids)[HASH_SHA256] = run_ids(r);

	if (table_put(&table, &r->options, list, ids) == 0)
		tell(TELL_WARNING, "no log is chosen");
	free(ids);
	if ((fwrite(table.p, 1, table.n, stdout) != table.n || fflush(stdout) == EOF) &&
	    errno != EPIPE)
		die_world("standard output:");
	buf_free(&table);
}

static void
run_listed(void *cookie, const struct loglist *now, const struct loglist *before)
{
	struct run *r = cookie;

	if (r->options.list) {
		run_print_table(r, now);
		loop_stop(r->fetch.loop);
		return;
	}
	if (now->n == 0 && !r->listed && r->options.logs_n == 0)
		die_world("no log list has a log");
	watch_list(r->watch, now, before);
	if (!r->listed)
		run_begin(r);
	r->listed = true;
}

/* Begins to get the log lists. With --list nothing is kept, and the lists are shown as they are. */
static void
run_get_lists(struct run *r)
{
	const struct options *o = &r->options;
	struct roster_ask *lists = calloc(o->lists_n, sizeof(*lists));
	struct catalog_ask ask = {
		.lists = lists, .n = o->lists_n, .choice = &o->choice,
		.state = o->list ? NULL : o->state, .newcomers = r->newcomers, .refresh = o->refresh,
		.once = o->once || o->list,
	};

	if (lists == NULL)
		die_world("out of memory");
	for (size_t i = 0; i < o->lists_n; i++) {
		const struct options_list *l = &o->lists[i];

		lists[i].where = l->where;
		lists[i].own = l->key_file != NULL || l->is_unsigned;
		if (l->key_file != NULL)
			lists[i].key = run_key(l->key_file);
		else if (!l->is_unsigned)
			lists[i].key = loglist_google_key();
	}
	r->catalog = catalog_open(&r->fetch, &ask, run_listed, r);
	free(lists);
}

static void
run_open(struct run *r)
{
	struct fetch *f = &r->fetch;
	struct options *o = &r->options;

	f->loop = loop_open();
	if (f->loop == NULL || loop_signals(f->loop, run_signal, r) < 0 ||
	    loop_hear(SIGUSR1) < 0 || loop_hear(SIGWINCH) < 0)
		die_world("no event loop:");
	r->tick = (struct loop_timer){ .due = run_tick, .cookie = r };
	r->deadline = (struct loop_timer){ .due = run_deadline, .cookie = r };
	watchdog_start(&r->watchdog, f->loop, NULL, NULL);
	f->http = http_open(f->loop, buf_str(&o->agent));
	f->hosts = hosts_open((uint64_t)time(NULL) << 20 ^ (uint64_t)getpid());
	hosts_limit(f->hosts, o->rates, o->rates_n);
	f->hash = hash_open();
	f->many = hash_many_open(f->hash);
	f->issuers = issuers_open(f);
	f->scratch = &r->scratch;
	f->text = &r->text;
	f->once = o->once;
	f->has_start = o->has_start;
	f->start = o->start;
	f->since = o->since;
	f->end = o->end;
	f->poll = o->poll;
	f->backlog = o->backlog;
	f->hold = o->hold;
	f->partial = o->partial;
	f->patience = o->patience;
	f->unproven = o->unproven;
	status_init(&r->status, f, &o->choice);
	if (o->list)
		return;
	r->places = places_open(o->state, o->external_marks);
	if (o->state != NULL) {
		r->newcomers = newcomers_open(o->state, r->places);
		issuers_keep(f->issuers, o->state);
	}
	f->evidence = evidence_open(o->state);
	r->rates = host_file_open(f->hosts, o->state, loop_now(f->loop));
	out_init(&r->out, f->loop, STDOUT_FILENO, run_moved, r);
	out_widen(&r->out);
	f->out = &r->out;
	r->watch = watch_open(f, &o->choice, r->places, run_end, r);
	sight_init(&r->sight, f, r->watch);
}

static void
run_close(struct run *r)
{
	struct fetch *f = &r->fetch;

	if (r->watch != NULL) {
		watch_free(r->watch);
		out_free(f->out);
		evidence_free(f->evidence);
		places_free(r->places);
	}
	host_file_close(r->rates);
	catalog_free(r->catalog);
	newcomers_free(r->newcomers);
	issuers_free(f->issuers);
	http_free(f->http);
	hosts_free(f->hosts);
	hash_many_free(f->many);
	hash_free(f->hash);
	watchdog_stop(&r->watchdog);
	loop_free(f->loop);
	options_free(&r->options);
	buf_free(&r->scratch);
	buf_free(&r->text);
}

int
main(int argc, char **argv)
{
	struct run r = { 0 };
	bool failed;

	die_init("ct-fetch");
	heap_init();
	options_parse(&r.options, argc, argv);
	run_open(&r);
	if (r.options.lists_n > 0)
		run_get_lists(&r);
	else if (r.options.list)
		run_print_table(&r, NULL);
	else
		run_begin(&r);
	if ((r.options.lists_n > 0 || !r.options.list) && loop_run(r.fetch.loop) < 0)
		die_world("the event loop:");
	if (r.watch != NULL)
		sight_end(&r.sight);
	failed = r.watch != NULL && (watch_has_failed(r.watch) || places_has_failed(r.places));
	run_close(&r);
	return failed ? DIE_WORLD : 0;
}

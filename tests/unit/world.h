/*
 * A small world for the parts of ct-fetch that ask logs: an event loop, and a log whose answers are
 * files in a folder of its own. What the test has put there is there; all else is a 404.
 */
#ifndef WORLD_H
#define WORLD_H

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "ct-fetch/log/source.h"
#include "ct-fetch/net/host.h"
#include "ct-fetch/net/http.h"
#include "ct-fetch/state/evidence.h"
#include "enc/hash_many.h"
#include "os/out.h"

struct world {
	struct fetch fetch;
	struct buf scratch, text;
	struct out out;			/* into a file */
	struct loop_timer late;		/* ends a run that hangs */
	bool hangs;
	char dir[64];
	struct source source;
	void (*turn)(void);		/* what the test does in each turn */
};

static struct world world;

static inline void
world_turn(void *cookie)
{
	(void)cookie;
	world.turn();
}

static inline void
world_late(void *cookie)
{
	(void)cookie;
	world.hangs = true;
	loop_stop(world.fetch.loop);
}

static inline void
world_moved(void *cookie)
{
	(void)cookie;
	fetch_wake(&world.fetch);
}

/* The path of a file in the folder, valid until the next call. */
static inline const char *
world_path(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", world.dir, name);
	return path;
}

/* Makes the world, whose log speaks protocol. */
static inline void
world_open(const struct protocol *protocol, size_t log_bytes)
{
	struct fetch *f = &world.fetch;
	char url[80];

	world = (struct world){ .dir = "/tmp/ct-unit-XXXXXX" };
	CHECK(mkdtemp(world.dir) != NULL);
	f->loop = loop_open();
	f->http = http_open(f->loop, "unit");
	f->hosts = hosts_open(7);
	f->hash = hash_open();
	f->many = hash_many_open(f->hash);
	f->evidence = evidence_open(NULL);
	f->scratch = &world.scratch;
	f->text = &world.text;
	f->end = UINT64_MAX;
	f->turn = (struct loop_timer){ .due = world_turn };
	world.late = (struct loop_timer){ .due = world_late };
	out_init(&world.out, f->loop, open(world_path("out"), O_CREAT | O_WRONLY, 0600), world_moved, NULL);
	f->out = &world.out;
	snprintf(url, sizeof(url), "file://%s/", world.dir);
	world.source = (struct source){
		.fetch = f, .count = calloc(1, sizeof(struct source_count)), .name = strdup("unit"),
		.operator = strdup(""), .url = strdup(url), .host = host_find(f->hosts, url),
		.protocol = protocol, .learned = calloc(1, log_bytes),
	};
}

static inline void
world_close(void)
{
	struct fetch *f = &world.fetch;
	char command[96];

	loop_stop_timer(f->loop, &f->turn);
	loop_stop_timer(f->loop, &world.late);
	source_free(&world.source);
	(void)close(world.out.fd.fd);
	out_free(&world.out);
	evidence_free(f->evidence);
	http_free(f->http);
	hosts_free(f->hosts);
	hash_many_free(f->many);
	hash_free(f->hash);
	loop_free(f->loop);
	buf_free(&world.scratch);
	buf_free(&world.text);
	snprintf(command, sizeof(command), "rm -rf %s", world.dir);
	CHECK(system(command) == 0);
}

/* Puts a file into the folder. */
static inline void
world_put(const char *name, struct span bytes)
{
	FILE *f = fopen(world_path(name), "w");

	CHECK(f != NULL && fwrite(bytes.p, 1, bytes.n, f) == bytes.n && fclose(f) == 0);
}

/* Takes turns until the test calls loop_stop, for 10 s at most. */
static inline void
world_run(void (*turn)(void))
{
	world.turn = turn;
	fetch_wake(&world.fetch);
	loop_after(world.fetch.loop, &world.late, 10000);
	CHECK(loop_run(world.fetch.loop) == 0);
	CHECK(!world.hangs);
}

#endif

/* ct-fetch/state/places: when marks are made, and when they are stored. */
#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/tell.h"
#include "ct-fetch/state/places.h"
#include "os/out.h"
#include "os/store.h"

static char dir[] = "/tmp/ct-places-XXXXXX", path[64];
static struct loop *loop;
static struct out out;
static int ends[2];

static void
moved(void *cookie)
{
	(void)cookie;
}

/* Opens a pipe with out at its end; nobody reads what is in it. */
static void
begin(void)
{
	CHECK(pipe(ends) == 0);
	loop = loop_open();
	out_init(&out, loop, ends[1], moved, NULL);
}

static void
end(struct places *p)
{
	places_free(p);
	out_free(&out);
	loop_free(loop);
	close(ends[0]);
	close(ends[1]);
}

/* Notes that the log with the number i is at next, and has a name of so many bytes. */
static void
note(struct places *p, uint8_t i, uint64_t next, size_t name)
{
	struct mark_log l = { .id = { i }, .next = next };

	l.name = malloc(name + 1);
	memset(l.name, 'x', name);
	l.name[name] = '\0';
	places_note(p, &l);
	free(l.name);
}

/* Returns the place of the first log in the stored mark, or 0 when there is none. */
static uint64_t
stored(void)
{
	struct buf bytes = { 0 };
	struct mark m;
	uint64_t next = 0;
	size_t at;

	mark_init(&m);
	if (store_read(path, MAX_MARK, &bytes) == 0 && mark_parse(&m, buf_span(&bytes), &at) == NULL &&
	    m.n > 0)
		next = m.logs[0]->next;
	mark_free(&m);
	buf_free(&bytes);
	return next;
}

static void
a_short_mark_is_made_every_second(void)
{
	struct places *p;

	begin();
	p = places_open(dir, false);
	for (uint64_t s = 1; s < 5; s++) {
		note(p, 1, s, 10);
		places_tick(p, &out, s * 1000);
		CHECK(stored() == s);
	}
	end(p);
	unlink(path);
}

static void
a_long_mark_is_made_less_often_but_always_at_the_end(void)
{
	unsigned made = 0;
	struct places *p;

	begin();
	p = places_open(dir, false);
	for (uint64_t s = 1; s <= 60; s++) {
		note(p, 1, s, 320 << 10);
		places_tick(p, &out, s * 1000);
		made += stored() == s;
	}
	CHECK(made == 6);	/* 320 KB at 32 KB a second */
	CHECK(stored() < 60);
	places_finish(p, &out, 60000);
	CHECK(stored() == 60);
	end(p);
	unlink(path);
}

static void
a_mark_is_stored_only_when_what_is_before_it_has_left(void)
{
	char taken[1 << 16];
	struct places *p;
	ssize_t n;

	begin();
	p = places_open(dir, false);
	memset(buf_reserve(&out.bytes, 1 << 20), 'x', 1 << 20);
	buf_commit(&out.bytes, 1 << 20);
	out_send(&out);
	note(p, 1, 7, 10);
	places_tick(p, &out, 1000);
	CHECK(stored() == 0 && !places_is_done(p));
	while (!out_is_empty(&out)) {
		n = read(ends[0], taken, sizeof(taken));
		CHECK(n > 0);
		places_store(p, &out, 1001);
		CHECK(stored() == 0);
		out_send(&out);
	}
	places_store(p, &out, 1002);
	CHECK(stored() == 7 && places_is_done(p));
	end(p);
	unlink(path);
}

static void
a_mark_in_which_nothing_is_new_is_not_written_again(void)
{
	struct places *p;
	uint64_t once;

	begin();
	p = places_open(NULL, true);
	note(p, 1, 7, 10);
	places_tick(p, &out, 1000);
	once = out_end(&out);
	CHECK(once > 0);
	note(p, 1, 7, 10);
	places_tick(p, &out, 2000);
	places_finish(p, &out, 3000);
	CHECK(out_end(&out) == once);
	note(p, 1, 8, 10);
	places_tick(p, &out, 4000);
	CHECK(out_end(&out) == 2 * once);
	end(p);
}

int
main(void)
{
	if (mkdtemp(dir) == NULL)
		return 111;
	tell_quieter();
	snprintf(path, sizeof(path), "%s/mark", dir);
	RUN(a_short_mark_is_made_every_second);
	RUN(a_long_mark_is_made_less_often_but_always_at_the_end);
	RUN(a_mark_is_stored_only_when_what_is_before_it_has_left);
	RUN(a_mark_in_which_nothing_is_new_is_not_written_again);
	snprintf(path, sizeof(path), "%s/lock", dir);
	unlink(path);
	rmdir(dir);
	return unit_end();
}

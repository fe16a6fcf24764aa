/*
 * Regular expressions in use.
 *
 * in: patterns that come and go, then names
 * out: which of them are found in a name
 *
 * A set has two lanes, for the two spellings. In each, patterns are single or in packs, and a job
 * makes a new pack of some of both.
 */
#include "ct-ws/filter/pattern.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/die.h"
#include "base/utf8.h"
#include "ct-ws/filter/filter.h"
#include "ct-ws/filter/regex.h"

enum { PATTERN_NICE = 10 };	/* the loop goes first, where there is one processor */

_Static_assert((int)PATTERN_FEW > (int)MAX_FILTER_REGEXES, "a set of one filter would begin a thread");

struct pattern_pack;

struct pattern {
	struct pattern *next;		/* the next single one */
	char *text;			/* owned */
	void *what;
	struct compiled *alone;		/* taken; NULL when it is in a pack */
	const struct regex *regex;	/* what that is, while it is there */
	struct pattern_pack *pack;	/* NULL when it is single */
	bool utf8;			/* which lane */
	bool dead;			/* dropped, but still in a pack or in the job */
	bool busy;			/* in the job */
};

/* Patterns compiled together. */
struct pattern_pack {
	struct pattern_pack *next;
	struct regex *all;		/* owned */
	struct pattern **patterns;	/* owned array; by their numbers in `all` */
	size_t count, dead;
	bool busy;			/* what is alive in it is in the job too */
};

/* A pack in the making. It has nothing of its set but `pack`, which the thread does not touch. */
struct pattern_job {
	pthread_t thread;
	struct pattern_pack *pack;
	char **texts;			/* owned, and each of them */
	size_t count;			/* of texts */
	bool utf8;
	struct regex *all;		/* owned; what the thread has made */
	/* Left: the set is gone, and the thread frees the job. */
	_Atomic enum { JOB_RUNS, JOB_DONE, JOB_LEFT } state;
};

struct pattern_lane {
	struct pattern *singles;
	size_t single_n;
	struct pattern_pack *packs;	/* the newest first */
	struct pattern_job *job;	/* or NULL */
	struct compiler *compiler;	/* borrowed: that of the set */
	bool given_up;			/* a job has failed, and there will be no other */
};

struct pattern_set {
	struct pattern_lane lanes[2];	/* for A-labels and for U-labels */
	struct regex_scratch *scratch;
	struct compiler *compiler;	/* borrowed */
};

/* What goes on during a scan. */
struct pattern_search {
	struct pattern *const *patterns;	/* by their numbers */
	void (*hit)(void *cookie, void *what);
	void *cookie;
};

static void *
pattern_memory(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (p == NULL)
		die_world("out of memory for regexes");
	return p;
}

/* Returns a copy of text that ends with NUL, to be freed. */
static char *
pattern_copy(struct span text)
{
	char *p = pattern_memory(text.n + 1, 1);

	memcpy(p, text.p, text.n);
	return p;
}

struct pattern_set *
pattern_set_open(struct compiler *compiler)
{
	struct pattern_set *set = pattern_memory(1, sizeof(*set));

	set->compiler = compiler;
	set->lanes[0].compiler = set->lanes[1].compiler = compiler;
	return set;
}

static void
pattern_free(struct compiler *compiler, struct pattern *p)
{
	compiler_drop(compiler, p->alone);
	free(p->text);
	free(p);
}

static void
pattern_pack_free(struct pattern_pack *pack)
{
	regex_free(pack->all);
	free(pack->patterns);
	free(pack);
}

static void
pattern_unlink(struct pattern_lane *lane, struct pattern *p)
{
	struct pattern **at = &lane->singles;

	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	lane->single_n--;
}

/* Frees those of the packs that are not needed: with `busy`, what the job has taken over. */
static void
pattern_packs_end(struct pattern_lane *lane, bool busy)
{
	struct pattern_pack **at = &lane->packs, *pack;

	while ((pack = *at) != NULL) {
		if (pack->busy != busy || (!busy && pack->dead < pack->count)) {
			at = &pack->next;
			continue;
		}
		*at = pack->next;
		for (size_t i = 0; i < pack->count; i++)
			if (pack->patterns[i]->dead && !pack->patterns[i]->busy)
				pattern_free(lane->compiler, pack->patterns[i]);
		pattern_pack_free(pack);
	}
}

/* Puts the pack that a job has made in the place of what it was made of. */
static void
pattern_job_done(struct pattern_set *set, struct pattern_lane *lane, struct pattern_pack *pack)
{
	struct pattern *p;

	pattern_packs_end(lane, true);
	for (size_t i = 0; i < pack->count; i++) {
		p = pack->patterns[i];
		if (p->pack == NULL)
			pattern_unlink(lane, p);
		compiler_drop(lane->compiler, p->alone);
		p->alone = NULL;
		p->pack = pack;
		p->busy = false;
		pack->dead += p->dead;
	}
	regex_fit(&set->scratch, pack->all);
	pack->next = lane->packs;
	lane->packs = pack;
}

/* Lets go what a job has taken, which stays where it is. */
static void
pattern_job_failed(struct pattern_lane *lane, struct pattern_pack *pack)
{
	struct pattern *p;

	lane->given_up = true;
	for (size_t i = 0; i < pack->count; i++) {
		p = pack->patterns[i];
		p->busy = false;
		if (p->dead && p->pack == NULL) {
			pattern_unlink(lane, p);
			pattern_free(lane->compiler, p);
		}
	}
	for (struct pattern_pack *old = lane->packs; old != NULL; old = old->next)
		old->busy = false;
	pattern_pack_free(pack);
}

static void
pattern_job_free(struct pattern_job *job)
{
	for (size_t i = 0; i < job->count; i++)
		free(job->texts[i]);
	free(job->texts);
	regex_free(job->all);
	free(job);
}

/* Takes up what the job has made, if it has ended; with wait, once it has. */
static void
pattern_job_end(struct pattern_set *set, struct pattern_lane *lane, bool wait)
{
	struct pattern_job *job = lane->job;

	if (job == NULL || (!wait && atomic_load(&job->state) == JOB_RUNS))
		return;
	pthread_join(job->thread, NULL);
	lane->job = NULL;
	job->pack->all = job->all;
	job->all = NULL;
	if (job->pack->all != NULL)
		pattern_job_done(set, lane, job->pack);
	else
		pattern_job_failed(lane, job->pack);
	pattern_job_free(job);
}

/* Leaves the job, if there is one, to its thread; what it was to be made of is all in the lane still. */
static void
pattern_job_leave(struct pattern_lane *lane)
{
	struct pattern_job *job = lane->job;
	pthread_t thread;

	if (job == NULL)
		return;
	lane->job = NULL;
	pattern_pack_free(job->pack);
	thread = job->thread;
	if (atomic_exchange(&job->state, JOB_LEFT) == JOB_DONE)
		pattern_job_free(job);
	pthread_detach(thread);
}

static void *
pattern_compile(void *cookie)
{
	struct pattern_job *job = cookie;

	(void)!nice(PATTERN_NICE);	/* of this thread alone, as Linux has it */
	job->all = regex_compile((const char *const *)job->texts, job->count, job->utf8);
	if (atomic_exchange(&job->state, JOB_DONE) == JOB_LEFT)
		pattern_job_free(job);
	return NULL;
}

/* Begins the thread with all signals blocked, so that they still come to the loop. */
static int
pattern_job_start(struct pattern_job *job)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&job->thread, NULL, pattern_compile, job);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

static void
pattern_job_take(struct pattern_job *job, struct pattern *p)
{
	size_t n = job->pack->count;

	if (p->dead)
		return;
	p->busy = true;
	job->pack->patterns[n] = p;
	job->texts[n] = pattern_copy(span_str(p->text));
	job->count = ++job->pack->count;
}

static bool
pattern_pack_is_worn(const struct pattern_pack *pack)
{
	return pack->dead > pack->count / 2;
}

/* Marks the packs that the next job takes. Returns how many patterns it takes in all. */
static size_t
pattern_choose(struct pattern_lane *lane)
{
	size_t count = lane->single_n < PATTERN_PACK ? lane->single_n : PATTERN_PACK, alive;

	for (struct pattern_pack *pack = lane->packs; pack != NULL; pack = pack->next) {
		alive = pack->count - pack->dead;
		pack->busy = (alive <= 2 * count || pattern_pack_is_worn(pack)) &&
		    count + alive <= PATTERN_PACK;
		count += pack->busy ? alive : 0;
	}
	return count;
}

static void
pattern_job_begin(struct pattern_lane *lane, bool utf8)
{
	struct pattern_job *job = pattern_memory(1, sizeof(*job));
	size_t room = pattern_choose(lane);

	job->utf8 = utf8;
	job->pack = pattern_memory(1, sizeof(*job->pack));
	job->pack->patterns = pattern_memory(room, sizeof(struct pattern *));
	job->texts = pattern_memory(room, sizeof(*job->texts));
	for (struct pattern_pack *pack = lane->packs; pack != NULL; pack = pack->next)
		for (size_t i = 0; pack->busy && i < pack->count; i++)
			pattern_job_take(job, pack->patterns[i]);
	for (struct pattern *p = lane->singles; p != NULL && job->pack->count < room; p = p->next)
		pattern_job_take(job, p);
	if (pattern_job_start(job) == 0) {
		lane->job = job;
		return;
	}
	pattern_job_failed(lane, job->pack);
	pattern_job_free(job);
}

/* Returns true when there is something to be made anew. */
static bool
pattern_lane_is_due(const struct pattern_lane *lane)
{
	if (lane->job != NULL || lane->given_up)
		return false;
	for (const struct pattern_pack *pack = lane->packs; pack != NULL; pack = pack->next)
		if (pattern_pack_is_worn(pack))
			return true;
	return lane->single_n >= PATTERN_FEW;
}

static void
pattern_lane_turn(struct pattern_set *set, unsigned i)
{
	struct pattern_lane *lane = &set->lanes[i];

	pattern_job_end(set, lane, false);
	pattern_packs_end(lane, false);
	if (pattern_lane_is_due(lane))
		pattern_job_begin(lane, i == 1);
}

void
pattern_turn(struct pattern_set *set)
{
	pattern_lane_turn(set, 0);
	pattern_lane_turn(set, 1);
}

void
pattern_settle(struct pattern_set *set)
{
	do {
		pattern_job_end(set, &set->lanes[0], true);
		pattern_job_end(set, &set->lanes[1], true);
		pattern_turn(set);
	} while (set->lanes[0].job != NULL || set->lanes[1].job != NULL);
}

struct pattern *
pattern_add(struct pattern_set *set, struct span text, void *what)
{
	struct pattern *p = pattern_memory(1, sizeof(*p));
	struct pattern_lane *lane = &set->lanes[regex_is_utf8(text)];
	const struct regex *alone = NULL;

	p->text = pattern_copy(text);
	p->what = what;
	p->utf8 = regex_is_utf8(text);
	p->alone = compiler_take(set->compiler, text);
	if (p->alone != NULL)
		alone = compiler_wait(set->compiler, p->alone);
	if (alone == NULL) {
		pattern_free(set->compiler, p);
		return NULL;
	}
	p->regex = alone;
	regex_fit(&set->scratch, alone);
	p->next = lane->singles;
	lane->singles = p;
	lane->single_n++;
	return p;
}

void
pattern_drop(struct pattern_set *set, struct pattern *p)
{
	p->dead = true;
	if (p->pack != NULL) {
		p->pack->dead++;
	} else if (!p->busy) {
		pattern_unlink(&set->lanes[p->utf8], p);
		pattern_free(set->compiler, p);
	}
}

static void
pattern_lane_free(struct pattern_lane *lane)
{
	struct pattern_pack *pack;
	struct pattern *p;

	pattern_job_leave(lane);
	while ((pack = lane->packs) != NULL) {
		lane->packs = pack->next;
		for (size_t i = 0; i < pack->count; i++)
			pattern_free(lane->compiler, pack->patterns[i]);
		pattern_pack_free(pack);
	}
	while ((p = lane->singles) != NULL) {
		lane->singles = p->next;
		pattern_free(lane->compiler, p);
	}
}

void
pattern_set_free(struct pattern_set *set)
{
	if (set == NULL)
		return;
	pattern_lane_free(&set->lanes[0]);
	pattern_lane_free(&set->lanes[1]);
	regex_scratch_free(set->scratch);
	free(set);
}

static void
pattern_hit(void *cookie, unsigned number)
{
	const struct pattern_search *search = cookie;
	const struct pattern *p = search->patterns[number];

	if (!p->dead)
		search->hit(search->cookie, p->what);
}

static void
pattern_lane_scan(struct pattern_set *set, const struct pattern_lane *lane, struct span text,
    void (*hit)(void *cookie, void *what), void *cookie)
{
	struct pattern *one;
	struct pattern_search search = { &one, hit, cookie };

	for (one = lane->singles; one != NULL; one = one->next)
		regex_scan(one->regex, set->scratch, text, pattern_hit, &search);
	for (const struct pattern_pack *pack = lane->packs; pack != NULL; pack = pack->next) {
		search.patterns = pack->patterns;
		regex_scan(pack->all, set->scratch, text, pattern_hit, &search);
	}
}

void
pattern_scan(struct pattern_set *set, struct span a, struct span u,
    void (*hit)(void *cookie, void *what), void *cookie)
{
	pattern_lane_scan(set, &set->lanes[0], a, hit, cookie);
	if ((set->lanes[1].singles != NULL || set->lanes[1].packs != NULL) && utf8_is(u))
		pattern_lane_scan(set, &set->lanes[1], u, hit, cookie);
}

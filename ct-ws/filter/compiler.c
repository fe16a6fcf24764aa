/*
 * Compiles regular expressions on a thread.
 *
 * in: expressions that are wanted, and those that are not any more
 * out: what regex_compile makes of them
 *
 * All members of struct compiled except its text are read and written with the lock held. The thread
 * takes the oldest expression that is wanted. While it compiles that one, it does not hold the lock, and
 * the expression is not freed. A compiler that is freed meanwhile is left to its thread, which frees it.
 */
#include "ct-ws/filter/compiler.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/die.h"
#include "ct-ws/filter/regex.h"

enum { COMPILER_NICE = 10 };	/* the loop goes first, where there is one processor */

struct compiled {
	struct compiled *next;	/* the next younger one */
	char *text;		/* owned; with a NUL */
	size_t refs;
	bool busy, done;	/* the thread is at it; has been */
	struct regex *regex;	/* owned; NULL when it is not done or too large */
	size_t bytes;		/* of regex */
};

struct compiler {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t more, made;	/* there is something to do, or to end; something is done */
	struct compiled *all;	/* the oldest first */
	size_t waiting;		/* how many of them are not done */
	size_t bytes;		/* of all that are */
	int fd;			/* an eventfd, written to when something is done */
	bool started, busy, ending;	/* busy: the thread is compiling */
};

struct compiler *
compiler_open(void)
{
	struct compiler *c = calloc(1, sizeof(*c));

	if (c == NULL)
		die_world("out of memory for regexes");
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->more, NULL);
	pthread_cond_init(&c->made, NULL);
	c->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (c->fd < 0)
		die_world("cannot wait for regexes:");
	return c;
}

/* Frees those that nobody wants and the thread is not at; all but them are left. */
static void
compiler_sweep(struct compiler *c)
{
	struct compiled **at = &c->all, *x;

	while ((x = *at) != NULL) {
		if (x->refs > 0 || x->busy) {
			at = &x->next;
			continue;
		}
		*at = x->next;
		c->waiting -= !x->done;
		c->bytes -= x->bytes;
		regex_free(x->regex);
		free(x->text);
		free(x);
	}
}

/* Frees c, which no thread has any more. */
static void
compiler_end(struct compiler *c)
{
	compiler_sweep(c);
	if (c->all != NULL)
		die_bug("a regex is in use that should not be");
	pthread_cond_destroy(&c->more);
	pthread_cond_destroy(&c->made);
	pthread_mutex_destroy(&c->lock);
	close(c->fd);
	free(c);
}

void
compiler_free(struct compiler *c)
{
	bool busy;

	if (c == NULL)
		return;
	pthread_mutex_lock(&c->lock);
	c->ending = true;
	busy = c->busy;
	if (busy)
		pthread_detach(c->thread);
	pthread_cond_signal(&c->more);
	pthread_mutex_unlock(&c->lock);
	if (busy)
		return;
	if (c->started)
		pthread_join(c->thread, NULL);
	compiler_end(c);
}

/* ---- the thread ---- */

/* Compiles x, with the lock held before and after. */
static void
compiler_make(struct compiler *c, struct compiled *x)
{
	const char *text = x->text;
	uint64_t one = 1;
	struct regex *r;

	x->busy = c->busy = true;
	pthread_mutex_unlock(&c->lock);
	r = regex_compile(&text, 1, regex_is_utf8(span_str(text)));
	pthread_mutex_lock(&c->lock);
	if (c->bytes + regex_bytes(r) > MAX_COMPILER_BYTES) {
		regex_free(r);
		r = NULL;
	}
	x->regex = r;
	x->bytes = regex_bytes(r);
	c->bytes += x->bytes;
	x->busy = c->busy = false;
	x->done = true;
	c->waiting--;
	pthread_cond_broadcast(&c->made);
	if (write(c->fd, &one, sizeof(one)) < 0 && errno != EAGAIN)
		die_world("cannot tell that a regex is compiled:");
}

/* Returns the oldest that is wanted and not done, or NULL. */
static struct compiled *
compiler_next(const struct compiler *c)
{
	struct compiled *x = c->all;

	while (x != NULL && (x->done || x->refs == 0))
		x = x->next;
	return x;
}

static void *
compiler_run(void *cookie)
{
	struct compiler *c = cookie;
	struct compiled *x;
	bool left = false;	/* c was freed during what is compiled, and is this thread's */

	(void)!nice(COMPILER_NICE);	/* of this thread alone, as Linux has it */
	pthread_mutex_lock(&c->lock);
	while (!c->ending) {
		x = compiler_next(c);
		if (x == NULL) {
			pthread_cond_wait(&c->more, &c->lock);
			continue;
		}
		compiler_make(c, x);
		left = c->ending;
	}
	pthread_mutex_unlock(&c->lock);
	if (left)
		compiler_end(c);
	return NULL;
}

/* Begins the thread with all signals blocked, so that they still come to the loop. */
static void
compiler_start(struct compiler *c)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&c->thread, NULL, compiler_run, c);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error != 0) {
		errno = error;
		die_world("cannot begin a thread for regexes:");
	}
	c->started = true;
}

/* ---- the others ---- */

/* Puts a new expression behind all others. */
static struct compiled *
compiler_put(struct compiler *c, struct span text)
{
	struct compiled *x = calloc(1, sizeof(*x)), **at = &c->all;

	if (x == NULL || (x->text = calloc(1, text.n + 1)) == NULL)
		die_world("out of memory for regexes");
	memcpy(x->text, text.p, text.n);
	while (*at != NULL)
		at = &(*at)->next;
	*at = x;
	c->waiting++;
	return x;
}

struct compiled *
compiler_take(struct compiler *c, struct span text)
{
	struct compiled *x;

	pthread_mutex_lock(&c->lock);
	x = c->all;
	while (x != NULL && !span_eq(span_str(x->text), text))
		x = x->next;
	if (x == NULL)
		compiler_sweep(c);
	if (x == NULL && c->waiting < MAX_COMPILER_WAITING)
		x = compiler_put(c, text);
	if (x != NULL)
		x->refs++;
	if (!c->started)
		compiler_start(c);
	pthread_cond_signal(&c->more);
	pthread_mutex_unlock(&c->lock);
	return x;
}

void
compiler_drop(struct compiler *c, struct compiled *x)
{
	if (x == NULL)
		return;
	pthread_mutex_lock(&c->lock);
	if (--x->refs == 0)
		compiler_sweep(c);
	pthread_mutex_unlock(&c->lock);
}

bool
compiler_is_done(struct compiler *c, const struct compiled *x)
{
	bool done;

	pthread_mutex_lock(&c->lock);
	done = x->done;
	pthread_mutex_unlock(&c->lock);
	return done;
}

const struct regex *
compiler_wait(struct compiler *c, const struct compiled *x)
{
	const struct regex *r;

	pthread_mutex_lock(&c->lock);
	while (!x->done)
		pthread_cond_wait(&c->made, &c->lock);
	r = x->regex;
	pthread_mutex_unlock(&c->lock);
	return r;
}

int
compiler_fd(const struct compiler *c)
{
	return c->fd;
}

void
compiler_hear(struct compiler *c)
{
	uint64_t n;

	if (read(c->fd, &n, sizeof(n)) < 0 && errno != EAGAIN)
		die_world("cannot hear of regexes:");
}

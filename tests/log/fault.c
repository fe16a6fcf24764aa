/*
 * The rules that say which requests meet which faults. In: rules, and requests. Out: what
 * the kinds of faults in fault_kind.c make of an answer. Many threads run this at once.
 */
#include "tests/log/fault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/log/fail.h"
#include "tests/log/fault_kind.h"

uint64_t
fault_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Finds the rule of an earlier reading of the file, so that it goes on counting. */
static struct fault *
fault_find(struct fault *const *rules, size_t count, const char *text)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(rules[i]->text, text) == 0)
			return rules[i];
	return NULL;
}

/*
 * Makes rules of the lines of text. Returns how many, or SIZE_MAX with *why and *line set
 * when a line is no rule.
 */
static size_t
fault_parse_lines(const struct faults *old, char *text, struct fault *rules[FAULT_RULES],
    const char **why, const char **line)
{
	char *rest = text;
	size_t count = 0;

	while ((*line = strsep(&rest, "\n")) != NULL) {
		*line += strspn(*line, " \t");
		if (**line == '\0' || **line == '#')
			continue;
		*why = "there are too many rules";
		if (count == FAULT_RULES)
			return SIZE_MAX;
		rules[count] = fault_find(old->read, old->read_count, *line);
		if (rules[count] == NULL)
			rules[count] = fault_rule_parse(*line, why);
		if (rules[count++] == NULL)
			return SIZE_MAX;
	}
	return count;
}

/* Returns the text of the file, or NULL when it cannot be read or its last line is not whole yet. */
static char *
fault_read_file(const char *path, size_t size)
{
	char *text = malloc(size + 1);
	int file = open(path, O_RDONLY | O_CLOEXEC);
	bool whole = file >= 0 && text != NULL && read(file, text, size) == (ssize_t)size;

	if (file >= 0)
		close(file);
	if (!whole || (size > 0 && text[size - 1] != '\n')) {
		free(text);
		return NULL;
	}
	text[size] = '\0';
	return text;
}

static bool
fault_is_same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_size == b->st_size &&
	    memcmp(&a->st_mtim, &b->st_mtim, sizeof(a->st_mtim)) == 0;
}

/* Reads the file again when it has changed. A file with a wrong line is told, and changes nothing. */
static void
faults_refresh(struct faults *f, bool must_work)
{
	struct fault *rules[FAULT_RULES];
	const char *why, *line;
	struct stat st;
	size_t count;
	char *text;

	if (stat(f->file, &st) != 0 || fault_is_same(&f->was, &st))
		return;
	text = fault_read_file(f->file, (size_t)st.st_size);
	if (text == NULL)
		return;
	f->was = st;
	count = fault_parse_lines(f, text, rules, &why, &line);
	if (count == SIZE_MAX && must_work)
		fail_usage("%s: %s: '%s'", f->file, why, line);
	if (count == SIZE_MAX) {
		fprintf(stderr, "ct-log: %s: %s: '%s'; the rules stay as they were\n", f->file, why,
		    line);
	} else {
		memcpy(f->read, rules, count * sizeof(struct fault *));
		f->read_count = count;
	}
	free(text);
}

void
faults_init(struct faults *f, const char *const *rules, size_t count, const char *file)
{
	const char *why;

	memset(f, 0, sizeof(*f));
	pthread_mutex_init(&f->lock, NULL);
	for (; f->fixed_count < count; f->fixed_count++) {
		f->fixed[f->fixed_count] = fault_rule_parse(rules[f->fixed_count], &why);
		if (f->fixed[f->fixed_count] == NULL)
			fail_usage("%s: '%s'", why, rules[f->fixed_count]);
	}
	f->file = file;
	if (file != NULL)
		faults_refresh(f, true);
}

static bool
fault_fits(const struct fault *f, const struct target *t, const char *agent)
{
	if (strcmp(f->log, "*") != 0 && (t->log == NULL || strcmp(f->log, t->log->name) != 0))
		return false;
	if (!(f->endpoints & (unsigned)t->endpoint) || (f->full_only && t->partial) ||
	    (f->partial_only && !t->partial))
		return false;
	if (f->ranged && (!t->ranged || t->last < f->first || t->first > f->last))
		return false;
	return f->agent == NULL || strstr(agent, f->agent) != NULL;
}

static bool
fault_is_time(const struct fault *f)
{
	uint64_t age = fault_clock() - f->began;

	return age >= f->from && age < f->to;
}

/* Counts a request that the rule is for. Returns whether the fault acts on this one. */
static bool
fault_counts(struct fault *f)
{
	uint64_t n;

	pthread_mutex_lock(&f->lock);
	n = f->seen++;
	pthread_mutex_unlock(&f->lock);
	return n >= f->after && (n - f->after) % f->every == 0 &&
	    (n - f->after) / f->every < f->times;
}

static void
fault_collect(struct fault *const *rules, size_t count, struct fault_case *c)
{
	size_t i;

	for (i = 0; i < count && c->hits < FAULT_RULES; i++)
		if (fault_fits(rules[i], c->target, c->request->agent) &&
		    fault_is_time(rules[i]) && fault_counts(rules[i]))
			c->hit[c->hits++] = rules[i];
}

/* Lets the rules act in their order. The first that makes the answer makes it; others that would are left out. */
static bool
fault_act(struct fault_case *c)
{
	size_t i, kept = 0;
	bool answered = false;

	for (i = 0; i < c->hits; i++) {
		struct fault *f = c->hit[i];

		if (answered && f->kind->answers)
			continue;
		c->hit[kept++] = f;
		if (f->kind->before != NULL && f->kind->before(f, c))
			answered = true;
	}
	c->hits = kept;
	return answered;
}

bool
faults_before(struct faults *f, struct fault_case *c)
{
	c->hits = 0;
	pthread_mutex_lock(&f->lock);
	if (f->file != NULL)
		faults_refresh(f, false);
	fault_collect(f->fixed, f->fixed_count, c);
	fault_collect(f->read, f->read_count, c);
	pthread_mutex_unlock(&f->lock);
	return fault_act(c);
}

void
faults_after(struct fault_case *c)
{
	size_t i;

	for (i = 0; i < c->hits; i++)
		if (c->hit[i]->kind->after != NULL)
			c->hit[i]->kind->after(c->hit[i], c);
}

const struct fault *
faults_state(struct faults *f, const char *name)
{
	const struct fault *found = NULL;
	size_t i;

	pthread_mutex_lock(&f->lock);
	if (f->file != NULL)
		faults_refresh(f, false);
	for (i = 0; i < f->fixed_count + f->read_count; i++) {
		const struct fault *rule = i < f->fixed_count ? f->fixed[i]
		    : f->read[i - f->fixed_count];

		if (strcmp(rule->kind->name, "state") == 0 && fault_is_time(rule) &&
		    (strcmp(rule->log, "*") == 0 || strcmp(rule->log, name) == 0))
			found = rule;
	}
	pthread_mutex_unlock(&f->lock);
	return found;
}

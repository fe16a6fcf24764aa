/* Reads rules. In: a line of text. Out: a fault, or the reason why it is none. */
#include <stdlib.h>
#include <string.h>

#include "tests/log/fail.h"
#include "tests/log/fault_kind.h"
#include "tests/log/query.h"

#define FAULT_TOKENS 40	/* most words of a rule */

struct tokens {
	char *at[FAULT_TOKENS + 1];	/* a NULL behind the last */
	unsigned next;
};

static bool
fault_rule_split(char *text, struct tokens *t)
{
	char *rest = text, *word;
	unsigned n = 0;

	while ((word = strsep(&rest, " \t")) != NULL)
		if (*word != '\0' && n <= FAULT_TOKENS)
			t->at[n++] = word;
	if (n > FAULT_TOKENS)
		return false;
	t->at[n] = NULL;
	t->next = 0;
	return true;
}

static bool
fault_rule_range(char *word, struct fault *f)
{
	char *dash = strchr(word, '-');

	if (dash != NULL)
		*dash++ = '\0';
	f->ranged = true;
	return query_decimal(word, &f->first) &&
	    query_decimal(dash == NULL ? word : dash, &f->last) && f->first <= f->last;
}

/* Reads all in front of the fault's name. */
static const char *
fault_rule_target(struct tokens *t, struct fault *f)
{
	const char *word;

	if (t->at[0] == NULL || t->at[1] == NULL)
		return "a rule begins with a log and an endpoint";
	f->log = t->at[0];
	f->endpoints = target_endpoints(t->at[1], strlen(t->at[1]));
	if (f->endpoints == 0)
		return "there is no such endpoint";
	t->next = 2;
	word = t->at[t->next];
	if (word != NULL && (strcmp(word, "full") == 0 || strcmp(word, "partial") == 0)) {
		f->full_only = *word == 'f';
		f->partial_only = *word == 'p';
		word = t->at[++t->next];
	}
	if (word == NULL || *word < '0' || *word > '9')
		return NULL;
	return fault_rule_range(t->at[t->next++], f) ? NULL : "a range is FIRST or FIRST-LAST";
}

static bool
fault_rule_is_condition(const char *word)
{
	static const char *const names[] = { "after", "every", "times", "from", "to", "agent" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(word, names[i]) == 0)
			return true;
	return false;
}

/* Returns the character of a form that argument i has to fit, or 0 when there may be none. */
static char
fault_rule_form(const char *form, unsigned i)
{
	unsigned n = 0;
	char last = 0;

	for (; *form != '\0' && *form != '+'; form++) {
		if (*form == '?')
			continue;
		last = *form;
		if (n++ == i)
			return last;
	}
	return *form == '+' ? last : 0;
}

static unsigned
fault_rule_least(const char *form)
{
	return (unsigned)strcspn(form, "?+");
}

static const char *
fault_rule_arguments(struct tokens *t, struct fault *f)
{
	const char *word;

	f->kind = t->at[t->next] == NULL ? NULL : fault_kind_find(t->at[t->next]);
	if (f->kind == NULL)
		return "there is no such fault";
	for (t->next++; (word = t->at[t->next]) != NULL && !fault_rule_is_condition(word);
	    t->next++) {
		char form = fault_rule_form(f->kind->form, f->count);

		if (form == 0 || f->count == FAULT_WORDS)
			return "the fault does not take so many arguments";
		if (form == 'n' && !query_decimal(word, &f->number[f->count]))
			return "the fault takes numbers";
		f->word[f->count++] = word;
	}
	if (f->count < fault_rule_least(f->kind->form))
		return "the fault lacks an argument";
	return f->kind->check == NULL ? NULL : f->kind->check(f);
}

static const char *
fault_rule_condition(const char *name, const char *value, struct fault *f)
{
	uint64_t n;

	if (strcmp(name, "agent") == 0) {
		f->agent = value;
		return NULL;
	}
	if (!query_decimal(value, &n) || n > UINT32_MAX)
		return "a condition takes a number";
	if (strcmp(name, "after") == 0)
		f->after = n;
	else if (strcmp(name, "every") == 0)
		f->every = n == 0 ? 1 : n;
	else if (strcmp(name, "times") == 0)
		f->times = n;
	else if (strcmp(name, "from") == 0)
		f->from = n * 1000;
	else
		f->to = n * 1000;
	return NULL;
}

static const char *
fault_rule_conditions(struct tokens *t, struct fault *f)
{
	const char *why = NULL;

	for (; why == NULL && t->at[t->next] != NULL; t->next += 2) {
		if (!fault_rule_is_condition(t->at[t->next]))
			return "there is no such condition";
		if (t->at[t->next + 1] == NULL)
			return "a condition lacks its value";
		why = fault_rule_condition(t->at[t->next], t->at[t->next + 1], f);
	}
	return why;
}

static void
fault_rule_free(struct fault *f)
{
	free(f->text);
	free(f->words);
	free(f);
}

struct fault *
fault_rule_parse(const char *text, const char **why)
{
	struct fault *f = calloc(1, sizeof(*f));
	struct tokens t;

	if (f == NULL || (f->text = strdup(text)) == NULL || (f->words = strdup(text)) == NULL)
		fail_world("out of memory for rules");
	f->every = 1;
	f->times = f->to = UINT64_MAX;
	f->last = UINT64_MAX;
	f->began = fault_clock();
	pthread_mutex_init(&f->lock, NULL);
	*why = fault_rule_split(f->words, &t) ? NULL : "the rule has too many words";
	if (*why == NULL)
		*why = fault_rule_target(&t, f);
	if (*why == NULL)
		*why = fault_rule_arguments(&t, f);
	if (*why == NULL)
		*why = fault_rule_conditions(&t, f);
	if (*why == NULL)
		return f;
	fault_rule_free(f);
	return NULL;
}

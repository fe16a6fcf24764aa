/* ct-ws/filter/compiler and ticket: who waits for a regular expression, and for how many. */
#include "unit.h"

#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "ct-ws/filter/compiler.h"
#include "ct-ws/filter/regex.h"
#include "ct-ws/filter/ticket.h"

static bool
has_regexes(void)
{
	struct buf why;
	bool good;

	buf_init(&why);
	good = regex_check(SPAN("a"), &why);
	buf_free(&why);
	return good;
}

/* Takes an expression that no other test does, which takes some milliseconds. */
static struct compiled *
take(struct compiler *c, unsigned number)
{
	char text[64];

	snprintf(text, sizeof(text), "(x%u[a-f]{1,20}|[0-9]+y){1,4}z?[^q]{3,9}$", number);
	return compiler_take(c, span_str(text));
}

static void
an_expression_is_compiled_once_for_all_who_want_it(void)
{
	struct compiler *c = compiler_open();
	struct compiled *one = take(c, 1), *other = take(c, 2), *again = take(c, 1);
	struct pollfd fd = { .fd = compiler_fd(c), .events = POLLIN };

	CHECK(one != NULL && one == again && one != other);
	CHECK(compiler_wait(c, other) != NULL && compiler_is_done(c, other));
	CHECK(compiler_wait(c, one) != NULL && compiler_is_done(c, one));
	CHECK(poll(&fd, 1, 0) == 1);
	compiler_hear(c);
	CHECK(poll(&fd, 1, 0) == 0);
	compiler_drop(c, one);
	CHECK(take(c, 1) == again);	/* one still has it */
	compiler_drop(c, again);
	compiler_drop(c, again);
	compiler_drop(c, other);
	compiler_free(c);
}

static void
as_many_may_wait_as_is_said(void)
{
	static struct compiled *taken[MAX_COMPILER_WAITING + 100];
	struct compiler *c = compiler_open();
	unsigned n = 0;

	while (n < MAX_COMPILER_WAITING + 100 && (taken[n] = take(c, n)) != NULL)
		n++;
	CHECK(n >= MAX_COMPILER_WAITING && n < MAX_COMPILER_WAITING + 100);
	CHECK(compiler_take(c, SPAN("new")) == NULL);
	/* Those that nobody wants any more are not compiled, and make room. */
	for (unsigned i = 0; i < n; i++)
		compiler_drop(c, taken[i]);
	taken[0] = compiler_take(c, SPAN("new"));
	CHECK(taken[0] != NULL && compiler_wait(c, taken[0]) != NULL);
	compiler_drop(c, taken[0]);
	compiler_free(c);
}

static void
a_ticket_is_ready_when_all_its_expressions_are(void)
{
	struct compiler *c = compiler_open();
	struct matcher *m = matcher_open(c);
	struct compiled *before = take(c, 1);
	struct ticket *t = NULL;
	const char *why;
	struct filter f;
	struct buf b;

	buf_init(&b);
	CHECK(filter_parse_query(&f, SPAN("regex=late1&regex=late2&match=x"), &b));
	CHECK(ticket_take(&t, c, &f, m) == TICKET_WAITS && !ticket_is_ready(t));
	while (!ticket_is_ready(t))
		poll(&(struct pollfd){ .fd = compiler_fd(c), .events = POLLIN }, 1, 100);
	CHECK(compiler_is_done(c, before));	/* it was there first */
	CHECK(ticket_take(&t, c, &f, m) == TICKET_READY);
	CHECK(matcher_add(m, &f, NULL, &why) != NULL);
	ticket_drop(&t);
	/* What is in force needs no ticket, but who resumes has a matcher of his own. */
	CHECK(ticket_take(&t, c, &f, m) == TICKET_READY && t == NULL);
	CHECK(ticket_take(&t, c, &f, NULL) == TICKET_READY && t != NULL);
	ticket_drop(&t);
	compiler_drop(c, before);
	matcher_free(m);
	filter_free(&f);
	buf_free(&b);
	compiler_free(c);
}

/* The second takes seconds, since it is what regex_check would refuse; the process ends before. */
static void
who_frees_a_compiler_does_not_wait_for_what_it_compiles(void)
{
	struct compiler *c = compiler_open();
	struct compiled *one = take(c, 1), *other = compiler_take(c, SPAN("(([a-z]{1,30}){1,30}b){1,30}"));
	struct pollfd fd = { .fd = dup(compiler_fd(c)), .events = POLLIN };

	/* When the first is done, the thread begins the second without letting anybody in between. */
	compiler_wait(c, one);
	compiler_hear(c);
	CHECK(!compiler_is_done(c, other));
	compiler_drop(c, one);
	compiler_drop(c, other);
	compiler_free(c);
	CHECK(poll(&fd, 1, 0) == 0);
	close(fd.fd);
}

int
main(void)
{
	if (!has_regexes()) {
		printf("1..0 # SKIP built without hyperscan\n");
		return 0;
	}
	RUN(an_expression_is_compiled_once_for_all_who_want_it);
	RUN(as_many_may_wait_as_is_said);
	RUN(a_ticket_is_ready_when_all_its_expressions_are);
	RUN(who_frees_a_compiler_does_not_wait_for_what_it_compiles);
	return unit_end();
}

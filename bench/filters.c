/*
 * filters: what it costs ct-ws to find out whom an event is for.
 *
 *	filters FILE
 *
 * Reads a file of events, one in each line, and lets them pass a matcher with more and more filters,
 * each of another client. A row has the microseconds of CPU time for an event, how many times that
 * is the cost of reading the event alone, what part of a core 2,000 events a second take, how many
 * clients an event was for, the bytes of memory a client, and the microseconds to add one.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "ct-ws/filter/matcher.h"
#include "ct-ws/filter/matcher_parts.h"
#include "os/store.h"

enum {
	MOST = 1 << 30,
	MOST_CLIENTS = 10000,
	ROUNDS = 5,
	RATE = 2000,		/* events a second */
};

struct bench {
	struct buf file;
	struct buf names;	/* names of the events, each with a NUL */
	struct span next;	/* what of names has not been drawn */
	size_t events;
	double alone;		/* microseconds to read an event */
	uint64_t told;
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void
tell(void *cookie, void *who, struct span name)
{
	(void)who;
	(void)name;
	++*(uint64_t *)cookie;
}

/* Takes the names out of the events, the first of each. */
static void
gather(struct bench *b)
{
	struct span rest = buf_span(&b->file), line;
	struct json_str name;
	struct facts facts;
	struct json j;

	for (; span_line(&rest, &line); b->events++) {
		if (!facts_read(&facts, line) || facts.names.n == 0)
			continue;
		json_init(&j, facts.names);
		json_enter(&j);
		if (!json_item(&j) || !json_take_string(&j, &name))
			continue;
		buf_put(&b->names, name.raw);
		buf_putc(&b->names, '\0');
	}
}

/* Returns the name of some event; each time another one, until all have come. */
static struct span
draw(struct bench *b)
{
	struct span name = SPAN("a.example");

	if (!filter_next(&b->next, &name)) {
		b->next = buf_span(&b->names);
		filter_next(&b->next, &name);
	}
	return name;
}

/* The queries of the rows; i numbers the clients. */

static void
put_domain(struct bench *b, struct buf *q, unsigned i)
{
	struct span name = draw(b);

	if (i % 2 == 0)	/* one of a name that comes, the other of one that does not */
		buf_putf(q, "domain=client-%u.example", i);
	else
		buf_putf(q, "domain=%.*s", (int)(name.n > 2 && *name.p == '*' ? name.n - 2 : name.n),
		    (const char *)(*name.p == '*' ? name.p + 2 : name.p));
}

static void
put_match(struct bench *b, struct buf *q, unsigned i)
{
	(void)b;
	buf_putf(q, "match=brand%ux", i * 7919 % 100000);
}

static void
put_regex(struct bench *b, struct buf *q, unsigned i)
{
	static const char *const forms[] = { "regex=^(www|mail)\\.[a-z]%%2b%u-login\\.",
		"regex=pay.{0,3}pal%u[0-9]{2,8}\\.(com|net)$", "regex=^[a-z]{6}%u[a-z]{6}\\.top$",
		"regex=(secure|account)[a-z-]*%u.*bank" };

	(void)b;
	buf_putf(q, forms[i % 4], i);
}

static void
put_mixed(struct bench *b, struct buf *q, unsigned i)
{
	if (i % 4 == 0)
		put_match(b, q, i);
	else
		put_domain(b, q, i);
	buf_puts(q, i % 3 == 0 ? "&issuer=encrypt" : i % 3 == 1 ? "&precert=0" : "&log=argon,xenon,oak");
}

/* All of these are looked at for most events. */
static void
put_hostile(struct bench *b, struct buf *q, unsigned i)
{
	(void)b;
	buf_putf(q, "domain=com,net,org,de&match=brand%ux&issuer=r1,r3,e5,encrypt,google", i);
}

static void
put_same(struct bench *b, struct buf *q, unsigned i)
{
	(void)b;
	(void)i;
	buf_puts(q, "domain=client.example");
}

/* Adds the clients of a row. Returns how many microseconds that takes for one. */
static double
fill(struct bench *b, struct matcher *m, unsigned clients,
    void (*put)(struct bench *, struct buf *, unsigned))
{
	struct buf query, why;
	const char *full;
	struct filter f;
	double from = now();

	buf_init(&query);
	buf_init(&why);
	for (unsigned i = 0; i < clients; i++) {
		buf_reset(&query);
		buf_reset(&why);
		put(b, &query, i);
		if (!filter_parse_query(&f, buf_span(&query), &why))
			continue;	/* not every name of a certificate is one */
		matcher_add(m, &f, NULL, &full);
		filter_free(&f);
	}
	buf_free(&query);
	buf_free(&why);
	return clients > 0 ? (now() - from) / clients : 0;
}

/* Lets all events pass m. Returns the microseconds for an event, of the fastest round. */
static double
run(struct bench *b, struct matcher *m)
{
	double best = 0, took;
	struct span rest, line;

	for (unsigned i = 0; i < ROUNDS; i++) {
		b->told = 0;
		took = now();
		for (rest = buf_span(&b->file); span_line(&rest, &line);)
			matcher_event(m, line, tell, &b->told);
		took = (now() - took) / (double)b->events;
		if (i == 0 || took < best)
			best = took;
	}
	return best;
}

static void
row(struct bench *b, const char *name, unsigned clients,
    void (*put)(struct bench *, struct buf *, unsigned))
{
	struct matcher *m = matcher_open(NULL);
	size_t before = mallinfo2().uordblks;
	double adding, took;

	adding = fill(b, m, clients, put);
	matcher_event(m, SPAN("{\"data\":[],\"message_type\":\"dns_entries\"}"), tell, &b->told);
	pattern_settle(m->patterns);
	before = mallinfo2().uordblks - before;
	took = run(b, m);
	if (b->alone == 0)
		b->alone = took;
	printf("%-34s %6zu %9.2f %7.2f %7.1f%% %9.1f %9.0f %8.1f\n", name, matcher_count(m), took,
	    took / b->alone, took * RATE / 1e4, (double)b->told / (double)b->events,
	    clients > 0 ? (double)before / clients : 0, adding);
	matcher_free(m);
}

int
main(int argc, char **argv)
{
	struct bench b = { .events = 0 };
	struct buf why;
	struct filter f;

	if (argc != 2 || store_read(argv[1], MOST, &b.file) < 0)
		return 111;
	gather(&b);
	b.next = buf_span(&b.names);
	printf("%zu events of %zu bytes\n", b.events, b.file.n / b.events);
	printf("%-34s %6s %9s %7s %8s %9s %9s %8s\n", "filters", "number", "us/event", "ratio",
	    "of core", "told", "bytes", "us/add");
	row(&b, "none: the event is read", 0, put_same);
	row(&b, "domain", 1, put_domain);
	row(&b, "domain, all the same", MOST_CLIENTS, put_same);
	row(&b, "domain", 100, put_domain);
	row(&b, "domain", MOST_CLIENTS, put_domain);
	row(&b, "match", MOST_CLIENTS, put_match);
	row(&b, "domain or match, and others", MOST_CLIENTS, put_mixed);
	row(&b, "domains and issuers that all have", MOST_CLIENTS, put_hostile);
	buf_init(&why);
	if (filter_parse_query(&f, SPAN("regex=a"), &why)) {
		row(&b, "regex", 10, put_regex);
		row(&b, "regex", 100, put_regex);
		row(&b, "regex", MAX_MATCHER_REGEXES, put_regex);
		filter_free(&f);
	} else {
		printf("%s\n", buf_str(&why));
	}
	buf_free(&why);
	buf_free(&b.file);
	buf_free(&b.names);
	return 0;
}

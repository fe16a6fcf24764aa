/*
 * ct-ws/filter/matcher: which filters an event passes. A model that lives here, and knows nothing of
 * tables and automata, must come to the same answers on random filters and events.
 */
#include "unit.h"

#include <malloc.h>
#include <regex.h>
#include <stdlib.h>

#include "ct-ws/filter/matcher_parts.h"
#include "ct-ws/filter/regex.h"
#include "tests/unit/corpus.h"

enum { MOST_CLIENTS = 600, MOST_NAMES = 6, MOST_VALUES = 4 };

/* What was matched in the last event. */
static struct {
	unsigned times[MOST_CLIENTS];
	struct span name[MOST_CLIENTS];
	unsigned n;
} told;

static void
tell(void *cookie, void *who, struct span name)
{
	size_t i = (size_t)(uintptr_t)who;

	(void)cookie;
	told.times[i]++;
	told.name[i] = name;
	told.n++;
}

static bool
event(struct matcher *m, const char *line)
{
	memset(&told, 0, sizeof(told));
	return matcher_event(m, span_str(line), tell, NULL);
}

static struct matcher_client *
add(struct matcher *m, const char *query, size_t who)
{
	struct matcher_client *c = NULL;
	const char *why = NULL;
	struct filter f;
	struct buf wrong;

	buf_init(&wrong);
	if (!filter_parse_query(&f, span_str(query), &wrong))
		printf("# %s\n", buf_str(&wrong));
	else
		c = matcher_add(m, &f, (void *)(uintptr_t)who, &why);
	if (c == NULL && why != NULL)
		printf("# %s\n", why);
	filter_free(&f);
	buf_free(&wrong);
	return c;
}

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

/* Returns true when the event with this name, as JSON, passes the filter. */
static bool
passes(const char *query, const char *name)
{
	struct matcher *m = matcher_open(NULL);
	struct buf line;
	bool good;

	buf_init(&line);
	buf_putf(&line, "{\"data\":{\"leaf_cert\":{\"all_domains\":[\"%s\"],\"issuer\":{\"CN\":\"R3\","
	    "\"O\":\"Let's Encrypt\"}},\"source\":{\"name\":\"Google 'Argon2026h1' log\","
	    "\"url\":\"https://ct.example/argon\"},\"update_type\":\"X509LogEntry\"},"
	    "\"message_type\":\"certificate_update\"}", name);
	CHECK(add(m, query, 1) != NULL);
	CHECK(event(m, buf_str(&line)));
	CHECK(told.n <= 1);
	good = told.times[1] == 1;
	matcher_free(m);
	buf_free(&line);
	return good;
}

static void
a_domain_is_itself_and_what_is_below(void)
{
	CHECK(passes("domain=example.com", "example.com"));
	CHECK(passes("domain=example.com", "EXAMPLE.com."));
	CHECK(passes("domain=example.com", "a.b.example.com"));
	CHECK(passes("domain=example.com", "*.example.com"));
	CHECK(passes("domain=com", "example.com"));
	CHECK(!passes("domain=example.com", "badexample.com"));
	CHECK(!passes("domain=example.com", "example.com.evil.org"));
	CHECK(!passes("domain=example.com", "com"));
	CHECK(!passes("domain=www.example.com", "*.example.com"));
}

static void
a_star_wants_only_what_is_below(void)
{
	CHECK(!passes("domain=*.example.org", "example.org"));
	CHECK(passes("domain=*.example.org", "*.example.org"));
	CHECK(passes("domain=*.example.org", "a.b.EXAMPLE.org"));
	CHECK(!passes("domain=*.example.org", "aexample.org"));
}

static void
names_beyond_ascii_have_two_spellings(void)
{
	static const char *const names[] = { "xn--mnchen-3ya.de", "m\xc3\xbcnchen.de",
		("www.M\xc3\x9cNCHEN\xe3\x80\x82" "de"), "XN--MNCHEN-3YA.DE.", "m\\u00fcnchen.de" };
	static const char *const queries[] = { "domain=xn--mnchen-3ya.de", "domain=m%C3%BCnchen.de",
		"match=m%C3%BCn", "match=xn--mn", "match=M%C3%9CN" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		for (size_t k = 0; k < sizeof(queries) / sizeof(*queries); k++)
			if (!passes(queries[k], names[i]))
				CHECK_TEXT(span_str(names[i]), queries[k]);
	CHECK(!passes("domain=munchen.de", names[0]));
}

static void
regexes_are_found_in_a_name(void)
{
	if (!has_regexes())
		SKIP("built without hyperscan");
	CHECK(passes("regex=^pay.{0,3}pal", "pay-pal.example"));
	CHECK(passes("regex=PAYPAL", "xpaypal.example"));
	CHECK(!passes("regex=^pay$", "paypal"));
	CHECK(!passes("regex=^m.nchen\\.", "m\xc3\xbcnchen.de"));
	CHECK(passes("regex=^xn--m", "m\xc3\xbcnchen.de"));
	CHECK(passes("regex=^..\xc3\xbcn", "xm\xc3\xbcnchen.de"));
	CHECK(passes("regex=\xc3\xbc.chen\\.de$", "xn--mnchen-3ya.de"));
	CHECK(passes("regex=^m[\xc3\xbc\xc3\xb6]n", "xn--mnchen-3ya.de"));
	CHECK(passes("regex=^m[\xc3\x9c\xc3\xb6]n", "xn--mnchen-3ya.de"));
}

static void
issuer_log_and_type_are_looked_at(void)
{
	CHECK(passes("issuer=r3", "a"));
	CHECK(passes("issuer=LET%27S", "a"));
	CHECK(!passes("issuer=digicert", "a"));
	CHECK(passes("log=argon2026", "a"));
	CHECK(passes("log=ct.example/", "a"));
	CHECK(!passes("log=r3", "a"));
	CHECK(passes("precert=0", "a"));
	CHECK(!passes("precert=1", "a"));
	CHECK(passes("", "a"));
	CHECK(passes("domain=a&match=a&issuer=r3&log=argon&precert=0", "a"));
	CHECK(!passes("domain=a&match=b&issuer=r3", "a"));
	CHECK(passes("domain=b,a&match=c,a&issuer=x,r3", "a"));
}

static void
texts_of_a_certificate_fool_nobody(void)
{
	struct matcher *m = matcher_open(NULL);

	CHECK(add(m, "domain=evil.com", 1) != NULL);
	CHECK(add(m, "issuer=evil", 2) != NULL);
	CHECK(add(m, "log=evil", 3) != NULL);
	CHECK(event(m, "{\"data\":{\"chain\":[{\"all_domains\":[\"evil.com\"],\"issuer\":{\"O\":\"evil\"}}],"
	    "\"leaf_cert\":{\"all_domains\":[\"a\\\",\\\"evil.com\",[\"evil.com\"],{\"a\":\"evil.com\"}],"
	    "\"extensions\":{\"all_domains\":[\"evil.com\"],\"issuer\":{\"CN\":\"evil\"}},"
	    "\"issuer\":{\"CN\":\"x\",\"OU\":\"evil\",\"aggregated\":\"/O=evil\"},"
	    "\"subject\":{\"CN\":\"\\\"},\\\"issuer\\\":{\\\"O\\\":\\\"evil\\\"\"}},"
	    "\"source\":{\"name\":\"log\",\"url\":\"u\",\"type\":\"evil\"},"
	    "\"update_type\":\"X509LogEntry\"},\"message_type\":\"certificate_update\"}"));
	CHECK(told.n == 0);
	matcher_free(m);
}

static void
the_form_domains_has_names_alone(void)
{
	struct matcher *m = matcher_open(NULL);

	CHECK(add(m, "domain=a.com", 1) != NULL);
	CHECK(add(m, "domain=a.com&issuer=x", 2) != NULL);
	CHECK(add(m, "domain=a.com&precert=0", 3) != NULL);
	CHECK(add(m, "precert=1", 4) != NULL);
	CHECK(event(m, "{\"data\":[\"b\",\"x.a.com\"],\"message_type\":\"dns_entries\"}"));
	CHECK(told.n == 1 && told.times[1] == 1);
	CHECK_TEXT(told.name[1], "x.a.com");
	CHECK(event(m, "{\"message_type\":\"dns_entries\",\"data\":[]}") && told.n == 0);
	CHECK(!event(m, "{\"message_type\":\"status\",\"data\":[\"a.com\"]}") && told.n == 0);
	CHECK(!event(m, "{\"data\":[\"a.com\"],\"message_type\":\"dns_entries\"") && told.n == 0);
	CHECK(!event(m, "") && !event(m, "[]"));
	matcher_free(m);
}

static void
the_name_stands_as_in_the_line(void)
{
	struct matcher *m = matcher_open(NULL);

	CHECK(add(m, "match=b%3Cc", 1) != NULL);
	CHECK(add(m, "precert=0", 2) != NULL);
	CHECK(event(m, "{\"data\":{\"leaf_cert\":{\"all_domains\":[\"x\",\"A\\u003cB\\u003cC\"]},"
	    "\"update_type\":\"X509LogEntry\"},\"message_type\":\"certificate_update\"}"));
	CHECK_TEXT(told.name[1], "A\\u003cB\\u003cC");
	CHECK(told.times[2] == 1 && told.name[2].n == 0);
	matcher_free(m);
}

static void
regexes_in_use_have_a_limit(void)
{
	struct matcher *m = matcher_open(NULL);
	struct matcher_client *last = NULL;
	const char *why = NULL;
	struct filter f;
	struct buf b;

	buf_init(&b);
	if (!has_regexes()) {
		matcher_free(m);
		SKIP("built without hyperscan");
	}
	for (unsigned i = 0; i < MAX_MATCHER_REGEXES; i++) {
		buf_reset(&b);
		buf_putf(&b, "regex=%x!", i);
		last = add(m, buf_str(&b), 1);
		CHECK(last != NULL);
	}
	CHECK(filter_parse_query(&f, SPAN("domain=a&regex=z"), &b));
	CHECK(matcher_add(m, &f, NULL, &why) == NULL && why != NULL);
	matcher_drop(m, last);
	CHECK(matcher_add(m, &f, NULL, &why) != NULL);
	CHECK(matcher_count(m) == MAX_MATCHER_REGEXES);
	filter_free(&f);
	buf_free(&b);
	matcher_free(m);
}

/* Gives m n clients, each of which wants what all want together with something of its own. */
static void
add_many(struct matcher *m, const char *all, const char *own, unsigned n)
{
	struct buf b;

	buf_init(&b);
	for (unsigned i = 0; i < n; i++) {
		buf_reset(&b);
		buf_putf(&b, "%s&%s%uq", all, own, i);
		CHECK(add(m, buf_str(&b), i % MOST_CLIENTS) != NULL);
	}
	buf_free(&b);
}

static struct buf *
write_names(struct buf *b, const char *issuer, const char *names)
{
	buf_reset(b);
	buf_putf(b, "{\"data\":{\"leaf_cert\":{\"all_domains\":[%s],\"issuer\":{\"O\":\"%s\"}},"
	    "\"update_type\":\"X509LogEntry\"},\"message_type\":\"certificate_update\"}", names, issuer);
	return b;
}

static void
filters_are_found_by_their_rarer_condition(void)
{
	static const struct {
		const char *all, *own;
	} both[] = {
		{ "domain=com", "match=x" }, { "match=a", "domain=x" }, { "issuer=big", "match=x" },
		{ "domain=com,org,net&issuer=big", "log=x" },
	};
	struct matcher *m;
	struct buf b;

	buf_init(&b);
	for (size_t i = 0; i < sizeof(both) / sizeof(*both); i++) {
		m = matcher_open(NULL);
		add_many(m, both[i].all, both[i].own, 500);
		for (unsigned k = 0; k < 500; k++)
			CHECK(event(m, buf_str(write_names(&b, "Big", "\"a.com\""))) && told.n == 0);
		/* Looked at one by one they would be 250,000. */
		CHECK(m->looks <= 500 * 32);
		matcher_free(m);
	}
	buf_free(&b);
}

/* What is rare changes: at first all names are below com, and then all have the text. */
static void
a_filter_that_has_changed_its_condition_finds_the_same(void)
{
	struct matcher *m = matcher_open(NULL);
	struct buf b;

	buf_init(&b);
	add_many(m, "domain=com", "match=x", 50);
	CHECK(add(m, "domain=com&match=bank,shop", 77) != NULL);
	for (unsigned round = 0; round < 4; round++) {
		for (unsigned k = 0; k < 40; k++)
			CHECK(event(m, buf_str(write_names(&b, "O",
			    round % 2 == 0 ? "\"a.com\"" : "\"bank.org\",\"x7q.org\""))) && told.n == 0);
		CHECK(event(m, buf_str(write_names(&b, "O", "\"a.com\",\"my-bank.org\",\"x7q.org\""))));
		CHECK(told.n == 2 && told.times[77] == 1 && told.times[7] == 1);
		CHECK(span_eq(told.name[77], SPAN("a.com")));
	}
	CHECK(m->looks < 51 * 4 * 16);
	matcher_free(m);
	buf_free(&b);
}

/* Short values cost far more than their bytes. */
static void
the_memory_of_all_filters_has_a_limit(void)
{
	struct matcher *m = matcher_open(NULL);
	struct matcher_client *last = NULL, *one;
	struct mallinfo2 before = mallinfo2();
	const char *why = NULL;
	struct buf b, wrong;
	struct filter f;
	unsigned n = 0;

	buf_init(&b);
	buf_init(&wrong);
	do {
		buf_reset(&b);
		for (unsigned i = 0; i < 900; i++)
			buf_putf(&b, "%s%x", i == 0 ? "match=" : ",", 4096 + n++);
		one = NULL;
		if (filter_parse_query(&f, buf_span(&b), &wrong))
			one = matcher_add(m, &f, NULL, &why);
		filter_free(&f);
		last = one != NULL ? one : last;
		if (n % 90000 == 0)
			event(m, buf_str(write_names(&wrong, "O", "\"a.com\"")));
	} while (one != NULL && n < 5000000);
	CHECK(one == NULL && why != NULL && last != NULL && n > 100000);
	CHECK(mallinfo2().uordblks + mallinfo2().hblkhd - before.uordblks - before.hblkhd <
	    (size_t)MAX_MATCHER_BYTES * 3 / 2);
	matcher_drop(m, last);
	CHECK(add(m, "match=little", 1) != NULL);
	matcher_free(m);
	buf_free(&b);
	buf_free(&wrong);
}

/* The model. */

/* Labels in two spellings, in lower case. */
static const struct {
	const char *a, *u;
} labels[] = {
	{ "com", "com" }, { "org", "org" }, { "a", "a" }, { "b", "b" }, { "aa", "aa" }, { "ab", "ab" },
	{ "www", "www" }, { "paypal", "paypal" }, { "login", "login" }, { "mail2", "mail2" },
	{ "*", "*" }, { "x-1", "x-1" }, { "xn--mnchen-3ya", "münchen" }, { "xn--p1ai", "рф" },
	{ "xn--strae-oqa", "straße" }, { "xn--", "xn--" }, { "xn--abc-", "xn--abc-" },
};
enum { LABELS = sizeof(labels) / sizeof(*labels) };

static const char *const parts[] = { "a", "aa", "ab", "pay", "ypal.", ".com", "w.a", "login.b", "2",
	"mün", "рф", "xn--", "zzz", "-1.", "straße.o", "*.", "b.b", "mail2.www" };
static const char *const regexes[] = { "^www\\.", "pay[a-z]+\\.", "(org|com)$", "^a+\\.b", "[0-9]\\.",
	"^[a-z]{3,4}\\.[a-z]+$", "l.g.n", "^(\\*\\.)?a\\.", "xn--[a-z]*-3ya", "b\\.b\\.b", "zz+",
	"^aab?\\.", "\\.aa\\.", "in\\.(com|a)", "^[^.]+$", "x-1\\.[^.]+\\.org", "2\\.w", "paypal$",
	"^.{1,4}$", "^.{30}" };
static const char *const issuers[] = { "Let's Encrypt", "DigiCert, Inc.", "R3", "E5", "GTS Root" };
static const char *const logs[] = { "Google 'Argon2026h1' log", "Oak", "Nimbus 2026" };

struct wish {
	bool there;
	const char *values[FILTER_KINDS][MOST_VALUES];
	unsigned n[FILTER_KINDS];
	char domains[MOST_VALUES][64];		/* as A-labels */
	unsigned precert;			/* bit 0: certificates, bit 1: precertificates */
	struct matcher_client *client;
};

struct sample {
	char a[MOST_NAMES][128], u[MOST_NAMES][128], shown[MOST_NAMES][128];
	unsigned names;
	const char *cn, *o, *log;
	bool precert, domains;
};

static uint32_t seed;

static unsigned
draw(unsigned n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

/* Draws a name of up to most labels. */
static void
draw_name(char *a, char *u, unsigned most)
{
	unsigned n = 1 + draw(most);

	*a = *u = '\0';
	for (unsigned i = 0; i < n; i++) {
		unsigned k = draw(LABELS - (i + 1 == n || most == 3));

		strcat(strcat(a, i > 0 ? "." : ""), labels[k].a);
		strcat(strcat(u, i > 0 ? "." : ""), labels[k].u);
	}
}

static void
draw_sample(struct sample *s)
{
	s->names = draw(MOST_NAMES + 1);
	for (unsigned i = 0; i < s->names; i++) {
		draw_name(s->a[i], s->u[i], 4);
		strcpy(s->shown[i], draw(3) > 0 ? s->a[i] : s->u[i]);
		for (char *p = s->shown[i]; *p != '\0'; p++)
			if (*p >= 'a' && *p <= 'z' && draw(8) == 0)
				*p -= 32;
		if (draw(5) == 0)
			strcat(s->shown[i], ".");
	}
	s->cn = issuers[draw(5)];
	s->o = issuers[draw(5)];
	s->log = logs[draw(3)];
	s->precert = draw(2);
	s->domains = draw(5) == 0;
}

static void
write_sample(const struct sample *s, struct buf *b)
{
	buf_reset(b);
	buf_puts(b, s->domains ? "{\"data\":[" : "{\"data\":{\"leaf_cert\":{\"all_domains\":[");
	for (unsigned i = 0; i < s->names; i++)
		buf_putf(b, "%s\"%s\"", i > 0 ? "," : "", s->shown[i]);
	if (s->domains)
		buf_puts(b, "],\"message_type\":\"dns_entries\"}");
	else
		buf_putf(b, "],\"issuer\":{\"CN\":\"%s\",\"O\":\"%s\"}},\"source\":{\"name\":\"%s\","
		    "\"url\":\"https://x\"},\"update_type\":\"%s\"},\"message_type\":"
		    "\"certificate_update\"}", s->cn, s->o, s->log,
		    s->precert ? "PrecertLogEntry" : "X509LogEntry");
}

static bool
ends_below(const char *name, const char *domain)
{
	size_t n = strlen(name), d = strlen(domain);

	return n > d + 1 && name[n - d - 1] == '.' && strcmp(name + n - d, domain) == 0;
}

static bool
model_name(enum filter_kind kind, const char *value, const char *a, const char *u)
{
	regex_t r;
	bool found;

	if (kind == FILTER_MATCH)
		return strstr(a, value) != NULL || strstr(u, value) != NULL;
	if (kind == FILTER_DOMAIN)
		return strncmp(value, "*.", 2) == 0 ? ends_below(a, value + 2) :
		    strcmp(a, value) == 0 || ends_below(a, value);
	regcomp(&r, value, REG_EXTENDED | REG_NOSUB);
	found = regexec(&r, a, 0, NULL, 0) == 0;
	regfree(&r);
	return found;
}

static bool
model_value(const struct sample *s, enum filter_kind kind, const char *value)
{
	if (kind == FILTER_ISSUER)
		return !s->domains && (strcasestr(s->cn, value) || strcasestr(s->o, value));
	if (kind == FILTER_LOG)
		return !s->domains && strcasestr(s->log, value) != NULL;
	for (unsigned i = 0; i < s->names; i++)
		if (model_name(kind, value, s->a[i], s->u[i]))
			return true;
	return false;
}

static bool
model_passes(const struct sample *s, const struct wish *w)
{
	if (w->precert == 1 || w->precert == 2)
		if (s->domains || s->precert != (w->precert == 2))
			return false;
	for (unsigned k = 0; k < FILTER_KINDS; k++) {
		bool met = w->n[k] == 0;

		for (unsigned i = 0; i < w->n[k]; i++)
			met |= model_value(s, (enum filter_kind)k, w->values[k][i]);
		if (!met)
			return false;
	}
	return true;
}

/* Returns true when name is one of the event that has a value of the first kind the filter has. */
static bool
model_names(const struct sample *s, const struct wish *w, struct span name)
{
	unsigned k = 0;

	while (k <= FILTER_REGEX && w->n[k] == 0)
		k++;
	if (k > FILTER_REGEX)
		return name.n == 0;
	for (unsigned i = 0; i < s->names; i++)
		for (unsigned v = 0; span_eq(name, span_str(s->shown[i])) && v < w->n[k]; v++)
			if (model_name((enum filter_kind)k, w->values[k][v], s->a[i], s->u[i]))
				return true;
	return false;
}

/* Appends value to the query, encoded. */
static void
put_value(struct buf *b, const char *key, const char *value)
{
	buf_putf(b, "&%s=", key);
	for (; *value != '\0'; value++)
		buf_putf(b, "%s%%%02x", *value == ',' && strcmp(key, "regex") != 0 ? "%5c" : "",
		    (unsigned)(unsigned char)*value);
}

static const char *
draw_value(struct wish *w, enum filter_kind kind, struct buf *b)
{
	static const char *const words[] = { "domain", "match", "regex", "issuer", "log" };
	char a[128], u[128] = "";
	const char *value = a;

	if (kind == FILTER_DOMAIN) {
		do
			draw_name(a, u, 3);
		while (strchr(a, '*') != NULL || strlen(a) > 60);
		strcpy(w->domains[w->n[kind]], draw(4) == 0 ? "*." : "");
		value = strcat(w->domains[w->n[kind]], a);
	} else if (kind == FILTER_MATCH) {
		value = parts[draw(sizeof(parts) / sizeof(*parts))];
	} else if (kind == FILTER_REGEX) {
		value = regexes[draw(sizeof(regexes) / sizeof(*regexes))];
	} else {
		value = kind == FILTER_ISSUER ? issuers[draw(5)] : logs[draw(3)];
		value += draw(2) * 2 * (strlen(value) > 3);
	}
	put_value(b, words[kind], kind == FILTER_DOMAIN && strchr(u, '*') == NULL && draw(2) &&
	    strncmp(value, "*.", 2) != 0 ? u : value);
	return value;
}

static void
draw_wish(struct wish *w, struct buf *query, bool regex)
{
	memset(w, 0, sizeof(*w));
	buf_reset(query);
	for (unsigned k = 0; k < FILTER_KINDS; k++) {
		if (draw(3) > 0 || (k == FILTER_REGEX && !regex))
			continue;
		for (unsigned n = 1 + draw(MOST_VALUES); n > 0; n--) {
			w->values[k][w->n[k]] = draw_value(w, (enum filter_kind)k, query);
			w->n[k]++;
		}
	}
	w->precert = draw(3) > 0 ? 0 : 1 + draw(3);
	if (w->precert & 1)
		buf_puts(query, "&precert=0");
	if (w->precert & 2)
		buf_puts(query, "&precert=1");
	w->there = true;
}

static void
compare(struct matcher *m, struct wish *wishes, struct buf *line)
{
	struct sample s;

	draw_sample(&s);
	write_sample(&s, line);
	CHECK(event(m, buf_str(line)));
	for (size_t i = 0; i < MOST_CLIENTS; i++) {
		unsigned want = wishes[i].there && model_passes(&s, &wishes[i]);

		if (told.times[i] != want)
			printf("# client %zu: %u times, not %u: %s\n", i, told.times[i], want,
			    buf_str(line));
		CHECK(told.times[i] == want);
		CHECK(told.times[i] == 0 || model_names(&s, &wishes[i], told.name[i]));
	}
}

static void
random_filters_and_events_agree_with_the_model(void)
{
	static struct wish wishes[MOST_CLIENTS];
	struct matcher *m = matcher_open(NULL);
	bool regex = has_regexes();
	struct buf query, line;
	size_t there = 0;

	buf_init(&query);
	buf_init(&line);
	seed = 5;
	for (unsigned round = 0; round < 12000; round++) {
		struct wish *w = &wishes[draw(round / 4000 == 1 ? 40 : MOST_CLIENTS)];

		if (w->there) {
			matcher_drop(m, w->client);
			w->there = false;
			there--;
		} else if (draw(3) < 2) {
			draw_wish(w, &query, regex);
			w->client = add(m, buf_str(&query), (size_t)(w - wishes));
			CHECK(w->client != NULL);
			there++;
		}
		if (draw(8) == 0)
			compare(m, wishes, &line);
		CHECK(matcher_count(m) == there);
	}
	matcher_free(m);
	buf_free(&query);
	buf_free(&line);
}

/* Many different parts of names, so that automata come and go. */
static void
many_parts_come_and_go(void)
{
	enum { MANY = 500 };
	struct matcher_client *clients[MANY] = { NULL };
	struct matcher *m = matcher_open(NULL);
	struct buf b;

	buf_init(&b);
	seed = 7;
	for (unsigned round = 0; round < 20000; round++) {
		unsigned i = draw(MANY), k = draw(MANY), name = draw(MANY * 2);

		if (clients[i] == NULL) {
			buf_reset(&b);
			buf_putf(&b, "match=%u,q%xq", i, i);
			clients[i] = add(m, buf_str(&b), i);
		} else {
			matcher_drop(m, clients[i]);
			clients[i] = NULL;
		}
		if (round % 16 != 0)
			continue;
		buf_reset(&b);
		buf_putf(&b, "{\"data\":[\"%uq%xq\"],\"message_type\":\"dns_entries\"}", name, k);
		CHECK(event(m, buf_str(&b)));
		for (i = 0; i < MANY; i++) {
			char own[16], text[32];

			snprintf(own, sizeof(own), "%u", i);
			snprintf(text, sizeof(text), "%uq%xq", name, k);
			CHECK(told.times[i] == (clients[i] != NULL &&
			    (i == k || strstr(text, own) != NULL)));
		}
	}
	matcher_free(m);
	buf_free(&b);
}

/* A pack that a thread has compiled finds what each pattern finds alone. */
static void
patterns_find_the_same_alone_and_together(void)
{
	struct compiler *compiler = compiler_open();
	struct pattern_set *set = pattern_set_open(compiler);
	struct pattern *patterns[100];
	char text[32];

	if (!has_regexes()) {
		pattern_set_free(set);
		compiler_free(compiler);
		SKIP("built without hyperscan");
	}
	for (size_t i = 0; i < 100; i++) {
		snprintf(text, sizeof(text), i % 2 ? "^a%zu[b\xc3\xbc]" : "^a%zu[bc]", i);
		patterns[i] = pattern_add(set, span_str(text), (void *)(uintptr_t)i);
	}
	for (unsigned step = 0; step < 6; step++) {
		memset(&told, 0, sizeof(told));
		for (size_t i = 0; i < 100; i++) {
			snprintf(text, sizeof(text), "a%zub", i);
			pattern_scan(set, span_str(text), span_str(text),
			    (void (*)(void *, void *))(void (*)(void))tell, NULL);
		}
		for (size_t i = 0; i < 100; i++)
			CHECK(told.times[i] == (patterns[i] != NULL));
		for (size_t i = step; step > 1 && i < 100; i += 3) {
			if (patterns[i] != NULL)
				pattern_drop(set, patterns[i]);
			patterns[i] = NULL;
		}
		if (step % 2 == 0)
			pattern_settle(set);
		else
			pattern_turn(set);
	}
	pattern_set_free(set);
	compiler_free(compiler);
}

static void
real_events_are_read(void)
{
	struct matcher *m = matcher_open(NULL);
	struct span rest, line;
	struct buf b;
	unsigned n = 0;

	buf_init(&b);
	if (!corpus_read(&b, "certstream/captured.ndjson")) {
		matcher_free(m);
		SKIP(NO_CORPUS);
	}
	CHECK(add(m, "", 1) != NULL);
	CHECK(add(m, "match=.", 2) != NULL);
	CHECK(add(m, "precert=0", 3) != NULL);
	CHECK(add(m, "precert=1", 4) != NULL);
	for (rest = buf_span(&b); span_line(&rest, &line);) {
		static const char member[] = ",\"message\":";
		const uint8_t *at = memmem(line.p, line.n, member, sizeof(member) - 1);

		CHECK(at != NULL);
		if (at == NULL)
			continue;
		line = span_from(line, (size_t)(at - line.p) + sizeof(member) - 1);
		line.n--;	/* the end of the object around the message */
		memset(&told, 0, sizeof(told));
		if (!matcher_event(m, line, tell, NULL))
			continue;
		CHECK(told.times[1] == 1);
		CHECK(told.times[3] + told.times[4] <= 1);
		n++;
	}
	CHECK(n >= 5);
	matcher_free(m);
	buf_free(&b);
}

int
main(void)
{
	RUN(a_domain_is_itself_and_what_is_below);
	RUN(a_star_wants_only_what_is_below);
	RUN(names_beyond_ascii_have_two_spellings);
	RUN(regexes_are_found_in_a_name);
	RUN(issuer_log_and_type_are_looked_at);
	RUN(texts_of_a_certificate_fool_nobody);
	RUN(the_form_domains_has_names_alone);
	RUN(the_name_stands_as_in_the_line);
	RUN(regexes_in_use_have_a_limit);
	RUN(filters_are_found_by_their_rarer_condition);
	RUN(a_filter_that_has_changed_its_condition_finds_the_same);
	RUN(the_memory_of_all_filters_has_a_limit);
	RUN(random_filters_and_events_agree_with_the_model);
	RUN(many_parts_come_and_go);
	RUN(patterns_find_the_same_alone_and_together);
	RUN(real_events_are_read);
	return unit_end();
}

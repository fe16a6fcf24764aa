/*
 * Faults that answer instead of the log: errors, pages of HTML, and limits. In: the words of
 * a rule. Out: a response. The words of a status are, in any order behind its number,
 *
 *	html | json | empty		what the body is; without it a line of text
 *	retry-after SECS [FORM]		FORM is seconds, imf, rfc850, asctime, utc, cet or cest
 *	location URL
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/log/fail.h"
#include "tests/log/fault_kind.h"
#include "tests/log/query.h"
#include "tests/log/response.h"

#define FAULT_CLIENTS 16	/* most clients that a limiter tells apart */

/* Forms of Retry-After: RFC 9110 section 5.6.7, and what Skylight sends in zones other than GMT. */
static const struct {
	const char *name, *format;
	int zone;	/* seconds east of Greenwich */
} forms[] = {
	{ "seconds", NULL, 0 },
	{ "imf", "%a, %d %b %Y %H:%M:%S GMT", 0 },
	{ "rfc850", "%A, %d-%b-%y %H:%M:%S GMT", 0 },
	{ "asctime", "%a %b %e %H:%M:%S %Y", 0 },
	{ "utc", "%a, %d %b %Y %H:%M:%S UTC", 0 },
	{ "cet", "%a, %d %b %Y %H:%M:%S CET", 3600 },
	{ "cest", "%a, %d %b %Y %H:%M:%S CEST", 7200 },
};

#define FORMS (sizeof(forms) / sizeof(forms[0]))

static size_t
fault_status_form(const char *name)
{
	size_t i = 0;

	while (name != NULL && i < FORMS && strcmp(forms[i].name, name) != 0)
		i++;
	return name == NULL ? FORMS : i;
}

static void
fault_status_put_retry(const char *seconds, size_t form, struct bytes *fields)
{
	time_t when = time(NULL) + (time_t)strtoull(seconds, NULL, 10) + forms[form].zone;
	char text[64];
	struct tm tm;

	if (forms[form].format == NULL) {
		snprintf(text, sizeof(text), "%s", seconds);
	} else {
		gmtime_r(&when, &tm);
		strftime(text, sizeof(text), forms[form].format, &tm);
	}
	bytes_printf(fields, "Retry-After: %s\r\n", text);
}

static void
fault_status_put_body(const char *kind, struct http_response *r)
{
	const char *phrase = response_reason(r->status);

	bytes_reset(&r->body);
	r->type = strcmp(kind, "json") == 0 ? "application/json" : "text/html; charset=utf-8";
	if (strcmp(kind, "json") == 0)
		bytes_printf(&r->body, "{\"error\":\"%s\"}", phrase);
	else if (strcmp(kind, "html") == 0)
		bytes_printf(&r->body, "<html>\r\n<head><title>%d %s</title></head>\r\n<body>\r\n"
		    "<center><h1>%d %s</h1></center>\r\n</body>\r\n</html>\r\n", r->status, phrase,
		    r->status, phrase);
}

static const char *
fault_status_word(const struct fault *f, unsigned i)
{
	return i < f->count ? f->word[i] : NULL;
}

/* Answers with a status and the words of the rule from number i on. */
static void
fault_status_put(const struct fault *f, int status, unsigned i, struct http_response *r)
{
	http_fail(r, status, response_reason(status));
	for (; i < f->count; i++) {
		size_t form = fault_status_form(fault_status_word(f, i + 2));

		if (strcmp(f->word[i], "retry-after") == 0) {
			fault_status_put_retry(f->word[i + 1], form == FORMS ? 0 : form, &r->fields);
			i += form == FORMS ? 1 : 2;
		} else if (strcmp(f->word[i], "location") == 0) {
			bytes_printf(&r->fields, "Location: %s\r\n", f->word[++i]);
		} else {
			fault_status_put_body(f->word[i], r);
		}
	}
}

/* Returns how many words, from number i on, one word of a status takes with it, or 0 when it is none. */
static unsigned
fault_status_takes(const struct fault *f, unsigned i)
{
	const char *next = fault_status_word(f, i + 1);
	uint64_t n;

	if (strcmp(f->word[i], "html") == 0 || strcmp(f->word[i], "json") == 0 ||
	    strcmp(f->word[i], "empty") == 0)
		return 1;
	if (strcmp(f->word[i], "location") == 0)
		return next == NULL ? 0 : 2;
	if (strcmp(f->word[i], "retry-after") != 0 || next == NULL ||
	    !query_decimal(next, &n) || n > UINT32_MAX)
		return 0;
	return fault_status_form(fault_status_word(f, i + 2)) == FORMS ? 2 : 3;
}

static const char *
fault_status_check_from(const struct fault *f, unsigned i)
{
	while (i < f->count) {
		unsigned n = fault_status_takes(f, i);

		if (n == 0)
			return "a status takes html, json, empty, retry-after SECS [FORM], location URL";
		i += n;
	}
	return NULL;
}

static const char *
fault_status_check_number(const struct fault *f, unsigned i)
{
	uint64_t n;

	if (i >= f->count || !query_decimal(f->word[i], &n) || n < 200 || n > 599)
		return "a status is a number from 200 to 599";
	return fault_status_check_from(f, i + 1);
}

const char *
fault_status_check(const struct fault *f)
{
	return fault_status_check_number(f, 0);
}

bool
fault_status(struct fault *f, struct fault_case *c)
{
	fault_status_put(f, atoi(f->word[0]), 1, c->response);
	return true;
}

const char *
fault_limit_check(const struct fault *f)
{
	return f->count == 1 ? NULL : fault_status_check_number(f, 1);
}

bool
fault_limit(struct fault *f, struct fault_case *c)
{
	const struct target *t = c->target;

	if (!t->ranged || t->last - t->first < f->number[0])
		return false;
	fault_status_put(f, f->count > 1 ? atoi(f->word[1]) : 400, 2, c->response);
	return true;
}

/* What a limiter remembers of a client: the times of as many of its requests as are allowed. */
struct client {
	uint32_t address;
	uint64_t *when;		/* a ring; ms, 0 for none yet */
	uint64_t next;
};

struct limiter {
	struct client client[FAULT_CLIENTS];
	unsigned count;
};

/* Returns where the limiter's own words end: N, then maybe "per SECS", then maybe "counting". */
static unsigned
fault_limiter_words(const struct fault *f)
{
	unsigned i = 1;

	if (i + 1 < f->count && strcmp(f->word[i], "per") == 0)
		i += 2;
	return i < f->count && strcmp(f->word[i], "counting") == 0 ? i + 1 : i;
}

/* Returns the time, in ms, within which so many requests are answered, or 0 when it is no number. */
static uint64_t
fault_limiter_window(const struct fault *f)
{
	uint64_t seconds;

	if (f->count < 3 || strcmp(f->word[1], "per") != 0)
		return 60000;
	return query_decimal(f->word[2], &seconds) && seconds <= UINT32_MAX ? seconds * 1000 : 0;
}

const char *
fault_limiter_check(const struct fault *f)
{
	unsigned i = fault_limiter_words(f);

	if (f->number[0] < 1 || f->number[0] > 100000 || fault_limiter_window(f) == 0)
		return "a limiter allows 1 to 100000 requests in a minute, or per SECS";
	return i == f->count ? NULL : fault_status_check_number(f, i);
}

/* Finds a client, or makes it. Clients beyond the most share the last place. */
static struct client *
fault_limiter_client(struct fault *f, uint32_t address)
{
	struct limiter *l = f->state;
	unsigned i;

	if (l == NULL && (f->state = l = calloc(1, sizeof(*l))) == NULL)
		fail_world("out of memory for a limiter");
	for (i = 0; i < l->count; i++)
		if (l->client[i].address == address || i + 1 == FAULT_CLIENTS)
			return &l->client[i];
	l->client[i].address = address;
	l->client[i].when = calloc(f->number[0], sizeof(uint64_t));
	if (l->client[i].when == NULL)
		fail_world("out of memory for a limiter");
	l->count++;
	return &l->client[i];
}

/*
 * Within any such time only so many requests are answered. With "counting" a refused request
 * counts too, so that a client that keeps asking too fast is never answered again.
 */
bool
fault_limiter(struct fault *f, struct fault_case *c)
{
	unsigned words = fault_limiter_words(f);
	struct client *client;
	uint64_t now = fault_clock(), *oldest;
	bool refused;

	pthread_mutex_lock(&f->lock);
	client = fault_limiter_client(f, c->request->address);
	oldest = &client->when[client->next % f->number[0]];
	refused = *oldest != 0 && now - *oldest < fault_limiter_window(f);
	if (!refused || strcmp(f->word[words - 1], "counting") == 0) {
		*oldest = now;
		client->next++;
	}
	pthread_mutex_unlock(&f->lock);
	if (refused)
		fault_status_put(f, words < f->count ? atoi(f->word[words]) : 429, words + 1,
		    c->response);
	return refused;
}

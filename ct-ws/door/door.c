/*
 * Lets clients in, or not.
 *
 * in: addresses, requests, and the token file
 * out: whether a client may come in and read, or why not
 * standard: RFC 6750 sections 2.1, 2.3 and 3 for tokens
 */
#include "ct-ws/door/door.h"

#include <strings.h>

#include "base/buf.h"
#include "base/die.h"
#include "base/tell.h"
#include "os/store.h"

/* ---- addresses ---- */

bool
door_trusts(const struct door *d, const struct address *a)
{
	return cidrs_longest(&d->trusted, a) >= 0;
}

/* The longest prefix decides; where one is both allowed and denied, it is denied. */
static bool
door_denies(const struct door *d, const struct address *a)
{
	int allowed = cidrs_longest(&d->allowed, a);
	int denied = cidrs_longest(&d->denied, a);

	if (allowed < 0 && denied < 0)
		return d->allowed.count > 0 && a->kind != ADDRESS_LOCAL;
	return denied >= allowed;
}

static void
door_uncount(struct door *d, struct door_pass *pass)
{
	if (pass->counted)
		census_drop(&d->census, &pass->address);
	pass->counted = false;
}

enum door_why
door_enter(struct door *d, struct door_pass *pass, const struct address *a)
{
	if (pass->counted && address_eq(&pass->address, a))
		return DOOR_OPEN;
	door_uncount(d, pass);
	pass->address = *a;
	if (door_trusts(d, a))
		return DOOR_OPEN;
	if (door_denies(d, a))
		return DOOR_DENIED;
	if (!census_take(&d->census, a))
		return DOOR_ADDRESS;
	pass->counted = true;
	return DOOR_OPEN;
}

/* ---- tokens ---- */

/*
 * RFC 6750 section 2.1: "Bearer" and a token. Clients of certstream-server-rust may leave the word out;
 * what is one word and not that one is a token too.
 */
static struct span
door_bearer(struct span authorization)
{
	if (authorization.n > 0 && memchr(authorization.p, ' ', authorization.n) == NULL &&
	    (authorization.n != 6 || strncasecmp((const char *)authorization.p, "Bearer", 6) != 0))
		return authorization;
	if (authorization.n < 7 || strncasecmp((const char *)authorization.p, "Bearer ", 7) != 0)
		return (struct span){ NULL, 0 };
	authorization = span_from(authorization, 7);
	while (authorization.n > 0 && authorization.p[0] == ' ')
		authorization = span_from(authorization, 1);
	return authorization;
}

static int
door_hex(uint8_t c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 :
	    c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Writes s with its %-escapes undone to out. Returns how many bytes that are, 0 when too many. */
static size_t
door_unescape(struct span s, uint8_t out[MAX_TOKEN])
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		int high = s.p[i] == '%' && i + 2 < s.n ? door_hex(s.p[i + 1]) : -1;
		int low = high >= 0 ? door_hex(s.p[i + 2]) : -1;

		if (n == MAX_TOKEN)
			return 0;
		out[n++] = low >= 0 ? (uint8_t)(high << 4 | low) : s.p[i];
		i += low >= 0 ? 2 : 0;
	}
	return n;
}

/* Returns the value of the first "token=" in query, as it is sent. */
static struct span
door_query_token(struct span query)
{
	while (query.n > 0) {
		const uint8_t *end = memchr(query.p, '&', query.n);
		struct span one = end != NULL ? span_of(query.p, (size_t)(end - query.p)) : query;

		if (span_starts(one, SPAN("token=")))
			return span_from(one, 6);
		query = span_from(query, end != NULL ? one.n + 1 : one.n);
	}
	return query;
}

enum door_why
door_show_token(struct door *d, struct door_pass *pass, struct span authorization, struct span query)
{
	struct span given = door_bearer(authorization);
	uint8_t plain[MAX_TOKEN];
	struct permit *t;

	if (d->token_file == NULL)
		return DOOR_OPEN;
	permit_drop(pass->permit);
	pass->permit = NULL;
	if (given.n == 0)
		given = span_of(plain, door_unescape(door_query_token(query), plain));
	if (given.n == 0 || given.n > MAX_TOKEN)
		return given.n == 0 ? DOOR_NO_TOKEN : DOOR_BAD_TOKEN;
	t = permits_find(&d->permits, d->hash, given);
	if (t == NULL)
		return DOOR_BAD_TOKEN;
	pass->permit = permit_take(t);
	return DOOR_OPEN;
}

enum door_why
door_may_read(const struct door_pass *pass, enum form form)
{
	return pass->permit == NULL || (pass->permit->streams >> form & 1) ? DOOR_OPEN : DOOR_STREAM;
}

/* Counts one more stream of a token, in this worker and over all. Returns false when there are enough. */
static bool
door_count_stream(struct door *d, struct permit *t)
{
	if (d->streams == NULL)
		return permit_enter(t);
	return roll_take(d->streams, d->worker, t->digest, t->most);
}

static void
door_uncount_stream(struct door *d, struct permit *t)
{
	if (d->streams == NULL)
		permit_leave(t);
	else
		roll_drop(d->streams, d->worker, t->digest);
}

enum door_why
door_begin_stream(struct door *d, struct door_pass *pass, enum form form)
{
	enum door_why why = door_may_read(pass, form);

	if (why != DOOR_OPEN || pass->permit == NULL)
		return why;
	if (!door_count_stream(d, pass->permit))
		return DOOR_TOKEN_FULL;
	pass->streams = true;
	return DOOR_OPEN;
}

bool
door_revoked(const struct door_pass *pass)
{
	return pass->permit != NULL && pass->permit->gone;
}

void
door_leave(struct door *d, struct door_pass *pass)
{
	door_uncount(d, pass);
	if (pass->streams)
		door_uncount_stream(d, pass->permit);
	pass->streams = false;
	permit_drop(pass->permit);
	pass->permit = NULL;
}

bool
door_read_tokens(struct door *d)
{
	struct permits_flaw flaw = { .why = NULL };
	struct buf text;
	bool taken = false;

	if (d->token_file == NULL)
		return true;
	buf_init(&text);
	if (store_read(d->token_file, MAX_TOKEN_FILE, &text) < 0)
		tell(TELL_WARNING, "token file %s:", d->token_file);
	else if (permits_take(&d->permits, d->hash, buf_span(&text), &flaw))
		taken = true;
	else if (flaw.line > 0)
		tell(TELL_WARNING, "token file %s: line %u: %s", d->token_file, flaw.line, flaw.why);
	else
		tell(TELL_WARNING, "token file %s: %s", d->token_file, flaw.why);
	if (text.n > 0)
		explicit_bzero(text.p, text.n);
	buf_free(&text);
	return taken;
}

void
door_free(struct door *d)
{
	cidrs_free(&d->trusted);
	cidrs_free(&d->allowed);
	cidrs_free(&d->denied);
	census_free(&d->census);
	permits_free(&d->permits);
}

/* ---- in words ---- */

/* A refusal holds no data, so a page of any site may read why it gets none. */
#define DOOR_SHARED "Access-Control-Allow-Origin: *\r\n"

static const struct {
	const char *label, *sentence;
	unsigned status;
	const char *fields;
} door_words[DOOR_WHYS] = {
	[DOOR_OPEN] = { "none", "Come in.", 200, "" },
	[DOOR_FULL] = { "max_clients", "Too many clients; come again.", 503,
	    DOOR_SHARED "Retry-After: 5\r\n" },
	[DOOR_ADDRESS] = { "per_address", "Too many connections from your address.", 429,
	    DOOR_SHARED "Retry-After: 30\r\n" },
	[DOOR_DENIED] = { "denied", "Your address may not come in here.", 403, DOOR_SHARED },
	[DOOR_NO_TOKEN] = { "no_token", "A token is needed here.", 401,
	    DOOR_SHARED "WWW-Authenticate: Bearer realm=\"ct-ws\"\r\n" },
	[DOOR_BAD_TOKEN] = { "bad_token", "This token is not known here.", 401,
	    DOOR_SHARED "WWW-Authenticate: Bearer realm=\"ct-ws\", error=\"invalid_token\"\r\n" },
	[DOOR_STREAM] = { "stream", "This token is not for this stream.", 403,
	    DOOR_SHARED "WWW-Authenticate: Bearer realm=\"ct-ws\", error=\"insufficient_scope\"\r\n" },
	[DOOR_TOKEN_FULL] = { "per_token", "This token has too many streams open.", 429,
	    DOOR_SHARED "Retry-After: 30\r\n" },
	[DOOR_PROXY] = { "proxy_header", "The PROXY header is broken.", 400, "" },
	[DOOR_TLS] = { "tls", "This port speaks TLS.", 400, "" },
};

const char *
door_label(enum door_why why)
{
	return door_words[why].label;
}

unsigned
door_status(enum door_why why)
{
	return door_words[why].status;
}

const char *
door_sentence(enum door_why why)
{
	return door_words[why].sentence;
}

const char *
door_fields(enum door_why why)
{
	return door_words[why].fields;
}

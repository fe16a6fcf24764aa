/*
 * Reads token files, and knows tokens again.
 *
 * in: the content of a file, and tokens of clients
 * out: what may be read with a token
 * standard: RFC 6750 section 2.1 for the characters of a token
 */
#include "ct-ws/door/permit.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/die.h"
#include "event/form.h"

/* ---- one token ---- */

struct permit *
permit_take(struct permit *t)
{
	t->refs++;
	return t;
}

void
permit_drop(struct permit *t)
{
	if (t != NULL && --t->refs == 0)
		free(t);
}

bool
permit_enter(struct permit *t)
{
	if (t->most > 0 && t->count >= t->most)
		return false;
	t->count++;
	return true;
}

void
permit_leave(struct permit *t)
{
	t->count--;
}

/* ---- a line of the file ---- */

/* Takes the next word off the front of *line; an empty one when there is none. */
static struct span
permits_word(struct span *line)
{
	size_t n = 0;

	while (line->n > 0 && (line->p[0] == ' ' || line->p[0] == '\t'))
		*line = span_from(*line, 1);
	while (n < line->n && line->p[n] != ' ' && line->p[n] != '\t')
		n++;
	*line = span_from(*line, n);
	return n > 0 ? span_of(line->p - n, n) : (struct span){ NULL, 0 };
}

/* RFC 6750 section 2.1: b64token. */
static bool
permits_is_token(struct span s)
{
	static const char others[] = "-._~+/";

	while (s.n > 1 && s.p[s.n - 1] == '=')
		s.n--;
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.p[i];

		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		    (c != 0 && strchr(others, c) != NULL)))
			return false;
	}
	return s.n > 0 && s.n <= MAX_TOKEN;
}

static const char *
permits_take_name(struct permit *t, struct span value)
{
	if (value.n == 0 || value.n > MAX_TOKEN_NAME)
		return "name= needs 1 to 64 characters";
	memcpy(t->name, value.p, value.n);
	t->name[value.n] = '\0';
	return NULL;
}

static const char *
permits_take_streams(struct permit *t, struct span value)
{
	static const char *const why = "streams= needs a list of full, lite and domains";

	t->streams = 0;
	while (value.n > 0) {
		const uint8_t *comma = memchr(value.p, ',', value.n);
		struct span one = span_of(value.p, comma != NULL ? (size_t)(comma - value.p) : value.n);
		unsigned form = 0;

		while (form < FORMS && !span_eq(one, span_str(form_name((enum form)form))))
			form++;
		if (form == FORMS)
			return why;
		t->streams |= 1U << form;
		value = span_from(value, comma != NULL ? one.n + 1 : one.n);
	}
	return t->streams != 0 ? NULL : why;
}

static const char *
permits_take_most(struct permit *t, struct span value)
{
	uint32_t n = 0;

	for (size_t i = 0; i < value.n && i < 8; i++) {
		if (value.p[i] < '0' || value.p[i] > '9')
			return "max-clients= needs a number";
		n = n * 10 + (value.p[i] - '0');
	}
	if (value.n == 0 || value.n > 7 || n == 0)
		return "max-clients= needs a number from 1 to 9999999";
	t->most = n;
	return NULL;
}

static const char *
permits_take_word(struct permit *t, struct span word)
{
	static const struct {
		struct span key;
		const char *(*take)(struct permit *, struct span value);
	} known[] = {
		{ { (const uint8_t *)"name=", 5 }, permits_take_name },
		{ { (const uint8_t *)"streams=", 8 }, permits_take_streams },
		{ { (const uint8_t *)"max-clients=", 12 }, permits_take_most },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (span_starts(word, known[i].key))
			return known[i].take(t, span_from(word, known[i].key.n));
	return "a word behind the token is not name=, streams= or max-clients=";
}

static const char *
permits_take_line(struct permit *t, struct hash *hash, struct span line)
{
	struct span word = permits_word(&line);
	const char *why = NULL;

	if (!permits_is_token(word))
		return "RFC 6750 2.1: this is not a token of letters, digits and -._~+/";
	hash_sha256(hash, word, t->digest);
	while (why == NULL && (word = permits_word(&line)).n > 0)
		why = permits_take_word(t, word);
	return why;
}

/* ---- the table ---- */

/* Appends an empty token to the table, with the number of its line for a name. */
static struct permit *
permits_append(struct permits *s, unsigned line)
{
	struct permit *t = calloc(1, sizeof(*t));
	struct permit **list = realloc(s->list, (s->count + 1) * sizeof(*list));

	if (t == NULL || list == NULL)
		die_world("out of memory for tokens");
	*t = (struct permit){ .refs = 1, .streams = PERMIT_STREAMS };
	snprintf(t->name, sizeof(t->name), "line %u", line);
	s->list = list;
	s->list[s->count++] = t;
	return t;
}

/* Compares without ending at the first byte that differs. Returns 1 when a and b are equal, or 0. */
static unsigned
permits_same(const uint8_t a[HASH_SHA256], const uint8_t b[HASH_SHA256])
{
	unsigned differs = 0;

	for (size_t i = 0; i < HASH_SHA256; i++)
		differs |= (unsigned)(a[i] ^ b[i]);
	return ((differs - 1) >> 8) & 1;
}

struct permit *
permits_find(const struct permits *s, struct hash *hash, struct span given)
{
	uint8_t digest[HASH_SHA256];
	size_t at = s->count;

	hash_sha256(hash, given, digest);
	for (size_t i = 0; i < s->count; i++) {
		size_t mask = (size_t)0 - permits_same(s->list[i]->digest, digest);

		at = (at & ~mask) | (i & mask);
	}
	return at < s->count ? s->list[at] : NULL;
}

/* Returns the index of the first token with that digest, or count. Only for digests of the file. */
static size_t
permits_index(const struct permits *s, const uint8_t digest[HASH_SHA256])
{
	size_t i = 0;

	while (i < s->count && memcmp(s->list[i]->digest, digest, HASH_SHA256) != 0)
		i++;
	return i;
}

/* Takes all lines of text into *s, which is empty. Returns NULL, or why not. */
static const char *
permits_take_text(struct permits *s, struct hash *hash, struct span text, unsigned *number)
{
	struct span line, last;
	const char *why;

	for (*number = 1; text.n > 0; ++*number) {
		if (!span_line(&text, &line)) {
			line = text;
			text.n = 0;
		}
		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		last = line;
		last = permits_word(&last);
		if (last.n == 0 || last.p[0] == '#')
			continue;
		if (s->count == MAX_TOKENS)
			return "there are more than 10000 tokens";
		why = permits_take_line(permits_append(s, *number), hash, line);
		if (why != NULL)
			return why;
		if (permits_index(s, s->list[s->count - 1]->digest) < s->count - 1)
			return "this token is in the file twice";
	}
	*number = 0;
	return s->count > 0 ? NULL : "there is no token in the file";
}

/* Lets the token before, which connections may have, go on in the table as the file says now. */
static void
permits_go_on(struct permits *s, struct permit *before)
{
	size_t i = permits_index(s, before->digest);
	struct permit *now = i < s->count ? s->list[i] : NULL;

	before->gone = now == NULL;
	if (now == NULL)
		return;
	memcpy(before->name, now->name, sizeof(before->name));
	before->streams = now->streams;
	before->most = now->most;
	s->list[i] = permit_take(before);
	permit_drop(now);
}

bool
permits_take(struct permits *s, struct hash *hash, struct span text, struct permits_flaw *flaw)
{
	struct permits taken = { .count = 0 };

	flaw->why = permits_take_text(&taken, hash, text, &flaw->line);
	if (flaw->why != NULL) {
		permits_free(&taken);
		return false;
	}
	for (size_t i = 0; i < s->count; i++)
		permits_go_on(&taken, s->list[i]);
	permits_free(s);
	*s = taken;
	return true;
}

void
permits_free(struct permits *s)
{
	for (size_t i = 0; i < s->count; i++)
		permit_drop(s->list[i]);
	free(s->list);
	*s = (struct permits){ .count = 0 };
}

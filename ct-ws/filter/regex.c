/*
 * Regular expressions. In: patterns, then texts. Out: which patterns are found in them. This file is
 * the door to hyperscan. Built without that library, it refuses every pattern.
 */
#include "ct-ws/filter/regex.h"

#include <stdlib.h>

#ifdef HAVE_HS
#include <hs.h>
#endif

#include "base/die.h"
#include "ct-ws/filter/regex_size.h"

bool
regex_is_utf8(struct span pattern)
{
	for (size_t i = 0; i < pattern.n; i++)
		if (pattern.p[i] >= 0x80)
			return true;
	return false;
}

#ifdef HAVE_HS

/* What goes on during a scan. */
struct regex_search {
	void (*hit)(void *cookie, unsigned number);
	void *cookie;
};

static unsigned
regex_flags(bool utf8)
{
	return HS_FLAG_CASELESS | HS_FLAG_SINGLEMATCH | (utf8 ? HS_FLAG_UTF8 : 0);
}

/* Asks the library whether pattern is one, and whether it finds something in an empty text. */
static bool
regex_ask(const char *pattern, bool utf8, struct buf *why)
{
	hs_compile_error_t *error;
	hs_expr_info_t *found;
	bool empty;

	if (hs_expression_info(pattern, regex_flags(utf8), &found, &error) != HS_SUCCESS) {
		buf_puts(why, error->message);
		hs_free_compile_error(error);
		return false;
	}
	empty = found->min_width == 0;
	free(found);
	if (empty)
		buf_puts(why, "it may be empty, so it would be found in every name");
	return !empty;
}

bool
regex_check(struct span pattern, struct buf *why)
{
	const char *reason = NULL;
	struct buf text;
	bool good;

	if (hs_valid_platform() != HS_SUCCESS)
		reason = "this server has no regexes, because its processor lacks SSSE3";
	else if (pattern.n > MAX_REGEX)
		reason = "longer than 256 bytes";
	else if (pattern.n > 0 && memchr(pattern.p, '\0', pattern.n) != NULL)
		reason = "it has a NUL";
	if (reason != NULL) {
		buf_puts(why, reason);
		return false;
	}
	if (!regex_size_check(pattern, regex_is_utf8(pattern), why))
		return false;
	buf_init(&text);
	buf_put(&text, pattern);
	good = regex_ask(buf_str(&text), regex_is_utf8(pattern), why);
	buf_free(&text);
	return good;
}

struct regex *
regex_compile(const char *const *patterns, size_t count, bool utf8)
{
	unsigned *flags = malloc(2 * count * sizeof(unsigned)), *numbers = flags + count;
	hs_compile_error_t *error;
	hs_database_t *db;

	if (flags == NULL)
		die_world("out of memory for regexes");
	for (size_t i = 0; i < count; i++) {
		flags[i] = regex_flags(utf8);
		numbers[i] = (unsigned)i;
	}
	if (hs_compile_multi(patterns, flags, numbers, (unsigned)count, HS_MODE_BLOCK, NULL, &db,
	    &error) != HS_SUCCESS) {
		hs_free_compile_error(error);
		db = NULL;
	}
	free(flags);
	return (struct regex *)db;
}

void
regex_free(struct regex *r)
{
	hs_free_database((hs_database_t *)r);
}

size_t
regex_bytes(const struct regex *r)
{
	size_t n = 0;

	if (r != NULL && hs_database_size((const hs_database_t *)r, &n) != HS_SUCCESS)
		die_bug("hyperscan does not know the size of a regex");
	return n;
}

void
regex_fit(struct regex_scratch **scratch, const struct regex *r)
{
	hs_scratch_t *s = (hs_scratch_t *)*scratch;

	if (hs_alloc_scratch((const hs_database_t *)r, &s) != HS_SUCCESS)
		die_world("out of memory for regexes");
	*scratch = (struct regex_scratch *)s;
}

void
regex_scratch_free(struct regex_scratch *scratch)
{
	hs_free_scratch((hs_scratch_t *)scratch);
}

static int
regex_hit(unsigned number, unsigned long long from, unsigned long long to, unsigned flags,
    void *cookie)
{
	const struct regex_search *search = cookie;

	(void)from;
	(void)to;
	(void)flags;
	search->hit(search->cookie, number);
	return 0;
}

void
regex_scan(const struct regex *r, struct regex_scratch *scratch, struct span text,
    void (*hit)(void *cookie, unsigned number), void *cookie)
{
	struct regex_search search = { hit, cookie };

	if (text.n == 0)
		return;
	if (hs_scan((const hs_database_t *)r, (const char *)text.p, (unsigned)text.n, 0,
	    (hs_scratch_t *)scratch, regex_hit, &search) != HS_SUCCESS)
		die_bug("hyperscan cannot try a regex");
}

#else

bool
regex_check(struct span pattern, struct buf *why)
{
	if (regex_size_check(pattern, regex_is_utf8(pattern), why))
		buf_puts(why, "this server has no regexes, because it was built without hyperscan");
	return false;
}

struct regex *
regex_compile(const char *const *patterns, size_t count, bool utf8)
{
	(void)patterns;
	(void)count;
	(void)utf8;
	return NULL;
}

void
regex_free(struct regex *r)
{
	(void)r;
}

size_t
regex_bytes(const struct regex *r)
{
	(void)r;
	return 0;
}

void
regex_fit(struct regex_scratch **scratch, const struct regex *r)
{
	(void)scratch;
	(void)r;
}

void
regex_scratch_free(struct regex_scratch *scratch)
{
	(void)scratch;
}

void
regex_scan(const struct regex *r, struct regex_scratch *scratch, struct span text,
    void (*hit)(void *cookie, unsigned number), void *cookie)
{
	(void)r;
	(void)scratch;
	(void)text;
	(void)hit;
	(void)cookie;
}

#endif
